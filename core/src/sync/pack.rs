//! Old changes made small, so that a store can read single ones and a graph needs none.
//!
//! A block holds some consecutive changes of a document, deflated (RFC 1951), with what a
//! [`ChangeGraph`] has to know of them beside it. Reading a change inflates one block.

use std::io::{Read as _, Write as _};
use std::ops::Range;

use bytes::Bytes;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::change_graph::{ChangeGraph, LoadError};
use super::limits::Limits;
use crate::storage::{Block, Outline, Part};

/// Changes of one block have about so many bytes: to read one is to inflate them all.
const BLOCK_BYTES: usize = 64 << 10;

/// Why packed changes cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UnpackError {
    /// They do not inflate.
    #[error("the packed changes do not inflate")]
    Inflate(#[source] std::io::Error),
    /// They inflate to more than a block can hold.
    #[error("the packed changes inflate to more than {limit} bytes")]
    Limit {
        /// The most that a block holds.
        limit: usize,
    },
}

/// Packs changes `range` of a graph; those whose bytes are not in memory end it early.
///
/// # Errors
/// Deflating into memory cannot fail; should it, the error is passed on.
pub fn pack(graph: &ChangeGraph, range: Range<u32>) -> std::io::Result<Vec<Block>> {
    let mut blocks = Vec::new();
    let mut first = range.start;
    while first < range.end {
        let mut end = first;
        let mut size = 0;
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        while end < range.end
            && size < BLOCK_BYTES
            && let Some(bytes) = graph.bytes(end)
        {
            encoder.write_all(bytes)?;
            size += bytes.len();
            end += 1;
        }
        if end == first {
            break;
        }
        blocks.push(Block {
            first,
            count: end - first,
            nodes: graph.write_nodes(first..end).into(),
            packed: encoder.finish()?.into(),
        });
        first = end;
    }
    Ok(blocks)
}

/// The bytes of a block's changes.
///
/// # Errors
/// [`UnpackError`] if it does not inflate, or to more than [`pack`] ever puts into one.
pub fn unpack(packed: &[u8], limits: &Limits) -> Result<Bytes, UnpackError> {
    let limit = limits.change_bytes + BLOCK_BYTES;
    let mut bytes = Vec::new();
    DeflateDecoder::new(packed)
        .take(limit as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(UnpackError::Inflate)?;
    if bytes.len() > limit {
        return Err(UnpackError::Limit { limit });
    }
    Ok(bytes.into())
}

/// Whether blocks that follow on `before` hold just what a graph has there: for whoever is about to
/// remove what they were made from.
#[must_use]
pub fn is_faithful(
    graph: &ChangeGraph,
    before: &Outline,
    blocks: &[Block],
    limits: &Limits,
) -> bool {
    let mut outline = before.clone();
    outline.runs.extend(blocks.iter().map(Block::run));
    let Ok(mut again) = ChangeGraph::load(*limits, &outline) else {
        return false;
    };
    blocks
        .iter()
        .all(|block| holds(graph, &mut again, block, limits).unwrap_or(false))
}

fn holds(
    graph: &ChangeGraph,
    again: &mut ChangeGraph,
    block: &Block,
    limits: &Limits,
) -> Result<bool, LoadError> {
    let Ok(bytes) = unpack(&block.packed, limits) else {
        return Ok(false);
    };
    again.put(&Part {
        first: block.first,
        bytes,
    })?;
    let range = block.first..block.first + block.count;
    let same = graph.agrees(again, range.clone())
        && range
            .clone()
            .all(|index| graph.bytes(index).is_some() && graph.bytes(index) == again.bytes(index));
    again.drop_part(block.first);
    Ok(same)
}

#[cfg(test)]
mod tests;
