use automerge::ChangeHash;

use super::Replica;
use crate::document::DocumentId;
use crate::storage::Quarantined;
use crate::sync::engine::{CloseReason, ConnectionId, Effect};

impl Replica {
    /// As [`Engine::quarantine`](super::Engine::quarantine).
    pub fn quarantine(&mut self, document: DocumentId, found: Vec<Quarantined>) {
        self.engine.quarantine(document, found);
    }

    /// The relay takes some of our changes from nobody: they are put aside, with all that builds on them, so that what
    /// comes after builds on what it did take. Unless they break Automerge, it does not listen to the document any more on
    /// this connection, which is therefore ended: on the next one it does.
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
        if reason == Quarantined::BREAKS {
            return;
        }
        let reason = CloseReason::Refused;
        self.effects.push_back(Effect::Close { connection, reason });
    }
}
