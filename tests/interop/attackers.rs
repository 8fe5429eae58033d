//! A hundred peers at their limits, and an honest one: it is answered all the same.
//!
//! Method: the relay is a process. An honest client uploads a change and waits for its acknowledgement, some times alone and
//! as often while the hundred do their worst, each kind of them twenty times. That it is answered is asserted; how much
//! longer it takes is printed, since a loaded machine is no defect.

use std::time::{Duration, Instant};

use automerge::transaction::Transactable as _;
use automerge::{ActorId, AutoCommit, ChangeHash, ROOT, sync};
use bytes::Bytes;
use futures_util::SinkExt as _;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;
use yilian_core::document::DocumentId;
use yilian_tests::raw::{RawClient, sync_message, sync_with};
use yilian_tests::relay::{Relay, Server};

const ATTACKERS: usize = 100;
const ROUNDS: usize = 20;

fn document(number: u8) -> String {
    DocumentId::from_bytes([number; 16]).to_string()
}

fn changes(actor: u8, count: usize) -> Vec<(ChangeHash, Vec<u8>)> {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(vec![actor; 16]));
    for number in 0..count {
        doc.put(ROOT, "key", number as i64).unwrap();
        doc.commit();
    }
    let all = doc.get_changes(&[]);
    let raw = all
        .iter()
        .map(|change| (change.hash(), change.raw_bytes().to_vec()));
    raw.collect()
}

/// Uploads changes one by one, each after the one before was acknowledged; the median time.
async fn honest(relay: &Relay, actor: u8) -> Duration {
    let mut client = RawClient::join(&relay.url(), &format!("honest {actor}")).await;
    let mut times = Vec::new();
    for (hash, bytes) in changes(actor, ROUNDS) {
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

/// What attackers send, a frame for each kind of them. They share it, and a peer id: making it costs more than sending it.
async fn ammunition(relay: &Relay) -> Vec<Bytes> {
    let orphans = changes(2, 500).split_off(1);
    let mut hashes: Vec<ChangeHash> = (0..10_000_u32)
        .map(|at| {
            let mut hash = [7; 32];
            hash[..4].copy_from_slice(&at.to_be_bytes());
            ChangeHash(hash)
        })
        .collect();
    hashes.sort();
    let messages = [
        // Changes that wait for one that nobody sends.
        sync_with(
            vec![orphans[0].0],
            orphans.iter().map(|(_, bytes)| bytes.clone()).collect(),
        ),
        // Heads and needs of nothing.
        sync::Message {
            need: hashes.clone(),
            ..sync_with(hashes.clone(), vec![])
        },
        // Filters to be compared with everything.
        sync::Message {
            have: vec![sync::Have {
                last_sync: vec![],
                bloom: sync::BloomFilter::from_hashes(hashes.iter().copied()),
            }],
            ..sync_with(vec![hashes[0]], vec![])
        },
        // Noise.
        sync_with(vec![], vec![vec![0x55; 100_000]]),
        // Whoever asks for everything, and reads nothing.
        sync_with(vec![], vec![]),
    ];
    let client = RawClient::join(&relay.url(), "attacker").await;
    let frames = messages.into_iter().map(|message| {
        let frame = client.sync_frame("sync", &document(1), message);
        Bytes::from(yilian_tests::cbor::encode(&frame))
    });
    frames.collect()
}

/// One attacker; it goes on until it is dropped, and comes back whenever it is cut off.
async fn attack(url: String, frame: Bytes) {
    loop {
        let mut socket = RawClient::join(&url, "attacker").await.into_socket();
        // The relay takes what it can, and the socket holds back the rest.
        while socket.send(Message::Binary(frame.clone())).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_honest_client_is_answered_while_a_hundred_attack() {
    let mut relay = Relay::start(Server::Yilian).await;
    let alone = honest(&relay, 10).await;
    let mut attackers = JoinSet::new();
    let frames = ammunition(&relay).await;
    for frame in frames.iter().cycle().take(ATTACKERS) {
        attackers.spawn(attack(relay.url(), frame.clone()));
    }
    // A new honest client, among them from its first frame on.
    let among = honest(&relay, 11).await;
    attackers.shutdown().await;
    let ratio = among.as_secs_f64() / alone.as_secs_f64();
    println!(
        "answered in {alone:?} alone, in {among:?} among {ATTACKERS} attackers: {ratio:.1} times"
    );
    relay.stop().await;
    let said = relay.process().output();
    assert!(!said.contains("panicked"), "{said}");
}
