use std::collections::VecDeque;
use std::ops::Bound::{Excluded, Unbounded};

use automerge::ChangeHash;
use bytes::Bytes;

use super::quarantine::Warned;
use crate::document::DocumentId;
use crate::ordered::{BTreeMap, BTreeSet};
use crate::sync::wire::{Extension, PeerMetadata};

/// One connection; the driver numbers them and never uses a number again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// Who is at the other end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerInfo {
    /// Its peer id.
    pub peer_id: String,
    /// The id of its store, if it has one.
    pub storage_id: Option<String>,
    /// What it declared, if it is one of ours.
    pub yilian: Option<Extension>,
    /// Whether we dialled it.
    pub dialled: bool,
}

impl PeerInfo {
    /// Who introduced itself with `metadata`.
    #[must_use]
    pub fn new(peer_id: String, metadata: PeerMetadata, dialled: bool) -> Self {
        Self {
            peer_id,
            storage_id: metadata.storage_id,
            yilian: metadata.yilian,
            dialled,
        }
    }
}

#[derive(Debug)]
pub(super) struct Connection {
    pub(super) peer: PeerInfo,
    /// Documents that either side spoke of.
    pub(super) documents: BTreeSet<DocumentId>,
    /// Documents whose name the peer was told.
    pub(super) named: BTreeSet<DocumentId>,
    /// Documents of which we take nothing more from this peer.
    pub(super) refused: BTreeSet<DocumentId>,
    /// Of how many changes in quarantine the peer was told, by document.
    pub(super) warned: BTreeMap<DocumentId, Warned>,
    /// Documents that there may be something to say about.
    pub(super) behind: BTreeSet<DocumentId>,
    last_behind: Option<DocumentId>,
    /// Frames to send before anything else: few, each the answer to something said once.
    pub(super) control: VecDeque<Bytes>,
    /// Documents that are to be called unavailable: once each, however often they were asked for.
    pub(super) unavailable: BTreeSet<DocumentId>,
    /// Ephemeral messages; the oldest is dropped when there are too many.
    pub(super) ephemerals: VecDeque<Bytes>,
    /// Stores whose heads the peer follows.
    pub(super) follows: BTreeSet<String>,
    /// Heads to tell, by document and store: only the latest matter.
    pub(super) gossip: BTreeMap<(DocumentId, String), (Vec<ChangeHash>, u64)>,
    /// Bytes of changes that are being read aside.
    pub(super) aside_bytes: usize,
    /// Whether the driver knows that there is something to send.
    pub(super) awake: bool,
}

impl Connection {
    pub(super) fn new(peer: PeerInfo) -> Self {
        Self {
            peer,
            documents: BTreeSet::new(),
            named: BTreeSet::new(),
            refused: BTreeSet::new(),
            warned: BTreeMap::new(),
            behind: BTreeSet::new(),
            last_behind: None,
            control: VecDeque::new(),
            unavailable: BTreeSet::new(),
            ephemerals: VecDeque::new(),
            follows: BTreeSet::new(),
            gossip: BTreeMap::new(),
            aside_bytes: 0,
            awake: false,
        }
    }

    /// The next document that is behind, in turn, so that a large one does not hold up the others.
    pub(super) fn next_behind(&mut self) -> Option<DocumentId> {
        let after = self.last_behind.and_then(|last| {
            self.behind
                .range((Excluded(last), Unbounded))
                .next()
                .copied()
        });
        let next = after.or_else(|| self.behind.first().copied())?;
        self.behind.remove(&next);
        self.last_behind = Some(next);
        Some(next)
    }
}
