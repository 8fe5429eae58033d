use bytes::Bytes;
use uuid::Uuid;

use super::{Commit, Position, Problem, StoredDocument};
use crate::document::DocumentId;

/// A place where documents are kept. See the [module](crate::storage) for what it promises.
///
/// One process at a time uses a store, and within it one writer. Methods may block on the disk.
pub trait Store: Send {
    /// What went wrong with the medium. A store that returned an error may be used on.
    type Error: std::error::Error + Send + Sync + 'static;

    /// The store's own id, made once when it was created: what other peers call its storage id.
    fn id(&self) -> Uuid;

    /// Commits all of it or nothing, and returns once it is durable.
    ///
    /// The position is the one after this commit. It grows when a document gained changes, other heads or a name, and
    /// stays where it was for settings and acknowledgements alone.
    ///
    /// # Errors
    /// Nothing of the commit is there; what was committed before it still is.
    fn commit(&mut self, commit: &Commit) -> Result<Position, Self::Error>;

    /// The position after the last commit.
    ///
    /// # Errors
    /// The medium failed.
    fn position(&self) -> Result<Position, Self::Error>;

    /// All documents, by id, without reading their changes.
    ///
    /// # Errors
    /// The medium failed, or the list itself is damaged.
    fn documents(&self) -> Result<Vec<StoredDocument>, Self::Error>;

    /// A document's changes in the order they were appended, empty if there is no such document. Each chunk holds one
    /// or more whole Automerge chunks; where one ends and the next begins may differ from what was committed.
    ///
    /// # Errors
    /// The medium failed, or this document's changes are damaged. Other documents are not affected.
    fn load(&self, id: &DocumentId) -> Result<Vec<Bytes>, Self::Error>;

    /// A setting's value.
    ///
    /// # Errors
    /// The medium failed.
    fn setting(&self, key: &str) -> Result<Option<Vec<u8>>, Self::Error>;

    /// Reads everything and says what is wrong with it; empty if nothing is. Changes nothing. Takes as long as reading
    /// the whole store.
    ///
    /// # Errors
    /// The medium failed in a way that leaves nothing to say about the rest.
    fn check(&self) -> Result<Vec<Problem>, Self::Error>;
}
