use automerge::ChangeHash;
use yilian_core::document::{DocumentId, Name, RecordPatch};
use yilian_core::storage::Quarantined;

use super::json::{Object, array};
use super::shown::record;
use yilian_core::records::View;

/// Something for JavaScript to do or to show. What is said of bytes is beside it.
#[derive(Clone, Debug, PartialEq)]
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
    /// Keep what of a document is aside, and its heads: of those before, these are left. Losing it costs being told again.
    Aside {
        /// Which document.
        document: DocumentId,
        /// Its name.
        name: Option<Name>,
        /// All that is aside.
        listed: Vec<Quarantined>,
        /// Hashes that are heads no more, or still.
        before: Vec<ChangeHash>,
        /// The heads now.
        after: Vec<ChangeHash>,
    },
    /// New changes are durable: `apply` shows them.
    Behind {
        /// In which document.
        document: DocumentId,
    },
    /// Records of a document changed: the whole signal as JSON, with `name`, `patches` and `local`. A
    /// patch is a `RecordPatch`, and `now`, the record as it is now.
    Changed(String),
    /// End the connection.
    Close {
        /// Why, for a person.
        reason: String,
    },
    /// The relay reports something for a person.
    Complaint {
        /// What it says.
        message: String,
    },
    /// Keep how far the catalogue was read; losing it costs time only.
    Cursor {
        /// The relay's store.
        store: String,
        /// Its position.
        position: u64,
    },
    /// The document's stored changes do not fit together.
    Damaged {
        /// Which.
        document: DocumentId,
        /// Its name.
        name: Option<Name>,
    },
    /// Somebody said something that is not kept: the bytes.
    Ephemeral {
        /// About which document.
        name: Name,
    },
    /// Call `expand` with the bytes.
    Expand {
        /// For which document.
        document: DocumentId,
        /// On which connection.
        connection: u64,
    },
    /// Read a document's changes, and call `loaded`.
    Load {
        /// Which.
        document: DocumentId,
    },
    /// What a change that is aside wrote is there again and on disk: keep that nobody has to hear of it any more.
    MadeAgain {
        /// The change.
        change: ChangeHash,
    },
    /// What was not durable is gone: the document is to be built again.
    Rebuild {
        /// Which.
        document: DocumentId,
        /// How many changes there are to build it from.
        changes: u32,
    },
    /// Keep how far the relay is in a document; losing it costs time only.
    RemoteHeads {
        /// Which document.
        document: DocumentId,
        /// The relay's heads.
        heads: Vec<String>,
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
    },
    /// There are frames to send: `transmit`.
    Wake,
}

impl Signal {
    /// The signal as JavaScript reads it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let of = Object::of_type;
        match self {
            Self::Arrived {
                document,
                name,
                changes,
            } => of("arrived")
                .shown("document", document)
                .shown("name", name)
                .number("changes", u64::from(*changes)),
            Self::Aside {
                document,
                name,
                listed,
                before,
                after,
            } => of("aside")
                .shown("document", document)
                .maybe(
                    "name",
                    name.as_ref().map(|name| name as &dyn std::fmt::Display),
                )
                .raw("listed", &array(listed.iter().map(aside)))
                .raw("before", &array(before.iter().map(quoted)))
                .raw("after", &array(after.iter().map(quoted))),
            Self::Behind { document } => of("behind").shown("document", document),
            Self::Changed(json) => return json.clone(),
            Self::Close { reason } => of("close").text("reason", reason),
            Self::Complaint { message } => of("complaint").text("message", message),
            Self::Cursor { store, position } => of("cursor")
                .text("store", store)
                .shown("position", position),
            Self::Damaged { document, name } => of("damaged").shown("document", document).maybe(
                "name",
                name.as_ref().map(|name| name as &dyn std::fmt::Display),
            ),
            Self::Ephemeral { name } => of("ephemeral").shown("name", name),
            Self::Expand {
                document,
                connection,
            } => of("expand")
                .shown("document", document)
                .number("connection", *connection),
            Self::Load { document } => of("load").shown("document", document),
            Self::MadeAgain { change } => of("madeAgain").shown("change", change),
            Self::Rebuild { document, changes } => of("rebuild")
                .shown("document", document)
                .number("changes", u64::from(*changes)),
            Self::RemoteHeads { document, heads } => of("remoteHeads")
                .shown("document", document)
                .texts("heads", heads),
            Self::Settled { tickets, durable } => of("settled")
                .raw("tickets", &array(tickets.iter().map(ToString::to_string)))
                .flag("durable", *durable),
            Self::Store {
                document,
                name,
                before,
                after,
            } => of("store")
                .shown("document", document)
                .maybe(
                    "name",
                    name.as_ref().map(|name| name as &dyn std::fmt::Display),
                )
                .texts("before", before)
                .texts("after", after),
            Self::Wake => of("wake"),
        }
        .end()
    }

    /// What changed in records, with the records as a view shows them now.
    pub(super) fn changed(name: &Name, patches: &[RecordPatch], view: &View, local: bool) -> Self {
        let patch = |patch: &RecordPatch| {
            let now = view.entry(patch.collection, patch.record);
            Object::new()
                .fields_of(&super::json::write(patch))
                .raw("now", &now.map_or_else(|| "null".to_owned(), record))
                .end()
        };
        let json = Object::of_type("changed")
            .shown("name", name)
            .flag("local", local)
            .raw("patches", &array(patches.iter().map(patch)))
            .end();
        Self::Changed(json)
    }
}

/// A change that is aside, as it is kept.
fn aside(one: &Quarantined) -> String {
    Object::new()
        .shown("change", &one.change)
        .text("reason", &one.reason)
        .end()
}

fn quoted(hash: &ChangeHash) -> String {
    format!("\"{hash}\"")
}
