//! Automerge's chunks, and what a light client checks of them.

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

/// A hash of a change.
pub(crate) type Hash = [u8; 32];

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const DOCUMENT: u8 = 0;
const CHANGE: u8 = 1;

/// What a chunk was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Checked {
    /// One change.
    Change(Hash),
    /// A whole document: it has all that the heads of its message cover.
    Document,
}

/// Checks every chunk of a concatenation as a client must before it believes one: type, length, hash
/// against checksum.
pub(crate) fn check_all(mut chunks: &[u8], mut found: impl FnMut(Checked)) -> Result<()> {
    while !chunks.is_empty() {
        let (magic, rest) = chunks.split_first_chunk::<4>().context("cut short")?;
        let (checksum, hashed) = rest.split_first_chunk::<4>().context("cut short")?;
        ensure!(*magic == MAGIC, "no chunk");
        let kind = *hashed.first().context("cut short")?;
        let (length, header) = uleb(hashed.get(1..).unwrap_or_default())?;
        let end = 1 + header + length;
        let (body, rest) = hashed.split_at_checked(end).context("cut short")?;
        let hash: Hash = Sha256::digest(body).into();
        ensure!(hash.starts_with(checksum), "a wrong checksum");
        found(match kind {
            CHANGE => Checked::Change(hash),
            DOCUMENT => Checked::Document,
            other => anyhow::bail!("a chunk of type {other}"),
        });
        chunks = rest;
    }
    Ok(())
}

/// An unsigned LEB128 integer, and how many bytes it takes.
pub(crate) fn uleb(bytes: &[u8]) -> Result<(usize, usize)> {
    let mut value = 0_usize;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        value |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Ok((value, at + 1));
        }
    }
    anyhow::bail!("an integer without an end")
}

/// Appends an unsigned LEB128 integer.
pub(crate) fn put_uleb(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
