//! The Bloom filter of Automerge's sync protocol: which changes a peer probably has.
//!
//! Parameters and probing follow the protocol's description (Kleppmann and Howard, "Byzantine
//! Eventual Consistency and the Fundamental Limits of Peer-to-Peer Databases", 2020, section 4.3,
//! which takes triple hashing from Dillinger and Manolios): ten bits and seven probes per change,
//! about 1 % false positives.

use automerge::ChangeHash;

use super::limits::Limits;
use super::reader::{ReadError, Reader, put_uleb};

const BITS_PER_ENTRY: u32 = 10;
const PROBES: u32 = 7;

/// A set of changes with false positives; the empty filter contains nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BloomFilter {
    entries: u32,
    bits_per_entry: u32,
    probes: u32,
    bits: Vec<u8>,
}

impl BloomFilter {
    /// The filter that contains `hashes`.
    #[must_use]
    pub fn of(hashes: &[ChangeHash]) -> Self {
        if hashes.is_empty() {
            return Self::default();
        }
        let entries = u32::try_from(hashes.len()).unwrap_or(u32::MAX);
        let mut filter = Self {
            entries,
            bits_per_entry: BITS_PER_ENTRY,
            probes: PROBES,
            bits: vec![0; bytes_for(entries, BITS_PER_ENTRY)],
        };
        for hash in hashes {
            for probe in probes(hash, filter.probes, filter.bits.len()) {
                if let Some(byte) = filter.bits.get_mut(probe / 8) {
                    *byte |= 1 << (probe % 8);
                }
            }
        }
        filter
    }

    /// Whether the filter contains `hash`; wrongly `true` now and then, never wrongly `false`.
    #[must_use]
    pub fn contains(&self, hash: &ChangeHash) -> bool {
        self.entries != 0
            && probes(hash, self.probes, self.bits.len()).all(|probe| {
                self.bits
                    .get(probe / 8)
                    .is_some_and(|byte| byte & (1 << (probe % 8)) != 0)
            })
    }

    /// Whether it contains nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// Reads a filter whose parameters are sane: at least one bit and one probe, and as many bytes
    /// as the parameters say.
    ///
    /// # Errors
    /// [`ReadError`] naming what is out of bounds.
    pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Self, ReadError> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        let mut reader = Reader::new(bytes);
        let entries = bounded(&mut reader, "Bloom filter entries", u32::MAX)?;
        let bits_per_entry = bounded(&mut reader, "Bloom filter bits per entry", 1_024)?;
        let probes = bounded(&mut reader, "Bloom filter probes", limits.bloom_probes)?;
        if entries == 0 {
            return Ok(Self::default());
        }
        if bits_per_entry == 0 || probes == 0 {
            return Err(ReadError::Limit {
                what: "Bloom filter bits or probes",
                value: 0,
                limit: 0,
            });
        }
        let bits = reader.take(bytes_for(entries, bits_per_entry))?.to_vec();
        Ok(Self {
            entries,
            bits_per_entry,
            probes,
            bits,
        })
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let mut bytes = Vec::with_capacity(self.bits.len() + 12);
        if self.entries != 0 {
            put_uleb(&mut bytes, u64::from(self.entries));
            put_uleb(&mut bytes, u64::from(self.bits_per_entry));
            put_uleb(&mut bytes, u64::from(self.probes));
            bytes.extend_from_slice(&self.bits);
        }
        put_uleb(out, bytes.len() as u64);
        out.extend_from_slice(&bytes);
    }
}

fn bounded(reader: &mut Reader<'_>, what: &'static str, limit: u32) -> Result<u32, ReadError> {
    let value = reader.uleb()?;
    u32::try_from(value)
        .ok()
        .filter(|small| *small <= limit)
        .ok_or(ReadError::Limit {
            what,
            value,
            limit: u64::from(limit),
        })
}

fn bytes_for(entries: u32, bits_per_entry: u32) -> usize {
    let bits = u64::from(entries) * u64::from(bits_per_entry);
    usize::try_from(bits.div_ceil(8)).unwrap_or(usize::MAX)
}

/// Bit positions of one hash in a filter of `bytes` bytes (at least one).
fn probes(hash: &ChangeHash, count: u32, bytes: usize) -> impl Iterator<Item = usize> {
    // Filters are bounded far below 2^29 bytes, so the product stays within 32 bits, as peers compute it.
    let modulo = (bytes as u64 * 8).clamp(1, u64::from(u32::MAX));
    let [a, b, c, d, e, f, g, h, i, j, k, l, ..] = hash.0;
    let mut x = u64::from(u32::from_le_bytes([a, b, c, d])) % modulo;
    let mut y = u64::from(u32::from_le_bytes([e, f, g, h])) % modulo;
    let z = u64::from(u32::from_le_bytes([i, j, k, l])) % modulo;
    (0..count).map(move |n| {
        if n > 0 {
            x = (x + y) % modulo;
            y = (y + z) % modulo;
        }
        x as usize
    })
}

#[cfg(test)]
mod tests;
