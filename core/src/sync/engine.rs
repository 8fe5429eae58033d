//! The engine: documents on one side, connections on the other, and no I/O.
//!
//! One call for each thing that happens, and effects to perform:
//!
//! - [`Engine::connected`], [`Engine::received`], [`Engine::disconnected`] when a connection does;
//! - [`Engine::open`], [`Engine::edited`], [`Engine::close`], [`Engine::sync_with`] when the
//!   application wants something;
//! - [`Engine::loaded`], [`Engine::stored`], [`Engine::expanded`] with the outcome of an effect;
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

use std::collections::{BTreeMap, VecDeque};

use automerge::ChangeHash;
use bytes::Bytes;

use super::change_graph::{ChangeError, ChangeGraph, only_changes};
use super::chunk::{ChunkError, next_chunk};
use super::limits::Limits;
use super::message::SyncMessage;
use super::sync_state::{SyncState, Voice};
use super::wire::{self, Body, Message};
use crate::document::{DocumentId, Name, Network};

mod connection;
mod document;
mod effect;
mod ephemeral;
mod remote_heads;

pub use connection::{ConnectionId, PeerInfo};
pub use effect::{CloseReason, Effect, Loaded, Notice, StoreFailed, StoreRequest};

use connection::Connection;
use document::{Document, Phase, Waiting};
use ephemeral::Seen;

/// What an engine is told at its start.
#[derive(Clone, Debug)]
pub struct Config {
    /// Our peer id: one for each process.
    pub peer_id: String,
    /// Our store's id.
    pub storage_id: String,
    /// Our session, for ephemeral messages.
    pub session_id: String,
    /// Relay or replica.
    pub voice: Voice,
    /// Bounds on what peers may do.
    pub limits: Limits,
    /// How long a document that nobody uses stays in memory, in milliseconds.
    pub idle_ms: u64,
}

/// The engine. See the module's documentation.
#[derive(Debug)]
pub struct Engine {
    config: Config,
    documents: BTreeMap<DocumentId, Document>,
    connections: BTreeMap<ConnectionId, Connection>,
    effects: VecDeque<Effect>,
    seen: Seen,
    count: u64,
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
            seen: Seen::default(),
            count: 0,
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
                document.peers.remove(&connection);
                document
                    .waiting
                    .retain(|waiting| waiting.connection != connection);
                document.used_ms = self.now_ms;
            }
        }
    }

    /// Time has passed: `now_ms` is Unix time in milliseconds. Once a second is often enough.
    pub fn tick(&mut self, now_ms: u64) {
        self.now_ms = now_ms;
        let oldest = now_ms.saturating_sub(self.config.idle_ms);
        self.documents
            .retain(|_, document| !document.is_idle() || document.used_ms > oldest);
    }

    /// Number of documents in memory.
    #[must_use]
    pub fn document_count(&self) -> usize {
        self.documents.len()
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

    /// Keeps a document in memory until [`Engine::close`]; [`Notice::Opened`] follows.
    pub fn open(&mut self, id: DocumentId, name: Option<&Name>) {
        self.touch(id);
        let Some(document) = self.documents.get_mut(&id) else {
            return;
        };
        document.held += 1;
        if let Some(name) = name {
            document.set_name(name.to_string());
        }
        if document.is_ready() {
            self.effects
                .push_back(Effect::Notify(Notice::Opened { document: id }));
        }
    }

    /// Takes back one [`Engine::open`].
    pub fn close(&mut self, id: DocumentId) {
        if let Some(document) = self.documents.get_mut(&id) {
            document.held = document.held.saturating_sub(1);
            document.used_ms = self.now_ms;
        }
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
            .or_insert_with(|| SyncState::resume(self.config.voice, common));
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
        let Some(document) = self.documents.get_mut(&id) else {
            return Ok(());
        };
        let outcome = changes
            .iter()
            .try_for_each(|change| document.take(change, &self.config.limits));
        self.commit(id);
        outcome
    }

    /// What is stored of a document, or that it cannot be had.
    pub fn loaded(&mut self, id: DocumentId, stored: Result<Loaded, StoreFailed>) {
        let Some(document) = self.documents.get_mut(&id) else {
            return;
        };
        let read = stored.ok().and_then(|stored| {
            Some((
                ChangeGraph::load(self.config.limits, &stored.chunks).ok()?,
                stored.name,
            ))
        });
        let Some((graph, name)) = read else {
            let connections: Vec<ConnectionId> = document.peers.keys().copied().collect();
            self.documents.remove(&id);
            self.effects
                .push_back(Effect::Notify(Notice::Damaged { document: id }));
            for connection in connections {
                self.hang_up(connection, CloseReason::StoreFailed);
            }
            return;
        };
        document.graph = graph;
        document.name = document.name.take().or_else(|| name.clone());
        document.stored_name = name;
        self.ready(id);
        self.effects
            .push_back(Effect::Notify(Notice::Opened { document: id }));
    }

    /// The changes that a document chunk of [`Effect::Expand`] stands for, or nothing if it is not one.
    pub fn expanded(
        &mut self,
        id: DocumentId,
        connection: ConnectionId,
        changes: Option<Vec<Bytes>>,
    ) {
        let Some(document) = self.documents.get_mut(&id) else {
            return;
        };
        let Phase::Expanding(message) = std::mem::replace(&mut document.phase, Phase::Ready) else {
            return;
        };
        match changes {
            Some(changes) => self.take_sync(
                id,
                connection,
                SyncMessage {
                    changes,
                    ..*message
                },
            ),
            None => self.refuse(id, connection, &ChunkError::Inflate.into()),
        }
        self.ready(id);
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
            let sources = std::mem::take(&mut document.sources);
            for state in document.peers.values_mut() {
                state.retain_known(&document.graph);
            }
            self.effects
                .push_back(Effect::Notify(Notice::Lost { document: id }));
            for connection in sources {
                self.hang_up(connection, CloseReason::StoreFailed);
            }
            return;
        }
        let from = document.graph.durable_len();
        document.graph.set_durable(count);
        document.stored_name = document.storing_name.take().or(document.stored_name.take());
        if document.is_at_rest() {
            document.sources.clear();
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
        if let Some(frame) = link
            .control
            .pop_front()
            .or_else(|| link.ephemerals.pop_front())
        {
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

    /// Loads a document unless it is here.
    fn touch(&mut self, id: DocumentId) {
        let now_ms = self.now_ms;
        let document = self.documents.entry(id).or_insert_with(|| {
            self.effects.push_back(Effect::Load { document: id });
            Document::new(self.config.limits)
        });
        document.used_ms = now_ms;
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

    fn hang_up(&mut self, connection: ConnectionId, reason: CloseReason) {
        self.effects.push_back(Effect::Close { connection, reason });
    }

    /// A document became ready: what waited is taken, and every peer hears of it.
    fn ready(&mut self, id: DocumentId) {
        if let Some(document) = self.documents.get_mut(&id)
            && matches!(document.phase, Phase::Loading)
        {
            document.phase = Phase::Ready;
        }
        while let Some(document) = self.documents.get_mut(&id)
            && document.is_ready()
            && let Some(waiting) = document.next_waiting()
        {
            self.take_data(waiting.connection, id, waiting.data, waiting.request);
        }
        let peers: Vec<ConnectionId> = self
            .documents
            .get(&id)
            .map(|document| document.peers.keys().copied().collect())
            .unwrap_or_default();
        for connection in peers {
            self.mark_behind(id, connection);
        }
        self.commit(id);
    }

    fn take_frame(
        &mut self,
        connection: ConnectionId,
        id: DocumentId,
        data: Bytes,
        request: bool,
        name: Option<String>,
    ) {
        let Some(link) = self.connections.get(&connection) else {
            return;
        };
        let name = match name.map(|name| proven_name(link, id, &name)) {
            Some(None) => return self.hang_up(connection, CloseReason::WrongName),
            Some(Some(name)) => Some(name),
            None => None,
        };
        let known = self.documents.contains_key(&id) || self.config.voice == Voice::Relay;
        if !known {
            // Nobody here asked for it.
            return self.say(connection, Body::Unavailable { document: id });
        }
        self.touch(id);
        let voice = self.config.voice;
        let limits = self.config.limits;
        let (Some(document), Some(link)) = (
            self.documents.get_mut(&id),
            self.connections.get_mut(&connection),
        ) else {
            return;
        };
        if let Some(name) = name {
            document.set_name(name);
        }
        if link.documents.insert(id) {
            if link.documents.len() > limits.documents {
                return self.hang_up(connection, CloseReason::TooManyDocuments);
            }
            document.peers.insert(connection, SyncState::new(voice));
        }
        if document.is_ready() {
            self.take_data(connection, id, data, request);
        } else if !document.wait(
            Waiting {
                connection,
                data,
                request,
            },
            &limits,
        ) {
            self.hang_up(connection, CloseReason::TooMuchWaiting);
        }
    }

    fn take_data(&mut self, connection: ConnectionId, id: DocumentId, data: Bytes, request: bool) {
        if self
            .connections
            .get(&connection)
            .is_none_or(|link| link.refused.contains(&id))
        {
            return;
        }
        let message = match SyncMessage::decode(&data, &self.config.limits) {
            Ok(message) => message,
            Err(_) => return self.hang_up(connection, CloseReason::BadMessage),
        };
        let Some(document) = self.documents.get_mut(&id) else {
            return;
        };
        if request && document.graph.is_empty() && message.changes.is_empty() {
            // They will hear of it when somebody brings it.
            self.say(connection, Body::Unavailable { document: id });
        }
        let Some(document) = self.documents.get_mut(&id) else {
            return;
        };
        if let Some(chunk) = message.changes.iter().find(|chunk| !only_changes(chunk)) {
            let bytes = chunk.clone();
            document.phase = Phase::Expanding(Box::new(message));
            return self.effects.push_back(Effect::Expand {
                document: id,
                connection,
                bytes,
            });
        }
        self.take_sync(id, connection, message);
    }

    fn take_sync(&mut self, id: DocumentId, connection: ConnectionId, mut message: SyncMessage) {
        let Some(document) = self.documents.get_mut(&id) else {
            return;
        };
        let limits = self.config.limits;
        let outcome = message
            .changes
            .iter()
            .try_for_each(|changes| document.take(changes, &limits));
        if !message.changes.is_empty() && !document.is_at_rest() {
            document.sources.insert(connection);
        }
        message.heads.sort_unstable();
        message.heads.dedup();
        let Some(state) = document.peers.get_mut(&connection) else {
            return;
        };
        let moved = state.their_heads() != Some(&message.heads[..]);
        state.receive(&document.graph, message);
        match outcome {
            Ok(()) => {}
            Err(ChangeError::Orphans { .. }) => {
                // Peers send nothing twice on one connection: whoever brought some begins anew.
                document.graph.drop_orphans();
                for source in std::mem::take(&mut document.sources) {
                    self.hang_up(source, CloseReason::TooManyOrphans);
                }
            }
            Err(error) => self.refuse(id, connection, &error),
        }
        if moved {
            self.effects.push_back(Effect::Notify(Notice::TheirHeads {
                document: id,
                connection,
            }));
            self.gossip_their_heads(id, connection);
        }
        self.mark_behind(id, connection);
        self.commit(id);
    }

    /// A change must not be stored: our own peers are told which and why, others are cut off.
    fn refuse(&mut self, id: DocumentId, connection: ConnectionId, error: &ChangeError) {
        let Some(link) = self.connections.get_mut(&connection) else {
            return;
        };
        let reason = error.to_string();
        if link.peer.yilian.is_some() {
            link.refused.insert(id);
            let changes = error.change().into_iter().collect();
            self.say(
                connection,
                Body::Refusal {
                    document: id,
                    changes,
                    reason,
                },
            );
        } else {
            self.say(connection, Body::Error { message: reason });
            self.hang_up(connection, CloseReason::BadChange);
        }
    }

    /// Starts a commit of what is not durable, unless one is under way.
    fn commit(&mut self, id: DocumentId) {
        let Some(document) = self.documents.get_mut(&id) else {
            return;
        };
        let (durable, len) = (document.graph.durable_len(), document.graph.len());
        let name_is_new =
            len > 0 && document.name.is_some() && document.name != document.stored_name;
        if document.committing.is_some() || (durable == len && !name_is_new) {
            return;
        }
        document.committing = Some(len);
        document.storing_name = document.name.clone();
        let changes = (durable..len)
            .filter_map(|index| document.graph.bytes(index))
            .cloned()
            .collect();
        self.effects.push_back(Effect::Store(StoreRequest {
            document: id,
            name: document.name.clone(),
            changes,
            heads: document.graph.heads().collect(),
        }));
    }

    /// The next sync frame for a peer, made for it or for another that is exactly where it is.
    fn sync_frame(&mut self, connection: ConnectionId, id: DocumentId) -> Option<Bytes> {
        let document = self.documents.get_mut(&id)?;
        if !document.is_ready() {
            return None;
        }
        let state = document.peers.get_mut(&connection)?;
        let asks = document.graph.is_empty() && state.their_heads().is_none();
        let at = state.exactly_at().map(<[_]>::to_vec);
        let shared = at
            .as_ref()
            .and_then(|at| document.shared.get(at, &document.graph));
        let tail = if let Some((tail, heads)) = shared {
            state.sent_shared(&heads);
            tail
        } else {
            let message = state.generate(&document.graph, self.config.limits.message_bytes)?;
            let tail = Bytes::from(wire::encode_sync_tail(id, &message.encode()));
            let whole = message
                .heads
                .iter()
                .copied()
                .eq(document.graph.durable_heads());
            if !whole {
                self.connections.get_mut(&connection)?.behind.insert(id);
            } else if let Some(at) = at {
                document.shared.put(at, message.heads, tail.clone());
            }
            tail
        };
        let link = self.connections.get_mut(&connection)?;
        let name = if link.peer.yilian.is_some() && link.peer.dialled && link.named.insert(id) {
            document.name.as_deref()
        } else {
            None
        };
        let mut frame =
            wire::encode_sync_head(&self.config.peer_id, &link.peer.peer_id, asks, name);
        frame.extend_from_slice(&tail);
        Some(frame.into())
    }
}

/// The name in full, with its network, if it really names the document.
fn proven_name(link: &Connection, id: DocumentId, name: &str) -> Option<String> {
    let network: Network = link.peer.yilian.as_ref()?.network.as_ref()?.parse().ok()?;
    let name: Name = name.parse().ok()?;
    (DocumentId::of(&network, &name) == id).then(|| full_name(&network, &name))
}

/// How a store that serves several networks keeps a name: `network:name`.
#[must_use]
pub fn full_name(network: &Network, name: &Name) -> String {
    format!("{network}:{name}")
}

/// Expands a document chunk or a bundle into the changes it stands for, as [`Effect::Expand`] asks.
///
/// This builds an Automerge document: run it aside, natively under `catch_unwind`, since a hostile
/// chunk can make Automerge panic.
#[must_use]
pub fn expand(bytes: &[u8]) -> Option<Vec<Bytes>> {
    let mut changes = Vec::new();
    let mut rest = bytes;
    while let Some(chunk) = next_chunk(&mut rest).ok()? {
        let expanded = match chunk.kind {
            super::chunk::ChunkKind::Document => automerge::Automerge::load(chunk.bytes)
                .ok()?
                .get_changes(&[]),
            super::chunk::ChunkKind::Bundle => automerge::Bundle::try_from(chunk.bytes)
                .ok()?
                .to_changes()
                .ok()?,
            super::chunk::ChunkKind::Change | super::chunk::ChunkKind::Deflated => {
                vec![automerge::Change::try_from(chunk.bytes).ok()?]
            }
        };
        changes.extend(
            expanded
                .iter()
                .map(|change| Bytes::copy_from_slice(change.raw_bytes())),
        );
    }
    Some(changes)
}
