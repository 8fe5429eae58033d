use bytes::Bytes;
use yilian_core::document::DocumentId;
use yilian_core::storage::{Outline, Quarantined, StoredDocument};
use yilian_core::sync::engine::Fetched;
use yilian_core::sync::sync_state::Wanted;

use super::{SqliteReader, StoreError};

/// What reads a store beside its [`Writer`](super::Writer), and sees what was committed.
pub trait StoreReader: Send {
    /// What went wrong with the medium.
    type Error: std::error::Error + Send + Sync + 'static;

    /// As [`Store::documents`](yilian_core::storage::Store::documents).
    ///
    /// # Errors
    /// As there.
    fn documents(&self) -> Result<Vec<StoredDocument>, Self::Error>;

    /// One of them, if it is there.
    ///
    /// # Errors
    /// As there.
    fn document(&self, id: &DocumentId) -> Result<Option<StoredDocument>, Self::Error>;

    /// As [`Store::load`](yilian_core::storage::Store::load).
    ///
    /// # Errors
    /// As there.
    fn load(&self, id: &DocumentId) -> Result<Vec<Bytes>, Self::Error>;

    /// As [`Store::outline`](yilian_core::storage::Store::outline).
    ///
    /// # Errors
    /// As there.
    fn outline(&self, id: &DocumentId) -> Result<Outline, Self::Error>;

    /// Bytes of changes and the snapshot; ends with the row that makes it more than `bytes_max` bytes.
    ///
    /// # Errors
    /// As for [`Store::fetch`](yilian_core::storage::Store::fetch).
    fn fetch(
        &self,
        id: &DocumentId,
        wanted: &Wanted,
        bytes_max: usize,
    ) -> Result<Fetched, Self::Error>;

    /// What of a document is in quarantine.
    ///
    /// # Errors
    /// The medium failed.
    fn quarantined(&self, id: &DocumentId) -> Result<Vec<Quarantined>, Self::Error>;

    /// Whether all rows of a document are there, and as they were written.
    ///
    /// # Errors
    /// The medium failed.
    fn is_sound(&self, id: &DocumentId) -> Result<bool, Self::Error>;

    /// Documents of which at least `changes_min` changes are not packed.
    ///
    /// # Errors
    /// The medium failed.
    fn unpacked(&self, changes_min: u32) -> Result<Vec<DocumentId>, Self::Error>;

    /// Whether the error says that something of the document is damaged, and can be set aside.
    fn is_damage(error: &Self::Error) -> bool;

    /// Nothing has been asked for a while: memory that only saves time may go.
    fn rest(&self) {}
}

impl StoreReader for SqliteReader {
    type Error = StoreError;

    fn documents(&self) -> Result<Vec<StoredDocument>, StoreError> {
        self.documents()
    }

    fn document(&self, id: &DocumentId) -> Result<Option<StoredDocument>, StoreError> {
        self.document(id)
    }

    fn load(&self, id: &DocumentId) -> Result<Vec<Bytes>, StoreError> {
        self.load(id)
    }

    fn outline(&self, id: &DocumentId) -> Result<Outline, StoreError> {
        self.outline(id)
    }

    fn fetch(
        &self,
        id: &DocumentId,
        wanted: &Wanted,
        bytes_max: usize,
    ) -> Result<Fetched, StoreError> {
        self.fetch(id, wanted, bytes_max)
    }

    fn quarantined(&self, id: &DocumentId) -> Result<Vec<Quarantined>, StoreError> {
        self.quarantined(id)
    }

    fn is_sound(&self, id: &DocumentId) -> Result<bool, StoreError> {
        self.is_sound(id)
    }

    fn unpacked(&self, changes_min: u32) -> Result<Vec<DocumentId>, StoreError> {
        self.unpacked(changes_min)
    }

    fn is_damage(error: &StoreError) -> bool {
        matches!(error, StoreError::Damaged { .. })
    }

    fn rest(&self) {
        self.rest();
    }
}
