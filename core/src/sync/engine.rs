//! The engine: documents on one side, connections on the other, and no I/O.
//!
//! One call for each thing that happens, and effects to perform:
//!
//! - [`Engine::connected`], [`Engine::received`], [`Engine::disconnected`] when a connection does;
//! - [`Engine::open`], [`Engine::edited`], [`Engine::close`], [`Engine::sync_with`], [`Engine::quarantine`] when the
//!   application wants something;
//! - [`Engine::loaded`], [`Engine::fetched`], [`Engine::stored`], [`Engine::expanded`] with the outcome of
//!   an effect;
//! - [`Engine::tick`] now and then.
//!
//! After any of them, take effects with [`Engine::poll_effect`] until there are none. For every
//! [`Effect::Wake`], call [`Engine::poll_transmit`] each time the socket can take a frame, until it
//! returns `None`: a message is made when it can be sent, so that what a slow reader missed becomes
//! one message instead of a queue.
//!
//! **Heads on the wire are durable heads**: a change is spoken of after [`Engine::stored`] said that
//! it is committed. A document has at most one commit under way; what arrives meanwhile shares the
//! next.

use std::collections::VecDeque;

use automerge::ChangeHash;
use bytes::Bytes;

use super::change_graph::{ChangeError, ChangeGraph};
use super::limits::Hits;
use super::sync_state::{SyncState, Voice};
use super::wire::{self, Body, Message};
use crate::document::{DocumentId, Name, Network};
use crate::ordered::BTreeMap;

mod config;
mod connection;
mod document;
mod effect;
mod ephemeral;
mod expand;
mod fetch;
mod memory;
mod quarantine;
mod remote_heads;
mod sync;
mod usage;

pub use config::Config;
pub use connection::{ConnectionId, PeerInfo};
pub use effect::{CloseReason, Effect, Fetched, Loaded, Notice, StoreFailed, StoreRequest};
pub use expand::{Checked, examine, expand};
pub use usage::Usage;

use connection::Connection;
use document::Document;
use ephemeral::Seen;
use fetch::Cache;
use sync::Brought;

/// The engine. See the module's documentation.
#[derive(Debug)]
pub struct Engine {
    config: Config,
    documents: BTreeMap<DocumentId, Box<Document>>,
    connections: BTreeMap<ConnectionId, Connection>,
    effects: VecDeque<Effect>,
    cache: Cache,
    seen: Seen,
    count: u64,
    taken: u64,
    hits: Hits,
    now_ms: u64,
    gossip_ms: u64,
}

impl Engine {
    /// An engine that holds nothing.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            config,
            documents: BTreeMap::new(),
            connections: BTreeMap::new(),
            effects: VecDeque::new(),
            cache: Cache::default(),
            seen: Seen::default(),
            count: 0,
            taken: 0,
            hits: Hits::default(),
            now_ms: 0,
            gossip_ms: 0,
        }
    }

    /// What it was told at its start.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The next thing to do, if any.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// A connection is up, and both sides have introduced themselves.
    pub fn connected(&mut self, connection: ConnectionId, peer: PeerInfo) {
        self.connections.insert(connection, Connection::new(peer));
    }

    /// A connection is gone, and what was known of the peer on it.
    pub fn disconnected(&mut self, connection: ConnectionId) {
        let Some(gone) = self.connections.remove(&connection) else {
            return;
        };
        for id in gone.documents {
            if let Some(document) = self.documents.get_mut(&id) {
                document.forget(connection);
                document.used_ms = self.now_ms;
            }
        }
    }

    /// Whether a document is in memory, or on its way there.
    #[must_use]
    pub fn holds(&self, document: DocumentId) -> bool {
        self.documents.contains_key(&document)
    }

    /// Number of documents in memory.
    #[must_use]
    pub fn document_count(&self) -> usize {
        self.documents.len()
    }

    /// How many changes were taken from peers since the start that were not here before.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// How often each limit was reached since the start.
    #[must_use]
    pub fn limit_hits(&self) -> &Hits {
        &self.hits
    }

    /// Whether the application keeps a document open.
    #[must_use]
    pub fn is_open(&self, document: DocumentId) -> bool {
        self.documents
            .get(&document)
            .is_some_and(|document| document.held > 0)
    }

    /// The graph of a document, once it is loaded.
    #[must_use]
    pub fn graph(&self, document: DocumentId) -> Option<&ChangeGraph> {
        self.documents
            .get(&document)
            .filter(|document| document.is_ready())
            .map(|document| &document.graph)
    }

    /// The peer on a connection.
    #[must_use]
    pub fn peer(&self, connection: ConnectionId) -> Option<&PeerInfo> {
        self.connections
            .get(&connection)
            .map(|connection| &connection.peer)
    }

    /// Whether a document was spoken of on a connection, by either side: also if what was said waits to be taken, or is not
    /// taken any more.
    #[must_use]
    pub fn speaks_of(&self, connection: ConnectionId, document: DocumentId) -> bool {
        self.connections.get(&connection).is_some_and(|link| {
            link.documents.contains(&document) || link.refused.contains(&document)
        })
    }

    /// The heads that the peer on a connection claimed last for a document.
    #[must_use]
    pub fn their_heads(
        &self,
        document: DocumentId,
        connection: ConnectionId,
    ) -> Option<&[ChangeHash]> {
        self.documents
            .get(&document)?
            .peers
            .get(&connection)?
            .their_heads()
    }

    /// Begins to sync a document with the peer on a connection that we dialled, which had
    /// everything up to `common` when last seen.
    pub fn sync_with(
        &mut self,
        id: DocumentId,
        name: Option<&Name>,
        connection: ConnectionId,
        common: &[ChangeHash],
    ) {
        self.touch(id);
        let (Some(document), Some(link)) = (
            self.documents.get_mut(&id),
            self.connections.get_mut(&connection),
        ) else {
            return;
        };
        if let Some(name) = name {
            document.set_name(name.to_string());
        }
        link.documents.insert(id);
        document
            .peers
            .entry(connection)
            .or_insert_with(|| Box::new(SyncState::resume(self.config.voice, common)));
        self.mark_behind(id, connection);
    }

    /// Says something of our own on a connection.
    pub fn say(&mut self, connection: ConnectionId, body: Body) {
        let sender = self.config.peer_id.clone();
        if let Some(link) = self.connections.get_mut(&connection) {
            let target = Some(link.peer.peer_id.clone());
            link.control.push_back(wire::encode(&Message {
                sender,
                target,
                body,
            }));
            self.wake(connection);
        }
    }

    /// Takes changes that the application made; they are in the graph at once and durable later.
    ///
    /// # Errors
    /// [`ChangeError`] if a change does not fit the document: the application built it on something
    /// else. Nothing of it is kept then but what fitted.
    pub fn edited(&mut self, id: DocumentId, changes: &[Bytes]) -> Result<(), ChangeError> {
        let open = self
            .documents
            .get_mut(&id)
            .filter(|document| document.is_ready());
        let Some(document) = open else {
            return Err(ChangeError::NotOpen);
        };
        let outcome = changes
            .iter()
            .try_for_each(|change| document.take(change, &self.config.limits));
        self.commit(id);
        outcome
    }

    /// The outcome of an [`Effect::Expand`].
    pub fn expanded(
        &mut self,
        id: DocumentId,
        connection: ConnectionId,
        changes: Result<Checked, ChangeError>,
    ) {
        let Some(document) = self.documents.get_mut(&id) else {
            return;
        };
        // It may be gone, and what it said last is not heard.
        let Some(message) = document.aside.remove(&connection) else {
            return;
        };
        if let Some(link) = self.connections.get_mut(&connection) {
            let bytes = message.changes.iter().map(Bytes::len).sum();
            link.aside_bytes = link.aside_bytes.saturating_sub(bytes);
        }
        self.take_sync(id, connection, *message, Brought::Checked(changes));
        self.take_waiting(id);
    }

    /// The outcome of an [`Effect::Store`].
    pub fn stored(&mut self, id: DocumentId, outcome: Result<(), StoreFailed>) {
        let Some(document) = self.documents.get_mut(&id) else {
            return;
        };
        let Some(count) = document.committing.take() else {
            return;
        };
        if outcome.is_err() {
            document.graph.drop_volatile();
            document.shared.clear();
            let mut sources = std::mem::take(&mut document.sources);
            // What waited may have been freed by what is gone now.
            sources.extend(std::mem::take(&mut document.parked));
            for state in document.peers.values_mut() {
                state.retain_known(&document.graph);
            }
            self.effects
                .push_back(Effect::Notify(Notice::Lost { document: id }));
            for connection in sources {
                self.hang_up(connection, CloseReason::StoreFailed);
            }
            return self.store_quarantine(id);
        }
        let from = document.graph.durable_len();
        document.graph.set_durable(count);
        if self.config.voice == Voice::Relay && document.graph.trim(self.config.limits.tail_bytes) {
            self.hits.note("tail_bytes");
        }
        document.stored_name = document.storing_name.take().or(document.stored_name.take());
        if document.graph.durable_len() == document.graph.len() {
            document.sources.clear();
        }
        if document.graph.waiting() == 0 {
            document.parked.clear();
        }
        let to = document.graph.durable_len();
        if to > from {
            self.effects.push_back(Effect::Notify(Notice::Durable {
                document: id,
                from,
                to,
            }));
        }
        let peers: Vec<ConnectionId> = document.peers.keys().copied().collect();
        for connection in peers {
            self.mark_behind(id, connection);
        }
        self.gossip_own_heads(id);
        self.commit(id);
    }

    /// Takes a message from a connection.
    ///
    /// `join` and `peer` are not for the engine; catalogues are not either.
    pub fn received(&mut self, connection: ConnectionId, message: Message) {
        let Some(link) = self.connections.get(&connection) else {
            return;
        };
        let direct = message.sender == link.peer.peer_id;
        match message.body {
            // An ephemeral message names its author, who may be somebody else.
            Body::Ephemeral {
                document,
                count,
                session,
                data,
            } => {
                self.take_ephemeral(connection, message.sender, document, count, session, data);
            }
            // Whoever speaks in another's name is not heard.
            _ if !direct => {}
            Body::Sync {
                document,
                data,
                request,
                name,
            } => {
                self.take_frame(connection, document, data, request, name);
            }
            Body::Unavailable { document } => {
                self.effects.push_back(Effect::Notify(Notice::Unavailable {
                    document,
                    connection,
                }));
            }
            Body::RemoteSubscription { add, remove } => self.follow(connection, add, remove),
            Body::RemoteHeads { document, heads } => {
                self.pass_on_heads(connection, document, &heads)
            }
            Body::Refusal {
                document,
                changes,
                reason,
            } => {
                self.effects.push_back(Effect::Notify(Notice::Refused {
                    document,
                    connection,
                    changes,
                    reason,
                }));
            }
            Body::Error { message } => {
                self.effects.push_back(Effect::Notify(Notice::PeerError {
                    connection,
                    message,
                }));
            }
            Body::Leave => self.hang_up(connection, CloseReason::Left),
            Body::Join { .. }
            | Body::Peer { .. }
            | Body::Subscribe { .. }
            | Body::Catalogue { .. }
            | Body::Unknown { .. } => {}
        }
    }

    /// The next frame for a connection, if there is anything to say.
    pub fn poll_transmit(&mut self, connection: ConnectionId) -> Option<Bytes> {
        let link = self.connections.get_mut(&connection)?;
        if let Some(frame) = link.control.pop_front() {
            return Some(frame);
        }
        if let Some(document) = link.unavailable.pop_first() {
            let target = Some(link.peer.peer_id.clone());
            let (sender, body) = (self.config.peer_id.clone(), Body::Unavailable { document });
            return Some(wire::encode(&Message {
                sender,
                target,
                body,
            }));
        }
        if let Some(frame) = link.ephemerals.pop_front() {
            return Some(frame);
        }
        if let Some(frame) = self.next_gossip(connection) {
            return Some(frame);
        }
        while let Some(id) = self.connections.get_mut(&connection)?.next_behind() {
            if let Some(frame) = self.sync_frame(connection, id) {
                return Some(frame);
            }
        }
        self.connections.get_mut(&connection)?.awake = false;
        None
    }

    fn mark_behind(&mut self, id: DocumentId, connection: ConnectionId) {
        if let Some(link) = self.connections.get_mut(&connection) {
            link.behind.insert(id);
            self.wake(connection);
        }
    }

    fn wake(&mut self, connection: ConnectionId) {
        if let Some(link) = self.connections.get_mut(&connection)
            && !std::mem::replace(&mut link.awake, true)
        {
            self.effects.push_back(Effect::Wake { connection });
        }
    }

    /// Ends a connection that is above a limit, and says so.
    fn cut_off(&mut self, connection: ConnectionId, limit: Bound, reason: CloseReason) {
        self.hits.note(limit.name);
        let (what, value) = (limit.what, limit.value);
        let message = format!("{what} is above the limit of {value}");
        self.say(connection, Body::Error { message });
        self.hang_up(connection, reason);
    }

    fn hang_up(&mut self, connection: ConnectionId, reason: CloseReason) {
        self.effects.push_back(Effect::Close { connection, reason });
    }
}

/// A limit that somebody is above.
#[derive(Clone, Copy, Debug)]
struct Bound {
    name: &'static str,
    what: &'static str,
    value: usize,
}

/// How a store that serves several networks keeps a name: `network:name`.
#[must_use]
pub fn full_name(network: &Network, name: &Name) -> String {
    format!("{network}:{name}")
}

#[cfg(test)]
mod tests;
