#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::storage::Run;
use crate::storage::conformance::sample_changes;
use crate::sync::change_graph::ChangeGraph;

const LIMITS: fn() -> Limits = Limits::default;

/// A graph of several actors' changes that merge now and then, and its outline.
fn history() -> (ChangeGraph, Outline) {
    use automerge::transaction::Transactable as _;
    use automerge::{ActorId, AutoCommit, ROOT};
    let mut docs: Vec<AutoCommit> = (1..=4)
        .map(|actor| AutoCommit::new().with_actor(ActorId::from(vec![actor; 16])))
        .collect();
    for step in 0..400_usize {
        let at = step * 7 % 4;
        docs[at]
            .put(ROOT, format!("k{}", step % 9), step as i64)
            .unwrap();
        docs[at].commit();
        if step % 5 == 0 {
            let mut other = docs[(at + 1) % 4].fork();
            docs[at].merge(&mut other).unwrap();
        }
    }
    let mut all = docs.remove(0);
    docs.iter_mut()
        .for_each(|doc| drop(all.merge(doc).unwrap()));
    let chunks: Vec<Bytes> = all
        .get_changes(&[])
        .iter()
        .map(|change| Bytes::copy_from_slice(change.raw_bytes()))
        .collect();
    let outline = Outline::of_chunks(chunks);
    (ChangeGraph::load(LIMITS(), &outline).unwrap(), outline)
}

fn packed_outline(blocks: &[Block]) -> Outline {
    let runs = blocks.iter().map(Block::run);
    Outline {
        runs: runs.collect(),
        snapshot: None,
    }
}

#[test]
fn a_graph_that_is_loaded_from_blocks_is_the_same() {
    let (graph, _) = history();
    let len = graph.len();
    let mut blocks = pack(&graph, 0..len / 3).unwrap();
    blocks.extend(pack(&graph, len / 3..len).unwrap());
    assert_eq!(blocks.len(), 2);
    let cold = ChangeGraph::load(LIMITS(), &packed_outline(&blocks)).unwrap();
    assert!(graph.agrees(&cold, 0..len) && cold.agrees(&graph, 0..len));
    assert!(cold.heads().eq(graph.heads()));
    assert!(cold.durable_heads().eq(graph.durable_heads()));
    assert!((0..len).all(|index| cold.bytes(index).is_none()));
    assert!((0..len).all(|index| cold.byte_len(index) == graph.bytes(index).unwrap().len()));
    for index in 0..len {
        let have = [graph.hash(index).unwrap()];
        assert_eq!(cold.not_in(&have), graph.not_in(&have));
    }
    assert!(is_faithful(&graph, &Outline::default(), &blocks, &LIMITS()));
}

#[test]
fn blocks_end_at_their_size_and_hold_large_changes_alone() {
    let (graph, _) = history();
    let size: usize = (0..graph.len()).map(|index| graph.byte_len(index)).sum();
    let blocks = pack(&graph, 0..graph.len()).unwrap();
    assert_eq!(blocks.len(), size.div_ceil(BLOCK_BYTES));
    assert!(blocks.iter().all(|block| block.packed.len() < BLOCK_BYTES));
}

#[test]
fn blocks_that_differ_in_anything_are_not_faithful() {
    let (graph, _) = history();
    let blocks = pack(&graph, 0..graph.len()).unwrap();
    let faithful = |blocks: &[Block]| is_faithful(&graph, &Outline::default(), blocks, &LIMITS());
    assert!(faithful(&blocks));
    for at in (0..blocks[0].nodes.len()).step_by(53) {
        let mut other = blocks.clone();
        let mut nodes = other[0].nodes.to_vec();
        nodes[at] ^= 1;
        other[0].nodes = nodes.into();
        assert!(!faithful(&other), "byte {at} of the nodes");
    }
    for at in (0..blocks[0].packed.len()).step_by(97) {
        let mut other = blocks.clone();
        let mut packed = other[0].packed.to_vec();
        packed[at] ^= 1;
        other[0].packed = packed.into();
        assert!(!faithful(&other), "byte {at} of the changes");
    }
}

#[test]
fn damaged_nodes_are_an_error_and_nothing_worse() {
    let (graph, _) = history();
    let blocks = pack(&graph, 0..graph.len()).unwrap();
    let nodes = &blocks[0].nodes;
    for length in 0..nodes.len() {
        let run = Run::Packed {
            first: 0,
            nodes: nodes.slice(..length),
        };
        let outline = Outline {
            runs: vec![run],
            snapshot: None,
        };
        assert!(ChangeGraph::load(LIMITS(), &outline).is_err(), "{length}");
    }
}

#[test]
fn bytes_of_other_changes_are_not_taken() {
    let (graph, _) = history();
    let blocks = pack(&graph, 0..graph.len()).unwrap();
    let mut cold = ChangeGraph::load(LIMITS(), &packed_outline(&blocks)).unwrap();
    let bytes = unpack(&blocks[0].packed, &LIMITS()).unwrap();
    for first in [1, graph.len() - 1, u32::MAX] {
        let part = Part {
            first,
            bytes: bytes.clone(),
        };
        assert!(cold.put(&part).is_err());
    }
    let other = sample_changes(9, 1).remove(0).1;
    let part = Part {
        first: 0,
        bytes: other,
    };
    assert!(cold.put(&part).is_err());
    assert!(cold.bytes(0).is_none());
}

#[test]
fn what_inflates_without_end_is_refused() {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![0; 20 << 20]).unwrap();
    let bomb = encoder.finish().unwrap();
    assert!(matches!(
        unpack(&bomb, &LIMITS()),
        Err(UnpackError::Limit { .. })
    ));
}

#[test]
fn changes_that_are_stored_twice_keep_their_bytes_in_memory() {
    let (_, mut outline) = history();
    let again = outline.runs[3].clone();
    outline.runs.push(again);
    let mut graph = ChangeGraph::load(LIMITS(), &outline).unwrap();
    graph.trim(0);
    assert!((0..graph.len()).all(|index| graph.bytes(index).is_some()));
}

/// A store packs rows while a graph holds some of them as they were read before.
#[test]
fn a_block_that_holds_what_was_read_row_by_row_takes_its_place() {
    let (graph, _) = history();
    let blocks = pack(&graph, 0..graph.len()).unwrap();
    let mut cold = ChangeGraph::load(LIMITS(), &packed_outline(&blocks)).unwrap();
    for first in [3, 4, 9] {
        let bytes = graph.bytes(first).unwrap().clone();
        cold.put(&Part { first, bytes }).unwrap();
    }
    let bytes = unpack(&blocks[0].packed, &LIMITS()).unwrap();
    cold.put(&Part { first: 0, bytes }).unwrap();
    for index in 0..blocks[0].count {
        assert_eq!(cold.bytes(index), graph.bytes(index), "change {index}");
    }
}
