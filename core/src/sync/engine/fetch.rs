//! Bytes of older changes: read when a peer needs them, kept for a while for others that do.

use std::collections::VecDeque;

use super::{ConnectionId, Effect, Engine, Fetched, StoreFailed};
use crate::document::DocumentId;
use crate::storage::SnapshotInfo;
use crate::sync::sync_state::Wanted;

/// What was read, oldest first; the oldest goes when there is too much.
#[derive(Debug, Default)]
pub(super) struct Cache {
    kept: VecDeque<Kept>,
    bytes: usize,
}

#[derive(Debug)]
struct Kept {
    document: DocumentId,
    /// Index of the first change; `None` for the snapshot.
    first: Option<u32>,
    bytes: usize,
}

impl Engine {
    /// Reads what a message to a peer needs. A document has one read under way at a time.
    pub(super) fn fetch(&mut self, connection: ConnectionId, id: DocumentId, wanted: Wanted) {
        let Some(document) = self.documents.get_mut(&id) else {
            return;
        };
        document.awaiting.insert(connection);
        if document.fetching.is_none() {
            document.fetching = Some((connection, wanted.clone()));
            self.effects.push_back(Effect::Fetch {
                document: id,
                wanted,
                // What is read at a time leaves room for what others wait for.
                bytes_max: self.config.limits.cache_bytes / 2,
            });
        }
    }

    /// The outcome of an [`Effect::Fetch`].
    pub fn fetched(&mut self, id: DocumentId, outcome: Result<Fetched, StoreFailed>) {
        let Some(document) = self.documents.get_mut(&id) else {
            return;
        };
        let Some((initiator, wanted)) = document.fetching.take() else {
            return;
        };
        document.served = Some(initiator);
        let awaiting = std::mem::take(&mut document.awaiting);
        let sound = outcome.is_ok_and(|fetched| self.keep(id, &wanted, fetched));
        if !sound {
            return self.cannot_load(id);
        }
        for connection in awaiting {
            self.mark_behind(id, connection);
        }
    }

    /// The store has a new snapshot of a document: newcomers are sent it from now on.
    pub fn snapshot_made(&mut self, id: DocumentId, info: SnapshotInfo) {
        if let Some(document) = self.documents.get_mut(&id) {
            document.graph.note_snapshot(info);
        }
    }

    /// Takes what was read into memory; false if it is not what was wanted.
    fn keep(&mut self, id: DocumentId, wanted: &Wanted, fetched: Fetched) -> bool {
        let snapshot_len = fetched
            .snapshot_bytes
            .as_ref()
            .map_or(0, |bytes| bytes.len());
        let parts: usize = fetched.parts.iter().map(|part| part.bytes.len()).sum();
        self.make_room(parts + snapshot_len);
        let Some(document) = self.documents.get_mut(&id) else {
            return false;
        };
        let graph = &mut document.graph;
        for part in &fetched.parts {
            if graph.put(part).is_err() {
                return false;
            }
            self.cache.keep(id, Some(part.first), part.bytes.len());
        }
        if let Some(info) = fetched.snapshot
            && graph.snapshot() != Some(&info)
        {
            graph.note_snapshot(info);
        }
        if wanted.snapshot {
            // A snapshot that is gone meanwhile is not asked for again: then changes are sent.
            if fetched.snapshot_bytes.is_none() {
                graph.forget_snapshot();
            }
            graph.set_snapshot_bytes(fetched.snapshot_bytes);
            self.cache.keep(id, None, snapshot_len);
        }
        let first = wanted.changes.first();
        first.is_none_or(|range| graph.bytes(range.start).is_some())
    }

    fn make_room(&mut self, bytes: usize) {
        while self.cache.bytes + bytes > self.config.limits.cache_bytes
            && let Some(oldest) = self.cache.kept.pop_front()
        {
            self.cache.bytes -= oldest.bytes;
            self.hits.note("cache_bytes");
            // The document may be gone, and back without these bytes.
            if let Some(document) = self.documents.get_mut(&oldest.document) {
                match oldest.first {
                    Some(first) => document.graph.drop_part(first),
                    None => document.graph.set_snapshot_bytes(None),
                }
            }
        }
    }
}

impl Cache {
    fn keep(&mut self, document: DocumentId, first: Option<u32>, bytes: usize) {
        self.bytes += bytes;
        self.kept.push_back(Kept {
            document,
            first,
            bytes,
        });
    }
}
