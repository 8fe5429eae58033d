use bytes::Bytes;
use tokio::sync::{Semaphore, mpsc};
use yilian_core::document::DocumentId;
use yilian_core::sync::chunk::ChunkError;
use yilian_core::sync::engine::{ConnectionId, examine};
use yilian_core::sync::limits::Limits;

use super::Event;
use crate::time::Clock;
use crate::verifier::guarded;

/// Changes that are to be read aside, since that may take long.
#[derive(Debug)]
pub struct Expansion {
    pub(super) document: DocumentId,
    pub(super) connection: ConnectionId,
    pub(super) bytes: Bytes,
    pub(super) limits: Limits,
    pub(super) clock: Clock,
    pub(super) events: mpsc::UnboundedSender<Event>,
}

impl Expansion {
    /// Reads them, and tells the shard.
    pub fn run(self) {
        let started = self.clock.elapsed();
        // A hostile chunk can make Automerge panic; nothing of ours is touched by it.
        let changes = guarded(|| examine(&self.bytes, &self.limits));
        let changes = changes.unwrap_or(Err(ChunkError::Inflate.into()));
        let took = self.clock.elapsed().saturating_sub(started);
        let event = Event::Expanded(self.document, self.connection, changes, took);
        // A shard that is gone needs no answer.
        let _ = self.events.send(event);
    }
    /// Reads them on a thread for that, after what others asked for before: however many ask at once, it takes one core.
    pub(super) async fn run_aside(self) {
        static LANE: Semaphore = Semaphore::const_new(1);
        // It is never closed.
        let place = LANE.acquire().await;
        // Whether it panicked or the process ends, nobody waits for it.
        let _ = tokio::task::spawn_blocking(|| self.run()).await;
        drop(place);
    }
}
