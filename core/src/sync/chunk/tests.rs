#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, AutoCommit, Change, ObjType, ROOT, ReadDoc as _};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::*;

/// Changes of several actors with all that Automerge can write: maps, lists, texts, deletions.
fn changes() -> Vec<Change> {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(vec![1; 16]));
    let list = doc.put_object(ROOT, "list", ObjType::List).unwrap();
    let text = doc.put_object(ROOT, "text", ObjType::Text).unwrap();
    doc.commit_with(CommitOptions::default().with_message("开始").with_time(-5));
    let mut other = doc.fork().with_actor(ActorId::from(vec![2; 3]));
    for number in 0..40_i64 {
        other.insert(&list, 0, number).unwrap();
        other.splice_text(&text, 0, 0, "驿联").unwrap();
        other.commit();
        doc.put(ROOT, format!("key{}", number % 5), number).unwrap();
        if number > 5 {
            doc.delete(ROOT, format!("key{}", number % 3)).unwrap();
        }
        doc.commit();
    }
    doc.merge(&mut other).unwrap();
    // Large enough to be deflated.
    doc.put(ROOT, "long", "长".repeat(2_000)).unwrap();
    doc.commit();
    assert!(doc.length(ROOT) > 0);
    doc.get_changes(&[])
}

fn check(change: &Change, header: &ChangeHeader, bytes: &Bytes) {
    assert_eq!(header.hash, change.hash());
    assert_eq!(&header.deps[..], change.deps());
    assert_eq!(&header.actor[..], change.actor_id().to_bytes());
    assert_eq!(header.seq, change.seq());
    assert_eq!(header.start_op, change.start_op().get());
    assert_eq!(header.ops, change.len() as u64);
    assert_eq!(header.max_op(), change.max_op());
    let others: Vec<&[u8]> = change
        .other_actor_ids()
        .iter()
        .map(ActorId::to_bytes)
        .collect();
    assert_eq!(
        header
            .other_actors
            .iter()
            .map(|actor| &actor[..])
            .collect::<Vec<_>>(),
        others
    );
    assert_eq!(&bytes[..], change.raw_bytes());
}

#[test]
fn a_header_says_what_automerge_says() {
    let mut deflated = 0;
    for mut change in changes() {
        let written = change.bytes().into_owned();
        deflated += usize::from(written != change.raw_bytes());
        for bytes in [change.raw_bytes().to_vec(), written] {
            let read = read_changes(&bytes, &Limits::default()).unwrap();
            assert_eq!(read.len(), 1);
            check(&change, &read[0].0, &read[0].1);
        }
    }
    assert!(deflated > 0, "no change was large enough to be deflated");
}

#[test]
fn an_author_is_seen_on_the_first_change_only() {
    let mut doc = automerge::Automerge::new();
    doc.set_author(Some(automerge::Author::from(b"keyun/a".to_vec())));
    for number in 0..2_i64 {
        doc.transact::<_, _, automerge::AutomergeError>(|tx| tx.put(ROOT, "key", number))
            .unwrap();
    }
    let footers: Vec<bool> = doc
        .get_changes(&[])
        .iter()
        .map(|change| {
            read_changes(change.raw_bytes(), &Limits::default()).unwrap()[0]
                .0
                .has_footer
        })
        .collect();
    assert_eq!(footers, [true, false]);
}

#[test]
fn runs_are_counted_without_being_walked() {
    let count = |data: &[u8]| run_lengths(data, 1_000, "number of operations");
    // Three times 7, then 1 and 2 as they are, then four absent ones.
    assert_eq!(count(&[3, 7, 0x7e, 1, 2, 0, 4]), Ok((9, 24)));
    // 2^40 times 1, in seven bytes; and as many absent ones.
    for claim in [
        &[0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 1][..],
        &[0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20],
    ] {
        let refused = count(claim);
        assert!(
            matches!(refused, Err(ChunkError::Read(ReadError::Limit { value, .. })) if value == 1 << 40),
            "{refused:?}"
        );
    }
    assert!(count(&[0x7e, 1]).is_err(), "a run cut short");
}

#[test]
fn no_mutation_makes_it_panic() {
    let mut rng = StdRng::seed_from_u64(1);
    let all = changes();
    for _ in 0..20_000 {
        let change = &all[rng.random_range(0..all.len())];
        let mut bytes = change.raw_bytes().to_vec();
        for _ in 0..rng.random_range(1..4) {
            let at = rng.random_range(9..bytes.len());
            bytes[at] = rng.random();
        }
        // A valid checksum, so that what is behind it is reached.
        let mut rest = &bytes[..];
        if let Ok(Some(chunk)) = next_chunk(&mut rest) {
            let forged = plain_chunk(&change_hash(chunk.body), chunk.body);
            let _ = read_changes(&forged, &Limits::default());
        }
        let _ = read_changes(&bytes, &Limits::default());
    }
}

#[test]
fn a_deflated_bomb_is_refused() {
    use std::io::Write as _;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![0; 64 << 20]).unwrap();
    let body = encoder.finish().unwrap();
    let mut bytes = plain_chunk(&ChangeHash([0; 32]), &body);
    bytes[8] = 2;
    let refused = read_changes(&bytes, &Limits::default());
    assert!(matches!(
        refused,
        Err(ChunkError::Read(ReadError::Limit {
            what: "inflated change",
            ..
        }))
    ));
}
