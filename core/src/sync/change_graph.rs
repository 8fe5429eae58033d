//! The graph of one document's changes: hashes, dependencies and bytes, and no operations.
//!
//! Everything the sync protocol asks of a document is answered from here, at a cost that depends on
//! what is asked, not on the size of the document. Nodes are kept in insertion order, which is a
//! topological order; the changes that are durable are always a prefix of it. It is also the order in
//! which a store keeps them, so that a change's index says where its bytes are: in memory are the
//! last ones, and what was fetched ([`ChangeGraph::put`]).

#![expect(
    clippy::disallowed_types,
    reason = "the maps here have a fixed hasher, and nothing iterates over them"
)]

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use automerge::ChangeHash;
use bytes::Bytes;
use smallvec::SmallVec;

use super::chunk::ChangeHeader;
use super::limits::Limits;
use crate::ordered::{BTreeMap, BTreeSet};

mod clocks;
mod error;
mod load;
mod origin;
mod quarantine;
mod resident;
mod snapshot;
mod walk;

pub use error::{ChangeError, LoadError};

use clocks::{Clock, Clocks};
use quarantine::Quarantine;
use resident::Resident;
use snapshot::Snapshot;

/// Changes are keyed by SHA-256, which is already as good as a hasher gets.
#[derive(Clone, Copy, Debug, Default)]
pub struct HashPrefix(u64);

impl Hasher for HashPrefix {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // Mixing the length prefix of a slice and three words of the digest keeps somebody who can
        // choose changes from steering them into one bucket with the first word alone.
        for word in bytes.chunks(8).take(4) {
            let mut buffer = [0; 8];
            for (to, from) in buffer.iter_mut().zip(word) {
                *to = *from;
            }
            self.0 = (self.0.rotate_left(23) ^ u64::from_le_bytes(buffer))
                .wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
    }
}

type ByHash<T> = HashMap<ChangeHash, T, BuildHasherDefault<HashPrefix>>;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Node {
    hash: ChangeHash,
    deps: SmallVec<[u32; 2]>,
    actor: u32,
    seq: u32,
    max_op: u32,
    len: u32,
}

#[derive(Clone, Debug)]
struct Orphan {
    header: ChangeHeader,
    bytes: Bytes,
}

/// The graph. See the module's documentation.
#[derive(Clone, Debug)]
pub struct ChangeGraph {
    limits: Limits,
    index: ByHash<u32>,
    nodes: Vec<Node>,
    heads: BTreeSet<ChangeHash>,
    durable: u32,
    durable_heads: BTreeSet<ChangeHash>,
    actors: BTreeMap<SmallVec<[u8; 16]>, u32>,
    seqs: Vec<u32>,
    clocks: Clocks,
    max_op: u32,
    resident: Resident,
    /// Whether the store numbers changes otherwise: their bytes stay in memory then.
    pinned: bool,
    snapshot: Option<Snapshot>,
    snapshot_lost: bool,
    orphans: ByHash<Orphan>,
    waiting: ByHash<Vec<ChangeHash>>,
    orphan_bytes: usize,
    quarantine: Quarantine,
}

impl ChangeGraph {
    /// An empty graph that keeps to `limits`.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            index: ByHash::default(),
            nodes: Vec::new(),
            heads: BTreeSet::new(),
            durable: 0,
            durable_heads: BTreeSet::new(),
            actors: BTreeMap::new(),
            seqs: Vec::new(),
            clocks: Clocks::default(),
            max_op: 0,
            resident: Resident::default(),
            pinned: false,
            snapshot: None,
            snapshot_lost: false,
            orphans: ByHash::default(),
            waiting: ByHash::default(),
            orphan_bytes: 0,
            quarantine: Quarantine::default(),
        }
    }

    /// Number of changes that are in the graph with all their dependencies.
    #[must_use]
    pub fn len(&self) -> u32 {
        // Indices are 32 bits wide: 2³² changes of some hundred bytes do not fit any memory.
        self.nodes.len() as u32
    }

    /// Whether there is no change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Number of changes that wait for a dependency.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.orphans.len()
    }

    /// Bytes of the changes that wait for a dependency.
    #[must_use]
    pub fn waiting_bytes(&self) -> usize {
        self.orphan_bytes
    }

    /// Bytes that [`ChangeGraph::put`] took into memory, and those of the snapshot.
    #[must_use]
    pub fn fetched_bytes(&self) -> usize {
        self.resident.block_bytes() + self.snapshot_bytes().map_or(0, Bytes::len)
    }

    /// Whether the change is here with all its ancestors.
    #[must_use]
    pub fn contains(&self, hash: &ChangeHash) -> bool {
        self.index.contains_key(hash)
    }

    /// Whether the change is here and on disk.
    #[must_use]
    pub fn is_durable(&self, hash: &ChangeHash) -> bool {
        self.index
            .get(hash)
            .is_some_and(|index| *index < self.durable)
    }

    /// The heads, sorted, of everything that is here and not in quarantine.
    pub fn heads(&self) -> impl ExactSizeIterator<Item = ChangeHash> + '_ {
        self.heads.iter().copied()
    }

    /// Whether nothing here builds on the change.
    pub(crate) fn is_head(&self, hash: &ChangeHash) -> bool {
        self.heads.contains(hash)
    }

    /// The heads, sorted, of what is durable and not in quarantine.
    pub fn durable_heads(&self) -> impl ExactSizeIterator<Item = ChangeHash> + '_ {
        self.durable_heads.iter().copied()
    }

    /// Number of changes that are durable.
    #[must_use]
    pub fn durable_len(&self) -> u32 {
        self.durable
    }

    /// The bytes of the change with this index (insertion order), if they are in memory.
    #[must_use]
    pub fn bytes(&self, index: u32) -> Option<&Bytes> {
        self.resident.get(index)
    }

    /// How many bytes the change with this index has, in memory or not.
    #[must_use]
    pub fn byte_len(&self, index: u32) -> usize {
        self.nodes
            .get(index as usize)
            .map_or(0, |node| node.len as usize)
    }

    /// Whether the store numbers changes otherwise, because some were stored twice or lost: then bytes stay in
    /// memory, and nothing of it can be packed.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        self.pinned
    }

    /// Leaves bytes of durable changes to the store, but the last `bytes_max` of them.
    pub fn trim(&mut self, bytes_max: usize) -> bool {
        !self.pinned && self.resident.trim(self.durable, bytes_max)
    }

    /// The hash of the change with this index.
    #[must_use]
    pub fn hash(&self, index: u32) -> Option<ChangeHash> {
        self.nodes.get(index as usize).map(|node| node.hash)
    }

    pub(crate) fn index_of(&self, hash: &ChangeHash) -> Option<u32> {
        self.index.get(hash).copied()
    }

    pub(crate) fn deps(&self, index: u32) -> &[u32] {
        self.nodes
            .get(index as usize)
            .map_or(&[], |node| &node.deps)
    }

    /// Declares the first `count` changes durable.
    pub fn set_durable(&mut self, count: u32) {
        let count = count.min(self.len());
        for index in self.durable..count {
            if self.is_aside(index) {
                continue;
            }
            if let Some(node) = self.nodes.get(index as usize) {
                for dep in &node.deps {
                    if let Some(dep) = self.nodes.get(*dep as usize) {
                        self.durable_heads.remove(&dep.hash);
                    }
                }
                self.durable_heads.insert(node.hash);
            }
        }
        self.durable = self.durable.max(count);
    }

    /// Forgets what is not durable, after a commit failed.
    pub fn drop_volatile(&mut self) {
        for node in self.nodes.drain(self.durable as usize..).rev() {
            self.index.remove(&node.hash);
            self.resident.pop();
            if let Some(seq) = self.seqs.get_mut(node.actor as usize) {
                *seq = node.seq - 1;
            }
        }
        self.heads = self.durable_heads.clone();
        self.quarantine.truncate(self.durable);
        self.max_op = self.nodes.iter().map(|node| node.max_op).max().unwrap_or(0);
        self.clocks.truncate(self.durable);
    }

    /// Takes one change that came from outside, after checking everything that can be checked
    /// without its operations; a change that waits for a dependency is kept aside.
    ///
    /// Returns how many changes entered the graph: more than one when others waited for it, none
    /// when it was known or has to wait.
    ///
    /// # Errors
    /// [`ChangeError`] if the change, or one that waited for it, must not enter. The graph stays
    /// consistent: what entered before it stays.
    pub fn insert(&mut self, header: ChangeHeader, bytes: Bytes) -> Result<u32, ChangeError> {
        if self.contains(&header.hash) || self.orphans.contains_key(&header.hash) {
            return Ok(0);
        }
        self.check_quarantine(&header)?;
        if let Some(missing) = self.missing_dep(&header) {
            return self.park(missing, header, bytes).map(|()| 0);
        }
        let before = self.len();
        let mut refused = None;
        let mut ready = vec![(header, bytes)];
        while let Some((header, bytes)) = ready.pop() {
            let hash = header.hash;
            if let Err(error) = self.admit(header, bytes) {
                // What else waited was perhaps sent by somebody else: it goes on.
                refused = refused.or(Some(error));
                continue;
            }
            for waiting in self.waiting.remove(&hash).unwrap_or_default() {
                let Some(orphan) = self.orphans.remove(&waiting) else {
                    continue;
                };
                self.orphan_bytes -= orphan.bytes.len();
                match self.missing_dep(&orphan.header) {
                    Some(missing) => self.park(missing, orphan.header, orphan.bytes)?,
                    None => ready.push((orphan.header, orphan.bytes)),
                }
            }
        }
        match refused {
            Some(error) => Err(error),
            None => Ok(self.len() - before),
        }
    }

    /// Forgets the changes that wait for dependencies.
    pub fn drop_orphans(&mut self) {
        self.orphans.clear();
        self.waiting.clear();
        self.orphan_bytes = 0;
    }

    /// Whether a change waits for dependencies.
    pub(crate) fn is_waiting(&self, hash: &ChangeHash) -> bool {
        self.orphans.contains_key(hash)
    }

    fn missing_dep(&self, header: &ChangeHeader) -> Option<ChangeHash> {
        header.deps.iter().find(|dep| !self.contains(dep)).copied()
    }

    fn park(
        &mut self,
        missing: ChangeHash,
        header: ChangeHeader,
        bytes: Bytes,
    ) -> Result<(), ChangeError> {
        let counts = [
            (
                "number of changes that",
                self.orphans.len() + 1,
                self.limits.orphans,
            ),
            (
                "bytes of changes that",
                self.orphan_bytes + bytes.len(),
                self.limits.orphan_bytes,
            ),
        ];
        for (what, value, limit) in counts {
            if value > limit {
                return Err(ChangeError::Orphans { what, value, limit });
            }
        }
        self.orphan_bytes += bytes.len();
        self.waiting.entry(missing).or_default().push(header.hash);
        self.orphans.insert(header.hash, Orphan { header, bytes });
        Ok(())
    }

    fn admit(&mut self, header: ChangeHeader, bytes: Bytes) -> Result<(), ChangeError> {
        let deps: SmallVec<[u32; 2]> = header
            .deps
            .iter()
            .filter_map(|dep| self.index_of(dep))
            .collect();
        self.check_quarantine(&header)?;
        let clock = self.clock_of(&deps);
        self.check(&header, &deps, &clock)?;
        let node = Node {
            hash: header.hash,
            deps,
            actor: self.actor(&header.actor),
            // `chunk::change_header` and `check` refuse what does not fit 32 bits.
            seq: header.seq as u32,
            max_op: header.max_op() as u32,
            len: bytes.len() as u32,
        };
        for dep in &node.deps {
            if let Some(dep) = self.nodes.get(*dep as usize) {
                self.heads.remove(&dep.hash);
            }
        }
        self.heads.insert(node.hash);
        self.place(node, clock, Some(bytes));
        Ok(())
    }

    /// The number of an actor; a new one if it is new.
    fn actor(&mut self, id: &[u8]) -> u32 {
        if let Some(actor) = self.actors.get(id) {
            return *actor;
        }
        let actor = self.seqs.len() as u32;
        self.actors.insert(SmallVec::from_slice(id), actor);
        self.seqs.push(0);
        actor
    }

    /// Appends a change, without a word of the heads; `clock` is its dependencies'.
    fn place(&mut self, node: Node, mut clock: Clock, bytes: Option<Bytes>) {
        let index = self.len();
        if let Some(last) = self.seqs.get_mut(node.actor as usize) {
            *last = node.seq;
        }
        clock.set(node.actor, node.seq);
        let keep = self.clocks.keeps(node.seq, &node.hash, self.seqs.len());
        self.clocks.advance(index, clock, &node.deps, keep);
        self.index.insert(node.hash, index);
        self.max_op = self.max_op.max(node.max_op);
        self.resident.push(bytes);
        self.nodes.push(node);
    }

    fn check(&self, header: &ChangeHeader, deps: &[u32], clock: &Clock) -> Result<(), ChangeError> {
        let hash = header.hash;
        let actor = self.actors.get(&header.actor).copied();
        let last = actor
            .and_then(|actor| self.seqs.get(actor as usize))
            .copied()
            .unwrap_or(0);
        let expected = u64::from(last) + 1;
        if header.seq != expected {
            return Err(ChangeError::Sequence {
                hash,
                seq: header.seq,
                expected,
            });
        }
        if last > 0 && actor.is_none_or(|actor| clock.get(actor) != last) {
            return Err(ChangeError::Fork { hash });
        }
        let known = |id: &SmallVec<[u8; 16]>| {
            self.actors
                .get(id)
                .is_some_and(|actor| clock.get(*actor) > 0)
        };
        if !header.other_actors.iter().all(known) {
            return Err(ChangeError::UnknownActor { hash });
        }
        let below = deps
            .iter()
            .filter_map(|dep| self.nodes.get(*dep as usize))
            .map(|dep| dep.max_op)
            .max();
        let lowest = u64::from(below.unwrap_or(0)) + 1;
        let highest = u64::from(self.max_op)
            .saturating_add(self.limits.op_ahead)
            .min(u64::from(u32::MAX));
        if header.start_op < lowest || header.max_op() > highest {
            return Err(ChangeError::Counter {
                hash,
                start_op: header.start_op,
                lowest,
                highest,
            });
        }
        if header.has_footer && header.seq > 1 {
            return Err(ChangeError::Footer { hash });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
