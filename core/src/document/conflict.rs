use automerge::{ChangeHash, ObjId, ReadDoc, Value as AutomergeValue};

use super::live::read;
use super::{Author, LiveDocument};
use crate::records::{Collection, REMOVED_AT, RecordId, Value};

/// One value that someone wrote into a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Writing {
    /// The value; none when what was written is no value at all.
    pub value: Option<Value>,
    /// Who wrote it.
    pub author: Option<Author>,
    /// When, by the writer's clock: seconds since 1970.
    pub time: i64,
    /// In which change.
    pub change: ChangeHash,
}

/// A field that was set to different values by people who did not know of each other.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldConflict {
    /// Where the record is.
    pub collection: Collection,
    /// The record.
    pub record: RecordId,
    /// The field.
    pub field: String,
    /// What every replica shows.
    pub winner: Writing,
    /// The other values, in an order that is the same on every replica. Never empty.
    pub others: Vec<Writing>,
}

/// A removed record that someone edited without knowing of the removal, or after it.
#[derive(Clone, Debug, PartialEq)]
pub struct LateEdit {
    /// Where the record is.
    pub collection: Collection,
    /// The record.
    pub record: RecordId,
    /// The removal.
    pub removal: Writing,
    /// The fields whose value is not from before the removal, by name. Never empty.
    pub edits: Vec<(String, Writing)>,
}

impl LiveDocument {
    /// The fields that hold more than one value, in the order of their records and names.
    ///
    /// Equal values of several writers are no conflict.
    pub fn conflicts(&self) -> Vec<FieldConflict> {
        let conflict = |key: &super::live::Key| {
            let mut writings = self.writings(self.maps.get(key.collection)?, &key.name());
            let winner = writings.pop()?;
            writings.retain(|writing| writing.value != winner.value);
            // The strongest first.
            writings.reverse();
            (!writings.is_empty()).then(|| FieldConflict {
                collection: key.collection,
                record: key.record,
                field: key.field.clone(),
                winner,
                others: writings,
            })
        };
        self.conflicted.iter().filter_map(conflict).collect()
    }

    /// The removed records that were edited by someone who did not know of it, or later.
    pub fn late_edits(&self) -> Vec<LateEdit> {
        let places = self.view().ids().filter(|(collection, record)| {
            let entry = self.view().entry(*collection, *record);
            entry.is_some_and(|entry| entry.removed_at().is_some())
        });
        places
            .filter_map(|(collection, record)| self.late_edits_of(collection, record))
            .collect()
    }

    fn late_edits_of(&self, collection: Collection, record: RecordId) -> Option<LateEdit> {
        let map = self.maps.get(collection)?;
        let last = |field: &str| self.writings(map, &record.key(field)).pop();
        let removal = last(REMOVED_AT.name)?;
        let then = self.fields_at(collection, record, &[removal.change]);
        let now = self.view().entry(collection, record)?.fields();
        let edits: Vec<_> = now
            .iter()
            .filter(|(field, value)| {
                field.as_str() != REMOVED_AT.name && then.value(field) != Some(value)
            })
            .filter_map(|(field, _)| Some((field.clone(), last(field)?)))
            .collect();
        (!edits.is_empty()).then_some(LateEdit {
            collection,
            record,
            removal,
            edits,
        })
    }

    /// What was written into a key and still stands: the winner last.
    fn writings(&self, map: &ObjId, key: &str) -> Vec<Writing> {
        let writing = |(value, id): (AutomergeValue<'_>, ObjId)| {
            let change = self.automerge.hash_for_opid(&id)?;
            let meta = self.automerge.get_change_meta_by_hash(&change)?;
            Some(Writing {
                value: read(&self.automerge, value, || id.clone(), None),
                author: meta
                    .author
                    .map(|author| Author::from_bytes(author.as_bytes())),
                time: meta.timestamp,
                change,
            })
        };
        let values = self.automerge.get_all(map, key).unwrap_or_default();
        values.into_iter().filter_map(writing).collect()
    }
}
