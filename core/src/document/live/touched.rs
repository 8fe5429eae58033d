use automerge::Change;

use super::maps::Maps;
use super::refresh::is_field_name;
use super::targets::Targets;
use crate::ordered::BTreeSet;
use crate::records::{Collection, RecordId};

/// One field of one record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::document) struct Key {
    pub(in crate::document) collection: Collection,
    pub(in crate::document) record: RecordId,
    pub(in crate::document) field: String,
}

impl Key {
    /// The field's key in its collection's map.
    pub(in crate::document) fn name(&self) -> String {
        self.record.key(&self.field)
    }

    /// The same, if it is one that an edit may write.
    pub(in crate::document) fn of_edit(collection: Collection, name: &str) -> Option<Self> {
        let (_, field) = RecordId::split_key(name)?;
        is_field_name(field).then(|| Self::of(collection, name))?
    }

    /// The field that a key of a collection's map names, unless it names none.
    pub(in crate::document) fn of(collection: Collection, name: &str) -> Option<Self> {
        let (record, field) = RecordId::split_key(name)?;
        Some(Self {
            collection,
            record,
            field: field.to_owned(),
        })
    }
}

/// The fields that changes write, and so the records to read again.
///
/// It is taken from the changes and not from Automerge's patches: those miss a winner that changes
/// because one change deletes the old winner and another adds a lower value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Touched {
    /// Whether anything may have changed.
    pub(super) everything: bool,
    pub(super) keys: BTreeSet<Key>,
    /// Objects inside a field, such as the text that a JavaScript peer stores.
    pub(super) objects: BTreeSet<(u64, Vec<u8>)>,
}

impl Touched {
    pub(super) fn everything() -> Self {
        Self {
            everything: true,
            ..Self::default()
        }
    }

    pub(super) fn keys(keys: impl IntoIterator<Item = Key>) -> Self {
        Self {
            keys: keys.into_iter().collect(),
            ..Self::default()
        }
    }

    /// What a change touches in a document with these maps.
    pub(super) fn by(change: &Change, maps: &Maps) -> Self {
        let Some(targets) = Targets::of(change) else {
            return Self::everything();
        };
        let mut touched = Self::default();
        for target in targets {
            // Automerge has read the change already, so that all of it is readable; were it not, anything may be in it.
            let Some((object, key)) = target.and_then(|target| Some((target.object?, target.key)))
            else {
                touched.everything = true;
                continue;
            };
            match (maps.collection(object), key) {
                (Some(collection), Some(name)) => {
                    touched.keys.extend(Key::of(collection, name));
                }
                _ => {
                    let (counter, actor) = object;
                    touched.objects.insert((counter, actor.to_bytes().to_vec()));
                }
            }
        }
        touched
    }

    pub(super) fn extend(&mut self, other: Self) {
        self.everything |= other.everything;
        self.keys.extend(other.keys);
        self.objects.extend(other.objects);
    }
}
