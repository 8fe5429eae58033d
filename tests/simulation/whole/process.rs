//! A process: a relay or a site, with the parts that the real ones are made of, and threads and tasks left out.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::mpsc;
use uuid::Uuid;
use yilian_core::document::{DocumentId, Network};
use yilian_core::storage::Store as _;
use yilian_core::sync::engine::{Config, Engine};
use yilian_core::sync::handshake::Introduction;
use yilian_core::sync::limits::Limits;
use yilian_core::sync::replica::Replica;
use yilian_core::sync::sync_state::Voice;
use yilian_node::driver::{Endpoint, Event, Expansion, Router, SessionSettings, Shard, ShardStore};
use yilian_node::store::{
    Committer, Compacted, CompactorSettings, Loader, Packer, Reading, Rhythm, Writer,
    WriterSettings,
};
use yilian_node::time::{Clock, Hand};
use yilian_server::{CatalogueTask, Condition, PublishedStore};

use super::application::{CURSOR, Command, Quiet, Site, read_cursor};
use super::disk::Disk;
use super::plan::{Mutation, Setup};
use super::store::VirtualStore;

/// How long a document that nobody uses stays in memory.
pub(super) const IDLE_MS: u64 = 2_000;
/// How often a shard is told the time.
pub(super) const TICK: Duration = Duration::from_millis(500);
/// Unix time at the start, in milliseconds: December 2026.
const BEGIN_MS: i64 = 1_796_000_000_000;

/// Small, so that little is enough to meet them, and large enough for whoever is honest.
pub(super) fn limits() -> Limits {
    Limits {
        message_bytes: 600,
        foreign_message_bytes: 900,
        tail_bytes: 400,
        cache_bytes: 4_000,
        orphans: 400,
        ephemerals: 4,
        documents: 64,
        loading_messages: 256,
        ..Limits::default()
    }
}

pub(super) enum Role {
    Relay {
        shards: usize,
    },
    Site {
        network: Network,
        prefixes: Vec<String>,
        peer_id: Option<String>,
    },
}

pub(super) struct Process {
    pub(super) name: String,
    pub(super) role: Role,
    id: Uuid,
    /// What is left of it while it does not run.
    disk: Disk,
    lives: u32,
    /// How far its wall clock is ahead.
    pub(super) ahead_ms: i64,
    /// Its disk does nothing.
    pub(super) stalled: bool,
    pub(super) running: Option<Running>,
}

pub(super) struct Running {
    pub(super) store: VirtualStore,
    committer: Arc<Mutex<Committer<PublishedStore<VirtualStore>>>>,
    reading: Reading<VirtualStore>,
    packer: Option<Packer<VirtualStore, InTurn>>,
    steps: Arc<AtomicU64>,
    pub(super) endpoint: Endpoint,
    pub(super) shards: Shards,
    pub(super) expansions: Vec<Expansion>,
    pub(super) tick_at: Duration,
}

pub(super) enum Shards {
    Relay {
        shards: Vec<Shard<Quiet>>,
        catalogue: Box<CatalogueTask>,
        /// Shards live until these are dropped.
        _lives: Vec<mpsc::UnboundedSender<()>>,
        _life: mpsc::UnboundedSender<()>,
    },
    Site(Box<Shard<Site>>, mpsc::UnboundedSender<Command>),
}

/// The rhythm of a packer that is not in a thread: whoever waits for the writer has it work.
struct InTurn {
    committer: Arc<Mutex<Committer<PublishedStore<VirtualStore>>>>,
    steps: Arc<AtomicU64>,
}

impl Rhythm for InTurn {
    fn begin(&mut self) {}

    /// Stops where the plan has it stop, as if the process ended there.
    fn rest(&mut self) -> bool {
        let left = self.steps.load(Ordering::Relaxed);
        self.steps.store(left.saturating_sub(1), Ordering::Relaxed);
        left > 0
    }

    fn answer<T>(&mut self, answer: &Receiver<T>) -> Option<T> {
        loop {
            match answer.try_recv() {
                Ok(answer) => return Some(answer),
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) if self.committer.lock().unwrap().step() => {}
                Err(TryRecvError::Empty) => return None,
            }
        }
    }
}

impl Process {
    pub(super) fn new(name: String, role: Role, number: u128) -> Self {
        Self {
            name,
            role,
            id: Uuid::from_u128(number),
            disk: Disk::default(),
            lives: 0,
            ahead_ms: 0,
            stalled: false,
            running: None,
        }
    }

    pub(super) fn start(&mut self, hand: &Hand, setup: &Setup) {
        self.lives += 1;
        let mut disk = std::mem::take(&mut self.disk);
        let is_relay = matches!(self.role, Role::Relay { .. });
        disk.lies = is_relay && setup.mutation == Some(Mutation::AckBeforeSync);
        let store = VirtualStore::open(self.id, disk);
        store.volume().blind = is_relay && setup.mutation == Some(Mutation::Blind);
        let wall_ms = BEGIN_MS + self.ahead_ms + hand.now().as_millis() as i64;
        let clock = Clock::by_hand(hand, wall_ms.max(0) as u64);
        let stored = store.documents().unwrap();
        let (published_sender, published) = mpsc::unbounded_channel();
        let publishing = PublishedStore::new(store.clone(), published_sender, Condition::default());
        let settings = WriterSettings {
            group_bytes_max: 2_000,
            backlog_bytes_max: 3_000,
        };
        let (writer, committer) = Writer::new(publishing, settings);
        let committer = Arc::new(Mutex::new(committer));
        let (loader, reading) = Loader::new(store.clone(), writer.clone(), limits());
        let names: BTreeMap<DocumentId, String> = stored
            .iter()
            .filter_map(|document| Some((document.id, document.name.clone()?)))
            .collect();
        let mut introduction = Introduction {
            peer_id: format!("{}-{}", self.name, self.lives),
            storage_id: self.id.to_string(),
            network: None,
        };
        let mut config = Config {
            peer_id: introduction.peer_id.clone(),
            storage_id: introduction.storage_id.clone(),
            session_id: introduction.peer_id.clone(),
            voice: Voice::Relay,
            limits: limits(),
            idle_ms: IDLE_MS,
        };
        let shard_store = |names| ShardStore {
            writer: writer.clone(),
            loader: loader.clone(),
            names,
        };
        let steps = Arc::new(AtomicU64::new(0));
        let (router, shards, packer) = match &self.role {
            Role::Relay { shards: count } => {
                let run_id = introduction.peer_id.clone();
                let (catalogue, route, life) =
                    CatalogueTask::new(run_id.clone(), run_id, &stored, published);
                let (mut routes, mut shards, mut lives) = (Vec::new(), Vec::new(), Vec::new());
                for index in 0..*count {
                    let of = |id: &DocumentId| Router::shard_of(*id, *count) == index;
                    let names = names.iter().filter(|(id, _)| of(id));
                    let names = names.map(|(id, name)| (*id, name.clone())).collect();
                    let engine = Engine::new(config.clone());
                    let (shard, route, life) =
                        Shard::new(engine, Quiet, shard_store(names), clock.clone());
                    shards.push(shard);
                    routes.push(route);
                    lives.push(life);
                }
                let in_turn = InTurn {
                    committer: Arc::clone(&committer),
                    steps: Arc::clone(&steps),
                };
                let events: Vec<_> = routes.iter().map(|route| route.events.clone()).collect();
                let packer = Packer::new(
                    store.clone(),
                    writer.clone(),
                    limits(),
                    CompactorSettings {
                        changes_min: 4,
                        ..CompactorSettings::default()
                    },
                    in_turn,
                    move |document, compacted| {
                        let event = match compacted {
                            Compacted::Snapshot(info) => Event::Snapshot(document, info),
                            Compacted::SetAside => Event::SetAside(document),
                            _ => return,
                        };
                        let shard = Router::shard_of(document, events.len());
                        let _ = events[shard].send(event);
                    },
                );
                let shards = Shards::Relay {
                    shards,
                    catalogue: Box::new(catalogue),
                    _lives: lives,
                    _life: life,
                };
                (Router::new(routes, Some(route)), shards, Some(packer))
            }
            Role::Site {
                network,
                prefixes,
                peer_id,
            } => {
                if let Some(peer_id) = peer_id {
                    introduction.peer_id.clone_from(peer_id);
                    config.peer_id.clone_from(peer_id);
                }
                introduction.network = Some(network.clone());
                config.voice = Voice::Replica;
                let setting = store.setting(CURSOR).unwrap();
                let cursor = setting.and_then(|bytes| read_cursor(&bytes));
                let replica =
                    Replica::new(config, network.clone(), stored, prefixes.clone(), cursor);
                let actor = [self.name.as_bytes(), &self.lives.to_be_bytes()].concat();
                let site = Site::new(actor, clock.clone());
                let (shard, route, commands) =
                    Shard::new(replica, site, shard_store(BTreeMap::new()), clock);
                let shards = Shards::Site(Box::new(shard), commands);
                (Router::new(vec![route], None), shards, None)
            }
        };
        let endpoint = Endpoint {
            introduction,
            router,
            settings: SessionSettings {
                limits: limits(),
                ..SessionSettings::default()
            },
        };
        self.running = Some(Running {
            store,
            committer,
            reading,
            packer,
            steps,
            endpoint,
            shards,
            expansions: Vec::new(),
            tick_at: hand.now(),
        });
    }

    /// The power goes, perhaps in the middle of a commit: of what was being written, `keep` bytes are there.
    pub(super) fn crash(&mut self, keep: usize, garble: bool, committing: bool) {
        let Some(running) = self.running.take() else {
            return;
        };
        if committing {
            running.store.volume().disk.dying = true;
            running.committer.lock().unwrap().step();
        }
        let mut disk = running.store.volume().disk.clone();
        disk.crash(keep, garble);
        self.disk = disk;
    }

    /// The disk as it would be found after a loss of power now.
    pub(super) fn after_power_loss(&self) -> VirtualStore {
        let mut disk = match &self.running {
            Some(running) => running.store.volume().disk.clone(),
            None => self.disk.clone(),
        };
        disk.crash(0, false);
        VirtualStore::open(self.id, disk)
    }
}

impl Running {
    /// The writer makes one commit.
    pub(super) fn commit(&self) -> bool {
        self.committer.lock().unwrap().step()
    }

    /// The loader takes one request.
    pub(super) fn load(&mut self) -> bool {
        self.reading.step()
    }

    /// The compactor packs what there is to pack, up to a number of steps.
    pub(super) fn pack(&mut self, steps: u64) {
        self.steps.store(steps, Ordering::Relaxed);
        if let Some(packer) = &mut self.packer {
            packer.round();
        }
    }

    pub(super) fn look_through(&mut self) {
        self.steps.store(u64::MAX, Ordering::Relaxed);
        if let Some(packer) = &mut self.packer {
            packer.look_through();
        }
    }

    /// Whether a site looks at a document.
    pub(super) fn is_open(&self, document: DocumentId) -> bool {
        match &self.shards {
            Shards::Relay { .. } => false,
            Shards::Site(shard, _) => shard.machine().engine().is_open(document),
        }
    }

    /// How many parts take turns: shards, and the catalogue.
    pub(super) fn parts(&self) -> usize {
        match &self.shards {
            Shards::Relay { shards, .. } => shards.len() + 1,
            Shards::Site(..) => 1,
        }
    }

    /// One of them does; whether it had something to do.
    pub(super) fn turn(&mut self, part: usize) -> bool {
        let expansions = &mut self.expansions;
        match &mut self.shards {
            Shards::Relay {
                shards, catalogue, ..
            } => match shards.get_mut(part) {
                Some(shard) => turn(shard, expansions),
                None => catalogue.step(),
            },
            Shards::Site(shard, _) => turn(shard, expansions),
        }
    }

    pub(super) fn tick(&mut self) {
        let expansions = &mut self.expansions;
        match &mut self.shards {
            Shards::Relay { shards, .. } => {
                for shard in shards {
                    shard.tick();
                    shard.turn();
                    expansions.extend(shard.expansions());
                }
            }
            Shards::Site(shard, _) => {
                shard.tick();
                shard.turn();
                expansions.extend(shard.expansions());
            }
        }
    }

    /// A document chunk is expanded that was put aside for it.
    pub(super) fn expand(&mut self) -> bool {
        if self.expansions.is_empty() {
            return false;
        }
        self.expansions.remove(0).run();
        true
    }
}

fn turn<A: yilian_node::driver::Application>(
    shard: &mut Shard<A>,
    expansions: &mut Vec<Expansion>,
) -> bool {
    if shard.is_idle() {
        return false;
    }
    assert!(shard.turn(), "nobody asked a shard to stop");
    expansions.extend(shard.expansions());
    true
}
