#![allow(clippy::unwrap_used, reason = "tests")]

use automerge::sync as theirs;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::*;

#[test]
fn it_contains_what_automerges_filter_contains() {
    let mut rng = StdRng::seed_from_u64(1);
    for count in [1, 2, 7, 100, 1_000] {
        let mut hash = || ChangeHash(rng.random());
        let inside: Vec<ChangeHash> = (0..count).map(|_| hash()).collect();
        let outside: Vec<ChangeHash> = (0..1_000).map(|_| hash()).collect();
        let ours = BloomFilter::of(&inside);
        let automerges = theirs::BloomFilter::from_hashes(inside.iter());
        assert!(inside.iter().all(|hash| ours.contains(hash)));
        for hash in &outside {
            assert_eq!(ours.contains(hash), automerges.contains_hash(hash));
        }
        let read = BloomFilter::decode(&automerges.to_bytes(), &Limits::default()).unwrap();
        assert_eq!(read, ours);
    }
}

#[test]
fn parameters_that_make_others_panic_are_refused() {
    // One entry of no bits: automerge divides by zero.
    assert!(BloomFilter::decode(&[1, 0, 7], &Limits::default()).is_err());
    // A probe count that takes for ever, and entries that are not there.
    assert!(
        BloomFilter::decode(&[1, 10, 0xff, 0xff, 0xff, 0x7f, 0, 0], &Limits::default()).is_err()
    );
    assert!(BloomFilter::decode(&[0xff, 0xff, 0xff, 0x7f, 10, 7], &Limits::default()).is_err());
    assert!(BloomFilter::decode(&[1, 10, 0, 0, 0], &Limits::default()).is_err());
    assert!(
        BloomFilter::decode(&[], &Limits::default())
            .unwrap()
            .is_empty()
    );
}
