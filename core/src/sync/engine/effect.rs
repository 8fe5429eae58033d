use automerge::ChangeHash;
use bytes::Bytes;

use super::ConnectionId;
use crate::document::DocumentId;
use crate::storage::{Part, Quarantined, SnapshotInfo};
use crate::sync::change_graph::ChangeGraph;
use crate::sync::limits::Limits;
use crate::sync::sync_state::Wanted;

/// Something for the driver to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Effect {
    /// End a connection, after what [`super::Engine::poll_transmit`] still gives.
    Close {
        /// Which.
        connection: ConnectionId,
        /// Why.
        reason: CloseReason,
    },
    /// Call [`super::examine`] on `bytes`, aside, and [`super::Engine::expanded`] with the outcome.
    Expand {
        /// For which document.
        document: DocumentId,
        /// Who sent it.
        connection: ConnectionId,
        /// Chunks.
        bytes: Bytes,
        /// What bounds them.
        limits: Limits,
    },
    /// Read bytes of a document's older changes from the store; [`super::Engine::fetched`] takes them.
    Fetch {
        /// Of which document.
        document: DocumentId,
        /// Which bytes.
        wanted: Wanted,
        /// Changes after so many bytes may be left out; the first is always read.
        bytes_max: usize,
    },
    /// Read a document from the store; [`super::Engine::loaded`] takes it.
    Load {
        /// Which.
        document: DocumentId,
        /// Whether all bytes are to be in memory; otherwise the store's outline is enough.
        whole: bool,
    },
    /// Tell the application.
    Notify(Notice),
    /// Commit what is in quarantine, and the heads that are left. Nobody waits for it: what is not stored now is
    /// found again after the next start.
    Quarantine {
        /// Of which document.
        document: DocumentId,
        /// All of the document that is in quarantine.
        listed: Vec<Quarantined>,
        /// The document's heads without it, sorted.
        heads: Vec<ChangeHash>,
    },
    /// Commit; [`super::Engine::stored`] takes the outcome.
    Store(StoreRequest),
    /// There is something to send: [`super::Engine::poll_transmit`].
    Wake {
        /// On which connection.
        connection: ConnectionId,
    },
}

/// One document's part of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreRequest {
    /// Which document.
    pub document: DocumentId,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Changes to append, in order; empty when only the name is new.
    pub changes: Vec<Bytes>,
    /// The document's heads after them, sorted.
    pub heads: Vec<ChangeHash>,
}

/// What a store has of a document.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Its changes; an empty graph for a document that is not there.
    pub graph: ChangeGraph,
    /// Its name, if the store knows it.
    pub name: Option<String>,
}

/// Bytes of a document, as the store has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// Whole rows that hold the changes that were wanted.
    pub parts: Vec<Part>,
    /// What is known of the snapshot that the store has now.
    pub snapshot: Option<SnapshotInfo>,
    /// Its bytes, if they were wanted.
    pub snapshot_bytes: Option<Bytes>,
}

/// The store could not do it; the driver knows why, and reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the store could not do it")]
pub struct StoreFailed;

/// Something the application may want to know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The document's stored changes do not fit together.
    Damaged {
        /// Which.
        document: DocumentId,
    },
    /// Changes `from..to` of the graph are durable now, whoever made them.
    Durable {
        /// Of which document.
        document: DocumentId,
        /// Index of the first.
        from: u32,
        /// Index after the last.
        to: u32,
    },
    /// An ephemeral message arrived.
    Ephemeral {
        /// About which document.
        document: DocumentId,
        /// Peer id of its author.
        sender: String,
        /// The author's session.
        session: String,
        /// CBOR of the application.
        data: Bytes,
    },
    /// A commit failed: what was not durable is gone from the graph.
    Lost {
        /// Of which document.
        document: DocumentId,
    },
    /// The document is loaded.
    Opened {
        /// Which.
        document: DocumentId,
    },
    /// The peer says why it will close the connection.
    PeerError {
        /// On which connection.
        connection: ConnectionId,
        /// For a person.
        message: String,
    },
    /// Changes of the document are in quarantine now: whatever was made of it has to be made again without them.
    Quarantined {
        /// Which document.
        document: DocumentId,
        /// Those that were not before, with what builds on them, in the graph's order.
        changes: Vec<ChangeHash>,
    },
    /// The peer will not take changes of ours.
    Refused {
        /// In which document.
        document: DocumentId,
        /// On which connection.
        connection: ConnectionId,
        /// Which changes.
        changes: Vec<ChangeHash>,
        /// For a person.
        reason: String,
    },
    /// A peer's heads moved: see [`super::Engine::their_heads`].
    TheirHeads {
        /// In which document.
        document: DocumentId,
        /// On which connection.
        connection: ConnectionId,
    },
    /// The peer does not have the document.
    Unavailable {
        /// Which.
        document: DocumentId,
        /// On which connection.
        connection: ConnectionId,
    },
}

/// Why a connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CloseReason {
    /// It sent a change that nobody may store.
    #[error("it sent a change that is not valid")]
    BadChange,
    /// It sent a sync message that is malformed or above a limit.
    #[error("it sent a sync message that is not valid")]
    BadMessage,
    /// It said that it leaves.
    #[error("it left")]
    Left,
    /// It refused changes, which are kept aside now; on a new connection it listens again.
    #[error("it refused changes, and everything else is to be sent again")]
    Refused,
    /// What it sent could not be stored; it will send it again on a new connection.
    #[error("what it sent could not be stored")]
    StoreFailed,
    /// It opened more documents than a connection may.
    #[error("it opened too many documents")]
    TooManyDocuments,
    /// Too much of what it sent waits for changes that nobody sends.
    #[error("too many of its changes wait for others that are missing")]
    TooManyOrphans,
    /// It sent more than may wait while a document is loaded.
    #[error("it sent too much while a document was loaded")]
    TooMuchWaiting,
    /// It gave a document a name that is not its.
    #[error("it gave a document a name that does not fit its id")]
    WrongName,
}

impl CloseReason {
    /// A word for it that does not change, for metrics.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::BadChange => "bad_change",
            Self::BadMessage => "bad_message",
            Self::Left => "left",
            Self::Refused => "refused",
            Self::StoreFailed => "store_failed",
            Self::TooManyDocuments => "too_many_documents",
            Self::TooManyOrphans => "too_many_orphans",
            Self::TooMuchWaiting => "too_much_waiting",
            Self::WrongName => "wrong_name",
        }
    }
}
