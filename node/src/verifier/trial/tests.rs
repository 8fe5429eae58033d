//! Goal: whatever breaks Automerge is found, alone, and nothing else is blamed. Method: changes are forged whose hashes,
//! numbers and ancestors are in order.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, AutoCommit, Change, ROOT};
use sha2::{Digest as _, Sha256};

use super::*;

const DOCUMENT: DocumentId = DocumentId::from_bytes([7; 16]);

fn writer(actor: u8, changes: &[Change]) -> AutoCommit {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(vec![actor; 16]));
    doc.apply_changes(changes.to_vec()).unwrap();
    doc
}

fn put(doc: &mut AutoCommit, key: &str, value: i64) -> Change {
    doc.put(ROOT, key, value).unwrap();
    doc.commit_with(CommitOptions::default().with_time(0));
    doc.get_last_local_change().unwrap().clone()
}

/// The change with one byte changed, and its checksum made good.
fn forged(change: &Change, at: usize, byte: u8) -> Option<Change> {
    let mut body = change.raw_bytes()[8..].to_vec();
    body[at] = byte;
    let hash = Sha256::digest(&body);
    let raw = [&[0x85, 0x6f, 0x4a, 0x83][..], &hash[..4], &body].concat();
    Change::try_from(&raw[..]).ok()
}

/// A forgery that decodes, has the numbers and ancestors of the original, and breaks Automerge.
fn poison(change: &Change, base: &[Change]) -> Change {
    let raw = change.raw_bytes();
    let same = |forged: &Change| {
        (
            forged.seq(),
            forged.start_op(),
            forged.deps(),
            forged.actor_id(),
        ) == (
            change.seq(),
            change.start_op(),
            change.deps(),
            change.actor_id(),
        ) && forged.len() == change.len()
    };
    let all = (2..raw.len() - 8)
        .rev()
        .flat_map(|at| (0..=255).map(move |byte| (at, byte)));
    let mut forgeries = all
        .filter_map(|(at, byte)| forged(change, at, byte))
        .filter(same);
    let breaks = |forged: &Change| {
        let mut copy = Automerge::new();
        copy.apply_changes(base.to_vec()).unwrap();
        guarded(|| copy.apply_changes(vec![forged.clone()])).is_none()
    };
    forgeries.find(breaks).unwrap()
}

fn tried(changes: &[Change]) -> Vec<ChangeHash> {
    quieten();
    trial(DOCUMENT, None, changes, &mut || true).unwrap()
}

#[test]
fn sound_changes_are_let_through_in_one_step() {
    let mut doc = writer(1, &[]);
    let changes: Vec<Change> = (0..50).map(|value| put(&mut doc, "key", value)).collect();
    let mut steps = 0;
    let found = trial(DOCUMENT, None, &changes, &mut || {
        steps += 1;
        true
    });
    assert_eq!((found, steps), (Some(vec![]), 1));
}

#[test]
fn the_culprits_are_found_among_many_and_what_builds_on_them_is_not_blamed() {
    let mut doc = writer(1, &[]);
    let mut changes: Vec<Change> = (0..30).map(|value| put(&mut doc, "key", value)).collect();
    let first = poison(&put(&mut writer(2, &changes), "other", 1), &changes);
    let second = poison(&put(&mut writer(3, &changes), "third", 1), &changes);
    let more = put(&mut doc, "key", 30);
    // One that builds on a culprit: made on the honest original, pointed at the forgery.
    let honest = put(&mut writer(2, &changes), "other", 1);
    let mut follower = writer(4, &[&changes[..], &[honest.clone()]].concat());
    let child = put(&mut follower, "child", 1);
    let raw = child.raw_bytes();
    let at = raw
        .windows(32)
        .position(|window| window == honest.hash().0)
        .unwrap();
    let mut body = raw[8..].to_vec();
    body[at - 8..at + 24].copy_from_slice(&first.hash().0);
    let hash = Sha256::digest(&body);
    let raw = [&[0x85, 0x6f, 0x4a, 0x83][..], &hash[..4], &body].concat();
    let child = Change::try_from(&raw[..]).unwrap();
    changes.extend([first.clone(), child, more, second.clone()]);
    assert_eq!(tried(&changes), [first.hash(), second.hash()]);
}

#[test]
fn a_trial_that_is_to_stop_says_nothing() {
    let mut doc = writer(1, &[]);
    let changes = [put(&mut doc, "key", 1)];
    assert_eq!(trial(DOCUMENT, None, &changes, &mut || false), None);
}
