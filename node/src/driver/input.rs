use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, mpsc};
use yilian_core::document::DocumentId;
use yilian_core::storage::{Quarantined, SnapshotInfo};
use yilian_core::sync::change_graph::ChangeError;
use yilian_core::sync::engine::{
    Checked, CloseReason, ConnectionId, Fetched, Loaded, PeerInfo, StoreFailed,
};
use yilian_core::sync::wire::{Body, Message};

use super::{Account, Outbox};

/// A message for a shard. The channel is bounded: a shard that is busy holds its peers back.
#[derive(Debug)]
pub struct Frame {
    /// Where it came from.
    pub connection: ConnectionId,
    /// What it says.
    pub message: Message,
    /// Given back once it was taken: a connection has few.
    pub place: Option<OwnedSemaphorePermit>,
    /// Who pays for it, if anybody does.
    pub account: Option<Account>,
}

/// Something else that happens to a shard. This channel is not bounded, but what goes into it is:
/// by the number of connections, and by what the shard itself asked for.
#[derive(Debug)]
pub enum Event {
    /// A connection is up.
    Connected {
        /// Its number.
        connection: ConnectionId,
        /// Who it is.
        peer: PeerInfo,
        /// The way to its socket.
        outbox: Outbox,
        /// Where to ask for its end.
        close: mpsc::UnboundedSender<CloseReason>,
    },
    /// A connection's channel has drained after it was full.
    Drained(ConnectionId),
    /// A connection is gone.
    Disconnected(ConnectionId),
    /// A load has ended.
    Loaded(DocumentId, Box<Result<Loaded, StoreFailed>>),
    /// A read of older changes has ended.
    Fetched(DocumentId, Result<Fetched, StoreFailed>),
    /// The store has a new snapshot.
    Snapshot(DocumentId, SnapshotInfo),
    /// Changes were found that are to go into quarantine.
    Quarantine(DocumentId, Vec<Quarantined>),
    /// Something of a document was damaged in the store and is set aside: what is in memory of it is out of date.
    SetAside(DocumentId),
    /// A commit has ended.
    Stored(DocumentId, Result<(), StoreFailed>),
    /// What was read aside, and how long that took.
    Expanded(
        DocumentId,
        ConnectionId,
        Result<Checked, ChangeError>,
        Duration,
    ),
}

/// The two channels of a shard.
#[derive(Clone, Debug)]
pub struct Route {
    /// Messages.
    pub frames: mpsc::Sender<Frame>,
    /// Everything else.
    pub events: mpsc::UnboundedSender<Event>,
}

/// Knows which shard a message is for.
#[derive(Clone, Debug)]
pub struct Router {
    shards: Arc<[Route]>,
    catalogue: Option<Route>,
    next: Arc<AtomicU64>,
    account: Option<Account>,
}

impl Router {
    /// Routes to these shards, and subscriptions to the catalogue if there is one.
    #[must_use]
    pub fn new(shards: Vec<Route>, catalogue: Option<Route>) -> Self {
        Self {
            shards: shards.into(),
            catalogue,
            next: Arc::new(AtomicU64::new(1)),
            account: None,
        }
    }

    /// The same for one connection, whose messages are paid for from `account`.
    #[must_use]
    pub fn charged_to(&self, account: Account) -> Self {
        Self {
            account: Some(account),
            ..self.clone()
        }
    }

    /// Who pays for messages that come this way.
    pub(super) fn account(&self) -> Option<Account> {
        self.account.clone()
    }

    /// A number that no connection has had.
    pub(super) fn connection(&self) -> ConnectionId {
        ConnectionId(self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// Everybody who has to know of a connection.
    pub(super) fn all(&self) -> impl Iterator<Item = &Route> {
        self.shards.iter().chain(&self.catalogue)
    }

    /// Which of `shards` shards has a document. The ids are random, so their bytes spread evenly.
    #[must_use]
    pub fn shard_of(document: DocumentId, shards: usize) -> usize {
        let [a, b, c, d, ..] = *document.as_bytes();
        u32::from_be_bytes([a, b, c, d]) as usize % shards.max(1)
    }

    /// The shards that a message is for.
    pub(super) fn targets(&self, message: &Message) -> &[Route] {
        let document = match &message.body {
            Body::Sync { document, .. }
            | Body::Unavailable { document }
            | Body::Ephemeral { document, .. }
            | Body::RemoteHeads { document, .. }
            | Body::Refusal { document, .. } => *document,
            Body::RemoteSubscription { .. } => return &self.shards,
            Body::Subscribe { .. } => return self.catalogue.as_slice(),
            Body::Catalogue { .. } | Body::Error { .. } | Body::Leave => {
                return self.shards.get(..1).unwrap_or_default();
            }
            Body::Join { .. } | Body::Peer { .. } | Body::Unknown { .. } => return &[],
        };
        let shard = Self::shard_of(document, self.shards.len());
        self.shards.get(shard..=shard).unwrap_or_default()
    }
}
