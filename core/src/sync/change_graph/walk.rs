//! Questions to the graph that walk it, at a cost of about the size of the answer.

#![expect(
    clippy::disallowed_types,
    reason = "the map has a fixed hasher, and nothing iterates over it"
)]

use std::collections::{BinaryHeap, HashMap};
use std::hash::BuildHasherDefault;

use automerge::ChangeHash;

use super::{ChangeGraph, HashPrefix};
use crate::ordered::BTreeSet;

impl ChangeGraph {
    /// Indices, ascending, of the durable changes that are not ancestors-or-self of `have`, nor in quarantine.
    ///
    /// Hashes that are not here are ignored. The cost is about the size of the answer and of the
    /// divergence: a walk in two colours over descending indices ends when nothing of ours is left.
    #[must_use]
    pub fn not_in<'a>(&self, have: impl IntoIterator<Item = &'a ChangeHash>) -> Vec<u32> {
        const THEIRS: u8 = 1;
        const OURS: u8 = 2;
        let theirs: Vec<u32> = have
            .into_iter()
            .filter_map(|hash| self.index_of(hash))
            .collect();
        if theirs.is_empty() {
            return (0..self.durable)
                .filter(|index| !self.is_aside(*index))
                .collect();
        }
        let mut walk = Walk::default();
        theirs
            .into_iter()
            .for_each(|index| walk.mark(index, THEIRS));
        self.durable_heads
            .iter()
            .filter_map(|hash| self.index_of(hash))
            .for_each(|index| walk.mark(index, OURS));
        let mut found = Vec::new();
        while walk.ours_only > 0
            && let Some((index, colour)) = walk.next()
        {
            if colour == OURS {
                found.push(index);
            }
            let colour = if colour & THEIRS != 0 { THEIRS } else { OURS };
            self.deps(index)
                .iter()
                .for_each(|dep| walk.mark(*dep, colour));
        }
        found.reverse();
        found
    }

    /// Number of changes here, durable or not, that are not ancestors-or-self of `have`.
    #[must_use]
    pub fn count_after<'a>(&self, have: impl IntoIterator<Item = &'a ChangeHash>) -> usize {
        let volatile = (self.len() - self.durable) as usize;
        self.not_in(have).len() + volatile
    }

    /// What has to be asked for, sorted, to reach `heads`: walks through changes that wait.
    #[must_use]
    pub fn missing_for(&self, heads: &[ChangeHash]) -> Vec<ChangeHash> {
        let mut seen = BTreeSet::new();
        let mut missing = BTreeSet::new();
        let mut stack: Vec<ChangeHash> = heads.to_vec();
        while let Some(hash) = stack.pop() {
            if self.contains(&hash) || self.is_shunned(&hash) || !seen.insert(hash) {
                continue;
            }
            match self.orphans.get(&hash) {
                Some(orphan) => stack.extend(orphan.header.deps.iter().copied()),
                None => {
                    missing.insert(hash);
                }
            }
        }
        missing.into_iter().collect()
    }

    /// Whether the first change is an ancestor of the second, or the same. Both have to be here.
    ///
    /// Answered from clocks, so an old head that nobody merged costs nothing.
    pub(crate) fn precedes(&self, first: &ChangeHash, second: &ChangeHash) -> bool {
        let at = |hash| {
            self.index_of(hash)
                .and_then(|index| Some((index, self.nodes.get(index as usize)?)))
        };
        let (Some((earlier, first)), Some((later, second))) = (at(first), at(second)) else {
            return false;
        };
        if earlier > later {
            return false;
        }
        if first.actor == second.actor {
            // An actor's changes build on each other.
            return first.seq <= second.seq;
        }
        self.clock_at(later).get(first.actor) >= first.seq
    }
}

/// The walk of [`ChangeGraph::not_in`]: a queue over descending indices, each with its colours.
#[derive(Default)]
struct Walk {
    colours: HashMap<u32, u8, BuildHasherDefault<HashPrefix>>,
    queue: BinaryHeap<u32>,
    ours_only: usize,
}

impl Walk {
    fn mark(&mut self, index: u32, colour: u8) {
        let entry = self.colours.entry(index).or_insert(0);
        let before = *entry;
        *entry |= colour;
        match (before, *entry) {
            (0, 2) => self.ours_only += 1,
            (2, 3) => self.ours_only -= 1,
            _ => {}
        }
        if before == 0 {
            self.queue.push(index);
        }
    }

    fn next(&mut self) -> Option<(u32, u8)> {
        let index = self.queue.pop()?;
        let colour = self.colours.remove(&index).unwrap_or(0);
        if colour == 2 {
            self.ours_only -= 1;
        }
        Some((index, colour))
    }
}
