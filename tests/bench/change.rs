//! The changes that are sent, and what a light reader checks of them.

use anyhow::{Context, Result, ensure};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ChangeHash, ROOT};
use sha2::{Digest, Sha256};

/// A change made ahead of time.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) hash: ChangeHash,
    pub(crate) bytes: Vec<u8>,
}

/// `count` changes of one author, each setting a field of a record, as an edit of a roster does.
pub(crate) fn story(count: usize) -> Vec<Made> {
    let mut document = AutoCommit::new();
    (0..count)
        .map(|number| {
            let put = document.put(ROOT, "7c0f/note", format!("{number:06}"));
            debug_assert!(put.is_ok(), "a put at the root");
            document.commit();
            let change = document.get_last_local_change();
            change.map(|change| Made {
                hash: change.hash(),
                bytes: change.raw_bytes().to_vec(),
            })
        })
        .map_while(|made| made)
        .collect()
}

/// Checks a chunk as a client must before it believes it: type, length, hash against checksum.
pub(crate) fn check(chunk: &[u8]) -> Result<ChangeHash> {
    const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
    const CHANGE: u8 = 1;
    let (magic, rest) = chunk.split_first_chunk::<4>().context("cut short")?;
    let (checksum, hashed) = rest.split_first_chunk::<4>().context("cut short")?;
    ensure!(*magic == MAGIC, "no chunk");
    ensure!(hashed.first() == Some(&CHANGE), "not a plain change");
    let hash: [u8; 32] = Sha256::digest(hashed).into();
    ensure!(hash.starts_with(checksum), "a wrong checksum");
    Ok(ChangeHash(hash))
}
