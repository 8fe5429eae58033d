use automerge::ChangeHash;

use super::Replica;
use crate::document::{DocumentId, Name};

/// How far a replica and its relay are from each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Whether a relay is connected and has introduced itself.
    pub online: bool,
    /// Whether its catalogue has been read to the end.
    pub catalogue_read: bool,
    /// Documents that the relay has more of than we have on disk.
    pub arriving: usize,
    /// Documents of which something of ours is not durable at the relay.
    pub waiting: Vec<Waiting>,
    /// Documents of which the relay refused something, with its reason.
    pub refused: Vec<(DocumentId, String)>,
}

impl Progress {
    /// Whether everything that is here is durable at the relay, and everything subscribed is here.
    #[must_use]
    pub fn is_in_step(&self) -> bool {
        self.online
            && self.catalogue_read
            && self.arriving == 0
            && self.waiting.is_empty()
            && self.refused.is_empty()
    }
}

/// A document with changes that the relay has not acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub document: DocumentId,
    /// Its name, if it has one.
    pub name: Option<Name>,
    /// How many changes; unknown while the document is not loaded.
    pub changes: Option<usize>,
}

impl Replica {
    /// Whether the relay has told of an open document all that it has, and that is on disk: what is not here then, it does not
    /// have either. Documents outside of the prefixes are in no catalogue, so this is how one learns that they have arrived.
    #[must_use]
    pub fn has_heard(&self, document: DocumentId) -> bool {
        let Some(relay) = &self.relay else {
            return false;
        };
        let durable = |heads: &[ChangeHash]| {
            let graph = self.engine.graph(document);
            heads
                .iter()
                .all(|head| graph.is_some_and(|graph| graph.is_durable(head)))
        };
        let heads = self.engine.their_heads(document, relay.connection);
        heads.map_or_else(|| relay.lacks.contains(&document), durable)
    }

    pub(super) fn waiting(&self) -> Vec<Waiting> {
        self.held
            .iter()
            .filter_map(|(document, held)| {
                let graph = self.engine.graph(*document);
                let changes = match graph {
                    Some(graph) => Some(held.count_edits(graph.count_after(&held.remote_heads))),
                    None => (held.heads == held.remote_heads).then_some(0),
                };
                (changes != Some(0)).then(|| Waiting {
                    document: *document,
                    name: held.name.clone(),
                    changes,
                })
            })
            .collect()
    }
}
