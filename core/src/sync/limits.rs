//! What the engine will hold or do for one peer, and where it stops.

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
            loading_messages: 1_024,
            loading_bytes: 64 * MIB,
            message_bytes: MIB / 4,
            foreign_message_bytes: 15 * MIB,
            tail_bytes: MIB,
            cache_bytes: 32 * MIB,
        }
    }
}
