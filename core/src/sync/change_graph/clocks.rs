//! Clocks of changes: how many changes of each actor are among the ancestors-or-self.

use std::borrow::Cow;
use std::collections::BinaryHeap;

use automerge::ChangeHash;

use super::ChangeGraph;
use crate::ordered::BTreeMap;

/// Change numbers by actor, both as the graph numbers them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Clock(Vec<(u32, u32)>);

impl Clock {
    pub(super) fn get(&self, actor: u32) -> u32 {
        match self.0.binary_search_by_key(&actor, |entry| entry.0) {
            Ok(at) => self.0.get(at).map_or(0, |entry| entry.1),
            Err(_) => 0,
        }
    }

    pub(super) fn set(&mut self, actor: u32, seq: u32) {
        match self.0.binary_search_by_key(&actor, |entry| entry.0) {
            Ok(at) => {
                if let Some(entry) = self.0.get_mut(at) {
                    entry.1 = seq;
                }
            }
            Err(at) => self.0.insert(at, (actor, seq)),
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        let mine = std::mem::take(&mut self.0);
        self.0.reserve(mine.len().max(other.0.len()));
        let (mut left, mut right) = (
            mine.into_iter().peekable(),
            other.0.iter().copied().peekable(),
        );
        loop {
            let next = match (left.peek(), right.peek()) {
                (Some(a), Some(b)) if a.0 == b.0 => {
                    let both = (a.0, a.1.max(b.1));
                    left.next();
                    right.next();
                    Some(both)
                }
                (Some(a), Some(b)) if b.0 < a.0 => right.next(),
                (Some(_), _) => left.next(),
                (None, _) => right.next(),
            };
            match next {
                Some(entry) => self.0.push(entry),
                None => return,
            }
        }
    }
}

/// The clocks that are kept: of the heads, and of some changes on every path.
#[derive(Clone, Debug, Default)]
pub(super) struct Clocks {
    /// That of the newest change, on which the next one builds more often than not.
    last: Option<(u32, Kept)>,
    kept: BTreeMap<u32, Kept>,
}

#[derive(Clone, Debug)]
struct Kept {
    clock: Clock,
    pinned: bool,
}

impl Clocks {
    /// At most about one change in so many keeps its clock.
    const STRIDE: usize = 32;

    /// Whether a change's clock is to be kept. A clock is as long as there are actors, so the more
    /// there are, the fewer keep theirs: memory stays in proportion to the history. Numbers alone
    /// would pass over actors that come for one change, hashes alone could be chosen.
    pub(super) fn keeps(&self, seq: u32, hash: &ChangeHash, actors: usize) -> bool {
        let stride = u32::try_from(actors.max(Self::STRIDE)).unwrap_or(u32::MAX);
        let [a, b, c, d, ..] = hash.0;
        seq.is_multiple_of(stride) || u32::from_be_bytes([a, b, c, d]).is_multiple_of(stride)
    }

    /// Entries of all clocks that are kept.
    #[cfg(test)]
    pub(super) fn entries(&self) -> usize {
        let last = self.last.iter().map(|(_, kept)| kept);
        self.kept
            .values()
            .chain(last)
            .map(|kept| kept.clock.0.len())
            .sum()
    }

    pub(super) fn get(&self, index: u32) -> Option<&Clock> {
        match &self.last {
            Some((last, kept)) if *last == index => Some(&kept.clock),
            _ => self.kept.get(&index).map(|kept| &kept.clock),
        }
    }

    /// The clock of `index`, moved out unless it is pinned: the change that asks takes over.
    pub(super) fn take(&mut self, index: u32) -> Option<Clock> {
        if let Some((_, kept)) = self
            .last
            .take_if(|(last, kept)| *last == index && !kept.pinned)
        {
            return Some(kept.clock);
        }
        if self.kept.get(&index).is_some_and(|kept| !kept.pinned) {
            return self.kept.remove(&index).map(|kept| kept.clock);
        }
        self.get(index).cloned()
    }

    /// Forgets the clocks of changes from `len` on.
    pub(super) fn truncate(&mut self, len: u32) {
        self.last.take_if(|(last, _)| *last >= len);
        self.kept.split_off(&len);
    }

    /// Keeps the clock of the new change; those of its dependencies, heads no more, go unless pinned.
    pub(super) fn advance(&mut self, index: u32, clock: Clock, deps: &[u32], pinned: bool) {
        let goes = |index: &u32, kept: &Kept| !kept.pinned && deps.contains(index);
        if let Some((last, kept)) = self.last.take()
            && !goes(&last, &kept)
        {
            self.kept.insert(last, kept);
        }
        for dep in deps {
            if self.kept.get(dep).is_some_and(|kept| !kept.pinned) {
                self.kept.remove(dep);
            }
        }
        self.last = Some((index, Kept { clock, pinned }));
    }
}

impl ChangeGraph {
    /// For every actor, the number of its changes among the ancestors-or-self of `deps`.
    ///
    /// Walks back from `deps` and stops at every change whose clock is kept: about as many steps as
    /// there are actors, however long the history is.
    pub(super) fn clock_of(&mut self, deps: &[u32]) -> Clock {
        if let [dep] = deps
            && let Some(clock) = self.clocks.take(*dep)
        {
            return clock;
        }
        self.walk_clock(deps)
    }

    /// The clock of a change.
    pub(super) fn clock_at(&self, index: u32) -> Cow<'_, Clock> {
        match self.clocks.get(index) {
            Some(kept) => Cow::Borrowed(kept),
            None => Cow::Owned(self.walk_clock(&[index])),
        }
    }

    fn walk_clock(&self, from: &[u32]) -> Clock {
        let mut clock = Clock::default();
        let mut queue: BinaryHeap<u32> = from.iter().copied().collect();
        let mut last = None;
        while let Some(index) = queue.pop() {
            if last.replace(index) == Some(index) {
                continue;
            }
            if let Some(kept) = self.clocks.get(index) {
                clock.merge(kept);
                continue;
            }
            let Some(node) = self.nodes.get(index as usize) else {
                continue;
            };
            // Everything below an actor's own change is covered once its clock says so much, except
            // what came in through other actors' branches: those are walked as well.
            clock.set(node.actor, clock.get(node.actor).max(node.seq));
            queue.extend(node.deps.iter().copied());
        }
        clock
    }
}
