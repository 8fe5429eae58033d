//! The whole document up to some change as one chunk, for peers that lack most of it.

use automerge::ChangeHash;
use bytes::Bytes;

use super::ChangeGraph;
use crate::ordered;
use crate::storage::SnapshotInfo;

#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    info: SnapshotInfo,
    bytes: Option<Bytes>,
}

impl ChangeGraph {
    /// Takes note of a snapshot in the store, unless it is not what this graph begins with.
    pub fn note_snapshot(&mut self, info: SnapshotInfo) {
        let fits = info.count <= self.durable && self.heads_of_first(info.count) == info.heads;
        if fits && !self.pinned && !self.snapshot_lost {
            self.snapshot = Some(Snapshot { info, bytes: None });
        }
    }

    /// The heads, sorted, of the first so many changes, those in quarantine left out.
    pub(crate) fn heads_of_first(&self, count: u32) -> Vec<ChangeHash> {
        let nodes = self.nodes.get(..count as usize).unwrap_or_default();
        let mut is_head = vec![true; nodes.len()];
        let used = (0..).zip(nodes).filter(|(index, _)| !self.is_aside(*index));
        for dep in used.flat_map(|(_, node)| &node.deps) {
            if let Some(is_head) = is_head.get_mut(*dep as usize) {
                *is_head = false;
            }
        }
        let heads = (0..).zip(nodes).zip(is_head);
        let heads = heads.filter(|((index, _), is_head)| *is_head && !self.is_aside(*index));
        let mut heads: Vec<ChangeHash> = heads.map(|((_, node), _)| node.hash).collect();
        ordered::sort(&mut heads);
        heads
    }

    /// The snapshot that the store has.
    #[must_use]
    pub fn snapshot(&self) -> Option<&SnapshotInfo> {
        self.snapshot.as_ref().map(|snapshot| &snapshot.info)
    }

    /// The snapshot's bytes, if they are in memory.
    #[must_use]
    pub fn snapshot_bytes(&self) -> Option<&Bytes> {
        self.snapshot.as_ref()?.bytes.as_ref()
    }

    /// Takes the snapshot's bytes into memory, or forgets them.
    pub fn set_snapshot_bytes(&mut self, bytes: Option<Bytes>) {
        if let Some(snapshot) = &mut self.snapshot {
            snapshot.bytes = bytes;
        }
    }

    /// There is no snapshot to be had, whatever the store says: it was asked for it.
    pub fn forget_snapshot(&mut self) {
        self.snapshot = None;
        self.snapshot_lost = true;
    }

    /// Whether a peer that has everything up to `head` has all that the snapshot holds of it.
    pub(crate) fn is_in_snapshot(&self, head: &ChangeHash) -> bool {
        let count = self.snapshot().map_or(0, |snapshot| snapshot.count);
        self.index_of(head).is_some_and(|index| index < count)
    }
}
