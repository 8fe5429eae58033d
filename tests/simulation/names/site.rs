//! A site: a replica, its disk, and the documents it writes.

use std::collections::{BTreeMap, VecDeque};

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, AutoCommit, ROOT};
use rand::RngExt as _;
use rand::rngs::StdRng;
use yilian_core::document::{DocumentId, Name};
use yilian_core::storage::{Position, StoredDocument};
use yilian_core::sync::engine::{ConnectionId, Effect, examine};
use yilian_core::sync::replica::{Memo, Replica};
use yilian_core::sync::sync_state::Voice;
use yilian_core::sync::wire::Cursor;

use super::disk::{Disk, config, keep, loaded, network};

pub(super) struct Site {
    pub(super) name: String,
    pub(super) prefixes: Vec<String>,
    pub(super) replica: Replica,
    pub(super) disk: Disk,
    pub(super) cursor: Option<Cursor>,
    pub(super) lives: u32,
    /// Documents it writes, as its application has them.
    pub(super) live: BTreeMap<Name, AutoCommit>,
    pub(super) work: VecDeque<Effect>,
    pub(super) connection: Option<ConnectionId>,
}

impl Site {
    pub(super) fn new(name: &str, prefixes: &[&str]) -> Self {
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

    pub(super) fn restart(&mut self, lose_notes: bool) {
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
    pub(super) fn edit(&mut self, rng: &mut StdRng) {
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
    pub(super) fn take_effects(&mut self) {
        while let Some(effect) = self.replica.poll_effect() {
            match effect {
                Effect::Expand {
                    document,
                    connection,
                    bytes,
                    limits,
                } => {
                    let changes = examine(&bytes, &limits);
                    self.replica.expanded(document, connection, changes);
                }
                Effect::Load { .. } | Effect::Store(_) => self.work.push_back(effect),
                _ => {}
            }
        }
    }

    /// The disk does one thing, and notes now and then.
    pub(super) fn step(&mut self, rng: &mut StdRng) -> bool {
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
            Some(Effect::Load { document, whole }) => {
                let stored = loaded(&self.disk, document, whole);
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
