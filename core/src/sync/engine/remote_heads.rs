//! Telling peers how far stores are that they follow (`remote-subscription-change`).

use automerge::ChangeHash;
use bytes::Bytes;

use super::{ConnectionId, Engine};
use crate::document::DocumentId;
use crate::ordered::{BTreeMap, BTreeSet};
use crate::sync::wire::{self, Body, LIST_MAX, Message};

impl Engine {
    /// The peer follows other stores from now on, and hears at once how far they are.
    pub(super) fn follow(
        &mut self,
        connection: ConnectionId,
        add: Vec<String>,
        remove: Vec<String>,
    ) {
        let Some(link) = self.connections.get_mut(&connection) else {
            return;
        };
        for store in remove {
            link.follows.remove(&store);
        }
        link.follows.extend(
            add.iter()
                .take(LIST_MAX.saturating_sub(link.follows.len()))
                .cloned(),
        );
        let add: BTreeSet<String> = add.into_iter().collect();
        let documents: Vec<DocumentId> = link.documents.iter().copied().collect();
        for id in documents {
            for (store, heads) in self.heads_by_store(id) {
                if add.contains(&store) {
                    self.tell_heads(connection, id, store, heads);
                }
            }
        }
    }

    pub(super) fn gossip_own_heads(&mut self, id: DocumentId) {
        let Some(document) = self.documents.get(&id) else {
            return;
        };
        let heads = document.durable_heads();
        let store = self.config.storage_id.clone();
        self.tell_followers(None, id, &store, &heads);
    }

    pub(super) fn gossip_their_heads(&mut self, id: DocumentId, connection: ConnectionId) {
        let Some(store) = self
            .connections
            .get(&connection)
            .and_then(|link| link.peer.storage_id.clone())
        else {
            return;
        };
        let Some(heads) = self.their_heads(id, connection).map(<[_]>::to_vec) else {
            return;
        };
        self.tell_followers(Some(connection), id, &store, &heads);
    }

    /// What a peer heard of others goes to those who follow them.
    pub(super) fn pass_on_heads(
        &mut self,
        from: ConnectionId,
        id: DocumentId,
        heads: &BTreeMap<String, (Vec<ChangeHash>, f64)>,
    ) {
        // How far we are, nobody knows better: what a peer heard may be old.
        let others = heads
            .iter()
            .filter(|(store, _)| **store != self.config.storage_id)
            .map(|(store, (heads, _))| (store.clone(), heads.clone()))
            .collect::<Vec<_>>();
        for (store, heads) in &others {
            self.tell_followers(Some(from), id, store, heads);
        }
    }

    fn heads_by_store(&self, id: DocumentId) -> Vec<(String, Vec<ChangeHash>)> {
        let Some(document) = self.documents.get(&id) else {
            return Vec::new();
        };
        let ours = (self.config.storage_id.clone(), document.durable_heads());
        let theirs = document.peers.iter().filter_map(|(connection, state)| {
            let store = self.connections.get(connection)?.peer.storage_id.clone()?;
            Some((store, state.their_heads()?.to_vec()))
        });
        theirs.chain([ours]).collect()
    }

    fn tell_followers(
        &mut self,
        except: Option<ConnectionId>,
        id: DocumentId,
        store: &str,
        heads: &[ChangeHash],
    ) {
        let Some(document) = self.documents.get(&id) else {
            return;
        };
        let followers: Vec<ConnectionId> = document
            .peers
            .keys()
            .copied()
            .filter(|peer| Some(*peer) != except)
            .filter(|peer| {
                self.connections
                    .get(peer)
                    .is_some_and(|link| link.follows.contains(store))
            })
            .collect();
        for connection in followers {
            self.tell_heads(connection, id, store.to_owned(), heads.to_vec());
        }
    }

    fn tell_heads(
        &mut self,
        connection: ConnectionId,
        id: DocumentId,
        store: String,
        heads: Vec<ChangeHash>,
    ) {
        // Receivers drop what is not later than what they heard last.
        self.gossip_ms = self.now_ms.max(self.gossip_ms + 1);
        let now_ms = self.gossip_ms;
        if let Some(link) = self.connections.get_mut(&connection)
            && (link.gossip.len() < LIST_MAX || link.gossip.contains_key(&(id, store.clone())))
        {
            link.gossip.insert((id, store), (heads, now_ms));
            self.wake(connection);
        }
    }

    pub(super) fn next_gossip(&mut self, connection: ConnectionId) -> Option<Bytes> {
        let link = self.connections.get_mut(&connection)?;
        let ((document, store), (heads, at_ms)) = link.gossip.pop_first()?;
        // Milliseconds of Unix time fit a float exactly for the next 280,000 years.
        let heads = BTreeMap::from([(store, (heads, at_ms as f64))]);
        let target = Some(link.peer.peer_id.clone());
        let body = Body::RemoteHeads { document, heads };
        Some(wire::encode(&Message {
            sender: self.config.peer_id.clone(),
            target,
            body,
        }))
    }
}
