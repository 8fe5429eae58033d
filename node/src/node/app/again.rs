//! What is written again in place of changes that went into quarantine with what they stood on.

use std::collections::{BTreeMap, BTreeSet};

use automerge::ChangeHash;
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;
use tracing::{info, warn};
use yilian_core::document::{DocumentId, Name, Remade, Remake};
use yilian_core::storage::Quarantined;
use yilian_core::sync::change_graph::ChangeGraph;
use yilian_core::sync::replica::Replica;

use super::{App, Command, EditFailed};
use crate::verifier::guarded;

/// What is owed to this node's author: edits that were on disk once, and whose author was told so.
#[derive(Default)]
pub(super) struct Owed {
    /// Documents in which something may be owed.
    documents: BTreeMap<Name, Attempt>,
    /// How often that which a change wrote has been made again.
    times: BTreeMap<ChangeHash, u32>,
    /// What cannot be made again as the document is: for its author to decide.
    given_up: BTreeSet<ChangeHash>,
}

/// How far writing again is in a document.
struct Attempt {
    under_way: Option<UnderWay>,
    /// When it may be tried next.
    at_ms: u64,
    /// Between two tries.
    pause_ms: u64,
}

struct UnderWay {
    of: Vec<ChangeHash>,
    outcome: oneshot::Receiver<Result<bool, EditFailed>>,
}

impl Owed {
    /// A change may be blamed for a forged one that it builds on and that nobody has found yet, and so may what takes its place.
    /// What is blamed that often breaks documents itself.
    const TIMES_MAX: u32 = 8;

    /// An edit has become a change, in place of others.
    pub(super) fn made(&mut self, of: &[ChangeHash], change: ChangeHash) {
        let times = of.iter().filter_map(|of| self.times.get(of)).max();
        let times = times.copied().unwrap_or_default();
        self.times.insert(change, times + 1);
    }

    /// Whether what a change wrote is made again, or is there, if it breaks the document on top of others.
    pub(super) fn covers(&self, change: &ChangeHash) -> bool {
        let times = self.times.get(change).copied().unwrap_or_default();
        times < Self::TIMES_MAX && !self.given_up.contains(change)
    }

    /// A document is open now.
    pub(super) fn opened(&mut self, name: &Name) {
        let attempt = self.documents.get_mut(name);
        if let Some(attempt) = attempt.filter(|attempt| attempt.at_ms == Attempt::ONCE_OPEN) {
            attempt.at_ms = 0;
        }
    }

    /// What cannot be made again as the document is.
    pub(super) fn given_up(&self) -> &BTreeSet<ChangeHash> {
        &self.given_up
    }
}

impl Default for Attempt {
    fn default() -> Self {
        Self {
            under_way: None,
            at_ms: 0,
            pause_ms: Self::PAUSE_MIN_MS,
        }
    }
}

impl Attempt {
    const PAUSE_MIN_MS: u64 = 500;
    const PAUSE_MAX_MS: u64 = 60_000;
    /// Not before the document is open.
    const ONCE_OPEN: u64 = u64::MAX;

    /// The next try comes later than the last one did.
    fn wait(&mut self, now_ms: u64) {
        self.at_ms = now_ms + self.pause_ms;
        self.pause_ms = (self.pause_ms * 2).min(Self::PAUSE_MAX_MS);
    }
}

impl App {
    /// Something may be owed in a document of which something is aside: also after a restart, since the node may have stopped before it
    /// was written.
    pub(super) fn owe(&mut self, name: &Name) {
        if self.author.is_some() {
            self.owed.given_up.clear();
            self.owed.documents.entry(name.clone()).or_default();
        }
    }

    /// Tries every document in which something is owed and nothing under way. Something else may break it meanwhile, or the disk be
    /// full: then it is tried again later.
    pub(super) fn write_again(&mut self, replica: &mut Replica) {
        let now_ms = self.clock.elapsed_ms();
        for (name, attempt) in std::mem::take(&mut self.owed.documents) {
            if let Some(attempt) = self.go_on(replica, &name, attempt, now_ms) {
                self.owed.documents.insert(name, attempt);
            }
        }
    }

    /// Takes a document one step further; nothing once nothing is owed in it any more.
    fn go_on(
        &mut self,
        replica: &mut Replica,
        name: &Name,
        mut attempt: Attempt,
        now_ms: u64,
    ) -> Option<Attempt> {
        if let Some(mut under_way) = attempt.under_way.take() {
            match under_way.outcome.try_recv() {
                Err(TryRecvError::Empty) => {
                    attempt.under_way = Some(under_way);
                    return Some(attempt);
                }
                Ok(Ok(true)) => {
                    info!(%name, changes = under_way.of.len(), "written again without what is in quarantine");
                    self.aside.made_again(&under_way.of);
                    // There may be more than goes into one change.
                    attempt = Attempt::default();
                }
                // All of it is there, perhaps not on disk: whatever takes it away asks for it again.
                Ok(Ok(false)) => return None,
                Ok(Err(EditFailed::Edit(error))) => {
                    warn!(%name, %error, "what was written on a change in quarantine does not fit what is left");
                    self.owed.given_up.extend(under_way.of);
                    return None;
                }
                Ok(Err(_)) | Err(TryRecvError::Closed) => {}
            }
        }
        if attempt.at_ms > now_ms {
            return Some(attempt);
        }
        let id = self.ids.get(name).copied();
        let Some(open) = id.and_then(|id| self.open.get(&id)) else {
            attempt.at_ms = Attempt::ONCE_OPEN;
            let names = vec![name.clone()];
            let run = Box::new(|_: Result<super::Documents<'_>, super::ReadError>| ());
            self.run(replica, Command::Read { names, run });
            return Some(attempt);
        };
        attempt.wait(now_ms);
        let remakes = self.remakes(replica, name, open.live.id());
        let Some(remade) = guarded(|| open.live.remade(&remakes)) else {
            self.look_into(replica, std::slice::from_ref(name));
            return Some(attempt);
        };
        if remade.edits.is_empty() {
            return None;
        }
        attempt.under_way = Some(self.write(replica, name, remade));
        Some(attempt)
    }

    /// What this node's author wrote in changes that are aside for what they build on, or because they break the document on top of
    /// it, and that was not written again yet. What the relay refuses is for its author to decide.
    fn remakes(&self, replica: &Replica, name: &Name, id: DocumentId) -> Vec<Remake> {
        let (Some(author), Some(graph)) = (&self.author, replica.engine().graph(id)) else {
            return Vec::new();
        };
        let refused = refused(graph);
        let is_owed = |change: &ChangeHash| {
            !refused.contains(change) && !self.aside.is_settled(change) && self.owed.covers(change)
        };
        let mut remakes = Remake::read(name, graph, Some(author), &is_owed);
        remakes.retain(|remake| !remake.edits.is_empty());
        remakes
    }

    fn write(&mut self, replica: &mut Replica, name: &Name, remade: Remade) -> UnderWay {
        let (reply, outcome) = oneshot::channel();
        let command = Command::Edit {
            name: name.clone(),
            edits: remade.edits,
            message: remade.message,
            again: remade.of.clone(),
            reply,
        };
        self.run(replica, command);
        UnderWay {
            of: remade.of,
            outcome,
        }
    }
}

/// What is listed as aside for another reason than that it breaks Automerge.
fn refused(graph: &ChangeGraph) -> BTreeSet<ChangeHash> {
    let listed = graph.quarantined().iter();
    listed
        .filter(|one| one.reason != Quarantined::BREAKS)
        .map(|one| one.change)
        .collect()
}
