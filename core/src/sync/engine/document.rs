use std::collections::VecDeque;

use automerge::ChangeHash;
use bytes::Bytes;

use super::expand::{Checked, decodes, read_named};
use super::{Bound, ConnectionId};
use crate::ordered::{BTreeMap, BTreeSet};
use crate::storage::Quarantined;
use crate::sync::change_graph::{ChangeError, ChangeGraph};
use crate::sync::chunk::ChangeHeader;
use crate::sync::limits::Limits;
use crate::sync::message::SyncMessage;
use crate::sync::sync_state::{SyncState, Wanted};

/// A document in memory.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) phase: Phase,
    pub(super) graph: ChangeGraph,
    /// The heads of what is stored, as of when it was put away.
    slept: Vec<ChangeHash>,
    pub(super) name: Option<String>,
    pub(super) stored_name: Option<String>,
    pub(super) storing_name: Option<String>,
    /// How often the application opened it.
    pub(super) held: u32,
    /// In boxes: a map's node has room for eleven, and most documents have one or two.
    pub(super) peers: BTreeMap<ConnectionId, Box<SyncState>>,
    /// The length of the graph that the commit under way will make durable.
    pub(super) committing: Option<u32>,
    /// Connections that brought something that is not durable yet.
    pub(super) sources: BTreeSet<ConnectionId>,
    /// Connections that brought changes which wait for others.
    pub(super) parked: BTreeSet<ConnectionId>,
    pub(super) shared: Shared,
    /// Messages whose changes are being read aside, by who sent them; what else they say waits for that.
    pub(super) aside: BTreeMap<ConnectionId, Box<SyncMessage>>,
    pub(super) waiting: VecDeque<Waiting>,
    waiting_bytes: usize,
    /// What is being read of its older changes, and for whom.
    pub(super) fetching: Option<(ConnectionId, Wanted)>,
    /// For whom something was read last.
    pub(super) served: Option<ConnectionId>,
    /// Connections whose next message waits for what is being read.
    pub(super) awaiting: BTreeSet<ConnectionId>,
    /// What is to go into quarantine once the document is loaded.
    pub(super) suspects: Vec<Quarantined>,
    pub(super) used_ms: u64,
}

/// Whether messages about a document can be taken now.
#[derive(Debug)]
pub(super) enum Phase {
    /// Only what its peers have is in memory: nobody has asked for more, or not for a while.
    Asleep,
    Loading,
    Ready,
}

/// A message that came before the document was ready.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) connection: ConnectionId,
    pub(super) data: Bytes,
    pub(super) request: bool,
}

impl Document {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            phase: Phase::Asleep,
            graph: ChangeGraph::new(limits),
            slept: Vec::new(),
            name: None,
            stored_name: None,
            storing_name: None,
            held: 0,
            peers: BTreeMap::new(),
            committing: None,
            sources: BTreeSet::new(),
            parked: BTreeSet::new(),
            shared: Shared::default(),
            aside: BTreeMap::new(),
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            fetching: None,
            served: None,
            awaiting: BTreeSet::new(),
            suspects: Vec::new(),
            used_ms: 0,
        }
    }

    pub(super) fn is_ready(&self) -> bool {
        matches!(self.phase, Phase::Ready)
    }

    /// Whether a message of a connection can be taken now.
    pub(super) fn is_ready_for(&self, connection: ConnectionId) -> bool {
        self.is_ready() && !self.aside.contains_key(&connection)
    }

    /// The heads of what is stored.
    pub(super) fn durable_heads(&self) -> Vec<ChangeHash> {
        match self.is_ready() {
            true => self.graph.durable_heads().collect(),
            false => self.slept.clone(),
        }
    }

    /// Whether it has to be loaded now.
    pub(super) fn wake(&mut self) -> bool {
        let asleep = self.is_asleep();
        if asleep {
            self.phase = Phase::Loading;
        }
        asleep
    }

    /// Leaves everything to the store but what its peers have.
    pub(super) fn sleep(&mut self, limits: Limits) {
        self.phase = Phase::Asleep;
        self.slept = self.graph.durable_heads().collect();
        self.graph = ChangeGraph::new(limits);
        self.shared.clear();
        self.sources.clear();
        self.parked.clear();
    }

    /// Whether nobody has it open, and nothing of it but its name is in memory.
    pub(super) fn is_forgotten(&self) -> bool {
        self.is_asleep() && self.peers.is_empty()
    }

    /// Whether nobody would miss it in memory: all of it is stored, and its peers have all of it.
    pub(super) fn is_idle(&self) -> bool {
        match self.phase {
            Phase::Asleep => self.is_forgotten() && self.held == 0,
            Phase::Ready => {
                self.held == 0
                    && self.aside.is_empty()
                    && self.committing.is_none()
                    && self.fetching.is_none()
                    && self.graph.durable_len() == self.graph.len()
                    && (self.graph.waiting() == 0 || self.peers.is_empty())
                    && self
                        .peers
                        .values()
                        .all(|state| state.is_settled(&self.graph))
            }
            Phase::Loading => false,
        }
    }

    /// A document's name does not change; the first that is proven stays.
    pub(super) fn set_name(&mut self, name: String) {
        self.name.get_or_insert(name);
    }

    /// Keeps a message until the document is ready; the limit, if there are too many, and whose messages take most of it.
    pub(super) fn wait(
        &mut self,
        waiting: Waiting,
        limits: &Limits,
    ) -> Result<(), (ConnectionId, Bound)> {
        self.waiting_bytes += waiting.data.len();
        self.waiting.push_back(waiting);
        let bound = |name, what, value| Bound { name, what, value };
        if self.waiting.len() > limits.loading_messages {
            let what = "number of messages that wait for a document";
            let bound = bound("loading_messages", what, limits.loading_messages);
            return Err((self.waits_most(|_| 1), bound));
        }
        if self.waiting_bytes > limits.loading_bytes {
            let what = "bytes of messages that wait for a document";
            let bound = bound("loading_bytes", what, limits.loading_bytes);
            return Err((self.waits_most(|waiting| waiting.data.len()), bound));
        }
        Ok(())
    }

    /// Whose messages take most of what waits, by some measure.
    fn waits_most(&self, measure: impl Fn(&Waiting) -> usize) -> ConnectionId {
        let mut sums: BTreeMap<ConnectionId, usize> = BTreeMap::new();
        for waiting in &self.waiting {
            *sums.entry(waiting.connection).or_default() += measure(waiting);
        }
        let most = sums.into_iter().max_by_key(|(_, sum)| *sum);
        // It is asked for because something waits.
        most.map_or(ConnectionId(0), |(connection, _)| connection)
    }

    /// Forgets a connection that is gone, and what it said last.
    pub(super) fn forget(&mut self, connection: ConnectionId) {
        self.peers.remove(&connection);
        self.sources.remove(&connection);
        self.parked.remove(&connection);
        self.awaiting.remove(&connection);
        self.aside.remove(&connection);
        self.waiting
            .retain(|waiting| waiting.connection != connection);
        self.waiting_bytes = self.waiting.iter().map(|waiting| waiting.data.len()).sum();
    }

    pub(super) fn waiting_bytes(&self) -> usize {
        self.waiting_bytes
    }

    pub(super) fn is_asleep(&self) -> bool {
        matches!(self.phase, Phase::Asleep)
    }

    /// The next message that can be taken.
    pub(super) fn next_waiting(&mut self) -> Option<Waiting> {
        let next = self
            .waiting
            .iter()
            .position(|waiting| !self.aside.contains_key(&waiting.connection))?;
        let waiting = self.waiting.remove(next)?;
        self.waiting_bytes = self.waiting_bytes.saturating_sub(waiting.data.len());
        Some(waiting)
    }

    /// Takes a concatenation of changes from the application.
    pub(super) fn take(&mut self, chunks: &[u8], limits: &Limits) -> Result<(), ChangeError> {
        self.take_read(read_named(chunks, limits)?)
    }

    /// Takes changes from outside that were read, and checks their operations.
    pub(super) fn take_read(
        &mut self,
        changes: Vec<(ChangeHeader, Bytes)>,
    ) -> Result<(), ChangeError> {
        let mut barred = Ok(());
        for (header, bytes) in changes {
            // What is here, or waits here, was checked when it came.
            if !self.graph.contains(&header.hash) && !self.graph.is_waiting(&header.hash) {
                decodes(&header, &bytes)?;
                barred = barred.and(unless_barred(self.graph.insert(header, bytes))?);
            }
        }
        barred
    }

    /// Takes changes from outside that were checked.
    pub(super) fn take_checked(&mut self, changes: Checked) -> Result<(), ChangeError> {
        let mut barred = Ok(());
        for (header, bytes) in changes.into_changes() {
            barred = barred.and(unless_barred(self.graph.insert(header, bytes))?);
        }
        barred
    }
}

/// What builds on something in quarantine does not keep out what came with it: peers send nothing twice on one connection.
fn unless_barred(
    inserted: Result<u32, ChangeError>,
) -> Result<Result<(), ChangeError>, ChangeError> {
    match inserted {
        Err(error @ ChangeError::Quarantined { .. }) => Ok(Err(error)),
        inserted => inserted.map(|_| Ok(())),
    }
}

/// Frames made for a peer that was exactly at some heads, to be sent to others that are there too.
#[derive(Debug, Default)]
pub(super) struct Shared {
    frames: VecDeque<SharedFrame>,
}

#[derive(Debug)]
struct SharedFrame {
    before: Vec<ChangeHash>,
    after: Vec<ChangeHash>,
    tail: Bytes,
}

impl Shared {
    /// Peers that read at different speeds are at different heads; few of them matter.
    const FRAMES_MAX: usize = 4;

    /// The frame from `before` to where the graph is now, and the heads it ends at.
    pub(super) fn get(
        &self,
        before: &[ChangeHash],
        graph: &ChangeGraph,
    ) -> Option<(Bytes, Vec<ChangeHash>)> {
        self.frames
            .iter()
            .find(|frame| {
                frame.before == before && graph.durable_heads().eq(frame.after.iter().copied())
            })
            .map(|frame| (frame.tail.clone(), frame.after.clone()))
    }

    pub(super) fn put(&mut self, before: Vec<ChangeHash>, after: Vec<ChangeHash>, tail: Bytes) {
        // Frames that end where the graph was are of no use any more.
        self.frames.retain(|frame| frame.after == after);
        if self.frames.len() == Self::FRAMES_MAX {
            self.frames.pop_front();
        }
        self.frames.push_back(SharedFrame {
            before,
            after,
            tail,
        });
    }

    pub(super) fn clear(&mut self) {
        self.frames.clear();
    }
}
