use automerge::ChangeHash;

use super::Position;

/// What became of a document whose stored changes were damaged, as [`Store::salvage`](super::Store::salvage) leaves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Salvage {
    /// Its name, where it is known.
    pub name: Option<String>,
    /// Its heads now, sorted.
    pub heads: Vec<ChangeHash>,
    /// Heads that it had and has no more, sorted: empty where nothing is lost. Once these are there again, everything is.
    pub lost: Vec<ChangeHash>,
    /// How many of its changes are there, those that wait for a lost one included.
    pub changes: u32,
    /// How many rows were set aside.
    pub set_aside: usize,
    /// The position after it.
    pub position: Position,
}
