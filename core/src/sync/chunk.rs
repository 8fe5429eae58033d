//! Automerge's stored chunks, read without building a document.
//!
//! The format is Automerge's binary document format: magic `85 6f 4a 83`, four bytes of checksum, a
//! type byte, a LEB128 length and the body (<https://automerge.org/automerge-binary-format-spec/>).
//! The hash of a change is the SHA-256 of its type, length and body; the checksum is its first four
//! bytes.

use std::io::Read as _;

use automerge::ChangeHash;
use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use smallvec::SmallVec;

use super::limits::Limits;
use super::reader::{ReadError, Reader, put_uleb};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Column specifications (id, type) whose run lengths say how much work a change is.
const ACTION_COLUMN: u64 = 0x42;
const PRED_GROUP_COLUMN: u64 = 0x70;
/// An actor id of Automerge has any length up to this; ours have sixteen bytes.
pub(crate) const ACTOR_BYTES_MAX: usize = 64;

/// What a chunk holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChunkKind {
    /// A whole document, compressed by columns.
    Document,
    /// One change.
    Change,
    /// One change, deflated.
    Deflated,
    /// Several changes, compressed together (experimental in Automerge).
    Bundle,
}

/// One chunk of a concatenation.
#[derive(Clone, Copy, Debug)]
pub struct Chunk<'a> {
    /// What it holds.
    pub kind: ChunkKind,
    /// The chunk with its header.
    pub bytes: &'a [u8],
    body: &'a [u8],
    checksum: [u8; 4],
}

/// Why bytes are not a chunk or not a change that anybody may store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChunkError {
    /// Not the start of a chunk.
    #[error("the bytes do not start with Automerge's magic number")]
    Magic,
    /// A type that this version does not know.
    #[error("chunk type {0} is unknown")]
    Kind(u8),
    /// The content is not what the checksum was made of.
    #[error("the checksum does not fit the content")]
    Checksum,
    /// A deflated chunk that does not inflate.
    #[error("the chunk does not inflate")]
    Inflate,
    /// A field of the header that no writer makes.
    #[error("the change's {0} is not valid")]
    Header(&'static str),
    /// Lengths that do not fit, or above a limit.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// What the graph needs to know of a change: everything but its operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeHeader {
    /// SHA-256 of type, length and body.
    pub hash: ChangeHash,
    /// Changes that this one builds on.
    pub deps: SmallVec<[ChangeHash; 1]>,
    /// Who made it: up to 64 bytes.
    pub actor: SmallVec<[u8; 16]>,
    /// Number of this change among the actor's, from 1.
    pub seq: u64,
    /// Counter of its first operation, from 1.
    pub start_op: u64,
    /// Number of operations.
    pub ops: u64,
    /// Number of predecessors that they name.
    pub preds: u64,
    /// Actors that its operations refer to.
    pub other_actors: Vec<SmallVec<[u8; 16]>>,
    /// Whether bytes that name an author follow the operations.
    pub has_footer: bool,
}

impl ChangeHeader {
    /// Counter of the last operation; `start_op - 1` for a change without operations.
    #[must_use]
    pub fn max_op(&self) -> u64 {
        self.start_op.saturating_add(self.ops).saturating_sub(1)
    }

    /// How much there is to decode: operations and predecessors.
    pub(crate) fn work(&self) -> u64 {
        self.ops.saturating_add(self.preds)
    }
}

/// Splits the first chunk off a concatenation; `None` at its end.
///
/// # Errors
/// [`ChunkError`] if the bytes are not a chunk; nothing after it can be read then.
pub fn next_chunk<'a>(bytes: &mut &'a [u8]) -> Result<Option<Chunk<'a>>, ChunkError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let whole = *bytes;
    let mut reader = Reader::new(whole);
    if reader.take(4)? != MAGIC {
        return Err(ChunkError::Magic);
    }
    let mut checksum = [0; 4];
    checksum.copy_from_slice(reader.take(4)?);
    let kind = match reader.byte()? {
        0 => ChunkKind::Document,
        1 => ChunkKind::Change,
        2 => ChunkKind::Deflated,
        3 => ChunkKind::Bundle,
        other => return Err(ChunkError::Kind(other)),
    };
    let length = reader.count("chunk length", usize::MAX, 1)?;
    let body = reader.take(length)?;
    let (chunk, rest) = whole.split_at(whole.len() - reader.rest().len());
    *bytes = rest;
    Ok(Some(Chunk {
        kind,
        bytes: chunk,
        body,
        checksum,
    }))
}

impl Chunk<'_> {
    /// The change in this chunk with its header, inflated if need be.
    ///
    /// Checks the checksum, the header and how much work the operations would be; does not read the
    /// operations.
    ///
    /// # Errors
    /// [`ChunkError`] if it is not a change, is damaged, or is above a limit.
    pub fn change(&self, limits: &Limits) -> Result<(ChangeHeader, Bytes), ChunkError> {
        self.read_change(limits, Bytes::copy_from_slice)
    }

    /// As [`Chunk::change`], for a chunk that was split off `whole`: the change shares its memory.
    ///
    /// # Errors
    /// As there.
    pub(crate) fn change_in(
        &self,
        whole: &Bytes,
        limits: &Limits,
    ) -> Result<(ChangeHeader, Bytes), ChunkError> {
        self.read_change(limits, |bytes| whole.slice_ref(bytes))
    }

    fn read_change(
        &self,
        limits: &Limits,
        take: impl FnOnce(&[u8]) -> Bytes,
    ) -> Result<(ChangeHeader, Bytes), ChunkError> {
        match self.kind {
            ChunkKind::Change => {
                let header = change_header(self.body, self.checksum, limits)?;
                Ok((header, take(self.bytes)))
            }
            ChunkKind::Deflated => {
                let body = inflate(self.body, limits.change_bytes)?;
                let header = change_header(&body, self.checksum, limits)?;
                let plain = plain_chunk(&header.hash, &body);
                Ok((header, plain.into()))
            }
            ChunkKind::Document => Err(ChunkError::Kind(0)),
            ChunkKind::Bundle => Err(ChunkError::Kind(3)),
        }
    }
}

/// Reads every change of a concatenation of chunks, without looking at operations.
///
/// # Errors
/// [`ChunkError`] for the first chunk that is not a change.
pub fn read_changes(
    mut chunks: &[u8],
    limits: &Limits,
) -> Result<Vec<(ChangeHeader, Bytes)>, ChunkError> {
    let mut changes = Vec::new();
    while let Some(chunk) = next_chunk(&mut chunks)? {
        changes.push(chunk.change(limits)?);
    }
    Ok(changes)
}

/// The first change of a concatenation that [`read_changes`] refuses for what it is or how much work it would be, if its hash can be told.
pub(crate) fn first_refused(mut chunks: &[u8], limits: &Limits) -> Option<ChangeHash> {
    let lenient = Limits {
        change_ops: u64::MAX,
        change_preds: u64::MAX,
        ..*limits
    };
    while let Ok(Some(chunk)) = next_chunk(&mut chunks) {
        if chunk.change(limits).is_err() {
            return chunk.change(&lenient).ok().map(|(header, _)| header.hash);
        }
    }
    None
}

/// Whether every chunk of a concatenation is a single change (not a document or a bundle, which
/// take an Automerge document to expand).
#[must_use]
pub fn only_changes(mut chunks: &[u8]) -> bool {
    while let Ok(Some(chunk)) = next_chunk(&mut chunks) {
        if matches!(chunk.kind, ChunkKind::Document | ChunkKind::Bundle) {
            return false;
        }
    }
    true
}

/// Number of chunks in a concatenation, up to the first that is none.
#[must_use]
pub fn count_chunks(mut chunks: &[u8]) -> u32 {
    let mut count = 0;
    while let Ok(Some(_)) = next_chunk(&mut chunks) {
        count += 1;
    }
    count
}

fn inflate(body: &[u8], limit: usize) -> Result<Vec<u8>, ChunkError> {
    let mut out = Vec::new();
    flate2::read::DeflateDecoder::new(body)
        .take(limit as u64 + 1)
        .read_to_end(&mut out)
        .map_err(|_| ChunkError::Inflate)?;
    within("inflated change", out.len(), limit)?;
    Ok(out)
}

fn within(what: &'static str, value: usize, limit: usize) -> Result<(), ReadError> {
    if value > limit {
        return Err(ReadError::Limit {
            what,
            value: value as u64,
            limit: limit as u64,
        });
    }
    Ok(())
}

fn plain_chunk(hash: &ChangeHash, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 14);
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&hash.0[..4]);
    out.push(1);
    put_uleb(&mut out, body.len() as u64);
    out.extend_from_slice(body);
    out
}

fn change_hash(body: &[u8]) -> ChangeHash {
    let mut prefix = vec![1];
    put_uleb(&mut prefix, body.len() as u64);
    let mut hasher = Sha256::new();
    hasher.update(&prefix);
    hasher.update(body);
    ChangeHash(hasher.finalize().into())
}

fn change_header(
    body: &[u8],
    checksum: [u8; 4],
    limits: &Limits,
) -> Result<ChangeHeader, ChunkError> {
    within("change", body.len(), limits.change_bytes)?;
    let hash = change_hash(body);
    if !hash.0.starts_with(&checksum) {
        return Err(ChunkError::Checksum);
    }
    let mut reader = Reader::new(body);
    let deps: SmallVec<[ChangeHash; 1]> = reader
        .hashes("number of dependencies", limits.change_deps)?
        .into();
    let actor = actor_id(&mut reader)?;
    let seq = reader.uleb()?;
    if seq == 0 || u32::try_from(seq).is_err() {
        return Err(ChunkError::Header("sequence number"));
    }
    let start_op = reader.uleb()?;
    if start_op == 0 || u32::try_from(start_op).is_err() {
        return Err(ChunkError::Header("operation counter"));
    }
    reader.sleb()?; // Unix time: any value is a claim of its author, none is wrong.
    let message = reader.prefixed("message", limits.change_bytes)?;
    if std::str::from_utf8(message).is_err() {
        return Err(ChunkError::Header("message"));
    }
    let count = reader.count("number of actors", limits.change_actors, 1)?;
    let mut other_actors = Vec::with_capacity(count);
    for _ in 0..count {
        other_actors.push(actor_id(&mut reader)?);
    }
    let (ops, preds, has_footer) = operations(&mut reader, limits)?;
    Ok(ChangeHeader {
        hash,
        deps,
        actor,
        seq,
        start_op,
        ops,
        preds,
        other_actors,
        has_footer,
    })
}

fn actor_id(reader: &mut Reader<'_>) -> Result<SmallVec<[u8; 16]>, ReadError> {
    Ok(SmallVec::from_slice(
        reader.prefixed("actor id", ACTOR_BYTES_MAX)?,
    ))
}

/// Counts operations, and the predecessors they name, from run lengths alone.
fn operations(reader: &mut Reader<'_>, limits: &Limits) -> Result<(u64, u64, bool), ChunkError> {
    let count = reader.count("number of columns", 64, 2)?;
    let mut columns: SmallVec<[(u64, u64); 16]> = SmallVec::new();
    for _ in 0..count {
        columns.push((reader.uleb()?, reader.uleb()?));
    }
    let (mut ops, mut preds) = (0, 0);
    for (specification, length) in columns {
        let length = usize::try_from(length).map_err(|_| ReadError::End)?;
        let data = reader.take(length)?;
        match specification {
            ACTION_COLUMN => ops = run_lengths(data, limits.change_ops, "number of operations")?.0,
            PRED_GROUP_COLUMN => {
                preds = run_lengths(data, limits.change_ops, "number of operations")?.1;
                if preds > limits.change_preds {
                    return Err(ReadError::Limit {
                        what: "number of predecessors",
                        value: preds,
                        limit: limits.change_preds,
                    }
                    .into());
                }
            }
            _ => {}
        }
    }
    // A footer starts with its kind; 1 is an author.
    Ok((ops, preds, reader.rest().first() == Some(&1)))
}

/// Number and sum of the values in a run-length encoded column of unsigned integers.
fn run_lengths(data: &[u8], limit: u64, what: &'static str) -> Result<(u64, u64), ChunkError> {
    let mut reader = Reader::new(data);
    let (mut count, mut sum) = (0_u64, 0_u64);
    while !reader.is_empty() {
        let run = reader.sleb()?;
        if run > 0 {
            let value = reader.uleb()?;
            sum = sum.saturating_add(value.saturating_mul(run.unsigned_abs()));
        } else if run < 0 {
            for _ in 0..run.unsigned_abs() {
                sum = sum.saturating_add(reader.uleb()?);
            }
        } else {
            count = count.saturating_add(reader.uleb()?);
        }
        count = count.saturating_add(run.unsigned_abs());
        if count > limit {
            return Err(ReadError::Limit {
                what,
                value: count,
                limit,
            }
            .into());
        }
    }
    Ok((count, sum))
}

#[cfg(test)]
mod tests;
