use serde::Serialize;

use crate::records::{Collection, RecordId, Value};

/// What changed in one record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecordPatch {
    /// Where the record is.
    pub collection: Collection,
    /// The record.
    pub record: RecordId,
    /// What became of it.
    pub change: RecordChange,
    /// The fields that changed, in the order of their names.
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
