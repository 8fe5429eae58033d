use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use automerge::ChangeHash;
use bytes::Bytes;
use yilian_core::document::DocumentId;
use yilian_core::sync::chunk::read_changes;
use yilian_core::sync::limits::Limits;

/// Documents that `/readyz` names; of more it says how many.
const NAMED_MAX: usize = 100;

/// How the store is: what a supervisor is told. A handle; clones are of one store.
#[derive(Clone, Debug, Default)]
pub struct Condition(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// Why the last commit failed.
    failure: Option<String>,
    /// Documents that lack changes which they once had, with the heads that are gone.
    lacking: BTreeMap<DocumentId, Lacking>,
    /// Documents that cannot be read at all.
    unreadable: BTreeSet<DocumentId>,
    /// Commits that stood behind damage in the write-ahead log.
    lost_commits: usize,
}

#[derive(Debug)]
struct Lacking {
    name: Option<String>,
    heads: BTreeSet<ChangeHash>,
}

impl Condition {
    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever panicked left a whole state behind: each change of it is one step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A commit has ended, perhaps with an error.
    pub(crate) fn committed(&self, failure: Option<String>) {
        self.state().failure = failure;
    }

    /// The write-ahead log was damaged.
    pub(crate) fn lost(&self, commits: usize) {
        self.state().lost_commits = commits;
    }

    /// A document lacks changes. No heads are gone: it does not.
    pub(crate) fn lacks(&self, id: DocumentId, name: Option<String>, heads: Vec<ChangeHash>) {
        let mut state = self.state();
        state.unreadable.remove(&id);
        if heads.is_empty() {
            return;
        }
        let lacking = state.lacking.entry(id).or_insert(Lacking {
            name,
            heads: BTreeSet::new(),
        });
        lacking.heads.extend(heads);
    }

    /// Changes of a document were committed: perhaps those that it lacked. What is committed has all its ancestors.
    pub(crate) fn brought(&self, id: DocumentId, changes: &[Bytes]) {
        let mut state = self.state();
        let Some(lacking) = state.lacking.get_mut(&id) else {
            return;
        };
        for chunk in changes {
            // They were read before they were committed.
            for (header, _) in read_changes(chunk, &Limits::default()).unwrap_or_default() {
                lacking.heads.remove(&header.hash);
            }
        }
        if lacking.heads.is_empty() {
            state.lacking.remove(&id);
        }
    }

    /// A document cannot be read, or can be again.
    pub(crate) fn readable(&self, id: DocumentId, readable: bool) {
        let mut state = self.state();
        if readable {
            state.unreadable.remove(&id);
        } else if !state.lacking.contains_key(&id) {
            state.unreadable.insert(id);
        }
    }

    /// Whether the last commit succeeded.
    pub(crate) fn is_healthy(&self) -> bool {
        self.state().failure.is_none()
    }

    /// How many documents lack changes or cannot be read.
    pub(crate) fn damaged(&self) -> usize {
        let state = self.state();
        state.lacking.len() + state.unreadable.len()
    }

    /// What there is to say, a line each.
    pub(crate) fn report(&self) -> String {
        let state = self.state();
        let mut text = match &state.failure {
            Some(failure) => format!("the last commit failed: {failure}\n"),
            None => "ready\n".to_owned(),
        };
        // Writing to a string does not fail.
        if state.lost_commits > 0 {
            let _ = writeln!(
                text,
                "the write-ahead log was damaged at the start, and {} commits behind the damage are lost: peers that have them bring them again",
                state.lost_commits
            );
        }
        for (id, lacking) in state.lacking.iter().take(NAMED_MAX) {
            let name = lacking.name.as_deref().unwrap_or("without a name");
            let _ = writeln!(
                text,
                "document {id} ({name}): changes were damaged and are set aside; peers that have them bring them again"
            );
        }
        for id in state.unreadable.iter().take(NAMED_MAX) {
            let _ = writeln!(
                text,
                "document {id}: cannot be read, and is not served; see the log"
            );
        }
        let more =
            [state.lacking.len(), state.unreadable.len()].map(|n| n.saturating_sub(NAMED_MAX));
        if more != [0, 0] {
            let _ = writeln!(text, "and {} documents more", more[0] + more[1]);
        }
        text
    }
}
