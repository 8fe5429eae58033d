use super::{CONFIRMED_BY, OpId, Value};
use crate::ordered::{BTreeMap, BTreeSet};

/// The fields of one record as a document holds them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct StoredFields {
    values: BTreeMap<String, Value>,
    /// The fields that hold something that is no value.
    unreadable: BTreeSet<String>,
    /// None for kinds that claim nothing.
    turn: Option<Box<Turn>>,
    /// Whether they were not all written at once: known of kinds that are written once only.
    patched: bool,
}

/// When a claim was made and when it was promised, by the operations that wrote what shows of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Turn {
    /// The last of the claimed fields.
    pub(crate) claimed: Option<OpId>,
    /// Who promised it.
    pub(crate) confirmed: Option<OpId>,
}

impl StoredFields {
    /// Puts what a field holds in the place of what it held: none deletes the field, none inside
    /// is something that is no value.
    pub(crate) fn put(&mut self, field: String, holds: Option<Option<Value>>) {
        self.values.remove(&field);
        self.unreadable.remove(&field);
        match holds {
            Some(Some(value)) => {
                self.values.insert(field, value);
            }
            Some(None) => {
                self.unreadable.insert(field);
            }
            None => {}
        }
    }

    /// Forgets what [`StoredFields::written`] noted.
    pub(crate) fn forget_turn(&mut self) {
        self.turn = None;
    }

    /// Notes the operation that wrote one of [`RecordKind::turn_fields`](super::RecordKind::turn_fields).
    pub(crate) fn written(&mut self, field: &str, by: Option<OpId>) {
        let turn = self.turn.get_or_insert_default();
        if field == CONFIRMED_BY {
            turn.confirmed = by;
        } else if turn.claimed < by {
            turn.claimed = by;
        }
    }

    pub(crate) fn turn(&self) -> Option<&Turn> {
        self.turn.as_deref()
    }

    pub(crate) const fn is_patched(&self) -> bool {
        self.patched
    }

    pub(crate) fn set_patched(&mut self, patched: bool) {
        self.patched = patched;
    }

    pub(crate) const fn values(&self) -> &BTreeMap<String, Value> {
        &self.values
    }

    pub(crate) const fn unreadable(&self) -> &BTreeSet<String> {
        &self.unreadable
    }

    pub(crate) fn value(&self, field: &str) -> Option<&Value> {
        self.values.get(field)
    }

    pub(crate) fn contains(&self, field: &str) -> bool {
        self.values.contains_key(field) || self.unreadable.contains(field)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len() + self.unreadable.len()
    }
}

impl FromIterator<(String, Value)> for StoredFields {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(values: I) -> Self {
        Self {
            values: values.into_iter().collect(),
            unreadable: BTreeSet::new(),
            turn: None,
            patched: false,
        }
    }
}
