//! Trying changes on a copy, where it hurts nobody if they break Automerge.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use automerge::transaction::Transactable as _;
use automerge::{Automerge, Change, ChangeHash, ROOT};
use yilian_core::document::{DocumentId, LiveDocument, Name};

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Lets panics that [`guarded`] catches pass without a word on standard error: they are the doing of whoever made the
/// change, and are reported as such. All others are reported as before. For the start of a program.
pub fn quieten() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                before(info);
            }
        }));
    });
}

/// What a closure returns; nothing if it panics, as Automerge does on most changes that are broken. Whatever it was
/// changing is to be thrown away then.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    let before = QUIET.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(work)).ok();
    QUIET.set(before);
    outcome
}

/// Which of a document's changes break Automerge, without those that only build on one that does.
///
/// The changes come in an order in which each follows on what it builds on. `pause` is called between two steps, each of
/// which costs about as much as opening the document a few times; once it returns false, the answer is `None`.
pub fn trial(
    id: DocumentId,
    name: Option<&Name>,
    changes: &[Change],
    pause: &mut dyn FnMut() -> bool,
) -> Option<Vec<ChangeHash>> {
    // The actor writes nothing that is kept.
    let actor = [0; 16];
    let good = match name {
        Some(name) => LiveDocument::new(id, name.clone(), actor),
        None => LiveDocument::foreign(id, actor),
    };
    let mut trial = Trial {
        good,
        bad: Vec::new(),
        aside: BTreeSet::new(),
        pause,
    };
    trial.sift(changes).then_some(trial.bad)
}

struct Trial<'a> {
    /// What all sound changes so far make.
    good: LiveDocument,
    bad: Vec<ChangeHash>,
    /// Those, and what builds on them.
    aside: BTreeSet<ChangeHash>,
    pause: &'a mut dyn FnMut() -> bool,
}

impl Trial<'_> {
    /// Takes in what is sound, halving what is not until the culprit is alone; false if it is to stop.
    fn sift(&mut self, changes: &[Change]) -> bool {
        let mut rest = Vec::with_capacity(changes.len());
        for change in changes {
            match change.deps().iter().any(|dep| self.aside.contains(dep)) {
                true => drop(self.aside.insert(change.hash())),
                false => rest.push(change.clone()),
            }
        }
        if rest.is_empty() {
            return true;
        }
        let next = with(&self.good, &rest);
        if !(self.pause)() {
            return false;
        }
        match (next, &rest[..]) {
            (Some(next), _) => self.good = next,
            (None, [culprit]) => {
                self.aside.insert(culprit.hash());
                self.bad.push(culprit.hash());
            }
            (None, many) => {
                let (first, second) = many.split_at(many.len() / 2);
                return self.sift(first) && self.sift(second);
            }
        }
        true
    }
}

/// The document with these changes, if they leave it sound.
fn with(document: &LiveDocument, changes: &[Change]) -> Option<LiveDocument> {
    guarded(|| {
        let mut copy = document.clone();
        copy.apply(changes.to_vec()).ok()?;
        is_sound(copy.automerge(), changes).then_some(copy)
    })?
}

/// Whether what people do with a document works on this one: to read it, to write it, to save it, and to open what was
/// saved.
fn is_sound(document: &Automerge, changes: &[Change]) -> bool {
    let here = |change: &Change| document.get_change_meta_by_hash(&change.hash()).is_some();
    let Ok(again) = Automerge::load(&document.save()) else {
        return false;
    };
    let hashes = |document: &Automerge| -> BTreeSet<ChangeHash> {
        document.get_changes(&[]).iter().map(Change::hash).collect()
    };
    let mut probe = document.clone();
    let mut transaction = probe.transaction();
    let written = transaction.put(ROOT, "probe", 1).is_ok();
    transaction.commit();
    drop(document.hydrate(None));
    written
        && changes.iter().all(here)
        && again.get_heads() == document.get_heads()
        && hashes(&again) == hashes(document)
}

#[cfg(test)]
mod tests;
