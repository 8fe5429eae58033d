#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::mpsc;

use bytes::Bytes;
use tempfile::TempDir;
use yilian_core::storage::conformance::sample_changes;
use yilian_core::storage::{Commit, DocumentWrite, Run, Store as _};
use yilian_core::sync::change_graph::ChangeGraph;

use super::packer::{STEP_BYTES, steps};
use super::*;
use crate::store::{SqliteStore, WriterSettings};

const ID: DocumentId = DocumentId::from_bytes([1; 16]);

/// Settings that do not make a test wait.
fn eager() -> CompactorSettings {
    CompactorSettings {
        every: Duration::from_millis(1),
        share: 1.0,
        changes_min: 100,
    }
}

async fn until(compactor: &Compactor, done: impl Fn(CompactorStatistics) -> bool) {
    while !done(compactor.statistics()) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn commit(changes: &[(automerge::ChangeHash, Bytes)]) -> Commit {
    let chunks = changes.iter().map(|(_, chunk)| chunk.clone()).collect();
    let head = changes.last().unwrap().0;
    Commit::of(DocumentWrite::changes(ID, chunks, vec![head]))
}

#[tokio::test]
async fn what_is_packed_beside_commits_reads_as_before() {
    let directory = TempDir::new().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    let readers = [store.reader().unwrap(), store.reader().unwrap()];
    let [reader, compactor_reader] = readers;
    let writer = Writer::spawn(store, WriterSettings::default()).unwrap();
    let (told, made) = mpsc::channel();
    let tell = move |id, made| drop(told.send((id, made)));
    let limits = Limits::default();
    let compactor = Compactor::spawn(compactor_reader, writer.clone(), limits, eager(), tell);
    let compactor = compactor.unwrap();
    let changes = sample_changes(1, 1_000);
    for part in changes.chunks(7) {
        writer.commit_and_wait(commit(part)).await.unwrap();
    }
    until(&compactor, |done| done.changes > 900 && done.snapshots > 0).await;
    compactor.stop().await;
    assert_eq!(compactor.statistics().failed, 0);

    let packed = |run: &&Run| matches!(run, Run::Packed { .. });
    let outline = reader.outline(&ID).unwrap();
    assert!(outline.runs.iter().filter(packed).count() > 0);
    let graph = ChangeGraph::load(Limits::default(), &outline).unwrap();
    assert_eq!((graph.len(), graph.is_pinned()), (1_000, false));
    let snapshot = graph.snapshot().unwrap();
    assert_eq!(
        made.iter().last(),
        Some((ID, Compacted::Snapshot(snapshot.clone())))
    );
    assert_eq!(snapshot.heads, [changes[snapshot.count as usize - 1].0]);
    let bytes: Vec<u8> = changes
        .iter()
        .flat_map(|(_, chunk)| chunk.to_vec())
        .collect();
    assert_eq!(reader.load(&ID).unwrap().concat(), bytes);
    drop(reader);
    writer.stop().await;
    let store = SqliteStore::open(directory.path()).unwrap();
    assert_eq!(store.check().unwrap(), []);
}

#[tokio::test]
async fn a_document_that_cannot_be_packed_stays_as_it_is() {
    let directory = TempDir::new().unwrap();
    let mut store = SqliteStore::open(directory.path()).unwrap();
    let changes = sample_changes(1, 200);
    store.commit(&commit(&changes)).unwrap();
    // The same once more: the store counts them twice, and a graph does not.
    store.commit(&commit(&changes)).unwrap();
    let before = store.load(&ID).unwrap();
    let (reader, again) = (store.reader().unwrap(), store.reader().unwrap());
    let writer = Writer::spawn(store, WriterSettings::default()).unwrap();
    let limits = Limits::default();
    let compactor = Compactor::spawn(reader, writer.clone(), limits, eager(), |_, _| {}).unwrap();
    until(&compactor, |done| done.failed > 0).await;
    compactor.stop().await;
    assert_eq!(compactor.statistics().changes, 0);
    assert_eq!(again.load(&ID).unwrap(), before);
    writer.stop().await;
}

/// A change that claims a million operations in a few bytes is stored, as anybody may make one; a document of many
/// of them is not made.
#[tokio::test]
async fn a_document_of_too_many_operations_is_packed_without_a_snapshot() {
    use automerge::transaction::Transactable as _;
    let directory = TempDir::new().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    let (reader, again) = (store.reader().unwrap(), store.reader().unwrap());
    let writer = Writer::spawn(store, WriterSettings::default()).unwrap();
    let mut document = automerge::AutoCommit::new();
    let text = document
        .put_object(automerge::ROOT, "text", automerge::ObjType::Text)
        .unwrap();
    let mut changes = Vec::new();
    for _ in 0..5 {
        document
            .splice_text(&text, 0, 0, &"a".repeat(900_000))
            .unwrap();
        document.commit();
        let change = document.get_last_local_change().unwrap();
        let bytes = Bytes::copy_from_slice(change.raw_bytes());
        changes.push((change.hash(), bytes));
    }
    writer.commit_and_wait(commit(&changes)).await.unwrap();
    let settings = CompactorSettings {
        changes_min: 1,
        ..eager()
    };
    let limits = Limits::default();
    let compactor = Compactor::spawn(reader, writer.clone(), limits, settings, |_, _| {}).unwrap();
    until(&compactor, |done| done.failed > 0).await;
    compactor.stop().await;
    assert_eq!(compactor.statistics().snapshots, 0);
    assert_eq!(compactor.statistics().changes, 5);
    let runs = again.outline(&ID).unwrap().runs;
    assert!(runs.iter().all(|run| matches!(run, Run::Packed { .. })));
    writer.stop().await;
}

#[test]
fn steps_are_of_whole_rows_and_bounded() {
    let row = |first, size| {
        let change = sample_changes(1, 1).remove(0).1;
        Run::Plain(yilian_core::storage::Part {
            first,
            bytes: change.repeat(size).into(),
        })
    };
    let size = sample_changes(1, 1)[0].1.len();
    let large = STEP_BYTES / size + 1;
    let rows = [
        row(0, 3),
        row(3, 4),
        row(7, large),
        row(7 + large as u32, 2),
    ];
    let end = 7 + large as u32;
    assert_eq!(steps(&rows), [0..end, end..end + 2]);
    assert_eq!(steps(&[]), []);
}

#[tokio::test]
async fn damage_is_found_at_the_start_and_set_aside() {
    let directory = TempDir::new().unwrap();
    let mut store = SqliteStore::open(directory.path()).unwrap();
    let changes = sample_changes(1, 3);
    for part in changes.chunks(1) {
        store.commit(&commit(part)).unwrap();
    }
    let path = store.path().to_owned();
    drop(store);
    let plain = rusqlite::Connection::open(path).unwrap();
    plain
        .execute_batch("UPDATE log SET checksum = checksum + 1 WHERE row = 3")
        .unwrap();
    drop(plain);
    let store = SqliteStore::open(directory.path()).unwrap();
    let readers = [store.reader().unwrap(), store.reader().unwrap()];
    let [reader, compactor_reader] = readers;
    let writer = Writer::spawn(store, WriterSettings::default()).unwrap();
    let (told, made) = mpsc::channel();
    let tell = move |id, made| drop(told.send((id, made)));
    let limits = Limits::default();
    let compactor = Compactor::spawn(compactor_reader, writer.clone(), limits, eager(), tell);
    let compactor = compactor.unwrap();
    until(&compactor, |done| done.rounds > 0).await;
    compactor.stop().await;
    assert_eq!(made.iter().next(), Some((ID, Compacted::SetAside)));
    let outline = reader.outline(&ID).unwrap();
    let graph = ChangeGraph::load(Limits::default(), &outline).unwrap();
    assert_eq!((graph.len(), graph.is_pinned()), (2, false));
    writer.stop().await;
}
