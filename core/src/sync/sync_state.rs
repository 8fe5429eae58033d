//! What one connection and one document know of each other.
//!
//! The messages are Automerge's sync protocol. What replaces Automerge's set of sent hashes is
//! `known`: heads up to which the peer has everything, because it said so or because we sent it on
//! this ordered stream. The state therefore belongs to the connection, and does not grow with the
//! document.

use automerge::ChangeHash;

use super::change_graph::ChangeGraph;
use super::message::{Flags, Have, SyncMessage};
use crate::ordered::{self, BTreeSet};

mod sending;

pub use sending::Wanted;

use sending::Sending;

/// Heads are compared with each other so often for one message, and no more: somebody could claim
/// tens of thousands of them.
const COMPARISONS_MAX: usize = 1_000_000;

/// How the owner of the graph speaks on this connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// A relay: without flags, so that peers upload changes and never document chunks.
    Relay,
    /// A node or browser: with flags, so that it is sent concatenations and snapshots.
    Replica,
}

/// The state. See the module's documentation.
#[derive(Clone, Debug)]
pub struct SyncState {
    voice: Voice,
    their_heads: Option<Vec<ChangeHash>>,
    their_have: Vec<Have>,
    their_need: Vec<ChangeHash>,
    known: BTreeSet<ChangeHash>,
    told: Option<Vec<ChangeHash>>,
    /// Whether all of `their_heads` are here.
    heads_known: bool,
    takes_chunks: bool,
    read_only: bool,
    reset: bool,
    /// The last message was a part, and claimed less than there is.
    unfinished: bool,
    /// They wait for an answer.
    answer: bool,
    /// They wait for an acknowledgement once so many changes of the graph are durable.
    acknowledge_at: Option<u32>,
}

impl SyncState {
    /// The state of a fresh connection.
    #[must_use]
    pub fn new(voice: Voice) -> Self {
        Self {
            voice,
            their_heads: None,
            their_have: Vec::new(),
            their_need: Vec::new(),
            known: BTreeSet::new(),
            told: None,
            heads_known: false,
            takes_chunks: false,
            read_only: false,
            reset: false,
            unfinished: false,
            answer: false,
            acknowledge_at: None,
        }
    }

    /// The state of a fresh connection to a peer that had everything up to `common` last time.
    #[must_use]
    pub fn resume(voice: Voice, common: &[ChangeHash]) -> Self {
        Self {
            known: common.iter().copied().collect(),
            ..Self::new(voice)
        }
    }

    /// The heads that the peer claimed last, if it has spoken.
    #[must_use]
    pub fn their_heads(&self) -> Option<&[ChangeHash]> {
        self.their_heads.as_deref()
    }

    /// Whether the peer has said that it takes no changes.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Heads up to which the peer is known to have everything.
    pub fn known(&self) -> impl Iterator<Item = &ChangeHash> {
        self.known.iter()
    }

    /// Whether both sides are where the graph is, and nothing is left to say.
    #[must_use]
    pub fn is_settled(&self, graph: &ChangeGraph) -> bool {
        let is_all = |heads: &Vec<ChangeHash>| graph.durable_heads().eq(heads.iter().copied());
        let here = |heads: &Option<Vec<ChangeHash>>| heads.as_ref().is_some_and(is_all);
        // Automerge says nothing of changes where the next message it hears names just its heads and brings no more.
        let sent = || {
            self.heads_known
                && self.their_need.is_empty()
                && graph.durable_heads().all(|head| self.known.contains(&head))
        };
        here(&self.told)
            && (here(&self.their_heads) || sent())
            && !self.answer
            && self.acknowledge_at.is_none()
    }

    /// Takes in a message whose changes have been offered to `graph` already.
    pub fn receive(&mut self, graph: &ChangeGraph, mut message: SyncMessage) {
        ordered::sort(&mut message.heads);
        message.heads.dedup();
        if let Some(flags) = message.flags {
            self.takes_chunks = true;
            self.read_only = flags.read_only;
            if flags.sync_reset {
                self.known.clear();
            }
        }
        let lost_all = message.heads.is_empty()
            && self
                .their_heads
                .as_ref()
                .is_none_or(|heads| !heads.is_empty());
        // An empty `have` says that they do not have what we thought they had: they start over from
        // their heads. Some of what is on its way may be sent twice then, which is harmless.
        if message.have.first() == Some(&Have::default()) || lost_all {
            self.known.clear();
        }
        self.note_known(graph, &message.heads);
        self.reset = message
            .have
            .first()
            .is_some_and(|have| !have.last_sync.iter().all(|hash| graph.contains(hash)));
        self.note_reply(graph, &message);
        self.heads_known = message.heads.iter().all(|head| graph.contains(head));
        self.their_have = message.have;
        if self.heads_known {
            // `known` now says exactly what they have; a filter could only be wrong.
            self.their_have
                .iter_mut()
                .for_each(|have| have.bloom = Default::default());
        }
        self.their_heads = Some(message.heads);
        self.their_need = message.need;
    }

    /// Whatever they claim as heads, and we have, they have with all its ancestors. `known` stays
    /// free of what others in it cover: an acknowledgement that lags behind adds nothing.
    fn note_known(&mut self, graph: &ChangeGraph, heads: &[ChangeHash]) {
        let is_new = |head: &&ChangeHash| graph.contains(head) && !self.known.contains(*head);
        // Nothing builds on the graph's own heads, so nothing in `known` covers them.
        let (tips, inner): (Vec<ChangeHash>, Vec<ChangeHash>) = heads
            .iter()
            .filter(is_new)
            .partition(|head| graph.is_head(head));
        let covered_perhaps = self
            .known
            .iter()
            .filter(|head| !graph.is_head(head))
            .count();
        let all = self.known.len() + inner.len();
        if inner.len() * all + (covered_perhaps + inner.len()) * tips.len() > COMPARISONS_MAX {
            // What they claim is enough; what was on its way may be sent twice.
            let claimed = heads.iter().filter(|head| graph.contains(head));
            self.known = claimed.copied().collect();
            return;
        }
        for head in inner {
            if self.known.iter().any(|known| graph.precedes(&head, known)) {
                continue;
            }
            self.known.retain(|known| !graph.precedes(known, &head));
            self.known.insert(head);
        }
        self.known.retain(|known| {
            graph.is_head(known) || !tips.iter().any(|tip| graph.precedes(known, tip))
        });
        self.known.extend(tips);
    }

    /// A peer goes on sending empty messages while heads differ: answer only what wants an answer.
    fn note_reply(&mut self, graph: &ChangeGraph, message: &SyncMessage) {
        if !message.changes.is_empty() {
            // The answer is the acknowledgement: it waits until what was sent is durable.
            self.acknowledge_at = Some(graph.len());
            return;
        }
        // They may wait to hear that it is: they sent it before the connection broke, or somebody else did.
        let is_early = |head| graph.contains(head) && !graph.is_durable(head);
        if message.heads.iter().any(is_early) {
            self.acknowledge_at = Some(graph.len());
        }
        let first = self.told.is_none();
        let needed = message.need.iter().any(|hash| graph.contains(hash));
        // Heads that are behind ours need no word: what they lack is on its way.
        let ahead = self.their_heads.as_ref() != Some(&message.heads)
            && message.heads.iter().any(|head| !graph.contains(head));
        self.answer |= first || needed || ahead;
    }

    /// Forgets what the graph no longer has, after a commit failed.
    pub fn retain_known(&mut self, graph: &ChangeGraph) {
        self.known.retain(|hash| graph.contains(hash));
        self.told = None;
    }

    /// The heads that the peer is exactly at, if that is all there is to know of it: every such
    /// peer can be sent the same bytes.
    #[must_use]
    pub fn exactly_at(&self) -> Option<&[ChangeHash]> {
        let told = self.told.as_deref()?;
        let plain = self.takes_chunks
            && self.heads_known
            && !self.read_only
            && !self.reset
            && !self.answer
            && self.acknowledge_at.is_none()
            && self.their_need.is_empty()
            && !self.their_have.is_empty();
        (plain && self.known.iter().eq(told)).then_some(told)
    }

    /// Notes that the peer was sent everything up to `heads`, in bytes made for another peer.
    pub fn sent_shared(&mut self, heads: &[ChangeHash]) {
        self.known = heads.iter().copied().collect();
        self.told = Some(heads.to_vec());
        self.unfinished = false;
    }

    /// The next message for this peer, if there is anything to say, with at most about
    /// `bytes_max` bytes of changes; call again until it returns `None`.
    ///
    /// With `partial`, a message may hold less than there is room for, if the rest is not in memory.
    ///
    /// # Errors
    /// [`Wanted`] names the bytes that have to be [put](ChangeGraph::put) into the graph first. Nothing
    /// has changed then: ask again.
    pub fn generate(
        &mut self,
        graph: &ChangeGraph,
        bytes_max: usize,
        partial: bool,
    ) -> Result<Option<SyncMessage>, Wanted> {
        let heads: Vec<ChangeHash> = graph.durable_heads().collect();
        if self.their_heads.is_none() {
            // What was common last time may be lost here: to name it would be to claim it.
            self.known.retain(|hash| graph.is_durable(hash));
        }
        if self.reset {
            return Ok(Some(self.ask_to_start_over(graph, heads)));
        }
        let mut sending = self.sending(graph, bytes_max);
        let told_all = self.told.as_deref() == Some(&heads[..]);
        let same = self.their_heads.as_deref() == Some(&heads[..]);
        let acknowledge = self
            .acknowledge_at
            .is_some_and(|count| count <= graph.durable_len());
        // Who was sent a part, and says meanwhile that it has everything, still has to hear that we do.
        let silent = !self.answer && !acknowledge && !self.unfinished;
        if sending.is_empty() && silent && (told_all || same) {
            self.told = Some(heads);
            return Ok(None);
        }
        let changes = sending.bytes(graph, partial)?;
        let filtered = self.their_have.iter().any(|have| !have.bloom.is_empty());
        self.note_sent(graph, &sending);
        let claimed = if sending.whole {
            heads
        } else {
            // What they brought themselves is known before it is durable.
            let claimable =
                |hash: &ChangeHash| graph.is_durable(hash) && !graph.is_quarantined(hash);
            let known = self.known.iter().copied();
            known.filter(claimable).collect()
        };
        let need = graph.missing_for(self.their_heads.as_deref().unwrap_or(&[]));
        let exact = (sending.snapshot || sending.part.len() > sending.needs) && !filtered;
        let have = self.our_have(graph, &need, &claimed, exact, sending.whole);
        self.told = Some(claimed.clone());
        self.unfinished = !sending.whole;
        self.answer = false;
        if acknowledge {
            self.acknowledge_at = None;
        }
        Ok(Some(SyncMessage {
            heads: claimed,
            need,
            have,
            changes,
            flags: self.flags(),
            chunks: self.takes_chunks,
        }))
    }

    /// They claim a common point that is not here: a message with an empty `have` makes them forget it. Nothing may
    /// follow it before they answer, so it says what is missing as well.
    fn ask_to_start_over(&mut self, graph: &ChangeGraph, heads: Vec<ChangeHash>) -> SyncMessage {
        self.reset = false;
        self.unfinished = false;
        self.told = Some(heads.clone());
        self.their_have.clear();
        SyncMessage {
            heads,
            need: graph.missing_for(self.their_heads.as_deref().unwrap_or(&[])),
            have: vec![Have::default()],
            flags: self.flags(),
            ..SyncMessage::default()
        }
    }

    fn flags(&self) -> Option<Flags> {
        match self.voice {
            Voice::Relay => None,
            Voice::Replica => Some(Flags {
                supports_sync_reset: true,
                ..Flags::default()
            }),
        }
    }

    /// What the next message is to hold.
    fn sending(&self, graph: &ChangeGraph, bytes_max: usize) -> Sending {
        if self.read_only || self.their_heads.is_none() {
            return Sending {
                whole: true,
                ..Sending::default()
            };
        }
        let mut missing = if self.their_have.is_empty() {
            Vec::new()
        } else {
            self.missing(graph)
        };
        let mut part: Vec<u32> = self
            .their_need
            .iter()
            .filter_map(|hash| graph.index_of(hash))
            .filter(|index| *index < graph.durable_len() && !graph.is_aside(*index))
            .filter(|index| missing.binary_search(index).is_err())
            .collect();
        let needs = part.len();
        let mut size = 0;
        let mut snapshot = false;
        if self.takes_chunks
            && let Some(info) = graph.snapshot()
        {
            let inside = missing.partition_point(|index| *index < info.count);
            // Where they lack most of it, one chunk is smaller than the changes, whatever they have of it.
            if inside > info.count as usize / 2 {
                snapshot = true;
                size = info.len as usize;
                missing.drain(..inside);
            }
        }
        part.append(&mut missing);
        let all = part.len();
        let fitting = part.iter().enumerate().take_while(|(count, index)| {
            size += graph.byte_len(**index);
            size <= bytes_max || (*count == 0 && !snapshot)
        });
        let fitting = fitting.count();
        part.truncate(fitting);
        Sending {
            needs: needs.min(fitting),
            part,
            snapshot,
            whole: fitting == all,
        }
    }

    /// Indices, ascending, of what they lack, as far as their heads and filters tell.
    fn missing(&self, graph: &ChangeGraph) -> Vec<u32> {
        let common = self
            .their_have
            .iter()
            .flat_map(|have| &have.last_sync)
            .chain(&self.known);
        let mut candidates = graph.not_in(common);
        let blooms: Vec<_> = self
            .their_have
            .iter()
            .map(|have| &have.bloom)
            .filter(|bloom| !bloom.is_empty())
            .collect();
        if blooms.is_empty() {
            return candidates;
        }
        let mut missing = Vec::new();
        for index in candidates.drain(..) {
            // What builds on a change they lack, they lack too.
            let builds = graph
                .deps(index)
                .iter()
                .any(|dep| missing.binary_search(dep).is_ok());
            let lacks = || {
                graph
                    .hash(index)
                    .is_some_and(|hash| blooms.iter().all(|bloom| !bloom.contains(&hash)))
            };
            if builds || lacks() {
                missing.push(index);
            }
        }
        missing
    }

    /// Those asked for by name, the first `needs`, say nothing of their ancestors; the others do, and a
    /// snapshot does.
    fn note_sent(&mut self, graph: &ChangeGraph, sending: &Sending) {
        if !self.their_need.is_empty() {
            let sent: BTreeSet<_> = sending
                .part
                .iter()
                .filter_map(|index| graph.hash(*index))
                .collect();
            self.their_need.retain(|need| !sent.contains(need));
        }
        if sending.snapshot
            && let Some(snapshot) = graph.snapshot()
        {
            self.known.retain(|known| !graph.is_in_snapshot(known));
            let covered = |head: &&ChangeHash| {
                let known = &mut self.known.iter();
                known.any(|known| graph.precedes(head, known))
            };
            let heads = snapshot.heads.iter().filter(|head| !covered(head));
            let heads: Vec<ChangeHash> = heads.copied().collect();
            self.known.extend(heads);
        }
        for index in sending.part.iter().skip(sending.needs) {
            let Some(hash) = graph.hash(*index) else {
                continue;
            };
            self.known.insert(hash);
            for dep in graph.deps(*index) {
                if let Some(dep) = graph.hash(*dep) {
                    self.known.remove(&dep);
                }
            }
        }
    }

    fn our_have(
        &self,
        graph: &ChangeGraph,
        need: &[ChangeHash],
        claimed: &[ChangeHash],
        exact: bool,
        whole: bool,
    ) -> Vec<Have> {
        if !whole {
            // More follows at once; what they have is asked for with the last part.
            return Vec::new();
        }
        if exact && need.is_empty() {
            // Once this message is applied they have all of it: no filter is needed.
            return vec![Have {
                last_sync: claimed.to_vec(),
                bloom: Default::default(),
            }];
        }
        let theirs = self.their_heads.as_deref().unwrap_or(&[]);
        if !need.iter().all(|hash| theirs.binary_search(hash).is_ok()) {
            return Vec::new();
        }
        let last_sync: Vec<ChangeHash> = match self.their_heads {
            Some(_) => self
                .known
                .iter()
                .filter(|hash| theirs.binary_search(hash).is_ok())
                .copied()
                .collect(),
            None => self.known.iter().copied().collect(),
        };
        let rest: Vec<ChangeHash> = graph
            .not_in(&last_sync)
            .into_iter()
            .filter_map(|index| graph.hash(index))
            .collect();
        vec![Have {
            last_sync,
            bloom: super::bloom::BloomFilter::of(&rest),
        }]
    }
}

#[cfg(test)]
mod tests;
