//! Goal: whatever breaks Automerge is found, alone, and nothing else is blamed. Method: changes are forged whose hashes,
//! numbers and ancestors are in order.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, AutoCommit, Change, ObjType, ROOT, ReadDoc as _};
use sha2::{Digest as _, Sha256};
use yilian_core::sync::change_graph::ChangeGraph;
use yilian_core::sync::chunk::read_changes;
use yilian_core::sync::limits::Limits;

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
    sealed(&body)
}

/// The change of a type, a length and a body.
fn sealed(body: &[u8]) -> Option<Change> {
    let hash = Sha256::digest(body);
    let raw = [&[0x85, 0x6f, 0x4a, 0x83][..], &hash[..4], body].concat();
    Change::try_from(&raw[..]).ok()
}

/// A forgery that the graph takes, and that makes Automerge panic.
fn poison(actor: u8, base: &[Change]) -> Change {
    let mut doc = writer(actor, base);
    let (_, map) = doc.get(ROOT, "map").unwrap().unwrap();
    doc.put(&map, "key", i64::from(actor)).unwrap();
    doc.commit_with(CommitOptions::default().with_time(0));
    let honest = doc.get_last_local_change().unwrap().clone();
    let mut graph = ChangeGraph::new(Limits::default());
    for change in base {
        for (header, bytes) in read_changes(change.raw_bytes(), &Limits::default()).unwrap() {
            graph.insert(header, bytes).unwrap();
        }
    }
    let breaks = |change: &Change| {
        let mut copy = Automerge::new();
        copy.apply_changes(base.to_vec()).unwrap();
        guarded(|| copy.apply_changes(vec![change.clone()])).is_none()
    };
    let places = 2..honest.raw_bytes().len() - 8;
    let all = places.flat_map(|at| (0..=255).map(move |byte| (at, byte)));
    let mut forgeries = all.filter_map(|(at, byte)| forged(&honest, at, byte));
    forgeries
        .find(|forgery| {
            let read = read_changes(forgery.raw_bytes(), &Limits::default());
            let takes = read.is_ok_and(|read| {
                let mut read = read.into_iter();
                read.all(|(header, bytes)| graph.clone().insert(header, bytes) == Ok(1))
            });
            takes && breaks(forgery)
        })
        .unwrap()
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
    quieten();
    let mut doc = writer(1, &[]);
    let map = doc.put_object(ROOT, "map", ObjType::Map).unwrap();
    doc.put(&map, "key", 0).unwrap();
    doc.commit_with(CommitOptions::default().with_time(0));
    let mut changes = vec![doc.get_last_local_change().unwrap().clone()];
    let first = poison(2, &changes);
    let second = poison(3, &changes);
    // One that builds on a culprit: made on something honest, and pointed at the forgery.
    let honest = put(&mut writer(5, &changes), "other", 1);
    let mut follower = writer(4, &[&changes[..], std::slice::from_ref(&honest)].concat());
    let child = put(&mut follower, "child", 1);
    let (raw, aim) = (child.raw_bytes(), honest.hash().0);
    let at = raw.windows(32).position(|window| window == aim).unwrap();
    let mut body = raw[8..].to_vec();
    body[at - 8..at + 24].copy_from_slice(&first.hash().0);
    let child = sealed(&body).unwrap();
    let many: Vec<Change> = (0..30).map(|value| put(&mut doc, "key", value)).collect();
    changes.extend([first.clone(), child]);
    changes.extend(many);
    changes.push(second.clone());
    assert_eq!(tried(&changes), [first.hash(), second.hash()]);
}

#[test]
fn a_trial_that_is_to_stop_says_nothing() {
    let mut doc = writer(1, &[]);
    let changes = [put(&mut doc, "key", 1)];
    assert_eq!(trial(DOCUMENT, None, &changes, &mut || false), None);
}
