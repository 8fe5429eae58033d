//! Changes that are kept and not used: what breaks Automerge, or nobody takes, and all that builds on it.
//!
//! They stay in the graph, so that a change's index goes on saying where the store has it; heads, and what is sent to
//! others, are as if they were not there. Nothing new may build on them.

use automerge::ChangeHash;

use super::{ChangeError, ChangeGraph};
use crate::ordered::{self, BTreeMap};
use crate::storage::Quarantined;
use crate::sync::chunk::ChangeHeader;

#[derive(Clone, Debug, Default)]
pub(super) struct Quarantine {
    listed: Vec<Quarantined>,
    /// Indices of those that are listed, and of what builds on them; with each, one that is listed and that it builds on, or is.
    aside: BTreeMap<u32, u32>,
    /// Hashes of changes that were refused because they build on one of them: never asked for. With each, the listed one.
    shunned: BTreeMap<ChangeHash, ChangeHash>,
}

impl Quarantine {
    pub(super) fn truncate(&mut self, len: u32) {
        self.aside.retain(|index, _| *index < len);
    }
}

impl ChangeGraph {
    /// Puts changes aside, with all that builds on them. Returns those that were not aside before, in the graph's order.
    ///
    /// Those that are not here are passed over.
    pub fn quarantine(&mut self, found: Vec<Quarantined>) -> Vec<ChangeHash> {
        let mut new = Vec::new();
        let mut first = self.len();
        for one in found {
            let Some(index) = self.index_of(&one.change) else {
                continue;
            };
            if !self.is_aside(index) {
                self.quarantine.aside.insert(index, index);
                new.push(index);
                first = first.min(index);
                self.quarantine.listed.push(one);
            }
        }
        for index in first..self.len() {
            let mut deps = self.deps(index).iter();
            let ground = deps.find_map(|dep| self.quarantine.aside.get(dep).copied());
            if let (Some(ground), false) = (ground, self.is_aside(index)) {
                self.quarantine.aside.insert(index, ground);
                new.push(index);
            }
        }
        if !new.is_empty() {
            self.heads = self.heads_of_first(self.len()).into_iter().collect();
            self.durable_heads = self.heads_of_first(self.durable).into_iter().collect();
            // A snapshot that has one of them in it goes to nobody.
            if let Some(info) = self.snapshot().cloned() {
                self.snapshot = None;
                self.note_snapshot(info);
            }
        }
        ordered::sort(&mut new);
        new.into_iter()
            .filter_map(|index| self.hash(index))
            .collect()
    }

    /// What was put aside, without what only builds on it.
    #[must_use]
    pub fn quarantined(&self) -> &[Quarantined] {
        &self.quarantine.listed
    }

    /// Whether the change is aside: in quarantine itself, or built on one that is.
    #[must_use]
    pub fn is_quarantined(&self, hash: &ChangeHash) -> bool {
        self.index_of(hash)
            .is_some_and(|index| self.is_aside(index))
    }

    /// The same of the change with this index.
    #[must_use]
    pub fn is_aside(&self, index: u32) -> bool {
        self.quarantine.aside.contains_key(&index)
    }

    /// Indices, ascending, of all that is aside.
    pub fn aside(&self) -> impl ExactSizeIterator<Item = u32> + '_ {
        self.quarantine.aside.keys().copied()
    }

    /// Whether the change was refused because of what it builds on.
    pub(super) fn is_shunned(&self, hash: &ChangeHash) -> bool {
        self.quarantine.shunned.contains_key(hash)
    }

    /// Whether a change may enter, as far as what it builds on is concerned; one that may not is remembered, so that
    /// nobody is asked for it, and what builds on it is refused in turn.
    pub(super) fn check_quarantine(&mut self, header: &ChangeHeader) -> Result<(), ChangeError> {
        if self.quarantine.aside.is_empty() {
            return Ok(());
        }
        let Some(ground) = header.deps.iter().find_map(|dep| self.ground(dep)) else {
            return Ok(());
        };
        if self.quarantine.shunned.len() >= self.limits.orphans {
            // Somebody makes many of them: the oldest are asked for again, and refused again.
            self.quarantine.shunned.clear();
        }
        let hash = header.hash;
        self.quarantine.shunned.insert(hash, ground);
        Err(ChangeError::Quarantined { hash, ground })
    }

    /// The listed change that one builds on, or is, as far as that is known.
    fn ground(&self, hash: &ChangeHash) -> Option<ChangeHash> {
        let index = self.index_of(hash);
        let aside = index.and_then(|index| self.quarantine.aside.get(&index));
        let shunned = self.quarantine.shunned.get(hash).copied();
        aside.and_then(|index| self.hash(*index)).or(shunned)
    }
}
