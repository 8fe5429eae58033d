use automerge::ChangeHash;

use crate::records::Edit;

/// How to undo a change: the edits, and the message to make them with.
#[derive(Clone, Debug, PartialEq)]
pub struct Undo {
    /// The change to undo.
    pub of: ChangeHash,
    /// What sets back every field that still is as the change left it.
    pub edits: Vec<Edit>,
    /// The message to make the edits with. It names the change, so that the next undo goes on
    /// to the one before.
    pub message: String,
}
