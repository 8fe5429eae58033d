//! What is left of a store whose file is damaged. Damage is done to pages of the file.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::fs;

use bytes::Bytes;
use tempfile::TempDir;
use yilian_core::storage::conformance::sample_changes;
use yilian_core::storage::{Commit, DocumentWrite, Fault, Problem, Store as _};

use super::super::SqliteStore;
use super::*;

const PAGE: usize = 4_096;
const DOCUMENTS: usize = 12;

fn id(number: u8) -> DocumentId {
    DocumentId::from_bytes([number; 16])
}

/// A store of twelve documents with changes of all sizes, and what was written of each.
fn store(directory: &TempDir) -> BTreeMap<DocumentId, Vec<Bytes>> {
    let mut store = SqliteStore::open(directory.path()).unwrap();
    let mut written = BTreeMap::new();
    for number in 1..=DOCUMENTS as u8 {
        let changes = sample_changes(number, 40);
        for part in changes.chunks(4) {
            let chunks: Vec<Bytes> = part.iter().map(|(_, chunk)| chunk.clone()).collect();
            let write = DocumentWrite {
                name: Some(format!("supplies/s{number}")),
                remote_heads: Some(vec![part[0].0]),
                ..DocumentWrite::changes(id(number), chunks, vec![part.last().unwrap().0])
            };
            store.commit(&Commit::of(write)).unwrap();
        }
        let chunks = changes.into_iter().map(|(_, chunk)| chunk);
        written.insert(id(number), chunks.collect());
    }
    for (key, value) in [
        ("network", "jiaozuo"),
        ("holder", "h"),
        ("catalogue cursor", "7"),
    ] {
        let commit = Commit::of_setting(key, Some(value.as_bytes().to_vec()));
        store.commit(&commit).unwrap();
    }
    written
}

fn damage(directory: &TempDir, harm: impl FnOnce(&mut Vec<u8>)) {
    let file = directory.path().join("store.sqlite");
    let mut bytes = fs::read(&file).unwrap();
    harm(&mut bytes);
    fs::write(file, bytes).unwrap();
}

fn load(store: &SqliteStore, id: &DocumentId) -> Vec<u8> {
    store.load(id).unwrap().concat()
}

/// Opens it again, and counts the documents that are whole. What is there is sound, but that some of it may wait for what is
/// lost.
fn opened(directory: &TempDir, written: &BTreeMap<DocumentId, Vec<Bytes>>) -> (SqliteStore, usize) {
    let store = SqliteStore::open(directory.path()).unwrap();
    for problem in store.check().unwrap() {
        let Problem::Document { fault, .. } = &problem else {
            panic!("{problem}");
        };
        assert!(
            matches!(fault, Fault::MissingDependency { .. }),
            "{problem}"
        );
    }
    let whole = |id: &DocumentId| load(&store, id) == written[id].concat();
    let documents = store.documents().unwrap();
    let whole = documents
        .iter()
        .filter(|document| whole(&document.id))
        .count();
    (store, whole)
}

#[test]
fn without_its_first_page_a_store_is_written_anew_and_nothing_is_lost() {
    let directory = TempDir::new().unwrap();
    let written = store(&directory);
    let before = SqliteStore::open(directory.path()).unwrap().id();
    damage(&directory, |bytes| bytes[..PAGE].fill(0));
    let (store, whole) = opened(&directory, &written);
    assert_eq!(whole, DOCUMENTS);
    let rebuilt = store.rebuilt().unwrap();
    assert_eq!(
        (rebuilt.documents, rebuilt.incomplete, rebuilt.strays),
        (12, 0, 0)
    );
    assert!(rebuilt.kept.is_file());
    // It is another store now: whoever knew how far this one was, asks again.
    assert_ne!(store.id(), before);
    assert_eq!(
        store.setting("network").unwrap().as_deref(),
        Some(&b"jiaozuo"[..])
    );
    assert_eq!(store.setting("holder").unwrap(), None);
    assert_eq!(store.setting("catalogue cursor").unwrap(), None);
    let document = store.documents().unwrap().remove(0);
    assert_eq!(document.name.as_deref(), Some("supplies/s1"));
    assert_eq!(document.remote_heads, []);
    drop(store);
    // Once is enough.
    let store = SqliteStore::open(directory.path()).unwrap();
    assert_eq!(store.rebuilt().unwrap(), rebuilt);
}

#[test]
fn whatever_page_is_lost_the_rest_is_there() {
    let directory = TempDir::new().unwrap();
    store(&directory);
    let pages = fs::read(directory.path().join("store.sqlite"))
        .unwrap()
        .len()
        / PAGE;
    let mut rebuilt = 0;
    for page in 0..pages {
        let directory = TempDir::new().unwrap();
        let written = store(&directory);
        damage(&directory, |bytes| bytes[page * PAGE..][..PAGE].fill(0));
        // As `yilian doctor --repair` asks for it.
        ask(&directory.path().join("store.sqlite"));
        let (store, whole) = opened(&directory, &written);
        rebuilt += usize::from(store.rebuilt().is_some());
        assert!(whole + 4 >= DOCUMENTS, "page {page}: {whole} whole");
    }
    assert_eq!(rebuilt, pages);
}

#[test]
fn a_new_file_that_was_not_put_in_its_place_is() {
    let directory = TempDir::new().unwrap();
    let written = store(&directory);
    let path = directory.path().join("store.sqlite");
    damage(&directory, |bytes| bytes[..PAGE].fill(0));
    rebuild(&path, &format::CURRENT).unwrap().unwrap();
    // As if the process had ended before the last step.
    fs::rename(&path, beside(&path, DONE)).unwrap();
    fs::copy(beside(&path, KEPT), &path).unwrap();
    fs::write(beside(&path, "-wal"), b"of the old file").unwrap();
    let (store, whole) = opened(&directory, &written);
    assert_eq!(whole, DOCUMENTS);
    assert!(store.rebuilt().is_some());
    assert!(!beside(&path, DONE).exists());
    assert!(beside(&beside(&path, ".damaged.1"), "-wal").exists());
}

#[test]
fn what_is_no_store_stays_as_it_is() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("store.sqlite");
    let other = Connection::open(&path).unwrap();
    other
        .execute_batch("CREATE TABLE a (b TEXT); INSERT INTO a VALUES ('x')")
        .unwrap();
    drop(other);
    let before = fs::read(&path).unwrap();
    assert!(rebuild(&path, &format::CURRENT).unwrap().is_none());
    fs::write(&path, &before[..PAGE / 2]).unwrap();
    assert!(matches!(
        SqliteStore::open(directory.path()),
        Err(OpenError::NotAStore { .. } | OpenError::Malformed { .. })
    ));
    assert_eq!(fs::read(&path).unwrap(), before[..PAGE / 2]);
}
