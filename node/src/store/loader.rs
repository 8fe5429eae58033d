use std::error::Error as StdError;
use std::fmt;
use std::sync::{Arc, mpsc};

use thiserror::Error;
use tokio::sync::oneshot;
use yilian_core::document::DocumentId;
use yilian_core::sync::change_graph::ChangeGraph;
use yilian_core::sync::engine::Fetched;
use yilian_core::sync::limits::Limits;
use yilian_core::sync::sync_state::Wanted;

use super::reply::Reply;
use super::{StoreReader, Writer};

mod reading;

pub use reading::Reading;

/// Reads documents in a thread of its own, beside the [`Writer`]: a read does not wait for commits, and
/// what it takes to make a graph of it holds up nobody else. What it finds damaged it has the writer set aside. A handle: clones go to the same thread, which ends when
/// the last one is gone or by [`Loader::stop`].
#[derive(Clone, Debug)]
pub struct Loader {
    sender: mpsc::Sender<Message>,
}

/// Why a document was not read.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The document's stored changes are damaged, or the medium failed.
    #[error("the store cannot load the document")]
    Store(#[source] Arc<dyn StdError + Send + Sync>),
    /// Something of the document was damaged, and has been set aside: load it anew.
    #[error("stored changes of the document were damaged, and have been set aside")]
    SetAside,
    /// The loader has stopped, or did before it came to this request.
    #[error("the store is closed")]
    Stopped,
}

enum Message {
    Load(DocumentId, bool, Reply<ChangeGraph, LoadError>),
    Fetch(DocumentId, Wanted, usize, Reply<Fetched, LoadError>),
    Stop(oneshot::Sender<()>),
}

impl Loader {
    /// Starts a thread that reads a store, which the writer writes.
    ///
    /// # Errors
    /// The operating system gives no thread.
    pub fn spawn<R: StoreReader + 'static>(
        reader: R,
        writer: Writer,
        limits: Limits,
    ) -> std::io::Result<Self> {
        let (loader, reading) = Self::new(reader, writer, limits);
        std::thread::Builder::new()
            .name("store loader".to_owned())
            .spawn(move || reading.run())?;
        Ok(loader)
    }

    /// The handle, and what does its work: for whoever decides himself when something is read.
    pub fn new<R: StoreReader>(reader: R, writer: Writer, limits: Limits) -> (Self, Reading<R>) {
        let (sender, receiver) = mpsc::channel();
        (
            Self { sender },
            Reading::new(reader, writer, limits, receiver),
        )
    }

    /// Asks for a document's graph and returns at once; an empty one if there is no such document. With `whole`, the bytes
    /// of all changes are in it. The function is called from the loader's thread, so it must not block.
    pub fn load(
        &self,
        id: DocumentId,
        whole: bool,
        reply: impl FnOnce(Result<ChangeGraph, LoadError>) + Send + 'static,
    ) {
        let reply = Reply::new(reply, || LoadError::Stopped);
        // A loader that is gone drops the request, which answers it.
        let _ = self.sender.send(Message::Load(id, whole, reply));
    }

    /// Asks for bytes of a document, about `bytes_max` of them at most, and returns at once. The function is called from
    /// the loader's thread, so it must not block.
    pub fn fetch(
        &self,
        id: DocumentId,
        wanted: Wanted,
        bytes_max: usize,
        reply: impl FnOnce(Result<Fetched, LoadError>) + Send + 'static,
    ) {
        let reply = Reply::new(reply, || LoadError::Stopped);
        let _ = self
            .sender
            .send(Message::Fetch(id, wanted, bytes_max, reply));
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
    fn of(error: impl StdError + Send + Sync + 'static) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Load(id, ..) => f.debug_tuple("Load").field(id).finish(),
            Self::Fetch(id, wanted, ..) => f.debug_tuple("Fetch").field(id).field(wanted).finish(),
            Self::Stop(_) => f.write_str("Stop"),
        }
    }
}
