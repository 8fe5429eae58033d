//! What shards are for: a relay's makes nothing of its documents, a site's edits them and keeps them open.

use std::collections::BTreeMap;

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, AutoCommit, Change, ChangeHash, ROOT};
use bytes::Bytes;
use yilian_core::document::{DocumentId, Name};
use yilian_core::storage::{Commit, DocumentWrite};
use yilian_core::sync::engine::{Engine, Notice};
use yilian_core::sync::replica::{Memo, Replica};
use yilian_core::sync::wire::Cursor;
use yilian_node::driver::Application;
use yilian_node::time::Clock;

pub(super) const CURSOR: &str = "catalogue cursor";
/// How often notes are stored for which nobody waits, in milliseconds.
const NOTES_EVERY_MS: u64 = 500;

pub(super) struct Quiet;

impl Application for Quiet {
    type Machine = Engine;
    type Command = ();

    fn command(&mut self, _: &mut Engine, (): ()) -> bool {
        false
    }

    fn notice(&mut self, _: &mut Engine, _: Notice) {}

    fn settle(&mut self, _: &mut Engine) -> Option<Commit> {
        None
    }

    fn stopping(&mut self, _: &mut Engine) -> Option<Commit> {
        None
    }
}

pub(super) enum Command {
    Edit(Name, u64),
    Close(Name),
    Say(Name),
}

/// A change that a site has made, or has been told is safe.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) document: DocumentId,
    pub(super) hash: ChangeHash,
    pub(super) deps: Vec<ChangeHash>,
    pub(super) bytes: Bytes,
}

struct Open {
    live: AutoCommit,
    applied: u32,
    durable: u32,
    /// Changes that wait until so many of the graph are durable.
    edits: Vec<(u32, ChangeHash)>,
}

pub(super) struct Site {
    actor: Vec<u8>,
    actors: u32,
    clock: Clock,
    open: BTreeMap<DocumentId, Open>,
    ids: BTreeMap<Name, DocumentId>,
    waiting: BTreeMap<DocumentId, Vec<u64>>,
    remote_heads: BTreeMap<DocumentId, DocumentWrite>,
    cursor: Option<Cursor>,
    settle_at_ms: u64,
    pub(super) made: Vec<Made>,
    /// What it was told is safe here.
    pub(super) saved: Vec<(DocumentId, ChangeHash)>,
    pub(super) damaged: Vec<DocumentId>,
}

impl Site {
    pub(super) fn new(actor: Vec<u8>, clock: Clock) -> Self {
        Self {
            actor,
            actors: 0,
            clock,
            open: BTreeMap::new(),
            ids: BTreeMap::new(),
            waiting: BTreeMap::new(),
            remote_heads: BTreeMap::new(),
            cursor: None,
            settle_at_ms: 0,
            made: Vec::new(),
            saved: Vec::new(),
            damaged: Vec::new(),
        }
    }

    /// Edits that nobody has been told about yet.
    pub(super) fn unsaved(&self) -> usize {
        let edits = self.open.values().map(|open| open.edits.len());
        edits.sum::<usize>() + self.waiting.len()
    }

    /// An actor is never used twice.
    fn fresh(&mut self) -> AutoCommit {
        self.actors += 1;
        let actor = [&self.actor[..], &self.actors.to_be_bytes()].concat();
        AutoCommit::new().with_actor(ActorId::from(actor))
    }

    fn id(&mut self, replica: &mut Replica, name: &Name) -> DocumentId {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        let id = replica.open(name);
        self.ids.insert(name.clone(), id);
        id
    }

    fn edit(&mut self, replica: &mut Replica, name: &Name, value: u64) {
        let id = self.id(replica, name);
        let Some(open) = self.open.get_mut(&id) else {
            return self.waiting.entry(id).or_default().push(value);
        };
        let key = format!("k{}", value % 17);
        let text = "驿".repeat(value as usize % 23);
        open.live.put(ROOT, key, format!("{value}{text}")).unwrap();
        let time = self.clock.unix_s();
        open.live
            .commit_with(CommitOptions::default().with_time(time));
        let change = open.live.get_last_local_change().unwrap();
        let made = Made {
            document: id,
            hash: change.hash(),
            deps: change.deps().to_vec(),
            bytes: Bytes::copy_from_slice(change.raw_bytes()),
        };
        let fits = replica.edited(id, std::slice::from_ref(&made.bytes));
        fits.unwrap_or_else(|error| panic!("an edit does not fit its own document: {error}"));
        let len = replica.engine().graph(id).map_or(0, |graph| graph.len());
        open.edits.push((len, made.hash));
        self.made.push(made);
    }

    fn close(&mut self, replica: &mut Replica, name: &Name) {
        let Some(id) = self.ids.get(name).copied() else {
            return;
        };
        if self.open.get(&id).is_some_and(|open| open.edits.is_empty()) {
            self.open.remove(&id);
            self.ids.remove(name);
            replica.close(id);
        }
    }

    fn opened(&mut self, replica: &mut Replica, id: DocumentId) {
        if self.open.contains_key(&id) || !self.ids.values().any(|known| *known == id) {
            return;
        }
        let live = self.fresh();
        let Some(graph) = replica.engine().graph(id) else {
            return;
        };
        let durable = graph.durable_len();
        let open = Open {
            live,
            applied: 0,
            durable,
            edits: Vec::new(),
        };
        self.open.insert(id, open);
        self.apply(replica);
        let name = self.ids.iter().find(|(_, known)| **known == id);
        let name = name.unwrap().0.clone();
        for value in self.waiting.remove(&id).unwrap_or_default() {
            self.edit(replica, &name, value);
        }
    }

    fn durable(&mut self, id: DocumentId, to: u32) {
        let Some(open) = self.open.get_mut(&id) else {
            return;
        };
        open.durable = to;
        let (done, rest) = std::mem::take(&mut open.edits)
            .into_iter()
            .partition(|(len, _)| *len <= to);
        open.edits = rest;
        let done: Vec<(u32, ChangeHash)> = done;
        self.saved
            .extend(done.into_iter().map(|(_, hash)| (id, hash)));
    }

    /// Nothing that was not durable is kept.
    fn rebuild(&mut self, replica: &mut Replica, id: DocumentId) {
        if self.open.remove(&id).is_some() {
            self.opened(replica, id);
        }
    }

    fn apply(&mut self, replica: &Replica) {
        for (id, open) in &mut self.open {
            let Some(graph) = replica.engine().graph(*id) else {
                continue;
            };
            if open.applied < open.durable {
                let bytes = (open.applied..open.durable).map(|at| graph.bytes(at).unwrap());
                let changes: Vec<Change> = bytes
                    .map(|bytes| Change::try_from(&bytes[..]).unwrap())
                    .collect();
                open.live.apply_changes(changes).unwrap();
                open.applied = open.durable;
            }
        }
    }

    fn take_memos(&mut self, replica: &mut Replica) {
        while let Some(memo) = replica.poll_memo() {
            match memo {
                Memo::Cursor(cursor) => self.cursor = Some(cursor),
                Memo::RemoteHeads {
                    document,
                    heads,
                    remote_heads,
                } => {
                    let write = DocumentWrite::remote_heads(document, heads, remote_heads);
                    self.remote_heads.insert(document, write);
                }
            }
        }
    }

    fn notes(&mut self) -> Option<Commit> {
        let now = self.clock.elapsed_ms();
        if (self.remote_heads.is_empty() && self.cursor.is_none()) || now < self.settle_at_ms {
            return None;
        }
        self.settle_at_ms = now + NOTES_EVERY_MS;
        let value = |cursor: Cursor| format!("{} {}", cursor.position, cursor.store).into_bytes();
        let cursor = self.cursor.take();
        let setting = cursor.map(|cursor| (CURSOR.to_owned(), Some(value(cursor))));
        let writes = std::mem::take(&mut self.remote_heads).into_values();
        Some(Commit {
            writes: writes.collect(),
            settings: setting.into_iter().collect(),
        })
    }
}

pub(super) fn read_cursor(bytes: &[u8]) -> Option<Cursor> {
    let (position, store) = std::str::from_utf8(bytes).ok()?.split_once(' ')?;
    Some(Cursor {
        store: store.to_owned(),
        position: position.parse().ok()?,
    })
}

impl Application for Site {
    type Machine = Replica;
    type Command = Command;

    fn command(&mut self, machine: &mut Replica, command: Command) -> bool {
        match command {
            Command::Edit(name, value) => self.edit(machine, &name, value),
            Command::Close(name) => self.close(machine, &name),
            Command::Say(name) => {
                let id = self.id(machine, &name);
                machine.send_ephemeral(id, &Bytes::from_static(&[0xa0]));
            }
        }
        true
    }

    fn notice(&mut self, machine: &mut Replica, notice: Notice) {
        match notice {
            Notice::Opened { document } => self.opened(machine, document),
            Notice::Durable { document, to, .. } => self.durable(document, to),
            Notice::Lost { document } => self.rebuild(machine, document),
            Notice::Damaged { document } => self.damaged.push(document),
            Notice::Refused { reason, .. } => panic!("an honest change was refused: {reason}"),
            Notice::Quarantined { .. } => panic!("nothing here breaks Automerge"),
            Notice::PeerError { message, .. } => panic!("the relay says: {message}"),
            _ => {}
        }
    }

    fn settle(&mut self, machine: &mut Replica) -> Option<Commit> {
        self.apply(machine);
        self.take_memos(machine);
        self.notes()
    }

    fn stopping(&mut self, _: &mut Replica) -> Option<Commit> {
        self.settle_at_ms = 0;
        self.notes()
    }
}
