//! What the engine will hold or do for one peer, and where it stops.

use crate::ordered::BTreeMap;

/// Bounds on what a peer may send or make the engine keep.
///
/// Every bound has a default that the real peers of this protocol stay far below, and breaking one
/// yields an error that names it. Sizes are bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// One frame of the socket, after WebSocket framing: 64 MiB. An unmodified client uploads a
    /// whole document in one message (15.7 MB for 100,000 changes).
    pub frame_bytes: usize,
    /// One change chunk, inflated: 16 MiB.
    pub change_bytes: usize,
    /// Operations in one change: 1,000,000. A run-length encoded column can claim more in ten bytes.
    pub change_ops: u64,
    /// Predecessors named by the operations of one change: 4,000,000.
    pub change_preds: u64,
    /// Dependencies of one change: 4,096 (a merge of that many concurrent heads).
    pub change_deps: usize,
    /// Other actors named by one change: 65,536.
    pub change_actors: usize,
    /// How far an operation counter may run ahead of the greatest in the graph: 1,000,000.
    /// A counter near 2³² would make everybody's next edit overflow.
    pub op_ahead: u64,
    /// Changes of one document that wait for a dependency: 10,000.
    pub orphans: usize,
    /// The same, in bytes: 32 MiB.
    pub orphan_bytes: usize,
    /// Hashes in one list of a sync message: 65,536.
    pub hashes: usize,
    /// Entries in the `have` list of a sync message: 64.
    pub haves: usize,
    /// One Bloom filter: 2 MiB (1.6 million changes at ten bits each).
    pub bloom_bytes: usize,
    /// Bloom probes per hash: 64 (all known peers use 7).
    pub bloom_probes: u32,
    /// Documents one connection may have open: 100,000.
    pub documents: usize,
    /// Ephemeral messages waiting for one connection: 256; the oldest goes first.
    pub ephemerals: usize,
    /// One ephemeral message: 64 KiB.
    pub ephemeral_bytes: usize,
    /// Bytes of ephemeral messages waiting for one connection: 1 MiB; the oldest goes first.
    pub ephemeral_queue_bytes: usize,
    /// Messages that wait while one document is loaded: 1,024.
    pub loading_messages: usize,
    /// The same, in bytes: 64 MiB.
    pub loading_bytes: usize,
    /// Changes in one message that we send to our own peers: 256 KiB, so that a slow line always gets further: it takes two
    /// seconds of a line of 1 Mbit/s, and what is cut off before is sent again.
    pub message_bytes: usize,
    /// The same to others: 15 MiB. A JavaScript client takes a document for found with the first
    /// message, so it should have all of it; samod takes no frame above 16 MiB.
    pub foreign_message_bytes: usize,
    /// A relay keeps this much of a document's last changes in memory while it is in use: 1 MiB.
    pub tail_bytes: usize,
    /// A shard of a relay keeps this much in memory of what it read of older changes: 32 MiB.
    pub cache_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: usize = 1 << 20;
        Self {
            frame_bytes: 64 * MIB,
            change_bytes: 16 * MIB,
            change_ops: 1_000_000,
            change_preds: 4_000_000,
            change_deps: 4_096,
            change_actors: 65_536,
            op_ahead: 1_000_000,
            orphans: 10_000,
            orphan_bytes: 32 * MIB,
            hashes: 65_536,
            haves: 64,
            bloom_bytes: 2 * MIB,
            bloom_probes: 64,
            documents: 100_000,
            ephemerals: 256,
            ephemeral_bytes: 64 << 10,
            ephemeral_queue_bytes: MIB,
            loading_messages: 1_024,
            loading_bytes: 64 * MIB,
            message_bytes: MIB / 4,
            foreign_message_bytes: 15 * MIB,
            tail_bytes: MIB,
            cache_bytes: 32 * MIB,
        }
    }
}

/// One limit, to be read or set.
#[derive(Debug, PartialEq, Eq)]
pub enum Limit<'a> {
    /// A number of bytes or of things in memory.
    Size(&'a mut usize),
    /// A number of operations or predecessors.
    Long(&'a mut u64),
    /// A small number.
    Short(&'a mut u32),
}

impl Limit<'_> {
    /// What it is.
    #[must_use]
    pub fn value(&self) -> u64 {
        match self {
            Self::Size(value) => **value as u64,
            Self::Long(value) => **value,
            Self::Short(value) => u64::from(**value),
        }
    }

    /// Sets it; false if that is more than it can be.
    #[must_use]
    pub fn set(self, value: u64) -> bool {
        match self {
            Self::Size(place) => usize::try_from(value).map(|value| *place = value).is_ok(),
            Self::Long(place) => {
                *place = value;
                true
            }
            Self::Short(place) => u32::try_from(value).map(|value| *place = value).is_ok(),
        }
    }
}

impl Limits {
    /// Each limit by its name, in the order in which they are declared.
    pub fn by_name(&mut self) -> [(&'static str, Limit<'_>); 23] {
        // All of them, and no `..`: a new one is not to be forgotten here.
        let Self {
            frame_bytes,
            change_bytes,
            change_ops,
            change_preds,
            change_deps,
            change_actors,
            op_ahead,
            orphans,
            orphan_bytes,
            hashes,
            haves,
            bloom_bytes,
            bloom_probes,
            documents,
            ephemerals,
            ephemeral_bytes,
            ephemeral_queue_bytes,
            loading_messages,
            loading_bytes,
            message_bytes,
            foreign_message_bytes,
            tail_bytes,
            cache_bytes,
        } = self;
        [
            ("frame_bytes", Limit::Size(frame_bytes)),
            ("change_bytes", Limit::Size(change_bytes)),
            ("change_ops", Limit::Long(change_ops)),
            ("change_preds", Limit::Long(change_preds)),
            ("change_deps", Limit::Size(change_deps)),
            ("change_actors", Limit::Size(change_actors)),
            ("op_ahead", Limit::Long(op_ahead)),
            ("orphans", Limit::Size(orphans)),
            ("orphan_bytes", Limit::Size(orphan_bytes)),
            ("hashes", Limit::Size(hashes)),
            ("haves", Limit::Size(haves)),
            ("bloom_bytes", Limit::Size(bloom_bytes)),
            ("bloom_probes", Limit::Short(bloom_probes)),
            ("documents", Limit::Size(documents)),
            ("ephemerals", Limit::Size(ephemerals)),
            ("ephemeral_bytes", Limit::Size(ephemeral_bytes)),
            ("ephemeral_queue_bytes", Limit::Size(ephemeral_queue_bytes)),
            ("loading_messages", Limit::Size(loading_messages)),
            ("loading_bytes", Limit::Size(loading_bytes)),
            ("message_bytes", Limit::Size(message_bytes)),
            ("foreign_message_bytes", Limit::Size(foreign_message_bytes)),
            ("tail_bytes", Limit::Size(tail_bytes)),
            ("cache_bytes", Limit::Size(cache_bytes)),
        ]
    }
}

/// How often each limit was reached, by its name. What bounds our own memory is reached in ordinary work; what bounds
/// peers, only by one that is broken or hostile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    counts: BTreeMap<&'static str, u64>,
    total: u64,
}

impl Hits {
    /// Counts one more.
    pub fn note(&mut self, limit: &'static str) {
        *self.counts.entry(limit).or_default() += 1;
        self.total += 1;
    }

    /// How often any was reached.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Those that were reached, and how often.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        self.counts.iter().map(|(limit, count)| (*limit, *count))
    }
}
