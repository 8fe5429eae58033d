use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use rusqlite::Connection;
use yilian_core::document::DocumentId;
use yilian_core::storage::{Outline, Position, Quarantined, SnapshotInfo, StoredDocument};
use yilian_core::sync::engine::Fetched;
use yilian_core::sync::sync_state::Wanted;

use super::lock::DirectoryLock;
use super::{StoreError, noted, read, rows, salvage, shrink};

/// Reads a [`SqliteStore`](super::SqliteStore) through a connection of its own.
pub struct SqliteReader {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    #[expect(
        dead_code,
        reason = "held so that the directory stays locked while this reads in it"
    )]
    pub(super) lock: Arc<DirectoryLock>,
}

impl SqliteReader {
    /// As [`Store::load`](yilian_core::storage::Store::load).
    ///
    /// # Errors
    /// As there.
    pub fn load(&self, id: &DocumentId) -> Result<Vec<Bytes>, StoreError> {
        noted(&self.path, read::load(&self.connection, id))
    }

    /// As [`Store::outline`](yilian_core::storage::Store::outline).
    ///
    /// # Errors
    /// As there.
    pub fn outline(&self, id: &DocumentId) -> Result<Outline, StoreError> {
        noted(&self.path, read::outline(&self.connection, id))
    }

    /// As [`Store::fetch`](yilian_core::storage::Store::fetch) and [`Store::snapshot`](yilian_core::storage::Store::snapshot),
    /// but it ends with the row that makes it more than `bytes_max` bytes.
    ///
    /// # Errors
    /// As there.
    pub fn fetch(
        &self,
        id: &DocumentId,
        wanted: &Wanted,
        bytes_max: usize,
    ) -> Result<Fetched, StoreError> {
        let parts = read::fetch(&self.connection, id, &wanted.changes, bytes_max);
        let parts = noted(&self.path, parts)?;
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
        noted(&self.path, salvage::is_sound(&self.connection, id))
    }

    /// As [`Store::rest`](yilian_core::storage::Store::rest).
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

    /// One document of those that [`Store::documents`](yilian_core::storage::Store::documents) lists, if it is there.
    ///
    /// # Errors
    /// As there.
    pub fn document(&self, id: &DocumentId) -> Result<Option<StoredDocument>, StoreError> {
        rows::document(&self.connection, id)
    }

    /// Documents that moved after `position`, by position.
    ///
    /// # Errors
    /// As [`Store::documents`](yilian_core::storage::Store::documents).
    pub fn documents_since(&self, position: Position) -> Result<Vec<StoredDocument>, StoreError> {
        rows::documents_since(&self.connection, position)
    }

    /// As [`Store::setting`](yilian_core::storage::Store::setting).
    ///
    /// # Errors
    /// As there.
    pub fn setting(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        read::setting(&self.connection, key)
    }

    /// What of a document is in quarantine.
    ///
    /// # Errors
    /// As [`Store::setting`](yilian_core::storage::Store::setting).
    pub fn quarantined(&self, id: &DocumentId) -> Result<Vec<Quarantined>, StoreError> {
        read::quarantined(&self.connection, id)
    }

    /// As [`Store::documents`](yilian_core::storage::Store::documents).
    ///
    /// # Errors
    /// As there.
    pub fn documents(&self) -> Result<Vec<StoredDocument>, StoreError> {
        rows::documents(&self.connection)
    }
}

impl fmt::Debug for SqliteReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteReader").finish_non_exhaustive()
    }
}
