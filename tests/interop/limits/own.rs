//! Limits of the relay itself: who comes in, how long it may take, and what share of the time each may have.

use std::net::IpAddr;
use std::time::Duration;

use futures_util::SinkExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::MaybeTlsStream;
use tokio_tungstenite::tungstenite::Message;
use yilian_server::Relay;
use yilian_tests::ammunition;
use yilian_tests::raw::{RawClient, sync_with};

use super::{Pair, counted, document, hits, number, relay};

/// From an address of this machine.
async fn join_from(relay: &Relay, last: u8) -> RawClient {
    RawClient::join_from(&relay.url(), "guest", IpAddr::from([127, 0, 0, last])).await
}

async fn refused(relay: &Relay, last: u8) -> String {
    let from = IpAddr::from([127, 0, 0, last]);
    let refused = RawClient::socket_from(&relay.url(), from).await;
    refused.unwrap_err().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_beyond_the_limit_are_refused_and_those_there_are_stay() {
    let (relay, _folder) = relay(|settings| {
        (
            settings.connections_max,
            settings.connections_per_address_max,
        ) = (3, 3);
    })
    .await;
    let mut pair = Pair::join(&relay).await;
    let third = join_from(&relay, 2).await;
    assert!(refused(&relay, 3).await.contains("503"));
    counted(&relay, "max_connections").await;
    pair.goes_on().await;
    drop(third);
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_cannot_take_all_places() {
    let (relay, _folder) = relay(|settings| settings.connections_per_address_max = 2).await;
    let mut pair = Pair::join(&relay).await;
    let _two = [join_from(&relay, 2).await, join_from(&relay, 2).await];
    assert!(refused(&relay, 2).await.contains("429"));
    counted(&relay, "max_connections_per_address").await;
    // Others still come in.
    join_from(&relay, 3).await;
    pair.goes_on().await;
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_introduce_itself_in_time_is_cut_off() {
    let (relay, _folder) = relay(|settings| settings.introduction = Duration::from_secs(1)).await;
    let mut pair = Pair::join(&relay).await;
    let mut silent = RawClient::socket(&relay.url()).await;
    assert!(RawClient::next_frame(&mut silent).await.is_none());
    counted(&relay, "join_timeout").await;
    pair.goes_on().await;
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_says_nothing_at_all_is_cut_off() {
    let (relay, _folder) = relay(|settings| settings.silence_max = Duration::from_secs(2)).await;
    let mut quiet = RawClient::join(&relay.url(), "quiet").await;
    assert!(quiet.closed().await);
    counted(&relay, "silence_timeout").await;
    Pair::join(&relay).await;
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_does_not_come_in_time_is_not_waited_for() {
    let (relay, _folder) = relay(|settings| settings.request = Duration::from_secs(1)).await;
    let mut pair = Pair::join(&relay).await;
    // One says nothing, one sends its request byte by byte, and one had an answer and keeps the line.
    for request in [
        "",
        "GET /healthz HT",
        "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
        let mut socket = TcpStream::connect(relay.address()).await.unwrap();
        socket.set_nodelay(true).unwrap();
        for byte in request.bytes() {
            socket.write_all(&[byte]).await.unwrap();
        }
        let mut answer = Vec::new();
        // Whether it is closed or broken off does not matter.
        let _ = yilian_tests::in_time("the end", socket.read_to_end(&mut answer)).await;
        assert_eq!(answer.is_empty(), !request.ends_with('\n'));
    }
    assert!(hits(&relay, "request_timeout").await >= 3);
    // Nobody who speaks the protocol is meant.
    pair.goes_on().await;
    relay.stop().await;
}

/// Waits until the relay has no more than so many connections.
async fn gone(relay: &Relay, left: u64) {
    yilian_tests::in_time("connections to be over", async {
        while number(relay, "yilian_relay_connections ").await > left {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_breaks_rules_often_has_to_wait_and_nobody_else_has() {
    let (relay, _folder) = relay(|settings| settings.breaches_max = 2).await;
    let mut pair = Pair::join(&relay).await;
    let mut neighbour = join_from(&relay, 2).await;
    for _ in 0..4 {
        let mut offender = join_from(&relay, 2).await;
        let noise = sync_with(vec![], vec![vec![0x55; 100]]);
        offender.send_sync("sync", &document(1), noise).await;
        offender.receive_kind("error").await;
        assert!(offender.closed().await);
        drop(offender);
        // What it did is noted once the relay is through with it, which may be after it was told.
        gone(&relay, 3).await;
    }
    // The last of them waited before it was let in.
    assert!(hits(&relay, "max_breaches").await > 0);
    let asks = sync_with(vec![], vec![]);
    neighbour.send_sync("request", &document(1), asks).await;
    neighbour.receive_kind("doc-unavailable").await;
    pair.goes_on().await;
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_takes_more_than_a_share_is_not_read_from_and_others_are() {
    let (relay, _folder) = relay(|_| {}).await;
    let mut pair = Pair::join(&relay).await;
    let mut socket = join_from(&relay, 2).await.into_socket();
    let messages = ammunition::messages(&document(1));
    let (_, frame) = &messages[0];
    // The sender pays for what it sends, and then waits in its own socket.
    let flood = tokio::spawn({
        let frame = frame.clone();
        async move { while socket.send(Message::Binary(frame.clone())).await.is_ok() {} }
    });
    counted(&relay, "share").await;
    pair.goes_on().await;
    flood.abort();
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_that_send_large_messages_and_never_end_them_the_oldest_is_cut_off() {
    const MIB: usize = 1 << 20;
    let (relay, _folder) = relay(|settings| settings.large_bytes_max = 6 * MIB).await;
    let mut pair = Pair::join(&relay).await;
    let mut ends = Vec::new();
    for number in 0..3 {
        let mut socket = join_from(&relay, 2 + number).await.into_socket();
        // The head of a message of 4 MiB, masked with nothing, and all but its last byte.
        let mut part = vec![0x82, 0xff, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0];
        part.resize(part.len() + 4 * MIB - 1, 0);
        let MaybeTlsStream::Plain(stream) = socket.get_mut() else {
            panic!("not encrypted")
        };
        stream.write_all(&part).await.unwrap();
        ends.push(socket);
        // Two of them are too many.
        while hits(&relay, "max_large_bytes").await < u64::from(number) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    for mut socket in ends.drain(..2) {
        assert!(RawClient::next_frame(&mut socket).await.is_none());
    }
    // The one that is left ends its message, and is answered, if only that it makes no sense.
    let MaybeTlsStream::Plain(stream) = ends[0].get_mut() else {
        panic!("not encrypted")
    };
    stream.write_all(&[0]).await.unwrap();
    assert!(RawClient::next_frame(&mut ends[0]).await.is_some());
    pair.goes_on().await;
    relay.stop().await;
}
