use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use tracing::{error, warn};
use uuid::Uuid;
use yilian_core::document::DocumentId;
use yilian_core::storage::{
    Commit, Outline, Packing, Part, Position, Problem, Salvage, Snapshot, Store, StoredDocument,
};

mod check;
mod error;
mod format;
mod lock;
mod pack;
mod pages;
mod read;
mod reader;
mod rebuild;
mod rows;
mod salvage;
mod wal;

pub use error::{OpenError, StoreError};
pub use reader::SqliteReader;
pub use rebuild::{RebuildError, Rebuilt};
pub use salvage::Lacking;

use error::{Action, sqlite};
use lock::DirectoryLock;

/// A store in a directory: one SQLite file (`store.sqlite`, with SQLite's own files beside it) and a lock.
///
/// One process at a time has it open. Documents are rows of a log in the order they came, old ones packed; each row carries
/// a checksum over the document's id and its bytes, so that a damaged row is noticed and named instead of being served.
pub struct SqliteStore {
    // Declared before the lock, and so closed before it is given up.
    connection: Connection,
    path: PathBuf,
    id: Uuid,
    position: Position,
    lost_commits: usize,
    lock: Arc<DirectoryLock>,
}

/// How to open a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreSettings {
    /// Whether to create it, directory included, if it is not there. Default: yes.
    pub create: bool,
    /// What a commit waits for. Default: [`Synchronous::Full`].
    pub synchronous: Synchronous,
}

/// What a commit waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Synchronous {
    /// The disk: what was committed survives loss of power.
    Full,
    /// The operating system: what was committed survives a crash of the process, but the last commits may be lost with
    /// power. For benchmarks, and for what can be had again.
    Normal,
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self {
            create: true,
            synchronous: Synchronous::Full,
        }
    }
}

const FILE: &str = "store.sqlite";

impl SqliteStore {
    /// Opens the store in a directory with the default settings: creates it if it is not there, and migrates an older
    /// one after a backup.
    ///
    /// # Errors
    /// See [`OpenError`]. A file that is refused is not changed.
    pub fn open(directory: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::open_with(directory, &StoreSettings::default())
    }

    /// Opens the store in a directory.
    ///
    /// # Errors
    /// See [`OpenError`]. A file that is refused is not changed.
    pub fn open_with(
        directory: impl AsRef<Path>,
        settings: &StoreSettings,
    ) -> Result<Self, OpenError> {
        Self::open_format(directory.as_ref(), settings, &format::CURRENT)
    }

    /// Whether there is a store in a directory, or at least the file of one.
    #[must_use]
    pub fn is_at(directory: impl AsRef<Path>) -> bool {
        directory.as_ref().join(FILE).is_file()
    }

    fn open_format(
        directory: &Path,
        settings: &StoreSettings,
        format: &format::Format,
    ) -> Result<Self, OpenError> {
        if !settings.create && !Self::is_at(directory) {
            return Err(OpenError::Missing {
                directory: directory.to_owned(),
            });
        }
        std::fs::create_dir_all(directory).map_err(|source| OpenError::Directory {
            directory: directory.to_owned(),
            source,
        })?;
        let lock = DirectoryLock::take(directory)?;
        let path = directory.join(FILE);
        let cannot = |source| OpenError::Rebuild {
            path: path.clone(),
            source,
        };
        rebuild::finish(&path).map_err(cannot)?;
        let lost_commits = lost_commits(&path);
        let connected = match rebuild::is_asked(&path) {
            true => None,
            false => Some(Connected::open(&path, settings, format)),
        };
        let connected = match connected {
            Some(Ok(connected)) if connected.is_sound => connected,
            Some(Err(error)) if !error.is_damage() => return Err(error),
            found => {
                // What is open of the old file is closed before it is moved.
                let found = found.map(|found| found.map(drop));
                match (rebuild::rebuild(&path, format), found) {
                    (Ok(Some(_)), _) => {}
                    (Ok(None), Some(Err(error))) => return Err(error),
                    (Err(source), Some(Err(_))) => return Err(cannot(source)),
                    // It was asked for, or the list does not read: what can be read without it is served all the same.
                    (Ok(None), _) => {}
                    (Err(error), _) => {
                        let error = crate::errors::chain(&error);
                        warn!(file = %path.display(), error, "the store's file is damaged, and cannot be written anew");
                    }
                }
                Connected::open(&path, settings, format)?
            }
        };
        Ok(Self {
            connection: connected.connection,
            path,
            id: connected.id,
            position: connected.position,
            lost_commits,
            lock: Arc::new(lock),
        })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many commits were lost because the write-ahead log was damaged before them when this was opened. Who has what was
    /// in them brings it again.
    #[must_use]
    pub fn lost_commits(&self) -> usize {
        self.lost_commits
    }

    /// Documents of which changes were damaged and set aside, and have not come back.
    ///
    /// # Errors
    /// The medium failed.
    pub fn lacking(&self) -> Result<Vec<Lacking>, StoreError> {
        salvage::lacking(&self.connection)
    }

    /// Documents of which something is in quarantine.
    ///
    /// # Errors
    /// The medium failed.
    pub fn with_quarantine(&self) -> Result<Vec<DocumentId>, StoreError> {
        read::with_quarantine(&self.connection)
    }

    /// What became of the store, if its file was once so damaged that it was written anew.
    #[must_use]
    pub fn rebuilt(&self) -> Option<Rebuilt> {
        rebuild::rebuilt(&self.connection)
    }

    /// Has the file written anew from what can be read of it when it is opened next. A store asks for it by itself once
    /// SQLite finds the file damaged.
    pub fn ask_to_rebuild(&self) {
        rebuild::ask(&self.path);
    }

    /// A second connection that only reads, at the same time as this one writes. It sees every commit that has returned
    /// before it is asked. The directory stays locked until it is dropped too.
    ///
    /// # Errors
    /// SQLite cannot open the file once more.
    pub fn reader(&self) -> Result<SqliteReader, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = || -> rusqlite::Result<Connection> {
            let connection = Connection::open_with_flags(&self.path, flags)?;
            connection.busy_timeout(format::BUSY_TIMEOUT)?;
            Ok(connection)
        };
        Ok(SqliteReader {
            connection: open().map_err(sqlite(Action::Open))?,
            path: self.path.clone(),
            lock: Arc::clone(&self.lock),
        })
    }
}

impl Store for SqliteStore {
    type Error = StoreError;

    fn id(&self) -> Uuid {
        self.id
    }

    fn commit(&mut self, commit: &Commit) -> Result<Position, StoreError> {
        if commit.is_empty() {
            return Ok(self.position);
        }
        let next = self.position.next();
        let mut write = || -> rusqlite::Result<bool> {
            let transaction = self
                .connection
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            let moved = rows::write(&transaction, commit, next)?;
            transaction.commit()?;
            Ok(moved)
        };
        let written = write().map_err(sqlite(Action::Commit));
        if noted(&self.path, written)? {
            self.position = next;
        }
        Ok(self.position)
    }

    fn position(&self) -> Result<Position, StoreError> {
        Ok(self.position)
    }

    fn documents(&self) -> Result<Vec<StoredDocument>, StoreError> {
        rows::documents(&self.connection)
    }

    fn load(&self, id: &DocumentId) -> Result<Vec<Bytes>, StoreError> {
        read::load(&self.connection, id)
    }

    fn outline(&self, id: &DocumentId) -> Result<Outline, StoreError> {
        read::outline(&self.connection, id)
    }

    fn fetch(&self, id: &DocumentId, wanted: &[Range<u32>]) -> Result<Vec<Part>, StoreError> {
        read::fetch(&self.connection, id, wanted, usize::MAX)
    }

    fn snapshot(&self, id: &DocumentId) -> Result<Option<Snapshot>, StoreError> {
        read::snapshot(&self.connection, id)
    }

    fn pack(&mut self, id: &DocumentId, packing: &Packing) -> Result<bool, StoreError> {
        let mut write = || -> rusqlite::Result<bool> {
            let transaction = self
                .connection
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            let fits = pack::pack(&transaction, id, packing)?;
            transaction.commit()?;
            Ok(fits)
        };
        let packed = write().map_err(sqlite(Action::Pack));
        noted(&self.path, packed)
    }

    fn salvage(&mut self, id: &DocumentId) -> Result<Option<Salvage>, StoreError> {
        let next = self.position.next();
        let failed = sqlite(Action::Salvage);
        let mut salvage = || {
            let transaction = self
                .connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(&failed)?;
            let salvaged = salvage::salvage(&transaction, id, next, false)?;
            if salvaged.is_some() {
                transaction.commit().map_err(&failed)?;
            }
            Ok(salvaged)
        };
        let salvaged = salvage();
        let salvaged = noted(&self.path, salvaged)?;
        if salvaged.is_some() {
            self.position = next;
        }
        Ok(salvaged)
    }

    fn rest(&mut self) {
        shrink(&self.connection);
    }

    fn setting(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        read::setting(&self.connection, key)
    }

    fn check(&self) -> Result<Vec<Problem>, StoreError> {
        Ok(check::check(&self.connection))
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        // Everything committed is durable without it; it only saves the next opening the work, so a failure is nobody's
        // concern. A reader that is still open keeps SQLite from doing it by itself.
        let _ = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore")
            .field("path", &self.path)
            .field("id", &self.id)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

/// A connection to a store's file, and what was read of it first.
struct Connected {
    connection: Connection,
    id: Uuid,
    position: Position,
    /// Whether the list of documents reads.
    is_sound: bool,
}

impl Connected {
    fn open(
        path: &Path,
        settings: &StoreSettings,
        format: &format::Format,
    ) -> Result<Self, OpenError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let failed = |source| OpenError::of_sqlite(path, source);
        let mut connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        format.prepare(&mut connection, path, settings.synchronous)?;
        let id = rows::store_id(&connection).map_err(failed)?;
        let position = rows::position(&connection).map_err(failed)?;
        // Both are small, and needed before anything else.
        let settings = connection
            .query_row(
                "SELECT count(*), sum(length(value)) FROM settings",
                [],
                |_| Ok(()),
            )
            .map_err(sqlite(Action::Read));
        let is_sound = match settings.and_then(|()| rows::documents(&connection)) {
            Err(StoreError::DamagedList { .. } | StoreError::Malformed { .. }) => false,
            // Another trouble tells whoever asks next.
            Ok(_) | Err(_) => true,
        };
        Ok(Self {
            connection,
            id,
            position,
            is_sound,
        })
    }
}

/// Has the file rebuilt at the next start where SQLite has just found it damaged.
fn noted<T>(path: &Path, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
    if let Err(StoreError::Malformed { .. }) = &outcome {
        rebuild::ask(path);
    }
    outcome
}

/// Says it if commits are lost.
fn lost_commits(path: &Path) -> usize {
    match wal::keep_lost(path) {
        Ok(0) => 0,
        Ok(commits) => {
            error!(file = %path.display(), commits, "the write-ahead log is damaged, and what stood behind the damage is lost; peers that have it bring it again");
            commits
        }
        Err(error) => {
            warn!(file = %path.display(), %error, "the write-ahead log cannot be looked at");
            0
        }
    }
}

/// Empties SQLite's page cache.
fn shrink(connection: &Connection) {
    // Should it fail, what it would have freed is still bounded.
    let _ = connection.execute_batch("PRAGMA shrink_memory");
}

#[cfg(test)]
mod tests;
