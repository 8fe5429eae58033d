//! A hundred peers at their limits, and an honest one: it is answered all the same.
//!
//! Method: the relay is a process, and every attacker has an address of its own. An honest client uploads a change and waits
//! for its acknowledgement, some times alone and as often while the hundred do their worst, each kind of them alike. That it
//! is answered is asserted, and that it is those who attack that are held back; how much longer it takes is printed, since a
//! loaded machine is no defect. `cargo xtask bench --only attack` measures it.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::SinkExt as _;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;
use yilian_core::document::DocumentId;
use yilian_tests::ammunition::{self, ATTACKER};
use yilian_tests::http::get;
use yilian_tests::raw::{RawClient, sync_message, sync_with};
use yilian_tests::relay::{Relay, Server};

const ATTACKERS: usize = 100;
const ROUNDS: usize = 20;
/// So that what is said once only is always new.
static COUNT: AtomicU64 = AtomicU64::new(1);

fn document(number: u8) -> String {
    DocumentId::from_bytes([number; 16]).to_string()
}

/// Uploads changes one by one, each after the one before was acknowledged; the median time.
async fn honest(relay: &Relay, actor: u8) -> Duration {
    let mut client = RawClient::join(&relay.url(), &format!("honest {actor}")).await;
    let mut times = Vec::new();
    for (hash, bytes) in ammunition::changes(actor, ROUNDS) {
        let started = Instant::now();
        let message = sync_with(vec![hash], vec![bytes]);
        client.send_sync("sync", &document(1), message).await;
        // Others write to the same document.
        while !sync_message(&client.receive_kind("sync").await)
            .heads
            .contains(&hash)
        {}
        times.push(started.elapsed());
    }
    times.sort();
    times[times.len() / 2]
}

/// One attacker; it goes on until it is dropped, and comes back whenever it is cut off.
async fn attack(url: String, from: IpAddr, frame: Bytes) {
    loop {
        let mut socket = RawClient::join_from(&url, ATTACKER, from)
            .await
            .into_socket();
        // The relay takes what it can, and the socket holds back the rest.
        let mut frame = frame.to_vec();
        loop {
            ammunition::count(&mut frame, COUNT.fetch_add(1, Ordering::Relaxed));
            if socket
                .send(Message::Binary(Bytes::from(frame.clone())))
                .await
                .is_err()
            {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// How often connections took more than their share.
async fn held_back(relay: &Relay) -> u64 {
    let body = get(&relay.address(), "/metrics").await.body;
    let line = "yilian_relay_limit_hits_total{limit=\"share\"} ";
    let value = body.lines().find_map(|at| at.strip_prefix(line));
    value.unwrap().trim().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_honest_client_is_answered_while_a_hundred_attack() {
    let mut relay = Relay::start(Server::Yilian).await;
    let alone = honest(&relay, 10).await;
    assert_eq!(held_back(&relay).await, 0, "one who edits is not held back");
    let mut attackers = JoinSet::new();
    let messages = ammunition::messages(&document(1));
    for (number, (_, frame)) in messages.iter().cycle().take(ATTACKERS).enumerate() {
        let from = IpAddr::from([127, 0, 0, 2 + number as u8]);
        attackers.spawn(attack(relay.url(), from, frame.clone()));
    }
    // A new honest client, among them from its first frame on.
    let among = honest(&relay, 11).await;
    assert!(held_back(&relay).await > 0);
    attackers.shutdown().await;
    let ratio = among.as_secs_f64() / alone.as_secs_f64();
    println!(
        "answered in {alone:?} alone, in {among:?} among {ATTACKERS} attackers: {ratio:.1} times"
    );
    relay.stop().await;
    let said = relay.process().output();
    assert!(!said.contains("panicked"), "{said}");
}
