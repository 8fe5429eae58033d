use automerge::{Change, ChangeHash};

use super::Replica;
use crate::document::DocumentId;
use crate::ordered::BTreeSet;
use crate::storage::Quarantined;
use crate::sync::engine::{CloseReason, ConnectionId, Effect};

impl Replica {
    /// As [`Engine::quarantine`](super::Engine::quarantine).
    pub fn quarantine(&mut self, document: DocumentId, found: Vec<Quarantined>) {
        self.engine.quarantine(document, found);
    }

    /// The relay takes some of our changes from nobody: they are put aside, with all that builds on them, so that what
    /// comes after builds on what it did take. It may not listen to the document any more on this connection, which is
    /// therefore ended: on the next one it does.
    ///
    /// Call it on [`Notice::Refused`](super::Notice::Refused) where the application can make again what is lost with
    /// them, on [`Notice::Quarantined`](super::Notice::Quarantined).
    pub fn take_back(
        &mut self,
        document: DocumentId,
        connection: ConnectionId,
        changes: Vec<ChangeHash>,
        reason: &str,
    ) {
        if changes.is_empty() {
            return;
        }
        let aside = |change| Quarantined {
            change,
            reason: reason.to_owned(),
        };
        self.refused.remove(&document);
        self.quarantine(document, changes.into_iter().map(aside).collect());
        let reason = CloseReason::Refused;
        self.effects.push_back(Effect::Close { connection, reason });
    }

    /// Changes that are aside, and those of what is aside that they build on, in the graph's order: what is to be applied,
    /// on a copy of the document, to see what they wrote. Those that break Automerge may panic then.
    #[must_use]
    pub fn ground(&self, document: DocumentId, changes: &[ChangeHash]) -> Vec<Change> {
        let Some(graph) = self.engine.graph(document) else {
            return Vec::new();
        };
        let aside: Vec<u32> = graph.aside().collect();
        let bytes = aside.into_iter().filter_map(|index| graph.bytes(index));
        let mut aside: Vec<Change> = bytes
            .filter_map(|bytes| Change::try_from(&bytes[..]).ok())
            .collect();
        let mut wanted: BTreeSet<ChangeHash> = changes.iter().copied().collect();
        for change in aside.iter().rev() {
            if wanted.contains(&change.hash()) {
                wanted.extend(change.deps().iter().copied());
            }
        }
        aside.retain(|change| wanted.contains(&change.hash()));
        aside
    }
}
