//! The whole document up to some change as one chunk, for peers that lack most of it.

use automerge::ChangeHash;
use bytes::Bytes;

use super::ChangeGraph;
use crate::storage::SnapshotInfo;

#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    info: SnapshotInfo,
    bytes: Option<Bytes>,
}

impl ChangeGraph {
    /// Takes note of a snapshot in the store, unless it is not of this graph.
    pub fn note_snapshot(&mut self, info: SnapshotInfo) {
        let fits = info.count <= self.durable
            && info
                .heads
                .iter()
                .all(|head| self.index_of(head).is_some_and(|index| index < info.count));
        if fits && !self.pinned && !self.snapshot_lost {
            self.snapshot = Some(Snapshot { info, bytes: None });
        }
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
