use automerge::ChangeHash;

use super::Position;
use crate::document::DocumentId;

/// What a store says of a document without reading its changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDocument {
    /// The document.
    pub id: DocumentId,
    /// Its name, where it is known: documents of clients that know nothing of names have none.
    pub name: Option<String>,
    /// Its heads, as last written, sorted.
    pub heads: Vec<ChangeHash>,
    /// The heads which the dialled relay has acknowledged as durable, sorted; empty where it never did.
    pub remote_heads: Vec<ChangeHash>,
    /// The position of the last commit that gave it changes, other heads or a name. Acknowledgements do not move it.
    pub position: Position,
}
