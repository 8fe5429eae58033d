//! What a durable commit costs, alone and in groups, and what a load does: `cargo bench -p yilian-node`.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use bytes::Bytes;
use divan::Bencher;
use divan::counter::ItemsCount;
use tempfile::TempDir;
use yilian_core::document::DocumentId;
use yilian_core::storage::conformance::sample_changes;
use yilian_core::storage::{Commit, DocumentWrite, Store};
use yilian_node::store::{SqliteStore, StoreSettings, Synchronous};

fn main() {
    divan::main();
}

fn store(synchronous: Synchronous) -> (TempDir, SqliteStore) {
    let directory = TempDir::new().unwrap();
    let settings = StoreSettings {
        synchronous,
        ..StoreSettings::default()
    };
    let store = SqliteStore::open_with(directory.path(), &settings).unwrap();
    (directory, store)
}

/// Writes of one change each, to so many documents in turn.
fn group(writes: usize, documents: usize) -> Commit {
    let changes = sample_changes(1, writes);
    let writes = changes.iter().enumerate().map(|(number, (hash, chunk))| {
        let id = DocumentId::from_bytes(((number % documents) as u128).to_be_bytes());
        DocumentWrite::changes(id, vec![chunk.clone()], vec![*hash])
    });
    Commit {
        writes: writes.collect(),
        settings: Vec::new(),
    }
}

const GROUPS: [usize; 4] = [1, 10, 100, 1_000];

#[divan::bench(args = GROUPS)]
fn commit_to_one_document(bencher: Bencher, writes: usize) {
    let (_directory, mut store) = store(Synchronous::Full);
    let commit = group(writes, 1);
    bencher
        .counter(ItemsCount::new(writes))
        .bench_local(|| store.commit(&commit).unwrap());
}

#[divan::bench(args = GROUPS)]
fn commit_to_as_many_documents(bencher: Bencher, writes: usize) {
    let (_directory, mut store) = store(Synchronous::Full);
    let commit = group(writes, writes);
    bencher
        .counter(ItemsCount::new(writes))
        .bench_local(|| store.commit(&commit).unwrap());
}

#[divan::bench(args = GROUPS)]
fn commit_without_waiting_for_the_disk(bencher: Bencher, writes: usize) {
    let (_directory, mut store) = store(Synchronous::Normal);
    let commit = group(writes, writes);
    bencher
        .counter(ItemsCount::new(writes))
        .bench_local(|| store.commit(&commit).unwrap());
}

#[divan::bench(args = [100, 10_000, 50_000])]
fn load_a_document_that_came_change_by_change(bencher: Bencher, changes: usize) {
    let (_directory, mut store) = store(Synchronous::Normal);
    let id = DocumentId::from_bytes([0; 16]);
    let chunk = Bytes::from(vec![7; 150]);
    for _ in 0..changes / 10 {
        let write = DocumentWrite::changes(id, vec![chunk.clone(); 10], Vec::new());
        store.commit(&Commit::of(write)).unwrap();
    }
    bencher
        .counter(ItemsCount::new(changes))
        .bench_local(|| store.load(&id).unwrap());
}

#[divan::bench(args = [1_000, 10_000])]
fn list_documents(bencher: Bencher, documents: usize) {
    let (_directory, mut store) = store(Synchronous::Normal);
    store.commit(&group(documents, documents)).unwrap();
    bencher
        .counter(ItemsCount::new(documents))
        .bench_local(|| store.documents().unwrap());
}
