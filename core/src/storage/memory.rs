use std::ops::Range;

use bytes::Bytes;
use thiserror::Error;
use uuid::Uuid;

use super::{
    Block, Commit, Outline, Packing, Part, Position, Problem, Quarantined, Run, Snapshot,
    SnapshotInfo, Store, StoredDocument, audit,
};
use crate::document::DocumentId;
use crate::ordered::BTreeMap;
use crate::sync::chunk::count_chunks;
use crate::sync::limits::Limits;
use crate::sync::pack::unpack;

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
    rows: Vec<Row>,
    snapshot: Option<Snapshot>,
}

#[derive(Clone, Debug)]
enum Row {
    Plain { part: Part, count: u32 },
    Packed(Block),
}

impl Row {
    fn range(&self) -> Range<u32> {
        match self {
            Self::Plain { part, count } => part.first..part.first + count,
            Self::Packed(block) => block.first..block.first + block.count,
        }
    }

    fn part(&self) -> Result<Part, MemoryError> {
        match self {
            Self::Plain { part, .. } => Ok(part.clone()),
            Self::Packed(block) => Ok(Part {
                first: block.first,
                bytes: unpack(&block.packed, &Limits::default())
                    .map_err(|_| MemoryError::Packed)?,
            }),
        }
    }
}

impl Entry {
    fn end(&self) -> u32 {
        self.rows.last().map_or(0, |row| row.range().end)
    }

    fn append(&mut self, bytes: Bytes) {
        let part = Part {
            first: self.end(),
            bytes,
        };
        let count = count_chunks(&part.bytes);
        self.rows.push(Row::Plain { part, count });
    }

    /// Puts blocks in place of the plain rows that they were made from; false if those are not there.
    fn replace(&mut self, blocks: &[Block]) -> bool {
        let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else {
            return false;
        };
        let range = first.first..last.first + last.count;
        let inside: Vec<&Row> = self
            .rows
            .iter()
            .filter(|row| row.range().start >= range.start && row.range().end <= range.end)
            .collect();
        let plain = inside.iter().all(|row| matches!(row, Row::Plain { .. }));
        let count: u32 = inside.iter().map(|row| row.range().len() as u32).sum();
        if !plain || count != range.len() as u32 {
            return false;
        }
        let at = self
            .rows
            .partition_point(|row| row.range().start < range.start);
        let blocks = blocks.iter().cloned().map(Row::Packed);
        self.rows.splice(at..at + inside.len(), blocks);
        true
    }
}

/// Why a [`MemoryStore`] failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MemoryError {
    /// It was asked to, by [`MemoryStore::fail_next_commits`].
    #[error("the store was told to fail")]
    Told,
    /// A block does not unpack: it was not made by [`pack`](crate::sync::pack::pack).
    #[error("a block does not unpack")]
    Packed,
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

    fn rows(&self, id: &DocumentId) -> &[Row] {
        self.documents.get(id).map_or(&[], |entry| &entry.rows)
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
                rows: Vec::new(),
                snapshot: None,
            });
            let document = &mut entry.document;
            let renamed = write.name.is_some() && write.name != document.name;
            // A document that is new is a change, even if it is empty.
            let is_new = document.position == Position::START;
            let moves = is_new || write.moves_heads || !write.changes.is_empty();
            if renamed || moves {
                document.position = next;
                self.position = next;
            }
            if renamed {
                document.name.clone_from(&write.name);
            }
            if moves {
                document.heads.clone_from(&write.heads);
            }
            if let Some(heads) = &write.remote_heads {
                document.remote_heads.clone_from(heads);
            }
            write
                .changes
                .iter()
                .for_each(|chunk| entry.append(chunk.clone()));
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
        let rows = self.rows(id).iter();
        rows.map(|row| Ok(row.part()?.bytes)).collect()
    }

    fn outline(&self, id: &DocumentId) -> Result<Outline, MemoryError> {
        let runs = self.rows(id).iter().map(|row| match row {
            Row::Plain { part, .. } => Run::Plain(part.clone()),
            Row::Packed(block) => block.run(),
        });
        let snapshot = self
            .documents
            .get(id)
            .and_then(|entry| entry.snapshot.as_ref());
        Ok(Outline {
            runs: runs.collect(),
            snapshot: snapshot.map(SnapshotInfo::of),
        })
    }

    fn fetch(&self, id: &DocumentId, wanted: &[Range<u32>]) -> Result<Vec<Part>, MemoryError> {
        let touches = |row: &&Row| {
            let range = row.range();
            let overlaps =
                |wanted: &Range<u32>| wanted.start < range.end && range.start < wanted.end;
            wanted.iter().any(overlaps)
        };
        self.rows(id)
            .iter()
            .filter(touches)
            .map(Row::part)
            .collect()
    }

    fn snapshot(&self, id: &DocumentId) -> Result<Option<Snapshot>, MemoryError> {
        Ok(self
            .documents
            .get(id)
            .and_then(|entry| entry.snapshot.clone()))
    }

    fn pack(&mut self, id: &DocumentId, packing: &Packing) -> Result<bool, MemoryError> {
        let Some(entry) = self.documents.get_mut(id) else {
            return Ok(false);
        };
        match packing {
            Packing::Blocks(blocks) => Ok(entry.replace(blocks)),
            Packing::Snapshot(snapshot) => {
                entry.snapshot = Some(snapshot.clone());
                Ok(true)
            }
        }
    }

    fn setting(&self, key: &str) -> Result<Option<Vec<u8>>, MemoryError> {
        Ok(self.settings.get(key).cloned())
    }

    fn check(&self) -> Result<Vec<Problem>, MemoryError> {
        let mut problems = Vec::new();
        for Entry { document, .. } in self.documents.values() {
            let listed = self.settings.get(&Quarantined::key(&document.id));
            let listed = listed.map_or_else(Vec::new, |bytes| Quarantined::read(bytes));
            let aside: Vec<_> = listed.into_iter().map(|one| one.change).collect();
            let faults = audit(&document.heads, &self.load(&document.id)?, &aside);
            problems.extend(faults.into_iter().map(|fault| Problem::Document {
                document: document.id,
                name: document.name.clone(),
                fault,
            }));
        }
        Ok(problems)
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
