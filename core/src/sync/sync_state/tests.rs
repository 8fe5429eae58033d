#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, AutoCommit, Change, ROOT};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::*;
use crate::sync::chunk::read_changes;
use crate::sync::limits::Limits;

/// A history of several actors that merge now and then, and the graph of it.
fn history(rng: &mut StdRng) -> (AutoCommit, Vec<Change>, ChangeGraph) {
    let mut docs = vec![AutoCommit::new().with_actor(ActorId::from(vec![0]))];
    docs[0].put(ROOT, "root", 1).unwrap();
    docs[0].commit();
    for step in 0..60_i64 {
        let at = rng.random_range(0..docs.len());
        match rng.random_range(0..8) {
            0 if docs.len() < 6 => {
                let actor = ActorId::from(vec![docs.len() as u8]);
                let fork = docs[at].fork().with_actor(actor);
                docs.push(fork);
            }
            1 => {
                let other = rng.random_range(0..docs.len());
                let mut other = docs[other].fork();
                docs[at].merge(&mut other).unwrap();
            }
            _ => {
                docs[at].put(ROOT, "key", step).unwrap();
                docs[at].commit_with(CommitOptions::default().with_time(0));
            }
        }
    }
    let mut all = docs.remove(0);
    docs.iter_mut()
        .for_each(|doc| drop(all.merge(doc).unwrap()));
    let changes = all.get_changes(&[]);
    let mut graph = ChangeGraph::new(Limits::default());
    for change in &changes {
        let read = read_changes(change.raw_bytes(), &Limits::default()).unwrap();
        for (header, bytes) in read {
            graph.insert(header, bytes).unwrap();
        }
    }
    graph.set_durable(graph.len());
    (all, changes, graph)
}

#[test]
fn what_is_known_is_as_short_as_it_can_be() {
    for seed in 0..100 {
        let mut rng = StdRng::seed_from_u64(seed);
        let (mut doc, changes, graph) = history(&mut rng);
        let mut state = SyncState::new(Voice::Relay);
        let mut claimed = Vec::new();
        for _ in 0..20 {
            let mut some = || changes[rng.random_range(0..changes.len())].hash();
            let heads = vec![some(), some(), some()];
            claimed.extend(heads.iter().copied());
            let message = SyncMessage {
                heads,
                ..SyncMessage::default()
            };
            state.receive(&graph, message);
            // Whatever is claimed is covered, and nothing else is.
            let known: Vec<ChangeHash> = state.known().copied().collect();
            let left = |hashes: &[ChangeHash], doc: &mut AutoCommit| -> BTreeSet<ChangeHash> {
                doc.get_changes(hashes).iter().map(Change::hash).collect()
            };
            assert_eq!(
                left(&known, &mut doc),
                left(&claimed, &mut doc),
                "seed {seed}"
            );
            for (at, hash) in known.iter().enumerate() {
                let mut others = known.clone();
                others.remove(at);
                assert!(left(&others, &mut doc).contains(hash), "seed {seed}");
            }
        }
    }
}

/// An old acknowledgement asks for nothing, and brings no echo.
#[test]
fn acknowledgements_are_not_answered() {
    let mut rng = StdRng::seed_from_u64(1);
    let (mut doc, changes, graph) = history(&mut rng);
    let mut state = SyncState::new(Voice::Relay);
    let newcomer = SyncMessage {
        have: vec![Have::default()],
        ..SyncMessage::default()
    };
    state.receive(&graph, newcomer);
    let mut sent = 0;
    while let Some(message) = state.generate(&graph, 500, false).unwrap() {
        sent += message.changes.len();
    }
    assert_eq!(sent, changes.len());
    for heads in [vec![changes[0].hash()], doc.get_heads()] {
        let have = vec![Have {
            last_sync: heads.clone(),
            ..Have::default()
        }];
        let message = SyncMessage {
            heads,
            have,
            ..SyncMessage::default()
        };
        state.receive(&graph, message);
        assert_eq!(state.generate(&graph, 500, false), Ok(None));
    }
    assert!(state.is_settled(&graph));
}

#[test]
fn nothing_is_sent_to_whoever_takes_no_changes() {
    let mut rng = StdRng::seed_from_u64(1);
    let (_, _, graph) = history(&mut rng);
    let mut state = SyncState::new(Voice::Relay);
    let reader = SyncMessage {
        have: vec![Have::default()],
        flags: Some(Flags {
            read_only: true,
            ..Flags::default()
        }),
        ..SyncMessage::default()
    };
    state.receive(&graph, reader);
    let answer = state.generate(&graph, usize::MAX, false).unwrap().unwrap();
    assert!(answer.changes.is_empty());
    assert_eq!(state.generate(&graph, usize::MAX, false), Ok(None));
}

#[test]
fn what_is_not_durable_is_neither_told_nor_served() {
    let mut rng = StdRng::seed_from_u64(1);
    let (_, changes, whole) = history(&mut rng);
    let mut graph = ChangeGraph::new(Limits::default());
    for (number, change) in changes.iter().enumerate() {
        let read = read_changes(change.raw_bytes(), &Limits::default()).unwrap();
        for (header, bytes) in read {
            graph.insert(header, bytes).unwrap();
        }
        if number == 9 {
            graph.set_durable(10);
        }
    }
    let mut state = SyncState::new(Voice::Relay);
    let last = changes[changes.len() - 1].hash();
    let asks = SyncMessage {
        need: vec![last],
        have: vec![Have::default()],
        ..SyncMessage::default()
    };
    state.receive(&graph, asks);
    let answer = state.generate(&graph, usize::MAX, false).unwrap().unwrap();
    assert_eq!(answer.changes.len(), 10);
    assert!(answer.heads.iter().all(|head| graph.is_durable(head)));
    // Once it is on disk, what was asked for follows.
    graph.set_durable(whole.len());
    let answer = state.generate(&graph, usize::MAX, false).unwrap().unwrap();
    assert_eq!(answer.changes.len(), changes.len() - 10);
}

/// Nothing follows such a message before it is answered: what is missing would never be asked for.
#[test]
fn who_is_asked_to_start_over_hears_what_is_missing() {
    let mut rng = StdRng::seed_from_u64(1);
    let (_, changes, whole) = history(&mut rng);
    let mut graph = ChangeGraph::new(Limits::default());
    for change in &changes[..2] {
        for (header, bytes) in read_changes(change.raw_bytes(), &Limits::default()).unwrap() {
            graph.insert(header, bytes).unwrap();
        }
    }
    graph.set_durable(graph.len());
    let theirs: Vec<ChangeHash> = whole.durable_heads().collect();
    let mut state = SyncState::new(Voice::Relay);
    let message = SyncMessage {
        heads: theirs.clone(),
        have: vec![Have {
            last_sync: theirs.clone(),
            ..Have::default()
        }],
        ..SyncMessage::default()
    };
    state.receive(&graph, message);
    let answer = state.generate(&graph, usize::MAX, false).unwrap().unwrap();
    assert_eq!(answer.have, vec![Have::default()]);
    assert_eq!(answer.need, theirs);
}

/// What a peer has just brought is known to be its, and not stored yet: were it claimed, the peer would call it saved.
#[test]
fn a_part_of_an_answer_claims_nothing_that_is_not_durable() {
    let mut graph = ChangeGraph::new(Limits::default());
    let mut take = |actor: u8, count: i64| {
        let mut doc = AutoCommit::new().with_actor(ActorId::from(vec![actor]));
        for value in 0..count {
            doc.put(ROOT, "key", value).unwrap();
            doc.commit_with(CommitOptions::default().with_time(0));
        }
        let changes = doc.get_changes(&[]);
        for change in &changes {
            for (header, bytes) in read_changes(change.raw_bytes(), &Limits::default()).unwrap() {
                graph.insert(header, bytes).unwrap();
            }
        }
        changes.iter().map(Change::hash).collect::<Vec<_>>()
    };
    let ours = take(1, 10);
    let theirs = take(2, 1);
    graph.set_durable(10);
    let message = SyncMessage {
        heads: theirs.clone(),
        have: vec![Have {
            last_sync: theirs.clone(),
            ..Have::default()
        }],
        ..SyncMessage::default()
    };
    let mut state = SyncState::new(Voice::Relay);
    state.receive(&graph, message);
    let answer = state.generate(&graph, 1, false).unwrap().unwrap();
    assert_eq!((answer.changes.len(), &answer.heads[..]), (1, &ours[..1]));
    graph.set_durable(11);
    let answer = state.generate(&graph, 1, false).unwrap().unwrap();
    assert!(answer.heads.contains(&theirs[0]));
}
