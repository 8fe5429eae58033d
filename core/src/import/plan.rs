use serde::Serialize;

use super::row_error::ErrorColumn;
use crate::document::Name;
use crate::records::{Edit, RecordId, Value};
use crate::rules::Text;

/// What an import would do: nothing is done yet.
///
/// The edits are few: only what differs from what is held, so importing a file twice gives none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// The file's name.
    pub file: String,
    /// What to write, in the order of the file, each naming its document. Write all or nothing.
    pub edits: Vec<Edit>,
    /// The rows that become new records.
    pub added: Vec<PlannedRow>,
    /// The rows that change a record, and what they change.
    pub updated: Vec<UpdatedRow>,
    /// The rows that say what is held already.
    pub unchanged: Vec<PlannedRow>,
    /// The rows whose record was removed since: they change nothing. Restore a record to have it back.
    pub removed: Vec<PlannedRow>,
    /// Records that an earlier import made and that the file does not have: reported, never removed.
    pub gone: Vec<GoneRecord>,
    /// What the file says that nothing was made of, and what looks wrong without being an error.
    pub warnings: Vec<ImportWarning>,
}

/// A row and its record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedRow {
    /// The line in the file, from 1.
    pub line: usize,
    /// The document the record is in.
    pub document: Name,
    /// The record.
    pub record: RecordId,
    /// What people call it: `2026-12-03 08:00 前台 李超`.
    pub label: String,
}

/// A row that changes a record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UpdatedRow {
    /// The row and its record.
    #[serde(flatten)]
    pub row: PlannedRow,
    /// What it changes.
    pub fields: Vec<FieldUpdate>,
}

/// One field that a row changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldUpdate {
    /// The field's name.
    pub field: String,
    /// What is held; none where nothing is.
    pub from: Option<Value>,
    /// What the file says.
    pub to: Value,
}

/// A record that the file no longer has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct GoneRecord {
    /// The document it is in.
    pub document: Name,
    /// The record.
    pub record: RecordId,
    /// What people call it.
    pub label: String,
}

/// Something worth telling about a file that was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportWarning {
    /// The line in the file, from 1.
    pub line: usize,
    /// The column, where it is about one.
    pub column: Option<ErrorColumn>,
    /// What to know.
    pub text: Text,
}

impl Plan {
    pub(super) fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            edits: Vec::new(),
            added: Vec::new(),
            updated: Vec::new(),
            unchanged: Vec::new(),
            removed: Vec::new(),
            gone: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Whether the file says nothing new.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    pub(super) fn warn(&mut self, line: usize, column: Option<ErrorColumn>, text: Text) {
        self.warnings.push(ImportWarning { line, column, text });
    }
}
