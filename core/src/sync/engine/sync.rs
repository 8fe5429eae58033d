//! Syncing one document with one peer: messages in, changes into the graph, commits, messages out.

use bytes::Bytes;

use super::connection::Connection;
use super::document::{Phase, Waiting};
use super::expand::{Checked, is_quick, is_short, read_named};
use super::{Bound, CloseReason, ConnectionId, Effect, Engine, Notice, StoreRequest, full_name};
use crate::document::{DocumentId, Name, Network};
use crate::ordered;
use crate::sync::change_graph::ChangeError;
use crate::sync::chunk::ChangeHeader;
use crate::sync::limits::Limits;
use crate::sync::message::SyncMessage;
use crate::sync::sync_state::{SyncState, Voice};
use crate::sync::wire::{self, Body};

/// The changes of a message.
#[derive(Debug)]
pub(super) enum Brought {
    /// Read here, up to the first that is not valid, and not checked.
    Read(Vec<(ChangeHeader, Bytes)>, Option<ChangeError>),
    /// Read and checked aside.
    Checked(Result<Checked, ChangeError>),
}

impl Engine {
    fn call_unavailable(&mut self, connection: ConnectionId, id: DocumentId) {
        let Some(link) = self.connections.get_mut(&connection) else {
            return;
        };
        link.unavailable.insert(id);
        if link.unavailable.len() > self.config.limits.documents {
            return self.too_many_documents(connection);
        }
        self.wake(connection);
    }

    fn too_many_documents(&mut self, connection: ConnectionId) {
        let limit = Bound {
            name: "documents",
            what: "number of documents on this connection",
            value: self.config.limits.documents,
        };
        self.cut_off(connection, limit, CloseReason::TooManyDocuments);
    }

    /// What is stored of a document is damaged: it is not to be had here, and everything else is.
    pub(super) fn cannot_load(&mut self, id: DocumentId) {
        let Some(document) = self.documents.remove(&id) else {
            return;
        };
        self.effects
            .push_back(Effect::Notify(Notice::Damaged { document: id }));
        for connection in document.peers.into_keys() {
            if let Some(link) = self.connections.get_mut(&connection) {
                link.documents.remove(&id);
                link.refused.insert(id);
            }
            self.call_unavailable(connection, id);
        }
    }

    /// A document became ready: what waited is taken, and every peer hears of it.
    pub(super) fn ready(&mut self, id: DocumentId) {
        if let Some(document) = self.documents.get_mut(&id)
            && matches!(document.phase, Phase::Loading)
        {
            document.phase = Phase::Ready;
        }
        self.take_waiting(id);
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

    /// Takes what waited and need not wait any more.
    pub(super) fn take_waiting(&mut self, id: DocumentId) {
        while let Some(document) = self.documents.get_mut(&id)
            && document.is_ready()
            && let Some(waiting) = document.next_waiting()
        {
            self.take_data(waiting.connection, id, waiting.data, waiting.request);
        }
    }

    pub(super) fn take_frame(
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
        if link.refused.contains(&id) {
            return;
        }
        let name = match name.map(|name| proven_name(link, id, &name)) {
            Some(None) => return self.hang_up(connection, CloseReason::WrongName),
            Some(Some(name)) => Some(name),
            None => None,
        };
        let known = self.documents.contains_key(&id) || self.config.voice == Voice::Relay;
        if !known {
            // Nobody here asked for it.
            return self.call_unavailable(connection, id);
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
                return self.too_many_documents(connection);
            }
            let state = Box::new(SyncState::new(voice));
            document.peers.insert(connection, state);
        }
        if document.is_ready_for(connection) {
            return self.take_data(connection, id, data, request);
        }
        let waiting = Waiting {
            connection,
            data,
            request,
        };
        if let Err((most, limit)) = document.wait(waiting, &limits) {
            document.forget(most);
            self.cut_off(most, limit, CloseReason::TooMuchWaiting);
        }
    }

    pub(super) fn take_data(
        &mut self,
        connection: ConnectionId,
        id: DocumentId,
        data: Bytes,
        request: bool,
    ) {
        if self
            .connections
            .get(&connection)
            .is_none_or(|link| link.refused.contains(&id))
        {
            return;
        }
        let message = match SyncMessage::decode(&data, &self.config.limits) {
            Ok(message) => message,
            Err(error) => {
                if let Some(limit) = error.limit() {
                    self.hits.note(limit);
                }
                let message = error.to_string();
                self.say(connection, Body::Error { message });
                return self.hang_up(connection, CloseReason::BadMessage);
            }
        };
        let Some(document) = self.documents.get_mut(&id) else {
            return;
        };
        if request && document.graph.is_empty() && message.changes.is_empty() {
            // They will hear of it when somebody brings it.
            self.call_unavailable(connection, id);
        }
        let busy = self.config.voice == Voice::Relay;
        if !is_quick(&message.changes, busy) {
            return self.set_aside(id, connection, message);
        }
        let (changes, error) = read_until_error(&message.changes, &self.config.limits);
        if busy && !is_short(&changes) {
            return self.set_aside(id, connection, message);
        }
        self.take_sync(id, connection, message, Brought::Read(changes, error));
    }

    /// Has the changes of a message read and checked aside: that may take long.
    fn set_aside(&mut self, id: DocumentId, connection: ConnectionId, message: SyncMessage) {
        let (Some(document), Some(link)) = (
            self.documents.get_mut(&id),
            self.connections.get_mut(&connection),
        ) else {
            return;
        };
        let limits = self.config.limits;
        link.aside_bytes += message.changes.iter().map(Bytes::len).sum::<usize>();
        if link.aside_bytes > limits.loading_bytes.max(limits.frame_bytes) {
            let limit = Bound {
                name: "loading_bytes",
                what: "bytes of changes that are being read",
                value: limits.loading_bytes.max(limits.frame_bytes),
            };
            return self.cut_off(connection, limit, CloseReason::TooMuchWaiting);
        }
        // Nearly always it is the only one: then this copies nothing.
        let bytes = match &message.changes[..] {
            [chunk] => chunk.clone(),
            chunks => chunks.concat().into(),
        };
        document.aside.insert(connection, Box::new(message));
        self.effects.push_back(Effect::Expand {
            document: id,
            connection,
            bytes,
            limits,
        });
    }

    pub(super) fn take_sync(
        &mut self,
        id: DocumentId,
        connection: ConnectionId,
        mut message: SyncMessage,
        brought: Brought,
    ) {
        let Some(document) = self.documents.get_mut(&id) else {
            return;
        };
        let (before, waiting) = (document.graph.len(), document.graph.waiting());
        let outcome = match brought {
            Brought::Read(changes, error) => match (document.take_read(changes), error) {
                (Ok(()) | Err(ChangeError::Quarantined { .. }), Some(error)) => Err(error),
                (outcome, _) => outcome,
            },
            Brought::Checked(checked) => checked.and_then(|changes| document.take_checked(changes)),
        };
        self.taken += u64::from(document.graph.len() - before);
        if !message.changes.is_empty() && document.graph.durable_len() < document.graph.len() {
            document.sources.insert(connection);
        }
        if document.graph.waiting() > waiting {
            document.parked.insert(connection);
        }
        ordered::sort(&mut message.heads);
        message.heads.dedup();
        let Some(state) = document.peers.get_mut(&connection) else {
            return;
        };
        let moved = state.their_heads() != Some(&message.heads[..]);
        state.receive(&document.graph, message);
        let mut built_on = None;
        match outcome {
            Ok(()) => {}
            Err(error @ ChangeError::Orphans { .. }) => self.drop_orphans(id, connection, &error),
            // It may have the change that is in quarantine through no fault of its own, and the rest to sync.
            Err(ChangeError::Quarantined { ground, .. }) => built_on = Some(ground),
            Err(error) => self.refuse(id, connection, &error),
        }
        self.warn(id, connection, built_on);
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

    /// Too much waits for what nobody sends. Peers send nothing twice on one connection: whoever brought some of it begins
    /// anew.
    fn drop_orphans(&mut self, id: DocumentId, connection: ConnectionId, error: &ChangeError) {
        let Some(document) = self.documents.get_mut(&id) else {
            return;
        };
        document.graph.drop_orphans();
        document.parked.insert(connection);
        if let Some(limit) = error.limit() {
            self.hits.note(limit);
        }
        for source in std::mem::take(&mut document.parked) {
            let message = error.to_string();
            self.say(source, Body::Error { message });
            self.hang_up(source, CloseReason::TooManyOrphans);
        }
    }

    /// A change must not be stored: our own peers are told which and why, others are cut off.
    pub(super) fn refuse(&mut self, id: DocumentId, connection: ConnectionId, error: &ChangeError) {
        let Some(link) = self.connections.get_mut(&connection) else {
            return;
        };
        if let Some(limit) = error.limit() {
            self.hits.note(limit);
        }
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
    pub(super) fn commit(&mut self, id: DocumentId) {
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
    pub(super) fn sync_frame(&mut self, connection: ConnectionId, id: DocumentId) -> Option<Bytes> {
        let ours = self.connections.get(&connection)?.peer.yilian.is_some();
        let limits = &self.config.limits;
        let bytes_max = if ours {
            limits.message_bytes
        } else {
            limits.foreign_message_bytes
        };
        let document = self.documents.get_mut(&id)?;
        if !document.is_ready() {
            return None;
        }
        let state = document.peers.get_mut(&connection)?;
        let asks = document.graph.is_empty() && state.their_heads().is_none();
        let shared = state
            .exactly_at()
            .and_then(|at| document.shared.get(at, &document.graph));
        let tail = if let Some((tail, heads)) = shared {
            state.sent_shared(&heads);
            tail
        } else {
            let at = state.exactly_at().map(<[_]>::to_vec);
            let partial = document.served.take_if(|served| *served == connection);
            let message = match state.generate(&document.graph, bytes_max, partial.is_some()) {
                Ok(message) => message?,
                Err(wanted) => {
                    self.fetch(connection, id, wanted);
                    return None;
                }
            };
            let tail = Bytes::from(wire::encode_sync_tail(id, &message.encode()));
            let whole = message
                .heads
                .iter()
                .copied()
                .eq(document.graph.durable_heads());
            if !whole {
                self.hits.note(if ours {
                    "message_bytes"
                } else {
                    "foreign_message_bytes"
                });
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

/// The changes of a message up to the first chunks that are not valid.
fn read_until_error(
    chunks: &[Bytes],
    limits: &Limits,
) -> (Vec<(ChangeHeader, Bytes)>, Option<ChangeError>) {
    let mut changes = Vec::new();
    for chunks in chunks {
        match read_named(chunks, limits) {
            Ok(read) => changes.extend(read),
            Err(error) => return (changes, Some(error)),
        }
    }
    (changes, None)
}

/// The name in full, with its network, if it really names the document.
fn proven_name(link: &Connection, id: DocumentId, name: &str) -> Option<String> {
    let network: Network = link.peer.yilian.as_ref()?.network.as_ref()?.parse().ok()?;
    let name: Name = name.parse().ok()?;
    (DocumentId::of(&network, &name) == id).then(|| full_name(&network, &name))
}
