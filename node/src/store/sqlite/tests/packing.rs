//! Packed rows, and stores from before there were any.

use yilian_core::storage::{Packing, Run};
use yilian_core::sync::change_graph::ChangeGraph;
use yilian_core::sync::engine::Fetched;
use yilian_core::sync::limits::Limits;
use yilian_core::sync::pack::pack;
use yilian_core::sync::sync_state::Wanted;

use super::*;

/// The first format that was in use.
const FIRST: Format = Format {
    version: 1,
    schema: "
        CREATE TABLE store (
            id BLOB NOT NULL CHECK (length(id) = 16)
        ) STRICT;
        CREATE TABLE documents (
            id INTEGER PRIMARY KEY,
            document_id BLOB NOT NULL UNIQUE CHECK (length(document_id) = 16),
            name TEXT,
            heads BLOB NOT NULL CHECK (length(heads) % 32 = 0),
            remote_heads BLOB CHECK (length(remote_heads) % 32 = 0),
            position INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE log (
            row INTEGER PRIMARY KEY,
            document INTEGER NOT NULL,
            chunk BLOB NOT NULL,
            checksum INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX log_document ON log (document);
        CREATE TABLE settings (
            key TEXT PRIMARY KEY NOT NULL,
            value BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;",
    migrations: &[],
};

#[test]
fn a_store_of_the_first_format_is_brought_up_to_date() {
    let directory = TempDir::new().unwrap();
    drop(open(&directory, &FIRST).unwrap());
    let all: Vec<_> = (1..=2).map(|actor| sample_changes(actor, 5)).collect();
    let plain = Connection::open(directory.path().join(FILE)).unwrap();
    for (number, changes) in (1..).zip(&all) {
        let heads = changes[4].0.0.to_vec();
        plain
            .execute(
                "INSERT INTO documents VALUES (?1, ?2, 'sites', ?3, NULL, ?1)",
                rusqlite::params![number, id(number).as_bytes(), heads],
            )
            .unwrap();
    }
    // Rows of both, in turn, one of them with two changes.
    for rows in [0..2, 2..3, 3..5] {
        for (number, changes) in (1..).zip(&all) {
            let chunk: Vec<u8> = changes[rows.clone()]
                .iter()
                .flat_map(|(_, chunk)| chunk.to_vec())
                .collect();
            let checksum = rows::checksum(&id(number), &chunk);
            plain
                .execute(
                    "INSERT INTO log (document, chunk, checksum) VALUES (?1, ?2, ?3)",
                    rusqlite::params![number, chunk, checksum],
                )
                .unwrap();
        }
    }
    drop(plain);

    let mut store = SqliteStore::open(directory.path()).unwrap();
    assert_eq!(backups(&directory), ["store.v1.backup"]);
    assert_eq!(store.check().unwrap(), []);
    let more = sample_changes(2, 6);
    let write = DocumentWrite::changes(id(2), vec![more[5].1.clone()], vec![more[5].0]);
    store.commit(&Commit::of(write)).unwrap();
    let graph = ChangeGraph::load(Limits::default(), &store.outline(&id(2)).unwrap()).unwrap();
    assert_eq!((graph.len(), graph.is_pinned()), (6, false));
    let blocks = pack(&graph, 0..6).unwrap();
    assert!(store.pack(&id(2), &Packing::Blocks(blocks)).unwrap());
    assert_eq!(store.load(&id(1)).unwrap().concat(), joined(&all[0]));
    assert_eq!(store.load(&id(2)).unwrap().concat(), joined(&more));
}

fn joined(changes: &[(automerge::ChangeHash, Bytes)]) -> Vec<u8> {
    let chunks: Vec<Bytes> = changes.iter().map(|(_, chunk)| chunk.clone()).collect();
    chunks.concat()
}

/// A store with one document of twenty changes in two packed rows and one plain one.
fn packed() -> TempDir {
    let directory = TempDir::new().unwrap();
    let mut store = SqliteStore::open(directory.path()).unwrap();
    let changes = sample_changes(1, 20);
    for (hash, chunk) in &changes {
        let write = DocumentWrite::changes(id(1), vec![chunk.clone()], vec![*hash]);
        store.commit(&Commit::of(write)).unwrap();
    }
    let graph = ChangeGraph::load(Limits::default(), &store.outline(&id(1)).unwrap()).unwrap();
    for range in [0..8, 8..16] {
        let blocks = pack(&graph, range).unwrap();
        assert!(store.pack(&id(1), &Packing::Blocks(blocks)).unwrap());
    }
    directory
}

fn wanted(changes: Vec<Range<u32>>) -> Wanted {
    Wanted {
        changes,
        snapshot: false,
    }
}

fn firsts(fetched: Fetched) -> Vec<u32> {
    fetched.parts.iter().map(|part| part.first).collect()
}

#[test]
fn a_row_is_read_once_and_no_more_than_was_asked_for() {
    let directory = packed();
    let store = SqliteStore::open(directory.path()).unwrap();
    let reader = store.reader().unwrap();
    let fetch = |changes, bytes_max| {
        let fetched = reader.fetch(&id(1), &wanted(changes), bytes_max).unwrap();
        firsts(fetched)
    };
    assert_eq!(fetch(vec![1..2, 5..7, 9..10], usize::MAX), [0, 8]);
    assert_eq!(fetch(vec![7..9, 17..18], usize::MAX), [0, 8, 17]);
    assert_eq!(fetch(vec![7..9, 17..18], 10), [0]);
    assert_eq!(fetch(vec![20..30, 40..50], usize::MAX), [0; 0]);
    assert_eq!(reader.unpacked(4).unwrap(), [id(1)]);
    assert_eq!(reader.unpacked(5).unwrap(), []);
}

#[test]
fn damage_to_packed_rows_is_named_where_it_is_read() {
    let flip = |column: &str| {
        format!(
            "UPDATE log SET {column} = CAST(substr({column}, 1, 20) || x'ff' || substr({column}, 22) AS BLOB)
             WHERE first = 8"
        )
    };
    let directory = packed();
    sql(&directory, &flip("chunk"));
    let store = SqliteStore::open(directory.path()).unwrap();
    let outline = store.outline(&id(1)).unwrap();
    assert!(matches!(outline.runs[1], Run::Packed { first: 8, .. }));
    let reader = store.reader().unwrap();
    let all = usize::MAX;
    assert_eq!(
        firsts(
            reader
                .fetch(&id(1), &wanted(vec![0..4, 4..8]), all)
                .unwrap()
        ),
        [0]
    );
    let damaged = |error: &StoreError| matches!(error, StoreError::Damaged { document, .. } if *document == id(1));
    assert!(damaged(
        &reader
            .fetch(&id(1), &wanted(vec![3..8, 8..9]), all)
            .unwrap_err()
    ));
    assert!(damaged(&store.load(&id(1)).unwrap_err()));
    assert!(matches!(
        store.check().unwrap()[..],
        [Problem::Document {
            fault: Fault::Checksum { .. },
            ..
        }]
    ));
    drop((store, reader));

    let directory = packed();
    sql(&directory, &flip("nodes"));
    let store = SqliteStore::open(directory.path()).unwrap();
    assert!(damaged(&store.outline(&id(1)).unwrap_err()));
    assert!(!store.load(&id(1)).unwrap().is_empty());
    assert!(matches!(
        store.check().unwrap()[..],
        [Problem::Document {
            fault: Fault::Checksum { .. },
            ..
        }]
    ));
}
