use std::ops::Range;

use bytes::Bytes;
use uuid::Uuid;

use super::{Commit, Outline, Packing, Part, Position, Problem, Salvage, Snapshot, StoredDocument};
use crate::document::DocumentId;
use crate::sync::chunk::count_chunks;

/// A place where documents are kept. See the [module](crate::storage) for what it promises.
///
/// One process at a time uses a store, and within it one writer. Methods may block on the disk. A store that packs
/// nothing has [`Store::outline`], [`Store::fetch`], [`Store::snapshot`] and [`Store::pack`] for free.
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

    /// What a graph of the document's changes is made of: as [`Store::load`], but without the bytes of packed changes.
    ///
    /// # Errors
    /// As there.
    fn outline(&self, id: &DocumentId) -> Result<Outline, Self::Error> {
        Ok(Outline::of_chunks(self.load(id)?))
    }

    /// The bytes of changes by their numbers, counted from 0 within the document: whole rows, so there may be more
    /// than was asked for. Changes that are not there are left out.
    ///
    /// # Errors
    /// As there.
    fn fetch(&self, id: &DocumentId, wanted: &[Range<u32>]) -> Result<Vec<Part>, Self::Error> {
        let touches = |part: &Part| {
            let end = part.first + count_chunks(&part.bytes);
            let wants = |wanted: &Range<u32>| wanted.start < end && part.first < wanted.end;
            wanted.iter().any(wants)
        };
        let mut parts = Outline::of_chunks(self.load(id)?).into_parts();
        parts.retain(touches);
        Ok(parts)
    }

    /// The document's snapshot, if it has one.
    ///
    /// # Errors
    /// As there.
    fn snapshot(&self, id: &DocumentId) -> Result<Option<Snapshot>, Self::Error> {
        let _ = id;
        Ok(None)
    }

    /// Replaces a part of a document's log by something smaller that says the same, and returns once that is durable.
    /// No position moves, since nothing new is said. What does not fit the rows that are there, because they were replaced
    /// meanwhile, is left aside: then the answer is false.
    ///
    /// # Errors
    /// The medium failed: everything is as before.
    fn pack(&mut self, id: &DocumentId, packing: &Packing) -> Result<bool, Self::Error> {
        let _ = (id, packing);
        Ok(false)
    }

    /// Sets aside what is damaged of a document, so that the rest of it can be loaded and the lost changes be taken again
    /// from whoever has them, and returns once that is durable. Numbers of its changes are other ones afterwards. `None`
    /// where nothing is damaged, and nothing was done.
    ///
    /// # Errors
    /// The medium failed, or is damaged in a way that leaves nothing to keep: everything is as before.
    fn salvage(&mut self, id: &DocumentId) -> Result<Option<Salvage>, Self::Error> {
        let _ = id;
        Ok(None)
    }

    /// Nothing has been asked for a while: memory that only saves time may go.
    fn rest(&mut self) {}

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
