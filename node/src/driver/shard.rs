use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};
use tracing::{debug, error, warn};
use yilian_core::document::DocumentId;
use yilian_core::storage::{Commit, DocumentWrite, Quarantined};
use yilian_core::sync::engine::{
    CloseReason, ConnectionId, Effect, Loaded, Notice, StoreFailed, StoreRequest,
};
use yilian_core::sync::sync_state::Wanted;

use super::fair::FairQueue;
use super::{Event, Expansion, Frame, Machine, Outbox, Route};
use crate::store::{LoadError, Loader, Writer};
use crate::time::Clock;

/// Messages that may wait for a shard.
const FRAMES_MAX: usize = 256;
/// Inputs that are taken before effects are carried out: what they have in common is done once.
const BATCH_MAX: usize = 256;
/// The same in time: what takes long holds up the answers to what was taken before it.
const BATCH_TIME_MAX: Duration = Duration::from_micros(500);
/// How often the engine is told the time, and notes are stored.
const TICK: Duration = Duration::from_millis(500);

/// Where a shard stores and loads.
#[derive(Clone, Debug)]
pub struct ShardStore {
    /// Commits.
    pub writer: Writer,
    /// Loads.
    pub loader: Loader,
    /// Names that the store knows, by document.
    pub names: BTreeMap<DocumentId, String>,
}

impl ShardStore {
    /// Commits something that nobody waits for.
    fn note(&self, commit: Commit) {
        self.writer.commit(commit, |answer| {
            if let Err(error) = answer {
                warn!(%error, "a note was not stored; it will be made again");
            }
        });
    }
}

/// What an application makes of a shard: nothing, in a relay; live documents, in a node.
pub trait Application: Send {
    /// The engine it works with.
    type Machine: Machine;
    /// What it can be asked for.
    type Command: Send;

    /// Carries out a command; false asks the shard to stop.
    fn command(&mut self, machine: &mut Self::Machine, command: Self::Command) -> bool;

    /// Hears of something.
    fn notice(&mut self, machine: &mut Self::Machine, notice: Notice);

    /// A batch of inputs is done: the moment for what is done once for all of them. What it
    /// returns is committed along with the next group, and nobody waits for it.
    fn settle(&mut self, machine: &mut Self::Machine) -> Option<Commit>;

    /// The shard stops after this: what is still to be committed.
    fn stopping(&mut self, machine: &mut Self::Machine) -> Option<Commit>;
}

struct Link {
    outbox: Outbox,
    close: mpsc::UnboundedSender<CloseReason>,
}

/// A task that owns an engine. See the module's documentation.
pub struct Shard<A: Application> {
    machine: A::Machine,
    application: A,
    store: ShardStore,
    clock: Clock,
    links: BTreeMap<ConnectionId, Link>,
    /// Commits under way.
    commits: usize,
    route: Route,
    frames: mpsc::Receiver<Frame>,
    queue: FairQueue,
    events: mpsc::UnboundedReceiver<Event>,
    commands: mpsc::UnboundedReceiver<A::Command>,
    /// What is to be read aside.
    expansions: Vec<Expansion>,
}

impl<A: Application> Shard<A> {
    /// A shard, and the channels that lead to it. It lives until the sender of commands is dropped.
    pub fn new(
        machine: A::Machine,
        application: A,
        store: ShardStore,
        clock: Clock,
    ) -> (Self, Route, mpsc::UnboundedSender<A::Command>) {
        let (frame_sender, frames) = mpsc::channel(FRAMES_MAX);
        let (event_sender, events) = mpsc::unbounded_channel();
        let (command_sender, commands) = mpsc::unbounded_channel();
        let route = Route {
            frames: frame_sender,
            events: event_sender,
        };
        let links = BTreeMap::new();
        let shard = Self {
            machine,
            application,
            store,
            clock,
            links,
            commits: 0,
            route: route.clone(),
            frames,
            queue: FairQueue::default(),
            events,
            commands,
            expansions: Vec::new(),
        };
        (shard, route, command_sender)
    }

    /// Runs until a command asks it to stop, or nobody can command it any more. What was edited
    /// until then has been committed, or could not be.
    pub async fn run(mut self) {
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut on = true;
        while on {
            tokio::select! {
                biased;
                Some(event) = self.events.recv() => self.event(event),
                command = self.commands.recv() => on = self.command(command),
                _ = tick.tick() => self.tick(),
                Some(frame) = self.frames.recv() => self.queue_up(frame),
                // Peers wait while the disk is behind; what it finishes does not.
                () = self.store.writer.room(), if !self.queue.is_empty() => self.serve(),
            }
            on = on && self.turn();
            for expansion in self.expansions.drain(..) {
                tokio::spawn(expansion.run_aside());
            }
        }
        // A document has one commit under way at a time: what was edited meanwhile is in its next.
        while self.commits > 0
            && let Some(event) = self.events.recv().await
        {
            self.event(event);
            self.work();
        }
        self.stop();
    }

    /// Takes what has come, without waiting for anything, and does what follows from it; false if the shard is to stop.
    /// [`Shard::run`] is made of these turns; whoever makes them one by one decides what comes when, and takes
    /// [`Shard::expansions`] after each.
    pub fn turn(&mut self) -> bool {
        let on = self.take_ready();
        self.work();
        on
    }

    /// Time has passed: to be called every half second, before a [turn](Shard::turn).
    pub fn tick(&mut self) {
        self.machine.tick(self.clock.steady_ms());
        self.send_due();
    }

    /// What is to be read aside since this was called last.
    pub fn expansions(&mut self) -> impl Iterator<Item = Expansion> + '_ {
        self.expansions.drain(..)
    }

    /// The engine, to look into.
    pub fn machine(&self) -> &A::Machine {
        &self.machine
    }

    /// What the application makes of it, to look into.
    pub fn application(&self) -> &A {
        &self.application
    }

    /// Whether a [turn](Shard::turn) would find nothing.
    pub fn is_idle(&self) -> bool {
        let served = self.queue.is_empty() || !self.store.writer.has_room();
        self.events.is_empty() && self.commands.is_empty() && self.frames.is_empty() && served
    }

    /// Messages that wait for their turn, of the connection that has most.
    pub fn waiting(&self) -> usize {
        self.queue.most()
    }

    fn stop(&mut self) {
        if let Some(commit) = self.application.stopping(&mut self.machine) {
            self.store.note(commit);
        }
    }

    fn command(&mut self, command: Option<A::Command>) -> bool {
        command.is_some_and(|command| self.application.command(&mut self.machine, command))
    }

    /// Takes what else has come meanwhile; false if the shard is to stop.
    fn take_ready(&mut self) -> bool {
        let started = self.clock.elapsed();
        for taken in 0..BATCH_MAX {
            while let Ok(frame) = self.frames.try_recv() {
                self.queue_up(frame);
            }
            if taken > 0 && self.clock.elapsed().saturating_sub(started) > BATCH_TIME_MAX {
                // Somebody waits for an answer to what was taken. Something is, whatever the clock says.
                break;
            }
            if let Ok(event) = self.events.try_recv() {
                self.event(event);
            } else if let Ok(command) = self.commands.try_recv() {
                if !self.application.command(&mut self.machine, command) {
                    return false;
                }
            } else if self.store.writer.has_room() && !self.queue.is_empty() {
                self.serve();
            } else {
                break;
            }
        }
        true
    }

    /// What a connection said that is being closed is not heard.
    fn queue_up(&mut self, frame: Frame) {
        // A connection is announced before it says anything, by the other channel.
        while !self.links.contains_key(&frame.connection)
            && let Ok(event) = self.events.try_recv()
        {
            self.event(event);
        }
        if self.links.contains_key(&frame.connection) {
            self.queue.push(frame);
        }
    }

    /// Takes the message whose turn it is.
    fn serve(&mut self) {
        let Some(frame) = self.queue.pop() else {
            return;
        };
        let (started, before) = (self.clock.elapsed(), self.machine.taken());
        self.machine.received(frame.connection, frame.message);
        let changes = self.machine.taken() - before;
        let took = self.clock.elapsed().saturating_sub(started);
        self.queue.served(frame.connection, took, changes);
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Connected {
                connection,
                peer,
                outbox,
                close,
            } => {
                debug!(connection = connection.0, peer = peer.peer_id, "connected");
                self.links.insert(connection, Link { outbox, close });
                self.machine.connected(connection, peer);
            }
            Event::Drained(connection) => self.transmit(connection),
            Event::Disconnected(connection) => {
                self.links.remove(&connection);
                self.queue.forget(connection);
                self.machine.disconnected(connection);
            }
            Event::Loaded(document, stored) => self.machine.loaded(document, *stored),
            Event::Quarantine(document, found) => self.machine.quarantine(document, found),
            Event::Snapshot(document, info) => self.machine.snapshot_made(document, info),
            Event::SetAside(document) => self.begin_anew(document),
            Event::Fetched(document, fetched) => self.machine.fetched(document, fetched),
            Event::Stored(document, outcome) => {
                self.commits = self.commits.saturating_sub(1);
                self.machine.stored(document, outcome);
            }
            Event::Expanded(document, connection, changes, took) => {
                let before = self.machine.taken();
                self.machine.expanded(document, connection, changes);
                let taken = self.machine.taken() - before;
                self.queue.read_aside(connection, took, taken);
            }
        }
    }

    /// Carries out effects until there are none.
    fn work(&mut self) {
        loop {
            while let Some(effect) = self.machine.poll_effect() {
                self.effect(effect);
            }
            if let Some(commit) = self.application.settle(&mut self.machine) {
                self.store.note(commit);
            }
            // Settling may have edited.
            match self.machine.poll_effect() {
                Some(effect) => self.effect(effect),
                None => return,
            }
        }
    }

    fn effect(&mut self, effect: Effect) {
        match effect {
            Effect::Close { connection, reason } => self.close(connection, reason),
            Effect::Expand {
                document,
                connection,
                bytes,
                limits,
            } => {
                self.queue.set_aside(connection);
                self.expansions.push(Expansion {
                    document,
                    connection,
                    bytes,
                    limits,
                    clock: self.clock.clone(),
                    events: self.route.events.clone(),
                });
            }
            Effect::Fetch {
                document,
                wanted,
                bytes_max,
            } => self.fetch(document, wanted, bytes_max),
            Effect::Load { document, whole } => self.load(document, whole),
            Effect::Notify(notice) => self.application.notice(&mut self.machine, notice),
            Effect::Quarantine {
                document,
                listed,
                heads,
            } => self.store.note(Commit {
                writes: vec![DocumentWrite::heads(document, heads)],
                settings: vec![(
                    Quarantined::key(&document),
                    Some(Quarantined::write(&listed)),
                )],
            }),
            Effect::Store(request) => self.save(request),
            Effect::Wake { connection } => self.transmit(connection),
        }
    }

    fn load(&mut self, document: DocumentId, whole: bool) {
        let events = self.route.events.clone();
        let name = self.store.names.get(&document).cloned();
        self.store.loader.load(document, whole, move |answer| {
            let stored = answer.map(|graph| Loaded { graph, name });
            let _ = events.send(Event::Loaded(document, Box::new(told(document, stored))));
        });
    }

    fn fetch(&mut self, document: DocumentId, wanted: Wanted, bytes_max: usize) {
        let events = self.route.events.clone();
        self.store
            .loader
            .fetch(document, wanted, bytes_max, move |answer| {
                let _ = events.send(match answer {
                    Err(LoadError::SetAside) => Event::SetAside(document),
                    answer => Event::Fetched(document, told(document, answer)),
                });
            });
    }

    fn save(&mut self, request: StoreRequest) {
        let StoreRequest {
            document,
            name,
            changes,
            heads,
        } = request;
        // The writer answers every commit, also one that it drops.
        self.commits += 1;
        let events = self.route.events.clone();
        if let Some(name) = &name {
            self.store.names.insert(document, name.clone());
        }
        let write = DocumentWrite {
            name,
            ..DocumentWrite::changes(document, changes, heads)
        };
        self.store.writer.commit(Commit::of(write), move |answer| {
            let outcome = answer.map(drop).map_err(|error| {
                error!(%document, error = %crate::errors::chain(&error), "a commit failed");
                StoreFailed
            });
            let _ = events.send(Event::Stored(document, outcome));
        });
    }

    /// Whoever syncs a document of which something was lost begins anew: connections are its sync state.
    fn begin_anew(&mut self, document: DocumentId) {
        let peers: Vec<ConnectionId> = self
            .links
            .keys()
            .copied()
            .filter(|connection| self.machine.speaks_of(*connection, document))
            .collect();
        for connection in &peers {
            self.machine.disconnected(*connection);
        }
        self.machine.loaded(document, Err(StoreFailed));
        for connection in peers {
            self.close(connection, CloseReason::StoreFailed);
        }
    }

    /// Sends what there is to say, now or once the connection has paid for what it had.
    fn transmit(&mut self, connection: ConnectionId) {
        if self.queue.may_send(connection) {
            self.fill(connection);
        }
    }

    fn send_due(&mut self) {
        for connection in self.queue.due() {
            self.fill(connection);
        }
    }

    fn fill(&mut self, connection: ConnectionId) {
        let Some(link) = self.links.get(&connection) else {
            return;
        };
        let machine = &mut self.machine;
        let (started, mut messages, mut bytes) = (self.clock.elapsed(), 0, 0);
        link.outbox.fill(|| {
            let message = machine.poll_transmit(connection)?;
            messages += 1;
            bytes += message.len();
            Some(message)
        });
        let took = self.clock.elapsed().saturating_sub(started);
        self.queue.sent(connection, took, messages, bytes);
    }

    fn close(&mut self, connection: ConnectionId, reason: CloseReason) {
        // Why it is closed, it is told all the same.
        self.fill(connection);
        if let Some(link) = self.links.remove(&connection) {
            debug!(connection = connection.0, %reason, "closing");
            // The session takes it from here, and says when it is over.
            let _ = link.close.send(reason);
        }
    }
}

/// Says why the store could not do it; the engine needs to know no more than that.
fn told<T>(document: DocumentId, answer: Result<T, LoadError>) -> Result<T, StoreFailed> {
    answer.map_err(|error| {
        error!(%document, error = %crate::errors::chain(&error), "a document cannot be read");
        StoreFailed
    })
}

impl<A: Application> std::fmt::Debug for Shard<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shard")
            .field("links", &self.links.len())
            .finish_non_exhaustive()
    }
}
