use automerge::ChangeHash;
use thiserror::Error;

use crate::document::DocumentId;

/// Something wrong with a store, as found by [`Store::check`](super::Store::check).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Problem {
    /// A document is affected; the others are not.
    #[error("document {}: {fault}", label(*.document, .name.as_deref()))]
    Document {
        /// The document.
        document: DocumentId,
        /// Its name, where it has one.
        name: Option<String>,
        /// What is wrong with it.
        fault: Fault,
    },
    /// The medium itself reports damage.
    #[error("the store's file: {report}")]
    Medium {
        /// What it reports, in its own words.
        report: String,
    },
    /// Stored changes belong to no document.
    #[error("log row {row} belongs to no document")]
    Stray {
        /// The row.
        row: i64,
    },
}

fn label(document: DocumentId, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{name} ({document})"),
        None => document.to_string(),
    }
}

/// What is wrong with one stored document.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Fault {
    /// A row of the log is not what was written.
    #[error("log row {row} is damaged: its checksum does not match")]
    Checksum {
        /// The row.
        row: i64,
    },
    /// The log cannot be read where this document is.
    #[error("its changes cannot be read: {report}")]
    Unreadable {
        /// What the medium reports, in its own words.
        report: String,
    },
    /// Bytes in the log are no Automerge changes, although the row is as it was written.
    #[error("chunk {chunk} is not a run of Automerge changes: {report}")]
    NotChanges {
        /// Which of the document's chunks, counted from 0.
        chunk: usize,
        /// What is wrong with it.
        report: String,
    },
    /// A change that others need is missing.
    #[error("change {change} needs {missing}, which is not there")]
    MissingDependency {
        /// The change that needs it.
        change: ChangeHash,
        /// The change that is missing.
        missing: ChangeHash,
    },
    /// The document's heads are not those of its changes.
    #[error("its heads are {}, but its changes lead to {}", list(.stored), list(.found))]
    Heads {
        /// As written beside the document.
        stored: Vec<ChangeHash>,
        /// As its changes have it.
        found: Vec<ChangeHash>,
    },
}

fn list(heads: &[ChangeHash]) -> String {
    if heads.is_empty() {
        return "none".to_owned();
    }
    heads
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
