//! The file's format: how it is known, created and brought up to date.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use yilian_core::sync::chunk::count_chunks;

use super::Synchronous;
use super::error::{BackupError, OpenError};
use crate::identity;

/// "YiLn", in the header of every store.
pub(super) const APPLICATION_ID: i32 = 0x5969_4c6e;

/// How long to wait for SQLite's own locks. The directory's lock keeps other processes out, so only a backup tool that
/// reads the file can hold one.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The write-ahead log is moved into the file when it has this many pages (4 KiB each).
const CHECKPOINT_PAGES: u32 = 1_000;

/// After a checkpoint the write-ahead log is cut to this size, which a long read may have let it outgrow.
const WAL_BYTES_MAX: u32 = 64 * 1024 * 1024;

/// A format and the way to it from earlier ones.
#[derive(Debug)]
pub(super) struct Format {
    /// What `user_version` says.
    pub(super) version: u32,
    /// The tables of a new store, without its id.
    pub(super) schema: &'static str,
    /// Steps from earlier versions, oldest first, each to the next one.
    pub(super) migrations: &'static [Migration],
}

/// The step from one version to the next.
#[derive(Debug)]
pub(super) struct Migration {
    pub(super) from: u32,
    pub(super) apply: fn(&Transaction<'_>) -> rusqlite::Result<()>,
}

pub(super) const CURRENT: Format = Format {
    version: 2,
    // A row of the log holds changes `first..first + count` of its document, as they came or, where there are nodes,
    // packed. What a graph needs stands before the bytes, so that SQLite reads it without them.
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
            position INTEGER NOT NULL,
            changes INTEGER NOT NULL DEFAULT 0,
            packed INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE TABLE log (
            row INTEGER PRIMARY KEY,
            document INTEGER NOT NULL,
            first INTEGER NOT NULL,
            count INTEGER NOT NULL,
            nodes_checksum INTEGER,
            checksum INTEGER NOT NULL,
            nodes BLOB,
            chunk BLOB NOT NULL
        ) STRICT;
        CREATE INDEX log_document ON log (document, first);
        CREATE TABLE snapshots (
            document INTEGER PRIMARY KEY,
            count INTEGER NOT NULL,
            length INTEGER NOT NULL,
            checksum INTEGER NOT NULL,
            heads BLOB NOT NULL CHECK (length(heads) % 32 = 0),
            chunk BLOB NOT NULL
        ) STRICT;
        CREATE TABLE settings (
            key TEXT PRIMARY KEY NOT NULL,
            value BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;",
    migrations: &[Migration {
        from: 1,
        apply: number_changes,
    }],
};

/// Gives every row of the log the number of its first change, and room for packed ones.
fn number_changes(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(
        "ALTER TABLE documents ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
         ALTER TABLE documents ADD COLUMN packed INTEGER NOT NULL DEFAULT 0;
         ALTER TABLE log RENAME TO log_before;
         DROP INDEX log_document;
         CREATE TABLE log (
            row INTEGER PRIMARY KEY,
            document INTEGER NOT NULL,
            first INTEGER NOT NULL,
            count INTEGER NOT NULL,
            nodes_checksum INTEGER,
            checksum INTEGER NOT NULL,
            nodes BLOB,
            chunk BLOB NOT NULL
         ) STRICT;
         CREATE TABLE snapshots (
            document INTEGER PRIMARY KEY,
            count INTEGER NOT NULL,
            length INTEGER NOT NULL,
            checksum INTEGER NOT NULL,
            heads BLOB NOT NULL CHECK (length(heads) % 32 = 0),
            chunk BLOB NOT NULL
         ) STRICT;",
    )?;
    let mut rows = transaction
        .prepare("SELECT row, document, checksum, chunk FROM log_before ORDER BY document, row")?;
    let mut rows = rows.query([])?;
    let mut insert = transaction.prepare(
        "INSERT INTO log (row, document, first, count, checksum, chunk) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let mut note = transaction.prepare("UPDATE documents SET changes = ?2 WHERE id = ?1")?;
    let (mut document, mut first) = (0_i64, 0_u32);
    while let Some(row) = rows.next()? {
        let chunk = row.get_ref(3)?.as_blob()?;
        let of: i64 = row.get(1)?;
        if of != document {
            (document, first) = (of, 0);
        }
        // A damaged row counts for what can be made out; whoever loads it sees the checksum.
        let count = count_chunks(chunk);
        let (number, checksum): (i64, i64) = (row.get(0)?, row.get(2)?);
        insert.execute(params![number, document, first, count, checksum, chunk])?;
        first += count;
        note.execute(params![document, first])?;
    }
    transaction
        .execute_batch("DROP TABLE log_before; CREATE INDEX log_document ON log (document, first)")
}

impl Format {
    /// Makes an opened file a store of this format: a new one, or an older one brought up to date after a backup.
    /// Nothing is written to a file that is refused.
    pub(super) fn prepare(
        &self,
        connection: &mut Connection,
        path: &Path,
        synchronous: Synchronous,
    ) -> Result<(), OpenError> {
        let failed = |source| OpenError::of_sqlite(path, source);
        connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
        let found = self.recognise(connection, path)?;
        configure(connection, path, synchronous)?;
        match found {
            None => self.create(connection, path),
            Some(version) if version < self.version => self.migrate(connection, path, version),
            Some(_) => Ok(()),
        }
    }

    /// The format of a file; `None` if the file is new.
    fn recognise(&self, connection: &Connection, path: &Path) -> Result<Option<u32>, OpenError> {
        let read = || -> rusqlite::Result<(i32, u32, bool)> {
            let application = pragma(connection, "application_id")?;
            let version = pragma(connection, "user_version")?;
            let tables =
                connection.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| {
                    row.get(0)
                })?;
            Ok((application, version.cast_unsigned(), tables))
        };
        let path = path.to_owned();
        match read().map_err(|source| OpenError::of_sqlite(&path, source))? {
            (0, 0, false) => Ok(None),
            (APPLICATION_ID, found, _) if found > self.version => Err(OpenError::TooNew {
                path,
                found,
                newest: self.version,
            }),
            (APPLICATION_ID, found, _) => Ok(Some(found)),
            _ => Err(OpenError::NotAStore { path }),
        }
    }

    pub(super) fn create(&self, connection: &mut Connection, path: &Path) -> Result<(), OpenError> {
        let failed = |source| OpenError::of_sqlite(path, source);
        let id = identity::random_uuid().map_err(OpenError::Random)?;
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        let write = || -> rusqlite::Result<()> {
            transaction.execute_batch(self.schema)?;
            transaction.execute("INSERT INTO store (id) VALUES (?1)", [id.as_bytes()])?;
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.pragma_update(None, "user_version", self.version)
        };
        write().and_then(|()| transaction.commit()).map_err(failed)
    }

    fn migrate(
        &self,
        connection: &mut Connection,
        path: &Path,
        found: u32,
    ) -> Result<(), OpenError> {
        let steps = self
            .migrations
            .iter()
            .position(|migration| migration.from == found)
            .and_then(|first| self.migrations.get(first..))
            .ok_or_else(|| OpenError::TooOld {
                path: path.to_owned(),
                found,
                newest: self.version,
            })?;
        let backup = back_up(connection, path, found).map_err(|source| OpenError::Backup {
            path: path.to_owned(),
            source,
        })?;
        let mut migrate = || -> rusqlite::Result<()> {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for step in steps {
                (step.apply)(&transaction)?;
            }
            transaction.pragma_update(None, "user_version", self.version)?;
            transaction.commit()
        };
        migrate().map_err(|source| OpenError::Migration {
            path: path.to_owned(),
            backup,
            source,
        })
    }
}

fn configure(
    connection: &Connection,
    path: &Path,
    synchronous: Synchronous,
) -> Result<(), OpenError> {
    let failed = |source| OpenError::of_sqlite(path, source);
    let mode: String = connection
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .map_err(failed)?;
    if mode != "wal" {
        return Err(OpenError::NoWriteAheadLog {
            path: path.to_owned(),
            mode,
        });
    }
    let synchronous = match synchronous {
        Synchronous::Full => "FULL",
        Synchronous::Normal => "NORMAL",
    };
    connection
        .pragma_update(None, "synchronous", synchronous)
        .and_then(|()| connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES))
        .and_then(|()| connection.pragma_update(None, "journal_size_limit", WAL_BYTES_MAX))
        .map_err(failed)
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

/// Copies the store beside itself, durably, and says where to. Earlier backups stay.
fn back_up(connection: &Connection, path: &Path, version: u32) -> Result<PathBuf, BackupError> {
    let target = (0..)
        .map(|number| match number {
            0 => path.with_extension(format!("v{version}.backup")),
            _ => path.with_extension(format!("v{version}.backup.{number}")),
        })
        .find(|candidate: &PathBuf| !candidate.exists())
        .unwrap_or_else(|| path.with_extension("backup"));
    let unfinished = path.with_extension("backup.unfinished");
    let copy = || -> rusqlite::Result<()> {
        let mut copy = Connection::open(&unfinished)?;
        // One step for all pages: nobody else is there to be let in between.
        let result = Backup::new(connection, &mut copy)?.step(-1)?;
        match result {
            StepResult::Done => Ok(()),
            _ => Err(rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY),
                None,
            )),
        }
    };
    let remove = || match std::fs::remove_file(&unfinished) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    };
    remove().map_err(BackupError::Place)?;
    copy().map_err(BackupError::Copy)?;
    File::options()
        .write(true)
        .open(&unfinished)
        .and_then(|file| file.sync_all())
        .and_then(|()| std::fs::rename(&unfinished, &target))
        .and_then(|()| sync_directory(&target))
        .map_err(BackupError::Place)?;
    Ok(target)
}

/// Makes a rename durable, where directories can be synced.
pub(super) fn sync_directory(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(directory) if cfg!(unix) => File::open(directory)?.sync_all(),
        _ => Ok(()),
    }
}
