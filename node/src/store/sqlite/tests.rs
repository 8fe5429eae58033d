//! What SQLite adds to the promises of every store: who may open a file, how it is brought up to date, and what happens
//! when it is damaged. Damage is planted with a plain SQLite connection.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use rusqlite::Transaction;
use tempfile::TempDir;
use yilian_core::storage::conformance::{self, Subject, sample_changes};
use yilian_core::storage::{DocumentWrite, Fault};

use super::format::{CURRENT, Format, Migration};
use super::*;

mod packing;

fn id(number: u8) -> DocumentId {
    DocumentId::from_bytes([number; 16])
}

fn write(document: u8, name: &str, count: usize) -> DocumentWrite {
    let changes = sample_changes(document, count);
    DocumentWrite {
        name: Some(name.to_owned()),
        ..DocumentWrite::changes(
            id(document),
            changes.iter().map(|(_, chunk)| chunk.clone()).collect(),
            vec![changes[count - 1].0],
        )
    }
}

/// Works on the file behind the store's back.
fn sql(directory: &TempDir, statements: &str) {
    Connection::open(directory.path().join(FILE))
        .unwrap()
        .execute_batch(statements)
        .unwrap();
}

struct OnDisk(Vec<TempDir>);

impl Subject for OnDisk {
    type Store = SqliteStore;

    fn create(&mut self) -> SqliteStore {
        let directory = TempDir::new().unwrap();
        let store = SqliteStore::open(directory.path()).unwrap();
        self.0.push(directory);
        store
    }

    fn reopen(&mut self, store: SqliteStore) -> SqliteStore {
        let directory = store.path().parent().unwrap().to_owned();
        drop(store);
        SqliteStore::open(directory).unwrap()
    }

    fn break_next_commit(&mut self, store: &mut SqliteStore) {
        store
            .connection
            .execute_batch(
                "CREATE TEMP TRIGGER broken BEFORE INSERT ON settings
                 BEGIN SELECT RAISE(ABORT, 'told to'); END",
            )
            .unwrap();
    }

    fn mend(&mut self, store: &mut SqliteStore) {
        store
            .connection
            .execute_batch("DROP TRIGGER IF EXISTS temp.broken")
            .unwrap();
    }
}

#[test]
fn sqlite_store_keeps_the_promises_of_a_store() {
    conformance::run(&mut OnDisk(Vec::new()));
}

#[test]
fn second_opener_is_told_who_has_the_store() {
    let directory = TempDir::new().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    let error = SqliteStore::open(directory.path()).unwrap_err();
    let expected = format!(
        "the store in {} is in use by another process ({})",
        directory.path().display(),
        std::process::id()
    );
    assert_eq!(error.to_string(), expected);

    let reader = store.reader().unwrap();
    drop(store);
    assert!(matches!(
        SqliteStore::open(directory.path()),
        Err(OpenError::InUse { .. })
    ));
    drop(reader);
    SqliteStore::open(directory.path()).unwrap();
}

#[test]
fn store_is_not_created_unless_asked_to() {
    let directory = TempDir::new().unwrap();
    let nowhere = directory.path().join("nowhere");
    let settings = StoreSettings {
        create: false,
        ..StoreSettings::default()
    };
    assert!(matches!(
        SqliteStore::open_with(&nowhere, &settings),
        Err(OpenError::Missing { .. })
    ));
    assert!(!nowhere.exists());
    assert!(!SqliteStore::is_at(&nowhere));
    drop(SqliteStore::open(&nowhere).unwrap());
    assert!(SqliteStore::is_at(&nowhere));
    SqliteStore::open_with(&nowhere, &settings).unwrap();
}

#[test]
fn newer_store_is_refused_and_left_alone() {
    let directory = TempDir::new().unwrap();
    drop(SqliteStore::open(directory.path()).unwrap());
    sql(&directory, "PRAGMA user_version = 7");
    let before = std::fs::read(directory.path().join(FILE)).unwrap();
    let error = SqliteStore::open(directory.path()).unwrap_err();
    assert!(
        matches!(
            error,
            OpenError::TooNew {
                found: 7,
                newest: 2,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(std::fs::read(directory.path().join(FILE)).unwrap(), before);
}

#[test]
fn files_of_others_are_refused_and_left_alone() {
    let text = b"all work and no play makes a roster. ".repeat(200);
    let plant: [&dyn Fn(&TempDir); 4] = [
        &|directory| std::fs::write(directory.path().join(FILE), &text).unwrap(),
        &|directory| {
            sql(
                directory,
                "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)",
            )
        },
        &|directory| sql(directory, "PRAGMA application_id = 1"),
        &|directory| sql(directory, "PRAGMA user_version = 1"),
    ];
    for plant in plant {
        let directory = TempDir::new().unwrap();
        plant(&directory);
        let before = std::fs::read(directory.path().join(FILE)).unwrap();
        let error = SqliteStore::open(directory.path()).unwrap_err();
        assert!(matches!(error, OpenError::NotAStore { .. }), "{error}");
        assert_eq!(std::fs::read(directory.path().join(FILE)).unwrap(), before);
    }
}

#[test]
fn creation_that_was_cut_short_is_made_up_for() {
    let directory = TempDir::new().unwrap();
    sql(&directory, "PRAGMA journal_mode = WAL");
    let store = SqliteStore::open(directory.path()).unwrap();
    assert_eq!(store.documents().unwrap(), []);
}

/// An earlier format that never was: without remote heads.
const EARLIER: Format = Format {
    version: 0,
    schema: "
        CREATE TABLE store (id BLOB NOT NULL) STRICT;
        CREATE TABLE documents (
            id INTEGER PRIMARY KEY,
            document_id BLOB NOT NULL UNIQUE,
            name TEXT,
            heads BLOB NOT NULL,
            position INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE log (
            row INTEGER PRIMARY KEY,
            document INTEGER NOT NULL,
            chunk BLOB NOT NULL,
            checksum INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE settings (key TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT;",
    migrations: &[],
};

const LATER: Format = Format {
    migrations: &[Migration {
        from: 0,
        apply: |transaction| {
            transaction.execute_batch(
                "ALTER TABLE documents ADD COLUMN remote_heads BLOB;
                 ALTER TABLE documents ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;",
            )
        },
    }],
    ..CURRENT
};

fn fail_halfway(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch("DROP TABLE settings; DROP TABLE nothing")
}

const BROKEN: Format = Format {
    migrations: &[Migration {
        from: 0,
        apply: fail_halfway,
    }],
    ..CURRENT
};

/// A store of the earlier format with one document and one setting.
fn earlier() -> (TempDir, Uuid) {
    let directory = TempDir::new().unwrap();
    let store =
        SqliteStore::open_format(directory.path(), &StoreSettings::default(), &EARLIER).unwrap();
    let id = store.id();
    drop(store);
    sql(
        &directory,
        "INSERT INTO documents VALUES (1, x'01010101010101010101010101010101', 'sites', x'', 5);
         INSERT INTO settings VALUES ('network', x'61')",
    );
    (directory, id)
}

fn open(directory: &TempDir, format: &Format) -> Result<SqliteStore, OpenError> {
    SqliteStore::open_format(directory.path(), &StoreSettings::default(), format)
}

fn backups(directory: &TempDir) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("backup"))
        .collect();
    names.sort();
    names
}

#[test]
fn older_store_is_migrated_after_a_backup() {
    let (directory, id) = earlier();
    let store = open(&directory, &LATER).unwrap();
    assert_eq!(store.id(), id);
    assert_eq!(store.documents().unwrap()[0].name.as_deref(), Some("sites"));
    assert_eq!(store.setting("network").unwrap(), Some(vec![0x61]));
    assert_eq!(store.position().unwrap(), Position(5));
    drop(store);
    assert_eq!(backups(&directory), ["store.v0.backup"]);
    drop(open(&directory, &LATER).unwrap());
    assert_eq!(backups(&directory), ["store.v0.backup"]);

    let restored = TempDir::new().unwrap();
    std::fs::copy(
        directory.path().join("store.v0.backup"),
        restored.path().join(FILE),
    )
    .unwrap();
    let store = open(&restored, &LATER).unwrap();
    assert_eq!(store.setting("network").unwrap(), Some(vec![0x61]));
}

#[test]
fn failed_migration_leaves_the_store_as_it_was() {
    let (directory, _) = earlier();
    let error = open(&directory, &BROKEN).unwrap_err();
    let OpenError::Migration { backup, .. } = error else {
        panic!("{error}")
    };
    assert!(backup.is_file());
    let store = open(&directory, &LATER).unwrap();
    assert_eq!(store.setting("network").unwrap(), Some(vec![0x61]));
    assert_eq!(
        backups(&directory),
        ["store.v0.backup", "store.v0.backup.1"]
    );
}

#[test]
fn store_without_a_way_to_the_current_format_is_refused() {
    let (directory, _) = earlier();
    let error = SqliteStore::open(directory.path()).unwrap_err();
    assert!(
        matches!(
            error,
            OpenError::TooOld {
                found: 0,
                newest: 2,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(backups(&directory), Vec::<String>::new());
}

#[test]
fn damaged_document_is_named_and_the_others_are_served() {
    let directory = TempDir::new().unwrap();
    let mut store = SqliteStore::open(directory.path()).unwrap();
    for (number, name) in [
        (1, "sites"),
        (2, "people/zhanqian"),
        (3, "supplies/zhanqian"),
    ] {
        store.commit(&Commit::of(write(number, name, 3))).unwrap();
    }
    drop(store);
    sql(
        &directory,
        "UPDATE log SET chunk = CAST(substr(chunk, 1, 20) || x'ff' || substr(chunk, 22) AS BLOB)
         WHERE document = 2",
    );
    let store = SqliteStore::open(directory.path()).unwrap();
    assert_eq!(store.documents().unwrap().len(), 3);
    let reader = store.reader().unwrap();
    assert_eq!(reader.load(&id(1)).unwrap(), store.load(&id(1)).unwrap());
    assert!(!store.load(&id(3)).unwrap().is_empty());
    let error = store.load(&id(2)).unwrap_err();
    assert!(
        matches!(error, StoreError::Damaged { document, row: 2 } if document == id(2)),
        "{error}"
    );
    let problems = store.check().unwrap();
    assert_eq!(
        problems,
        [Problem::Document {
            document: id(2),
            name: Some("people/zhanqian".to_owned()),
            fault: Fault::Checksum { row: 2 },
        }]
    );
    let expected = format!(
        "document people/zhanqian ({}): log row 2 is damaged: its checksum does not match",
        id(2)
    );
    assert_eq!(problems[0].to_string(), expected);
}

#[test]
fn rows_that_were_lost_or_strayed_are_named() {
    let directory = TempDir::new().unwrap();
    let mut store = SqliteStore::open(directory.path()).unwrap();
    let changes = sample_changes(1, 3);
    for (hash, chunk) in &changes {
        store
            .commit(&Commit::of(DocumentWrite::changes(
                id(1),
                vec![chunk.clone()],
                vec![*hash],
            )))
            .unwrap();
    }
    store.commit(&Commit::of(write(2, "sites", 1))).unwrap();
    drop(store);
    sql(
        &directory,
        "DELETE FROM log WHERE row = 2;
         UPDATE log SET document = 1 WHERE row = 4;
         INSERT INTO log (row, document, first, count, checksum, chunk) VALUES (9, 77, 0, 0, 0, x'00')",
    );
    let store = SqliteStore::open(directory.path()).unwrap();
    let problems: Vec<String> = store
        .check()
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        problems,
        [
            "log row 9 belongs to no document".to_owned(),
            format!(
                "document {}: log row 4 is damaged: its checksum does not match",
                id(1)
            ),
            format!(
                "document sites ({}): its heads are {}, but its changes lead to none",
                id(2),
                sample_changes(2, 1)[0].0
            ),
        ]
    );
    drop(store);
    sql(&directory, "DELETE FROM log WHERE row IN (4, 9)");
    let problems = SqliteStore::open(directory.path())
        .unwrap()
        .check()
        .unwrap();
    assert_eq!(
        problems[0],
        Problem::Document {
            document: id(1),
            name: None,
            fault: Fault::MissingDependency {
                change: changes[2].0,
                missing: changes[1].0
            },
        }
    );
}

#[test]
fn damaged_pages_are_reported_and_do_not_stop_the_check() {
    let directory = TempDir::new().unwrap();
    let mut store = SqliteStore::open(directory.path()).unwrap();
    for number in 1..40 {
        store.commit(&Commit::of(write(number, "x", 100))).unwrap();
    }
    drop(store);
    let path = directory.path().join(FILE);
    let sound = std::fs::read(&path).unwrap();
    let pages = sound.len() / 4096;
    let mut reported = 0;
    // The first page holds the header: without it there is no store to open.
    for page in 1..pages {
        let mut damaged = sound.clone();
        for byte in &mut damaged[page * 4096..page * 4096 + 200] {
            *byte ^= 0x5a;
        }
        std::fs::write(&path, &damaged).unwrap();
        let Ok(store) = SqliteStore::open(directory.path()) else {
            reported += 1;
            continue;
        };
        let noticed = store.rebuilt().is_some() || !store.check().unwrap().is_empty();
        assert!(noticed, "damage to page {page} goes unnoticed");
        reported += 1;
    }
    assert_eq!(reported, pages - 1);
}

#[test]
fn reader_sees_what_was_committed_and_does_not_wait_for_a_commit() {
    let directory = TempDir::new().unwrap();
    let mut store = SqliteStore::open(directory.path()).unwrap();
    let reader = store.reader().unwrap();
    store.commit(&Commit::of(write(1, "sites", 2))).unwrap();
    assert_eq!(reader.load(&id(1)).unwrap(), store.load(&id(1)).unwrap());
    let transaction = store
        .connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .unwrap();
    rows::write(&transaction, &Commit::of(write(2, "x", 1)), Position(9)).unwrap();
    assert_eq!(reader.documents().unwrap().len(), 1);
    transaction.commit().unwrap();
    assert_eq!(reader.documents().unwrap().len(), 2);
}

#[test]
fn small_changes_share_rows_and_large_ones_do_not() {
    let directory = TempDir::new().unwrap();
    let mut store = SqliteStore::open(directory.path()).unwrap();
    let rows = |store: &SqliteStore| -> Vec<u32> {
        let mut statement = store
            .connection
            .prepare("SELECT length(chunk) FROM log ORDER BY row")
            .unwrap();
        statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    let sizes = [30_000, 30_000, 30_000, 10, 70_000, 20, 65_536, 65_537, 5];
    let chunks = sizes.map(|size| Bytes::from(vec![7; size])).to_vec();
    store
        .commit(&Commit::of(DocumentWrite::changes(
            id(1),
            chunks,
            Vec::new(),
        )))
        .unwrap();
    assert_eq!(
        rows(&store),
        [60_000, 30_010, 70_000, 20, 65_536, 65_537, 5]
    );
}
