use automerge::{Automerge, Bundle, Change};
use bytes::Bytes;

use crate::sync::chunk::{ChunkKind, next_chunk};

/// Expands a document chunk or a bundle into the changes it stands for, as [`Effect::Expand`](super::Effect::Expand) asks.
///
/// This builds an Automerge document: run it aside, natively under `catch_unwind`, since a hostile
/// chunk can make Automerge panic.
#[must_use]
pub fn expand(bytes: &[u8]) -> Option<Vec<Bytes>> {
    let mut changes = Vec::new();
    let mut rest = bytes;
    while let Some(chunk) = next_chunk(&mut rest).ok()? {
        let expanded = match chunk.kind {
            ChunkKind::Document => Automerge::load(chunk.bytes).ok()?.get_changes(&[]),
            ChunkKind::Bundle => Bundle::try_from(chunk.bytes).ok()?.to_changes().ok()?,
            ChunkKind::Change | ChunkKind::Deflated => {
                vec![Change::try_from(chunk.bytes).ok()?]
            }
        };
        changes.extend(
            expanded
                .iter()
                .map(|change| Bytes::copy_from_slice(change.raw_bytes())),
        );
    }
    Some(changes)
}
