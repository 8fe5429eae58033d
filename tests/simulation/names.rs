//! Named documents: replicas that subscribe to prefixes, and the catalogue that tells them.
//!
//! Goal: whoever subscribes to a name gets every document of that name, and is in step by its own
//! account, whatever was cut, restarted or lost. Method: as in `convergence`, with three sites and a
//! hub as [`Replica`]s; each site writes documents that only some subscribe to. The disks keep what
//! was committed; the notes (acknowledged heads, cursor) are kept now and then only.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, AutoCommit, ChangeHash, ROOT};
use bytes::Bytes;
use rand::RngExt as _;
use rand::rngs::StdRng;
use yilian_core::document::{DocumentId, Name, Network};
use yilian_core::storage::{Position, StoredDocument};
use yilian_core::sync::catalogue::Catalogue;
use yilian_core::sync::change_graph::ChangeGraph;
use yilian_core::sync::engine::{
    Config, ConnectionId, Effect, Engine, Loaded, PeerInfo, StoreRequest,
};
use yilian_core::sync::limits::Limits;
use yilian_core::sync::replica::{Memo, Replica};
use yilian_core::sync::sync_state::Voice;
use yilian_core::sync::wire::{self, Body, Cursor, Extension, Message};

use crate::trace::trace;

fn network() -> Network {
    "jiaozuo".parse().unwrap()
}

fn config(name: &str, voice: Voice) -> Config {
    Config {
        peer_id: name.to_owned(),
        storage_id: format!("storage-{name}"),
        session_id: name.to_owned(),
        voice,
        limits: Limits {
            message_bytes: 600,
            ..Limits::default()
        },
        idle_ms: 0,
    }
}

/// What a disk has of a document.
#[derive(Clone, Default)]
struct Kept {
    name: Option<String>,
    chunks: Vec<Bytes>,
    heads: Vec<ChangeHash>,
    remote_heads: Vec<ChangeHash>,
    position: u64,
}

type Disk = BTreeMap<DocumentId, Kept>;

fn keep(disk: &mut Disk, request: StoreRequest, position: u64) {
    let kept = disk.entry(request.document).or_default();
    kept.name = request.name.or(kept.name.take());
    kept.chunks.extend(request.changes);
    kept.heads = request.heads;
    kept.position = position;
}

fn loaded(disk: &Disk, id: DocumentId) -> Loaded {
    let kept = disk.get(&id).cloned().unwrap_or_default();
    Loaded {
        chunks: kept.chunks,
        name: kept.name,
    }
}

struct Site {
    name: String,
    prefixes: Vec<String>,
    replica: Replica,
    disk: Disk,
    cursor: Option<Cursor>,
    lives: u32,
    /// Documents it writes, as its application has them.
    live: BTreeMap<Name, AutoCommit>,
    work: VecDeque<Effect>,
    connection: Option<ConnectionId>,
}

impl Site {
    fn new(name: &str, prefixes: &[&str]) -> Self {
        let prefixes: Vec<String> = prefixes.iter().map(|prefix| (*prefix).to_owned()).collect();
        let replica = Replica::new(
            config(name, Voice::Replica),
            network(),
            vec![],
            prefixes.clone(),
            None,
        );
        Self {
            name: name.to_owned(),
            prefixes,
            replica,
            disk: Disk::new(),
            cursor: None,
            lives: 0,
            live: BTreeMap::new(),
            work: VecDeque::new(),
            connection: None,
        }
    }

    fn restart(&mut self, lose_notes: bool) {
        self.lives += 1;
        self.work.clear();
        self.live.clear();
        self.connection = None;
        if lose_notes {
            self.cursor = None;
            self.disk
                .values_mut()
                .for_each(|kept| kept.remote_heads.clear());
        }
        let stored = self.disk.iter().map(|(id, kept)| StoredDocument {
            id: *id,
            name: kept.name.clone(),
            heads: kept.heads.clone(),
            remote_heads: kept.remote_heads.clone(),
            position: Position(kept.position),
        });
        let config = config(&self.name, Voice::Replica);
        self.replica = Replica::new(
            config,
            network(),
            stored.collect(),
            self.prefixes.clone(),
            self.cursor.clone(),
        );
    }

    /// Writes into a document of its own; the change is made on what is in the graph.
    fn edit(&mut self, rng: &mut StdRng) {
        let month = rng.random_range(1..5);
        let name: Name = format!("roster/{}/2026-{month:02}", self.name)
            .parse()
            .unwrap();
        let id = DocumentId::of(&network(), &name);
        if !self.live.contains_key(&name) {
            self.replica.open(&name);
            let actor = [self.name.as_bytes(), &self.lives.to_be_bytes()].concat();
            self.live
                .insert(name, AutoCommit::new().with_actor(ActorId::from(actor)));
            return;
        }
        let Some(graph) = self.replica.engine().graph(id) else {
            return;
        };
        let live = self.live.get_mut(&name).unwrap();
        let bytes = (0..graph.len()).filter_map(|index| graph.bytes(index));
        let changes: Vec<_> = bytes
            .map(|bytes| automerge::Change::try_from(&bytes[..]).unwrap())
            .collect();
        live.apply_changes(changes).unwrap();
        live.put(ROOT, "key", rng.random_range(0..1_000_000_i64))
            .unwrap();
        live.commit_with(CommitOptions::default().with_time(0));
        let change = live.get_last_local_change().unwrap().raw_bytes().to_vec();
        self.replica.edited(id, &[change.into()]).unwrap();
    }

    /// Takes what is to be done, as has to be done after every call.
    fn take_effects(&mut self) {
        while let Some(effect) = self.replica.poll_effect() {
            if matches!(effect, Effect::Load { .. } | Effect::Store(_)) {
                self.work.push_back(effect);
            }
        }
    }

    /// The disk does one thing, and notes now and then.
    fn step(&mut self, rng: &mut StdRng) -> bool {
        self.take_effects();
        if rng.random_bool(0.5) {
            while let Some(memo) = self.replica.poll_memo() {
                match memo {
                    Memo::Cursor(cursor) => self.cursor = Some(cursor),
                    Memo::RemoteHeads {
                        document,
                        remote_heads,
                        ..
                    } => {
                        self.disk.entry(document).or_default().remote_heads = remote_heads;
                    }
                }
            }
        }
        match self.work.pop_front() {
            Some(Effect::Load { document }) => {
                let stored = loaded(&self.disk, document);
                self.replica.loaded(document, Ok(stored));
            }
            Some(Effect::Store(request)) => {
                let document = request.document;
                keep(&mut self.disk, request, 0);
                self.replica.stored(document, Ok(()));
            }
            _ => return false,
        }
        self.take_effects();
        true
    }
}

struct Relay {
    engine: Engine,
    catalogue: Catalogue,
    disk: Disk,
    position: u64,
    starts: u32,
    work: VecDeque<Effect>,
}

impl Relay {
    fn new(disk: Disk, position: u64, starts: u32) -> Self {
        let mut catalogue = Catalogue::new(format!("start-{starts}"));
        let mut by_position: Vec<&Kept> = disk.values().collect();
        by_position.sort_by_key(|kept| kept.position);
        for kept in by_position {
            let named = kept.name.clone().map(|name| (name, kept.heads.clone()));
            catalogue.committed(kept.position, named);
        }
        let engine = Engine::new(config("relay", Voice::Relay));
        Self {
            engine,
            catalogue,
            disk,
            position,
            starts,
            work: VecDeque::new(),
        }
    }

    /// The disk does one thing: a commit takes all that wait for one.
    fn step(&mut self) -> bool {
        while let Some(effect) = self.engine.poll_effect() {
            if matches!(effect, Effect::Load { .. } | Effect::Store(_)) {
                self.work.push_back(effect);
            }
        }
        match self.work.pop_front() {
            Some(Effect::Load { document }) => {
                let stored = loaded(&self.disk, document);
                self.engine.loaded(document, Ok(stored));
                true
            }
            Some(Effect::Store(request)) => {
                self.commit(request);
                true
            }
            _ => false,
        }
    }

    fn commit(&mut self, first: StoreRequest) {
        let mut group = vec![first];
        while let Some(Effect::Store(_)) = self.work.front() {
            if let Some(Effect::Store(request)) = self.work.pop_front() {
                group.push(request);
            }
        }
        self.position += 1;
        let documents: Vec<DocumentId> = group.iter().map(|request| request.document).collect();
        for request in group {
            keep(&mut self.disk, request, self.position);
        }
        let named = documents.iter().filter_map(|id| {
            let kept = &self.disk[id];
            Some((kept.name.clone()?, kept.heads.clone()))
        });
        self.catalogue
            .committed(self.position, named.collect::<Vec<_>>());
        documents
            .into_iter()
            .for_each(|document| self.engine.stored(document, Ok(())));
    }

    fn transmit(&mut self, connection: ConnectionId, target: &str) -> Option<Bytes> {
        let body = self.catalogue.poll(connection);
        let told = body.map(|body| {
            wire::encode(&Message {
                sender: "relay".to_owned(),
                target: Some(target.to_owned()),
                body,
            })
        });
        told.or_else(|| self.engine.poll_transmit(connection))
    }
}

struct Star {
    relay: Relay,
    backup: (Disk, u64),
    sites: Vec<Site>,
    up: Vec<VecDeque<Bytes>>,
    down: Vec<VecDeque<Bytes>>,
    next: u64,
    now_ms: u64,
}

impl Star {
    fn new() -> Self {
        let sites = vec![
            Site::new("a", &["roster/"]),
            Site::new("b", &["roster/"]),
            Site::new("c", &["roster/c/", "sites"]),
            Site::new("hub", &[""]),
        ];
        let queues = || sites.iter().map(|_| VecDeque::new()).collect();
        Self {
            relay: Relay::new(Disk::new(), 0, 0),
            backup: (Disk::new(), 0),
            up: queues(),
            down: queues(),
            sites,
            next: 0,
            now_ms: 0,
        }
    }

    fn connect(&mut self, at: usize) {
        self.next += 1;
        let connection = ConnectionId(self.next);
        let yilian = |network: Option<&str>| {
            Some(Extension {
                version: 1,
                network: network.map(str::to_owned),
            })
        };
        let peer = |peer_id: &str, network, dialled| PeerInfo {
            peer_id: peer_id.to_owned(),
            storage_id: None,
            yilian: yilian(network),
            dialled,
        };
        let site = &mut self.sites[at];
        self.relay
            .engine
            .connected(connection, peer(&site.name, Some("jiaozuo"), false));
        site.replica
            .connected(connection, peer("relay", None, true));
        site.connection = Some(connection);
    }

    fn disconnect(&mut self, at: usize) {
        if let Some(connection) = self.sites[at].connection.take() {
            self.relay.engine.disconnected(connection);
            self.relay.catalogue.disconnected(connection);
            self.sites[at].replica.disconnected(connection);
        }
        self.up[at].clear();
        self.down[at].clear();
    }

    /// A relay comes back with what it had, with what a backup had, or with nothing.
    fn restart_relay(&mut self, rng: &mut StdRng) {
        for at in 0..self.sites.len() {
            self.disconnect(at);
        }
        let (disk, position) = match rng.random_range(0..4) {
            0 => self.backup.clone(),
            1 => (Disk::new(), 0),
            _ => (std::mem::take(&mut self.relay.disk), self.relay.position),
        };
        self.relay = Relay::new(disk, position, self.relay.starts + 1);
    }

    fn step(&mut self, rng: &mut StdRng) -> bool {
        let mut busy = false;
        for at in 0..self.sites.len() {
            busy |= self.sites[at].step(rng);
            let Some(connection) = self.sites[at].connection else {
                continue;
            };
            if let Some(frame) = self.sites[at].replica.poll_transmit(connection) {
                self.up[at].push_back(frame);
            }
            if self.down[at].len() < 3
                && rng.random_bool(0.7)
                && let Some(frame) = self
                    .relay
                    .transmit(connection, &self.sites[at].name.clone())
            {
                self.down[at].push_back(frame);
                busy = true;
            }
            busy |= !self.up[at].is_empty() || !self.down[at].is_empty();
            if rng.random_bool(0.7) {
                self.deliver_up(at, connection);
            }
            if rng.random_bool(0.7)
                && let Some(frame) = self.down[at].pop_front()
            {
                trace(at, "down", &frame);
                let message = wire::decode(&frame, &Limits::default()).unwrap();
                self.sites[at].replica.received(connection, message);
                self.sites[at].take_effects();
            }
        }
        if rng.random_bool(0.7) {
            busy |= self.relay.step();
        }
        self.now_ms += 1;
        if rng.random_bool(0.1) {
            // What is idle leaves memory.
            self.relay.engine.tick(self.now_ms);
            self.sites
                .iter_mut()
                .for_each(|site| site.replica.tick(self.now_ms));
        }
        busy
    }

    fn deliver_up(&mut self, at: usize, connection: ConnectionId) {
        let Some(frame) = self.up[at].pop_front() else {
            return;
        };
        trace(at, "up", &frame);
        let message = wire::decode(&frame, &Limits::default()).unwrap();
        match message.body {
            Body::Subscribe { prefixes, cursor } => {
                self.relay
                    .catalogue
                    .subscribe(connection, "jiaozuo".to_owned(), prefixes, cursor);
            }
            _ => self.relay.engine.received(connection, message),
        }
    }

    fn faults(&mut self, rng: &mut StdRng) {
        for at in 0..self.sites.len() {
            match rng.random_range(0..40) {
                0..3 => self.disconnect(at),
                3 => {
                    self.disconnect(at);
                    let lose_notes = rng.random_bool(0.3);
                    self.sites[at].restart(lose_notes);
                }
                _ if self.sites[at].connection.is_none() && rng.random_bool(0.4) => {
                    self.connect(at)
                }
                _ => {}
            }
        }
        match rng.random_range(0..60) {
            0 => self.restart_relay(rng),
            1..4 => self.backup = (self.relay.disk.clone(), self.relay.position),
            _ => {}
        }
    }

    fn settle(&mut self, rng: &mut StdRng, seed: u64) {
        let mut quiet = 0;
        for _ in 0..20_000 {
            for at in 0..self.sites.len() {
                if self.sites[at].connection.is_none() {
                    self.connect(at);
                }
            }
            quiet = if self.step(rng) { 0 } else { quiet + 1 };
            if quiet > 60 {
                return;
            }
        }
        panic!("seed {seed}: does not come to rest");
    }
}

fn run(seed: u64) -> usize {
    let mut rng = <StdRng as rand::SeedableRng>::seed_from_u64(seed);
    let mut star = Star::new();
    for _ in 0..60 {
        for at in 0..3 {
            if rng.random_bool(0.3) {
                star.sites[at].edit(&mut rng);
            }
        }
        star.faults(&mut rng);
        for _ in 0..rng.random_range(0..8) {
            star.step(&mut rng);
        }
    }
    star.settle(&mut rng, seed);
    check(&star, seed)
}

/// Everybody says that it is in step, and it is true.
fn check(star: &Star, seed: u64) -> usize {
    let heads = |disk: &Disk| -> BTreeMap<String, Vec<ChangeHash>> {
        let named = disk.values().filter(|kept| !kept.chunks.is_empty());
        named
            .filter_map(|kept| Some((kept.name.clone()?, kept.heads.clone())))
            .collect()
    };
    let relay: BTreeMap<String, Vec<ChangeHash>> = heads(&star.relay.disk)
        .into_iter()
        .map(|(name, heads)| (name.trim_start_matches("jiaozuo:").to_owned(), heads))
        .collect();
    for site in &star.sites {
        let progress = site.replica.progress();
        assert!(
            progress.is_in_step(),
            "seed {seed}: {} is not in step: {progress:?}",
            site.name
        );
        let here = heads(&site.disk);
        let subscribed: BTreeSet<&String> = relay
            .keys()
            .filter(|name| site.prefixes.iter().any(|prefix| name.starts_with(prefix)))
            .collect();
        for name in here.keys().chain(subscribed) {
            assert_eq!(
                here.get(name),
                relay.get(name),
                "seed {seed}: {} and {name}",
                site.name
            );
        }
        for kept in site.disk.values() {
            let graph = ChangeGraph::load(Limits::default(), &kept.chunks).unwrap();
            assert!(
                graph.heads().eq(kept.heads.iter().copied()),
                "seed {seed}: {}'s disk",
                site.name
            );
        }
    }
    relay.len()
}

#[test]
fn subscribers_get_every_document_of_their_names() {
    let documents: usize = crate::convergence::for_each_seed(run).into_iter().sum();
    assert!(documents > 0, "nothing was written");
}
