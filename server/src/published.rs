use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use automerge::ChangeHash;
use bytes::Bytes;
use tokio::sync::mpsc;
use yilian_core::document::DocumentId;
use yilian_core::storage::{
    Commit, Outline, Packing, Part, Position, Problem, Snapshot, Store, StoredDocument,
};

/// What one commit holds: the catalogue's food.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) position: Position,
    pub(crate) documents: Vec<PublishedDocument>,
}

/// One document of a commit.
#[derive(Debug)]
pub(crate) struct PublishedDocument {
    pub(crate) id: DocumentId,
    pub(crate) name: Option<String>,
    pub(crate) heads: Vec<ChangeHash>,
}

/// A store that tells the catalogue of every commit, in the order of commits, and remembers whether
/// the last one succeeded.
#[derive(Debug)]
pub(crate) struct PublishedStore<S> {
    store: S,
    published: mpsc::UnboundedSender<Published>,
    healthy: Arc<AtomicBool>,
}

impl<S> PublishedStore<S> {
    pub(crate) fn new(
        store: S,
        published: mpsc::UnboundedSender<Published>,
        healthy: Arc<AtomicBool>,
    ) -> Self {
        Self {
            store,
            published,
            healthy,
        }
    }
}

impl<S: Store> Store for PublishedStore<S> {
    type Error = S::Error;

    fn id(&self) -> uuid::Uuid {
        self.store.id()
    }

    fn commit(&mut self, commit: &Commit) -> Result<Position, Self::Error> {
        let outcome = self.store.commit(commit);
        self.healthy.store(outcome.is_ok(), Ordering::Relaxed);
        let position = outcome?;
        let documents = commit.writes.iter().map(|write| PublishedDocument {
            id: write.id,
            name: write.name.clone(),
            heads: write.heads.clone(),
        });
        // A relay that is stopping needs no catalogue any more.
        let _ = self.published.send(Published {
            position,
            documents: documents.collect(),
        });
        Ok(position)
    }

    fn position(&self) -> Result<Position, Self::Error> {
        self.store.position()
    }

    fn documents(&self) -> Result<Vec<StoredDocument>, Self::Error> {
        self.store.documents()
    }

    fn load(&self, id: &DocumentId) -> Result<Vec<Bytes>, Self::Error> {
        self.store.load(id)
    }

    fn outline(&self, id: &DocumentId) -> Result<Outline, Self::Error> {
        self.store.outline(id)
    }

    fn fetch(&self, id: &DocumentId, wanted: &[Range<u32>]) -> Result<Vec<Part>, Self::Error> {
        self.store.fetch(id, wanted)
    }

    fn snapshot(&self, id: &DocumentId) -> Result<Option<Snapshot>, Self::Error> {
        self.store.snapshot(id)
    }

    fn pack(&mut self, id: &DocumentId, packing: &Packing) -> Result<bool, Self::Error> {
        self.store.pack(id, packing)
    }

    fn rest(&mut self) {
        self.store.rest();
    }

    fn setting(&self, key: &str) -> Result<Option<Vec<u8>>, Self::Error> {
        self.store.setting(key)
    }

    fn check(&self) -> Result<Vec<Problem>, Self::Error> {
        self.store.check()
    }
}
