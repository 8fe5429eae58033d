//! What is written again in place of changes that went into quarantine with what they stood on.

use std::collections::{BTreeMap, BTreeSet};

use automerge::ChangeHash;
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;
use tracing::{info, warn};
use yilian_core::document::{DocumentId, Name, Remake};
use yilian_core::storage::Quarantined;
use yilian_core::sync::replica::Replica;

use super::{App, Command, Documents, EditFailed, ReadError, quarantine};

/// What is owed to this node's author: edits that were on disk once, and whose author was told so.
#[derive(Default)]
pub(super) struct Owed {
    /// In the order in which they were made.
    edits: Vec<Again>,
    /// How often that which a change wrote has been made again.
    times: BTreeMap<ChangeHash, u32>,
}

/// An edit that is made again until it is on disk.
struct Again {
    name: Name,
    remake: Remake,
    /// What became of the last try.
    outcome: Option<oneshot::Receiver<Result<bool, EditFailed>>>,
    /// When it may be tried next.
    at_ms: u64,
    /// Between two tries.
    pause_ms: u64,
}

impl Owed {
    /// A change may be blamed for a forged one that it builds on and that nobody has found yet, and so may what takes its place.
    /// What is blamed that often breaks documents itself.
    const TIMES_MAX: u32 = 8;

    /// An edit has become a change, in place of another one.
    pub(super) fn made(&mut self, of: ChangeHash, change: ChangeHash) {
        let times = self.times.get(&of).copied().unwrap_or_default();
        self.times.insert(change, times + 1);
    }

    fn is_too_often(&self, change: &ChangeHash) -> bool {
        let times = self.times.get(change);
        times.is_some_and(|times| *times >= Self::TIMES_MAX)
    }

    /// Whether a change is being made again.
    pub(super) fn holds(&self, change: &ChangeHash) -> bool {
        self.edits.iter().any(|one| one.remake.of == *change)
    }
}

impl Again {
    const PAUSE_MIN_MS: u64 = 500;
    const PAUSE_MAX_MS: u64 = 60_000;

    fn new(name: Name, remake: Remake) -> Self {
        Self {
            name,
            remake,
            outcome: None,
            at_ms: 0,
            pause_ms: Self::PAUSE_MIN_MS,
        }
    }

    /// Whether what was made later in the same document waits for it: the last of two edits of one field is to stay the last.
    fn goes_first(&self) -> bool {
        self.pause_ms < Self::PAUSE_MAX_MS
    }
}

impl App {
    /// Takes down what this node's author wrote in changes of a document that are in quarantine, for what they build on or
    /// because they break the document on top of it, and was not written again yet. What the relay refuses is for its
    /// author to decide.
    pub(super) fn owe(&mut self, replica: &Replica, id: DocumentId, name: &Name) {
        let (Some(author), Some(graph)) = (&self.author, replica.engine().graph(id)) else {
            return;
        };
        if graph.aside().len() == 0 {
            return;
        }
        let refused: BTreeSet<ChangeHash> = graph
            .quarantined()
            .iter()
            .filter(|one| one.reason != Quarantined::BREAKS || self.owed.is_too_often(&one.change))
            .map(|one| one.change)
            .collect();
        let is_owed = |change: &ChangeHash| {
            graph.is_quarantined(change)
                && !refused.contains(change)
                && !self.aside.is_settled(change)
                && !self.owed.holds(change)
        };
        let remakes = Remake::read(name, &quarantine::decode_all(graph), is_owed);
        let ours = remakes
            .into_iter()
            .filter(|remake| remake.author.as_ref() == Some(author) && !remake.edits.is_empty());
        let edits: Vec<Again> = ours
            .map(|remake| Again::new(name.clone(), remake))
            .collect();
        self.owed.edits.extend(edits);
    }

    /// Opens the documents of which something is aside, once: the node may have stopped before what is owed was written.
    pub(super) fn look_for_owed(&mut self, replica: &mut Replica) {
        if std::mem::replace(&mut self.looked_for_owed, true) || self.author.is_none() {
            return;
        }
        for name in self.names_aside(replica) {
            let names = vec![name];
            let run = Box::new(|_: Result<Documents<'_>, ReadError>| ());
            self.run(replica, Command::Read { names, run });
        }
    }

    /// Writes what is owed and not under way, each once all before it in its document is on disk. Something else may break the
    /// document meanwhile, or the disk be full: then it is tried again later.
    pub(super) fn write_again(&mut self, replica: &mut Replica) {
        let now_ms = self.clock.elapsed_ms();
        let mut waited_for: BTreeSet<Name> = BTreeSet::new();
        for mut one in std::mem::take(&mut self.owed.edits) {
            let outcome = one.outcome.as_mut().map(oneshot::Receiver::try_recv);
            let (name, change) = (one.name.clone(), one.remake.of);
            match outcome {
                Some(Ok(Ok(_))) => {
                    info!(%name, %change, "written again without what is in quarantine");
                    self.aside.made_again(change);
                    continue;
                }
                Some(Err(TryRecvError::Empty)) => {
                    waited_for.insert(name);
                    self.owed.edits.push(one);
                    continue;
                }
                Some(Ok(Err(error))) => {
                    warn!(%name, %change, %error, "could not be written again yet");
                    one.outcome = None;
                }
                Some(Err(TryRecvError::Closed)) | None => {}
            }
            if one.at_ms <= now_ms && !waited_for.contains(&name) {
                self.try_again(replica, &mut one, now_ms);
            }
            if one.goes_first() {
                waited_for.insert(name);
            }
            self.owed.edits.push(one);
        }
    }

    fn try_again(&mut self, replica: &mut Replica, one: &mut Again, now_ms: u64) {
        let (reply, outcome) = oneshot::channel();
        let command = Command::Edit {
            name: one.name.clone(),
            edits: one.remake.edits.clone(),
            message: one.remake.message.clone(),
            again: Some(one.remake.of),
            reply,
        };
        one.outcome = Some(outcome);
        one.at_ms = now_ms + one.pause_ms;
        one.pause_ms = (one.pause_ms * 2).min(Again::PAUSE_MAX_MS);
        self.run(replica, command);
    }
}
