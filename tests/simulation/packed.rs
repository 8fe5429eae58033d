//! A disk that has packed nearly everything, as a relay's does in time: documents are loaded in outline,
//! and bytes read when they are wanted.

use std::collections::BTreeSet;

use automerge::Automerge;
use bytes::Bytes;
use yilian_core::storage::{Outline, Part, Run, SnapshotInfo};
use yilian_core::sync::change_graph::ChangeGraph;
use yilian_core::sync::engine::{Fetched, expand};
use yilian_core::sync::limits::Limits;
use yilian_core::sync::pack::pack;
use yilian_core::sync::sync_state::Wanted;

/// Changes of one block.
const BLOCK: u32 = 5;
/// The last ones, packed some other day.
const PLAIN: usize = 7;
/// Documents with fewer changes have no snapshot.
const SNAPSHOT_MIN: usize = 12;

/// A document's graph from its chunks, one for each change.
pub(crate) fn load(chunks: &[Bytes], whole: bool) -> ChangeGraph {
    let plain = Outline::of_chunks(chunks.to_vec());
    let graph = ChangeGraph::load(Limits::default(), &plain).unwrap();
    if whole || graph.is_pinned() {
        return graph;
    }
    let packed = chunks.len().saturating_sub(PLAIN) as u32 / BLOCK * BLOCK;
    let blocks = (0..packed)
        .step_by(BLOCK as usize)
        .flat_map(|first| pack(&graph, first..first + BLOCK).unwrap());
    let mut runs: Vec<Run> = blocks.map(|block| block.run()).collect();
    runs.extend(plain.runs.into_iter().skip(packed as usize));
    let snapshot = snapshot(chunks).map(|(info, _)| info);
    ChangeGraph::load(Limits::default(), &Outline { runs, snapshot }).unwrap()
}

fn snapshot(chunks: &[Bytes]) -> Option<(SnapshotInfo, Bytes)> {
    let count = chunks.len() / SNAPSHOT_MIN * SNAPSHOT_MIN;
    if count == 0 {
        return None;
    }
    // What damaged changes break, or what reads back as something else, is no snapshot.
    let save = || Some(Automerge::load(&chunks[..count].concat()).ok()?.save());
    let bytes = Bytes::from(std::panic::catch_unwind(save).ok().flatten()?);
    let again = || expand(&bytes);
    let changes = std::panic::catch_unwind(again).ok().flatten()?;
    let same = chunks[..count].iter().collect::<BTreeSet<_>>() == changes.iter().collect();
    let document = same.then(|| Automerge::load(&bytes).unwrap())?;
    let mut heads = document.get_heads();
    heads.sort_unstable();
    let info = SnapshotInfo {
        count: count as u32,
        heads,
        len: bytes.len() as u32,
    };
    Some((info, bytes))
}

/// What is read of a document's chunks.
pub(crate) fn fetch(chunks: &[Bytes], wanted: &Wanted) -> Fetched {
    let mut firsts: Vec<u32> = wanted
        .changes
        .iter()
        .cloned()
        .flatten()
        .map(|index| index / BLOCK * BLOCK)
        .collect();
    firsts.dedup();
    let part = |first: u32| {
        let block = chunks.iter().skip(first as usize).take(BLOCK as usize);
        Part {
            first,
            bytes: block.cloned().collect::<Vec<_>>().concat().into(),
        }
    };
    let (info, bytes) = snapshot(chunks).unzip();
    Fetched {
        parts: firsts.into_iter().map(part).collect(),
        snapshot: info,
        snapshot_bytes: bytes.filter(|_| wanted.snapshot),
    }
}
