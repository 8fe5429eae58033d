use bytes::Bytes;
use yilian_core::document::{DocumentId, Name};
use yilian_core::ordered;
use yilian_core::records::{Edit, RecordId};

use super::json::{Object, array, write};
use super::order::{Place, Plan};
use super::{Order, Session, SessionError};

/// What an edit did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edited {
    /// [`super::Signal::Settled`] names these once the edit is durable; none where nothing changed.
    pub tickets: Vec<u32>,
    /// The record of each order.
    pub records: Vec<RecordId>,
    /// What is to be opened first; nothing is done until then.
    pub opens: Vec<Name>,
    /// The code of what was sent.
    pub code: Option<String>,
}

impl Edited {
    /// As JavaScript reads it.
    #[must_use]
    pub fn to_json(&self) -> String {
        Object::new()
            .raw(
                "tickets",
                &array(self.tickets.iter().map(ToString::to_string)),
            )
            .raw("records", &array(self.records.iter().map(write)))
            .raw("opens", &array(self.opens.iter().map(write)))
            .raw("code", &write(&self.code))
            .end()
    }
}

impl Session {
    /// Carries out orders in one document, as one change. A record that moves is put into another document by a change of
    /// its own.
    ///
    /// # Errors
    /// An order does not fit; then nothing is changed.
    pub fn edit(
        &mut self,
        name: &Name,
        orders: Vec<Order>,
        message: &str,
        now_ms: u64,
    ) -> Result<Edited, SessionError> {
        let now = self.civil(now_ms);
        // Drawn before the view is borrowed; what is not needed is never used.
        let mut random: Vec<[u8; 10]> = orders.iter().map(|_| self.draw()).collect();
        let view = self.live(name)?.view();
        let plan = Plan::of(&Place { name, view, now }, orders, || {
            RecordId::new(now_ms, random.pop().unwrap_or_default())
        })?;
        self.carry_out(name, plan.edits, plan.records, (message, now_ms))
    }

    /// Makes edits of any documents, each document's as one change, those of `last` at the end.
    pub(super) fn carry_out(
        &mut self,
        last: &Name,
        edits: Vec<Edit>,
        records: Vec<RecordId>,
        (message, now_ms): (&str, u64),
    ) -> Result<Edited, SessionError> {
        // A record that moves is there before it is gone here: whoever sees only half sees it twice, not never.
        let mut names = elsewhere(&edits, last);
        let mut edited = Edited {
            records,
            ..Edited::default()
        };
        names.push(last.clone());
        // What was planned may follow from what is kept of a document that is not open.
        edited.opens = names
            .iter()
            .filter(|name| self.live(name).is_err())
            .cloned()
            .collect();
        if !edited.opens.is_empty() {
            return Ok(edited);
        }
        for name in names {
            let of: Vec<Edit> = edits
                .iter()
                .filter(|edit| *edit.document() == name)
                .cloned()
                .collect();
            edited
                .tickets
                .extend(self.make(&name, &of, message, now_ms)?);
            self.forget_undone(&name);
        }
        Ok(edited)
    }

    /// Undoes the author's last change of a document that still shows.
    ///
    /// # Errors
    /// There is no author, or the document is not built.
    pub fn undo(&mut self, name: &Name, now_ms: u64) -> Result<Edited, SessionError> {
        let author = self.author.clone().ok_or(SessionError::NoAuthor)?;
        let now = self.civil(now_ms);
        let live = self.live(name)?;
        let Some(undo) = live.undo_last(&author, now) else {
            return Ok(Edited::default());
        };
        let back: Vec<Edit> = undo
            .edits
            .iter()
            .map(|edit| {
                let (collection, record, field) = edit.place();
                let entry = live.view().entry(collection, record);
                match entry.and_then(|entry| entry.fields().get(field)) {
                    Some(value) => Edit::set(name, collection, record, field, value.clone()),
                    None => Edit::clear(name, collection, record, field),
                }
            })
            .collect();
        let tickets = self.make(name, &undo.edits, &undo.message, now_ms)?;
        if let Some(open) = self.ids.get(name).and_then(|id| self.open.get_mut(id)) {
            open.redo.push(back);
        }
        Ok(Edited {
            tickets: tickets.into_iter().collect(),
            records: records(&undo.edits),
            ..Edited::default()
        })
    }

    /// Does again what was undone last, as long as nothing was edited since.
    ///
    /// # Errors
    /// The document is not built.
    pub fn redo(&mut self, name: &Name, now_ms: u64) -> Result<Edited, SessionError> {
        self.live(name)?;
        let open = self.ids.get(name).and_then(|id| self.open.get_mut(id));
        let Some(edits) = open.and_then(|open| open.redo.pop()) else {
            return Ok(Edited::default());
        };
        let tickets = self.make(name, &edits, "redo", now_ms)?;
        Ok(Edited {
            tickets: tickets.into_iter().collect(),
            records: records(&edits),
            ..Edited::default()
        })
    }

    fn forget_undone(&mut self, name: &Name) {
        if let Some(open) = self.ids.get(name).and_then(|id| self.open.get_mut(id)) {
            open.redo.clear();
        }
    }

    /// Makes edits of one document; answers a ticket unless nothing changed.
    pub(super) fn make(
        &mut self,
        name: &Name,
        edits: &[Edit],
        message: &str,
        now_ms: u64,
    ) -> Result<Option<u32>, SessionError> {
        let id = self.id_of(name);
        let not_open = || SessionError::NotOpen(name.clone());
        let open = self.open.get_mut(&id).ok_or_else(not_open)?;
        let live = open.live.as_mut().ok_or_else(not_open)?;
        let now_s = i64::try_from(now_ms / 1000).unwrap_or(0);
        let edited = live.edit(edits, message, now_s)?;
        let Some(change) = edited.change else {
            return Ok(None);
        };
        if let Err(error) = self.keep(id, name, change.raw_bytes()) {
            self.rebuild(id);
            return Err(error.into());
        }
        self.tickets += 1;
        let ticket = self.tickets;
        let len = self
            .replica
            .engine()
            .graph(id)
            .map_or(0, |graph| graph.len());
        if let Some(open) = self.open.get_mut(&id) {
            open.edits.push((len, ticket));
        }
        self.known.touch(name);
        self.show(id, &edited.patches, true);
        self.work();
        Ok(Some(ticket))
    }

    fn keep(
        &mut self,
        id: DocumentId,
        name: &Name,
        change: &[u8],
    ) -> Result<(), yilian_core::sync::change_graph::ChangeError> {
        // The genesis goes first: a document that nobody has begun consists of it.
        let genesis = name.kind().genesis().iter();
        let changes: Vec<Bytes> = genesis
            .map(|bytes| Bytes::from_static(bytes))
            .chain([Bytes::copy_from_slice(change)])
            .collect();
        self.replica.edited(id, &changes)
    }
}

/// The documents that edits are of, one left out.
fn elsewhere(edits: &[Edit], last: &Name) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    for name in edits.iter().map(Edit::document) {
        if name != last && !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

fn records(edits: &[Edit]) -> Vec<RecordId> {
    let mut records: Vec<RecordId> = edits.iter().map(|edit| edit.place().1).collect();
    ordered::sort(&mut records);
    records.dedup();
    records
}
