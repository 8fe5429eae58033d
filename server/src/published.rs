use std::ops::Range;

use automerge::ChangeHash;
use bytes::Bytes;
use tokio::sync::mpsc;
use yilian_core::document::DocumentId;
use yilian_core::storage::{
    Commit, Outline, Packing, Part, Position, Problem, Salvage, Snapshot, Store, StoredDocument,
};
use yilian_node::errors::chain;

use crate::condition::Condition;

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
    /// Whether they lead to less than the heads before.
    pub(crate) taken_back: bool,
}

/// A store that tells the catalogue of every commit, in the order of commits, and notes how it is.
#[derive(Debug)]
pub(crate) struct PublishedStore<S> {
    store: S,
    published: mpsc::UnboundedSender<Published>,
    condition: Condition,
}

impl<S> PublishedStore<S> {
    pub(crate) fn new(
        store: S,
        published: mpsc::UnboundedSender<Published>,
        condition: Condition,
    ) -> Self {
        Self {
            store,
            published,
            condition,
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
        self.condition
            .committed(outcome.as_ref().err().map(|error| chain(error)));
        let position = outcome?;
        for write in &commit.writes {
            self.condition.brought(write.id, &write.changes);
        }
        let documents = commit.writes.iter().map(|write| PublishedDocument {
            id: write.id,
            name: write.name.clone(),
            heads: write.heads.clone(),
            taken_back: write.moves_heads,
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

    fn salvage(&mut self, id: &DocumentId) -> Result<Option<Salvage>, Self::Error> {
        let salvaged = self.store.salvage(id)?;
        if let Some(salvage) = &salvaged {
            let lost = salvage.lost.clone();
            self.condition.lacks(*id, salvage.name.clone(), lost);
            let document = PublishedDocument {
                id: *id,
                name: salvage.name.clone(),
                heads: salvage.heads.clone(),
                taken_back: true,
            };
            let _ = self.published.send(Published {
                position: salvage.position,
                documents: vec![document],
            });
        }
        Ok(salvaged)
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
