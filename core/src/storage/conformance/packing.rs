use std::ops::Range;

use bytes::Bytes;

use super::{Subject, id, joined, joined_changes, sample_changes, write};
use crate::storage::{Block, Commit, Packing, Snapshot, SnapshotInfo, Store};
use crate::sync::change_graph::ChangeGraph;
use crate::sync::limits::Limits;
use crate::sync::pack::pack;

fn graph<S: Store>(store: &S) -> ChangeGraph {
    ChangeGraph::load(Limits::default(), &store.outline(&id(1)).unwrap()).unwrap()
}

fn blocks(graph: &ChangeGraph, range: Range<u32>) -> Vec<Block> {
    pack(graph, range).unwrap()
}

pub(super) fn packed_changes_stay_readable<S: Subject>(subject: &mut S) {
    let mut store = subject.create();
    let changes = sample_changes(1, 9);
    let position = (0..8)
        .map(|at| {
            store
                .commit(&Commit::of(write(1, &changes[at..=at])))
                .unwrap()
        })
        .last()
        .unwrap();
    let whole = graph(&store);
    for range in [0..3, 3..6] {
        let packing = Packing::Blocks(blocks(&whole, range));
        assert!(store.pack(&id(1), &packing).unwrap());
    }
    assert_eq!(store.position().unwrap(), position);
    let mut store = subject.reopen(store);
    store.commit(&Commit::of(write(1, &changes[8..]))).unwrap();
    assert_eq!(
        joined(&store.load(&id(1)).unwrap()),
        joined_changes(&changes)
    );
    assert_eq!(store.check().unwrap(), []);

    let mut cold = graph(&store);
    assert_eq!(cold.len(), 9);
    assert!(cold.heads().eq([changes[8].0]));
    let is_here = |graph: &ChangeGraph| (0..9).map(|at| graph.bytes(at).is_some()).collect();
    let here: Vec<bool> = is_here(&cold);
    assert_eq!(here, [vec![false; 6], vec![true; 3]].concat());
    for part in store.fetch(&id(1), &[4..5, 5..6]).unwrap() {
        cold.put(&part).unwrap();
    }
    let here: Vec<bool> = is_here(&cold);
    assert_eq!(here, [vec![false; 3], vec![true; 6]].concat());
    for at in 3..9 {
        assert_eq!(cold.bytes(at), Some(&changes[at as usize].1));
    }
    let parts = store.fetch(&id(1), &[0..1, 7..8, 50..60]).unwrap();
    let firsts: Vec<u32> = parts.iter().map(|part| part.first).collect();
    assert_eq!(firsts, [0, 7]);
    assert_eq!(store.fetch(&id(2), &[0..1, 1..2]).unwrap(), []);
}

pub(super) fn what_does_not_fit_is_not_packed<S: Subject>(subject: &mut S) {
    let mut store = subject.create();
    let changes = sample_changes(1, 6);
    for at in [0..2, 2..4, 4..6] {
        store.commit(&Commit::of(write(1, &changes[at]))).unwrap();
    }
    let whole = graph(&store);
    let blocks_of = |range| Packing::Blocks(blocks(&whole, range));
    // The middle of a row, what is packed already, more than there is, and nothing.
    let packed = blocks_of(0..4);
    assert!(store.pack(&id(1), &packed).unwrap());
    let mut beyond = blocks(&whole, 4..6);
    beyond[0].count = 3;
    for unfit in [
        blocks_of(1..4),
        packed,
        blocks_of(2..6),
        Packing::Blocks(beyond),
        Packing::Blocks(Vec::new()),
    ] {
        assert!(!store.pack(&id(1), &unfit).unwrap(), "{unfit:?}");
    }
    assert!(!store.pack(&id(2), &blocks_of(0..6)).unwrap());
    assert_eq!(
        joined(&store.load(&id(1)).unwrap()),
        joined_changes(&changes)
    );
}

pub(super) fn the_latest_snapshot_is_kept<S: Subject>(subject: &mut S) {
    let mut store = subject.create();
    let changes = sample_changes(1, 4);
    store.commit(&Commit::of(write(1, &changes))).unwrap();
    assert_eq!(store.snapshot(&id(1)).unwrap(), None);
    let snapshot = |count: usize| Snapshot {
        count: count as u32,
        heads: vec![changes[count - 1].0],
        bytes: Bytes::from(vec![count as u8; 100]),
    };
    for count in [2, 3] {
        let packing = Packing::Snapshot(snapshot(count));
        assert!(store.pack(&id(1), &packing).unwrap());
    }
    let store = subject.reopen(store);
    assert_eq!(store.snapshot(&id(1)).unwrap(), Some(snapshot(3)));
    let known = store.outline(&id(1)).unwrap().snapshot;
    assert_eq!(known, Some(SnapshotInfo::of(&snapshot(3))));
    assert_eq!(graph(&store).snapshot(), known.as_ref());
}
