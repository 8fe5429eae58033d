use std::error::Error as StdError;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use thiserror::Error;
use tokio::sync::{Notify, oneshot};
use yilian_core::document::DocumentId;
use yilian_core::storage::{Commit, Packing, Position, Salvage, Store};

use super::reply::Reply;

mod committer;

pub use committer::Committer;

/// Commits to a store from a thread of its own. A handle: clones go to the same thread.
///
/// Whatever is asked for while a commit is under way becomes the next one, so that many requesters share one fsync. Each
/// request is answered exactly once, by calling the function that came with it: with the position once it is durable,
/// with the error its group met, or with [`CommitError::Stopped`]. Requests of one handle are committed in order.
///
/// The thread ends when the last handle is gone, or by [`Writer::stop`]; both commit what was asked for before.
#[derive(Clone, Debug)]
pub struct Writer {
    sender: mpsc::Sender<Message>,
    shared: Arc<Shared>,
}

/// How a [`Writer`] groups, and how much it lets pile up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriterSettings {
    /// A group of commits is closed when it has this many bytes. Default: 8 MiB.
    pub group_bytes_max: usize,
    /// [`Writer::room`] waits while more bytes than this are asked for and not committed yet. Default: 64 MiB.
    pub backlog_bytes_max: u64,
}

impl Default for WriterSettings {
    fn default() -> Self {
        Self {
            group_bytes_max: 8 * 1024 * 1024,
            backlog_bytes_max: 64 * 1024 * 1024,
        }
    }
}

/// What a [`Writer`] has done since it started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriterStatistics {
    /// Groups that were committed.
    pub groups: u64,
    /// Groups whose commit failed.
    pub groups_failed: u64,
    /// Requests in the groups that were committed.
    pub requests: u64,
    /// Bytes in the groups that were committed.
    pub size_bytes: u64,
    /// Time spent in commits, failed ones included.
    pub busy: Duration,
    /// Bytes that are asked for and not committed yet.
    pub backlog_bytes: u64,
}

/// Why a commit was not made. Nothing of it is stored.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum CommitError {
    /// The store failed. Every request of the group gets the same error.
    #[error("the store did not commit")]
    Store(#[source] Arc<dyn StdError + Send + Sync>),
    /// The writer has stopped, or did before it came to this request.
    #[error("the store is closed")]
    Stopped,
}

#[derive(Debug)]
struct Shared {
    settings: WriterSettings,
    /// Woken after every group.
    committed: Notify,
    backlog_bytes: AtomicU64,
    groups: AtomicU64,
    groups_failed: AtomicU64,
    requests: AtomicU64,
    size_bytes: AtomicU64,
    busy_ns: AtomicU64,
    failure: Mutex<Option<CommitError>>,
}

enum Message {
    Commit(Request),
    Pack(DocumentId, Packing, Reply<bool, CommitError>),
    Salvage(DocumentId, Reply<Option<Salvage>, CommitError>),
    Stop(oneshot::Sender<()>),
}

struct Request {
    commit: Commit,
    size_bytes: u64,
    reply: Reply<Position, CommitError>,
}

type Answer = Result<Position, CommitError>;

impl Writer {
    /// Starts a thread that owns the store.
    ///
    /// # Errors
    /// The operating system gives no thread.
    pub fn spawn<S: Store + 'static>(store: S, settings: WriterSettings) -> std::io::Result<Self> {
        let (writer, committer) = Self::new(store, settings);
        std::thread::Builder::new()
            .name("store writer".to_owned())
            .spawn(move || committer.run())?;
        Ok(writer)
    }

    /// The handle, and what does its work: for whoever decides himself when a commit is made.
    pub fn new<S: Store>(store: S, settings: WriterSettings) -> (Self, Committer<S>) {
        let (sender, receiver) = mpsc::channel();
        let shared = Arc::new(Shared {
            settings,
            committed: Notify::new(),
            backlog_bytes: AtomicU64::new(0),
            groups: AtomicU64::new(0),
            groups_failed: AtomicU64::new(0),
            requests: AtomicU64::new(0),
            size_bytes: AtomicU64::new(0),
            busy_ns: AtomicU64::new(0),
            failure: Mutex::new(None),
        });
        let committer = Committer {
            store,
            receiver,
            shared: Arc::clone(&shared),
        };
        (Self { sender, shared }, committer)
    }

    /// Asks for a commit and returns at once. The function is called from the writer's thread, so it must not block:
    /// typically it sends to an unbounded channel.
    pub fn commit(&self, commit: Commit, reply: impl FnOnce(Answer) + Send + 'static) {
        let size_bytes = commit.size_bytes() as u64;
        self.shared
            .backlog_bytes
            .fetch_add(size_bytes, Ordering::Relaxed);
        let request = Request {
            commit,
            size_bytes,
            reply: Reply::new(reply, || CommitError::Stopped),
        };
        // A writer that is gone drops the request, which answers it.
        let _ = self.sender.send(Message::Commit(request));
    }

    /// Commits and waits until it is durable.
    ///
    /// # Errors
    /// See [`CommitError`].
    pub async fn commit_and_wait(&self, commit: Commit) -> Result<Position, CommitError> {
        let (sender, receiver) = oneshot::channel();
        self.commit(commit, move |answer| {
            // Whoever asked may have stopped waiting.
            let _ = sender.send(answer);
        });
        receiver.await.unwrap_or(Err(CommitError::Stopped))
    }

    /// Asks for a [`Store::pack`] between two commits and returns at once. The function is called from the writer's thread,
    /// so it must not block.
    pub fn pack(
        &self,
        id: DocumentId,
        packing: Packing,
        reply: impl FnOnce(Result<bool, CommitError>) + Send + 'static,
    ) {
        let reply = Reply::new(reply, || CommitError::Stopped);
        // A writer that is gone drops the request, which answers it.
        let _ = self.sender.send(Message::Pack(id, packing, reply));
    }

    /// Asks for a [`Store::salvage`] after what was asked for before, and returns at once. The function is called from the
    /// writer's thread, so it must not block.
    pub fn salvage(
        &self,
        id: DocumentId,
        reply: impl FnOnce(Result<Option<Salvage>, CommitError>) + Send + 'static,
    ) {
        let reply = Reply::new(reply, || CommitError::Stopped);
        // A writer that is gone drops the request, which answers it.
        let _ = self.sender.send(Message::Salvage(id, reply));
    }

    /// Whether [`Writer::room`] would return at once.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.shared.backlog_bytes.load(Ordering::Relaxed) <= self.shared.settings.backlog_bytes_max
    }

    /// Waits while too much is asked for and not committed yet: for whoever takes in more to be stored.
    pub async fn room(&self) {
        loop {
            let committed = self.shared.committed.notified();
            if self.has_room() {
                return;
            }
            committed.await;
        }
    }

    /// What has been done so far.
    #[must_use]
    pub fn statistics(&self) -> WriterStatistics {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let shared = &self.shared;
        WriterStatistics {
            groups: read(&shared.groups),
            groups_failed: read(&shared.groups_failed),
            requests: read(&shared.requests),
            size_bytes: read(&shared.size_bytes),
            busy: Duration::from_nanos(read(&shared.busy_ns)),
            backlog_bytes: read(&shared.backlog_bytes),
        }
    }

    /// Why the last group was not committed; `None` if it was.
    #[must_use]
    pub fn failure(&self) -> Option<CommitError> {
        let failure = self.shared.failure.lock();
        failure.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Commits what was asked for before, closes the store, and returns once that is done. Later requests, through any
    /// handle, are answered with [`CommitError::Stopped`].
    pub async fn stop(&self) {
        let (sender, receiver) = oneshot::channel();
        // A writer that is gone already has closed its store, or is about to.
        let _ = self.sender.send(Message::Stop(sender));
        let _ = receiver.await;
    }
}

impl CommitError {
    fn of(error: impl StdError + Send + Sync + 'static) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Commit(request) => f.debug_tuple("Commit").field(&request.commit).finish(),
            Self::Pack(id, ..) => f.debug_tuple("Pack").field(id).finish(),
            Self::Salvage(id, _) => f.debug_tuple("Salvage").field(id).finish(),
            Self::Stop(_) => f.write_str("Stop"),
        }
    }
}

#[cfg(test)]
mod tests;
