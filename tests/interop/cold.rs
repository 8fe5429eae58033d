//! A relay that has packed a document serves it from what it packed: what a peer lacks and no more, whether
//! it lacks a little or everything, before and after a restart.

use automerge::transaction::Transactable as _;
use automerge::{AutoCommit, Automerge, Change, ROOT, sync};
use serde_json::json;
use yilian_tests::http;
use yilian_tests::js::JsHost;
use yilian_tests::raw::{RawClient, sync_message, sync_with};
use yilian_tests::relay::{Relay, Server};

const DOCUMENT: &str = "4NMNnkMhL8jXrdJ9jamS58PAVdXu";
const CHANGES: usize = 5_000;

/// A document of many changes, the last of them known to be there.
fn history() -> Vec<Change> {
    let mut document = AutoCommit::new();
    for number in 0..CHANGES {
        let key = format!("shift-{}/note", number % 50);
        document.put(ROOT, key, number as i64).unwrap();
        document.commit();
    }
    document.put(ROOT, "done", true).unwrap();
    document.commit();
    document.get_changes(&[])
}

async fn upload(relay: &Relay, changes: &[Change]) {
    let mut author = RawClient::join(&relay.url(), "author").await;
    let head = changes.last().unwrap().hash();
    let bytes = changes.iter().map(|change| change.raw_bytes().to_vec());
    let message = sync_with(vec![head], bytes.collect());
    author.send_sync("sync", DOCUMENT, message).await;
    loop {
        let answer = sync_message(&author.receive_kind("sync").await);
        if answer.heads == [head] {
            return;
        }
    }
}

async fn metric(relay: &Relay, name: &str) -> f64 {
    let text = http::get(&relay.address(), "/metrics").await.body;
    let line = text.lines().find(|line| line.starts_with(name));
    line.and_then(|line| line.split(' ').next_back()?.parse().ok())
        .unwrap_or_else(|| panic!("no {name} in:\n{text}"))
}

async fn packed(relay: &Relay) {
    while metric(relay, "yilian_relay_snapshots_total").await < 1.0 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let count = metric(relay, "yilian_relay_packed_changes_total").await;
    assert!(count > CHANGES as f64 - 1.0, "{count} changes packed");
}

/// Everything that a peer is sent until it has heard of the last head, and has answered as it should.
async fn received(
    relay: &Relay,
    name: &str,
    question: sync::Message,
    last: &Change,
) -> Vec<Vec<u8>> {
    let mut client = RawClient::join(&relay.url(), name).await;
    let flags = question.flags;
    client.send_sync("request", DOCUMENT, question).await;
    let mut chunks = Vec::new();
    loop {
        let message = sync_message(&client.receive_kind("sync").await);
        chunks.extend(message.changes.iter().map(<[u8]>::to_vec));
        if message.heads == [last.hash()] && !chunks.is_empty() {
            let answer = sync::Message {
                flags,
                ..sync_with(message.heads, Vec::new())
            };
            client.send_sync("sync", DOCUMENT, answer).await;
            return chunks;
        }
    }
}

fn with_flags(message: sync::Message) -> sync::Message {
    let mut state = sync::State::new();
    let ours = sync::SyncDoc::generate_sync_message(&Automerge::new(), &mut state);
    sync::Message {
        flags: ours.and_then(|message| message.flags),
        ..message
    }
}

async fn serves(relay: &Relay, changes: &[Change], round: &str) {
    let last = changes.last().unwrap();
    let all = changes.len();

    let behind = sync_with(vec![changes[all - 21].hash()], Vec::new());
    let some = received(relay, &format!("behind {round}"), behind, last).await;
    let expected: Vec<&[u8]> = changes[all - 20..].iter().map(Change::raw_bytes).collect();
    assert_eq!(some, expected, "just what it lacks");

    let plain = received(
        relay,
        &format!("plain {round}"),
        sync_with(Vec::new(), Vec::new()),
        last,
    )
    .await;
    let expected: Vec<&[u8]> = changes.iter().map(Change::raw_bytes).collect();
    assert!(plain == expected, "all changes, in order");

    let newcomer = with_flags(sync_with(Vec::new(), Vec::new()));
    let chunks = received(relay, &format!("newcomer {round}"), newcomer, last)
        .await
        .concat();
    let document = Automerge::load(&chunks).unwrap();
    assert_eq!(document.get_heads(), [last.hash()]);
    let raw: usize = changes.iter().map(|change| change.raw_bytes().len()).sum();
    assert!(
        chunks.len() * 5 < raw,
        "{} bytes instead of {raw}",
        chunks.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_packed_document_is_served_as_before() {
    let eager = vec![
        ("YILIAN_COMPACT_EVERY", "1"),
        ("YILIAN_COMPACT_PERCENT", "100"),
    ];
    let mut relay = Relay::start_with(Server::Yilian, eager).await;
    let changes = history();
    upload(&relay, &changes).await;
    packed(&relay).await;
    serves(&relay, &changes, "warm").await;

    relay.stop().await;
    relay.start_again().await;
    serves(&relay, &changes, "cold").await;

    let host = JsHost::start();
    let client = host.client("javascript", &relay.url()).await;
    let found = client.find(DOCUMENT).await;
    assert_eq!(found.heads, [changes.last().unwrap().hash().to_string()]);
    assert_eq!(found.content["done"], json!(true));
    client.set(DOCUMENT, &["after"], json!("packing")).await;
    let acked = client.acked(DOCUMENT).await;
    relay.kill().await;
    relay.start_again().await;
    let other = JsHost::start();
    let other = other.client("another", &relay.url()).await;
    let found = other.find(DOCUMENT).await;
    assert_eq!(found.heads, acked);
    assert_eq!(found.content["after"], json!("packing"));
    client.close().await;
    other.close().await;
}
