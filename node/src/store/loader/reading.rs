use std::fmt;
use std::sync::mpsc;

use yilian_core::document::DocumentId;
use yilian_core::storage::Outline;
use yilian_core::sync::change_graph::ChangeGraph;
use yilian_core::sync::engine::Fetched;
use yilian_core::sync::limits::Limits;
use yilian_core::sync::sync_state::Wanted;

use super::super::reply::{Reply, next};
use super::super::salvage;
use super::{LoadError, Message, StoreReader, Writer};

/// What does the work of a [`Loader`](super::Loader): usually in a thread of its own, or step by step.
pub struct Reading<R> {
    reader: R,
    writer: Writer,
    limits: Limits,
    receiver: mpsc::Receiver<Message>,
    halted: Option<Halted>,
}

/// A request that met damage, and waits until that is set aside.
struct Halted {
    request: Request,
    salvaged: salvage::Answer,
}

enum Request {
    Load {
        id: DocumentId,
        whole: bool,
        /// The answer, should there be nothing to set aside.
        found: Box<Result<ChangeGraph, LoadError>>,
        reply: Reply<ChangeGraph, LoadError>,
    },
    Fetch {
        id: DocumentId,
        found: LoadError,
        reply: Reply<Fetched, LoadError>,
    },
}

impl<R: StoreReader> Reading<R> {
    pub(super) fn new(
        reader: R,
        writer: Writer,
        limits: Limits,
        receiver: mpsc::Receiver<Message>,
    ) -> Self {
        Self {
            reader,
            writer,
            limits,
            receiver,
            halted: None,
        }
    }

    /// Takes the next request, or goes on with one that met damage once the writer has set that aside. False if there is
    /// nothing to do now.
    pub fn step(&mut self) -> bool {
        if let Some(halted) = self.halted.take() {
            match halted.salvaged.try_recv() {
                Ok(answer) => self.resume(halted.request, Some(answer)),
                Err(mpsc::TryRecvError::Disconnected) => self.resume(halted.request, None),
                Err(mpsc::TryRecvError::Empty) => {
                    self.halted = Some(halted);
                    return false;
                }
            }
            return true;
        }
        match self.receiver.try_recv() {
            Ok(Message::Stop(done)) => drop(done.send(())),
            Ok(message) => self.take(message),
            Err(_) => return false,
        }
        true
    }

    /// Takes steps until the last handle is gone, or it is told to stop.
    pub(super) fn run(mut self) {
        let mut stop = None;
        while let Some(message) = next(&self.receiver, || self.reader.rest()) {
            if let Message::Stop(done) = message {
                stop = Some(done);
                break;
            }
            self.take(message);
            if let Some(halted) = self.halted.take() {
                self.resume(halted.request, halted.salvaged.recv().ok());
            }
        }
        drop(self.reader);
        if let Some(done) = stop {
            // Whoever asked may have stopped waiting.
            let _ = done.send(());
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Load(id, whole, reply) => self.load(id, whole, reply),
            Message::Fetch(id, wanted, bytes_max, reply) => {
                self.fetch(id, &wanted, bytes_max, reply);
            }
            Message::Stop(_) => {}
        }
    }

    fn load(&mut self, id: DocumentId, whole: bool, reply: Reply<ChangeGraph, LoadError>) {
        let found = match self.graph(&id, whole) {
            Ok((graph, true)) => return reply.answer(Ok(graph)),
            Ok((graph, false)) => Ok(graph),
            Err(error) => Err(error),
        };
        let request = Request::Load {
            id,
            whole,
            found: Box::new(found),
            reply,
        };
        self.salvage(&id, request);
    }

    fn fetch(
        &mut self,
        id: DocumentId,
        wanted: &Wanted,
        bytes_max: usize,
        reply: Reply<Fetched, LoadError>,
    ) {
        match self.reader.fetch(&id, wanted, bytes_max) {
            Err(error) if R::is_damage(&error) => {
                let found = LoadError::of(error);
                self.salvage(&id, Request::Fetch { id, found, reply });
            }
            fetched => reply.answer(fetched.map_err(LoadError::of)),
        }
    }

    fn salvage(&mut self, id: &DocumentId, request: Request) {
        let salvaged = salvage::ask(&self.writer, id);
        self.halted = Some(Halted { request, salvaged });
    }

    /// The writer has set aside what is damaged, or found nothing.
    fn resume(&self, request: Request, answer: Option<<salvage::Answer as IntoIterator>::Item>) {
        match request {
            Request::Load {
                id,
                whole,
                found,
                reply,
            } => reply.answer(match salvage::outcome(&id, answer) {
                true => self.graph(&id, whole).map(|(graph, _)| graph),
                false => *found,
            }),
            Request::Fetch { id, found, reply } => {
                reply.answer(Err(match salvage::outcome(&id, answer) {
                    true => LoadError::SetAside,
                    false => found,
                }));
            }
        }
    }

    /// The document's graph, and whether its heads are those that the list of documents has.
    fn graph(&self, id: &DocumentId, whole: bool) -> Result<(ChangeGraph, bool), LoadError> {
        let outline = match whole {
            true => self.reader.load(id).map(Outline::of_chunks),
            false => self.reader.outline(id),
        };
        let outline = outline.map_err(LoadError::of)?;
        let mut graph = ChangeGraph::load(self.limits, &outline).map_err(LoadError::of)?;
        graph.quarantine(self.reader.quarantined(id).map_err(LoadError::of)?);
        let Some(listed) = self.reader.document(id).map_err(LoadError::of)? else {
            return Ok((graph, true));
        };
        // A commit may have come between the two reads: then the list is ahead, and the graph none the worse for it.
        let as_listed = graph.heads().eq(listed.heads.iter().copied());
        Ok((graph, as_listed))
    }
}

impl<R> fmt::Debug for Reading<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading")
            .field("halted", &self.halted.is_some())
            .finish_non_exhaustive()
    }
}
