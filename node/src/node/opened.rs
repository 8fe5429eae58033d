use std::path::Path;

use yilian_core::storage::{Store as _, StoredDocument};
use yilian_core::sync::wire::Cursor;

use super::holder::{HOLDER, Keeper};
use super::refused::Known;
use super::settled::SettledFile;
use super::{OpenNodeError, Profile, app};
use crate::store::{SqliteReader, SqliteStore};

/// What is read of a store before a node starts on it.
pub(super) struct Opened {
    pub(super) store: SqliteStore,
    pub(super) reader: SqliteReader,
    pub(super) profile: Profile,
    pub(super) stored: Vec<StoredDocument>,
    pub(super) cursor: Option<Cursor>,
    pub(super) keeper: Keeper,
    pub(super) settled: SettledFile,
    pub(super) aside: Known,
    pub(super) second_reader: SqliteReader,
}

impl Opened {
    pub(super) fn read(directory: &Path) -> Result<Self, OpenNodeError> {
        if !SqliteStore::is_at(directory) {
            return Err(OpenNodeError::Missing {
                directory: directory.to_owned(),
            });
        }
        let store = SqliteStore::open(directory)?;
        let profile = Profile::load(&store)?.ok_or_else(|| OpenNodeError::Missing {
            directory: directory.to_owned(),
        })?;
        let reader = store.reader()?;
        let stored = store.documents()?;
        let cursor = store
            .setting(app::CURSOR)?
            .and_then(|bytes| app::read_cursor(&bytes));
        let holder = store.setting(HOLDER)?;
        let keeper = Keeper::new(directory.to_owned(), holder.as_deref());
        let aside = Known::read(&store)?;
        let second_reader = store.reader()?;
        Ok(Self {
            store,
            reader,
            profile,
            stored,
            cursor,
            keeper,
            settled: SettledFile::new(directory),
            aside,
            second_reader,
        })
    }
}
