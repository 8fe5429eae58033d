use std::path::PathBuf;

use thiserror::Error;
use yilian_core::document::{EditError, Name};

use crate::identity::RandomError;
use crate::store::{CommitError, OpenError, StoreError};
use crate::time::ZoneError;

/// Why a node was not opened or made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenNodeError {
    // Caller.
    /// There is no node: make one, or name the right directory.
    #[error("there is no node in {}", directory.display())]
    Missing {
        /// Where.
        directory: PathBuf,
    },
    /// There is a node already.
    #[error("there is a node in {} already", directory.display())]
    Exists {
        /// Where.
        directory: PathBuf,
    },
    /// A setting that was stored does not make sense to this version.
    #[error("the stored setting {key} cannot be read")]
    Setting {
        /// Which.
        key: &'static str,
    },
    /// The network's time zone is unknown.
    #[error(transparent)]
    Zone(#[from] ZoneError),
    // Environment.
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There are no random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The operating system gives no thread.
    #[error("the operating system gives no thread")]
    Thread(#[source] std::io::Error),
    /// The process is ending.
    #[error("the process is ending")]
    Stopped,
}

/// Why a node does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NodeError {
    /// It was stopped: open it again.
    #[error("the node has stopped")]
    Stopped,
}

/// Why documents were not read.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// A document's stored changes cannot be read or do not fit together.
    #[error("the stored document {name} is damaged")]
    Damaged {
        /// Which.
        name: Name,
    },
    /// The node does not answer.
    #[error(transparent)]
    Node(#[from] NodeError),
}

/// Why an edit was not made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EditFailed {
    // Caller.
    /// The edit does not fit the document.
    #[error(transparent)]
    Edit(#[from] EditError),
    // Environment.
    /// The document cannot be opened, or the node does not answer.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store did not take it; the document is as it was before.
    #[error("the store did not take the edit of {name}; nothing of it was kept")]
    NotStored {
        /// Which document.
        name: Name,
    },
    /// The store did not take it, and said why; the document is as it was before.
    #[error("the store did not take the edit of {name}; nothing of it was kept")]
    Store {
        /// Which document.
        name: Name,
        /// What the store said.
        source: CommitError,
    },
    /// There are no random bytes for a new actor.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl From<NodeError> for EditFailed {
    fn from(error: NodeError) -> Self {
        Self::Read(error.into())
    }
}
