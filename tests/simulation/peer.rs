//! What stands at the ends of connections: an engine with a disk, or Automerge's own sync.

use std::collections::{BTreeMap, VecDeque};

use automerge::sync::{Message as PlainMessage, State, SyncDoc};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, Automerge, ChangeHash, ROOT};
use bytes::Bytes;
use rand::RngExt as _;
use rand::rngs::StdRng;
use yilian_core::document::DocumentId;
use yilian_core::sync::chunk::ChunkError;
use yilian_core::sync::engine::{
    Config, ConnectionId, Effect, Engine, Loaded, Notice, PeerInfo, StoreFailed, StoreRequest,
    examine,
};
use yilian_core::sync::limits::Limits;
use yilian_core::sync::sync_state::{Voice, Wanted};
use yilian_core::sync::wire::{self, Body, Message};

use crate::packed;

pub(crate) const DOCUMENT: DocumentId = DocumentId::from_bytes([7; 16]);

/// What the disk is asked for.
enum Read {
    Load(DocumentId, bool),
    Fetch(DocumentId, Wanted),
}

/// An engine, its disk, and a live document if the application has one.
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) engine: Engine,
    voice: Voice,
    disk: BTreeMap<DocumentId, Vec<Bytes>>,
    commits: VecDeque<StoreRequest>,
    reads: VecDeque<Read>,
    now_ms: u64,
    pub(crate) awake: Vec<ConnectionId>,
    pub(crate) closing: Vec<ConnectionId>,
    live: Option<AutoCommit>,
    lives: u32,
}

impl Node {
    pub(crate) fn new(name: &str, voice: Voice, live: bool) -> Self {
        let mut node = Self {
            name: name.to_owned(),
            engine: Engine::new(config(name, voice, 0)),
            voice,
            disk: BTreeMap::new(),
            commits: VecDeque::new(),
            reads: VecDeque::new(),
            now_ms: 0,
            awake: Vec::new(),
            closing: Vec::new(),
            live: live.then(AutoCommit::new),
            lives: 0,
        };
        node.start();
        node
    }

    fn start(&mut self) {
        self.engine = Engine::new(config(&self.name, self.voice, self.lives));
        if self.live.is_some() {
            let actor = [self.name.as_bytes(), &self.lives.to_be_bytes()].concat();
            self.live = Some(AutoCommit::new().with_actor(ActorId::from(actor)));
        }
        if self.voice == Voice::Replica {
            self.engine.open(DOCUMENT, None);
        }
        self.run_effects();
    }

    /// The process dies: what is on disk stays.
    pub(crate) fn restart(&mut self) {
        self.lives += 1;
        self.commits.clear();
        self.reads.clear();
        self.awake.clear();
        self.closing.clear();
        self.start();
    }

    /// The disk is lost as well.
    pub(crate) fn lose_disk(&mut self) {
        self.disk.clear();
        self.restart();
    }

    pub(crate) fn edit(&mut self, rng: &mut StdRng) {
        if self.engine.graph(DOCUMENT).is_none() {
            return;
        }
        let Some(live) = &mut self.live else { return };
        live.put(
            ROOT,
            format!("k{}", rng.random_range(0..20)),
            rng.random_range(0..1_000_000_i64),
        )
        .unwrap();
        live.commit_with(CommitOptions::default().with_time(0));
        let change = live.get_last_local_change().unwrap().raw_bytes().to_vec();
        self.engine.edited(DOCUMENT, &[change.into()]).unwrap();
        self.run_effects();
    }

    pub(crate) fn run_effects(&mut self) {
        while let Some(effect) = self.engine.poll_effect() {
            match effect {
                Effect::Close { connection, .. } => self.closing.push(connection),
                Effect::Expand {
                    document,
                    connection,
                    bytes,
                    limits,
                } => {
                    // A hostile chunk may make Automerge panic: drivers expand aside, like this.
                    let changes = std::panic::catch_unwind(|| examine(&bytes, &limits))
                        .unwrap_or(Err(ChunkError::Inflate.into()));
                    self.engine.expanded(document, connection, changes);
                }
                Effect::Load { document, whole } => {
                    self.reads.push_back(Read::Load(document, whole))
                }
                Effect::Fetch {
                    document, wanted, ..
                } => {
                    self.reads.push_back(Read::Fetch(document, wanted));
                }
                Effect::Quarantine { .. } => panic!("{}: nothing is tried here", self.name),
                Effect::Store(request) => self.commits.push_back(request),
                Effect::Wake { connection } => self.awake.push(connection),
                Effect::Notify(Notice::Durable { from, to, .. }) => self.apply(from, to),
                Effect::Notify(Notice::Opened { .. }) => {
                    let len = self.engine.graph(DOCUMENT).unwrap().len();
                    self.apply(0, len);
                }
                Effect::Notify(Notice::Lost { .. }) => self.rebuild(),
                Effect::Notify(Notice::Damaged { .. }) => {
                    panic!("{}: a stored document does not load", self.name)
                }
                Effect::Notify(_) => {}
            }
        }
    }

    fn apply(&mut self, from: u32, to: u32) {
        let Some(live) = &mut self.live else { return };
        let graph = self.engine.graph(DOCUMENT).unwrap();
        let changes: Vec<_> = (from..to)
            .map(|index| automerge::Change::try_from(&graph.bytes(index).unwrap()[..]).unwrap())
            .collect();
        live.apply_changes(changes).unwrap();
    }

    /// A failed commit took edits with it: the live document starts over, with a new actor.
    fn rebuild(&mut self) {
        if self.live.is_none() {
            return;
        }
        self.lives += 1;
        let actor = [self.name.as_bytes(), &self.lives.to_be_bytes()].concat();
        self.live = Some(AutoCommit::new().with_actor(ActorId::from(actor)));
        let len = self.engine.graph(DOCUMENT).unwrap().len();
        self.apply(0, len);
    }

    /// The disk finishes one thing, or fails to.
    pub(crate) fn disk_step(&mut self, fails: bool) -> bool {
        if let Some(read) = self.reads.pop_front() {
            self.read(read);
        } else if let Some(request) = self.commits.pop_front() {
            let outcome = if fails {
                Err(StoreFailed)
            } else {
                self.disk
                    .entry(request.document)
                    .or_default()
                    .extend(request.changes);
                Ok(())
            };
            self.engine.stored(request.document, outcome);
        } else {
            return false;
        }
        self.run_effects();
        true
    }

    fn read(&mut self, read: Read) {
        let none = Vec::new();
        match read {
            Read::Load(document, whole) => {
                let chunks = self.disk.get(&document).unwrap_or(&none);
                let graph = packed::load(chunks, whole);
                self.engine
                    .loaded(document, Ok(Loaded { graph, name: None }));
            }
            Read::Fetch(document, wanted) => {
                let chunks = self.disk.get(&document).unwrap_or(&none);
                let fetched = packed::fetch(chunks, &wanted);
                self.engine.fetched(document, Ok(fetched));
            }
        }
    }

    /// Time passes: what is idle leaves memory.
    pub(crate) fn tick(&mut self) {
        self.now_ms += 1;
        self.engine.tick(self.now_ms);
        self.run_effects();
    }

    pub(crate) fn connected(&mut self, connection: ConnectionId, peer: &str, dialled: bool) {
        let peer = PeerInfo {
            peer_id: peer.to_owned(),
            storage_id: None,
            yilian: None,
            dialled,
        };
        self.engine.connected(connection, peer);
        if dialled {
            self.engine.sync_with(DOCUMENT, None, connection, &[]);
        }
        self.run_effects();
    }

    pub(crate) fn disconnected(&mut self, connection: ConnectionId) {
        self.engine.disconnected(connection);
        self.closing.retain(|closing| *closing != connection);
        self.run_effects();
    }

    pub(crate) fn receive(&mut self, connection: ConnectionId, frame: &Bytes) {
        self.engine
            .received(connection, wire::decode(frame, &Limits::default()).unwrap());
        self.run_effects();
    }

    pub(crate) fn transmit(&mut self, connection: ConnectionId) -> Option<Bytes> {
        let frame = self.engine.poll_transmit(connection);
        self.run_effects();
        frame
    }

    pub(crate) fn heads(&self) -> Vec<ChangeHash> {
        match self.engine.graph(DOCUMENT) {
            Some(graph) => graph.durable_heads().collect(),
            // It sleeps, and is what its disk says.
            None => {
                let chunks = self.disk.get(&DOCUMENT).cloned().unwrap_or_default();
                packed::load(&chunks, true).heads().collect()
            }
        }
    }

    /// What the disk has is what the graph says is durable, and a document can be made of it.
    pub(crate) fn check(&mut self, seed: u64) {
        let chunks: Vec<u8> = self
            .disk
            .get(&DOCUMENT)
            .map(|chunks| chunks.concat())
            .unwrap_or_default();
        let mut doc = Automerge::new();
        doc.load_incremental(&chunks).unwrap();
        assert_eq!(
            doc.get_heads(),
            self.heads(),
            "seed {seed}: {}'s disk",
            self.name
        );
        if let Some(live) = &mut self.live {
            assert_eq!(
                live.get_heads(),
                doc.get_heads(),
                "seed {seed}: {}'s live document",
                self.name
            );
        }
    }
}

fn config(name: &str, voice: Voice, lives: u32) -> Config {
    Config {
        peer_id: format!("peer-{name}"),
        storage_id: format!("storage-{name}"),
        session_id: format!("{name}-{lives}"),
        voice,
        // Small messages, so that the tests are full of parts.
        limits: Limits {
            message_bytes: 600,
            foreign_message_bytes: 900,
            tail_bytes: 400,
            cache_bytes: 2_000,
            ..Limits::default()
        },
        idle_ms: 0,
    }
}

/// Automerge's own sync behind the same frames, as a JavaScript peer is.
pub(crate) struct Plain {
    pub(crate) name: String,
    doc: AutoCommit,
    state: Option<State>,
    lives: u32,
}

impl Plain {
    pub(crate) fn new(name: &str) -> Self {
        let actor = ActorId::from(name.as_bytes());
        Self {
            name: name.to_owned(),
            doc: AutoCommit::new().with_actor(actor),
            state: None,
            lives: 0,
        }
    }

    pub(crate) fn edit(&mut self, rng: &mut StdRng) {
        self.doc
            .put(
                ROOT,
                format!("k{}", rng.random_range(0..20)),
                rng.random_range(0..1_000_000_i64),
            )
            .unwrap();
        self.doc.commit_with(CommitOptions::default().with_time(0));
    }

    pub(crate) fn connected(&mut self, rng: &mut StdRng, resume: &mut Option<State>) {
        // A peer keeps its state over a reconnect, or starts afresh.
        self.state = match resume.take() {
            Some(state) if rng.random_bool(0.5) => State::decode(&state.encode()).ok(),
            _ => Some(State::new()),
        };
    }

    pub(crate) fn disconnected(&mut self) -> Option<State> {
        self.state.take()
    }

    pub(crate) fn lose_disk(&mut self) {
        self.lives += 1;
        let actor = [self.name.as_bytes(), &self.lives.to_be_bytes()].concat();
        self.doc = AutoCommit::new().with_actor(ActorId::from(actor));
        self.state = None;
    }

    pub(crate) fn receive(&mut self, frame: &Bytes) {
        let Message {
            body: Body::Sync { data, .. },
            ..
        } = wire::decode(frame, &Limits::default()).unwrap()
        else {
            return;
        };
        let message = PlainMessage::decode(&data).unwrap();
        if let Some(state) = &mut self.state {
            self.doc
                .sync()
                .receive_sync_message(state, message)
                .unwrap();
        }
    }

    pub(crate) fn transmit(&mut self, target: &str) -> Option<Bytes> {
        let message = self
            .doc
            .sync()
            .generate_sync_message(self.state.as_mut()?)?;
        let body = Body::Sync {
            document: DOCUMENT,
            data: message.encode().into(),
            request: false,
            name: None,
        };
        let sender = format!("peer-{}", self.name);
        Some(wire::encode(&Message {
            sender,
            target: Some(target.to_owned()),
            body,
        }))
    }

    pub(crate) fn heads(&mut self) -> Vec<ChangeHash> {
        self.doc.get_heads()
    }
}
