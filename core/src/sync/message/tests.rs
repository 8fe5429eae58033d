#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use automerge::sync as theirs;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::*;

fn hashes(rng: &mut StdRng) -> Vec<ChangeHash> {
    let count = rng.random_range(0..4);
    let mut hashes: Vec<ChangeHash> = (0..count).map(|_| ChangeHash(rng.random())).collect();
    hashes.sort_unstable();
    hashes
}

fn random_message(rng: &mut StdRng) -> SyncMessage {
    let have = (0..rng.random_range(0..3)).map(|_| {
        let bloom = BloomFilter::of(&hashes(rng));
        Have {
            last_sync: hashes(rng),
            bloom,
        }
    });
    let have = have.collect();
    let changes: Vec<Bytes> = (0..rng.random_range(0..3))
        .map(|_| Bytes::from(vec![rng.random::<u8>(); rng.random_range(1..300)]))
        .collect();
    let flags = rng.random_bool(0.5).then(|| Flags {
        sync_reset: rng.random(),
        read_only: rng.random(),
        supports_sync_reset: rng.random(),
    });
    SyncMessage {
        heads: hashes(rng),
        need: hashes(rng),
        have,
        changes,
        flags,
        chunks: rng.random(),
    }
}

#[test]
fn automerge_reads_what_we_write_and_writes_it_back_the_same() {
    let mut rng = StdRng::seed_from_u64(1);
    for _ in 0..500 {
        let ours = random_message(&mut rng);
        let bytes = ours.encode();
        let read = theirs::Message::decode(&bytes).unwrap();
        assert_eq!(read.heads, ours.heads);
        assert_eq!(read.need, ours.need);
        assert_eq!(read.have.len(), ours.have.len());
        assert_eq!(
            read.changes.iter().collect::<Vec<_>>().concat(),
            ours.changes.concat()
        );
        assert_eq!(read.clone().encode(), bytes);
    }
}

#[test]
fn we_read_what_automerge_writes() {
    let mut rng = StdRng::seed_from_u64(2);
    for _ in 0..500 {
        let ours = random_message(&mut rng);
        let bytes = Bytes::from(theirs::Message::decode(&ours.encode()).unwrap().encode());
        let read = SyncMessage::decode(&bytes, &Limits::default()).unwrap();
        assert_eq!(read.changes.concat(), ours.changes.concat());
        assert_eq!(
            SyncMessage {
                changes: ours.changes.clone(),
                ..read
            },
            ours
        );
    }
}

#[test]
fn every_cut_and_every_flipped_bit_is_read_or_refused() {
    let mut rng = StdRng::seed_from_u64(3);
    for _ in 0..200 {
        let bytes = random_message(&mut rng).encode();
        for length in 0..bytes.len() {
            let _ = SyncMessage::decode(
                &Bytes::copy_from_slice(&bytes[..length]),
                &Limits::default(),
            );
        }
        for _ in 0..50 {
            let mut broken = bytes.clone();
            let at = rng.random_range(0..broken.len());
            broken[at] ^= 1 << rng.random_range(0..8);
            let _ = SyncMessage::decode(&broken.into(), &Limits::default());
        }
    }
}

#[test]
fn a_count_that_the_bytes_cannot_hold_is_refused() {
    // Type 42, then 2^35 heads.
    let claim = Bytes::from_static(&[0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]);
    let refused = SyncMessage::decode(&claim, &Limits::default());
    assert!(
        matches!(refused, Err(MessageError::Read(ReadError::Limit { .. }))),
        "{refused:?}"
    );
    let within = Bytes::from_static(&[0x42, 0x80, 0x80, 0x04]);
    assert_eq!(
        SyncMessage::decode(&within, &Limits::default()),
        Err(MessageError::Read(ReadError::End))
    );
}
