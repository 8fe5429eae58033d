use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

/// Whether somebody waits for a connection's channel to drain.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<AtomicBool>);

impl Gate {
    /// Whether somebody waited; nobody does from now on.
    #[must_use]
    pub fn open(&self) -> bool {
        self.0.swap(false, Ordering::AcqRel)
    }

    fn shut(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// One shard's way to one connection's socket. Several shards share the channel behind it.
#[derive(Clone, Debug)]
pub struct Outbox {
    sender: mpsc::Sender<Bytes>,
    gate: Gate,
}

impl Outbox {
    /// A way into `sender`; `gate` is opened whenever the channel has drained.
    #[must_use]
    pub fn new(sender: mpsc::Sender<Bytes>, gate: Gate) -> Self {
        Self { sender, gate }
    }

    /// Sends what `next` makes while there is room. Where there is none, the gate is shut, and this
    /// is to be called again once it has been opened.
    pub fn fill(&self, mut next: impl FnMut() -> Option<Bytes>) {
        let mut shut = false;
        loop {
            match self.sender.try_reserve() {
                Ok(permit) => match next() {
                    Some(frame) => permit.send(frame),
                    None => return,
                },
                // Between finding the channel full and shutting the gate it may have drained
                // unnoticed, so it is tried once more with the gate shut.
                Err(TrySendError::Full(())) if !shut => {
                    shut = true;
                    self.gate.shut();
                }
                Err(TrySendError::Full(()) | TrySendError::Closed(())) => return,
            }
        }
    }
}
