//! The protocol frame by frame, from a bare socket.

use std::time::{Duration, Instant};

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ChangeHash, ROOT, sync};
use futures_util::SinkExt;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use yilian_tests::cbor::{self, Frame, Value, frame};
use yilian_tests::js::JsHost;
use yilian_tests::raw::{RawClient, kind, sync_message, sync_with, text};
use yilian_tests::relay::{Relay, Server};

/// Long enough for what is on its way to arrive.
const QUIET: Duration = Duration::from_millis(700);

/// The messages of the protocol that a relay may send.
const PROTOCOL: [&str; 7] = [
    "peer",
    "error",
    "sync",
    "doc-unavailable",
    "ephemeral",
    "remote-subscription-change",
    "remote-heads-changed",
];

pub(crate) async fn join_is_answered_at_once_with_who_the_relay_is(relay: Relay) {
    let begun = Instant::now();
    let client = RawClient::join(&relay.url(), "somebody").await;
    // After a second, JavaScript clients give up looking for documents.
    assert!(begun.elapsed() < Duration::from_millis(900));
    let peer = &client.peer;
    assert_eq!(text(peer, "targetId"), "somebody");
    assert_eq!(text(peer, "selectedProtocolVersion"), "1");
    assert!(!text(peer, "senderId").is_empty());
    let Some(Value::Map(metadata)) = peer.get("peerMetadata") else {
        panic!("no metadata in {peer:?}");
    };
    assert_eq!(metadata.get("isEphemeral"), Some(&Value::Bool(false)));
    assert_eq!(client.storage_id.as_deref().map(str::len), Some(36));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_nobody_speaks_is_refused() {
    let relay = Relay::start(Server::Yilian).await;
    let mut socket = RawClient::socket(&relay.url()).await;
    let join = frame([
        ("type", "join".into()),
        ("senderId", "somebody".into()),
        ("peerMetadata", Value::Map(Frame::new())),
        ("supportedProtocolVersions", Value::List(vec!["99".into()])),
    ]);
    let join = Message::Binary(cbor::encode(&join).into());
    socket.send(join).await.unwrap();
    let answer = RawClient::next_frame(&mut socket).await.unwrap();
    assert_eq!(kind(&answer), "error", "{answer:?}");
    assert!(!text(&answer, "message").is_empty());
    assert_eq!(RawClient::next_frame(&mut socket).await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_connections_of_one_peer_id_coexist() {
    let relay = Relay::start(Server::Yilian).await;
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let document = alice.create(json!({"step": 0})).await;
    alice.acked(&document).await;

    let mut first = RawClient::join(&relay.url(), "twin").await;
    let mut second = RawClient::join(&relay.url(), "twin").await;
    for twin in [&mut first, &mut second] {
        twin.send_sync("request", &document, nothing()).await;
        fetch(twin, &document).await;
    }
    let heads = alice.set(&document, &["step"], json!(1)).await;
    for twin in [&mut first, &mut second] {
        let message = sync_message(&twin.receive_kind("sync").await);
        let head = message.heads.iter().map(ChangeHash::to_string);
        assert_eq!(head.collect::<Vec<_>>(), heads);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_gets_nothing_but_the_protocol() {
    let relay = Relay::start(Server::Yilian).await;
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let document = alice.create(json!({"step": 0})).await;
    alice.acked(&document).await;
    let mut stranger = RawClient::join(&relay.url(), "stranger").await;
    stranger.send_sync("request", &document, nothing()).await;
    alice.set(&document, &["step"], json!(1)).await;
    alice.broadcast(&document, json!("hello")).await;
    let absent = crate::documents::UNKNOWN_DOCUMENT;
    stranger.send_sync("request", absent, nothing()).await;

    let frames = stranger.receive_for(QUIET).await;
    let kinds: Vec<&str> = frames.iter().map(kind).collect();
    for expected in ["sync", "ephemeral", "doc-unavailable"] {
        assert!(kinds.contains(&expected), "{kinds:?}");
    }
    for frame in &frames {
        assert!(PROTOCOL.contains(&kind(frame)), "{frame:?}");
        assert_eq!(text(frame, "targetId"), "stranger");
        if kind(frame) == "sync" {
            // With flags, peers upload whole documents, which the relay would have to take apart.
            assert!(sync_message(frame).flags.is_none());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_lost_everything_gets_everything_again() {
    let relay = Relay::start(Server::Yilian).await;
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let document = alice.create(json!({"step": 0})).await;
    alice.set(&document, &["step"], json!(1)).await;
    alice.acked(&document).await;

    let mut peer = RawClient::join(&relay.url(), "forgetful").await;
    peer.send_sync("request", &document, nothing()).await;
    let first = fetch(&mut peer, &document).await;
    assert!(first.1 >= 2, "two changes or more: {first:?}");
    peer.send_sync("sync", &document, nothing()).await;
    assert_eq!(fetch(&mut peer, &document).await, first);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_only_peer_is_sent_no_changes() {
    let relay = Relay::start(Server::Yilian).await;
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let document = alice.create(json!({"step": 0})).await;
    alice.acked(&document).await;
    let mut flags = sync::MessageFlags::new();
    flags.set(sync::MessageFlags::READ_ONLY);
    let mut peer = RawClient::join(&relay.url(), "read-only").await;
    let question = sync::Message {
        flags: Some(flags),
        ..nothing()
    };
    peer.send_sync("request", &document, question).await;
    alice.set(&document, &["step"], json!(1)).await;
    for frame in peer.receive_for(QUIET).await {
        if kind(&frame) == "sync" {
            let message = sync_message(&frame);
            assert_eq!(message.changes.iter().count(), 0, "{message:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_whose_past_is_missing_waits_for_it() {
    let relay = Relay::start(Server::Yilian).await;
    let story = story(3);
    let document = crate::documents::UNKNOWN_DOCUMENT;
    let mut author = RawClient::join(&relay.url(), "author").await;
    let head = story[2].0;
    for number in [0, 2] {
        let change = vec![story[number].1.clone()];
        author
            .send_sync("sync", document, sync_with(vec![head], change))
            .await;
    }
    // It asks for what it lacks, and does not claim what it cannot place.
    loop {
        let message = sync_message(&author.receive_kind("sync").await);
        assert!(!message.heads.contains(&head), "{message:?}");
        if message.need.contains(&story[1].0) {
            break;
        }
    }
    let rest = vec![story[1].1.clone()];
    author
        .send_sync("sync", document, sync_with(vec![head], rest))
        .await;
    while sync_message(&author.receive_kind("sync").await).heads != [head] {}

    let host = JsHost::start();
    let bob = host.client("bob", &relay.url()).await;
    let found = bob.find(document).await;
    assert_eq!(found.heads, [head.to_string()]);
    assert_eq!(found.content, json!({"step": 2}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_changes_under_one_number_are_not_both_believed() {
    let relay = Relay::start(Server::Yilian).await;
    let document = crate::documents::UNKNOWN_DOCUMENT;
    let mut honest = AutoCommit::new();
    honest.put(ROOT, "step", 0).unwrap();
    honest.commit();
    // The same actor and number, from a copy that went its own way.
    let mut copy = honest.clone().with_actor(honest.get_actor().clone());
    let changes = |document: &mut AutoCommit, value: i64| {
        document.put(ROOT, "step", value).unwrap();
        document.commit();
        let change = document.get_last_local_change().unwrap();
        (change.hash(), change.raw_bytes().to_vec())
    };
    let first = honest.get_last_local_change().unwrap();
    let first = (first.hash(), first.raw_bytes().to_vec());
    let (one, other) = (changes(&mut honest, 1), changes(&mut copy, 2));
    assert_ne!(one.0, other.0);

    let mut author = RawClient::join(&relay.url(), "author").await;
    let honest_changes = vec![first.1, one.1];
    author
        .send_sync("sync", document, sync_with(vec![one.0], honest_changes))
        .await;
    while sync_message(&author.receive_kind("sync").await).heads != [one.0] {}
    let mut liar = RawClient::join(&relay.url(), "liar").await;
    liar.send_sync("sync", document, sync_with(vec![other.0], vec![other.1]))
        .await;
    liar.receive_for(QUIET).await;

    let host = JsHost::start();
    let bob = host.client("bob", &relay.url()).await;
    let found = bob.find(document).await;
    assert_eq!(found.heads, [one.0.to_string()]);
    assert_eq!(found.content, json!({"step": 1}));
}

fn nothing() -> sync::Message {
    sync_with(Vec::new(), Vec::new())
}

/// Changes of one author: hash and bytes.
fn story(count: i64) -> Vec<(ChangeHash, Vec<u8>)> {
    let mut document = AutoCommit::new();
    (0..count)
        .map(|step| {
            document.put(ROOT, "step", step).unwrap();
            document.commit();
            let change = document.get_last_local_change().unwrap();
            (change.hash(), change.raw_bytes().to_vec())
        })
        .collect()
}

/// Receives until there are changes; answers the heads and how many changes came with them, and
/// acknowledges them.
async fn fetch(peer: &mut RawClient, document: &str) -> (Vec<ChangeHash>, usize) {
    loop {
        let message = sync_message(&peer.receive_kind("sync").await);
        let changes = message.changes.iter().count();
        if changes > 0 {
            let answer = sync_with(message.heads.clone(), Vec::new());
            peer.send_sync("sync", document, answer).await;
            return (message.heads, changes);
        }
        peer.send_sync("sync", document, nothing()).await;
    }
}
