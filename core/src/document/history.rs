use automerge::ChangeHash;

use super::{Author, RecordPatch};

/// One change of the past: who, when, what and why.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEntry {
    /// The change.
    pub hash: ChangeHash,
    /// When it was made, by its writer's clock: seconds since 1970.
    pub time: i64,
    /// Who made it; none when its writer gave no author.
    pub author: Option<Author>,
    /// Why, as its writer put it.
    pub message: Option<String>,
    /// The change that this one undid, if it is an undo.
    pub undoes: Option<ChangeHash>,
    /// What it wrote in the record that was asked about.
    pub patch: RecordPatch,
}
