//! What the relay takes from one peer has an end, and reaching it hurts nobody else.
//!
//! Method: a relay in this process, each with one limit set low enough to break.

use std::time::Duration;

use automerge::transaction::Transactable as _;
use automerge::{AutoCommit, ROOT};
use tempfile::TempDir;
use yilian_core::document::DocumentId;
use yilian_core::sync::limits::Limits;
use yilian_server::{Relay, Settings};
use yilian_tests::raw::{self, RawClient, kind, sync_with};

async fn relay(change: impl FnOnce(&mut Settings)) -> (Relay, TempDir) {
    let folder = TempDir::new().unwrap();
    let mut settings = Settings::local(folder.path());
    change(&mut settings);
    (Relay::start(settings).await.unwrap(), folder)
}

fn document(number: u8) -> String {
    DocumentId::from_bytes([number; 16]).to_string()
}

/// Joins and asks for a document that nobody has: what an honest peer can always do.
async fn is_served(relay: &Relay) {
    let mut honest = RawClient::join(&relay.url(), "honest").await;
    honest
        .send_sync("request", &document(200), sync_with(vec![], vec![]))
        .await;
    honest.receive_kind("doc-unavailable").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_beyond_the_limit_are_refused_and_those_there_are_stay() {
    let (relay, _folder) = relay(|settings| settings.connections_max = 1).await;
    let mut first = RawClient::join(&relay.url(), "first").await;
    let second = tokio_tungstenite::connect_async(relay.url()).await;
    assert!(second.unwrap_err().to_string().contains("503"));
    first
        .send_sync("request", &document(1), sync_with(vec![], vec![]))
        .await;
    first.receive_kind("doc-unavailable").await;
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_introduce_itself_in_time_is_cut_off() {
    let (relay, _folder) = relay(|settings| settings.introduction = Duration::from_secs(1)).await;
    let mut silent = RawClient::socket(&relay.url()).await;
    assert!(RawClient::next_frame(&mut silent).await.is_none());
    is_served(&relay).await;
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_says_nothing_at_all_is_cut_off() {
    let (relay, _folder) = relay(|settings| settings.silence_max = Duration::from_secs(2)).await;
    let mut quiet = RawClient::join(&relay.url(), "quiet").await;
    assert!(quiet.closed().await);
    is_served(&relay).await;
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frame_above_the_limit_ends_its_connection() {
    let limits = Limits {
        frame_bytes: 10_000,
        ..Limits::default()
    };
    let (relay, _folder) = relay(|settings| settings.limits = limits).await;
    let mut large = RawClient::join(&relay.url(), "large").await;
    large
        .send_sync(
            "sync",
            &document(1),
            sync_with(vec![], vec![vec![0; 20_000]]),
        )
        .await;
    assert!(large.closed().await);
    is_served(&relay).await;
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_beyond_the_limit_end_their_connection() {
    let limits = Limits {
        documents: 3,
        ..Limits::default()
    };
    let (relay, _folder) = relay(|settings| (settings.limits, settings.shards) = (limits, 1)).await;
    let mut greedy = RawClient::join(&relay.url(), "greedy").await;
    for number in 0..4 {
        greedy
            .send_sync("request", &document(number), sync_with(vec![], vec![]))
            .await;
    }
    assert!(greedy.closed().await);
    is_served(&relay).await;
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_too_many_operations_is_refused_by_name() {
    let limits = Limits {
        change_ops: 10,
        ..Limits::default()
    };
    let (relay, _folder) = relay(|settings| settings.limits = limits).await;
    let mut doc = AutoCommit::new();
    for number in 0..11_i64 {
        doc.put(ROOT, format!("key{number}"), number).unwrap();
    }
    doc.commit();
    let change = doc.get_changes(&[])[0].raw_bytes().to_vec();
    let mut author = RawClient::join(&relay.url(), "author").await;
    author
        .send_sync(
            "sync",
            &document(1),
            sync_with(doc.get_heads(), vec![change]),
        )
        .await;
    let error = author.receive_kind("error").await;
    assert_eq!(
        raw::text(&error, "message"),
        "number of operations is 11, above the limit of 10"
    );
    assert!(author.closed().await);
    is_served(&relay).await;
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_never_reads_holds_nobody_up() {
    const CHANGES: usize = 3_000;
    let (relay, _folder) = relay(|_| {}).await;
    let mut doc = AutoCommit::new();
    for number in 0..CHANGES {
        doc.put(ROOT, "text", format!("{number}{}", "长".repeat(500)))
            .unwrap();
        doc.commit();
    }
    let changes = doc.get_changes(&[]);
    // It asks for the document and then reads no more: megabytes wait for it.
    let mut stuck = RawClient::join(&relay.url(), "stuck").await;
    stuck
        .send_sync("sync", &document(1), sync_with(vec![], vec![]))
        .await;
    let mut author = RawClient::join(&relay.url(), "author").await;
    for part in changes.chunks(100) {
        let heads = vec![part[part.len() - 1].hash()];
        let bytes = part
            .iter()
            .map(|change| change.raw_bytes().to_vec())
            .collect();
        author
            .send_sync("sync", &document(1), sync_with(heads, bytes))
            .await;
        author.receive_kind("sync").await;
    }
    let mut reader = RawClient::join(&relay.url(), "reader").await;
    reader
        .send_sync("request", &document(1), sync_with(vec![], vec![]))
        .await;
    let mut received = 0;
    while received < CHANGES {
        let frame = reader.receive().await;
        assert_eq!(kind(&frame), "sync");
        received += raw::sync_message(&frame).changes.iter().len();
    }
    relay.stop().await;
}
