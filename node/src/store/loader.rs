use std::error::Error as StdError;
use std::fmt;
use std::sync::{Arc, mpsc};

use bytes::Bytes;
use thiserror::Error;
use tokio::sync::oneshot;
use yilian_core::document::DocumentId;

use super::reply::Reply;
use super::{SqliteReader, StoreError};

/// Loads documents in a thread of its own, beside the [`Writer`](super::Writer): a load does not wait for commits. A
/// handle: clones go to the same thread, which ends when the last one is gone or by [`Loader::stop`].
#[derive(Clone, Debug)]
pub struct Loader {
    sender: mpsc::Sender<Message>,
}

/// Why a document was not loaded.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The document's stored changes are damaged, or the medium failed.
    #[error("the store cannot load the document")]
    Store(#[source] Arc<dyn StdError + Send + Sync>),
    /// The loader has stopped, or did before it came to this request.
    #[error("the store is closed")]
    Stopped,
}

type Answer = Result<Vec<Bytes>, LoadError>;

enum Message {
    Load(DocumentId, Reply<Vec<Bytes>, LoadError>),
    Stop(oneshot::Sender<()>),
}

impl Loader {
    /// Starts a thread that reads a SQLite store.
    ///
    /// # Errors
    /// The operating system gives no thread.
    pub fn spawn(reader: SqliteReader) -> std::io::Result<Self> {
        Self::spawn_with(move |id| reader.load(id))
    }

    /// Starts a thread that loads by a function.
    ///
    /// # Errors
    /// The operating system gives no thread.
    pub fn spawn_with<E: StdError + Send + Sync + 'static>(
        mut load: impl FnMut(&DocumentId) -> Result<Vec<Bytes>, E> + Send + 'static,
    ) -> std::io::Result<Self> {
        let (sender, receiver) = mpsc::channel();
        std::thread::Builder::new()
            .name("store loader".to_owned())
            .spawn(move || {
                let mut done = None;
                for message in &receiver {
                    match message {
                        Message::Load(id, reply) => {
                            reply.answer(
                                load(&id).map_err(|error| LoadError::Store(Arc::new(error))),
                            );
                        }
                        Message::Stop(sender) => {
                            done = Some(sender);
                            break;
                        }
                    }
                }
                drop(load);
                if let Some(done) = done {
                    // Whoever asked may have stopped waiting.
                    let _ = done.send(());
                }
            })?;
        Ok(Self { sender })
    }

    /// Asks for a document and returns at once. The function is called from the loader's thread, so it must not block.
    pub fn load(&self, id: DocumentId, reply: impl FnOnce(Answer) + Send + 'static) {
        // A loader that is gone drops the request, which answers it.
        let _ = self
            .sender
            .send(Message::Load(id, Reply::new(reply, || LoadError::Stopped)));
    }

    /// Loads a document.
    ///
    /// # Errors
    /// See [`LoadError`].
    pub async fn load_and_wait(&self, id: DocumentId) -> Result<Vec<Bytes>, LoadError> {
        let (sender, receiver) = oneshot::channel();
        self.load(id, move |answer| {
            // Whoever asked may have stopped waiting.
            let _ = sender.send(answer);
        });
        receiver.await.unwrap_or(Err(LoadError::Stopped))
    }

    /// Answers what was asked for before, gives up the store, and returns once that is done.
    pub async fn stop(&self) {
        let (sender, receiver) = oneshot::channel();
        // A loader that is gone already has given it up, or is about to.
        let _ = self.sender.send(Message::Stop(sender));
        let _ = receiver.await;
    }
}

impl LoadError {
    /// Whether the document's own bytes are damaged, so that it is worth fetching from elsewhere, while the store as a
    /// whole works.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Store(error) => matches!(error.downcast_ref(), Some(StoreError::Damaged { .. })),
            Self::Stopped => false,
        }
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Load(id, _) => f.debug_tuple("Load").field(id).finish(),
            Self::Stop(_) => f.write_str("Stop"),
        }
    }
}
