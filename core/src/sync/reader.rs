//! A cursor over untrusted bytes: every read is checked, none allocates what a length claims.

use automerge::ChangeHash;

/// Why a read failed; the caller says what was being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The bytes end before what they announce.
    #[error("the bytes end early")]
    End,
    /// A LEB128 integer has more than 64 bits.
    #[error("an integer is longer than 64 bits")]
    Integer,
    /// A count or length is above its limit.
    #[error("{what} is {value}, above the limit of {limit}")]
    Limit {
        /// What was counted.
        what: &'static str,
        /// What the bytes claim.
        value: u64,
        /// What is accepted.
        limit: u64,
    },
}

impl ReadError {
    /// The name of the limit that was broken, if it is one that can be set.
    #[must_use]
    pub fn limit(&self) -> Option<&'static str> {
        let Self::Limit { what, .. } = self else {
            return None;
        };
        Some(match *what {
            "number of heads" | "number of needs" | "number of common heads" => "hashes",
            "number of haves" => "haves",
            "Bloom filter" => "bloom_bytes",
            "Bloom filter probes" => "bloom_probes",
            "change" | "inflated change" | "message" => "change_bytes",
            "number of operations" => "change_ops",
            "number of predecessors" => "change_preds",
            "number of dependencies" => "change_deps",
            "number of actors" => "change_actors",
            _ => return None,
        })
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn byte(&mut self) -> Result<u8, ReadError> {
        let (first, rest) = self.rest.split_first().ok_or(ReadError::End)?;
        self.rest = rest;
        Ok(*first)
    }

    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], ReadError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(ReadError::End)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn uleb(&mut self) -> Result<u64, ReadError> {
        let mut value = 0_u64;
        let mut shift = 0_u32;
        loop {
            let byte = self.byte()?;
            if shift == 63 && byte > 1 {
                return Err(ReadError::Integer);
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
            shift += 7;
        }
    }

    pub(crate) fn sleb(&mut self) -> Result<i64, ReadError> {
        let mut value = 0_i64;
        let mut shift = 0_u32;
        loop {
            let byte = self.byte()?;
            if shift == 63 && byte != 0 && byte != 0x7f {
                return Err(ReadError::Integer);
            }
            value |= i64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                if shift < 64 && byte & 0x40 != 0 {
                    value |= -1_i64 << shift;
                }
                return Ok(value);
            }
        }
    }

    /// A count of things that are at least `each` bytes long, so that it can be believed.
    pub(crate) fn count(
        &mut self,
        what: &'static str,
        limit: usize,
        each: usize,
    ) -> Result<usize, ReadError> {
        let value = self.uleb()?;
        if value > limit as u64 {
            return Err(ReadError::Limit {
                what,
                value,
                limit: limit as u64,
            });
        }
        let count = value as usize;
        if count.saturating_mul(each) > self.rest.len() {
            return Err(ReadError::End);
        }
        Ok(count)
    }

    pub(crate) fn hash(&mut self) -> Result<ChangeHash, ReadError> {
        let (hash, rest) = self.rest.split_first_chunk::<32>().ok_or(ReadError::End)?;
        self.rest = rest;
        Ok(ChangeHash(*hash))
    }

    pub(crate) fn hashes(
        &mut self,
        what: &'static str,
        limit: usize,
    ) -> Result<Vec<ChangeHash>, ReadError> {
        let count = self.count(what, limit, 32)?;
        (0..count).map(|_| self.hash()).collect()
    }

    /// Bytes behind their length.
    pub(crate) fn prefixed(
        &mut self,
        what: &'static str,
        limit: usize,
    ) -> Result<&'a [u8], ReadError> {
        let length = self.count(what, limit, 1)?;
        self.take(length)
    }
}

/// Appends `value` as unsigned LEB128.
pub(crate) fn put_uleb(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value as u8 & 0x7f) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a list of hashes behind its length.
pub(crate) fn put_hashes(out: &mut Vec<u8>, hashes: &[ChangeHash]) {
    put_uleb(out, hashes.len() as u64);
    for hash in hashes {
        out.extend_from_slice(&hash.0);
    }
}
