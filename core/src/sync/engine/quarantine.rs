//! Changes that are kept and not used, and the peers that have them.

use automerge::ChangeHash;

use super::{CloseReason, ConnectionId, Effect, Engine, Notice};
use crate::document::DocumentId;
use crate::storage::Quarantined;
use crate::sync::wire::Body;

/// So many changes are named in one refusal.
const TOLD_MAX: usize = 1_000;
/// A peer that builds so often on what it was told of does not listen, or does not read.
const AGAIN_MAX: u32 = 100;

/// What a peer was told of a document's changes in quarantine.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Warned {
    /// How many of those that are listed.
    listed: usize,
    /// How often what it had built on was named.
    again: u32,
}

impl Engine {
    /// Puts changes of a document aside, with all that builds on them: they go to nobody from now on, and those of our
    /// own peers that have them are told. The document is loaded for it if it is not in memory;
    /// [`Notice::Quarantined`] follows where anything was put aside that was not before.
    pub fn quarantine(&mut self, id: DocumentId, found: Vec<Quarantined>) {
        self.touch(id);
        if let Some(document) = self.documents.get_mut(&id) {
            document.suspects.extend(found);
        }
        self.keep_aside(id);
    }

    /// Puts aside what waits for that, if the document is loaded.
    pub(super) fn keep_aside(&mut self, id: DocumentId) {
        let Some(document) = self.documents.get_mut(&id).filter(|at| at.is_ready()) else {
            return;
        };
        let found = std::mem::take(&mut document.suspects);
        let changes = document.graph.quarantine(found);
        if changes.is_empty() {
            return;
        }
        document.shared.clear();
        let peers: Vec<ConnectionId> = document.peers.keys().copied().collect();
        self.store_quarantine(id);
        let notice = Notice::Quarantined {
            document: id,
            changes,
        };
        self.effects.push_back(Effect::Notify(notice));
        for connection in peers {
            self.warn(id, connection, None);
            self.mark_behind(id, connection);
        }
    }

    /// Has what is in quarantine stored, if there is any, and the heads that the document has without it.
    pub(super) fn store_quarantine(&mut self, id: DocumentId) {
        let Some(document) = self.documents.get(&id) else {
            return;
        };
        let graph = &document.graph;
        if graph.quarantined().is_empty() {
            return;
        }
        // A commit under way was asked for before this is.
        let count = document.committing.unwrap_or(graph.durable_len());
        self.effects.push_back(Effect::Quarantine {
            document: id,
            listed: graph.quarantined().to_vec(),
            heads: graph.heads_of_first(count),
        });
    }

    /// Tells one of our own peers that it has something that is in quarantine here: of each change once, and once more of one on
    /// which it has built since. What it would build on next is told along, or it were refused once for each.
    pub(super) fn warn(
        &mut self,
        id: DocumentId,
        connection: ConnectionId,
        built_on: Option<ChangeHash>,
    ) {
        let (Some(document), Some(link)) = (
            self.documents.get(&id),
            self.connections.get_mut(&connection),
        ) else {
            return;
        };
        let listed = document.graph.quarantined();
        let mut warned = link.warned.get(&id).copied().unwrap_or_default();
        let told = warned.listed;
        if link.peer.yilian.is_none() || (listed.len() <= told && built_on.is_none()) {
            return;
        }
        let has_some = built_on.is_some()
            || document.peers.get(&connection).is_some_and(|state| {
                let claimed = state.their_heads().unwrap_or_default();
                let mut has = claimed.iter().chain(state.known());
                has.any(|hash| document.graph.is_quarantined(hash))
            });
        if !has_some {
            return;
        }
        warned.listed = listed.len();
        warned.again += u32::from(built_on.is_some());
        link.warned.insert(id, warned);
        if warned.again > AGAIN_MAX {
            return self.hang_up(connection, CloseReason::Refused);
        }
        let news = listed.get(told..).unwrap_or_default().iter();
        let mut changes: Vec<ChangeHash> = news.map(|one| one.change).collect();
        changes.extend(built_on.filter(|ground| !changes.contains(ground)));
        let reason_of = |changes: &[ChangeHash]| {
            let first = listed
                .iter()
                .find(|one| Some(&one.change) == changes.first());
            first.map(|one| one.reason.clone())
        };
        let told: Vec<(Vec<ChangeHash>, String)> = changes
            .chunks(TOLD_MAX)
            .filter_map(|changes| Some((changes.to_vec(), reason_of(changes)?)))
            .collect();
        for (changes, reason) in told {
            self.say(
                connection,
                Body::Refusal {
                    document: id,
                    changes,
                    reason,
                },
            );
        }
    }
}
