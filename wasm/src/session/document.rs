use automerge::Change;
use bytes::{Bytes, BytesMut};
use yilian_core::document::{DocumentId, LiveDocument, Name, RecordPatch};
use yilian_core::ordered;
use yilian_core::records::{Collection, Edit, Record, RecordId};

use super::json::array;
use super::shown::{change, logged, part};
use super::{Session, SessionError, Signal};

/// Records in one part of a snapshot, and patches in one signal: what a page reads in one go.
const SLICE: usize = 250;

/// A document that is shown.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) name: Name,
    /// Views and findings that hold it open.
    pub(super) holders: u32,
    pub(super) live: Option<LiveDocument>,
    /// Changes of the graph up to here are in the live document.
    pub(super) applied: u32,
    /// Changes of the graph up to here are durable.
    pub(super) durable: u32,
    /// Edits that wait until so many changes of the graph are durable.
    pub(super) edits: Vec<(u32, u32)>,
    /// What undoing took back, the last at the end.
    pub(super) redo: Vec<Vec<Edit>>,
    /// Whether JavaScript knows that there is something to apply.
    pub(super) told: bool,
}

impl Session {
    /// Opens a document, once more if it is open; [`Signal::Arrived`] follows the first time. Answers its id.
    pub fn open(&mut self, name: &Name) -> DocumentId {
        if let Some(id) = self.ids.get(name) {
            if let Some(open) = self.open.get_mut(id) {
                open.holders += 1;
            }
            return *id;
        }
        let id = self.id_of(name);
        self.ids.insert(name.clone(), id);
        let open = Open {
            name: name.clone(),
            holders: 1,
            live: None,
            applied: 0,
            durable: 0,
            edits: Vec::new(),
            redo: Vec::new(),
            told: false,
        };
        self.open.insert(id, open);
        self.replica.open(name);
        self.work();
        id
    }

    /// Takes back one [`Session::open`].
    pub fn close(&mut self, name: &Name) {
        let Some(id) = self.ids.get(name).copied() else {
            return;
        };
        let Some(open) = self.open.get_mut(&id) else {
            return;
        };
        open.holders = open.holders.saturating_sub(1);
        self.let_go(id);
    }

    /// Forgets a document that nobody holds, unless edits of it are under way.
    pub(super) fn let_go(&mut self, id: DocumentId) {
        let idle = |open: &Open| open.holders == 0 && open.edits.is_empty();
        if let Some(open) = self.open.get(&id).filter(|open| idle(open)) {
            // What was worked out of it lacks what it had not shown yet.
            if open.live.is_some() && open.applied < open.durable {
                self.known.touch(&open.name);
            }
            self.ids.remove(&open.name);
            self.open.remove(&id);
            self.replica.close(id);
            self.work();
        }
    }

    /// Keeps a document in step because another tab shows it.
    pub fn attend(&mut self, name: &Name) {
        let id = self.id_of(name);
        if self.attended.insert(id) {
            self.replica.open(name);
            self.work();
        }
    }

    /// Takes back [`Session::attend`].
    pub fn leave(&mut self, name: &Name) {
        let id = self.id_of(name);
        if self.attended.remove(&id) {
            self.replica.close(id);
            self.work();
        }
    }

    /// Another tab has stored changes of a document.
    pub fn announced(&mut self, name: &Name, changes: Bytes) {
        let id = self.id_of(name);
        self.known.learn(name);
        if !self.open.contains_key(&id) {
            self.known.touch(name);
        }
        if self.replica.engine().graph(id).is_some() {
            self.take_announced(id, &[changes]);
        } else if self.replica.engine().holds(id) {
            self.announced.entry(id).or_default().push(changes);
        } else {
            self.stale.insert(name.clone());
            if self.is_online() {
                self.refresh_stale();
            }
        }
        self.work();
    }

    /// Loads documents that another tab changed, so that the relay gets what it wrote.
    pub(super) fn refresh_stale(&mut self) {
        for name in std::mem::take(&mut self.stale) {
            let id = self.replica.open(&name);
            self.replica.close(id);
        }
    }

    pub(super) fn take_announced(&mut self, id: DocumentId, changes: &[Bytes]) {
        for chunk in changes {
            let len = |session: &Self| session.replica.engine().graph(id).map(|graph| graph.len());
            let Some(from) = len(self) else {
                return;
            };
            // What does not fit here fitted where it was stored; it comes when the document is loaded again.
            let _ = self.replica.edited(id, std::slice::from_ref(chunk));
            let to = len(self).unwrap_or(from);
            if let Some(graph) = self.replica.engine().graph(id) {
                let new = (from..to).filter_map(|index| graph.hash(index));
                self.elsewhere.extend(new);
            }
        }
    }

    /// Builds a document of its first `to` changes, to be shown.
    ///
    /// Hostile changes make Automerge panic, which ends the module: remember beforehand what is built.
    pub fn build(&mut self, id: DocumentId, to: u32) {
        let (actor, author) = (self.draw(), self.draw());
        let to = to.min(self.durable_len(id));
        let changes = self.decode(id, 0, to);
        let Some(open) = self.open.get_mut(&id) else {
            return;
        };
        let name = open.name.clone();
        let mut live = LiveDocument::load(id, Some(name.clone()), actor, changes.clone())
            .unwrap_or_else(|_| one_by_one(LiveDocument::new(id, name, actor), changes));
        if let Some(name) = &self.author {
            live.set_author(name, author);
        }
        open.live = Some(live);
        self.known.touch(&open.name);
        open.applied = to;
        open.told = false;
        self.tell_behind(id);
    }

    /// Shows what became durable, up to the first `to` changes.
    pub fn apply(&mut self, id: DocumentId, to: u32) {
        let Some(open) = self.open.get(&id) else {
            return;
        };
        let (from, to) = (open.applied, to.min(open.durable));
        let changes = self.decode(id, from, to);
        let Some(open) = self.open.get_mut(&id) else {
            return;
        };
        open.told = false;
        open.applied = open.applied.max(to);
        self.known.touch(&open.name);
        let Some(live) = &mut open.live else {
            return;
        };
        match live.apply(changes) {
            Ok(patches) => self.show(id, &patches, false),
            Err(_) => self.rebuild(id),
        }
        self.tell_behind(id);
    }

    /// Whether a document is built, so that it has a snapshot.
    #[must_use]
    pub fn is_built(&self, name: &Name) -> bool {
        self.live(name).is_ok()
    }

    /// The hash of the change with this index: what to put into quarantine.
    #[must_use]
    pub fn change(&self, id: DocumentId, index: u32) -> Option<String> {
        let graph = self.replica.engine().graph(id)?;
        graph.hash(index).map(|hash| hash.to_string())
    }

    /// The records of a document, in parts: JSON.
    ///
    /// # Errors
    /// The document is not built.
    pub fn snapshot(&self, name: &Name) -> Result<Vec<String>, SessionError> {
        let live = self.live(name)?;
        let mut parts = Vec::new();
        for collection in name.kind().collections() {
            let mut entries: Vec<_> = live.view().entries(*collection).collect();
            // As pages show them: sorting tens of thousands would hold up a page, and does not hold up a worker.
            ordered::sort_by_key(&mut entries, |entry| match entry.record() {
                Record::Shift(shift) => Some((shift.start, &shift.name, shift.id)),
                _ => None,
            });
            for entries in entries.chunks(SLICE) {
                parts.push(part(*collection, entries));
            }
        }
        Ok(parts)
    }

    /// What was done to a record, oldest first: JSON.
    ///
    /// # Errors
    /// The document is not built.
    pub fn history(
        &self,
        name: &Name,
        collection: Collection,
        record: RecordId,
    ) -> Result<String, SessionError> {
        let history = self.live(name)?.history(collection, record);
        Ok(array(history.iter().map(change)))
    }

    /// The last `max` changes of a document, the newest first: JSON.
    ///
    /// # Errors
    /// The document is not built.
    pub fn log(&self, name: &Name, max: u32) -> Result<String, SessionError> {
        let max = usize::try_from(max).unwrap_or(usize::MAX);
        Ok(array(self.live(name)?.log(max).iter().map(logged)))
    }

    /// Every change of a document as one concatenation that Automerge loads.
    #[must_use]
    pub fn export(&self, name: &Name) -> Option<Bytes> {
        let graph = self.replica.engine().graph(self.id_of(name))?;
        let mut bytes = BytesMut::new();
        (0..graph.len())
            .filter_map(|index| graph.bytes(index))
            .for_each(|change| bytes.extend_from_slice(change));
        Some(bytes.freeze())
    }

    pub(super) fn live(&self, name: &Name) -> Result<&LiveDocument, SessionError> {
        let open = self.ids.get(name).and_then(|id| self.open.get(id));
        open.and_then(|open| open.live.as_ref())
            .ok_or_else(|| SessionError::NotOpen(name.clone()))
    }

    /// Tells of patches, together with the records as they are now.
    pub(super) fn show(&mut self, id: DocumentId, patches: &[RecordPatch], local: bool) {
        let Some((name, live)) = self
            .open
            .get(&id)
            .and_then(|open| Some((&open.name, open.live.as_ref()?)))
        else {
            return;
        };
        for patches in patches.chunks(SLICE) {
            let signal = Signal::changed(name, patches, live.view(), local);
            self.signals.push_back((signal, Bytes::new()));
        }
    }

    /// Nothing that was not durable is kept: the document starts over from what is.
    pub(super) fn rebuild(&mut self, id: DocumentId) {
        let Some(open) = self.open.get_mut(&id) else {
            return;
        };
        let tickets: Vec<u32> = open.edits.drain(..).map(|(_, ticket)| ticket).collect();
        if !tickets.is_empty() {
            self.settled_again(&tickets, false);
            self.signal(Signal::Settled {
                tickets,
                durable: false,
            });
        }
        self.build_again(id);
    }

    /// Has a document built again; edits under way stay under way.
    pub(super) fn build_again(&mut self, id: DocumentId) {
        let changes = self.durable_len(id);
        let Some(open) = self.open.get_mut(&id) else {
            return;
        };
        open.live = None;
        open.applied = 0;
        open.durable = changes;
        self.signal(Signal::Rebuild {
            document: id,
            changes,
        });
    }

    pub(super) fn tell_behind(&mut self, id: DocumentId) {
        if let Some(open) = self.open.get_mut(&id)
            && open.live.is_some()
            && open.applied < open.durable
            && !std::mem::replace(&mut open.told, true)
        {
            self.signal(Signal::Behind { document: id });
        }
    }

    pub(super) fn durable_len(&self, id: DocumentId) -> u32 {
        let graph = self.replica.engine().graph(id);
        graph.map_or(0, |graph| graph.durable_len())
    }

    pub(super) fn decode(&self, id: DocumentId, from: u32, to: u32) -> Vec<Change> {
        let Some(graph) = self.replica.engine().graph(id) else {
            return Vec::new();
        };
        (from..to)
            .filter(|index| !graph.is_aside(*index))
            .filter_map(|index| graph.bytes(index))
            .filter_map(|bytes| Change::try_from(&bytes[..]).ok())
            .collect()
    }
}

/// Applies changes that cannot be applied together, and leaves out those that are refused.
fn one_by_one(mut live: LiveDocument, changes: Vec<Change>) -> LiveDocument {
    for change in changes {
        // A change that is refused leaves the document as it was.
        let _ = live.apply(vec![change]);
    }
    live
}
