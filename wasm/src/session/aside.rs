//! Changes that are kept and not used: those that broke the engine, and those that the relay refuses.

use automerge::{Change, ChangeHash};
use yilian_core::document::{DocumentId, Name, Remake};
use yilian_core::ordered::{BTreeMap, BTreeSet};
use yilian_core::storage::Quarantined;
use yilian_core::sync::change_graph::ChangeGraph;

use super::{Edited, Session, SessionError, Signal};

/// What is aside, and what is to be written again for it.
#[derive(Debug, Default)]
pub(super) struct Aside {
    listed: BTreeMap<DocumentId, Vec<Quarantined>>,
    /// Those that nobody wants to hear of any more.
    dismissed: BTreeSet<ChangeHash>,
    /// What this author wrote on top of them: written again as soon as the document is there without them.
    again: Vec<Again>,
    /// What this author wrote in them.
    wrote: BTreeMap<ChangeHash, Remake>,
}

/// An edit that is made again until it is on disk.
#[derive(Debug)]
struct Again {
    name: Name,
    remake: Remake,
    /// Of the edit under way.
    ticket: Option<u32>,
}

/// A change that is aside, as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// In which document.
    pub document: DocumentId,
    /// Which change.
    pub change: ChangeHash,
    /// Why, for a person.
    pub reason: String,
    /// Whether what it wrote can be written again.
    pub retry: bool,
}

impl Aside {
    pub(super) fn new(
        listed: BTreeMap<DocumentId, Vec<Quarantined>>,
        dismissed: Vec<ChangeHash>,
    ) -> Self {
        Self {
            listed,
            dismissed: dismissed.into_iter().collect(),
            ..Self::default()
        }
    }

    pub(super) fn of(&self, document: DocumentId) -> &[Quarantined] {
        self.listed.get(&document).map_or(&[], Vec::as_slice)
    }
}

impl Session {
    /// Those changes of a graph that broke this browser, and are not aside yet.
    pub(super) fn accused(&self, graph: &ChangeGraph) -> Vec<Quarantined> {
        let here = |hash: &&ChangeHash| graph.contains(hash) && !graph.is_quarantined(hash);
        let found = self.culprits.iter().filter(here);
        found.copied().map(Quarantined::breaking).collect()
    }

    /// Another tab has put changes aside.
    pub fn set_aside(&mut self, document: DocumentId, listed: Vec<Quarantined>) {
        self.aside.listed.insert(document, listed.clone());
        if self.replica.engine().holds(document) {
            self.replica.quarantine(document, listed);
            self.work();
        }
    }

    /// Changes of a document are aside from now on: it is built again without them.
    pub(super) fn put_aside(&mut self, id: DocumentId) {
        let Some(graph) = self.replica.engine().graph(id) else {
            return;
        };
        let listed = graph.quarantined().to_vec();
        self.aside.listed.insert(id, listed);
        let Some(open) = self.open.get(&id) else {
            return;
        };
        let name = open.name.clone();
        self.owe(id, &name);
        self.known.touch(&name);
        self.build_again(id);
    }

    /// Takes down what this author wrote in what is aside of a document. What only builds on something else is written again,
    /// under another actor, unless that was done already; the rest is for its author to decide.
    pub(super) fn owe(&mut self, id: DocumentId, name: &Name) {
        let (Some(author), Some(graph)) = (&self.author, self.replica.engine().graph(id)) else {
            return;
        };
        if graph.aside().len() == 0 {
            return;
        }
        let aside = &mut self.aside;
        let all = (0..graph.len()).filter_map(|index| graph.bytes(index));
        let all: Vec<Change> = all
            .filter_map(|bytes| Change::try_from(&bytes[..]).ok())
            .collect();
        let is_owed = |change: &ChangeHash| {
            graph.is_quarantined(change)
                && !aside.dismissed.contains(change)
                && aside.again.iter().all(|one| one.remake.of != *change)
        };
        for remake in Remake::read(name, &all, is_owed) {
            if remake.author.as_ref() != Some(author) || remake.edits.is_empty() {
                continue;
            }
            if graph
                .quarantined()
                .iter()
                .any(|one| one.change == remake.of)
            {
                aside.wrote.insert(remake.of, remake);
            } else {
                let name = name.clone();
                aside.again.push(Again {
                    name,
                    remake,
                    ticket: None,
                });
            }
        }
    }

    /// Writes again what was lost with what it built on, where the document is there.
    pub(super) fn write_again(&mut self, now_ms: u64) {
        for mut one in std::mem::take(&mut self.aside.again) {
            if one.ticket.is_none() && self.live(&one.name).is_ok() {
                match self.make(&one.name, &one.remake.edits, &one.remake.message, now_ms) {
                    Ok(Some(ticket)) => one.ticket = Some(ticket),
                    Ok(None) => {
                        self.made_again(one.remake.of);
                        continue;
                    }
                    // It does not fit what is there now, which may be the fault of something that is aside before long.
                    Err(_) => {}
                }
            }
            self.aside.again.push(one);
        }
    }

    /// Edits are on disk, or never will be: then they are tried again.
    pub(super) fn settled_again(&mut self, tickets: &[u32], durable: bool) {
        let mut made = Vec::new();
        self.aside.again.retain_mut(|one| {
            if one.ticket.is_none_or(|ticket| !tickets.contains(&ticket)) {
                return true;
            }
            one.ticket = None;
            made.extend(durable.then_some(one.remake.of));
            !durable
        });
        made.into_iter().for_each(|change| self.made_again(change));
    }

    fn made_again(&mut self, change: ChangeHash) {
        self.discard(change);
        self.signal(Signal::MadeAgain { change });
    }

    /// What is aside and was not dismissed.
    #[must_use]
    pub fn refused(&self) -> Vec<Refused> {
        let mut refused = Vec::new();
        for (document, listed) in &self.aside.listed {
            let shown = |one: &&Quarantined| !self.aside.dismissed.contains(&one.change);
            refused.extend(listed.iter().filter(shown).map(|one| Refused {
                document: *document,
                change: one.change,
                reason: one.reason.clone(),
                retry: self.aside.wrote.contains_key(&one.change)
                    || (self.author.is_some() && one.reason != Quarantined::BREAKS),
            }));
        }
        refused
    }

    /// Writes what a refused change of this author wrote once more, on what is there now.
    ///
    /// # Errors
    /// There is nothing of it to write, or it does not fit.
    pub fn retry(&mut self, change: ChangeHash, now_ms: u64) -> Result<Edited, SessionError> {
        let refused = self.refused().into_iter().find(|one| one.change == change);
        let refused = refused.filter(|one| one.retry);
        let name = refused.and_then(|one| self.name_of(one.document));
        let name = name.ok_or(SessionError::NothingToRetry)?;
        if self.live(&name).is_err() {
            return Ok(Edited {
                opens: vec![name],
                ..Edited::default()
            });
        }
        let remake = self.aside.wrote.get(&change).cloned();
        let remake = remake.ok_or(SessionError::NothingToRetry)?;
        let said = (remake.message.as_str(), now_ms);
        let edited = self.carry_out(&name, remake.edits, Vec::new(), said)?;
        if edited.opens.is_empty() {
            self.discard(change);
        }
        Ok(edited)
    }

    /// Shows a refused change no more. It stays aside.
    pub fn discard(&mut self, change: ChangeHash) {
        self.aside.dismissed.insert(change);
        self.aside.wrote.remove(&change);
    }

    /// What is to be kept of a document that something was put aside of.
    pub(super) fn note_aside(
        &mut self,
        document: DocumentId,
        listed: Vec<Quarantined>,
        heads: Vec<ChangeHash>,
    ) {
        let before = self.replica.engine().graph(document).map(|graph| {
            let aside = graph.aside().filter_map(|index| graph.hash(index));
            aside.chain(heads.iter().copied()).collect()
        });
        let name = self.name_of(document);
        self.signal(Signal::Aside {
            document,
            name,
            listed,
            before: before.unwrap_or_default(),
            after: heads,
        });
    }
}
