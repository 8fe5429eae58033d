use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use thiserror::Error;
use yilian_core::document::DocumentId;

use super::rebuild::RebuildError;
use crate::identity::RandomError;

/// Why a store could not be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    // Caller.
    /// There is no store, and none was to be created: create one first.
    #[error("there is no store in {}", .directory.display())]
    Missing {
        /// Where it was looked for.
        directory: PathBuf,
    },
    /// Another process has the store open: stop it first, or use another directory.
    #[error(
        "the store in {} is in use by another process{}",
        .directory.display(),
        .process.map_or_else(String::new, |process| format!(" ({process})"))
    )]
    InUse {
        /// The store's directory.
        directory: PathBuf,
        /// The process's number, where it could be found out.
        process: Option<u32>,
    },
    // Input.
    /// The file belongs to something else, or its beginning is damaged: use another directory, or a backup.
    #[error("{} is not a store of Yilian, or its beginning is damaged", .path.display())]
    NotAStore {
        /// The file.
        path: PathBuf,
    },
    /// A newer version wrote the store: update this program.
    #[error(
        "{} has format {found}, and this program knows formats up to {newest}: a newer version is needed to open it",
        .path.display()
    )]
    TooNew {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format this program knows.
        newest: u32,
    },
    /// The store is so old that this version cannot bring it up to date: open it with an earlier version first.
    #[error(
        "{} has format {found}, which is too old to be brought to format {newest} by this program: open it with an earlier version first",
        .path.display()
    )]
    TooOld {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The format it would have to be brought to.
        newest: u32,
    },
    // Environment.
    /// The directory cannot be made.
    #[error("cannot create the directory {}", .directory.display())]
    Directory {
        /// The directory.
        directory: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The lock cannot be taken for another reason than that somebody has it.
    #[error("cannot lock {}", .path.display())]
    Lock {
        /// The lock file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The backup before a migration failed, so nothing was migrated.
    #[error("cannot back up {} before bringing it up to date", .path.display())]
    Backup {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: BackupError,
    },
    /// A migration failed. The store is as it was, and the backup too.
    #[error("cannot bring {} up to date; a backup is in {}", .path.display(), .backup.display())]
    Migration {
        /// The file.
        path: PathBuf,
        /// The backup.
        backup: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The file system cannot hold a write-ahead log, as some network drives cannot: use a local disk.
    #[error("{} is on a file system without a write-ahead log (SQLite stayed in mode {mode:?})", .path.display())]
    NoWriteAheadLog {
        /// The file.
        path: PathBuf,
        /// The journal mode that SQLite stayed in.
        mode: String,
    },
    /// A new store cannot be given an id.
    #[error("cannot create a store")]
    Random(#[source] RandomError),
    /// The file is damaged where SQLite needs it first, and nothing of a store can be read in it.
    #[error(
        "{} is damaged, so that SQLite cannot open it: keep a copy, and put a backup in its place or begin with an empty directory; whoever has the documents brings them again",
        .path.display()
    )]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The file is damaged, and cannot be written anew from what is readable of it: mostly for want of room. It is as it was.
    #[error("{} is damaged, and cannot be written anew from what is readable of it", .path.display())]
    Rebuild {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: RebuildError,
    },
    /// SQLite cannot open or read the file.
    #[error("cannot open {}", .path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
}

impl OpenError {
    /// Whether it is the file itself that is damaged, at least perhaps.
    pub(super) fn is_damage(&self) -> bool {
        matches!(self, Self::NotAStore { .. } | Self::Malformed { .. })
    }

    pub(super) fn of_sqlite(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotAStore { path },
            Some(ErrorCode::DatabaseCorrupt) => Self::Malformed { path, source },
            _ => Self::Sqlite { path, source },
        }
    }
}

/// Why a backup failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BackupError {
    /// SQLite could not copy the file.
    #[error("cannot copy the file")]
    Copy(#[source] rusqlite::Error),
    /// The copy could not be put in its place.
    #[error("cannot put the copy in its place")]
    Place(#[source] io::Error),
}

/// Why a store that is open failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A row of the log is not what was written. Other documents are not affected; this one can be had again from
    /// whoever else holds it.
    #[error("the stored changes of document {document} are damaged (log row {row})")]
    Damaged {
        /// The document.
        document: DocumentId,
        /// The first damaged row.
        row: i64,
    },
    /// The list of documents is not what was written.
    #[error("the list of documents is damaged (row {row})")]
    DamagedList {
        /// The damaged row.
        row: i64,
    },
    /// The disk is full: commits succeed again once there is room.
    #[error("cannot {action}: the disk is full")]
    Full {
        /// What was tried.
        action: Action,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The disk takes no writes: commits succeed again once it does.
    #[error("cannot {action}: the disk, or the store on it, is read-only")]
    ReadOnly {
        /// What was tried.
        action: Action,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The file is damaged where SQLite needs it to find its way. What it still finds is served.
    #[error(
        "cannot {action}: its file is damaged; what can still be read is served. Start again: the file is then written anew from what can be read of it, and whoever has the documents brings the rest"
    )]
    Malformed {
        /// What was tried.
        action: Action,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// SQLite failed.
    #[error("cannot {action}")]
    Sqlite {
        /// What was tried.
        action: Action,
        /// What SQLite says.
        source: rusqlite::Error,
    },
}

/// What was tried with an open store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Committing.
    Commit,
    /// Opening a second connection.
    Open,
    /// Packing old changes.
    Pack,
    /// Reading.
    Read,
    /// Setting aside what is damaged.
    Salvage,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Commit => "commit to the store",
            Self::Open => "open the store for reading",
            Self::Pack => "pack old changes of the store",
            Self::Read => "read the store",
            Self::Salvage => "set aside what is damaged in the store",
        })
    }
}

/// Turns SQLite's errors into ours.
pub(super) fn sqlite(action: Action) -> impl Fn(rusqlite::Error) -> StoreError {
    move |source| match source.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full { action, source },
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly { action, source },
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StoreError::Malformed { action, source }
        }
        _ => StoreError::Sqlite { action, source },
    }
}
