//! The wire: the automerge-repo network protocol, version "1", and our own messages beside it.
//!
//! One CBOR map per binary WebSocket frame. What the real peers write is accepted: keys in any
//! order, lengths in more bytes than needed, `undefined` for what is absent, and integers as
//! floats. Our own messages start with `yilian-` and are sent only to peers that declared
//! themselves in the metadata of `join` or `peer`: samod closes a connection over a type it does not
//! know.

use automerge::ChangeHash;
use bytes::Bytes;

use crate::document::DocumentId;
use crate::ordered::BTreeMap;

mod decode;
mod encode;

pub use decode::decode;
pub use encode::{encode, encode_sync_head, encode_sync_tail};

/// The only version there is.
pub const PROTOCOL_VERSION: &str = "1";
/// The version of our own messages.
pub const EXTENSION_VERSION: u32 = 1;
/// The longest peer, storage or session id, in bytes; longer ones are refused.
pub const ID_BYTES_MAX: usize = 256;
/// The longest name, prefix or reason, in bytes.
pub const TEXT_BYTES_MAX: usize = 1_024;
/// The most entries in one list of names, ids or catalogue entries.
pub const LIST_MAX: usize = 10_000;

/// What a peer says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeerMetadata {
    /// The id of its store, by which others follow its heads.
    pub storage_id: Option<String>,
    /// Whether its store goes away with it.
    pub is_ephemeral: bool,
    /// Set by our own peers.
    pub yilian: Option<Extension>,
}

/// What our own peers declare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The version of our own messages.
    pub version: u32,
    /// The network that names on this connection belong to; a relay, which serves all, has none.
    pub network: Option<String>,
}

/// A message with who sent it and whom it is for (absent in `join`).
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Peer id of the sender; of an ephemeral message, of its author.
    pub sender: String,
    /// Peer id of the receiver, the next hop.
    pub target: Option<String>,
    /// What it says.
    pub body: Body,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// The first frame of the side that dialled.
    Join {
        /// Of the sender.
        metadata: PeerMetadata,
        /// Versions that the sender speaks.
        versions: Vec<String>,
    },
    /// The answer to `join`.
    Peer {
        /// Of the sender.
        metadata: PeerMetadata,
        /// The version that the sender chose.
        version: String,
    },
    /// The sender is about to go.
    Leave,
    /// A sync message; `request` when the sender has nothing and wants to know if nobody has.
    Sync {
        /// Which document.
        document: DocumentId,
        /// The inner sync message.
        data: Bytes,
        /// Whether it is a `request`.
        request: bool,
        /// The document's name, between our own peers, the first time on a connection.
        name: Option<String>,
    },
    /// Nobody here has the document, or the asker may not have it.
    Unavailable {
        /// Which document.
        document: DocumentId,
    },
    /// A message that is never stored.
    Ephemeral {
        /// Which document it is about.
        document: DocumentId,
        /// Number of this message in the author's session.
        count: u64,
        /// The author's session.
        session: String,
        /// CBOR of the application.
        data: Bytes,
    },
    /// Which stores' heads the sender wants to follow.
    RemoteSubscription {
        /// Stores to follow.
        add: Vec<String>,
        /// Stores no longer to follow.
        remove: Vec<String>,
    },
    /// How far stores are.
    RemoteHeads {
        /// In which document.
        document: DocumentId,
        /// By store: heads, and when they were seen (Unix time in milliseconds).
        heads: BTreeMap<String, (Vec<ChangeHash>, f64)>,
    },
    /// Why the sender will close the connection.
    Error {
        /// For a person.
        message: String,
    },
    /// Ours: which names the sender wants to know of.
    Subscribe {
        /// Names that start with one of these; an empty prefix means all.
        prefixes: Vec<String>,
        /// Where the last catalogue ended.
        cursor: Option<Cursor>,
    },
    /// Ours: names and heads that are new since the cursor.
    Catalogue {
        /// The position after which documents are told of; 0 when the cursor was not accepted or
        /// not given, and then documents that are not told of are not there.
        since: u64,
        /// Where this catalogue ends; to be kept when it is the first of a subscription, and `more`
        /// is false. Later ones leave out what the subscriber has been told of before.
        cursor: Cursor,
        /// Names and durable heads.
        entries: Vec<CatalogueEntry>,
        /// Whether another part follows.
        more: bool,
    },
    /// Ours: changes that the sender will not take.
    Refusal {
        /// In which document.
        document: DocumentId,
        /// The changes.
        changes: Vec<ChangeHash>,
        /// For a person.
        reason: String,
    },
    /// A type that this version does not know: ignored, as JavaScript peers do.
    Unknown {
        /// The type.
        kind: String,
    },
}

impl Message {
    /// How many bytes of a sync or ephemeral message it carries.
    #[must_use]
    pub fn payload_len(&self) -> usize {
        match &self.body {
            Body::Sync { data, .. } | Body::Ephemeral { data, .. } => data.len(),
            _ => 0,
        }
    }
}

/// A point in a store's history: a catalogue since then is short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The store, in one run of the relay: after another start it may have been restored.
    pub store: String,
    /// The store's commit position.
    pub position: u64,
}

/// One document of a catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueEntry {
    /// Its name.
    pub name: String,
    /// Its durable heads, sorted.
    pub heads: Vec<ChangeHash>,
}

/// Why a frame is not a message. All of it is the doing of the peer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// Not a CBOR map with text keys, or it ends early.
    #[error("the frame is not a CBOR map of this protocol")]
    Cbor(#[from] minicbor::decode::Error),
    /// A field that the type needs is missing.
    #[error("a {kind} message lacks the field {field}")]
    Missing {
        /// The message's type.
        kind: String,
        /// The field.
        field: &'static str,
    },
    /// A field holds what it must not.
    #[error("the field {field} is not valid")]
    Invalid {
        /// The field.
        field: &'static str,
    },
    /// A frame, text or list above its limit.
    #[error("{field} has {value}, above the limit of {limit}")]
    Limit {
        /// What was too large.
        field: &'static str,
        /// Its size.
        value: usize,
        /// What is accepted.
        limit: usize,
    },
}

#[cfg(test)]
mod tests;
