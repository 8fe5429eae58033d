//! The tests that every [`Store`] runs: one suite, so that stores cannot differ in what they promise.
//!
//! An adapter's test implements [`Subject`] and calls [`run`]; a broken promise panics, naming it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test suite that happens to be a library"
)]

use automerge::{ActorId, Automerge, ChangeHash, ROOT, transaction::Transactable};
use bytes::Bytes;

use super::{Commit, DocumentWrite, Fault, Position, Problem, Quarantined, Store, StoredDocument};
use crate::document::DocumentId;

mod packing;

/// A kind of store under test.
pub trait Subject {
    /// The store.
    type Store: Store;

    /// A new, empty store, independent of the ones made before.
    fn create(&mut self) -> Self::Store;

    /// Closes a store and opens the same one again.
    fn reopen(&mut self, store: Self::Store) -> Self::Store;

    /// Makes the next commit fail, if it can as late as possible: with documents written and settings still to come.
    fn break_next_commit(&mut self, store: &mut Self::Store);

    /// Makes commits succeed again, where that does not come by itself.
    fn mend(&mut self, store: &mut Self::Store);
}

/// Runs the whole suite.
///
/// # Panics
/// On the first promise that is not kept.
pub fn run<S: Subject>(subject: &mut S) {
    new_store_is_empty(subject);
    id_is_kept(subject);
    chunks_come_back_in_order(subject);
    documents_are_listed_by_id(subject);
    names_and_remote_heads_stay_until_replaced(subject);
    a_note_takes_no_heads_back(subject);
    quarantine_moves_heads_back(subject);
    positions_grow_with_changes_only(subject);
    one_commit_may_write_a_document_twice(subject);
    storing_twice_is_harmless(subject);
    large_changes_survive(subject);
    packing::packed_changes_stay_readable(subject);
    packing::what_does_not_fit_is_not_packed(subject);
    packing::the_latest_snapshot_is_kept(subject);
    settings_are_set_replaced_and_removed(subject);
    failed_commit_leaves_nothing(subject);
    sound_store_has_no_problems(subject);
    wrong_heads_are_a_problem(subject);
}

/// Changes that follow one another in a document of the given actor, for tests: hash and bytes.
///
/// # Panics
/// Never, unless Automerge refuses a plain edit.
#[must_use]
pub fn sample_changes(actor: u8, count: usize) -> Vec<(ChangeHash, Bytes)> {
    let mut document = Automerge::new().with_actor(ActorId::from([actor; 16].as_slice()));
    (0..count)
        .map(|number| {
            let mut transaction = document.transaction();
            transaction
                .put(ROOT, "number", number as i64)
                .expect("a plain edit");
            transaction.commit();
            let change = document
                .get_last_local_change()
                .expect("the change just made");
            (change.hash(), Bytes::copy_from_slice(change.raw_bytes()))
        })
        .collect()
}

fn id(number: u8) -> DocumentId {
    DocumentId::from_bytes([number; 16])
}

fn write(document: u8, changes: &[(ChangeHash, Bytes)]) -> DocumentWrite {
    DocumentWrite::changes(
        id(document),
        changes.iter().map(|(_, chunk)| chunk.clone()).collect(),
        changes.last().map(|(hash, _)| *hash).into_iter().collect(),
    )
}

fn joined(chunks: &[Bytes]) -> Vec<u8> {
    chunks.concat()
}

fn joined_changes(changes: &[(ChangeHash, Bytes)]) -> Vec<u8> {
    changes
        .iter()
        .flat_map(|(_, chunk)| chunk.to_vec())
        .collect()
}

fn new_store_is_empty<S: Subject>(subject: &mut S) {
    let store = subject.create();
    assert_eq!(store.documents().unwrap(), []);
    assert_eq!(store.position().unwrap(), Position::START);
    assert_eq!(store.load(&id(1)).unwrap(), Vec::<Bytes>::new());
    assert_eq!(store.setting("anything").unwrap(), None);
    assert_eq!(store.check().unwrap(), []);
}

fn id_is_kept<S: Subject>(subject: &mut S) {
    let store = subject.create();
    let id = store.id();
    assert_eq!(subject.reopen(store).id(), id);
}

fn chunks_come_back_in_order<S: Subject>(subject: &mut S) {
    let mut store = subject.create();
    let first = sample_changes(1, 6);
    let second = sample_changes(2, 3);
    store.commit(&Commit::of(write(1, &first[..2]))).unwrap();
    let both = Commit {
        writes: vec![
            write(1, &first[2..3]),
            write(2, &second[..1]),
            write(1, &first[3..5]),
        ],
        settings: Vec::new(),
    };
    store.commit(&both).unwrap();
    let mut store = subject.reopen(store);
    store.commit(&Commit::of(write(2, &second[1..]))).unwrap();
    store.commit(&Commit::of(write(1, &first[5..]))).unwrap();
    for _ in 0..2 {
        assert_eq!(joined(&store.load(&id(1)).unwrap()), joined_changes(&first));
        assert_eq!(
            joined(&store.load(&id(2)).unwrap()),
            joined_changes(&second)
        );
        store = subject.reopen(store);
    }
}

fn documents_are_listed_by_id<S: Subject>(subject: &mut S) {
    let mut store = subject.create();
    let changes = sample_changes(1, 1);
    for number in [3, 1, 200, 2] {
        store.commit(&Commit::of(write(number, &changes))).unwrap();
    }
    let store = subject.reopen(store);
    let ids: Vec<DocumentId> = store
        .documents()
        .unwrap()
        .iter()
        .map(|document| document.id)
        .collect();
    assert_eq!(ids, [id(1), id(2), id(3), id(200)]);
}

fn names_and_remote_heads_stay_until_replaced<S: Subject>(subject: &mut S) {
    let mut store = subject.create();
    let changes = sample_changes(1, 3);
    let remote = vec![changes[0].0];
    let named = DocumentWrite {
        name: Some("roster/站/2026-12".to_owned()),
        remote_heads: Some(remote.clone()),
        ..write(1, &changes[..1])
    };
    store.commit(&Commit::of(named)).unwrap();
    let position = store.commit(&Commit::of(write(1, &changes[1..]))).unwrap();
    let store = subject.reopen(store);
    let expected = StoredDocument {
        id: id(1),
        name: Some("roster/站/2026-12".to_owned()),
        heads: vec![changes[2].0],
        remote_heads: remote,
        position,
    };
    assert_eq!(store.documents().unwrap(), std::slice::from_ref(&expected));

    let mut store = store;
    let acknowledged = DocumentWrite {
        remote_heads: Some(expected.heads.clone()),
        ..DocumentWrite::changes(id(1), Vec::new(), expected.heads.clone())
    };
    store.commit(&Commit::of(acknowledged)).unwrap();
    let store = subject.reopen(store);
    let expected = StoredDocument {
        remote_heads: expected.heads.clone(),
        ..expected
    };
    assert_eq!(store.documents().unwrap(), [expected]);
}

/// What the relay acknowledged is noted later than it is known, and commits overtake the note.
fn a_note_takes_no_heads_back<S: Subject>(subject: &mut S) {
    let mut store = subject.create();
    let changes = sample_changes(1, 3);
    let note = DocumentWrite {
        remote_heads: Some(vec![changes[0].0]),
        ..DocumentWrite::changes(id(1), Vec::new(), vec![changes[0].0])
    };
    store.commit(&Commit::of(write(1, &changes[..2]))).unwrap();
    store.commit(&Commit::of(note.clone())).unwrap();
    assert_eq!(store.documents().unwrap()[0].heads, [changes[1].0]);
    let together = Commit {
        writes: vec![write(1, &changes[2..]), note],
        ..Commit::default()
    };
    store.commit(&together).unwrap();
    let stored = &store.documents().unwrap()[0];
    assert_eq!(stored.heads, [changes[2].0]);
    assert_eq!(stored.remote_heads, [changes[0].0]);
}

/// Changes that are in quarantine lead nowhere, and are no damage.
fn quarantine_moves_heads_back<S: Subject>(subject: &mut S) {
    let mut store = subject.create();
    let changes = sample_changes(1, 3);
    let written = store.commit(&Commit::of(write(1, &changes))).unwrap();
    let left = vec![changes[0].0];
    let found = [Quarantined::breaking(changes[1].0)];
    let aside = Commit {
        writes: vec![DocumentWrite::heads(id(1), left.clone())],
        settings: vec![(Quarantined::key(&id(1)), Some(Quarantined::write(&found)))],
    };
    assert!(store.commit(&aside).unwrap() > written, "heads are news");
    let store = subject.reopen(store);
    assert_eq!(store.documents().unwrap()[0].heads, left);
    assert_eq!(store.load(&id(1)).unwrap().concat().len(), {
        let chunks = changes.iter().map(|(_, chunk)| chunk.len());
        chunks.sum::<usize>()
    });
    assert_eq!(store.check().unwrap(), []);

    // A note that was made before, and shares the commit, takes nothing back.
    let mut store = subject.create();
    store.commit(&Commit::of(write(1, &changes))).unwrap();
    let note = DocumentWrite {
        remote_heads: Some(vec![changes[2].0]),
        ..DocumentWrite::changes(id(1), Vec::new(), vec![changes[2].0])
    };
    let mut shared = aside;
    shared.writes.push(note);
    store.commit(&shared).unwrap();
    assert_eq!(store.documents().unwrap()[0].heads, left);
    assert_eq!(store.check().unwrap(), []);
}

fn positions_grow_with_changes_only<S: Subject>(subject: &mut S) {
    let mut store = subject.create();
    let changes = sample_changes(1, 2);
    let first = store.commit(&Commit::of(write(1, &changes[..1]))).unwrap();
    assert!(first > Position::START);
    let second = store.commit(&Commit::of(write(2, &changes[..1]))).unwrap();
    assert!(second > first);

    let setting = Commit::of_setting("key", Some(vec![1]));
    assert_eq!(store.commit(&setting).unwrap(), second);
    let acknowledged = DocumentWrite {
        remote_heads: Some(vec![changes[0].0]),
        ..DocumentWrite::changes(id(1), Vec::new(), vec![changes[0].0])
    };
    assert_eq!(
        store.commit(&Commit::of(acknowledged.clone())).unwrap(),
        second
    );
    assert_eq!(store.commit(&Commit::default()).unwrap(), second);

    let mut store = subject.reopen(store);
    assert_eq!(store.position().unwrap(), second);
    let named = DocumentWrite {
        name: Some("sites".to_owned()),
        ..acknowledged
    };
    let third = store.commit(&Commit::of(named.clone())).unwrap();
    assert!(third > second);
    assert_eq!(store.commit(&Commit::of(named)).unwrap(), third);
    let empty = DocumentWrite::changes(id(3), Vec::new(), Vec::new());
    let fourth = store.commit(&Commit::of(empty)).unwrap();
    assert!(fourth > third);

    let positions: Vec<Position> = store
        .documents()
        .unwrap()
        .iter()
        .map(|document| document.position)
        .collect();
    assert_eq!(positions, [third, second, fourth]);
}

fn one_commit_may_write_a_document_twice<S: Subject>(subject: &mut S) {
    let mut store = subject.create();
    let changes = sample_changes(1, 2);
    let named = DocumentWrite {
        name: Some("sites".to_owned()),
        ..write(1, &changes[..1])
    };
    let commit = Commit {
        writes: vec![named, write(1, &changes[1..])],
        settings: Vec::new(),
    };
    let position = store.commit(&commit).unwrap();
    let store = subject.reopen(store);
    let expected = StoredDocument {
        id: id(1),
        name: Some("sites".to_owned()),
        heads: vec![changes[1].0],
        remote_heads: Vec::new(),
        position,
    };
    assert_eq!(store.documents().unwrap(), [expected]);
    assert_eq!(
        joined(&store.load(&id(1)).unwrap()),
        joined_changes(&changes)
    );
}

fn storing_twice_is_harmless<S: Subject>(subject: &mut S) {
    let mut store = subject.create();
    let changes = sample_changes(1, 3);
    let commit = Commit::of(write(1, &changes));
    store.commit(&commit).unwrap();
    store.commit(&commit).unwrap();
    let store = subject.reopen(store);
    let mut document = Automerge::new();
    for chunk in store.load(&id(1)).unwrap() {
        document.load_incremental(&chunk).unwrap();
    }
    assert_eq!(document.get_heads(), [changes[2].0]);
    assert_eq!(store.documents().unwrap()[0].heads, [changes[2].0]);
    assert_eq!(store.check().unwrap(), []);
}

fn large_changes_survive<S: Subject>(subject: &mut S) {
    let mut store = subject.create();
    let mut document = Automerge::new().with_actor(ActorId::from([1; 16].as_slice()));
    let mut transaction = document.transaction();
    let noise: Vec<u8> = (0..3_000_000_u32)
        .map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    transaction.put(ROOT, "noise", noise).unwrap();
    transaction.commit();
    let change = document.get_last_local_change().unwrap();
    let changes = [(change.hash(), Bytes::copy_from_slice(change.raw_bytes()))];
    store.commit(&Commit::of(write(1, &changes))).unwrap();
    let store = subject.reopen(store);
    assert!(joined(&store.load(&id(1)).unwrap()) == joined_changes(&changes));
    assert_eq!(store.check().unwrap(), []);
}

fn settings_are_set_replaced_and_removed<S: Subject>(subject: &mut S) {
    let mut store = subject.create();
    let commit = Commit {
        writes: Vec::new(),
        settings: vec![
            ("network".to_owned(), Some(b"jiaozuo".to_vec())),
            ("empty".to_owned(), Some(Vec::new())),
            ("gone".to_owned(), Some(vec![1])),
        ],
    };
    store.commit(&commit).unwrap();
    let commit = Commit {
        writes: Vec::new(),
        settings: vec![
            ("network".to_owned(), Some(b"nancheng".to_vec())),
            ("gone".to_owned(), None),
            ("never there".to_owned(), None),
        ],
    };
    store.commit(&commit).unwrap();
    let store = subject.reopen(store);
    assert_eq!(
        store.setting("network").unwrap(),
        Some(b"nancheng".to_vec())
    );
    assert_eq!(store.setting("empty").unwrap(), Some(Vec::new()));
    assert_eq!(store.setting("gone").unwrap(), None);
}

fn failed_commit_leaves_nothing<S: Subject>(subject: &mut S) {
    let mut store = subject.create();
    let changes = sample_changes(1, 2);
    let position = store.commit(&Commit::of(write(1, &changes[..1]))).unwrap();
    let documents = store.documents().unwrap();

    let commit = Commit {
        writes: vec![write(1, &changes[1..]), write(2, &changes)],
        settings: vec![("key".to_owned(), Some(vec![1]))],
    };
    subject.break_next_commit(&mut store);
    store
        .commit(&commit)
        .expect_err("a commit that was made to fail");
    subject.mend(&mut store);
    for _ in 0..2 {
        assert_eq!(store.documents().unwrap(), documents);
        assert_eq!(store.position().unwrap(), position);
        assert_eq!(
            joined(&store.load(&id(1)).unwrap()),
            joined_changes(&changes[..1])
        );
        assert_eq!(store.load(&id(2)).unwrap(), Vec::<Bytes>::new());
        assert_eq!(store.setting("key").unwrap(), None);
        store = subject.reopen(store);
    }
    assert!(store.commit(&commit).unwrap() > position);
    assert_eq!(
        joined(&store.load(&id(1)).unwrap()),
        joined_changes(&changes)
    );
    assert_eq!(store.setting("key").unwrap(), Some(vec![1]));
}

fn sound_store_has_no_problems<S: Subject>(subject: &mut S) {
    let mut store = subject.create();
    for number in 1..5 {
        let changes = sample_changes(number, 3);
        store
            .commit(&Commit::of(write(number, &changes[..1])))
            .unwrap();
        store
            .commit(&Commit::of(write(number, &changes[1..])))
            .unwrap();
    }
    assert_eq!(subject.reopen(store).check().unwrap(), []);
}

fn wrong_heads_are_a_problem<S: Subject>(subject: &mut S) {
    let mut store = subject.create();
    let changes = sample_changes(1, 2);
    let wrong = DocumentWrite {
        name: Some("sites".to_owned()),
        heads: vec![changes[0].0],
        ..write(1, &changes)
    };
    store.commit(&Commit::of(wrong)).unwrap();
    let expected = Problem::Document {
        document: id(1),
        name: Some("sites".to_owned()),
        fault: Fault::Heads {
            stored: vec![changes[0].0],
            found: vec![changes[1].0],
        },
    };
    assert_eq!(subject.reopen(store).check().unwrap(), [expected]);
}
