//! Where a node or relay keeps its documents: SQLite, and the threads that use it.
//!
//! [`SqliteStore`] is the store itself. Its calls block, so asynchronous code does not hold it: a [`Writer`] owns it in
//! a thread of its own and commits whatever has been asked for meanwhile in one group, sharing one fsync; a [`Loader`]
//! reads beside it through a [`SqliteReader`], so that a load does not wait for commits. A relay has a [`Compactor`] as well,
//! which makes old changes small.

mod compactor;
mod loader;
mod reply;
mod sqlite;
mod writer;

pub use compactor::{Compactor, CompactorSettings, CompactorStatistics};
pub use loader::{LoadError, Loader};
pub use sqlite::{OpenError, SqliteReader, SqliteStore, StoreError, StoreSettings, Synchronous};
pub use writer::{CommitError, Writer, WriterSettings, WriterStatistics};
