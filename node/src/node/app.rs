//! The node's side of its shard: live documents, fed in batches, and those who wait for them.

use std::collections::BTreeMap;

use automerge::ChangeHash;
use bytes::Bytes;
use tokio::sync::{broadcast, oneshot};
use tracing::{error, warn};
use yilian_core::document::{Author, DocumentId, LiveDocument, Name, RecordPatch};
use yilian_core::records::Edit;
use yilian_core::storage::{Commit, DocumentWrite};
use yilian_core::sync::engine::Notice;
use yilian_core::sync::replica::{Memo, Progress, Replica};
use yilian_core::sync::wire::Cursor;

use super::beacon::Beacon;
use super::command::{Command, Documents};
use super::refused::Known;
use super::settled::Listed;
use super::{Change, EditFailed, ReadError};
use crate::driver::Application;
use crate::identity::random_bytes;
use crate::time::Clock;
use crate::verifier::guarded;

mod again;
mod quarantine;

use again::Owed;
use quarantine::decode;

pub(super) const CURSOR: &str = "catalogue cursor";

/// A document that the application has open.
struct Open {
    live: LiveDocument,
    /// Changes of the graph up to here are in the live document.
    applied: u32,
    /// Changes of the graph up to here are durable.
    durable: u32,
    /// Edits that wait until so many changes of the graph are durable.
    edits: Vec<(u32, oneshot::Sender<Result<bool, EditFailed>>)>,
}

pub(super) struct App {
    author: Option<Author>,
    clock: Clock,
    changes: broadcast::Sender<Change>,
    beacon: Option<Beacon>,
    open: BTreeMap<DocumentId, Open>,
    ids: BTreeMap<Name, DocumentId>,
    opening: BTreeMap<DocumentId, Name>,
    /// Commands, by a document that has to be open for them and is not yet.
    waiting: BTreeMap<DocumentId, Vec<Command>>,
    remote_heads: BTreeMap<DocumentId, DocumentWrite>,
    cursor: Option<Cursor>,
    settle_at_ms: u64,
    aside: Known,
    /// Documents to store once more, of which the store lost something.
    mended: Vec<DocumentWrite>,
    owed: Owed,
    looked_for_owed: bool,
}

/// How often notes are stored for which nobody waits.
const NOTES_EVERY_MS: u64 = 500;

impl App {
    pub(super) fn new(
        author: Option<Author>,
        clock: Clock,
        changes: broadcast::Sender<Change>,
        beacon: Option<Beacon>,
        aside: Known,
    ) -> Self {
        Self {
            author,
            clock,
            changes,
            beacon,
            open: BTreeMap::new(),
            ids: BTreeMap::new(),
            opening: BTreeMap::new(),
            waiting: BTreeMap::new(),
            remote_heads: BTreeMap::new(),
            cursor: None,
            settle_at_ms: 0,
            aside,
            mended: Vec::new(),
            owed: Owed::default(),
            looked_for_owed: false,
        }
    }

    /// Carries out a command whose documents are open; opens what it lacks otherwise.
    fn run(&mut self, replica: &mut Replica, command: Command) {
        let mut lacks = None;
        for name in command.needs() {
            let id = match self.ids.get(name) {
                Some(id) => *id,
                None => {
                    let id = replica.open(name);
                    self.ids.insert(name.clone(), id);
                    self.opening.insert(id, name.clone());
                    id
                }
            };
            if !self.open.contains_key(&id) {
                lacks = Some(id);
            }
        }
        if let Some(id) = lacks {
            return self.waiting.entry(id).or_default().push(command);
        }
        match command {
            Command::Aside(reply) => {
                let _ = reply.send(self.names_aside(replica));
            }
            Command::Dismiss(change, reply) => {
                let _ = reply.send(self.aside.dismiss(change));
            }
            Command::Mend(id) => self.mend(replica, id),
            Command::Refused(names, reply) => {
                let _ = reply.send(self.refused(replica, &names));
            }
            Command::Close(names) => names.iter().for_each(|name| self.close(replica, name)),
            Command::Edit {
                name,
                edits,
                message,
                again,
                reply,
            } => {
                let time = again
                    .as_ref()
                    .map_or(self.clock.unix_s(), |again| again.time);
                let change = self.edit(replica, &name, &edits, (&message, time), reply);
                if let (Some(again), Some(change)) = (again, change) {
                    self.owed.made(change, again.times);
                }
            }
            Command::Heard(name, reply) => {
                let heard = self.ids.get(&name).is_some_and(|id| {
                    let open = self.open.get(id);
                    replica.has_heard(*id) && open.is_some_and(|open| open.applied >= open.durable)
                });
                let _ = reply.send(heard);
            }
            Command::Listed(reply) => {
                let named = replica.documents();
                let listed = named.filter_map(|(id, name, heads)| {
                    Some(Listed {
                        id,
                        name: name?.clone(),
                        heads: heads.to_vec(),
                        is_open: self.open.contains_key(&id),
                    })
                });
                let _ = reply.send(listed.collect());
            }
            Command::Names(reply) => {
                let _ = reply.send(
                    replica
                        .documents()
                        .filter_map(|(_, name, _)| name.cloned())
                        .collect(),
                );
            }
            Command::Progress(reply) => {
                let progress = replica.progress();
                self.tell_others(replica, &progress);
                let _ = reply.send(progress);
            }
            Command::Read { names, run } => {
                let documents = names
                    .iter()
                    .filter_map(|name| Some((name, &self.open.get(self.ids.get(name)?)?.live)))
                    .collect();
                if guarded(|| run(Ok(Documents { documents }))).is_none() {
                    self.look_into(replica, &names);
                }
            }
            Command::Stop => {}
        }
    }

    /// Makes edits as one change, if there is anything to change; the reply follows once it is on disk.
    fn edit(
        &mut self,
        replica: &mut Replica,
        name: &Name,
        edits: &[Edit],
        (message, time): (&str, i64),
        reply: oneshot::Sender<Result<bool, EditFailed>>,
    ) -> Option<ChangeHash> {
        let id = *self.ids.get(name)?;
        let open = self.open.get_mut(&id)?;
        let edited = match guarded(|| open.live.edit(edits, message, time)) {
            Some(Ok(edited)) => edited,
            Some(Err(error)) => {
                let _ = reply.send(Err(error.into()));
                return None;
            }
            None => {
                let _ = reply.send(Err(EditFailed::NotStored { name: name.clone() }));
                self.look_into(replica, std::slice::from_ref(name));
                return None;
            }
        };
        let Some(change) = edited.change else {
            let _ = reply.send(Ok(false));
            return None;
        };
        // The genesis goes first: a document that nobody has begun consists of it.
        let genesis = name
            .kind()
            .genesis()
            .iter()
            .map(|bytes| Bytes::from_static(bytes));
        let bytes = Bytes::copy_from_slice(change.raw_bytes());
        let changes: Vec<Bytes> = genesis.chain([bytes]).collect();
        if let Err(error) = replica.edited(id, &changes) {
            error!(%name, %error, "an edit does not fit its own document");
            let _ = reply.send(Err(EditFailed::NotStored { name: name.clone() }));
            self.rebuild(replica, id);
            return None;
        }
        let len = replica.engine().graph(id).map_or(0, |graph| graph.len());
        open.edits.push((len, reply));
        self.tell(name, edited.patches, true);
        Some(change.hash())
    }

    /// Lets go of a document, unless edits of it are under way.
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

    /// Tells the network how this node stands, if that is news.
    fn tell_others(&mut self, replica: &mut Replica, progress: &Progress) {
        if let Some(beacon) = &mut self.beacon {
            beacon.look(replica, progress, &self.clock);
        }
    }

    fn tell(&self, name: &Name, patches: Vec<RecordPatch>, local: bool) {
        if !patches.is_empty() {
            // Nobody may be listening.
            let _ = self.changes.send(Change {
                name: name.clone(),
                patches: patches.into(),
                local,
            });
        }
    }

    fn opened(&mut self, replica: &mut Replica, id: DocumentId) {
        let Some(name) = self.opening.remove(&id) else {
            return;
        };
        match self.load(replica, id, &name) {
            Some(open) => {
                self.open.insert(id, open);
                self.owed.opened(&name);
                for command in self.waiting.remove(&id).unwrap_or_default() {
                    self.run(replica, command);
                }
            }
            None => self.damaged(id, &name),
        }
    }

    fn load(&self, replica: &mut Replica, id: DocumentId, name: &Name) -> Option<Open> {
        let durable = replica.engine().graph(id)?.durable_len();
        let actor = random_bytes().ok()?;
        let mut live = quarantine::load_sound(replica, id, name, actor)?;
        if let Some(author) = &self.author {
            live.set_author(author, actor);
        }
        Some(Open {
            live,
            applied: durable,
            durable,
            edits: Vec::new(),
        })
    }

    /// A document that cannot be opened: whoever waits for it is told, and it may be tried again.
    fn damaged(&mut self, id: DocumentId, name: &Name) {
        self.opening.remove(&id);
        self.open.remove(&id);
        self.ids.remove(name);
        // It is waited for, and holds up no other.
        self.owed.share(name);
        for command in self.waiting.remove(&id).unwrap_or_default() {
            command.fail(ReadError::Damaged { name: name.clone() });
        }
    }

    fn durable(&mut self, id: DocumentId, to: u32) {
        let Some(open) = self.open.get_mut(&id) else {
            return;
        };
        open.durable = to;
        for (len, reply) in std::mem::take(&mut open.edits) {
            if len <= to {
                let _ = reply.send(Ok(true));
            } else {
                open.edits.push((len, reply));
            }
        }
    }

    /// Nothing that was not durable is kept: the live document starts over from what is.
    fn rebuild(&mut self, replica: &mut Replica, id: DocumentId) {
        let Some(before) = self.open.remove(&id) else {
            return;
        };
        let Some(name) = before.live.name().cloned() else {
            return;
        };
        for (_, reply) in before.edits {
            let _ = reply.send(Err(EditFailed::NotStored { name: name.clone() }));
        }
        match self.load(replica, id, &name) {
            Some(open) => {
                self.open.insert(id, open);
            }
            None => self.damaged(id, &name),
        }
    }

    /// Applies what has become durable since the last time, all of a document's in one batch.
    fn apply(&mut self, replica: &mut Replica) {
        let behind: Vec<DocumentId> = self
            .open
            .iter()
            .filter(|(_, open)| open.applied < open.durable)
            .map(|(id, _)| *id)
            .collect();
        for id in behind {
            let Some(open) = self.open.get_mut(&id) else {
                continue;
            };
            let changes = decode(replica, id, open.applied, open.durable);
            let Some(name) = open.live.name().cloned() else {
                continue;
            };
            // A panic leaves the live document undefined.
            let applied = guarded(|| open.live.apply(changes));
            open.applied = open.durable;
            match applied {
                Some(Ok(patches)) => self.tell(&name, patches, false),
                Some(Err(_)) | None => self.look_into(replica, &[name]),
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

    /// The notes to store now, if any.
    fn notes(&mut self) -> Option<Commit> {
        if !self.mended.is_empty() {
            return Some(Commit {
                writes: std::mem::take(&mut self.mended),
                settings: Vec::new(),
            });
        }
        if let Some(setting) = self.aside.news() {
            return Some(setting);
        }
        if self.remote_heads.is_empty() && self.cursor.is_none() {
            return None;
        }
        let now = self.clock.elapsed_ms();
        if now < self.settle_at_ms {
            return None;
        }
        self.settle_at_ms = now + NOTES_EVERY_MS;
        let writes = std::mem::take(&mut self.remote_heads)
            .into_values()
            .collect();
        let settings = self
            .cursor
            .take()
            .map(|cursor| (CURSOR.to_owned(), Some(write_cursor(&cursor))));
        Some(Commit {
            writes,
            settings: settings.into_iter().collect(),
        })
    }
}

impl Application for App {
    type Machine = Replica;
    type Command = Command;

    fn command(&mut self, machine: &mut Replica, command: Command) -> bool {
        let stop = matches!(command, Command::Stop);
        command
            .needs()
            .iter()
            .for_each(|name| self.owed.share(name));
        self.run(machine, command);
        !stop
    }

    fn notice(&mut self, machine: &mut Replica, notice: Notice) {
        match notice {
            Notice::Opened { document } => self.opened(machine, document),
            Notice::Durable { document, to, .. } => self.durable(document, to),
            Notice::Lost { document } => self.rebuild(machine, document),
            Notice::Damaged { document } => {
                if let Some(name) = self.opening.get(&document).cloned() {
                    self.damaged(document, &name);
                }
            }
            Notice::Quarantined { document, .. } => self.quarantined(machine, document),
            Notice::Refused {
                document,
                connection,
                changes,
                reason,
            } => {
                warn!(%document, reason, "the relay refused changes: they are kept aside");
                machine.take_back(document, connection, changes, &reason);
            }
            Notice::PeerError { message, .. } => warn!(message, "the relay reports an error"),
            _ => {}
        }
    }

    fn settle(&mut self, machine: &mut Replica) -> Option<Commit> {
        self.apply(machine);
        if !std::mem::replace(&mut self.looked_for_owed, true) {
            let names = self.names_aside(machine);
            names.iter().for_each(|name| self.owe(name));
        }
        self.write_again(machine);
        self.take_memos(machine);
        let now = self.clock.steady_ms();
        if self.beacon.as_ref().is_some_and(|beacon| beacon.looks(now)) {
            let progress = machine.progress();
            self.tell_others(machine, &progress);
        }
        self.notes()
    }

    fn stopping(&mut self, _machine: &mut Replica) -> Option<Commit> {
        self.settle_at_ms = 0;
        self.notes()
    }
}

fn write_cursor(cursor: &Cursor) -> Vec<u8> {
    format!("{} {}", cursor.position, cursor.store).into_bytes()
}

/// The cursor that [`write_cursor`] wrote; anything else asks for a full catalogue.
pub(super) fn read_cursor(bytes: &[u8]) -> Option<Cursor> {
    let (position, store) = std::str::from_utf8(bytes).ok()?.split_once(' ')?;
    Some(Cursor {
        store: store.to_owned(),
        position: position.parse().ok()?,
    })
}
