use std::collections::BTreeSet;

use automerge::ChangeHash;
use thiserror::Error;
use yilian_core::document::{Author, DocumentId, Name};
use yilian_core::records::Edit;
use yilian_core::storage::{Commit, Store as _};

use super::command::Command;
use super::{EditFailed, Node, NodeError, ReadError};
use crate::store::{CommitError, SqliteStore, StoreError};

/// The setting that holds which refused changes nobody wants to hear of any more: a hash in each line.
const DISMISSED: &str = "refused changes dismissed";

/// A change that is kept, and neither used nor sent: the relay refused it, or it breaks documents.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// In which document.
    pub document: Name,
    /// Which change.
    pub change: ChangeHash,
    /// Why, for a person; one line.
    pub reason: String,
    /// Who made it, where that can be read.
    pub author: Option<Author>,
    /// When, as its author's clock was: Unix seconds; 0 where it cannot be read.
    pub time: i64,
    /// What its author said of it.
    pub message: String,
    /// What it wrote, where this node's author made it.
    pub edits: Vec<Edit>,
    /// Whether this node's author made it and what it wrote can be read, so that it can be made again.
    pub retry: bool,
}

/// Why a refused change was neither made again nor dismissed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RefusedFailed {
    // Caller.
    /// It is none of those that [`Node::refused`] lists.
    #[error("{change} is not among the refused changes")]
    Unknown {
        /// The change that was asked for.
        change: ChangeHash,
    },
    /// Somebody else made it, or what it wrote cannot be read: its author may do it again.
    #[error("what {change} wrote cannot be written again here: its author may do it again")]
    NotOurs {
        /// The change that was asked for.
        change: ChangeHash,
    },
    /// What it wrote does not fit what is there now, or was not stored.
    #[error(transparent)]
    Edit(#[from] EditFailed),
    // Environment.
    /// A document cannot be opened, or the node does not answer.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store did not take it.
    #[error("the store did not keep that the change was dismissed")]
    Commit(#[from] CommitError),
}

/// The setting that holds which changes this node's author made again: a hash in each line.
const MADE_AGAIN: &str = "changes made again";

/// What a store knows of changes that are aside.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Documents that have some.
    pub(super) documents: BTreeSet<DocumentId>,
    /// Those that nobody wants to hear of any more.
    dismissed: BTreeSet<ChangeHash>,
    /// Those of which this node's author has made again what they wrote.
    made_again: BTreeSet<ChangeHash>,
    /// Whether the store does not have all of these yet.
    has_news: bool,
}

impl Known {
    pub(super) fn read(store: &SqliteStore) -> Result<Self, StoreError> {
        let hashes = |key: &str| -> Result<BTreeSet<ChangeHash>, StoreError> {
            let stored = store.setting(key)?.unwrap_or_default();
            let text = String::from_utf8_lossy(&stored);
            Ok(text.lines().filter_map(|line| line.parse().ok()).collect())
        };
        Ok(Self {
            documents: store.with_quarantine()?.into_iter().collect(),
            dismissed: hashes(DISMISSED)?,
            made_again: hashes(MADE_AGAIN)?,
            has_news: false,
        })
    }

    /// Dismisses a change; answers what the setting holds then.
    pub(super) fn dismiss(&mut self, change: ChangeHash) -> Vec<u8> {
        self.dismissed.insert(change);
        lines(&self.dismissed)
    }

    /// What some changes wrote is there again, and on disk.
    pub(super) fn made_again(&mut self, changes: &[ChangeHash]) {
        self.made_again.extend(changes);
        self.has_news |= !changes.is_empty();
    }

    /// What is to be stored of it, if there is anything new.
    pub(super) fn news(&mut self) -> Option<Commit> {
        let has_news = std::mem::take(&mut self.has_news);
        has_news.then(|| Commit::of_setting(MADE_AGAIN, Some(lines(&self.made_again))))
    }

    /// Whether nothing is left to be done about a change that is aside.
    pub(super) fn is_settled(&self, change: &ChangeHash) -> bool {
        self.dismissed.contains(change) || self.made_again.contains(change)
    }
}

fn lines(hashes: &BTreeSet<ChangeHash>) -> Vec<u8> {
    let line = |hash: &ChangeHash| format!("{hash}\n");
    hashes.iter().map(line).collect::<String>().into_bytes()
}

impl Node {
    /// Changes that are kept, and neither used nor sent, by document: what was written on top of them by this node's author has been
    /// written again, they themselves have not. Opens the documents that have some.
    ///
    /// ```no_run
    /// # async fn example(node: yilian_node::Node) -> Result<(), Box<dyn std::error::Error>> {
    /// for refused in node.refused().await? {
    ///     println!("{}: {}", refused.document, refused.reason);
    ///     if refused.retry {
    ///         node.retry_refused(refused.change).await?;
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A document is damaged, or the node has stopped.
    pub async fn refused(&self) -> Result<Vec<Refused>, ReadError> {
        let names = self.ask(Command::Aside).await?;
        // They are in memory from here on.
        let opened = names.clone();
        self.read(names, |_| ()).await?;
        let refused = self.ask(|reply| Command::Refused(opened, reply)).await?;
        Ok(refused)
    }

    /// Makes what a refused change of this node's author wrote once more, on what is there now, and lists it no more; how many documents
    /// changed.
    ///
    /// # Errors
    /// See [`RefusedFailed`]. The change is listed as before.
    pub async fn retry_refused(&self, change: ChangeHash) -> Result<usize, RefusedFailed> {
        let refused = self.find_refused(change).await?;
        if !refused.retry {
            return Err(RefusedFailed::NotOurs { change });
        }
        let changed = self.edit(refused.edits, &refused.message).await?;
        self.dismiss(change).await?;
        Ok(changed)
    }

    /// Lists a refused change no more. It stays aside, and what it wrote stays undone.
    ///
    /// # Errors
    /// It is not listed, or the store failed.
    pub async fn discard_refused(&self, change: ChangeHash) -> Result<(), RefusedFailed> {
        self.find_refused(change).await?;
        self.dismiss(change).await
    }

    async fn find_refused(&self, change: ChangeHash) -> Result<Refused, RefusedFailed> {
        let mut all = self.refused().await?.into_iter();
        let found = all.find(|refused| refused.change == change);
        found.ok_or(RefusedFailed::Unknown { change })
    }

    async fn dismiss(&self, change: ChangeHash) -> Result<(), RefusedFailed> {
        let dismissed = self.ask(|reply| Command::Dismiss(change, reply)).await;
        let dismissed = dismissed.map_err(|error: NodeError| ReadError::from(error))?;
        let commit = Commit::of_setting(DISMISSED, Some(dismissed));
        self.inner.writer.commit_and_wait(commit).await?;
        Ok(())
    }
}
