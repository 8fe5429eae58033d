//! From the store into a graph, and what a graph writes for the next time.
//!
//! The nodes of packed changes, after a version byte: their number and that of their actors; the
//! actors' ids; the hashes; and for each change actor, sequence number, greatest operation counter, size
//! and dependencies, these as distances back. Numbers are LEB128.

use std::ops::Range;

use automerge::ChangeHash;
use smallvec::SmallVec;

use super::{ChangeError, ChangeGraph, LoadError, Node};
use crate::ordered;
use crate::storage::{Outline, Part, Run};
use crate::sync::chunk::{ACTOR_BYTES_MAX, ChunkKind, count_chunks, next_chunk};
use crate::sync::limits::Limits;
use crate::sync::reader::{ReadError, Reader, put_uleb};

const VERSION: u8 = 1;

/// How many changes a run may hold: never more than its bytes have room for.
fn count_at_most(run: &Run) -> usize {
    match run {
        Run::Plain(part) => count_chunks(&part.bytes) as usize,
        // Each has a hash, and the rest is a good deal smaller.
        Run::Packed { nodes, .. } => nodes.len() / 36,
    }
}

impl ChangeGraph {
    /// Rebuilds a graph from what a store has of a document, all of it durable.
    ///
    /// # Errors
    /// [`LoadError`] for the first thing that does not fit: the store is damaged.
    pub fn load(limits: Limits, outline: &Outline) -> Result<Self, LoadError> {
        let mut graph = Self::new(limits);
        let count = outline.runs.iter().map(count_at_most).sum();
        graph.nodes.reserve(count);
        graph.index.reserve(count);
        let mut packed = true;
        for run in &outline.runs {
            if packed && matches!(run, Run::Plain(_)) {
                // Packed changes come first; what follows keeps the heads itself.
                graph.heads = graph.heads_of_first(graph.len()).into_iter().collect();
                packed = false;
            }
            match run {
                Run::Plain(part) => graph.load_changes(part)?,
                Run::Packed { first, nodes } => {
                    let due = graph.len();
                    if *first != due || graph.pinned || !packed {
                        return Err(LoadError::Gap { first: *first, due });
                    }
                    graph.load_nodes(nodes).map_err(LoadError::Nodes)?;
                }
            }
        }
        if packed {
            graph.heads = graph.heads_of_first(graph.len()).into_iter().collect();
        }
        graph.durable = graph.len();
        graph.durable_heads = graph.heads.clone();
        if let Some(snapshot) = &outline.snapshot {
            graph.note_snapshot(snapshot.clone());
        }
        Ok(graph)
    }

    fn load_changes(&mut self, part: &Part) -> Result<(), ChangeError> {
        // Where one was stored twice, or before what it builds on, or lost, the store counts otherwise.
        self.pinned |= part.first != self.len();
        let mut rest = &part.bytes[..];
        while let Some(chunk) = next_chunk(&mut rest)? {
            let (header, bytes) = chunk.change_in(&part.bytes, &self.limits)?;
            self.pinned |= self.insert(header, bytes)? != 1;
        }
        Ok(())
    }

    fn load_nodes(&mut self, nodes: &[u8]) -> Result<(), ReadError> {
        let mut reader = Reader::new(nodes);
        if reader.byte()? != VERSION {
            return Err(ReadError::Limit {
                what: "version of the nodes",
                value: nodes.first().copied().unwrap_or_default().into(),
                limit: VERSION.into(),
            });
        }
        let count = reader.count("number of changes", u32::MAX as usize, 32)?;
        let actor_count = reader.count("number of actors", count, 1)?;
        let mut actors = Vec::with_capacity(actor_count);
        for _ in 0..actor_count {
            actors.push(self.actor(reader.prefixed("actor id", ACTOR_BYTES_MAX)?));
        }
        let mut hashes = Reader::new(reader.take(count.saturating_mul(32))?);
        for _ in 0..count {
            let node = self.read_node(hashes.hash()?, &actors, &mut reader)?;
            let clock = self.clock_of(&node.deps);
            self.place(node, clock, None);
        }
        Ok(())
    }

    fn read_node(
        &self,
        hash: ChangeHash,
        actors: &[u32],
        reader: &mut Reader<'_>,
    ) -> Result<Node, ReadError> {
        let actor = actors
            .get(usize::try_from(reader.uleb()?).unwrap_or(usize::MAX))
            .copied()
            .ok_or(ReadError::End)?;
        let mut number = || u32::try_from(reader.uleb()?).map_err(|_| ReadError::Integer);
        let (seq, max_op, len, deps_len) = (number()?, number()?, number()?, number()?);
        let mut deps = SmallVec::new();
        for _ in 0..deps_len {
            let dep = self.len().checked_sub(number()?).ok_or(ReadError::End)?;
            if dep == self.len() {
                return Err(ReadError::End);
            }
            deps.push(dep);
        }
        Ok(Node {
            hash,
            deps,
            actor,
            seq,
            max_op,
            len,
        })
    }

    /// What [`ChangeGraph::load`] reads of these changes.
    pub(crate) fn write_nodes(&self, range: Range<u32>) -> Vec<u8> {
        let nodes = self
            .nodes
            .get(range.start as usize..range.end as usize)
            .unwrap_or_default();
        let mut actors: Vec<u32> = nodes.iter().map(|node| node.actor).collect();
        ordered::sort(&mut actors);
        actors.dedup();
        let mut ids: Vec<&[u8]> = vec![&[]; actors.len()];
        for (id, actor) in &self.actors {
            if let Ok(at) = actors.binary_search(actor)
                && let Some(place) = ids.get_mut(at)
            {
                *place = id;
            }
        }
        let mut out = vec![VERSION];
        put_uleb(&mut out, nodes.len() as u64);
        put_uleb(&mut out, actors.len() as u64);
        for id in ids {
            put_uleb(&mut out, id.len() as u64);
            out.extend_from_slice(id);
        }
        nodes
            .iter()
            .for_each(|node| out.extend_from_slice(&node.hash.0));
        for (index, node) in (range.start..).zip(nodes) {
            let actor = actors.binary_search(&node.actor).unwrap_or_default();
            let numbers = [
                actor as u64,
                node.seq.into(),
                node.max_op.into(),
                node.len.into(),
                node.deps.len() as u64,
            ];
            let deps = node.deps.iter().map(|dep| u64::from(index - dep));
            numbers
                .into_iter()
                .chain(deps)
                .for_each(|number| put_uleb(&mut out, number));
        }
        out
    }

    /// Whether another graph, which holds no more, knows the same of the changes with these indices.
    pub(crate) fn agrees(&self, other: &Self, range: Range<u32>) -> bool {
        let nodes = |graph: &Self| {
            let range = range.start as usize..range.end as usize;
            graph.nodes.get(range).map(<[Node]>::to_vec)
        };
        // Both number their actors in the order in which they come.
        let same = |(id, actor): (&_, &_)| self.actors.get(id) == Some(actor);
        other.actors.iter().all(same) && nodes(self).is_some() && nodes(self) == nodes(other)
    }

    /// Takes bytes of stored changes into memory.
    ///
    /// Whole rows of the store are read, so there may be bytes that nobody asked for. The checksum of
    /// each change is compared to its hash here; that it fits the content, the store has checked for the row.
    ///
    /// # Errors
    /// [`LoadError::Bytes`] if they are of other changes: the store is damaged. Nothing of them is taken.
    pub fn put(&mut self, part: &Part) -> Result<(), LoadError> {
        let mut changes = Vec::new();
        let mut rest = &part.bytes[..];
        while let Some(chunk) = next_chunk(&mut rest).map_err(ChangeError::from)? {
            let bytes = match chunk.kind {
                ChunkKind::Change => part.bytes.slice_ref(chunk.bytes),
                _ => chunk.change(&self.limits).map_err(ChangeError::from)?.1,
            };
            let index = part.first.saturating_add(changes.len() as u32);
            let fits = self.nodes.get(index as usize).is_some_and(|node| {
                node.len as usize == bytes.len() && node.hash.0.get(..4) == bytes.get(4..8)
            });
            if !fits {
                return Err(LoadError::Bytes { index });
            }
            changes.push(bytes);
        }
        self.resident.put_block(part.first, changes);
        Ok(())
    }

    /// Forgets what [`ChangeGraph::put`] took from this index on.
    pub fn drop_part(&mut self, first: u32) {
        self.resident.drop_block(first);
    }
}
