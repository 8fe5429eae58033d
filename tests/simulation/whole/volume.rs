//! The log of a store, and what is known of it in memory.

use std::collections::BTreeMap;
use std::ops::Range;

use automerge::ChangeHash;
use bytes::Bytes;
use uuid::Uuid;
use yilian_core::document::DocumentId;
use yilian_core::storage::{Part, Position, Run, Snapshot, StoredDocument};
use yilian_core::sync::chunk::read_changes;
use yilian_core::sync::limits::Limits;
use yilian_core::sync::pack::unpack;

use super::disk::{Disk, DiskError};
use super::record::{Entry, Piece, Record, Row, Written, read};

/// A document as the log has it.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    pub(super) name: Option<String>,
    pub(super) heads: Vec<ChangeHash>,
    remote_heads: Vec<ChangeHash>,
    position: Position,
    pub(super) rows: Vec<Row>,
    snapshot: Option<(u32, Vec<ChangeHash>, Piece)>,
}

impl Kept {
    pub(super) fn end(&self) -> u32 {
        self.rows.last().map_or(0, |row| row.first + row.count)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Volume {
    pub(super) id: Uuid,
    pub(super) disk: Disk,
    pub(super) documents: BTreeMap<DocumentId, Kept>,
    pub(super) settings: BTreeMap<String, Vec<u8>>,
    pub(super) position: Position,
    /// Where each change is, by the end of its row.
    known: BTreeMap<DocumentId, BTreeMap<ChangeHash, usize>>,
    /// Reads what is damaged as if it were not. No store should.
    pub(super) blind: bool,
}

impl Volume {
    pub(super) fn open(id: Uuid, mut disk: Disk) -> Self {
        let mut at = 0;
        let bytes = disk.read(0, disk.len()).unwrap_or_default().to_vec();
        let mut volume = Self {
            id,
            disk: Disk::default(),
            documents: BTreeMap::new(),
            settings: BTreeMap::new(),
            position: Position::START,
            known: BTreeMap::new(),
            blind: false,
        };
        while let Some((entries, next)) = read(&bytes, at) {
            volume.apply(entries);
            at = next;
        }
        disk.truncate(at);
        volume.disk = disk;
        let ids: Vec<DocumentId> = volume.documents.keys().copied().collect();
        for id in ids {
            let rows = volume.documents[&id].rows.clone();
            volume.note(&id, &rows);
        }
        volume
    }

    pub(super) fn write(&mut self, record: &Record) -> Result<(), DiskError> {
        let at = self.disk.append(&record.write())?;
        let end = self.disk.len();
        let written = self.disk.read(at, end - at).unwrap_or_default();
        let (mut entries, _) = read(written, 0).unwrap();
        entries.iter_mut().for_each(|entry| entry.shift(at));
        self.apply(entries.clone());
        for entry in entries {
            match entry {
                Entry::Document(id, Written { rows, .. }) | Entry::Packed(id, rows) => {
                    self.note(&id, &rows);
                }
                Entry::Anew(id, _, rows) => {
                    self.known.remove(&id);
                    self.note(&id, &rows);
                }
                Entry::Setting(..) | Entry::Snapshot(..) => {}
            }
        }
        Ok(())
    }

    fn note(&mut self, id: &DocumentId, rows: &[Row]) {
        for row in rows {
            let end = row.chunk.at + row.chunk.len;
            for hash in self.hashes(row) {
                self.known.entry(*id).or_default().insert(hash, end);
            }
        }
    }

    /// The changes of a row; none if it is damaged.
    pub(super) fn hashes(&self, row: &Row) -> Vec<ChangeHash> {
        let chunk = self.chunk(row).unwrap_or_default();
        let read = read_changes(&chunk, &Limits::default()).unwrap_or_default();
        read.into_iter().map(|(header, _)| header.hash).collect()
    }

    /// Where the row ends that a change was written with last.
    pub(super) fn place(&self, id: &DocumentId, hash: &ChangeHash) -> Option<usize> {
        self.known.get(id)?.get(hash).copied()
    }

    /// Whether a change would survive a loss of power now.
    pub(super) fn is_safe(&self, id: &DocumentId, hash: &ChangeHash) -> bool {
        let end = self.place(id, hash);
        end.is_some_and(|end| self.disk.is_safe(end))
    }

    fn apply(&mut self, entries: Vec<Entry>) {
        let next = self.position.next();
        for entry in entries {
            match entry {
                Entry::Document(id, written) => {
                    let is_new = !self.documents.contains_key(&id);
                    let kept = self.documents.entry(id).or_default();
                    if kept.take(written, is_new, next) {
                        self.position = next;
                    }
                }
                Entry::Setting(key, Some(value)) => drop(self.settings.insert(key, value)),
                Entry::Setting(key, None) => drop(self.settings.remove(&key)),
                Entry::Packed(id, rows) => {
                    let kept = self.documents.entry(id).or_default();
                    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
                        continue;
                    };
                    let range = first.first..last.first + last.count;
                    kept.rows.retain(|row| !range.contains(&row.first));
                    kept.rows.extend(rows);
                    kept.rows.sort_by_key(|row| row.first);
                }
                Entry::Snapshot(id, count, heads, piece) => {
                    self.documents.entry(id).or_default().snapshot = Some((count, heads, piece));
                }
                Entry::Anew(id, heads, rows) => {
                    let kept = self.documents.entry(id).or_default();
                    (kept.heads, kept.rows, kept.snapshot) = (heads, rows, None);
                    kept.remote_heads.clear();
                    kept.position = next;
                    self.position = next;
                }
            }
        }
    }

    fn piece(&self, piece: &Piece) -> Result<Bytes, DiskError> {
        let bytes = self.disk.read(piece.at, piece.len);
        let bytes = bytes.ok_or(DiskError::Damaged(piece.at))?;
        if crc32fast::hash(bytes) != piece.checksum && !self.blind {
            return Err(DiskError::Damaged(piece.at));
        }
        Ok(Bytes::copy_from_slice(bytes))
    }

    /// The changes of a row.
    pub(super) fn chunk(&self, row: &Row) -> Result<Bytes, DiskError> {
        let bytes = self.piece(&row.chunk)?;
        match &row.nodes {
            None => Ok(bytes),
            Some(_) => {
                unpack(&bytes, &Limits::default()).map_err(|_| DiskError::Damaged(row.chunk.at))
            }
        }
    }

    pub(super) fn is_row_sound(&self, row: &Row) -> bool {
        let nodes = row.nodes.as_ref().map(|nodes| self.piece(nodes));
        self.chunk(row).is_ok() && nodes.is_none_or(|nodes| nodes.is_ok())
    }

    pub(super) fn run(&self, row: &Row) -> Result<Run, DiskError> {
        Ok(match &row.nodes {
            None => Run::Plain(Part {
                first: row.first,
                bytes: self.piece(&row.chunk)?,
            }),
            Some(nodes) => Run::Packed {
                first: row.first,
                nodes: self.piece(nodes)?,
            },
        })
    }

    pub(super) fn snapshot_of(&self, id: &DocumentId) -> Option<Snapshot> {
        let (count, heads, piece) = self.documents.get(id)?.snapshot.as_ref()?;
        Some(Snapshot {
            count: *count,
            heads: heads.clone(),
            bytes: self.piece(piece).ok()?,
        })
    }

    pub(super) fn snapshot_bytes_max(&self) -> usize {
        let snapshots = self
            .documents
            .values()
            .filter_map(|kept| kept.snapshot.as_ref());
        snapshots
            .map(|(.., piece)| piece.len)
            .max()
            .unwrap_or_default()
    }

    pub(super) fn stored(&self, id: &DocumentId) -> Option<StoredDocument> {
        let kept = self.documents.get(id)?;
        Some(StoredDocument {
            id: *id,
            name: kept.name.clone(),
            heads: kept.heads.clone(),
            remote_heads: kept.remote_heads.clone(),
            position: kept.position,
        })
    }

    /// Every sound change of a document.
    pub(super) fn changes(&self, id: &DocumentId) -> BTreeMap<ChangeHash, Bytes> {
        let mut changes = BTreeMap::new();
        for row in self.documents.get(id).map_or(&[][..], |kept| &kept.rows) {
            let Ok(chunk) = self.chunk(row) else { continue };
            let read = read_changes(&chunk, &Limits::default()).unwrap_or_default();
            changes.extend(read.into_iter().map(|(header, bytes)| (header.hash, bytes)));
        }
        changes
    }
}

impl Kept {
    /// Whether it moved.
    fn take(&mut self, written: Written, is_new: bool, next: Position) -> bool {
        let renamed = written.name.is_some() && written.name != self.name;
        let moves = is_new || written.moves_heads || !written.rows.is_empty();
        if renamed || moves {
            self.position = next;
        }
        if renamed {
            self.name = written.name;
        }
        if moves {
            self.heads = written.heads;
        }
        self.remote_heads = written
            .remote_heads
            .unwrap_or(std::mem::take(&mut self.remote_heads));
        let mut first = self.end();
        for row in written.rows {
            let count = row.count;
            self.rows.push(Row { first, ..row });
            first += count;
        }
        renamed || moves
    }

    /// Whether blocks take the place of plain rows that are there.
    pub(super) fn fits(&self, blocks: Range<u32>) -> bool {
        let inside = |row: &&Row| blocks.start <= row.first && row.first < blocks.end;
        let rows: Vec<&Row> = self.rows.iter().filter(inside).collect();
        let plain = rows.iter().all(|row| row.nodes.is_none());
        let count: u32 = rows.iter().map(|row| row.count).sum();
        let starts = rows.first().is_some_and(|row| row.first == blocks.start);
        plain && starts && count == blocks.len() as u32
    }
}
