//! What is left of a damaged document. Damage is planted with a plain SQLite connection.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use tempfile::TempDir;
use yilian_core::storage::conformance::sample_changes;
use yilian_core::storage::{Commit, DocumentWrite, Packing, Run, Snapshot, Store as _};
use yilian_core::sync::chunk::read_changes;
use yilian_core::sync::pack::pack;

use super::super::SqliteStore;
use super::*;

const ID: DocumentId = DocumentId::from_bytes([1; 16]);
const COUNT: usize = 9;

/// A store whose document has nine rows of a change each.
fn store(directory: &TempDir) -> (SqliteStore, Vec<(ChangeHash, Bytes)>) {
    let mut store = SqliteStore::open(directory.path()).unwrap();
    let changes = sample_changes(1, COUNT);
    for (hash, chunk) in &changes {
        let write = DocumentWrite {
            name: Some("sites".to_owned()),
            remote_heads: Some(vec![*hash]),
            ..DocumentWrite::changes(ID, vec![chunk.clone()], vec![*hash])
        };
        store.commit(&Commit::of(write)).unwrap();
    }
    (store, changes)
}

fn plant(store: SqliteStore, directory: &TempDir, damage: &str) -> SqliteStore {
    let path = store.path().to_owned();
    drop(store);
    let plain = Connection::open(path).unwrap();
    plain.execute_batch(damage).unwrap();
    drop(plain);
    SqliteStore::open(directory.path()).unwrap()
}

fn loaded(store: &SqliteStore) -> ChangeGraph {
    ChangeGraph::load(Limits::default(), &store.outline(&ID).unwrap()).unwrap()
}

fn all_bytes(graph: &ChangeGraph) -> Vec<Bytes> {
    (0..graph.len())
        .filter_map(|at| graph.bytes(at).cloned())
        .collect()
}

#[test]
fn what_is_sound_is_left_alone() {
    let directory = TempDir::new().unwrap();
    let (mut store, _) = store(&directory);
    assert!(store.reader().unwrap().is_sound(&ID).unwrap());
    assert_eq!(store.salvage(&ID).unwrap(), None);
    let nobody = DocumentId::from_bytes([9; 16]);
    assert_eq!(store.salvage(&nobody).unwrap(), None);
    assert_eq!(store.lacking().unwrap(), []);
}

#[test]
fn a_damaged_row_is_kept_aside_and_what_waits_for_it_is_found_again() {
    let directory = TempDir::new().unwrap();
    let (store, changes) = store(&directory);
    let damage = "UPDATE log SET chunk = CAST(x'00' || substr(chunk, 2) AS BLOB) WHERE row = 4";
    let mut store = plant(store, &directory, damage);
    assert!(!store.reader().unwrap().is_sound(&ID).unwrap());
    let before = store.position().unwrap();
    let salvage = store.salvage(&ID).unwrap().unwrap();
    assert_eq!(
        salvage,
        Salvage {
            name: Some("sites".to_owned()),
            heads: vec![changes[2].0],
            lost: vec![changes[COUNT - 1].0],
            changes: COUNT as u32 - 1,
            set_aside: 1,
            position: before.next(),
        }
    );
    let aside = store.setting(&format!("damaged/{ID}/4")).unwrap().unwrap();
    assert_eq!(aside[1..], changes[3].1[1..]);
    let listed = &store.documents().unwrap()[0];
    assert_eq!(
        (&listed.heads, listed.remote_heads.len()),
        (&vec![changes[2].0], 0)
    );

    // What waits does not begin again with every start.
    let store = plant(store, &directory, "");
    assert!(store.reader().unwrap().is_sound(&ID).unwrap());
    let mut graph = loaded(&store);
    assert_eq!((graph.len(), graph.waiting()), (3, COUNT - 4));
    let lacking = store.lacking().unwrap();
    assert_eq!(lacking[0].heads, [changes[COUNT - 1].0]);

    // The lost change comes back, and with it all that waited.
    let (header, bytes) = read_changes(&changes[3].1, &Limits::default())
        .unwrap()
        .remove(0);
    assert_eq!(graph.insert(header, bytes).unwrap(), COUNT as u32 - 3);
    let brought = all_bytes(&graph).split_off(3);
    let write = DocumentWrite::changes(ID, brought, graph.heads().collect());
    let mut store = store;
    store.commit(&Commit::of(write)).unwrap();
    assert_eq!(store.lacking().unwrap(), []);
    assert_eq!(store.salvage(&ID).unwrap(), None);
    let expected: Vec<Bytes> = changes.iter().map(|(_, chunk)| chunk.clone()).collect();
    assert_eq!(all_bytes(&loaded(&store)), expected);
    assert_eq!(store.check().unwrap(), []);
}

#[test]
fn a_second_damage_does_not_make_the_first_forgotten() {
    let directory = TempDir::new().unwrap();
    let (store, changes) = store(&directory);
    let damage = "UPDATE log SET checksum = checksum + 1 WHERE row = 8";
    let mut store = plant(store, &directory, damage);
    store.salvage(&ID).unwrap().unwrap();
    let damage = "UPDATE log SET chunk = zeroblob(8) WHERE document = 1 AND first = 0";
    let mut store = plant(store, &directory, damage);
    let salvage = store.salvage(&ID).unwrap().unwrap();
    assert_eq!(salvage.lost, [changes[6].0]);
    let mut heads = vec![changes[6].0, changes[COUNT - 1].0];
    heads.sort();
    assert_eq!(store.lacking().unwrap()[0].heads, heads);
}

#[test]
fn packed_changes_are_had_again_from_the_snapshot_or_their_own_notes() {
    for (column, aside) in [("chunk", 1), ("nodes", 0)] {
        let directory = TempDir::new().unwrap();
        let (mut store, changes) = store(&directory);
        let graph = loaded(&store);
        let mut document = automerge::Automerge::new();
        for (_, chunk) in &changes {
            document.load_incremental(chunk).unwrap();
        }
        let snapshot = Snapshot {
            count: COUNT as u32,
            heads: vec![changes[COUNT - 1].0],
            bytes: document.save().into(),
        };
        let blocks = pack(&graph, 0..COUNT as u32).unwrap();
        assert!(store.pack(&ID, &Packing::Blocks(blocks)).unwrap());
        assert!(store.pack(&ID, &Packing::Snapshot(snapshot)).unwrap());
        let damage = format!("UPDATE log SET {column} = CAST({column} || x'00' AS BLOB)");
        let mut store = plant(store, &directory, &damage);
        assert!(!store.reader().unwrap().is_sound(&ID).unwrap());
        let salvage = store.salvage(&ID).unwrap().unwrap();
        assert_eq!(
            (salvage.lost.len(), salvage.set_aside),
            (0, aside),
            "{column}"
        );
        let expected: Vec<Bytes> = changes.iter().map(|(_, chunk)| chunk.clone()).collect();
        let graph = loaded(&store);
        assert_eq!(all_bytes(&graph), expected, "{column}");
        assert!(!graph.is_pinned());
        let plain = |run: &Run| matches!(run, Run::Plain(_));
        assert!(store.outline(&ID).unwrap().runs.iter().all(plain));
        assert_eq!(store.check().unwrap(), []);
    }
}

#[test]
fn rows_that_an_index_lost_are_found_and_wrong_heads_put_right() {
    let directory = TempDir::new().unwrap();
    let (store, changes) = store(&directory);
    // The index is built for another table of the same shape, and then put in the place of the right one.
    let damage = "
        CREATE TABLE other AS SELECT * FROM log WHERE row NOT IN (5, 6);
        CREATE INDEX other_document ON other (document, first);
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'other_document')
            WHERE name = 'log_document';
        DELETE FROM sqlite_schema WHERE name = 'other_document';";
    let mut store = plant(store, &directory, damage);
    assert_eq!(store.load(&ID).unwrap().len(), COUNT - 2);
    assert!(!store.reader().unwrap().is_sound(&ID).unwrap());
    let salvage = store.salvage(&ID).unwrap().unwrap();
    assert_eq!((salvage.lost.len(), salvage.set_aside), (0, 0));
    assert_eq!(loaded(&store).len(), COUNT as u32);

    let damage = "UPDATE documents SET heads = zeroblob(32)";
    let mut store = plant(store, &directory, damage);
    let salvage = store.salvage(&ID).unwrap().unwrap();
    assert_eq!(salvage.heads, [changes[COUNT - 1].0]);
    assert_eq!(loaded(&store).len(), COUNT as u32);
}
