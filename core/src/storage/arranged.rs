use automerge::ChangeHash;
use bytes::Bytes;

use super::Quarantined;
use crate::ordered::BTreeMap;
use crate::sync::change_graph::ChangeGraph;
use crate::sync::chunk::read_changes;
use crate::sync::limits::Limits;

/// What is left of a document's changes, put in order again: what [`Store::salvage`](super::Store::salvage) begins with.
#[derive(Debug)]
pub struct Arranged {
    /// The changes in an order in which each follows on those that it needs.
    pub graph: ChangeGraph,
    /// Those that wait for one that is lost.
    pub waiting: Vec<Bytes>,
}

impl Arranged {
    /// Puts the changes of `chunks` in order, of which `aside` are in quarantine. What does not read, or does not fit within
    /// `limits`, is left out.
    #[must_use]
    pub fn of(limits: Limits, chunks: &[Bytes], aside: &[Quarantined]) -> Self {
        let mut graph = ChangeGraph::new(limits);
        let mut all: BTreeMap<ChangeHash, Bytes> = BTreeMap::new();
        for chunk in chunks {
            // A row that is as it was written holds changes; what does not fit the graph is not kept by it.
            for (header, bytes) in read_changes(chunk, &limits).unwrap_or_default() {
                let hash = header.hash;
                if graph.insert(header, bytes.clone()).is_ok() {
                    all.insert(hash, bytes);
                }
            }
        }
        graph.quarantine(aside.to_vec());
        all.retain(|hash, _| !graph.contains(hash));
        let waiting = all.into_values().collect();
        Self { graph, waiting }
    }
}
