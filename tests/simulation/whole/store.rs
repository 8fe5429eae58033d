//! A store on such a disk: a log of records, read at its start, and written to its end.
//!
//! It keeps the promises of a [`Store`]: the conformance suite runs against it. What a crash leaves unfinished at the end
//! is cut off; a row that is not as it was written is noticed when it is read, and set aside when that is asked for.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard};

use automerge::ChangeHash;
use bytes::Bytes;
use uuid::Uuid;
use yilian_core::document::DocumentId;
use yilian_core::storage::{
    Commit, Outline, Packing, Part, Position, Problem, Quarantined, Run, Salvage, Snapshot,
    SnapshotInfo, Store, StoredDocument, audit,
};
use yilian_core::sync::chunk::count_chunks;
use yilian_core::sync::engine::Fetched;
use yilian_core::sync::sync_state::Wanted;
use yilian_node::store::StoreReader;

use super::disk::{Disk, DiskError};
use super::record::{Entry, Record, Row, Written};
use super::salvage::salvage;
use super::volume::{Kept, Volume};

/// Handles are of one store.
#[derive(Clone, Debug)]
pub(super) struct VirtualStore(Arc<Mutex<Volume>>);

impl VirtualStore {
    pub(super) fn open(id: Uuid, disk: Disk) -> Self {
        Self(Arc::new(Mutex::new(Volume::open(id, disk))))
    }

    pub(super) fn volume(&self) -> MutexGuard<'_, Volume> {
        self.0.lock().unwrap()
    }
}

impl Store for VirtualStore {
    type Error = DiskError;

    fn id(&self) -> Uuid {
        self.volume().id
    }

    fn commit(&mut self, commit: &Commit) -> Result<Position, DiskError> {
        let mut record = Record::default();
        for write in &commit.writes {
            let rows = write.changes.iter().map(|chunk| Row {
                first: 0,
                count: count_chunks(chunk),
                chunk: record.piece(chunk),
                nodes: None,
            });
            let written = Written {
                rows: rows.collect(),
                name: write.name.clone(),
                heads: write.heads.clone(),
                moves_heads: write.moves_heads,
                remote_heads: write.remote_heads.clone(),
            };
            record.entries.push(Entry::Document(write.id, written));
        }
        for (key, value) in &commit.settings {
            let entry = Entry::Setting(key.clone(), value.clone());
            record.entries.push(entry);
        }
        let mut volume = self.volume();
        volume.write(&record)?;
        Ok(volume.position)
    }

    fn position(&self) -> Result<Position, DiskError> {
        Ok(self.volume().position)
    }

    fn documents(&self) -> Result<Vec<StoredDocument>, DiskError> {
        let volume = self.volume();
        let ids = volume.documents.keys();
        Ok(ids.filter_map(|id| volume.stored(id)).collect())
    }

    fn load(&self, id: &DocumentId) -> Result<Vec<Bytes>, DiskError> {
        let volume = self.volume();
        let rows = volume.documents.get(id).map_or(&[][..], |kept| &kept.rows);
        rows.iter().map(|row| volume.chunk(row)).collect()
    }

    fn outline(&self, id: &DocumentId) -> Result<Outline, DiskError> {
        let volume = self.volume();
        let rows = volume.documents.get(id).map_or(&[][..], |kept| &kept.rows);
        let runs: Result<Vec<Run>, DiskError> = rows.iter().map(|row| volume.run(row)).collect();
        let snapshot = volume.snapshot_of(id);
        Ok(Outline {
            runs: runs?,
            snapshot: snapshot.as_ref().map(SnapshotInfo::of),
        })
    }

    fn fetch(&self, id: &DocumentId, wanted: &[Range<u32>]) -> Result<Vec<Part>, DiskError> {
        let volume = self.volume();
        let rows = volume.documents.get(id).map_or(&[][..], |kept| &kept.rows);
        let touches = |row: &&Row| {
            let end = row.first + row.count;
            let overlaps = |wanted: &Range<u32>| wanted.start < end && row.first < wanted.end;
            wanted.iter().any(overlaps)
        };
        let part = |row: &Row| {
            Ok(Part {
                first: row.first,
                bytes: volume.chunk(row)?,
            })
        };
        rows.iter().filter(touches).map(part).collect()
    }

    fn snapshot(&self, id: &DocumentId) -> Result<Option<Snapshot>, DiskError> {
        Ok(self.volume().snapshot_of(id))
    }

    fn pack(&mut self, id: &DocumentId, packing: &Packing) -> Result<bool, DiskError> {
        let mut volume = self.volume();
        let Some(kept) = volume.documents.get(id) else {
            return Ok(false);
        };
        let mut record = Record::default();
        let entry = match packing {
            Packing::Blocks(blocks) => {
                let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else {
                    return Ok(false);
                };
                if !kept.fits(first.first..last.first + last.count) {
                    return Ok(false);
                }
                let row = blocks.iter().map(|block| Row {
                    first: block.first,
                    count: block.count,
                    chunk: record.piece(&block.packed),
                    nodes: Some(record.piece(&block.nodes)),
                });
                Entry::Packed(*id, row.collect())
            }
            Packing::Snapshot(snapshot) => {
                let piece = record.piece(&snapshot.bytes);
                Entry::Snapshot(*id, snapshot.count, snapshot.heads.clone(), piece)
            }
        };
        record.entries.push(entry);
        volume.write(&record)?;
        Ok(true)
    }

    fn salvage(&mut self, id: &DocumentId) -> Result<Option<Salvage>, DiskError> {
        let mut volume = self.volume();
        let Some((record, mut outcome)) = salvage(&volume, id) else {
            return Ok(None);
        };
        volume.write(&record)?;
        outcome.position = volume.position;
        Ok(Some(outcome))
    }

    fn setting(&self, key: &str) -> Result<Option<Vec<u8>>, DiskError> {
        Ok(self.volume().settings.get(key).cloned())
    }

    fn check(&self) -> Result<Vec<Problem>, DiskError> {
        let mut problems = Vec::new();
        for document in Store::documents(self)? {
            let listed = self.quarantined(&document.id)?;
            let aside: Vec<ChangeHash> = listed.into_iter().map(|one| one.change).collect();
            let faults = audit(&document.heads, &Store::load(self, &document.id)?, &aside);
            problems.extend(faults.into_iter().map(|fault| Problem::Document {
                document: document.id,
                name: document.name.clone(),
                fault,
            }));
        }
        Ok(problems)
    }
}

impl StoreReader for VirtualStore {
    type Error = DiskError;

    fn documents(&self) -> Result<Vec<StoredDocument>, DiskError> {
        Store::documents(self)
    }

    fn document(&self, id: &DocumentId) -> Result<Option<StoredDocument>, DiskError> {
        Ok(self.volume().stored(id))
    }

    fn load(&self, id: &DocumentId) -> Result<Vec<Bytes>, DiskError> {
        Store::load(self, id)
    }

    fn outline(&self, id: &DocumentId) -> Result<Outline, DiskError> {
        Store::outline(self, id)
    }

    fn fetch(
        &self,
        id: &DocumentId,
        wanted: &Wanted,
        bytes_max: usize,
    ) -> Result<Fetched, DiskError> {
        let mut size = 0;
        let mut parts = Store::fetch(self, id, &wanted.changes)?;
        let keep = parts.iter().take_while(|part| {
            let before = size;
            size += part.bytes.len();
            before < bytes_max
        });
        let keep = keep.count();
        parts.truncate(keep);
        let snapshot = self.volume().snapshot_of(id);
        Ok(Fetched {
            parts,
            snapshot: snapshot.as_ref().map(SnapshotInfo::of),
            snapshot_bytes: snapshot
                .filter(|_| wanted.snapshot)
                .map(|snapshot| snapshot.bytes),
        })
    }

    fn quarantined(&self, id: &DocumentId) -> Result<Vec<Quarantined>, DiskError> {
        let stored = self.setting(&Quarantined::key(id))?;
        Ok(stored.map_or_else(Vec::new, |bytes| Quarantined::read(&bytes)))
    }

    fn is_sound(&self, id: &DocumentId) -> Result<bool, DiskError> {
        let volume = self.volume();
        let rows = volume.documents.get(id).map_or(&[][..], |kept| &kept.rows);
        Ok(rows.iter().all(|row| volume.is_row_sound(row)))
    }

    fn unpacked(&self, changes_min: u32) -> Result<Vec<DocumentId>, DiskError> {
        let volume = self.volume();
        let plain = |kept: &Kept| -> u32 {
            let rows = kept.rows.iter().filter(|row| row.nodes.is_none());
            rows.map(|row| row.count).sum()
        };
        let many = volume.documents.iter();
        let many = many.filter(|(_, kept)| plain(kept) >= changes_min);
        Ok(many.map(|(id, _)| *id).collect())
    }

    fn is_damage(error: &DiskError) -> bool {
        matches!(error, DiskError::Damaged(_))
    }
}

#[cfg(test)]
mod tests {
    use yilian_core::storage::conformance::{self, Subject};

    use super::*;

    #[derive(Default)]
    struct OnDisk(u128);

    impl Subject for OnDisk {
        type Store = VirtualStore;

        fn create(&mut self) -> VirtualStore {
            self.0 += 1;
            VirtualStore::open(Uuid::from_u128(self.0), Disk::default())
        }

        fn reopen(&mut self, store: VirtualStore) -> VirtualStore {
            let volume = store.volume();
            let mut disk = volume.disk.clone();
            disk.crash(0, false);
            VirtualStore::open(volume.id, disk)
        }

        fn break_next_commit(&mut self, store: &mut VirtualStore) {
            store.volume().disk.full = true;
        }

        fn mend(&mut self, store: &mut VirtualStore) {
            store.volume().disk.full = false;
        }
    }

    #[test]
    fn the_virtual_store_keeps_the_promises_of_a_store() {
        conformance::run(&mut OnDisk::default());
    }

    /// Cut anywhere, garbled or not: what was safe is there, and of what was not all or nothing, or a row that is noticed.
    #[test]
    fn what_a_crash_leaves_unfinished_takes_nothing_with_it() {
        let mut subject = OnDisk::default();
        let changes = conformance::sample_changes(1, 2);
        let id = DocumentId::from_bytes([1; 16]);
        let commit = |at: usize| {
            let (head, chunk) = changes[at].clone();
            let write = yilian_core::storage::DocumentWrite::changes(id, vec![chunk], vec![head]);
            Commit::of(write)
        };
        let mut store = subject.create();
        store.commit(&commit(0)).unwrap();
        let safe = store.volume().disk.len();
        store.volume().disk.dying = true;
        store.commit(&commit(1)).unwrap_err();
        let whole = store.volume().disk.clone();
        for (keep, garble) in
            (0..=whole.len() - safe).flat_map(|keep| [(keep, false), (keep, true)])
        {
            let mut disk = whole.clone();
            disk.crash(keep, garble);
            let store = VirtualStore::open(store.id(), disk);
            let there = store.volume().changes(&id);
            assert!(there.contains_key(&changes[0].0), "{keep} bytes kept");
            let finished = keep == whole.len() - safe && !garble;
            assert_eq!(there.contains_key(&changes[1].0), finished, "{keep} bytes");
        }
    }
}
