use automerge::{Automerge, Bundle, Change};
use bytes::Bytes;

use crate::sync::change_graph::ChangeError;
use crate::sync::chunk::{
    ChangeHeader, Chunk, ChunkError, ChunkKind, first_refused, next_chunk, read_changes,
};
use crate::sync::limits::Limits;

/// What a relay reads and checks at once, in bytes; what is longer, or might be when it is inflated, goes aside. It takes a
/// millisecond or two.
const QUICK_BYTES: usize = 64 << 10;
/// So much longer than it is a deflated change may be, and still counts as short.
const QUICK_RATIO: usize = 32;
/// The same in operations, and predecessors that they name.
const QUICK_WORK: u64 = 20_000;

/// Changes from a peer that were read, and whose operations were found to decode.
#[derive(Clone, Debug, Default)]
pub struct Checked(Vec<(ChangeHeader, Bytes)>);

impl Checked {
    pub(super) fn into_changes(self) -> Vec<(ChangeHeader, Bytes)> {
        self.0
    }
}

/// Whether reading these chunks takes no Automerge document and, where `busy`, little time.
pub(super) fn is_quick(chunks: &[Bytes], busy: bool) -> bool {
    let mut bytes = 0_usize;
    for mut chunks in chunks.iter().map(|chunks| &chunks[..]) {
        // What is no chunk is found out where it is read.
        while let Ok(Some(chunk)) = next_chunk(&mut chunks) {
            bytes = bytes.saturating_add(match chunk.kind {
                ChunkKind::Document | ChunkKind::Bundle => return false,
                ChunkKind::Change => chunk.bytes.len(),
                ChunkKind::Deflated => chunk.bytes.len().saturating_mul(QUICK_RATIO),
            });
        }
    }
    !busy || bytes <= QUICK_BYTES
}

/// Whether decoding the operations of these changes takes little time. A column can claim a million in ten bytes.
pub(super) fn is_short(changes: &[(ChangeHeader, Bytes)]) -> bool {
    let work = changes.iter().map(|(header, _)| header.work());
    work.fold(0, u64::saturating_add) <= QUICK_WORK
}

/// Reads and checks chunks as [`Effect::Expand`](super::Effect::Expand) asks, and expands document chunks and bundles into the
/// changes they stand for.
///
/// This may take long, and may build an Automerge document: run it aside, natively under `catch_unwind`, since a hostile
/// chunk can make Automerge panic.
///
/// # Errors
/// The first that is not valid.
pub fn examine(mut chunks: &[u8], limits: &Limits) -> Result<Checked, ChangeError> {
    let mut checked = Vec::new();
    while let Some(chunk) = next_chunk(&mut chunks)? {
        match chunk.kind {
            ChunkKind::Change | ChunkKind::Deflated => {
                let read = chunk.change(limits);
                let (header, bytes) = read.map_err(|error| named(chunk.bytes, limits, error))?;
                decodes(&header, &bytes)?;
                checked.push((header, bytes));
            }
            ChunkKind::Document | ChunkKind::Bundle => {
                for change in expand_one(&chunk).ok_or(ChunkError::Inflate)? {
                    checked.extend(read_named(change.raw_bytes(), limits)?);
                }
            }
        }
    }
    Ok(Checked(checked))
}

/// Reads a concatenation of changes; the error names the change that is above a limit, so that its author can go on without it.
pub(super) fn read_named(
    chunks: &[u8],
    limits: &Limits,
) -> Result<Vec<(ChangeHeader, Bytes)>, ChangeError> {
    read_changes(chunks, limits).map_err(|error| named(chunks, limits, error))
}

fn named(chunks: &[u8], limits: &Limits, error: ChunkError) -> ChangeError {
    match first_refused(chunks, limits) {
        Some(hash) => ChangeError::Limit { hash, error },
        None => error.into(),
    }
}

/// Whether the operations of a change decode to what its header says. The header was bounded before: it costs what it says,
/// and no more.
pub(super) fn decodes(header: &ChangeHeader, bytes: &Bytes) -> Result<(), ChangeError> {
    let hash = header.hash;
    let decoded = Change::try_from(&bytes[..]).map_err(|_| ChangeError::Operations { hash })?;
    if decoded.hash() != hash || decoded.len() as u64 != header.ops {
        return Err(ChangeError::Operations { hash });
    }
    Ok(())
}

/// Expands a document chunk or a bundle into the changes it stands for.
///
/// This builds an Automerge document: run it aside, natively under `catch_unwind`, since a hostile
/// chunk can make Automerge panic.
#[must_use]
pub fn expand(bytes: &[u8]) -> Option<Vec<Bytes>> {
    let mut changes = Vec::new();
    let mut rest = bytes;
    while let Some(chunk) = next_chunk(&mut rest).ok()? {
        let expanded = expand_one(&chunk)?;
        let raw = expanded.iter().map(|change| change.raw_bytes());
        changes.extend(raw.map(Bytes::copy_from_slice));
    }
    Some(changes)
}

fn expand_one(chunk: &Chunk<'_>) -> Option<Vec<Change>> {
    Some(match chunk.kind {
        ChunkKind::Document => Automerge::load(chunk.bytes).ok()?.get_changes(&[]),
        ChunkKind::Bundle => Bundle::try_from(chunk.bytes).ok()?.to_changes().ok()?,
        ChunkKind::Change | ChunkKind::Deflated => vec![Change::try_from(chunk.bytes).ok()?],
    })
}
