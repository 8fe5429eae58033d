use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::{Collection, REMOVED_AT, RecordId, Value, View, write_date_time};
use crate::document::Name;

/// One field to write: what every command, import and repair comes down to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// Set a field.
    Set {
        /// The document to write.
        document: Name,
        /// The collection in it.
        collection: Collection,
        /// The record, which need not be there yet.
        record: RecordId,
        /// The field's name.
        field: String,
        /// The value to store.
        value: Value,
    },
    /// Delete a field, as if it had never been set.
    Clear {
        /// The document to write.
        document: Name,
        /// The collection in it.
        collection: Collection,
        /// The record.
        record: RecordId,
        /// The field's name.
        field: String,
    },
}

impl Edit {
    /// Sets a field.
    pub fn set(
        document: &Name,
        collection: Collection,
        record: RecordId,
        field: &str,
        value: impl Into<Value>,
    ) -> Self {
        Self::Set {
            document: document.clone(),
            collection,
            record,
            field: field.to_owned(),
            value: value.into(),
        }
    }

    /// Deletes a field.
    pub fn clear(document: &Name, collection: Collection, record: RecordId, field: &str) -> Self {
        Self::Clear {
            document: document.clone(),
            collection,
            record,
            field: field.to_owned(),
        }
    }

    /// Removes a record, at the time on the wall: it stays, marked.
    pub fn remove(document: &Name, collection: Collection, record: RecordId, at: DateTime) -> Self {
        Self::set(
            document,
            collection,
            record,
            REMOVED_AT.name,
            write_date_time(at),
        )
    }

    /// Takes a removal back.
    pub fn restore(document: &Name, collection: Collection, record: RecordId) -> Self {
        Self::clear(document, collection, record, REMOVED_AT.name)
    }

    /// The document to write.
    pub const fn document(&self) -> &Name {
        match self {
            Self::Set { document, .. } | Self::Clear { document, .. } => document,
        }
    }

    /// The collection, the record and the field to write.
    pub fn place(&self) -> (Collection, RecordId, &str) {
        match self {
            Self::Set {
                collection,
                record,
                field,
                ..
            }
            | Self::Clear {
                collection,
                record,
                field,
                ..
            } => (*collection, *record, field),
        }
    }

    /// The value to store; none to delete the field.
    pub const fn value(&self) -> Option<&Value> {
        match self {
            Self::Set { value, .. } => Some(value),
            Self::Clear { .. } => None,
        }
    }

    /// Whether it would change what `view` shows.
    ///
    /// An importer keeps only such edits: setting a field to what it shows would decide a conflict
    /// of two sites, which nobody meant.
    pub fn differs_from(&self, view: &View) -> bool {
        let (collection, record, field) = self.place();
        let shown = view
            .entry(collection, record)
            .and_then(|entry| entry.fields().get(field));
        shown != self.value()
    }
}
