use automerge::ChangeHash;

use crate::sync::ReadError;
use crate::sync::chunk::ChunkError;

/// Why a change may not enter the graph. All of it is the doing of whoever sent the change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// The bytes are not a change.
    #[error(transparent)]
    Chunk(#[from] ChunkError),
    /// The change is above a limit.
    #[error("{error}")]
    Limit {
        /// The change.
        hash: ChangeHash,
        /// Which limit.
        error: ChunkError,
    },
    /// The operations do not decode.
    #[error("the operations of change {hash} do not decode")]
    Operations {
        /// The change.
        hash: ChangeHash,
    },
    /// Another change has this number of this actor, or one before it is missing.
    #[error("change {hash} is number {seq} of its actor, where number {expected} is due")]
    Sequence {
        /// The change.
        hash: ChangeHash,
        /// Its number.
        seq: u64,
        /// The number that would continue the actor's changes.
        expected: u64,
    },
    /// The change does not build on its own actor's previous one.
    #[error("change {hash} does not build on its actor's previous change")]
    Fork {
        /// The change.
        hash: ChangeHash,
    },
    /// The operations refer to an actor that none of the ancestors has.
    #[error("change {hash} refers to an actor that its ancestors do not know")]
    UnknownActor {
        /// The change.
        hash: ChangeHash,
    },
    /// The operation counter is not above that of the ancestors, or far beyond everybody's.
    #[error("change {hash} starts at operation {start_op}, outside {lowest}..={highest}")]
    Counter {
        /// The change.
        hash: ChangeHash,
        /// Its first operation.
        start_op: u64,
        /// The lowest that its ancestors allow.
        lowest: u64,
        /// The highest that the limit allows.
        highest: u64,
    },
    /// An author is named again; Automerge takes one with an actor's first change only.
    #[error("change {hash} carries a footer, allowed on its actor's first change only")]
    Footer {
        /// The change.
        hash: ChangeHash,
    },
    /// The change builds on one that is in quarantine.
    #[error("change {hash} builds on {ground}, which is in quarantine")]
    Quarantined {
        /// The change.
        hash: ChangeHash,
        /// The one in quarantine.
        ground: ChangeHash,
    },
    /// The document has not been opened, or not been loaded yet: a mistake of the application.
    #[error("the document is not open")]
    NotOpen,
    /// Too many changes wait for dependencies: start the sync over.
    #[error("{what} wait for dependencies is {value}, above the limit of {limit}")]
    Orphans {
        /// What was counted.
        what: &'static str,
        /// How many wait.
        value: usize,
        /// What is accepted.
        limit: usize,
    },
}

impl ChangeError {
    /// The change that was refused, where it is known.
    #[must_use]
    pub fn change(&self) -> Option<ChangeHash> {
        match self {
            Self::Limit { hash, .. }
            | Self::Operations { hash }
            | Self::Sequence { hash, .. }
            | Self::Fork { hash }
            | Self::UnknownActor { hash }
            | Self::Counter { hash, .. }
            | Self::Quarantined { hash, .. }
            | Self::Footer { hash } => Some(*hash),
            Self::Chunk(_) | Self::NotOpen | Self::Orphans { .. } => None,
        }
    }

    /// The name of the limit that was broken, if it is one that can be set.
    #[must_use]
    pub fn limit(&self) -> Option<&'static str> {
        match self {
            Self::Chunk(ChunkError::Read(error))
            | Self::Limit {
                error: ChunkError::Read(error),
                ..
            } => error.limit(),
            Self::Orphans { what, .. } if what.starts_with("bytes") => Some("orphan_bytes"),
            Self::Orphans { .. } => Some("orphans"),
            // Below, it breaks a rule of the graph and no limit.
            Self::Counter {
                start_op, lowest, ..
            } if start_op >= lowest => Some("op_ahead"),
            Self::Chunk(_)
            | Self::Limit { .. }
            | Self::Operations { .. }
            | Self::Sequence { .. }
            | Self::Fork { .. }
            | Self::UnknownActor { .. }
            | Self::Counter { .. }
            | Self::Footer { .. }
            | Self::Quarantined { .. }
            | Self::NotOpen => None,
        }
    }
}

/// Why a store's changes do not make a graph: the store is damaged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A stored change does not fit those before it.
    #[error("a stored change does not fit")]
    Change(#[from] ChangeError),
    /// What was noted of packed changes does not read.
    #[error("what was noted of packed changes does not read")]
    Nodes(#[source] ReadError),
    /// Packed changes do not follow on those before them.
    #[error("packed changes begin with number {first}, where {due} is due")]
    Gap {
        /// The number they begin with.
        first: u32,
        /// The number that would follow.
        due: u32,
    },
    /// Stored bytes are not those of the change they stand for.
    #[error("the stored bytes of change number {index} are those of another")]
    Bytes {
        /// The change's number.
        index: u32,
    },
}
