//! The county in a hub's store, as it is after the hub has synced: what the command line runs on.

use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};

use anyhow::{Context, Result};
use yilian_core::document::DocumentId;
use yilian_core::storage::{Commit, DocumentWrite, Store as _};
use yilian_node::store::{SqliteStore, StoreSettings, Synchronous};
use yilian_node::{Node, Profile};

use super::{County, Document, Known, Tally};

/// So much is committed at once.
const COMMIT_BYTES: usize = 8 * 1_024 * 1_024;

/// So many sites a thread may be ahead.
const AHEAD: usize = 4;

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
    /// What is known of what was made.
    pub known: Known,
}

/// Whose store it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Computer {
    /// The hub's node, as it is after it has synced.
    Hub,
    /// The relay, that has it all.
    Relay,
}

impl County {
    /// Makes the store of a computer in a directory, document by document; `progress` is told after each commit.
    ///
    /// # Errors
    /// There is a node already, or the store failed.
    pub fn write_store(
        &self,
        computer: Computer,
        directory: &Path,
        progress: impl FnMut(&Written),
    ) -> Result<Written> {
        self.write_stores(&[(computer, directory)], progress)
    }

    /// Makes the stores of several computers that hold the same.
    ///
    /// # Errors
    /// As [`County::write_store`].
    pub fn write_stores(
        &self,
        computers: &[(Computer, &Path)],
        mut progress: impl FnMut(&Written),
    ) -> Result<Written> {
        let mut stores = Vec::new();
        for (computer, directory) in computers {
            stores.push((*computer, self.begin_store(*computer, directory)?));
        }
        let (mut written, mut waiting) = (Written::default(), Vec::<Document>::new());
        let mut waiting_bytes = 0;
        self.for_each(|document| {
            written.add(&document);
            waiting_bytes += document.changes.iter().map(Vec::len).sum::<usize>();
            waiting.push(document);
            if waiting_bytes >= COMMIT_BYTES {
                self.commit(&mut stores, &waiting)?;
                waiting.clear();
                waiting_bytes = 0;
                progress(&written);
            }
            Ok(())
        })?;
        self.commit(&mut stores, &waiting)?;
        progress(&written);
        Ok(written)
    }

    fn begin_store(&self, computer: Computer, directory: &Path) -> Result<SqliteStore> {
        if computer == Computer::Hub {
            let profile = Profile::of_hub(self.network()).with_author(self.hub());
            Node::create(directory, &profile).context("cannot make the hub's store")?;
        }
        let settings = StoreSettings {
            // It can be had again.
            synchronous: Synchronous::Normal,
            ..StoreSettings::default()
        };
        Ok(SqliteStore::open_with(directory, &settings)?)
    }

    fn commit(&self, stores: &mut [(Computer, SqliteStore)], documents: &[Document]) -> Result<()> {
        for (computer, store) in stores {
            let mut commit = Commit::default();
            for document in documents {
                let mut write = self.write_of(document);
                // The relay has it all, and knows of nobody who does.
                write.remote_heads.take_if(|_| *computer == Computer::Relay);
                commit.writes.push(write);
            }
            store.commit(&commit)?;
        }
        Ok(())
    }

    /// Hands over every document, in the order of [`County::documents`], while other threads make the next.
    fn for_each(&self, mut take: impl FnMut(Document) -> Result<()>) -> Result<()> {
        let tasks = &self.tasks();
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            let start = |worker: usize| {
                let (sender, receiver) = sync_channel(AHEAD);
                scope.spawn(move || {
                    for task in tasks.iter().skip(worker).step_by(workers) {
                        // Nobody takes more once a commit has failed.
                        if sender.send(self.make(*task)).is_err() {
                            return;
                        }
                    }
                });
                receiver
            };
            let receivers: Vec<Receiver<Vec<Document>>> = (0..workers).map(start).collect();
            for number in 0..tasks.len() {
                let made = receivers[number % workers].recv();
                made.context("a document could not be made")?
                    .into_iter()
                    .try_for_each(&mut take)?;
            }
            Ok(())
        })
    }

    fn write_of(&self, document: &Document) -> DocumentWrite {
        let id = DocumentId::of(&self.network(), &document.name);
        let changes = document.changes.iter().cloned().map(Into::into).collect();
        DocumentWrite {
            name: Some(document.name.to_string()),
            remote_heads: Some(document.heads.clone()),
            ..DocumentWrite::changes(id, changes, document.heads.clone())
        }
    }
}

impl Written {
    fn add(&mut self, document: &Document) {
        self.documents += 1;
        self.changes += document.changes.len();
        self.bytes += document.changes.iter().map(Vec::len).sum::<usize>();
        self.tally.extend(&document.tally);
        self.known.extend(document.facts.iter().cloned());
    }
}
