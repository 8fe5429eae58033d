//! Changes that are kept and not used: those that break a document here, and those that the relay refuses.

use automerge::{Change as AutomergeChange, ChangeHash};
use tracing::warn;
use yilian_core::document::{DocumentId, LiveDocument, Name, Remake};
use yilian_core::storage::Quarantined;
use yilian_core::sync::replica::Replica;

use super::{Again, App, DocumentWrite, EditFailed, Open};
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
    pub(super) fn quarantined(
        &mut self,
        replica: &mut Replica,
        id: DocumentId,
        changes: &[ChangeHash],
    ) {
        self.aside.documents.insert(id);
        let Some(name) = name_of(replica, id) else {
            return;
        };
        let remakes = self.remakes(replica, id, &name, changes);
        self.reload(replica, id);
        let again = remakes.into_iter();
        self.again
            .extend(again.map(|remake| Again::new(name.clone(), remake)));
        self.write_again(replica);
    }

    /// What is to be written again of changes that are in quarantine only for what they build on.
    fn remakes(
        &self,
        replica: &mut Replica,
        id: DocumentId,
        name: &Name,
        changes: &[ChangeHash],
    ) -> Vec<Remake> {
        let (Some(author), Some(graph)) = (&self.author, replica.engine().graph(id)) else {
            return Vec::new();
        };
        let guilty = |change: &ChangeHash| {
            let mut listed = graph.quarantined().iter();
            listed.any(|one| one.change == *change)
        };
        let innocent: Vec<ChangeHash> = changes.iter().filter(|at| !guilty(at)).copied().collect();
        if innocent.is_empty() {
            return Vec::new();
        }
        let live = with_aside(replica, id, name, &innocent).or_else(|| {
            // Something else breaks it that nobody has found yet: what was written is not to be lost with that.
            convict(replica, id, name);
            with_aside(replica, id, name, &innocent)
        });
        let Some(live) = live else {
            warn!(%name, "what was written on top of changes in quarantine cannot be read, and is not written again");
            return Vec::new();
        };
        guarded(|| live.remakes(&innocent, author)).unwrap_or_default()
    }

    /// The documents of which something is aside.
    pub(super) fn names_aside(&self, replica: &Replica) -> Vec<Name> {
        let aside = |id: &DocumentId| self.aside.documents.contains(id);
        let documents = replica.documents().filter(|(id, ..)| aside(id));
        documents.filter_map(|(_, name, _)| name.cloned()).collect()
    }

    /// What is aside of open documents and was not dismissed.
    pub(super) fn refused(&self, replica: &Replica, names: &[Name]) -> Vec<Refused> {
        let mut refused = Vec::new();
        for name in names {
            let id = self.ids.get(name).copied();
            let graph = id.and_then(|id| Some((id, replica.engine().graph(id)?)));
            let Some((id, graph)) = graph else { continue };
            let shown = |one: &&Quarantined| !self.aside.dismissed.contains(&one.change);
            let listed = graph.quarantined().iter().filter(shown);
            refused.extend(listed.map(|one| self.describe(replica, id, name, one)));
        }
        refused
    }

    /// What a change that is aside is, as far as it can be read.
    fn describe(
        &self,
        replica: &Replica,
        id: DocumentId,
        name: &Name,
        one: &Quarantined,
    ) -> Refused {
        let of = [one.change];
        let live = with_aside(replica, id, name, &of);
        let entry = live.as_ref().and_then(|live| {
            let log = guarded(|| live.log(usize::MAX))?;
            log.into_iter().find(|entry| entry.hash == one.change)
        });
        let author = entry.as_ref().and_then(|entry| entry.author.clone());
        let remakes = live
            .as_ref()
            .zip(author.as_ref())
            .and_then(|(live, author)| guarded(|| live.remakes(&of, author)));
        let edits = remakes.and_then(|mut remakes| remakes.pop());
        let edits = edits.map(|remake| remake.edits).unwrap_or_default();
        Refused {
            document: name.clone(),
            change: one.change,
            reason: one.reason.clone(),
            retry: author.is_some() && author == self.author && !edits.is_empty(),
            author,
            time: entry.as_ref().map_or(0, |entry| entry.time),
            message: entry.and_then(|entry| entry.message).unwrap_or_default(),
            edits,
        }
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

/// A copy of a document as it was with some of what is aside; what cannot be applied, nobody here can have written on.
fn with_aside(
    replica: &Replica,
    id: DocumentId,
    name: &Name,
    changes: &[ChangeHash],
) -> Option<LiveDocument> {
    let len = replica.engine().graph(id)?.len();
    let load = || LiveDocument::load(id, Some(name.clone()), [0; 16], decode(replica, id, 0, len));
    let mut live = guarded(|| load().ok())??;
    for change in replica.ground(id, changes) {
        let applied = guarded(|| {
            let mut next = live.clone();
            next.apply(vec![change]).ok().map(|_| next)
        });
        live = applied.flatten().unwrap_or(live);
    }
    Some(live)
}

fn name_of(replica: &Replica, id: DocumentId) -> Option<Name> {
    let mut documents = replica.documents();
    let (_, name, _) = documents.find(|(document, ..)| *document == id)?;
    name.cloned()
}
