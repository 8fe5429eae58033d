use std::path::Path;

use yilian_core::storage::{Commit, DocumentWrite, Store as _, StoredDocument};

use super::{Node, OpenNodeError, Profile, app};
use crate::store::SqliteStore;

impl Node {
    /// Makes a store for a node in a directory.
    ///
    /// # Errors
    /// There is a node already, or the directory cannot be used.
    pub fn create(directory: &Path, profile: &Profile) -> Result<(), OpenNodeError> {
        let mut store = SqliteStore::open(directory)?;
        if Profile::load(&store)?.is_some() {
            return Err(OpenNodeError::Exists {
                directory: directory.to_owned(),
            });
        }
        store.commit(&Commit {
            writes: Vec::new(),
            settings: profile.settings(),
        })?;
        Ok(())
    }

    /// Changes the profile of the node in a directory: its relay, its token, its author. What the node holds follows from
    /// network, role and site, so these stay.
    ///
    /// # Errors
    /// There is no node, the change would make another node of it, or another process has it open.
    pub fn change(
        directory: &Path,
        change: impl FnOnce(&mut Profile),
    ) -> Result<Profile, OpenNodeError> {
        let missing = || OpenNodeError::Missing {
            directory: directory.to_owned(),
        };
        if !SqliteStore::is_at(directory) {
            return Err(missing());
        }
        let mut store = SqliteStore::open(directory)?;
        let before = Profile::load(&store)?.ok_or_else(missing)?;
        let mut profile = before.clone();
        change(&mut profile);
        if !profile.is_same_node(&before) {
            return Err(OpenNodeError::Exists {
                directory: directory.to_owned(),
            });
        }
        let mut commit = Commit {
            writes: Vec::new(),
            settings: profile.settings(),
        };
        if profile.hub != before.hub {
            // What the old relay has, the new one need not have.
            commit.settings.push((app::CURSOR.to_owned(), None));
            let documents = store.documents()?.into_iter();
            commit.writes = documents.map(forgotten).collect();
        }
        store.commit(&commit)?;
        Ok(profile)
    }
}

/// The write after which a relay is not known to have anything of a document.
fn forgotten(document: StoredDocument) -> DocumentWrite {
    DocumentWrite {
        name: document.name,
        ..DocumentWrite::remote_heads(document.id, document.heads, Vec::new())
    }
}
