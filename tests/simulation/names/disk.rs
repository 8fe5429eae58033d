//! Disks, and what is the same at both ends.

use std::collections::BTreeMap;

use automerge::ChangeHash;
use bytes::Bytes;
use yilian_core::document::{DocumentId, Network};
use yilian_core::sync::engine::{Config, Fetched, Loaded, StoreRequest};
use yilian_core::sync::limits::Limits;
use yilian_core::sync::sync_state::{Voice, Wanted};

use crate::packed;

pub(super) fn network() -> Network {
    "jiaozuo".parse().unwrap()
}

pub(super) fn config(name: &str, voice: Voice) -> Config {
    Config {
        peer_id: name.to_owned(),
        storage_id: format!("storage-{name}"),
        session_id: name.to_owned(),
        voice,
        limits: Limits {
            message_bytes: 600,
            tail_bytes: 400,
            cache_bytes: 2_000,
            ..Limits::default()
        },
        idle_ms: 0,
    }
}

/// What a disk has of a document.
#[derive(Clone, Default)]
pub(super) struct Kept {
    pub(super) name: Option<String>,
    pub(super) chunks: Vec<Bytes>,
    pub(super) heads: Vec<ChangeHash>,
    pub(super) remote_heads: Vec<ChangeHash>,
    pub(super) position: u64,
}

pub(super) type Disk = BTreeMap<DocumentId, Kept>;

pub(super) fn keep(disk: &mut Disk, request: StoreRequest, position: u64) {
    let kept = disk.entry(request.document).or_default();
    kept.name = request.name.or(kept.name.take());
    kept.chunks.extend(request.changes);
    kept.heads = request.heads;
    kept.position = position;
}

pub(super) fn loaded(disk: &Disk, id: DocumentId, whole: bool) -> Loaded {
    let kept = disk.get(&id).cloned().unwrap_or_default();
    Loaded {
        graph: packed::load(&kept.chunks, whole),
        name: kept.name,
    }
}

pub(super) fn fetched(disk: &Disk, id: DocumentId, wanted: &Wanted) -> Fetched {
    let chunks = disk.get(&id).map_or(&[][..], |kept| &kept.chunks);
    packed::fetch(chunks, wanted)
}
