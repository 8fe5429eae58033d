use automerge::ChangeHash;

use super::Author;
use crate::records::{Collection, RecordId, Value};

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
