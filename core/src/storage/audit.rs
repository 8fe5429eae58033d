use automerge::{Automerge, Change, ChangeHash};
use bytes::Bytes;

use super::Fault;
use crate::ordered::BTreeSet;

/// Whether chunks are what a document of these heads consists of: readable, complete, and leading to just these heads.
///
/// Changes in quarantine are `aside`: they, and what builds on them, lead to no heads. It reads hashes and dependencies
/// only; the operations inside the changes are not applied.
#[must_use]
pub fn audit(heads: &[ChangeHash], chunks: &[Bytes], aside: &[ChangeHash]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut there = BTreeSet::new();
    let mut needed = Vec::new();
    for (number, chunk) in chunks.iter().enumerate() {
        let mut note = |hash, dependencies: &[ChangeHash]| {
            if there.insert(hash) {
                needed.extend(dependencies.iter().map(|dependency| (hash, *dependency)));
            }
        };
        if let Err(report) = read_changes(chunk, &mut note) {
            faults.push(Fault::NotChanges {
                chunk: number,
                report,
            });
        }
    }
    let mut aside: BTreeSet<ChangeHash> = aside.iter().copied().collect();
    let mut found = there.clone();
    for (change, dependency) in needed {
        // Changes are stored after what they build on.
        if aside.contains(&dependency) {
            aside.insert(change);
        }
        if !aside.contains(&change) {
            found.remove(&dependency);
        }
        if !there.contains(&dependency) {
            faults.push(Fault::MissingDependency {
                change,
                missing: dependency,
            });
        }
    }
    found.retain(|head| !aside.contains(head));
    let stored: BTreeSet<ChangeHash> = heads.iter().copied().collect();
    // Where changes are missing, other heads follow from it.
    if faults.is_empty() && stored != found {
        faults.push(Fault::Heads {
            stored: stored.into_iter().collect(),
            found: found.into_iter().collect(),
        });
    }
    faults
}

/// Reads a run of chunks and tells each change's hash and dependencies. What was told before an error counts.
fn read_changes(
    mut rest: &[u8],
    tell: &mut impl FnMut(ChangeHash, &[ChangeHash]),
) -> Result<(), String> {
    while !rest.is_empty() {
        let (chunk, after) =
            split_chunk(rest).ok_or("it breaks off, or does not begin as a chunk")?;
        rest = after;
        match chunk.get(KIND) {
            Some(&DOCUMENT) => {
                let document = Automerge::load(chunk).map_err(|error| error.to_string())?;
                for change in document.get_changes(&[]) {
                    tell(change.hash(), change.deps());
                }
            }
            Some(&CHANGE | &COMPRESSED_CHANGE) => {
                let change = Change::try_from(chunk).map_err(|error| error.to_string())?;
                // Automerge takes the hash from the content, and does not compare it to the checksum.
                if chunk.get(CHECKSUM) != change.hash().0.get(..4) {
                    return Err("a change's checksum does not match".to_owned());
                }
                tell(change.hash(), change.deps());
            }
            Some(kind) => return Err(format!("chunks of kind {kind} are not stored")),
            None => return Err("it breaks off".to_owned()),
        }
    }
    Ok(())
}

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHECKSUM: std::ops::Range<usize> = 4..8;
const KIND: usize = 8;
const DOCUMENT: u8 = 0;
const CHANGE: u8 = 1;
const COMPRESSED_CHANGE: u8 = 2;

/// The first chunk of a run and what follows it: magic, checksum, kind, and a length in LEB128 before the content.
fn split_chunk(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    if !bytes.starts_with(&MAGIC) {
        return None;
    }
    let mut length = 0_usize;
    for (place, byte) in bytes.get(KIND + 1..)?.iter().take(9).enumerate() {
        length |= usize::from(byte & 0x7f).checked_shl(7 * u32::try_from(place).ok()?)?;
        if byte & 0x80 == 0 {
            let end = (KIND + 2 + place).checked_add(length)?;
            return bytes.split_at_checked(end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::super::conformance::sample_changes;
    use super::*;

    fn changes() -> Vec<(ChangeHash, Bytes)> {
        sample_changes(1, 4)
    }

    fn chunks(changes: &[(ChangeHash, Bytes)]) -> Vec<Bytes> {
        changes.iter().map(|(_, chunk)| chunk.clone()).collect()
    }

    #[test]
    fn complete_changes_are_sound_however_they_are_cut_into_chunks() {
        let changes = changes();
        let heads = [changes[3].0];
        assert_eq!(audit(&heads, &chunks(&changes), &[]), []);
        let joined = Bytes::from(chunks(&changes).concat());
        assert_eq!(audit(&heads, &[joined.clone(), joined], &[]), []);
    }

    #[test]
    fn a_missing_change_is_named_with_the_one_that_needs_it() {
        let mut changes = changes();
        let heads = [changes[3].0];
        let missing = changes.remove(1).0;
        assert_eq!(
            audit(&heads, &chunks(&changes), &[]),
            [Fault::MissingDependency {
                change: changes[1].0,
                missing
            }]
        );
    }

    #[test]
    fn what_is_in_quarantine_leads_to_no_heads() {
        let changes = changes();
        let aside = [changes[2].0];
        assert_eq!(audit(&[changes[1].0], &chunks(&changes), &aside), []);
        let faults = audit(&[changes[3].0], &chunks(&changes), &aside);
        assert!(matches!(faults[..], [Fault::Heads { .. }]), "{faults:?}");
    }

    #[test]
    fn heads_that_differ_from_the_changes_are_named() {
        let changes = changes();
        assert_eq!(
            audit(&[changes[3].0], &chunks(&changes[..2]), &[]),
            [Fault::Heads {
                stored: vec![changes[3].0],
                found: vec![changes[1].0]
            }]
        );
    }

    #[test]
    fn damaged_bytes_are_reported_with_their_chunk() {
        let changes = changes();
        let sound = chunks(&changes);
        for place in 0..sound[3].len() {
            let mut damaged = sound.clone();
            let mut bytes = damaged[3].to_vec();
            bytes[place] ^= 1;
            damaged[3] = Bytes::from(bytes);
            let faults = audit(&[changes[3].0], &damaged, &[]);
            assert!(
                matches!(faults.first(), Some(Fault::NotChanges { chunk: 3, .. })),
                "byte {place}: {faults:?}"
            );
        }
    }

    #[test]
    fn a_saved_document_is_sound() {
        let changes = changes();
        let mut document = Automerge::new();
        for (_, chunk) in &changes {
            document.load_incremental(chunk).unwrap();
        }
        let saved = Bytes::from(document.save());
        assert_eq!(audit(&[changes[3].0], &[saved], &[]), []);
    }
}
