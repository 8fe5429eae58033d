//! The county in a hub's store, as it is after the hub has synced: what the command line runs on.

use std::path::Path;

use anyhow::{Context, Result};
use yilian_core::document::DocumentId;
use yilian_core::storage::{Commit, DocumentWrite, Store as _};
use yilian_node::store::{SqliteStore, StoreSettings, Synchronous};
use yilian_node::{Node, Profile};

use super::{County, Document, Tally};

/// So much is committed at once.
const COMMIT_BYTES: usize = 8 * 1_024 * 1_024;

/// What a store was written from.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// How many documents.
    pub documents: usize,
    /// How many changes they have.
    pub changes: usize,
    /// How many bytes these are.
    pub bytes: usize,
    /// What is wrong with them.
    pub tally: Tally,
}

impl County {
    /// Makes a store of the hub's node in a directory, document by document; `progress` is told after each commit.
    ///
    /// # Errors
    /// There is a node already, or the store failed.
    pub fn write_store(
        &self,
        directory: &Path,
        mut progress: impl FnMut(&Written),
    ) -> Result<Written> {
        let profile = Profile::of_hub(self.network()).with_author(self.hub());
        Node::create(directory, &profile).context("cannot make the hub's store")?;
        let settings = StoreSettings {
            // It can be had again.
            synchronous: Synchronous::Normal,
            ..StoreSettings::default()
        };
        let mut store = SqliteStore::open_with(directory, &settings)?;
        let (mut written, mut commit) = (Written::default(), Commit::default());
        for document in self.documents() {
            written.add(&document);
            commit.writes.push(self.write_of(document));
            if commit.size_bytes() >= COMMIT_BYTES {
                store.commit(&std::mem::take(&mut commit))?;
                progress(&written);
            }
        }
        store.commit(&commit)?;
        progress(&written);
        Ok(written)
    }

    fn write_of(&self, document: Document) -> DocumentWrite {
        let id = DocumentId::of(&self.network(), &document.name);
        let changes = document.changes.into_iter().map(Into::into).collect();
        DocumentWrite {
            name: Some(document.name.to_string()),
            // The relay has it all.
            remote_heads: Some(document.heads.clone()),
            ..DocumentWrite::changes(id, changes, document.heads)
        }
    }
}

impl Written {
    fn add(&mut self, document: &Document) {
        self.documents += 1;
        self.changes += document.changes.len();
        self.bytes += document.changes.iter().map(Vec::len).sum::<usize>();
        self.tally.extend(&document.tally);
    }
}
