#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::sync::Mutex;

use bytes::Bytes;
use tempfile::TempDir;
use uuid::Uuid;
use yilian_core::document::DocumentId;
use yilian_core::storage::conformance::sample_changes;
use yilian_core::storage::{DocumentWrite, MemoryError, MemoryStore, Problem, StoredDocument};
use yilian_core::sync::change_graph::ChangeGraph;
use yilian_core::sync::limits::Limits;

use super::*;
use crate::store::{LoadError, Loader, SqliteStore};

fn id(number: u8) -> DocumentId {
    DocumentId::from_bytes([number; 16])
}

fn write(document: u8) -> Commit {
    let changes = sample_changes(document, 1);
    Commit::of(DocumentWrite::changes(
        id(document),
        vec![changes[0].1.clone()],
        vec![changes[0].0],
    ))
}

/// A store whose commits wait until they are let go, one by one, and which records the size of each group.
struct Gated {
    inner: MemoryStore,
    gate: mpsc::Receiver<()>,
    groups: Arc<Mutex<Vec<usize>>>,
}

impl Store for Gated {
    type Error = MemoryError;

    fn id(&self) -> Uuid {
        self.inner.id()
    }

    fn commit(&mut self, commit: &Commit) -> Result<Position, MemoryError> {
        self.gate.recv().unwrap();
        self.groups.lock().unwrap().push(commit.writes.len());
        self.inner.commit(commit)
    }

    fn position(&self) -> Result<Position, MemoryError> {
        self.inner.position()
    }

    fn documents(&self) -> Result<Vec<StoredDocument>, MemoryError> {
        self.inner.documents()
    }

    fn load(&self, id: &DocumentId) -> Result<Vec<Bytes>, MemoryError> {
        self.inner.load(id)
    }

    fn setting(&self, key: &str) -> Result<Option<Vec<u8>>, MemoryError> {
        self.inner.setting(key)
    }

    fn check(&self) -> Result<Vec<Problem>, MemoryError> {
        self.inner.check()
    }
}

struct Bench {
    writer: Writer,
    gate: mpsc::Sender<()>,
    groups: Arc<Mutex<Vec<usize>>>,
    answers: tokio::sync::mpsc::UnboundedReceiver<(u8, Answer)>,
    answer: tokio::sync::mpsc::UnboundedSender<(u8, Answer)>,
}

impl Bench {
    fn new(failures: u32, settings: WriterSettings) -> Self {
        let mut inner = MemoryStore::new(Uuid::nil());
        inner.fail_next_commits(failures);
        let (gate, receiver) = mpsc::channel();
        let groups = Arc::default();
        let store = Gated {
            inner,
            gate: receiver,
            groups: Arc::clone(&groups),
        };
        let (answer, answers) = tokio::sync::mpsc::unbounded_channel();
        Self {
            writer: Writer::spawn(store, settings).unwrap(),
            gate,
            groups,
            answers,
            answer,
        }
    }

    fn commit(&self, ticket: u8) {
        let answer = self.answer.clone();
        self.writer.commit(write(ticket), move |result| {
            let _ = answer.send((ticket, result));
        });
    }
}

#[tokio::test]
async fn what_arrives_during_a_commit_shares_the_next_one() {
    let mut bench = Bench::new(0, WriterSettings::default());
    for ticket in 1..=50 {
        bench.commit(ticket);
    }
    // The first group is whatever the thread found when it looked; it and all later ones take at most 50 turns.
    for _ in 0..50 {
        bench.gate.send(()).unwrap();
    }
    for expected in 1..=50 {
        let (ticket, answer) = bench.answers.recv().await.unwrap();
        assert_eq!(ticket, expected);
        answer.unwrap();
    }
    let groups = bench.groups.lock().unwrap().clone();
    assert_eq!(groups.iter().sum::<usize>(), 50);
    assert!(groups.len() <= 2, "{groups:?}");
    let statistics = bench.writer.statistics();
    assert_eq!((statistics.requests, statistics.backlog_bytes), (50, 0));
}

#[tokio::test]
async fn groups_are_bounded_in_bytes() {
    let size = write(1).size_bytes();
    let settings = WriterSettings {
        group_bytes_max: 3 * size,
        ..WriterSettings::default()
    };
    let mut bench = Bench::new(0, settings);
    for ticket in 1..=20 {
        bench.commit(ticket);
    }
    for _ in 0..20 {
        bench.gate.send(()).unwrap();
    }
    for _ in 1..=20 {
        bench.answers.recv().await.unwrap().1.unwrap();
    }
    let groups = bench.groups.lock().unwrap().clone();
    assert!(groups.iter().all(|size| *size <= 3), "{groups:?}");
}

#[tokio::test]
async fn failure_reaches_every_request_of_the_group_and_the_next_succeeds() {
    let mut bench = Bench::new(1, WriterSettings::default());
    bench.commit(1);
    bench.gate.send(()).unwrap();
    let (_, answer) = bench.answers.recv().await.unwrap();
    let error = answer.unwrap_err();
    let source = StdError::source(&error).unwrap();
    assert_eq!(source.to_string(), MemoryError::Told.to_string());
    bench.commit(2);
    bench.gate.send(()).unwrap();
    assert_eq!(bench.answers.recv().await.unwrap().1.unwrap(), Position(1));
    let statistics = bench.writer.statistics();
    assert_eq!(
        (
            statistics.groups,
            statistics.groups_failed,
            statistics.backlog_bytes
        ),
        (1, 1, 0)
    );
}

#[tokio::test]
async fn stopping_commits_what_was_asked_for_and_refuses_the_rest() {
    let mut bench = Bench::new(0, WriterSettings::default());
    for ticket in 1..=5 {
        bench.commit(ticket);
        bench.gate.send(()).unwrap();
    }
    bench.writer.stop().await;
    for ticket in 6..=7 {
        bench.commit(ticket);
    }
    for ticket in 1..=7 {
        let (found, answer) = bench.answers.recv().await.unwrap();
        assert_eq!(found, ticket);
        match answer {
            Ok(_) => assert!(ticket <= 5),
            Err(CommitError::Stopped) => assert!(ticket > 5),
            Err(error) => panic!("{error}"),
        }
    }
    bench.writer.stop().await;
    assert!(matches!(
        bench.writer.commit_and_wait(write(8)).await,
        Err(CommitError::Stopped)
    ));
}

#[tokio::test]
async fn backlog_holds_back_whoever_asks_for_room() {
    let settings = WriterSettings {
        backlog_bytes_max: 10,
        ..WriterSettings::default()
    };
    let mut bench = Bench::new(0, settings);
    bench.writer.room().await;
    bench.commit(1);
    let waiting = tokio::spawn({
        let writer = bench.writer.clone();
        async move { writer.room().await }
    });
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    assert!(bench.writer.statistics().backlog_bytes > 10);
    bench.gate.send(()).unwrap();
    bench.answers.recv().await.unwrap().1.unwrap();
    waiting.await.unwrap();
}

async fn load(loader: &Loader, id: DocumentId, whole: bool) -> Result<ChangeGraph, LoadError> {
    let (sender, receiver) = oneshot::channel();
    loader.load(id, whole, move |answer| {
        let _ = sender.send(answer);
    });
    receiver.await.unwrap()
}

#[tokio::test]
async fn loads_see_what_was_answered_and_the_store_is_free_after_both_have_stopped() {
    let directory = TempDir::new().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    let reader = store.reader().unwrap();
    let writer = Writer::spawn(store, WriterSettings::default()).unwrap();
    let loader = Loader::spawn(reader, writer.clone(), Limits::default()).unwrap();
    let commit = write(1);
    let expected = commit.writes[0].changes.concat();
    writer.commit_and_wait(commit).await.unwrap();
    for whole in [true, false] {
        let graph = load(&loader, id(1), whole).await.unwrap();
        let chunks: Vec<Bytes> = (0..graph.len())
            .map(|at| graph.bytes(at).unwrap().clone())
            .collect();
        assert_eq!(chunks.concat(), expected);
        assert!(load(&loader, id(2), whole).await.unwrap().is_empty());
    }
    loader.stop().await;
    writer.stop().await;
    assert!(load(&loader, id(1), true).await.is_err());
    let store = SqliteStore::open(directory.path()).unwrap();
    assert_eq!(store.load(&id(1)).unwrap().concat(), expected);
}
