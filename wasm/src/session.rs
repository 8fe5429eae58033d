//! The engine of one tab, without JavaScript.
//!
//! A [`Session`] drives a `Replica` as a native node does, with one difference: several tabs share
//! one store, each with an engine of its own. What a tab has stored it announces to the others with
//! its bytes ([`Session::announced`]); they take it into their graphs as durable, and store nothing.
//!
//! After every call, take signals with [`Session::poll`] until there are none.

use std::cell::RefCell;
use std::collections::VecDeque;

use automerge::ChangeHash;
use bytes::Bytes;
use jiff::civil::DateTime;
use sha2::{Digest, Sha256};
use yilian_core::civil;
use yilian_core::document::{Author, DocumentId, Name, Network};
use yilian_core::ordered::{BTreeMap, BTreeSet};
use yilian_core::storage::Outline;
use yilian_core::sync::change_graph::ChangeGraph;
use yilian_core::sync::engine::{Config, ConnectionId, Loaded, StoreFailed};
use yilian_core::sync::handshake::Introduction;
use yilian_core::sync::limits::Limits;
use yilian_core::sync::replica::Replica;
use yilian_core::sync::sync_state::Voice;
use yilian_core::sync::wire;

mod around;
mod aside;
mod cases;
mod document;
mod edit;
mod effects;
mod error;
mod goods;
mod inbox;
mod json;
mod kept;
mod known;
mod matrix;
mod options;
mod order;
mod query;
mod recall;
mod school;
mod shown;
mod signal;
#[cfg(test)]
mod tests;
mod venues;

pub use aside::Refused;
pub use edit::Edited;
pub use error::SessionError;
pub use options::{Options, listed};
pub use order::Order;
pub use query::Reading;
pub use recall::Memory;
pub use signal::Signal;

pub(crate) use json::write;

use aside::Aside;
use document::Open;
use kept::{Boards, Books, Kept};
use known::Known;

/// How long a document that nobody looks at stays in memory.
const IDLE_MS: u64 = 60_000;

/// The engine of one tab. See the module's documentation.
#[derive(Debug)]
pub struct Session {
    replica: Replica,
    network: Network,
    introduction: Introduction,
    limits: Limits,
    author: Option<Author>,
    seed: [u8; 32],
    drawn: u64,
    tickets: u32,
    offset_minutes: i32,
    /// What this browser holds rights to goods as.
    holder: Option<String>,
    /// Whether it is the hub that edits, whatever the author says of their site.
    is_hub: bool,
    /// What is kept in step whether or not it is open, once this tab has the socket.
    prefixes: Vec<String>,
    leads: bool,
    known: Known,
    /// What was worked out of documents that need not be open any more.
    books: Books,
    boards: Boards,
    kept: Kept,
    memories: RefCell<Vec<Memory>>,
    connections: u64,
    link: Option<Link>,
    /// Documents that a page shows or that findings read.
    open: BTreeMap<DocumentId, Open>,
    ids: BTreeMap<Name, DocumentId>,
    /// Documents that another tab shows: kept in step for it.
    attended: BTreeSet<DocumentId>,
    /// Changes that another tab stored, and that we have not seen come through the engine yet.
    elsewhere: BTreeSet<ChangeHash>,
    /// Changes that another tab stored while the document was being loaded here.
    announced: BTreeMap<DocumentId, Vec<Bytes>>,
    /// Documents that another tab changed and that are not in memory here.
    stale: BTreeSet<Name>,
    /// Changes that broke a document of this browser, wherever they are: put aside when it is loaded.
    culprits: BTreeSet<ChangeHash>,
    aside: Aside,
    signals: VecDeque<(Signal, Bytes)>,
}

#[derive(Debug)]
struct Link {
    connection: ConnectionId,
    introduced: bool,
}

impl Session {
    /// A session on what a store holds. `seed` is 32 random bytes that nobody ever used.
    #[must_use]
    pub fn new(options: Options, seed: [u8; 32]) -> Self {
        let limits = Limits::default();
        let introduction = Introduction {
            peer_id: options.peer_id.clone(),
            storage_id: options.storage_id.clone(),
            network: Some(options.network.clone()),
        };
        let config = Config {
            session_id: options.peer_id.clone(),
            peer_id: options.peer_id,
            storage_id: options.storage_id,
            voice: Voice::Replica,
            limits,
            idle_ms: IDLE_MS,
        };
        let prefixes = options.prefixes.clone();
        let mut known = Known::default();
        let stored = options.documents.iter().filter(|of| !of.heads.is_empty());
        for name in stored.filter_map(|of| of.name.as_ref()?.parse().ok()) {
            known.learn(&name);
        }
        let replica = Replica::new(
            config,
            options.network.clone(),
            options.documents,
            options.prefixes,
            options.cursor,
        );
        Self {
            replica,
            network: options.network,
            introduction,
            limits,
            author: options.author,
            seed,
            drawn: 0,
            tickets: 0,
            offset_minutes: options.offset_minutes,
            holder: None,
            is_hub: options.is_hub,
            prefixes,
            leads: false,
            known,
            books: Books::default(),
            boards: Boards::default(),
            kept: Kept::default(),
            memories: RefCell::default(),
            connections: 0,
            link: None,
            open: BTreeMap::new(),
            ids: BTreeMap::new(),
            attended: BTreeSet::new(),
            elsewhere: BTreeSet::new(),
            announced: BTreeMap::new(),
            stale: BTreeSet::new(),
            culprits: options.quarantine.into_iter().collect(),
            aside: Aside::new(options.aside, options.dismissed, options.is_careful),
            signals: VecDeque::new(),
        }
    }

    /// The next thing to do, and the bytes that go with it.
    pub fn poll(&mut self) -> Option<(Signal, Bytes)> {
        self.signals.pop_front()
    }

    /// A socket is open: the first frame to send on it.
    pub fn dialled(&mut self) -> Bytes {
        self.disconnected();
        self.connections += 1;
        self.link = Some(Link {
            connection: ConnectionId(self.connections),
            introduced: false,
        });
        wire::encode(&self.introduction.join())
    }

    /// Takes a frame from the relay.
    ///
    /// # Errors
    /// The frame is none that we can read, or the relay will not have us: end the connection.
    pub fn received(&mut self, frame: &Bytes) -> Result<(), SessionError> {
        let Some(link) = &mut self.link else {
            return Ok(());
        };
        let connection = link.connection;
        let message = wire::decode(frame, &self.limits)?;
        if link.introduced {
            self.replica.received(connection, message);
        } else {
            let peer = self.introduction.confirm(message)?;
            link.introduced = true;
            self.refresh_stale();
            self.replica.connected(connection, peer);
        }
        self.work();
        Ok(())
    }

    /// The socket is gone.
    pub fn disconnected(&mut self) {
        if let Some(link) = self.link.take() {
            self.replica.disconnected(link.connection);
            self.work();
        }
    }

    /// Whether the relay has introduced itself.
    #[must_use]
    pub fn is_online(&self) -> bool {
        self.link.as_ref().is_some_and(|link| link.introduced)
    }

    /// The next frame to send, as soon as the socket can take one.
    pub fn transmit(&mut self) -> Option<Bytes> {
        let link = self.link.as_ref().filter(|link| link.introduced)?;
        self.replica.poll_transmit(link.connection)
    }

    /// What the store has of a document; none where it could not be read.
    pub fn loaded(&mut self, document: DocumentId, stored: Option<(Bytes, Option<String>)>) {
        let read = |(bytes, name): (Bytes, Option<String>)| {
            let chunks = if bytes.is_empty() {
                Vec::new()
            } else {
                vec![bytes]
            };
            let mut graph = ChangeGraph::load(self.limits, &Outline::of_chunks(chunks)).ok()?;
            graph.quarantine(self.aside.of(document).to_vec());
            Some(Loaded { graph, name })
        };
        let loaded = stored.and_then(read).ok_or(StoreFailed);
        if let Ok(Loaded { graph, .. }) = &loaded {
            let found = self.accused(graph);
            if !found.is_empty() {
                self.replica.quarantine(document, found);
            }
        }
        self.replica.loaded(document, loaded);
        self.work();
    }

    /// Whether what [`Signal::Store`] asked for is durable now.
    pub fn stored(&mut self, document: DocumentId, durable: bool) {
        let outcome = if durable { Ok(()) } else { Err(StoreFailed) };
        self.replica.stored(document, outcome);
        self.work();
    }

    /// Time has passed.
    pub fn tick(&mut self, now_ms: u64) {
        self.replica.tick(now_ms);
        self.write_again(now_ms);
        self.work();
    }

    /// The network's clocks are so many minutes ahead of UTC from now on.
    pub fn set_offset(&mut self, minutes: i32) {
        if self.offset_minutes != minutes {
            self.offset_minutes = minutes;
            self.known.touch_all();
        }
    }

    /// Says something to everybody who has the document open, and keeps it nowhere.
    pub fn send_ephemeral(&mut self, name: &Name, data: Bytes) {
        let document = self.id_of(name);
        self.replica.send_ephemeral(document, &data);
        self.work();
    }

    /// How far this replica and the relay are from each other: JSON.
    #[must_use]
    pub fn progress(&self) -> String {
        let name = |id: &DocumentId| self.name_of(*id);
        shown::progress(&self.replica.progress(), &self.refused(), name)
    }

    /// The names of all documents that are here.
    #[must_use]
    pub fn names(&self) -> Vec<Name> {
        self.known.names().cloned().collect()
    }

    /// Whether changes of a document arrive though it is not open. Another tab that has the socket may keep less in step.
    fn is_kept_in_step(&self, name: &Name) -> bool {
        let name = name.to_string();
        let mut prefixes = self.prefixes.iter();
        self.leads && prefixes.any(|prefix| name.starts_with(prefix))
    }

    /// This tab has the socket from now on, as long as it is there.
    pub fn lead(&mut self) {
        self.leads = true;
        self.known.touch_all();
        self.owe_all();
    }

    fn id_of(&self, name: &Name) -> DocumentId {
        DocumentId::of(&self.network, name)
    }

    fn name_of(&self, id: DocumentId) -> Option<Name> {
        if let Some(open) = self.open.get(&id) {
            return Some(open.name.clone());
        }
        let (name, _) = self.replica.document(id)?;
        name.cloned()
    }

    /// Bytes that nobody used before, of the seed that was handed in.
    fn draw<const N: usize>(&mut self) -> [u8; N] {
        self.drawn += 1;
        let digest = Sha256::new()
            .chain_update(self.seed)
            .chain_update(self.drawn.to_le_bytes())
            .finalize();
        let mut bytes = [0; N];
        for (to, from) in bytes.iter_mut().zip(digest) {
            *to = from;
        }
        bytes
    }

    /// What the clocks of the network show, to the second.
    fn civil(&self, now_ms: u64) -> DateTime {
        let unix_s = i64::try_from(now_ms / 1000).unwrap_or(0);
        let shown_s = unix_s.saturating_add(i64::from(self.offset_minutes) * 60);
        civil::time_at(shown_s).unwrap_or(DateTime::ZERO)
    }

    fn signal(&mut self, signal: Signal) {
        self.signals.push_back((signal, Bytes::new()));
    }
}
