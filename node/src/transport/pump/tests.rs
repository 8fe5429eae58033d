//! A pump of ours on real sockets, against a peer that does what each test needs: a dialled connection is pumped, and
//! the accepted end of it is the peer.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::*;
use crate::transport::{DialSettings, Dialer, Trust};

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

struct Pumped {
    outgoing: mpsc::Sender<Bytes>,
    incoming: mpsc::Receiver<Bytes>,
    ended: JoinHandle<Ended>,
    drained: Arc<AtomicUsize>,
}

/// Dials a listener and pumps the connection. The other end is given back as it is, before any WebSocket.
async fn pumped(settings: PumpSettings, capacity: usize) -> (Pumped, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/sync", listener.local_addr().unwrap());
    let (outgoing, receiver) = mpsc::channel(capacity);
    let (sender, incoming) = mpsc::channel(capacity);
    let drained = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&drained);
    let ended = tokio::spawn(async move {
        let limits = DialSettings {
            message_bytes_max: 16 * 1024 * 1024,
            ..DialSettings::default()
        };
        let dialer = Dialer::new(limits, &Trust::Web).unwrap();
        let (socket, activity) = dialer.dial(&url, None).await.unwrap();
        pump(socket, &activity, sender, receiver, &settings, move || {
            count.fetch_add(1, Ordering::Relaxed);
        })
        .await
    });
    let (stream, _) = listener.accept().await.unwrap();
    let pumped = Pumped {
        outgoing,
        incoming,
        ended,
        drained,
    };
    (pumped, stream)
}

async fn pumped_with(settings: PumpSettings) -> (Pumped, WebSocketStream<TcpStream>) {
    let (pumped, stream) = pumped(settings, 4).await;
    (
        pumped,
        tokio_tungstenite::accept_async(stream).await.unwrap(),
    )
}

#[tokio::test]
async fn messages_pass_both_ways_and_the_end_is_told() {
    let (mut pumped, mut peer) = pumped_with(PumpSettings::default()).await;
    let large = Bytes::from(vec![7; 3_000_000]);
    for message in [Bytes::from_static(b"a"), large.clone(), Bytes::new()] {
        peer.send(Message::Binary(message.clone())).await.unwrap();
        assert_eq!(pumped.incoming.recv().await.unwrap(), message);
        pumped.outgoing.send(message.clone()).await.unwrap();
        assert_eq!(
            peer.next().await.unwrap().unwrap(),
            Message::Binary(message)
        );
    }
    drop(pumped.outgoing);
    let Some(Ok(Message::Close(Some(reason)))) = peer.next().await else {
        panic!("no goodbye")
    };
    assert_eq!(u16::from(reason.code), CloseReason::NORMAL);
    assert!(peer.next().await.is_none());
    assert!(matches!(pumped.ended.await.unwrap(), Ended::Finished));
}

#[tokio::test]
async fn everything_sent_before_the_end_is_written() {
    let (pumped, mut peer) = pumped_with(PumpSettings::default()).await;
    let sending = tokio::spawn(async move {
        for number in 0..100_u8 {
            pumped
                .outgoing
                .send(Bytes::from(vec![number; 10_000]))
                .await
                .unwrap();
        }
        // The end of what is sent is what ends the pump.
        drop(pumped.outgoing);
        pumped.ended.await.unwrap()
    });
    for number in 0..100_u8 {
        assert_eq!(
            peer.next().await.unwrap().unwrap().into_data(),
            vec![number; 10_000]
        );
    }
    assert!(peer.next().await.unwrap().unwrap().is_close());
    assert!(peer.next().await.is_none());
    assert!(matches!(sending.await.unwrap(), Ended::Finished));
    assert!(pumped.drained.load(Ordering::Relaxed) > 0);
}

#[tokio::test]
async fn goodbye_of_the_peer_is_answered_and_reported() {
    let (pumped, mut peer) = pumped_with(PumpSettings::default()).await;
    let reason = tokio_tungstenite::tungstenite::protocol::CloseFrame {
        code: 4000.into(),
        reason: "maintenance".into(),
    };
    peer.send(Message::Close(Some(reason))).await.unwrap();
    assert!(peer.next().await.unwrap().unwrap().is_close());
    let ended = pumped.ended.await.unwrap();
    assert_eq!(
        ended.to_string(),
        r#"closed by the other end (4000 "maintenance")"#
    );
}

#[tokio::test]
async fn peer_that_dies_is_told_from_one_that_says_goodbye() {
    let (pumped, peer) = pumped_with(PumpSettings::default()).await;
    drop(peer);
    let ended = pumped.ended.await.unwrap();
    assert!(
        matches!(ended, Ended::Vanished | Ended::Failed(SocketError::Lost(_))),
        "{ended:?}"
    );
}

#[tokio::test]
async fn text_is_refused() {
    let (pumped, mut peer) = pumped_with(PumpSettings::default()).await;
    peer.send(Message::Text("hello".into())).await.unwrap();
    let Some(Ok(Message::Close(Some(reason)))) = peer.next().await else {
        panic!("no goodbye")
    };
    assert_eq!(u16::from(reason.code), CloseReason::UNSUPPORTED);
    assert!(peer.next().await.is_none());
    assert!(matches!(pumped.ended.await.unwrap(), Ended::Text));
}

#[tokio::test]
async fn message_over_the_limit_is_refused_unread() {
    let (pumped, mut peer) = pumped_with(PumpSettings::default()).await;
    let too_big = Message::Binary(Bytes::from(vec![0; 17 * 1024 * 1024]));
    let sending = tokio::spawn(async move {
        // Nobody reads it to the end.
        let _ = peer.send(too_big).await;
    });
    let ended = pumped.ended.await.unwrap();
    assert!(
        matches!(ended, Ended::Failed(SocketError::TooBig(_))),
        "{ended:?}"
    );
    sending.await.unwrap();
}

fn quick() -> PumpSettings {
    PumpSettings {
        ping_every: ms(20),
        silence_max: ms(200),
        close_wait: ms(200),
        ..PumpSettings::default()
    }
}

#[tokio::test]
async fn silence_ends_the_connection() {
    // A peer that never reads does not answer pings either.
    let (pumped, _peer) = pumped_with(quick()).await;
    let start = Instant::now();
    assert!(matches!(pumped.ended.await.unwrap(), Ended::Silent(_)));
    assert!(start.elapsed() >= ms(150), "{:?}", start.elapsed());
}

#[tokio::test]
async fn answered_pings_keep_an_idle_connection() {
    let (pumped, mut peer) = pumped_with(quick()).await;
    let reading = tokio::spawn(async move {
        let mut pings = 0;
        while let Some(Ok(message)) = peer.next().await {
            pings += u32::from(message.is_ping());
            if pings == 30 {
                break;
            }
        }
        (peer, pings)
    });
    let (peer, pings) = reading.await.unwrap();
    assert_eq!(pings, 30);
    assert!(!pumped.ended.is_finished());
    drop(peer);
    pumped.ended.await.unwrap();
}

#[tokio::test]
async fn slow_bytes_of_one_message_are_signs_of_life() {
    let (mut pumped, mut stream) = pumped(quick(), 4).await;
    // By hand, as no library sends half a message: the handshake, and then a frame byte by byte.
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(stream.read_u8().await.unwrap());
    }
    let request = String::from_utf8(request).unwrap();
    let key = request
        .lines()
        .find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "))
        .unwrap();
    let accept = tokio_tungstenite::tungstenite::handshake::derive_accept_key(key.as_bytes());
    let response = format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    stream.write_all(response.as_bytes()).await.unwrap();
    stream.set_nodelay(true).unwrap();
    stream.write_all(&[0x82, 20]).await.unwrap();
    let start = Instant::now();
    let mut pace = tokio::time::interval(ms(40));
    for byte in 0..20 {
        pace.tick().await;
        stream.write_all(&[byte]).await.unwrap();
    }
    assert_eq!(
        pumped.incoming.recv().await.unwrap(),
        (0..20).collect::<Vec<u8>>()
    );
    assert!(start.elapsed() > ms(600));
}

#[tokio::test]
async fn full_channel_holds_the_peer_back_without_counting_as_silence() {
    let (mut pumped, mut peer) = pumped_with(quick()).await;
    let sending = tokio::spawn(async move {
        for number in 0..200_u32 {
            let mut message = vec![0; 100_000];
            message.splice(..4, number.to_be_bytes());
            peer.send(Message::Binary(message.into())).await.unwrap();
        }
        peer
    });
    tokio::time::sleep(ms(500)).await;
    assert!(
        !sending.is_finished(),
        "20 MB were taken in with nobody to read them"
    );
    assert!(!pumped.ended.is_finished());
    for number in 0..200_u32 {
        let message = pumped.incoming.recv().await.unwrap();
        assert!(message.starts_with(&number.to_be_bytes()));
    }
    drop(sending.await.unwrap());
}

#[tokio::test]
async fn both_ends_may_send_more_than_fits_without_reading() {
    let settings = PumpSettings::default;
    let (mut pumped, mut peer) = pumped_with(settings()).await;
    let outgoing = pumped.outgoing.clone();
    let sending = tokio::spawn(async move {
        for _ in 0..100 {
            outgoing.send(Bytes::from(vec![1; 200_000])).await.unwrap();
        }
    });
    // The peer writes all of its own before it reads anything.
    let peer = tokio::spawn(async move {
        for _ in 0..100 {
            peer.feed(Message::Binary(Bytes::from(vec![2; 200_000])))
                .await
                .unwrap();
        }
        peer.flush().await.unwrap();
        for _ in 0..100 {
            assert_eq!(peer.next().await.unwrap().unwrap().len(), 200_000);
        }
        peer
    });
    for _ in 0..100 {
        assert_eq!(pumped.incoming.recv().await.unwrap().len(), 200_000);
    }
    sending.await.unwrap();
    drop(peer.await.unwrap());
}

#[tokio::test]
async fn receiver_that_goes_away_ends_the_connection() {
    let (pumped, mut peer) = pumped_with(PumpSettings::default()).await;
    drop(pumped.incoming);
    assert!(peer.next().await.unwrap().unwrap().is_close());
    assert!(peer.next().await.is_none());
    assert!(matches!(pumped.ended.await.unwrap(), Ended::Finished));
}

#[tokio::test]
async fn peer_that_does_not_answer_the_goodbye_is_not_waited_for() {
    let (pumped, _peer) = pumped_with(quick()).await;
    drop(pumped.outgoing);
    assert!(matches!(pumped.ended.await.unwrap(), Ended::Finished));
}

#[tokio::test]
async fn drained_is_told_once_all_is_written() {
    let (pumped, mut peer) = pumped_with(PumpSettings::default()).await;
    assert_eq!(pumped.drained.load(Ordering::Relaxed), 0);
    pumped
        .outgoing
        .send(Bytes::from_static(b"a"))
        .await
        .unwrap();
    peer.next().await.unwrap().unwrap();
    // It is told just after the write that the peer has seen.
    while pumped.drained.load(Ordering::Relaxed) == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(pumped.drained.load(Ordering::Relaxed), 1);
}
