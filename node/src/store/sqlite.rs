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
    Commit, Outline, Packing, Part, Position, Problem, Quarantined, Salvage, Snapshot,
    SnapshotInfo, Store, StoredDocument,
};
use yilian_core::sync::engine::Fetched;
use yilian_core::sync::sync_state::Wanted;

mod check;
mod error;
mod format;
mod lock;
mod pack;
mod read;
mod rows;
mod salvage;
mod wal;

pub use error::{OpenError, StoreError};
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
        let lost_commits = lost_commits(&path);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&path, flags)
            .map_err(|source| OpenError::of_sqlite(&path, source))?;
        format.prepare(&mut connection, &path, settings.synchronous)?;
        let state = || -> rusqlite::Result<_> {
            Ok((rows::store_id(&connection)?, rows::position(&connection)?))
        };
        let (id, position) = state().map_err(|source| OpenError::of_sqlite(&path, source))?;
        Ok(Self {
            connection,
            path,
            id,
            position,
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
        if write().map_err(sqlite(Action::Commit))? {
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
        write().map_err(sqlite(Action::Pack))
    }

    fn salvage(&mut self, id: &DocumentId) -> Result<Option<Salvage>, StoreError> {
        let next = self.position.next();
        let failed = sqlite(Action::Salvage);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(&failed)?;
        let salvaged = salvage::salvage(&transaction, id, next)?;
        if salvaged.is_some() {
            transaction.commit().map_err(&failed)?;
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

/// Reads a [`SqliteStore`] through a connection of its own.
pub struct SqliteReader {
    connection: Connection,
    #[expect(
        dead_code,
        reason = "held so that the directory stays locked while this reads in it"
    )]
    lock: Arc<DirectoryLock>,
}

impl SqliteReader {
    /// As [`Store::load`].
    ///
    /// # Errors
    /// As there.
    pub fn load(&self, id: &DocumentId) -> Result<Vec<Bytes>, StoreError> {
        read::load(&self.connection, id)
    }

    /// As [`Store::outline`].
    ///
    /// # Errors
    /// As there.
    pub fn outline(&self, id: &DocumentId) -> Result<Outline, StoreError> {
        read::outline(&self.connection, id)
    }

    /// As [`Store::fetch`] and [`Store::snapshot`], but it ends with the row that makes it more than `bytes_max` bytes.
    ///
    /// # Errors
    /// As there.
    pub fn fetch(
        &self,
        id: &DocumentId,
        wanted: &Wanted,
        bytes_max: usize,
    ) -> Result<Fetched, StoreError> {
        let parts = read::fetch(&self.connection, id, &wanted.changes, bytes_max)?;
        let snapshot = match wanted.snapshot {
            true => read::snapshot(&self.connection, id)?,
            false => None,
        };
        Ok(Fetched {
            parts,
            snapshot: match &snapshot {
                Some(snapshot) => Some(SnapshotInfo::of(snapshot)),
                None if wanted.snapshot => None,
                None => read::snapshot_of(&self.connection, id)?,
            },
            snapshot_bytes: snapshot.map(|snapshot| snapshot.bytes),
        })
    }

    /// Whether all rows of a document are there, and as they were written.
    ///
    /// # Errors
    /// The medium failed.
    pub fn is_sound(&self, id: &DocumentId) -> Result<bool, StoreError> {
        salvage::is_sound(&self.connection, id)
    }

    /// As [`Store::rest`].
    pub fn rest(&self) {
        shrink(&self.connection);
    }

    /// Documents of which at least `changes_min` changes are not packed.
    ///
    /// # Errors
    /// The medium failed.
    pub fn unpacked(&self, changes_min: u32) -> Result<Vec<DocumentId>, StoreError> {
        read::unpacked(&self.connection, changes_min)
    }

    /// One document of those that [`Store::documents`] lists, if it is there.
    ///
    /// # Errors
    /// As there.
    pub fn document(&self, id: &DocumentId) -> Result<Option<StoredDocument>, StoreError> {
        rows::document(&self.connection, id)
    }

    /// Documents that moved after `position`, by position.
    ///
    /// # Errors
    /// As [`Store::documents`].
    pub fn documents_since(&self, position: Position) -> Result<Vec<StoredDocument>, StoreError> {
        rows::documents_since(&self.connection, position)
    }

    /// As [`Store::setting`].
    ///
    /// # Errors
    /// As there.
    pub fn setting(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        read::setting(&self.connection, key)
    }

    /// What of a document is in quarantine.
    ///
    /// # Errors
    /// As [`Store::setting`].
    pub fn quarantined(&self, id: &DocumentId) -> Result<Vec<Quarantined>, StoreError> {
        read::quarantined(&self.connection, id)
    }

    /// As [`Store::documents`].
    ///
    /// # Errors
    /// As there.
    pub fn documents(&self) -> Result<Vec<StoredDocument>, StoreError> {
        rows::documents(&self.connection)
    }
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

impl fmt::Debug for SqliteReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteReader").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
