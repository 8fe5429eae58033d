use automerge::{ChangeHash, ChangeMetadata, ReadDoc};
use jiff::civil::DateTime;

use super::live::read;
use super::{Author, LiveDocument, Name};
use crate::ordered::{self, BTreeMap, BTreeSet};
use crate::records::{Collection, Edit, RecordId, Value};

/// How to undo a change: the edits, and the message to make them with.
#[derive(Clone, Debug, PartialEq)]
pub struct Undo {
    /// The change to undo.
    pub of: ChangeHash,
    /// What sets back every field that still is as the change left it.
    pub edits: Vec<Edit>,
    /// The message to make the edits with. It names the change, so that the next undo goes on
    /// to the one before.
    pub message: String,
}

const UNDO: &str = "undo ";

/// The change that an undo's message names.
pub(super) fn undone_by(message: &str) -> Option<ChangeHash> {
    message.strip_prefix(UNDO)?.parse().ok()
}

/// The fields of a collection at some time.
type Fields = BTreeMap<RecordId, BTreeMap<String, Held>>;

/// What a field holds.
struct Held {
    /// None when it is no value.
    value: Option<Value>,
    /// The change that wrote it, asked for the present only.
    writer: Option<ChangeHash>,
}

impl Held {
    fn is_by(&self, changes: &BTreeSet<ChangeHash>) -> bool {
        self.writer.is_some_and(|writer| changes.contains(&writer))
    }
}

/// The changes of one author.
struct Writes {
    all: BTreeSet<ChangeHash>,
    undos: BTreeSet<ChangeHash>,
    undone: BTreeSet<ChangeHash>,
}

impl LiveDocument {
    /// How to undo the last change by `author` that still shows and is not undone; none where
    /// there is none.
    ///
    /// Only fields that still are as the change left them are set back: what others wrote since
    /// stays. A record that the change created, and that nobody else wrote to, is removed as of
    /// `now`, the time on the wall. All that this needs is in the document, so it works across
    /// restarts.
    pub fn undo_last(&self, author: &Author, now: DateTime) -> Option<Undo> {
        let name = self.name()?;
        let mut theirs: Vec<_> = self.automerge.get_changes_meta(&[]);
        theirs.retain(|change| {
            let bytes = change.author.as_ref().map(automerge::Author::as_bytes);
            bytes == Some(author.as_str().as_bytes())
        });
        let undoes = |change: &ChangeMetadata<'_>| change.message.as_deref().and_then(undone_by);
        let writes = Writes {
            undone: theirs.iter().filter_map(undoes).collect(),
            undos: theirs
                .iter()
                .filter(|change| undoes(change).is_some())
                .map(|change| change.hash)
                .collect(),
            all: theirs.iter().map(|change| change.hash).collect(),
        };
        theirs.retain(|change| undoes(change).is_none() && !writes.undone.contains(&change.hash));
        // A change is always numbered above what its writer knew.
        ordered::sort_by_key(&mut theirs, |change| {
            std::cmp::Reverse((change.max_op, change.hash))
        });
        theirs.iter().find_map(|change| {
            let edits = self.edits_back(name, change, &writes, now);
            let message = format!("{UNDO}{}", change.hash);
            (!edits.is_empty()).then_some(Undo {
                of: change.hash,
                edits,
                message,
            })
        })
    }

    fn edits_back(
        &self,
        name: &Name,
        change: &ChangeMetadata<'_>,
        writes: &Writes,
        now: DateTime,
    ) -> Vec<Edit> {
        let mut edits = Vec::new();
        for collection in name.kind().collections() {
            let before = self.collection_at(*collection, Some(&change.deps));
            let after = self.collection_at(*collection, Some(&[change.hash]));
            let current = self.collection_at(*collection, None);
            for (record, new) in &after {
                let Some(is) = current.get(record) else {
                    continue;
                };
                let Some(old) = before.get(record) else {
                    let theirs = is.values().all(|field| field.is_by(&writes.all));
                    if theirs && !self.is_removed(*collection, *record) {
                        edits.push(Edit::remove(name, *collection, *record, now));
                    }
                    continue;
                };
                for (field, became) in new {
                    let (was, is) = (old.get(field), is.get(field));
                    let changed = was.is_none_or(|was| was.value != became.value);
                    // An earlier undo set the field back to what this change made of it.
                    let stands = is.is_some_and(|is| {
                        is.value == became.value
                            && (is.writer == Some(change.hash) || is.is_by(&writes.undos))
                    });
                    if !changed || !stands {
                        continue;
                    }
                    match was.map(|was| &was.value) {
                        Some(Some(value)) => {
                            let value = value.clone();
                            edits.push(Edit::set(name, *collection, *record, field, value));
                        }
                        // What it held was no value, and cannot be set again.
                        Some(None) => {}
                        None => edits.push(Edit::clear(name, *collection, *record, field)),
                    }
                }
            }
            // What the change deleted.
            for (record, old) in &before {
                for (field, was) in old {
                    let gone = |then: &Fields| {
                        then.get(record)
                            .is_none_or(|fields| !fields.contains_key(field))
                    };
                    if let (true, true, Some(value)) = (gone(&after), gone(&current), &was.value) {
                        let value = value.clone();
                        edits.push(Edit::set(name, *collection, *record, field, value));
                    }
                }
            }
        }
        edits
    }

    fn is_removed(&self, collection: Collection, record: RecordId) -> bool {
        let entry = self.view().entry(collection, record);
        entry.is_some_and(|entry| entry.removed_at().is_some())
    }

    fn collection_at(&self, collection: Collection, heads: Option<&[ChangeHash]>) -> Fields {
        let mut records = Fields::new();
        let Some(map) = self.maps.get(collection) else {
            return records;
        };
        let items = match heads {
            Some(heads) => self.automerge.map_range_at(map, .., heads),
            None => self.automerge.map_range(map, ..),
        };
        for item in items {
            let Some((record, field)) = RecordId::split_key(&item.key) else {
                continue;
            };
            let value = read(
                &self.automerge,
                item.value.clone().into_value(),
                || item.id(),
                heads,
            );
            // Who wrote a past value is not asked.
            let writer = match heads {
                Some(_) => None,
                None => self.automerge.hash_for_opid(&item.id()),
            };
            records
                .entry(record)
                .or_default()
                .insert(field.to_owned(), Held { value, writer });
        }
        records
    }
}

#[cfg(test)]
mod tests;
