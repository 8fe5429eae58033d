//! Changes that are kept and not used: those that break a document here, and those that the relay refuses.

use std::collections::BTreeMap;

use automerge::{Change as AutomergeChange, ChangeHash};
use tracing::warn;
use yilian_core::document::{DocumentId, LiveDocument, Name, Remake};
use yilian_core::storage::Quarantined;
use yilian_core::sync::change_graph::ChangeGraph;
use yilian_core::sync::replica::Replica;

use super::{App, DocumentWrite, EditFailed, Open};
use crate::node::Refused;
use crate::verifier::{guarded, trial};

/// The changes `from..to` of a document's graph, those in quarantine left out.
pub(super) fn decode(
    replica: &Replica,
    id: DocumentId,
    from: u32,
    to: u32,
) -> Vec<AutomergeChange> {
    let Some(graph) = replica.engine().graph(id) else {
        return Vec::new();
    };
    (from..to)
        .filter(|index| !graph.is_aside(*index))
        .filter_map(|index| graph.bytes(index))
        .filter_map(|bytes| AutomergeChange::try_from(&bytes[..]).ok())
        .collect()
}

/// The live document of what is durable; what breaks it goes into quarantine on the way. Nothing if it cannot be opened all
/// the same.
pub(super) fn load_sound(
    replica: &mut Replica,
    id: DocumentId,
    name: &Name,
    actor: [u8; 16],
) -> Option<LiveDocument> {
    let load = |replica: &Replica| {
        let durable = replica.engine().graph(id)?.durable_len();
        let changes = decode(replica, id, 0, durable);
        guarded(|| LiveDocument::load(id, Some(name.clone()), actor, changes).ok())?
    };
    load(replica).or_else(|| {
        convict(replica, id, name);
        load(replica)
    })
}

/// Finds out which changes of a document break Automerge, and puts them into quarantine.
fn convict(replica: &mut Replica, id: DocumentId, name: &Name) {
    let len = replica.engine().graph(id).map_or(0, |graph| graph.len());
    let changes = decode(replica, id, 0, len);
    let found = trial(id, Some(name), &changes, &mut || true).unwrap_or_default();
    for change in &found {
        warn!(%name, %change, "a change breaks Automerge: it is in quarantine now, with what builds on it");
    }
    replica.quarantine(id, found.into_iter().map(Quarantined::breaking).collect());
}

impl App {
    /// Something in these documents made Automerge fail: finds what, and opens them again without it.
    pub(super) fn look_into(&mut self, replica: &mut Replica, names: &[Name]) {
        for name in names {
            let Some(id) = self.ids.get(name).copied() else {
                continue;
            };
            convict(replica, id, name);
            self.reload(replica, id);
        }
    }

    /// Some changes of a document are in quarantine from now on. What this node's author wrote on top of them is written
    /// again, under another actor, on what is left.
    pub(super) fn quarantined(&mut self, replica: &mut Replica, id: DocumentId) {
        self.aside.documents.insert(id);
        let Some(name) = name_of(replica, id) else {
            return;
        };
        self.owe(&name);
        self.reload(replica, id);
        self.write_again(replica);
    }

    /// The documents of which something is aside.
    pub(super) fn names_aside(&self, replica: &Replica) -> Vec<Name> {
        let aside = |id: &DocumentId| self.aside.documents.contains(id);
        let documents = replica.documents().filter(|(id, ..)| aside(id));
        documents.filter_map(|(_, name, _)| name.cloned()).collect()
    }

    /// What is aside of open documents, was not dismissed, and is not written again by itself.
    pub(super) fn refused(&self, replica: &Replica, names: &[Name]) -> Vec<Refused> {
        let mut refused = Vec::new();
        for name in names {
            let id = self.ids.get(name).copied();
            let Some(graph) = id.and_then(|id| replica.engine().graph(id)) else {
                continue;
            };
            let reasons = reasons(graph);
            let is_shown = |change: &ChangeHash| {
                let is_one = reasons.contains_key(change) || self.owed.is_given_up(change);
                is_one && !self.aside.is_settled(change)
            };
            let ours = self.author.as_ref();
            let ours = ours.map(|author| Remake::read(name, graph, author, &is_shown));
            let mut ours: BTreeMap<ChangeHash, Remake> = ours
                .into_iter()
                .flatten()
                .map(|remake| (remake.of, remake))
                .collect();
            for described in Remake::describe(name, graph, &is_shown) {
                let change = described.of;
                let reason = reasons.get(&change).copied();
                let is_blamed = reason == Some(Quarantined::BREAKS);
                let ours = ours.remove(&change);
                if ours.is_some() && is_blamed && self.owed.covers(&change, is_blamed) {
                    continue;
                }
                let reason = reason.unwrap_or("it builds on a change that is kept aside");
                refused.push(refusal(name, reason, ours.unwrap_or(described)));
            }
        }
        refused
    }

    /// The store lost something of a document. What is in memory is stored once more; else what is left is loaded, and the
    /// relay asked for the rest.
    pub(super) fn mend(&mut self, replica: &mut Replica, id: DocumentId) {
        let Some(name) = name_of(replica, id) else {
            return;
        };
        let Some(graph) = replica.engine().graph(id) else {
            let id = replica.open(&name);
            return replica.close(id);
        };
        let durable = 0..graph.durable_len();
        let bytes = durable.filter_map(|index| graph.bytes(index)).cloned();
        let heads = graph.durable_heads().collect();
        let write = DocumentWrite::changes(id, bytes.collect(), heads);
        self.mended.push(write);
    }

    /// Opens an open document again, under a new actor; edits under way stay under way.
    fn reload(&mut self, replica: &mut Replica, id: DocumentId) {
        let Some(before) = self.open.remove(&id) else {
            return;
        };
        let Some(name) = before.live.name().cloned() else {
            return;
        };
        match self.load(replica, id, &name) {
            Some(open) => {
                let edits = before.edits;
                self.open.insert(id, Open { edits, ..open });
            }
            None => {
                for (_, reply) in before.edits {
                    let _ = reply.send(Err(EditFailed::NotStored { name: name.clone() }));
                }
                self.damaged(id, &name);
            }
        }
    }
}

/// Why the changes are aside that are listed as such.
pub(super) fn reasons(graph: &ChangeGraph) -> BTreeMap<ChangeHash, &str> {
    let listed = graph.quarantined().iter();
    listed
        .map(|one| (one.change, one.reason.as_str()))
        .collect()
}

/// What a change that is aside is, as far as it can be read.
fn refusal(document: &Name, reason: &str, told: Remake) -> Refused {
    Refused {
        document: document.clone(),
        change: told.of,
        reason: reason.to_owned(),
        author: told.author,
        time: told.time,
        message: told.message,
        retry: !told.edits.is_empty(),
        edits: told.edits,
    }
}

fn name_of(replica: &Replica, id: DocumentId) -> Option<Name> {
    let mut documents = replica.documents();
    let (_, name, _) = documents.find(|(document, ..)| *document == id)?;
    name.cloned()
}
