//! Automerge's sync message: heads, needs, what the sender has, changes.

use anyhow::{Context, Result};

use super::chunk::{Checked, Hash, check_all, put_uleb, uleb};

const TYPE_LIST: u8 = 0x42;
/// As JavaScript clients send them: "I take chunks, and understand a reset".
const FLAGS: [u8; 3] = [2, 2, 0x84];

/// A message that arrived, in place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SyncMessage<'a> {
    heads: &'a [u8],
    /// Changes, each behind its length.
    changes: &'a [u8],
    change_count: usize,
}

impl<'a> SyncMessage<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<SyncMessage<'a>> {
        let mut rest = bytes.get(1..).context("an empty message")?;
        let heads = hashes(&mut rest)?;
        hashes(&mut rest)?; // What it needs.
        for _ in 0..count(&mut rest)? {
            hashes(&mut rest)?;
            prefixed(&mut rest)?;
        }
        let change_count = count(&mut rest)?;
        Ok(SyncMessage {
            heads,
            changes: rest,
            change_count,
        })
    }

    /// The sender's heads.
    pub(crate) fn heads(&self) -> impl ExactSizeIterator<Item = &'a Hash> {
        as_hashes(self.heads)
    }

    /// Whether the sender's only head is this.
    pub(crate) fn is_at(&self, head: &Hash) -> bool {
        self.heads == head
    }

    /// Whether it brings something.
    pub(crate) fn has_changes(&self) -> bool {
        self.change_count > 0
    }

    /// Checks every change.
    pub(crate) fn check(&self, mut found: impl FnMut(Checked)) -> Result<()> {
        let mut rest = self.changes;
        for _ in 0..self.change_count {
            check_all(prefixed(&mut rest)?, &mut found)?;
        }
        Ok(())
    }
}

/// The bytes of a message that says "I have `heads`, and everything up to `common` so do you".
pub(crate) fn message<'a>(
    heads: &[Hash],
    common: &[Hash],
    changes: impl ExactSizeIterator<Item = &'a [u8]>,
) -> Vec<u8> {
    let mut out = vec![TYPE_LIST];
    put_hashes(&mut out, heads);
    put_uleb(&mut out, 0);
    put_uleb(&mut out, 1);
    put_hashes(&mut out, common);
    put_uleb(&mut out, 0);
    put_uleb(&mut out, changes.len());
    for change in changes {
        put_uleb(&mut out, change.len());
        out.extend_from_slice(change);
    }
    out.extend_from_slice(&FLAGS);
    out
}

fn put_hashes(out: &mut Vec<u8>, hashes: &[Hash]) {
    put_uleb(out, hashes.len());
    for hash in hashes {
        out.extend_from_slice(hash);
    }
}

fn as_hashes(bytes: &[u8]) -> impl ExactSizeIterator<Item = &Hash> {
    bytes.as_chunks::<32>().0.iter()
}

fn count(rest: &mut &[u8]) -> Result<usize> {
    let (value, length) = uleb(rest)?;
    *rest = rest.get(length..).context("cut short")?;
    Ok(value)
}

fn hashes<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8]> {
    let length = count(rest)?.saturating_mul(32);
    take(rest, length)
}

fn prefixed<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8]> {
    let length = count(rest)?;
    take(rest, length)
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(length).context("cut short")?;
    *rest = after;
    Ok(taken)
}
