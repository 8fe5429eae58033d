#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, AutoCommit, Change, ROOT};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::*;
use crate::sync::chunk::read_changes;

fn document(actor: u8) -> AutoCommit {
    AutoCommit::new().with_actor(ActorId::from(vec![actor; 16]))
}

fn put(doc: &mut AutoCommit, key: &str, value: i64) -> Change {
    doc.put(ROOT, key, value).unwrap();
    doc.commit_with(CommitOptions::default().with_time(0));
    doc.get_last_local_change().unwrap().clone()
}

fn offer(graph: &mut ChangeGraph, change: &Change) -> Result<u32, ChangeError> {
    let (header, bytes) = read_changes(change.raw_bytes(), &Limits::default())
        .unwrap()
        .remove(0);
    graph.insert(header, bytes)
}

fn graph() -> ChangeGraph {
    ChangeGraph::new(Limits::default())
}

/// A change as somebody could forge it: what Automerge wrote, with other numbers.
fn forged(change: &Change, forge: impl FnOnce(&mut ChangeHeader)) -> (ChangeHeader, Bytes) {
    let (mut header, bytes) = read_changes(change.raw_bytes(), &Limits::default())
        .unwrap()
        .remove(0);
    header.hash = ChangeHash([0xee; 32]);
    forge(&mut header);
    (header, bytes)
}

#[test]
fn honest_histories_of_any_shape_are_taken_in_any_order() {
    for seed in 0..50 {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut docs = vec![document(1)];
        put(&mut docs[0], "root", 0);
        for step in 0..60_i64 {
            let at = rng.random_range(0..docs.len());
            match rng.random_range(0..10) {
                0 if docs.len() < 8 => {
                    let actor = ActorId::from(vec![docs.len() as u8 + 1; rng.random_range(1..20)]);
                    let fork = docs[at].fork().with_actor(actor);
                    docs.push(fork);
                }
                1..4 => {
                    let other = rng.random_range(0..docs.len());
                    let mut other = docs[other].fork();
                    docs[at].merge(&mut other).unwrap();
                }
                _ => {
                    put(&mut docs[at], &format!("k{}", rng.random_range(0..5)), step);
                }
            }
        }
        let mut all = docs.remove(0);
        docs.iter_mut()
            .for_each(|doc| drop(all.merge(doc).unwrap()));
        let mut changes = all.get_changes(&[]);
        let mut graph = graph();
        // Fisher and Yates: most arrive before what they build on.
        for at in (1..changes.len()).rev() {
            changes.swap(at, rng.random_range(0..=at));
        }
        for change in &changes {
            offer(&mut graph, change).unwrap();
        }
        assert_eq!(
            (graph.len() as usize, graph.waiting()),
            (changes.len(), 0),
            "seed {seed}"
        );
        assert_eq!(
            graph.heads().collect::<Vec<_>>(),
            sorted(all.get_heads()),
            "seed {seed}"
        );
        graph.set_durable(graph.len());
        // What lies beyond some heads is what Automerge says lies beyond them.
        for _ in 0..10 {
            let some = [changes[rng.random_range(0..changes.len())].hash()];
            let beyond: Vec<_> = graph
                .not_in(&some)
                .into_iter()
                .filter_map(|index| graph.hash(index))
                .collect();
            let theirs = all.get_changes(&some).iter().map(Change::hash).collect();
            assert_eq!(sorted(beyond), sorted(theirs), "seed {seed}");
        }
    }
}

fn sorted(mut hashes: Vec<ChangeHash>) -> Vec<ChangeHash> {
    hashes.sort_unstable();
    hashes
}

#[test]
fn what_no_honest_peer_makes_is_refused() {
    let mut doc = document(1);
    let changes = [put(&mut doc, "a", 1), put(&mut doc, "a", 2)];
    let next = put(&mut doc, "a", 3);
    let with = |forge: fn(&mut ChangeHeader)| {
        let mut graph = graph();
        changes
            .iter()
            .for_each(|change| assert!(offer(&mut graph, change).is_ok()));
        let (header, bytes) = forged(&next, forge);
        graph.insert(header, bytes)
    };
    assert_eq!(with(|_| {}), Ok(1));
    assert!(matches!(
        with(|h| h.seq = 2),
        Err(ChangeError::Sequence { expected: 3, .. })
    ));
    assert!(matches!(
        with(|h| h.seq = 4),
        Err(ChangeError::Sequence { expected: 3, .. })
    ));
    assert!(matches!(
        with(|h| h.deps.clear()),
        Err(ChangeError::Fork { .. })
    ));
    assert!(matches!(
        with(|h| h.start_op = 2),
        Err(ChangeError::Counter { .. })
    ));
    assert!(matches!(
        with(|h| h.start_op = 2_000_000),
        Err(ChangeError::Counter { .. })
    ));
    assert!(matches!(
        with(|h| h.start_op = u64::from(u32::MAX) - 1),
        Err(ChangeError::Counter { .. })
    ));
    assert!(matches!(
        with(|h| h.has_footer = true),
        Err(ChangeError::Footer { .. })
    ));
    let stranger = |h: &mut ChangeHeader| h.other_actors.push(smallvec::smallvec![9; 16]);
    assert!(matches!(
        with(stranger),
        Err(ChangeError::UnknownActor { .. })
    ));
    // Isolated edits skip counters.
    assert_eq!(with(|h| h.start_op = 100), Ok(1));
}

#[test]
fn an_actor_known_to_the_graph_but_not_to_the_ancestors_is_unknown() {
    let mut first = document(1);
    let root = put(&mut first, "a", 1);
    let mut second = first.fork().with_actor(ActorId::from(vec![2; 16]));
    let aside = put(&mut second, "b", 1);
    let next = put(&mut first, "a", 2);
    let mut graph = graph();
    offer(&mut graph, &root).unwrap();
    offer(&mut graph, &aside).unwrap();
    let (header, bytes) = forged(&next, |header| {
        header.other_actors.push(smallvec::smallvec![2; 16])
    });
    assert!(matches!(
        graph.insert(header, bytes),
        Err(ChangeError::UnknownActor { .. })
    ));
}

#[test]
fn changes_that_wait_are_bounded() {
    let mut doc = document(1);
    put(&mut doc, "a", 0);
    let later: Vec<Change> = (1..5).map(|value| put(&mut doc, "a", value)).collect();
    let mut graph = ChangeGraph::new(Limits {
        orphans: 3,
        ..Limits::default()
    });
    for change in &later[..3] {
        assert_eq!(offer(&mut graph, change), Ok(0));
    }
    assert_eq!(
        offer(&mut graph, &later[3]),
        Err(ChangeError::Orphans {
            what: "number of changes that",
            value: 4,
            limit: 3
        })
    );
    assert_eq!(
        graph.missing_for(&[later[2].hash()]),
        [doc.get_changes(&[])[0].hash()]
    );
    graph.drop_orphans();
    assert_eq!(graph.waiting(), 0);
}

#[test]
fn what_is_not_durable_can_be_dropped_and_taken_again() {
    let mut doc = document(1);
    let changes: Vec<Change> = (0..100).map(|value| put(&mut doc, "a", value)).collect();
    let mut graph = graph();
    changes[..60]
        .iter()
        .for_each(|change| assert!(offer(&mut graph, change).is_ok()));
    graph.set_durable(40);
    assert_eq!(
        graph.durable_heads().collect::<Vec<_>>(),
        [changes[39].hash()]
    );
    assert_eq!(graph.heads().collect::<Vec<_>>(), [changes[59].hash()]);
    assert!(graph.is_durable(&changes[39].hash()) && !graph.is_durable(&changes[40].hash()));
    assert_eq!(graph.count_after(&[changes[9].hash()]), 50);
    graph.drop_volatile();
    assert_eq!(
        (graph.len(), graph.heads().collect::<Vec<_>>()),
        (40, vec![changes[39].hash()])
    );
    changes[40..]
        .iter()
        .for_each(|change| assert_eq!(offer(&mut graph, change), Ok(1)));
    assert_eq!(graph.len(), 100);
}

/// A chain of changes whose actors come for `each` changes, as sessions do.
fn sessions(count: u32, each: u32) -> (ChangeGraph, Vec<ChangeHash>) {
    let template = put(&mut document(1), "a", 1);
    let mut rng = StdRng::seed_from_u64(1);
    let mut graph = graph();
    let mut hashes: Vec<ChangeHash> = Vec::new();
    for number in 0..count {
        let hash = ChangeHash(rng.random());
        let (header, bytes) = forged(&template, |header| {
            header.hash = hash;
            header.actor = SmallVec::from_slice(&(number / each).to_be_bytes());
            header.seq = u64::from(number % each) + 1;
            header.start_op = u64::from(number) + 1;
            header.deps = hashes.last().copied().into_iter().collect();
        });
        assert_eq!(graph.insert(header, bytes), Ok(1));
        hashes.push(hash);
    }
    (graph, hashes)
}

#[test]
fn kept_clocks_grow_with_the_history_and_not_with_its_square() {
    for each in [1, 32] {
        let (graph, hashes) = sessions(20_000, each);
        assert!(graph.clocks.entries() <= 4 * hashes.len(), "{each} each");
        // Somewhere near every change there is a clock to start from.
        for (first, second) in [(3, 19_990), (15_000, 15_001), (7_777, 12_345)] {
            assert!(graph.precedes(&hashes[first], &hashes[second]));
            assert!(!graph.precedes(&hashes[second], &hashes[first]));
        }
    }
}
