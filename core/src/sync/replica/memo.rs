use automerge::ChangeHash;

use crate::document::DocumentId;
use crate::sync::wire::Cursor;

/// What the driver stores when it commits the next time; losing it costs time, never data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Memo {
    /// The relay has everything up to these heads of a document.
    RemoteHeads {
        /// Which document.
        document: DocumentId,
        /// Our heads, sorted.
        heads: Vec<ChangeHash>,
        /// The relay's, sorted.
        remote_heads: Vec<ChangeHash>,
    },
    /// Everything up to this cursor has arrived and is durable here.
    Cursor(Cursor),
}
