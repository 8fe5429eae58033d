use std::ops::Range;

use bytes::Bytes;

use crate::ordered;
use crate::sync::change_graph::ChangeGraph;

/// Bytes that are in the store and not in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Changes by index; ascending, without overlap. The first of them come first: where they are many, the rest
    /// may be left for another time.
    pub changes: Vec<Range<u32>>,
    /// Whether the snapshot is wanted.
    pub snapshot: bool,
}

/// What a message is to hold.
#[derive(Debug, Default)]
pub(super) struct Sending {
    /// Indices of changes: those asked for by name, then those that are missing, ascending.
    pub(super) part: Vec<u32>,
    /// How many of them were asked for by name.
    pub(super) needs: usize,
    /// Whether the snapshot comes first.
    pub(super) snapshot: bool,
    /// Whether nothing is left for another message.
    pub(super) whole: bool,
}

impl Sending {
    pub(super) fn is_empty(&self) -> bool {
        self.part.is_empty() && !self.snapshot
    }

    /// The bytes, or which of them are not here. With `partial`, less than all is enough, if there is anything: what
    /// is to be sent is then cut to it.
    pub(super) fn bytes(
        &mut self,
        graph: &ChangeGraph,
        partial: bool,
    ) -> Result<Vec<Bytes>, Wanted> {
        let snapshot = graph.snapshot_bytes().filter(|_| self.snapshot);
        if self.snapshot && snapshot.is_none() {
            return Err(self.wanted(graph, true));
        }
        let changes = self.part.iter().map_while(|index| graph.bytes(*index));
        let bytes: Vec<Bytes> = snapshot.into_iter().chain(changes).cloned().collect();
        let here = bytes.len() - usize::from(self.snapshot);
        if here < self.part.len() {
            if bytes.is_empty() || !partial {
                return Err(self.wanted(graph, false));
            }
            self.part.truncate(here);
            self.needs = self.needs.min(here);
            self.whole = false;
        }
        Ok(bytes)
    }

    fn wanted(&self, graph: &ChangeGraph, snapshot: bool) -> Wanted {
        let mut absent: Vec<u32> = self.part.clone();
        absent.retain(|index| graph.bytes(*index).is_none());
        ordered::sort(&mut absent);
        absent.dedup();
        let mut changes: Vec<Range<u32>> = Vec::new();
        for index in absent {
            match changes.last_mut() {
                Some(last) if last.end == index => last.end += 1,
                _ => changes.push(index..index + 1),
            }
        }
        Wanted { changes, snapshot }
    }
}
