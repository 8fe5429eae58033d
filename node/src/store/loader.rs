use std::error::Error as StdError;
use std::fmt;
use std::sync::{Arc, mpsc};

use thiserror::Error;
use tokio::sync::oneshot;
use yilian_core::document::DocumentId;
use yilian_core::storage::Outline;
use yilian_core::sync::change_graph::ChangeGraph;
use yilian_core::sync::engine::Fetched;
use yilian_core::sync::limits::Limits;
use yilian_core::sync::sync_state::Wanted;

use super::reply::{Reply, next};
use super::salvage::salvage;
use super::{SqliteReader, StoreError, Writer};

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
    /// Starts a thread that reads a SQLite store, which the writer writes.
    ///
    /// # Errors
    /// The operating system gives no thread.
    pub fn spawn(reader: SqliteReader, writer: Writer, limits: Limits) -> std::io::Result<Self> {
        let (sender, receiver) = mpsc::channel();
        std::thread::Builder::new()
            .name("store loader".to_owned())
            .spawn(move || {
                let mut done = None;
                while let Some(message) = next(&receiver, || reader.rest()) {
                    match message {
                        Message::Load(id, whole, reply) => {
                            reply.answer(graph_or_rest(&reader, &writer, &id, whole, limits));
                        }
                        Message::Fetch(id, wanted, bytes_max, reply) => {
                            reply.answer(fetch(&reader, &writer, &id, &wanted, bytes_max));
                        }
                        Message::Stop(sender) => {
                            done = Some(sender);
                            break;
                        }
                    }
                }
                drop(reader);
                if let Some(done) = done {
                    // Whoever asked may have stopped waiting.
                    let _ = done.send(());
                }
            })?;
        Ok(Self { sender })
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

/// The document's graph; where something is damaged, that of the rest.
fn graph_or_rest(
    reader: &SqliteReader,
    writer: &Writer,
    id: &DocumentId,
    whole: bool,
    limits: Limits,
) -> Result<ChangeGraph, LoadError> {
    match graph(reader, id, whole, limits) {
        Ok((graph, true)) => Ok(graph),
        Ok((graph, false)) => match salvage(writer, id) {
            true => self::graph(reader, id, whole, limits).map(|(graph, _)| graph),
            false => Ok(graph),
        },
        Err(_) if salvage(writer, id) => {
            self::graph(reader, id, whole, limits).map(|(graph, _)| graph)
        }
        Err(error) => Err(error),
    }
}

/// The document's graph, and whether its heads are those that the list of documents has.
fn graph(
    reader: &SqliteReader,
    id: &DocumentId,
    whole: bool,
    limits: Limits,
) -> Result<(ChangeGraph, bool), LoadError> {
    let outline = match whole {
        true => reader.load(id).map(Outline::of_chunks),
        false => reader.outline(id),
    };
    let outline = outline.map_err(LoadError::of)?;
    let mut graph = ChangeGraph::load(limits, &outline).map_err(LoadError::of)?;
    graph.quarantine(reader.quarantined(id).map_err(LoadError::of)?);
    let Some(listed) = reader.document(id).map_err(LoadError::of)? else {
        return Ok((graph, true));
    };
    // A commit may have come between the two reads: then the list is ahead, and the graph none the worse for it.
    let as_listed = graph.heads().eq(listed.heads.iter().copied());
    Ok((graph, as_listed))
}

fn fetch(
    reader: &SqliteReader,
    writer: &Writer,
    id: &DocumentId,
    wanted: &Wanted,
    bytes_max: usize,
) -> Result<Fetched, LoadError> {
    match reader.fetch(id, wanted, bytes_max) {
        Err(StoreError::Damaged { .. }) if salvage(writer, id) => Err(LoadError::SetAside),
        fetched => fetched.map_err(LoadError::of),
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
