//! What is written again in place of changes that went into quarantine with what they stood on.

use std::collections::BTreeMap;

use automerge::ChangeHash;
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;
use tracing::{info, warn};
use yilian_core::document::{Name, Remade, Remake};
use yilian_core::storage::Quarantined;
use yilian_core::sync::change_graph::ChangeGraph;
use yilian_core::sync::replica::Replica;

use super::quarantine::reasons;
use super::{App, Command, EditFailed};
use crate::node::command::MadeAgain;
use crate::verifier::guarded;

/// What is owed to this node's author: edits that were on disk once, and whose author was told so.
#[derive(Default)]
pub(super) struct Owed {
    /// Documents in which something may be owed.
    documents: BTreeMap<Name, Attempt>,
    /// How often changes in a row were blamed, of which what they wrote became the next.
    times: BTreeMap<ChangeHash, u32>,
    /// What cannot be made again as its document is: for its author to decide.
    given_up: BTreeMap<ChangeHash, Name>,
}

/// How far writing again is in a document.
struct Attempt {
    under_way: Option<UnderWay>,
    /// When it may be tried next.
    at_ms: u64,
    /// Between two tries.
    pause_ms: u64,
    /// Whether the document was opened for this, and by nobody else.
    is_opened: bool,
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
    pub(super) fn made(&mut self, change: ChangeHash, times: u32) {
        self.times.insert(change, times);
    }

    /// Whether what a change wrote is made again, or is there.
    pub(super) fn covers(&self, change: &ChangeHash, is_blamed: bool) -> bool {
        let is_too_often = is_blamed && self.times_of(change) >= Self::TIMES_MAX;
        !is_too_often && !self.given_up.contains_key(change)
    }

    fn times_of(&self, change: &ChangeHash) -> u32 {
        self.times.get(change).copied().unwrap_or_default()
    }

    /// Somebody else works with a document: it stays open.
    pub(super) fn share(&mut self, name: &Name) {
        if let Some(attempt) = self.documents.get_mut(name) {
            attempt.is_opened = false;
        }
    }

    /// A document is open now.
    pub(super) fn opened(&mut self, name: &Name) {
        let attempt = self.documents.get_mut(name);
        if let Some(attempt) = attempt.filter(|attempt| attempt.at_ms == Attempt::ONCE_OPEN) {
            attempt.at_ms = 0;
        }
    }

    /// What cannot be made again as the document is.
    pub(super) fn is_given_up(&self, change: &ChangeHash) -> bool {
        self.given_up.contains_key(change)
    }
}

impl Default for Attempt {
    fn default() -> Self {
        Self {
            under_way: None,
            at_ms: 0,
            pause_ms: Self::PAUSE_MIN_MS,
            is_opened: false,
        }
    }
}

impl Attempt {
    const PAUSE_MIN_MS: u64 = 500;
    const PAUSE_MAX_MS: u64 = 60_000;
    /// Not before the document is open.
    const ONCE_OPEN: u64 = u64::MAX;
    /// So many documents are opened for this at a time.
    const OPENED_MAX: usize = 8;

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
            self.owed.given_up.retain(|_, of| of != name);
            self.owed.documents.entry(name.clone()).or_default();
        }
    }

    /// Tries every document in which something is owed and nothing under way. Something else may break it meanwhile, or the disk be
    /// full: then it is tried again later.
    pub(super) fn write_again(&mut self, replica: &mut Replica) {
        let now_ms = self.clock.elapsed_ms();
        let opened = self.owed.documents.values().filter(|one| one.is_opened);
        let mut may_open = Attempt::OPENED_MAX.saturating_sub(opened.count());
        for (name, mut attempt) in std::mem::take(&mut self.owed.documents) {
            let is_open = self.ids.contains_key(&name);
            if !is_open && may_open == 0 {
                self.owed.documents.insert(name, attempt);
                continue;
            }
            if self.go_on(replica, &name, &mut attempt, now_ms) {
                may_open -= usize::from(!is_open && attempt.is_opened);
                self.owed.documents.insert(name, attempt);
            } else if attempt.is_opened {
                self.close(replica, &name);
            }
        }
    }

    /// Takes a document one step further; whether something may still be owed in it.
    fn go_on(
        &mut self,
        replica: &mut Replica,
        name: &Name,
        attempt: &mut Attempt,
        now_ms: u64,
    ) -> bool {
        if let Some(mut under_way) = attempt.under_way.take() {
            match under_way.outcome.try_recv() {
                Err(TryRecvError::Empty) => {
                    attempt.under_way = Some(under_way);
                    return true;
                }
                Ok(Ok(_)) => {
                    info!(%name, changes = under_way.of.len(), "written again without what is in quarantine");
                    self.aside.made_again(&under_way.of);
                    // There may be more than goes into one change.
                    (attempt.at_ms, attempt.pause_ms) = (0, Attempt::PAUSE_MIN_MS);
                }
                Ok(Err(EditFailed::Edit(error))) => {
                    warn!(%name, %error, "what was written on a change in quarantine does not fit what is left");
                    let of = under_way.of.into_iter();
                    self.owed
                        .given_up
                        .extend(of.map(|change| (change, name.clone())));
                    return false;
                }
                Ok(Err(_)) | Err(TryRecvError::Closed) => {}
            }
        }
        if attempt.at_ms > now_ms {
            return true;
        }
        let id = self.ids.get(name).copied();
        let Some(open) = id.and_then(|id| self.open.get(&id)) else {
            attempt.at_ms = Attempt::ONCE_OPEN;
            attempt.is_opened = id.is_none();
            let names = vec![name.clone()];
            let run = Box::new(|_: Result<super::Documents<'_>, super::ReadError>| ());
            self.run(replica, Command::Read { names, run });
            return true;
        };
        attempt.wait(now_ms);
        let Some(graph) = replica.engine().graph(open.live.id()) else {
            return true;
        };
        let remakes = self.remakes(graph, name);
        let Some(remade) = guarded(|| open.live.remade(graph, &remakes)) else {
            self.look_into(replica, std::slice::from_ref(name));
            return true;
        };
        if remade.of.is_empty() {
            return false;
        }
        let reasons = reasons(graph);
        let times = remade.of.iter();
        let times = times.map(|of| self.owed.times_of(of) + u32::from(reasons.contains_key(of)));
        let times = times.max().unwrap_or_default();
        attempt.under_way = Some(self.write(replica, name, remade, times));
        true
    }

    /// What this node's author wrote in changes that are aside for what they build on, or because they break the document on top of
    /// it, and that was not written again yet. What the relay refuses is for its author to decide.
    fn remakes(&self, graph: &ChangeGraph, name: &Name) -> Vec<Remake> {
        let Some(author) = &self.author else {
            return Vec::new();
        };
        let reasons = reasons(graph);
        let is_owed = |change: &ChangeHash| {
            let reason = reasons.get(change);
            reason.is_none_or(|reason| *reason == Quarantined::BREAKS)
                && !self.aside.is_settled(change)
                && self.owed.covers(change, reason.is_some())
        };
        Remake::read(name, graph, author, &is_owed)
    }

    fn write(
        &mut self,
        replica: &mut Replica,
        name: &Name,
        remade: Remade,
        times: u32,
    ) -> UnderWay {
        let (reply, outcome) = oneshot::channel();
        let of = remade.of;
        let command = Command::Edit {
            name: name.clone(),
            edits: remade.edits,
            message: remade.message,
            again: Some(MadeAgain {
                time: remade.time,
                times,
            }),
            reply,
        };
        self.run(replica, command);
        UnderWay { of, outcome }
    }
}
