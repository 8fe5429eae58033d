use automerge::{Automerge, Change, ChangeHash, ReadDoc};

use super::live::read;
use super::patch::compare;
use super::{Author, LiveDocument, RecordPatch, undo};
use crate::ordered::{self, BTreeMap, BTreeSet};
use crate::records::{Collection, Entry, RecordId, StoredFields};

mod remake;

pub use remake::{Remade, Remake};

/// One change of the past: who, when, what and why.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEntry {
    /// The change.
    pub hash: ChangeHash,
    /// When it was made, by its writer's clock: seconds since 1970.
    pub time: i64,
    /// Who made it; none when its writer gave no author.
    pub author: Option<Author>,
    /// Why, as its writer put it.
    pub message: Option<String>,
    /// The change that this one undid, if it is an undo.
    pub undoes: Option<ChangeHash>,
    /// What it changed in the record, seen from where its writer stood.
    pub patch: RecordPatch,
}

/// One change of a document: who, when, why, and what it did.
#[derive(Clone, Debug, PartialEq)]
pub struct LogEntry {
    /// The change.
    pub hash: ChangeHash,
    /// When it was made, by its writer's clock: seconds since 1970.
    pub time: i64,
    /// Who made it; none when its writer gave no author.
    pub author: Option<Author>,
    /// Why, as its writer put it.
    pub message: Option<String>,
    /// The change that this one undid, if it is an undo.
    pub undoes: Option<ChangeHash>,
    /// How many records it may have written to.
    pub records: usize,
    /// What it changed in the first of them, seen from where its writer stood: at most
    /// [`LogEntry::PATCHES_MAX`], since an import touches thousands.
    pub patches: Vec<RecordPatch>,
}

/// When and how often a record was written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// When it was last, by the writers' clocks: seconds since 1970.
    pub last: i64,
    /// By how many changes.
    pub times: u32,
}

impl LogEntry {
    /// The most patches that an entry tells.
    pub const PATCHES_MAX: usize = 20;
}

impl LiveDocument {
    /// The last `max` changes of the document, the newest first, in an order that is the same on every
    /// replica and puts what someone did before what they knew of.
    pub fn log(&self, max: usize) -> Vec<LogEntry> {
        let mut changes = self.automerge.get_changes(&[]);
        ordered::sort_by_key(&mut changes, |change| {
            std::cmp::Reverse((change.start_op(), change.hash()))
        });
        changes.truncate(max);
        let collections = self
            .name()
            .map_or(&[][..], |name| name.kind().collections());
        let entry = |change| self.log_entry(collections, change);
        changes.iter().map(entry).collect()
    }

    fn log_entry(&self, collections: &[Collection], change: &Change) -> LogEntry {
        let records = mentioned(change);
        let patches = records.iter().flat_map(|record| {
            let of = collections.iter();
            of.filter_map(|collection| self.patch_of(*collection, *record, change))
        });
        let message = change.message().map(str::to_owned);
        LogEntry {
            hash: change.hash(),
            time: change.timestamp(),
            author: author_of(&self.automerge, change),
            undoes: message.as_deref().and_then(undo::undone_by),
            message,
            records: records.len(),
            patches: patches.take(LogEntry::PATCHES_MAX).collect(),
        }
    }

    /// What was done to a record: oldest first, in an order that is the same on every replica and
    /// puts what someone knew of before what they did.
    ///
    /// Letters that a JavaScript peer typed into a text it had set before are not found here, only
    /// the setting of it.
    pub fn history(&self, collection: Collection, record: RecordId) -> Vec<HistoryEntry> {
        // Every key that a change writes is in its bytes as it is, so the changes that cannot
        // concern the record are passed over undecoded.
        let id = record.to_string();
        let mut changes: Vec<_> = self
            .automerge
            .get_changes(&[])
            .into_iter()
            .filter(|change| contains(change.raw_bytes(), id.as_bytes()))
            .collect();
        ordered::sort_by_key(&mut changes, |change| (change.start_op(), change.hash()));
        let entry = |change| self.history_entry(collection, record, change);
        changes.iter().filter_map(entry).collect()
    }

    /// When each record was written to, in one pass over the changes: what many records need at once, where
    /// [`LiveDocument::history`] tells all of one. Both numbers only grow as changes arrive.
    pub fn written(&self) -> BTreeMap<RecordId, Written> {
        let mut all: BTreeMap<RecordId, Written> = BTreeMap::new();
        for change in self.automerge.get_changes(&[]) {
            for record in mentioned(&change) {
                let last = change.timestamp();
                let written = all.entry(record).or_insert(Written { last, times: 0 });
                written.last = written.last.max(last);
                written.times = written.times.saturating_add(1);
            }
        }
        all
    }

    fn history_entry(
        &self,
        collection: Collection,
        record: RecordId,
        change: &Change,
    ) -> Option<HistoryEntry> {
        let patch = self.patch_of(collection, record, change)?;
        let message = change.message().map(str::to_owned);
        Some(HistoryEntry {
            hash: change.hash(),
            time: change.timestamp(),
            author: author_of(&self.automerge, change),
            undoes: message.as_deref().and_then(undo::undone_by),
            message,
            patch,
        })
    }

    /// What a change did to a record, seen from where its writer stood; none if nothing.
    fn patch_of(
        &self,
        collection: Collection,
        record: RecordId,
        change: &Change,
    ) -> Option<RecordPatch> {
        let old = self.entry_at(collection, record, change.deps());
        let new = self.entry_at(collection, record, &[change.hash()]);
        let patch = compare(collection, record, old.as_ref(), new.as_ref());
        (!patch.fields.is_empty()).then_some(patch)
    }

    /// A record as it was at some heads.
    fn entry_at(
        &self,
        collection: Collection,
        record: RecordId,
        heads: &[ChangeHash],
    ) -> Option<Entry> {
        let fields = self.fields_at(collection, record, heads);
        (!fields.is_empty()).then(|| Entry::new(collection, record, fields))
    }

    /// The fields of a record as they were at some heads.
    pub(super) fn fields_at(
        &self,
        collection: Collection,
        record: RecordId,
        heads: &[ChangeHash],
    ) -> StoredFields {
        let mut fields = StoredFields::default();
        let Some(map) = self.maps.get(collection) else {
            return fields;
        };
        // The keys of a record are a range: `0` follows the slash.
        let range = format!("{record}/")..format!("{record}0");
        for item in self.automerge.map_range_at(map, range, heads) {
            let Some((_, field)) = RecordId::split_key(&item.key) else {
                continue;
            };
            let value = read(
                &self.automerge,
                item.value.clone().into_value(),
                || item.id(),
                Some(heads),
            );
            fields.put(field.to_owned(), Some(value));
        }
        fields
    }
}

/// The records that a change may have written to: whatever its bytes have where a key of a record could be.
fn mentioned(change: &Change) -> BTreeSet<RecordId> {
    let bytes = change.raw_bytes();
    let slashes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    slashes
        .filter_map(|(end, _)| bytes.get(end.checked_sub(RecordId::TEXT_LEN)?..end))
        .filter_map(|id| std::str::from_utf8(id).ok()?.parse().ok())
        .collect()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn author_of(automerge: &Automerge, change: &Change) -> Option<Author> {
    let author = automerge.get_author_for_actor(change.actor_id())?;
    Some(Author::from_bytes(author.as_bytes()))
}

#[cfg(test)]
mod tests;
