//! A replica: the engine of a node or a page, and what it keeps in step with the relay it dialled.
//!
//! It knows every document of its store without loading it: name, heads, and the heads that the
//! relay has acknowledged. On a connection it subscribes to prefixes, and syncs only the documents
//! whose heads differ; five thousand that did not change cost one exchange.

use std::collections::VecDeque;

use automerge::ChangeHash;
use bytes::Bytes;

use super::change_graph::ChangeError;
use super::engine::{
    Checked, Config, ConnectionId, Effect, Engine, Loaded, Notice, PeerInfo, StoreFailed,
};
use super::wire::{Body, CatalogueEntry, Cursor, Message};
use crate::document::{DocumentId, Name, Network};
use crate::ordered::{BTreeMap, BTreeSet};
use crate::storage::StoredDocument;

mod held;
mod memo;
mod progress;
mod quarantine;

use held::Held;

pub use memo::Memo;
pub use progress::{Progress, Waiting};

#[derive(Debug)]
struct Relay {
    connection: ConnectionId,
    catalogue_read: bool,
    cursor: Option<Cursor>,
    /// Documents that the catalogue named.
    named: BTreeSet<DocumentId>,
    /// Documents that it said it does not have.
    lacks: BTreeSet<DocumentId>,
    /// Heads that the relay has and we do not have on disk, by document.
    arriving: BTreeMap<DocumentId, Vec<ChangeHash>>,
}

/// The replica. See the module's documentation.
#[derive(Debug)]
pub struct Replica {
    engine: Engine,
    network: Network,
    prefixes: Vec<String>,
    cursor: Option<Cursor>,
    held: BTreeMap<DocumentId, Held>,
    relay: Option<Relay>,
    refused: BTreeMap<DocumentId, String>,
    effects: VecDeque<Effect>,
    memos: VecDeque<Memo>,
}

impl Replica {
    /// A replica of what a store holds, subscribed to `prefixes`, that read the relay's catalogue up
    /// to `cursor` last time.
    #[must_use]
    pub fn new(
        config: Config,
        network: Network,
        stored: Vec<StoredDocument>,
        prefixes: Vec<String>,
        cursor: Option<Cursor>,
    ) -> Self {
        let held = stored
            .into_iter()
            .map(|stored| {
                let name = stored.name.and_then(|name| name.parse().ok());
                (
                    stored.id,
                    Held {
                        name,
                        heads: stored.heads,
                        remote_heads: stored.remote_heads,
                    },
                )
            })
            .collect();
        Self {
            engine: Engine::new(config),
            network,
            prefixes,
            cursor,
            held,
            relay: None,
            refused: BTreeMap::new(),
            effects: VecDeque::new(),
            memos: VecDeque::new(),
        }
    }

    /// The engine beneath, to look into.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Every document that the store holds: its id, name and heads.
    pub fn documents(&self) -> impl Iterator<Item = (DocumentId, Option<&Name>, &[ChangeHash])> {
        self.held
            .iter()
            .map(|(id, held)| (*id, held.name.as_ref(), &held.heads[..]))
    }

    /// The next thing to do; as [`Engine::poll_effect`].
    pub fn poll_effect(&mut self) -> Option<Effect> {
        loop {
            if let Some(effect) = self.effects.pop_front() {
                return Some(effect);
            }
            let effect = self.engine.poll_effect()?;
            if let Effect::Notify(notice) = &effect {
                self.note(notice);
            }
            self.effects.push_back(effect);
        }
    }

    /// The next thing to store along with the next commit.
    pub fn poll_memo(&mut self) -> Option<Memo> {
        self.memos.pop_front()
    }

    /// As [`Engine::poll_transmit`].
    pub fn poll_transmit(&mut self, connection: ConnectionId) -> Option<Bytes> {
        self.engine.poll_transmit(connection)
    }

    /// The relay that we dialled has introduced itself.
    pub fn connected(&mut self, connection: ConnectionId, peer: PeerInfo) {
        let speaks_ours = peer.yilian.is_some();
        self.engine.connected(connection, peer);
        self.refused.clear();
        self.relay = Some(Relay {
            connection,
            catalogue_read: !speaks_ours,
            cursor: None,
            named: BTreeSet::new(),
            lacks: BTreeSet::new(),
            arriving: BTreeMap::new(),
        });
        if speaks_ours {
            let body = Body::Subscribe {
                prefixes: self.prefixes.clone(),
                cursor: self.cursor.clone(),
            };
            self.engine.say(connection, body);
        } else {
            // Nothing tells us what it has: every document asks.
            let documents: Vec<DocumentId> = self.held.keys().copied().collect();
            documents
                .into_iter()
                .for_each(|document| self.sync(document));
        }
    }

    /// The connection is gone.
    pub fn disconnected(&mut self, connection: ConnectionId) {
        self.engine.disconnected(connection);
        if self
            .relay
            .as_ref()
            .is_some_and(|relay| relay.connection == connection)
        {
            self.relay = None;
        }
    }

    /// Takes a message from the relay.
    pub fn received(&mut self, connection: ConnectionId, message: Message) {
        match message.body {
            Body::Catalogue {
                since,
                cursor,
                entries,
                more,
            } => {
                self.read_catalogue(connection, since, cursor, entries, more);
            }
            _ => {
                // News of a document that went out of memory because there was none.
                if let Body::Sync { document, .. } = message.body
                    && !self.engine.holds(document)
                {
                    self.sync(document);
                }
                self.engine.received(connection, message);
            }
        }
    }

    /// Opens a document for the application, and syncs it from now on.
    pub fn open(&mut self, name: &Name) -> DocumentId {
        let id = DocumentId::of(&self.network, name);
        self.held
            .entry(id)
            .or_default()
            .name
            .get_or_insert_with(|| name.clone());
        self.engine.open(id, Some(name));
        self.sync(id);
        id
    }

    /// Takes back one [`Replica::open`].
    pub fn close(&mut self, document: DocumentId) {
        self.engine.close(document);
    }

    /// As [`Engine::edited`].
    ///
    /// # Errors
    /// As there.
    pub fn edited(&mut self, document: DocumentId, changes: &[Bytes]) -> Result<(), ChangeError> {
        self.engine.edited(document, changes)
    }

    /// As [`Engine::send_ephemeral`].
    pub fn send_ephemeral(&mut self, document: DocumentId, data: &Bytes) -> bool {
        self.engine.send_ephemeral(document, data)
    }

    /// As [`Engine::loaded`].
    pub fn loaded(&mut self, document: DocumentId, stored: Result<Loaded, StoreFailed>) {
        self.engine.loaded(document, stored);
    }

    /// As [`Engine::stored`].
    pub fn stored(&mut self, document: DocumentId, outcome: Result<(), StoreFailed>) {
        self.engine.stored(document, outcome);
    }

    /// As [`Engine::expanded`].
    pub fn expanded(
        &mut self,
        document: DocumentId,
        connection: ConnectionId,
        changes: Result<Checked, ChangeError>,
    ) {
        self.engine.expanded(document, connection, changes);
    }

    /// As [`Engine::tick`].
    pub fn tick(&mut self, now_ms: u64) {
        self.engine.tick(now_ms);
    }

    /// How far we and the relay are from each other.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress {
            online: self.relay.is_some(),
            catalogue_read: self
                .relay
                .as_ref()
                .is_some_and(|relay| relay.catalogue_read),
            arriving: self.relay.as_ref().map_or(0, |relay| relay.arriving.len()),
            waiting: self.waiting(),
            refused: self
                .refused
                .iter()
                .map(|(document, reason)| (*document, reason.clone()))
                .collect(),
        }
    }

    fn sync(&mut self, document: DocumentId) {
        if let (Some(relay), Some(held)) = (&self.relay, self.held.get(&document)) {
            self.engine.sync_with(
                document,
                held.name.as_ref(),
                relay.connection,
                &held.remote_heads,
            );
        }
    }

    fn read_catalogue(
        &mut self,
        connection: ConnectionId,
        since: u64,
        cursor: Cursor,
        entries: Vec<CatalogueEntry>,
        more: bool,
    ) {
        let network = self.network.clone();
        let Some(relay) = self
            .relay
            .as_mut()
            .filter(|relay| relay.connection == connection)
        else {
            return;
        };
        let first = !relay.catalogue_read && !more;
        if first {
            // Later ones leave out what is synced already, so what is lost with the connection would
            // be missed if the next one began there.
            relay.cursor = Some(cursor);
        }
        relay.catalogue_read |= !more;
        let mut differ = Vec::new();
        for entry in entries {
            let Ok(name) = entry.name.parse::<Name>() else {
                continue;
            };
            let id = DocumentId::of(&network, &name);
            let held = self.held.entry(id).or_default();
            held.name.get_or_insert(name);
            relay.named.insert(id);
            if held.heads == entry.heads {
                // It may have told of more before, which is in quarantine since.
                relay.arriving.remove(&id);
                remember(&mut self.memos, id, held, entry.heads);
            } else {
                relay.arriving.insert(id, entry.heads);
                differ.push(id);
            }
        }
        if first {
            let named = std::mem::take(&mut relay.named);
            differ.extend(self.unnamed(since, &named));
        }
        // What is in memory already may have all that the relay has, and more.
        differ
            .into_iter()
            .for_each(|document| self.sync_and_settle(document));
        self.keep_cursor();
    }

    /// Documents to sync that the catalogue did not name: the relay has them as they were at
    /// `since`, or not at all; and those that the application looks at, for presence.
    fn unnamed(&mut self, since: u64, named: &BTreeSet<DocumentId>) -> Vec<DocumentId> {
        let mut differ = Vec::new();
        for (id, held) in &mut self.held {
            if since == 0 && !named.contains(id) {
                remember(&mut self.memos, *id, held, Vec::new());
            }
            if held.heads != held.remote_heads || self.engine.is_open(*id) {
                differ.push(*id);
            }
        }
        differ
    }

    /// Keeps track of what the engine says.
    fn note(&mut self, notice: &Notice) {
        match notice {
            Notice::Durable { document, .. }
            | Notice::Opened { document }
            | Notice::Quarantined { document, .. }
            | Notice::Lost { document } => {
                self.note_durable(*document);
            }
            Notice::TheirHeads {
                document,
                connection,
            } => {
                self.note_their_heads(*document, *connection);
                self.settle(*document);
            }
            Notice::Unavailable { document, .. } => {
                let relay = self.relay.as_mut();
                relay.map(|relay| relay.lacks.insert(*document));
            }
            Notice::Refused {
                document, reason, ..
            } => {
                self.refused.insert(*document, reason.clone());
            }
            _ => {}
        }
    }

    fn note_durable(&mut self, document: DocumentId) {
        let Some(graph) = self.engine.graph(document) else {
            return;
        };
        if let Some(held) = self.held.get_mut(&document) {
            held.heads = graph.durable_heads().collect();
        }
        // Heads of theirs that were unknown may be here now.
        if let Some(connection) = self.relay.as_ref().map(|relay| relay.connection) {
            self.note_their_heads(document, connection);
        }
        self.sync_and_settle(document);
    }

    fn sync_and_settle(&mut self, document: DocumentId) {
        self.sync(document);
        self.settle(document);
    }

    /// What the catalogue told of a document has arrived once it is on disk, and once the relay has
    /// said itself how far it is: until then what it had when last seen may be more than it has.
    fn settle(&mut self, document: DocumentId) {
        let Some(graph) = self.engine.graph(document) else {
            return;
        };
        if let Some(relay) = &mut self.relay
            && let Some(heads) = relay.arriving.get(&document)
            && heads.iter().all(|head| graph.is_durable(head))
            && self
                .engine
                .their_heads(document, relay.connection)
                .is_some()
        {
            relay.arriving.remove(&document);
        }
        self.keep_cursor();
    }

    fn note_their_heads(&mut self, document: DocumentId, connection: ConnectionId) {
        let Some(graph) = self.engine.graph(document) else {
            return;
        };
        let Some(theirs) = self.engine.their_heads(document, connection) else {
            return;
        };
        if self
            .relay
            .as_ref()
            .is_none_or(|relay| relay.connection != connection)
        {
            return;
        }
        if let Some(held) = self.held.get_mut(&document) {
            // Heads that we lack do not help to tell what of ours they have.
            let remote_heads: Vec<ChangeHash> = theirs
                .iter()
                .filter(|head| graph.contains(head))
                .copied()
                .collect();
            if remote_heads.len() == theirs.len() {
                remember(&mut self.memos, document, held, remote_heads);
            }
        }
    }

    /// Once everything that the catalogue told of is on disk, the next one may start from there.
    fn keep_cursor(&mut self) {
        if let Some(relay) = &mut self.relay
            && relay.catalogue_read
            && relay.arriving.is_empty()
            && let Some(cursor) = relay.cursor.take()
        {
            self.cursor = Some(cursor.clone());
            self.memos.push_back(Memo::Cursor(cursor));
        }
    }
}

fn remember(
    memos: &mut VecDeque<Memo>,
    document: DocumentId,
    held: &mut Held,
    remote_heads: Vec<ChangeHash>,
) {
    if held.remote_heads == remote_heads {
        return;
    }
    held.remote_heads.clone_from(&remote_heads);
    memos.push_back(Memo::RemoteHeads {
        document,
        heads: held.heads.clone(),
        remote_heads,
    });
}

#[cfg(test)]
mod tests;
