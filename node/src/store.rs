//! Where a node or relay keeps its documents: SQLite, and the threads that use it.
//!
//! [`SqliteStore`] is the store itself. Its calls block, so asynchronous code does not hold it: a [`Writer`] owns it in
//! a thread of its own and commits whatever has been asked for meanwhile in one group, sharing one fsync; a [`Loader`]
//! reads beside it through a [`SqliteReader`], so that a load does not wait for commits. A relay has a [`Compactor`] as well,
//! which makes old changes small and, once a day, looks for damage; a node has a [`Lookout`] for that. Where a file is so damaged that SQLite
//! finds no way through, opening it writes it anew ([`SqliteStore::rebuilt`]). Where a document's changes are damaged, they are set aside and
//! the rest is served ([`Writer::salvage`]).

mod compactor;
mod loader;
mod look;
pub(crate) mod pace;
mod reply;
mod salvage;
mod sqlite;
mod writer;

pub use compactor::{Compacted, Compactor, CompactorSettings, CompactorStatistics};
pub use loader::{LoadError, Loader};
pub use look::Lookout;
pub use sqlite::{
    Lacking, OpenError, RebuildError, Rebuilt, SqliteReader, SqliteStore, StoreError,
    StoreSettings, Synchronous,
};
pub use writer::{CommitError, Writer, WriterSettings, WriterStatistics};
