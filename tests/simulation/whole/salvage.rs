//! Setting aside what is damaged of a document, by the rules that the real store has.

use automerge::ChangeHash;
use bytes::Bytes;
use yilian_core::document::DocumentId;
use yilian_core::storage::{Arranged, Position, Salvage};
use yilian_core::sync::engine::expand;
use yilian_core::sync::limits::Limits;

use super::record::{Entry, Record, Row};
use super::volume::Volume;

/// What to write, and what came of it; `None` where nothing is damaged.
pub(super) fn salvage(volume: &Volume, id: &DocumentId) -> Option<(Record, Salvage)> {
    let kept = volume.documents.get(id)?;
    let (sound, damaged): (Vec<&Row>, Vec<&Row>) =
        kept.rows.iter().partition(|row| volume.is_row_sound(row));
    let mut chunks: Vec<Bytes> = kept
        .rows
        .iter()
        .filter_map(|row| volume.chunk(row).ok())
        .collect();
    let limits = Limits::default();
    let Arranged {
        mut graph,
        mut waiting,
    } = Arranged::of(limits, &chunks, &[]);
    if damaged.is_empty() && graph.heads().eq(kept.heads.iter().copied()) {
        return None;
    }
    if !kept.heads.iter().all(|head| graph.contains(head))
        && let Some(snapshot) = volume.snapshot_of(id)
    {
        chunks.extend(expand(&snapshot.bytes).unwrap_or_default());
        Arranged { graph, waiting } = Arranged::of(limits, &chunks, &[]);
    }
    let mut record = Record::default();
    let mut rows = Vec::new();
    let placed = (0..graph.len()).filter_map(|at| graph.bytes(at).cloned());
    for (first, bytes) in (0..).zip(placed.chain(waiting)) {
        let chunk = record.piece(&bytes);
        rows.push(Row {
            first,
            count: 1,
            chunk,
            nodes: None,
        });
    }
    let heads: Vec<ChangeHash> = graph.heads().collect();
    let lost = kept.heads.iter().filter(|head| !graph.contains(head));
    let outcome = Salvage {
        name: kept.name.clone(),
        heads: heads.clone(),
        lost: lost.copied().collect(),
        changes: rows.len() as u32,
        set_aside: kept.rows.len() - sound.len(),
        position: Position::START,
    };
    record.entries.push(Entry::Anew(*id, heads, rows));
    Some((record, outcome))
}
