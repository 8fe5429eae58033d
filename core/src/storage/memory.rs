use std::collections::BTreeMap;

use bytes::Bytes;
use thiserror::Error;
use uuid::Uuid;

use super::{Commit, Position, Problem, Store, StoredDocument, audit};
use crate::document::DocumentId;

/// A store that keeps everything in memory: for tests and simulation. A clone is a copy, as of a disk.
#[derive(Clone, Debug)]
pub struct MemoryStore {
    id: Uuid,
    position: Position,
    documents: BTreeMap<DocumentId, Entry>,
    settings: BTreeMap<String, Vec<u8>>,
    failures: u32,
}

#[derive(Clone, Debug)]
struct Entry {
    document: StoredDocument,
    chunks: Vec<Bytes>,
}

/// Why a [`MemoryStore`] failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MemoryError {
    /// It was asked to, by [`MemoryStore::fail_next_commits`].
    #[error("the store was told to fail")]
    Told,
}

impl MemoryStore {
    /// An empty store with this id.
    #[must_use]
    pub fn new(id: Uuid) -> Self {
        Self {
            id,
            position: Position::START,
            documents: BTreeMap::new(),
            settings: BTreeMap::new(),
            failures: 0,
        }
    }

    /// Makes the next `count` commits fail, leaving nothing behind.
    pub fn fail_next_commits(&mut self, count: u32) {
        self.failures = count;
    }
}

impl Store for MemoryStore {
    type Error = MemoryError;

    fn id(&self) -> Uuid {
        self.id
    }

    fn commit(&mut self, commit: &Commit) -> Result<Position, MemoryError> {
        if let Some(left) = self.failures.checked_sub(1) {
            self.failures = left;
            return Err(MemoryError::Told);
        }
        let next = self.position.next();
        for write in &commit.writes {
            let entry = self.documents.entry(write.id).or_insert_with(|| Entry {
                document: StoredDocument {
                    id: write.id,
                    name: None,
                    heads: Vec::new(),
                    remote_heads: Vec::new(),
                    position: Position::START,
                },
                chunks: Vec::new(),
            });
            let document = &mut entry.document;
            let renamed = write.name.is_some() && write.name != document.name;
            // A document that is new is a change, even if it is empty.
            let is_new = document.position == Position::START;
            if renamed || !write.changes.is_empty() || is_new {
                document.position = next;
                self.position = next;
            }
            if renamed {
                document.name.clone_from(&write.name);
            }
            if is_new || !write.changes.is_empty() {
                document.heads.clone_from(&write.heads);
            }
            if let Some(heads) = &write.remote_heads {
                document.remote_heads.clone_from(heads);
            }
            entry.chunks.extend(write.changes.iter().cloned());
        }
        for (key, value) in &commit.settings {
            match value {
                Some(value) => self.settings.insert(key.clone(), value.clone()),
                None => self.settings.remove(key),
            };
        }
        Ok(self.position)
    }

    fn position(&self) -> Result<Position, MemoryError> {
        Ok(self.position)
    }

    fn documents(&self) -> Result<Vec<StoredDocument>, MemoryError> {
        Ok(self
            .documents
            .values()
            .map(|entry| entry.document.clone())
            .collect())
    }

    fn load(&self, id: &DocumentId) -> Result<Vec<Bytes>, MemoryError> {
        Ok(self
            .documents
            .get(id)
            .map(|entry| entry.chunks.clone())
            .unwrap_or_default())
    }

    fn setting(&self, key: &str) -> Result<Option<Vec<u8>>, MemoryError> {
        Ok(self.settings.get(key).cloned())
    }

    fn check(&self) -> Result<Vec<Problem>, MemoryError> {
        let problems = self.documents.values().flat_map(|entry| {
            let document = &entry.document;
            audit(&document.heads, &entry.chunks)
                .into_iter()
                .map(|fault| Problem::Document {
                    document: document.id,
                    name: document.name.clone(),
                    fault,
                })
        });
        Ok(problems.collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::storage::conformance::{self, Subject};

    struct InMemory;

    impl Subject for InMemory {
        type Store = MemoryStore;

        fn create(&mut self) -> MemoryStore {
            MemoryStore::new(Uuid::from_bytes([7; 16]))
        }

        fn reopen(&mut self, store: MemoryStore) -> MemoryStore {
            store.clone()
        }

        fn break_next_commit(&mut self, store: &mut MemoryStore) {
            store.fail_next_commits(1);
        }

        fn mend(&mut self, _: &mut MemoryStore) {}
    }

    #[test]
    fn memory_store_keeps_the_promises_of_a_store() {
        conformance::run(&mut InMemory);
    }

    #[test]
    fn told_failures_are_counted() {
        let mut store = MemoryStore::new(Uuid::nil());
        store.fail_next_commits(2);
        let commit = Commit::of_setting("key", Some(vec![1]));
        assert_eq!(store.commit(&commit), Err(MemoryError::Told));
        assert_eq!(store.commit(&commit), Err(MemoryError::Told));
        assert_eq!(store.commit(&commit), Ok(Position::START));
    }
}
