use serde::Serialize;

use crate::ordered::BTreeSet;
use crate::records::{Collection, Entry, RecordId, Value};

/// What changed in one record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecordPatch {
    /// Where the record is.
    pub collection: Collection,
    /// The record.
    pub record: RecordId,
    /// What became of it.
    pub change: RecordChange,
    /// The fields that changed, in the order of their names. Empty where all read as before, and only the turn of a claim is
    /// another: somebody wrote what was there already.
    pub fields: Vec<FieldChange>,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordChange {
    /// It is new here.
    Added,
    /// Some of its fields changed.
    Changed,
    /// It was marked as removed.
    Removed,
    /// Its removal was taken back.
    Restored,
    /// All its fields were deleted, so it is no longer there.
    Gone,
}

/// What changed in one field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldChange {
    /// Its name.
    pub field: String,
    /// What it held; none if it was not there.
    pub old: Option<Value>,
    /// What it holds; none if it is no longer there.
    pub new: Option<Value>,
}

/// What changed from one state of a record to another.
pub(super) fn compare(
    collection: Collection,
    record: RecordId,
    old: Option<&Entry>,
    new: Option<&Entry>,
) -> RecordPatch {
    let value = |entry: Option<&Entry>, field: &str| entry?.fields().get(field).cloned();
    let names: BTreeSet<_> = [old, new]
        .into_iter()
        .flatten()
        .flat_map(|entry| entry.fields().keys())
        .collect();
    let fields = names
        .into_iter()
        .map(|field| FieldChange {
            field: field.clone(),
            old: value(old, field),
            new: value(new, field),
        })
        .filter(|change| change.old != change.new)
        .collect();
    let removed = |entry: &Entry| entry.removed_at().is_some();
    let change = match (old, new) {
        (None, _) => RecordChange::Added,
        (_, None) => RecordChange::Gone,
        (Some(old), Some(new)) if !removed(old) && removed(new) => RecordChange::Removed,
        (Some(old), Some(new)) if removed(old) && !removed(new) => RecordChange::Restored,
        _ => RecordChange::Changed,
    };
    RecordPatch {
        collection,
        record,
        change,
        fields,
    }
}
