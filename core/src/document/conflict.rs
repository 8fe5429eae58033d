use automerge::{ChangeHash, ObjId, ReadDoc, Value as AutomergeValue};

use super::live::read;
use super::{Author, LiveDocument};
use crate::ordered::{BTreeMap, BTreeSet};
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
    /// Equal values of several writers are no conflict. Nor is a value that the winner's writer had
    /// set as well, on their own, before going on from it: so where two replicas import one row and
    /// one of them edits it, the other's import does not stand against the edit.
    pub fn conflicts(&self) -> Vec<FieldConflict> {
        // Many conflicts are with one change, such as an import.
        let mut unknown_to: BTreeMap<ChangeHash, BTreeSet<ChangeHash>> = BTreeMap::new();
        let conflict = |key: &super::live::Key| {
            let map = self.maps.get(key.collection)?;
            let name = key.name();
            let mut writings = self.writings(map, &name, None);
            let winner = writings.pop()?;
            writings.retain(|other| {
                let unknown = unknown_to
                    .entry(other.change)
                    .or_insert_with(|| self.unknown_to(other.change));
                other.value != winner.value
                    && !self.went_on_from(map, &name, &winner, other, unknown)
            });
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
        let last = |field: &str| self.writings(map, &record.key(field), None).pop();
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

    /// Whether what `last` wrote came after a writing of the same value as `other`'s, by someone who
    /// did not know of `other`, and is `unknown` to the writer of `other`.
    fn went_on_from(
        &self,
        map: &ObjId,
        key: &str,
        last: &Writing,
        other: &Writing,
        unknown: &BTreeSet<ChangeHash>,
    ) -> bool {
        // From each writing to those it took the place of, as its writer saw them. What came before
        // a writing that was known was known too.
        let mut seen = BTreeSet::new();
        let mut queue = vec![last.change];
        while let Some(change) = queue.pop() {
            let Some(meta) = self.automerge.get_change_meta_by_hash(&change) else {
                continue;
            };
            for earlier in self.writings(map, key, Some(&meta.deps)) {
                if !unknown.contains(&earlier.change) || !seen.insert(earlier.change) {
                    continue;
                }
                if earlier.value == other.value {
                    return true;
                }
                queue.push(earlier.change);
            }
        }
        false
    }

    /// The changes that the writer of a change did not know of.
    fn unknown_to(&self, change: ChangeHash) -> BTreeSet<ChangeHash> {
        let unknown = self.automerge.get_changes_meta(&[change]);
        unknown.iter().map(|meta| meta.hash).collect()
    }

    /// What was written into a key and stands, now or at some heads: the winner last.
    pub(super) fn writings(
        &self,
        map: &ObjId,
        key: &str,
        heads: Option<&[ChangeHash]>,
    ) -> Vec<Writing> {
        let writing = |(value, id): (AutomergeValue<'_>, ObjId)| {
            let change = self.automerge.hash_for_opid(&id)?;
            let meta = self.automerge.get_change_meta_by_hash(&change)?;
            Some(Writing {
                value: read(&self.automerge, value, || id.clone(), heads),
                author: meta
                    .author
                    .map(|author| Author::from_bytes(author.as_bytes())),
                time: meta.timestamp,
                change,
            })
        };
        let values = match heads {
            Some(heads) => self.automerge.get_all_at(map, key, heads),
            None => self.automerge.get_all(map, key),
        };
        values
            .unwrap_or_default()
            .into_iter()
            .filter_map(writing)
            .collect()
    }
}

#[cfg(test)]
mod tests;
