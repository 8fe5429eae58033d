//! Questions to the graph that walk it, at a cost of about the size of the answer.

#![expect(
    clippy::disallowed_types,
    reason = "the map has a fixed hasher, and nothing iterates over it"
)]

use std::collections::{BTreeSet, BinaryHeap, HashMap};
use std::hash::BuildHasherDefault;

use automerge::ChangeHash;

use super::{ChangeGraph, HashPrefix};

impl ChangeGraph {
    /// Indices, ascending, of the durable changes that are not ancestors-or-self of `have`.
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
            return (0..self.durable).collect();
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
            if self.contains(&hash) || !seen.insert(hash) {
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

    /// The heads, sorted, of what a peer has that has everything up to `known`.
    pub(crate) fn reduce(&self, known: &BTreeSet<ChangeHash>) -> Vec<ChangeHash> {
        if known.len() <= 1 {
            return known.iter().copied().collect();
        }
        let mut marks: Vec<u32> = known
            .iter()
            .filter_map(|hash| self.index_of(hash))
            .collect();
        marks.sort_unstable();
        let Some(lowest) = marks.first().copied() else {
            return Vec::new();
        };
        let mut covered = BTreeSet::new();
        let mut queue: BinaryHeap<u32> = marks.iter().copied().collect();
        let starts: BTreeSet<u32> = marks.into_iter().collect();
        let mut reached = BTreeSet::new();
        while let Some(index) = queue.pop() {
            for dep in self.deps(index) {
                if *dep >= lowest && reached.insert(*dep) {
                    if starts.contains(dep) {
                        covered.insert(*dep);
                    } else {
                        queue.push(*dep);
                    }
                }
            }
        }
        let mut heads: Vec<ChangeHash> = starts
            .difference(&covered)
            .filter_map(|index| self.hash(*index))
            .collect();
        heads.sort_unstable();
        heads
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
