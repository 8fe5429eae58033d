//! The inner sync message of Automerge: heads, needs, a summary of what is there, and changes.
//!
//! Byte format: type `42` (a list of changes) or `43` (concatenated chunks), then heads, needs,
//! haves and changes, each behind its length, then optional flags. Read and written here rather
//! than by Automerge so that hostile lengths and filters are refused before anything is allocated,
//! and so that changes stay where they are in the frame.

use automerge::ChangeHash;
use bytes::Bytes;

use super::bloom::BloomFilter;
use super::limits::Limits;
use super::reader::{ReadError, Reader, put_hashes, put_uleb};

const TYPE_LIST: u8 = 0x42;
const TYPE_CHUNKS: u8 = 0x43;
const FLAG_BITS: u8 = 0x80;
const FLAG_LEGACY: u8 = 0x02;

/// Per-message signals that follow the message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Forget what you think I was sent.
    pub sync_reset: bool,
    /// I do not take changes.
    pub read_only: bool,
    /// I understand `sync_reset`.
    pub supports_sync_reset: bool,
}

/// What a peer says it has: everything up to `last_sync`, and what the filter contains.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Have {
    /// Heads up to which both sides are known to have everything.
    pub last_sync: Vec<ChangeHash>,
    /// Changes after that.
    pub bloom: BloomFilter,
}

/// One sync message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncMessage {
    /// The sender's heads: for our own peers, heads that are durable.
    pub heads: Vec<ChangeHash>,
    /// Changes the sender asks for by name.
    pub need: Vec<ChangeHash>,
    /// What the sender has; empty means "send only what I need".
    pub have: Vec<Have>,
    /// Chunks, or concatenations of chunks.
    pub changes: Vec<Bytes>,
    /// Present when the sender understands message type `43`.
    pub flags: Option<Flags>,
    /// Whether to write type `43`.
    pub chunks: bool,
}

/// Why bytes are not a sync message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MessageError {
    /// The first byte is neither `42` nor `43`.
    #[error("sync message type {0:#04x} is unknown")]
    Type(u8),
    /// Lengths that do not fit, or above a limit.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl MessageError {
    /// The name of the limit that was broken, if it is one that can be set.
    #[must_use]
    pub fn limit(&self) -> Option<&'static str> {
        match self {
            Self::Type(_) => None,
            Self::Read(error) => error.limit(),
        }
    }
}

impl SyncMessage {
    /// Reads a message; its changes share the memory of `bytes`.
    ///
    /// # Errors
    /// [`MessageError`] if the bytes are malformed or above a limit.
    pub fn decode(bytes: &Bytes, limits: &Limits) -> Result<Self, MessageError> {
        let mut reader = Reader::new(bytes);
        let chunks = match reader.byte()? {
            TYPE_LIST => false,
            TYPE_CHUNKS => true,
            other => return Err(MessageError::Type(other)),
        };
        let heads = reader.hashes("number of heads", limits.hashes)?;
        let need = reader.hashes("number of needs", limits.hashes)?;
        let haves = reader.count("number of haves", limits.haves, 2)?;
        let mut have = Vec::with_capacity(haves);
        for _ in 0..haves {
            let last_sync = reader.hashes("number of common heads", limits.hashes)?;
            let bloom = reader.prefixed("Bloom filter", limits.bloom_bytes)?;
            have.push(Have {
                last_sync,
                bloom: BloomFilter::decode(bloom, limits)?,
            });
        }
        let count = reader.count("number of changes", usize::MAX, 1)?;
        let mut changes = Vec::new();
        for _ in 0..count {
            changes.push(bytes.slice_ref(reader.prefixed("change", limits.frame_bytes)?));
        }
        let flags = if reader.is_empty() {
            None
        } else {
            Some(Flags::decode(reader.prefixed("flags", 64)?))
        };
        Ok(Self {
            heads,
            need,
            have,
            changes,
            flags,
            chunks,
        })
    }

    /// Writes the message.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let changes: usize = self.changes.iter().map(|change| change.len() + 5).sum();
        let mut out = Vec::with_capacity(
            changes + 32 * (self.heads.len() + self.need.len() + self.have.len()) + 64,
        );
        out.push(if self.chunks { TYPE_CHUNKS } else { TYPE_LIST });
        put_hashes(&mut out, &self.heads);
        put_hashes(&mut out, &self.need);
        put_uleb(&mut out, self.have.len() as u64);
        for have in &self.have {
            put_hashes(&mut out, &have.last_sync);
            have.bloom.encode(&mut out);
        }
        if self.chunks {
            let length: usize = self.changes.iter().map(Bytes::len).sum();
            put_uleb(&mut out, u64::from(length > 0));
            if length > 0 {
                put_uleb(&mut out, length as u64);
            }
            self.changes
                .iter()
                .for_each(|change| out.extend_from_slice(change));
        } else {
            put_uleb(&mut out, self.changes.len() as u64);
            for change in &self.changes {
                put_uleb(&mut out, change.len() as u64);
                out.extend_from_slice(change);
            }
        }
        if let Some(flags) = self.flags {
            out.extend_from_slice(&[2, FLAG_LEGACY, FLAG_BITS | flags.bits()]);
        }
        out
    }
}

impl Flags {
    fn bits(self) -> u8 {
        u8::from(self.sync_reset)
            | (u8::from(self.read_only) << 1)
            | (u8::from(self.supports_sync_reset) << 2)
    }

    fn decode(bytes: &[u8]) -> Self {
        // Bytes without the high bit are flags of older versions, implied by there being any flags.
        let bits = bytes
            .iter()
            .filter(|byte| *byte & FLAG_BITS != 0)
            .fold(0, |all, byte| all | byte);
        Self {
            sync_reset: bits & 1 != 0,
            read_only: bits & 2 != 0,
            supports_sync_reset: bits & 4 != 0,
        }
    }
}

#[cfg(test)]
mod tests;
