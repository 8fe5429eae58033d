use serde::Serialize;
use yilian_core::document::{DocumentId, FieldChange, Name, RecordChange, RecordPatch};
use yilian_core::records::{Collection, RecordId};

use super::shown::ShownRecord;

/// Something for JavaScript to do or to show. What is said of bytes is beside it.
#[derive(Debug, Serialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Signal {
    /// The document is in memory; build it with `build` when it is to be shown.
    Arrived {
        /// Which.
        document: DocumentId,
        /// Its name.
        name: Name,
        /// How many changes there are to build it from.
        changes: u32,
    },
    /// New changes are durable: `apply` shows them.
    Behind {
        /// In which document.
        document: DocumentId,
    },
    /// Records of a document changed.
    Changed {
        /// Which document.
        name: Name,
        /// What changed.
        patches: Vec<Patch>,
        /// Whether it was edited here.
        local: bool,
    },
    /// End the connection.
    Close {
        /// Why, for a person.
        reason: String,
    },
    /// The document's stored changes do not fit together.
    Damaged {
        /// Which.
        document: DocumentId,
        /// Its name.
        name: Option<Name>,
    },
    /// Call `expand` with the bytes.
    Expand {
        /// For which document.
        document: DocumentId,
        /// On which connection.
        connection: u64,
    },
    /// Somebody said something that is not kept: the bytes.
    Ephemeral {
        /// About which document.
        name: Name,
    },
    /// Read a document's changes, and call `loaded`.
    Load {
        /// Which.
        document: DocumentId,
    },
    /// The relay reports something for a person.
    Complaint {
        /// What it says.
        message: String,
    },
    /// Keep how far the relay is in a document; losing it costs time only.
    RemoteHeads {
        /// Which document.
        document: DocumentId,
        /// The relay's heads.
        heads: Vec<String>,
    },
    /// Keep how far the catalogue was read; losing it costs time only.
    Cursor {
        /// The relay's store.
        store: String,
        /// Its position.
        position: String,
    },
    /// What was not durable is gone: the document is to be built again.
    Rebuild {
        /// Which.
        document: DocumentId,
        /// How many changes there are to build it from.
        changes: u32,
    },
    /// Edits are durable, or will never be.
    Settled {
        /// What `edit` answered.
        tickets: Vec<u32>,
        /// Whether they are durable.
        durable: bool,
    },
    /// Commit the bytes, and call `stored`.
    Store {
        /// For which document.
        document: DocumentId,
        /// Its name, if it has one.
        name: Option<String>,
        /// The heads before, in hexadecimal.
        before: Vec<String>,
        /// The heads after.
        after: Vec<String>,
        /// How many changes the bytes hold.
        changes: usize,
    },
    /// There are frames to send: `transmit`.
    Wake,
}

/// What changed in a record, and the record as it is now.
#[derive(Debug, Serialize)]
pub struct Patch {
    /// Where the record is.
    pub collection: Collection,
    /// The record's id.
    pub record: RecordId,
    /// What became of it.
    pub change: RecordChange,
    /// The fields that changed.
    pub fields: Vec<FieldChange>,
    /// The record now; none when it is gone.
    pub now: Option<ShownRecord>,
}

impl Patch {
    pub(super) fn new(patch: RecordPatch, now: Option<ShownRecord>) -> Self {
        let RecordPatch {
            collection,
            record,
            change,
            fields,
        } = patch;
        Self {
            collection,
            record,
            change,
            fields,
            now,
        }
    }
}
