use automerge::ChangeHash;
use bytes::Bytes;

use crate::sync::chunk::count_chunks;

/// What a graph of a document's changes is made of, read without their bytes where the store has packed them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The document's changes in order.
    pub runs: Vec<Run>,
    /// The snapshot, if there is one.
    pub snapshot: Option<SnapshotInfo>,
}

impl Outline {
    /// The outline of changes as they were committed, all bytes included.
    #[must_use]
    pub fn of_chunks(chunks: Vec<Bytes>) -> Self {
        let mut first = 0;
        let run = |bytes| {
            let part = Part { first, bytes };
            first += count_chunks(&part.bytes);
            Run::Plain(part)
        };
        Self {
            runs: chunks.into_iter().map(run).collect(),
            snapshot: None,
        }
    }
}

impl Outline {
    /// The runs whose bytes are here.
    pub(super) fn into_parts(self) -> Vec<Part> {
        let plain = |run| match run {
            Run::Plain(part) => Some(part),
            Run::Packed { .. } => None,
        };
        self.runs.into_iter().filter_map(plain).collect()
    }
}

/// Some consecutive changes of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// The changes as they were committed.
    Plain(Part),
    /// What [`pack`](crate::sync::pack::pack) noted of them; their bytes are to be had by [`Store::fetch`](super::Store::fetch).
    Packed {
        /// The number of the first, counted from 0 within the document.
        first: u32,
        /// What is known of them.
        nodes: Bytes,
    },
}

/// What is known of a snapshot without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotInfo {
    /// It holds the document's first so many changes.
    pub count: u32,
    /// Their heads, sorted.
    pub heads: Vec<ChangeHash>,
    /// Its size in bytes.
    pub len: u32,
}

impl SnapshotInfo {
    /// What is known of this snapshot.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        Self {
            count: snapshot.count,
            heads: snapshot.heads.clone(),
            // A chunk above 4 GiB is read by nobody.
            len: u32::try_from(snapshot.bytes.len()).unwrap_or(u32::MAX),
        }
    }
}

/// The bytes of consecutive changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The number of the first, counted from 0 within the document.
    pub first: u32,
    /// One or more whole Automerge chunks, not deflated by us.
    pub bytes: Bytes,
}

/// Consecutive changes, packed to replace the rows that hold them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The number of the first, counted from 0 within the document.
    pub first: u32,
    /// How many they are.
    pub count: u32,
    /// What a graph needs to know of them.
    pub nodes: Bytes,
    /// Their bytes, deflated.
    pub packed: Bytes,
}

impl Block {
    /// The block in outline.
    #[must_use]
    pub fn run(&self) -> Run {
        Run::Packed {
            first: self.first,
            nodes: self.nodes.clone(),
        }
    }
}

/// A whole document up to some change, as one Automerge document chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// It holds the document's first so many changes.
    pub count: u32,
    /// Their heads, sorted.
    pub heads: Vec<ChangeHash>,
    /// The chunk.
    pub bytes: Bytes,
}

/// What replaces a part of a document's log, or adds to it, without changing what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Consecutive blocks, instead of the rows that hold the same changes.
    Blocks(Vec<Block>),
    /// A snapshot, instead of the one before.
    Snapshot(Snapshot),
}
