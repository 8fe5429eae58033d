//! What must hold at every step, whatever happens. What must hold in the end is in `world`.

use std::collections::{BTreeMap, BTreeSet};

use automerge::ChangeHash;
use bytes::Bytes;
use yilian_core::document::{DocumentId, Name, Network};
use yilian_core::sync::chunk::{only_changes, read_changes};
use yilian_core::sync::engine::Usage;
use yilian_core::sync::limits::Limits;
use yilian_core::sync::message::SyncMessage;
use yilian_core::sync::wire::{Body, Message};
use yilian_node::driver::Places;

use super::application::Made;
use super::volume::Volume;

/// What a site has shown that it knows of, on one connection.
#[derive(Debug, Default)]
pub(super) struct Shown {
    network: Option<Network>,
    prefixes: Vec<String>,
    documents: BTreeSet<DocumentId>,
}

impl Shown {
    /// The site says something.
    pub(super) fn says(&mut self, message: &Message) {
        match &message.body {
            Body::Join { metadata, .. } => {
                let network = metadata
                    .yilian
                    .as_ref()
                    .and_then(|ours| ours.network.clone());
                self.network = network.and_then(|network| network.parse().ok());
            }
            Body::Subscribe { prefixes, .. } => self.prefixes.extend(prefixes.iter().cloned()),
            Body::Sync { document, .. } => drop(self.documents.insert(*document)),
            _ => {}
        }
    }

    /// Access to names: it hears of nothing but what it asked for by id or by prefix, within its network.
    pub(super) fn check(&self, message: &Message, ledger: &Ledger) {
        match &message.body {
            Body::Sync { document, data, .. } => {
                assert!(
                    self.documents.contains(document),
                    "access: a site was sent document {document}, of which it had not spoken"
                );
                let message = SyncMessage::decode(data, &Limits::default()).unwrap();
                let plain = message.changes.iter().filter(|chunk| only_changes(chunk));
                for chunk in plain {
                    for (header, _) in read_changes(chunk, &Limits::default()).unwrap() {
                        ledger.check_belongs(document, &header.hash);
                    }
                }
            }
            Body::Ephemeral { document, .. } | Body::RemoteHeads { document, .. } => assert!(
                self.documents.contains(document),
                "access: a site was told of document {document}, of which it had not spoken"
            ),
            Body::Catalogue { entries, .. } => {
                let network = self.network.as_ref().expect("a site says its network");
                for entry in entries {
                    let asked = self.prefixes.iter();
                    let mut asked = asked.filter(|prefix| entry.name.starts_with(&prefix[..]));
                    assert!(
                        asked.next().is_some(),
                        "access: a site was told of {}, for which it had not asked",
                        entry.name
                    );
                    let name: Name = entry.name.parse().unwrap();
                    let document = DocumentId::of(network, &name);
                    let heads = entry.heads.iter();
                    heads.for_each(|head| ledger.check_belongs(&document, head));
                }
            }
            _ => {}
        }
    }
}

/// What was made, what was promised, and what was damaged so that a promise cannot be kept until somebody brings it again.
#[derive(Default)]
pub(super) struct Ledger {
    made: BTreeMap<ChangeHash, Made>,
    /// What each process has said is safe.
    promised: Vec<BTreeSet<(DocumentId, ChangeHash)>>,
    /// What is damaged at the relay, and where.
    damaged: BTreeMap<(DocumentId, ChangeHash), usize>,
}

impl Ledger {
    pub(super) fn new(processes: usize) -> Self {
        Self {
            promised: vec![BTreeSet::new(); processes],
            ..Self::default()
        }
    }

    pub(super) fn makes(&mut self, made: Made) {
        self.made.insert(made.hash, made);
    }

    fn check_belongs(&self, document: &DocumentId, hash: &ChangeHash) {
        let made = self.made.get(hash);
        let made = made.unwrap_or_else(|| panic!("{hash}, which nobody made, went over the wire"));
        assert_eq!(
            made.document, *document,
            "access: {hash} went over the wire as a change of another document"
        );
    }

    /// A process says on the wire, or to its application, that heads are safe: then they are.
    pub(super) fn promises(
        &mut self,
        process: usize,
        document: DocumentId,
        heads: &[ChangeHash],
        volume: &Volume,
    ) {
        for head in heads {
            let key = (document, *head);
            if process == 0 && self.is_damaged(&key, volume) {
                continue;
            }
            assert!(
                volume.is_safe(&document, head),
                "durability: process {process} says that {head} of {document} is safe, and it is not"
            );
            self.promised[process].insert(key);
        }
    }

    /// What was damaged and has been written again meanwhile is not damaged any more.
    fn is_damaged(&mut self, key: &(DocumentId, ChangeHash), volume: &Volume) -> bool {
        let Some(at) = self.damaged.get(key) else {
            return false;
        };
        let place = volume.place(&key.0, &key.1);
        let again = place.is_some_and(|place| place != *at) && volume.is_safe(&key.0, &key.1);
        if again {
            self.damaged.remove(key);
        }
        !again
    }

    pub(super) fn damages(&mut self, document: DocumentId, hashes: Vec<ChangeHash>, at: usize) {
        let keys = hashes.into_iter().map(|hash| ((document, hash), at));
        self.damaged.extend(keys);
    }

    /// Everything that a process has ever promised is there, byte for byte, with all that it builds on.
    pub(super) fn check_kept(&self, process: usize, name: &str, volume: &Volume) {
        let mut here: BTreeMap<DocumentId, BTreeMap<ChangeHash, Bytes>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut next: Vec<(DocumentId, ChangeHash)> =
            self.promised[process].iter().copied().collect();
        while let Some(key @ (document, hash)) = next.pop() {
            if !seen.insert(key) {
                continue;
            }
            let made = &self.made[&hash];
            next.extend(made.deps.iter().map(|dep| (document, *dep)));
            if process == 0 && self.damaged.contains_key(&key) {
                continue;
            }
            let changes = here
                .entry(document)
                .or_insert_with(|| volume.changes(&document));
            assert_eq!(
                changes.get(&hash),
                Some(&made.bytes),
                "durability: {name} has lost {hash} of {document}, which it had said was safe"
            );
        }
    }

    /// Everything that anybody was told is safe.
    pub(super) fn promised(&self) -> impl Iterator<Item = &(DocumentId, ChangeHash)> {
        self.promised.iter().flatten()
    }
}

/// Bounded memory: nobody holds more for its peers than its limits say.
pub(super) fn check_usage(name: &str, usage: &Usage, limits: &Limits, row_bytes: usize) {
    let bound = |what: &str, value: usize, limit: usize| {
        assert!(
            value <= limit,
            "memory: {name} holds {value} {what}, above {limit}"
        );
    };
    bound(
        "messages for one document",
        usage.loading_messages,
        limits.loading_messages,
    );
    bound("orphans", usage.orphans, limits.orphans);
    bound("bytes of orphans", usage.orphan_bytes, limits.orphan_bytes);
    bound(
        "ephemerals for one connection",
        usage.ephemerals,
        limits.ephemerals,
    );
    bound(
        "documents of one connection",
        usage.connection_documents,
        limits.documents,
    );
    // An answer for each document that was asked for, and a refusal or two.
    bound(
        "answers for one connection",
        usage.answers,
        limits.documents + 4,
    );
    // One read may be as large as half of the cache and a row.
    let cache = limits.cache_bytes.max(limits.cache_bytes / 2 + row_bytes);
    bound("bytes accounted for as read", usage.cached_bytes, cache);
    bound("bytes read", usage.fetched_bytes, cache);
}

/// The same for messages of one connection that wait for a shard.
pub(super) fn check_queue(name: &str, waiting: usize) {
    let limit = Places::ALL;
    assert!(
        waiting <= limit,
        "memory: {waiting} messages of one connection wait in {name}, above {limit}"
    );
}
