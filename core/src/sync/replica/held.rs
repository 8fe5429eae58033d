use automerge::ChangeHash;

use super::Replica;
use crate::document::{DocumentId, Name};

/// What is known of a document without loading it.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    pub(super) name: Option<Name>,
    pub(super) heads: Vec<ChangeHash>,
    pub(super) remote_heads: Vec<ChangeHash>,
}

impl Held {
    /// How many of the changes that the relay lacks somebody made: a new document's genesis is
    /// nobody's.
    pub(super) fn count_edits(&self, changes: usize) -> usize {
        match &self.name {
            Some(name) if self.remote_heads.is_empty() && changes > 0 => {
                changes.saturating_sub(name.kind().genesis().len()).max(1)
            }
            _ => changes,
        }
    }
}

impl Replica {
    /// A document that the store holds or that is open: its name and heads.
    #[must_use]
    pub fn document(&self, document: DocumentId) -> Option<(Option<&Name>, &[ChangeHash])> {
        let held = self.held.get(&document)?;
        Some((held.name.as_ref(), &held.heads))
    }
}
