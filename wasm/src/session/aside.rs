//! Changes that are kept and not used: those that broke the engine, and those that the relay refuses.

use automerge::ChangeHash;
use yilian_core::document::{DocumentId, Name, Remade, Remake};
use yilian_core::ordered::{BTreeMap, BTreeSet};
use yilian_core::storage::Quarantined;
use yilian_core::sync::change_graph::ChangeGraph;

use super::{Edited, Session, SessionError, Signal};

/// What is aside, and what is to be written again for it.
#[derive(Debug, Default)]
pub(super) struct Aside {
    listed: BTreeMap<DocumentId, Vec<Quarantined>>,
    /// Those that nobody wants to hear of any more, and those that are written again.
    dismissed: BTreeSet<ChangeHash>,
    /// Documents in which something may be owed to this author: held open until it is written.
    owed: Vec<Attempt>,
    /// Listed changes of this author that can be read.
    ours: BTreeSet<ChangeHash>,
    /// Whether nothing is written again before something else is aside: the engine stopped, and that may have been why.
    is_careful: bool,
}

/// How far writing again is in a document.
#[derive(Debug)]
struct Attempt {
    name: Name,
    /// The edit's ticket, and in place of which changes it is.
    under_way: Option<(u32, Vec<ChangeHash>)>,
    /// When it may be tried next.
    at_ms: u64,
    /// How often it was tried.
    tries: u32,
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
        is_careful: bool,
    ) -> Self {
        Self {
            listed,
            dismissed: dismissed.into_iter().collect(),
            is_careful,
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
        self.aside.is_careful = false;
        self.owe(document);
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
        self.aside.is_careful = false;
        let Some(name) = self.name_of(id) else {
            return;
        };
        self.find_ours(id, &name);
        self.known.touch(&name);
        self.build_again(id);
        self.owe(id);
    }

    /// Finds out which of the changes that are listed this author made.
    pub(super) fn find_ours(&mut self, id: DocumentId, name: &Name) {
        let graph = self.replica.engine().graph(id);
        let listed = self.aside.listed.get(&id);
        let (Some(graph), Some(listed), Some(author)) = (graph, listed, &self.author) else {
            return;
        };
        let is_listed = |change: &ChangeHash| listed.iter().any(|one| one.change == *change);
        let remakes = Remake::read(name, graph, author, &is_listed);
        let ours = remakes.iter().map(|remake| remake.of);
        self.aside.ours.extend(ours);
    }

    /// This tab has the socket: what is owed from before is written.
    pub(super) fn owe_all(&mut self) {
        let documents: Vec<DocumentId> = self.aside.listed.keys().copied().collect();
        documents.into_iter().for_each(|id| self.owe(id));
    }

    /// Something may be owed in a document of which something is aside. One tab of several writes it.
    fn owe(&mut self, id: DocumentId) {
        let may = self.leads && self.author.is_some();
        let Some(name) = self.name_of(id).filter(|_| may) else {
            return;
        };
        if self.aside.owed.iter().all(|one| one.name != name) {
            self.open(&name);
            self.aside.owed.push(Attempt {
                name,
                under_way: None,
                at_ms: 0,
                tries: 0,
            });
        }
    }

    /// Writes again what was lost with what it built on, where the document is there.
    pub(super) fn write_again(&mut self, now_ms: u64) {
        if self.aside.is_careful {
            return;
        }
        let waits = |one: &Attempt| one.under_way.is_some() || one.at_ms > now_ms;
        let due = self.aside.owed.iter().filter(|one| !waits(one));
        let due: Vec<Name> = due.map(|one| one.name.clone()).collect();
        for name in due {
            let Ok(remade) = self.remade(&name) else {
                continue;
            };
            let then_ms = u64::try_from(remade.time)
                .unwrap_or(0)
                .saturating_mul(1_000);
            let made = match remade.of.is_empty() {
                true => Err(SessionError::NothingToRetry),
                false => self.make(&name, &remade.edits, &remade.message, then_ms),
            };
            let attempt = self.aside.owed.iter_mut().find(|one| one.name == name);
            match (made, attempt) {
                (Ok(Some(ticket)), Some(attempt)) => {
                    attempt.under_way = Some((ticket, remade.of));
                    attempt.at_ms = now_ms + (500 << attempt.tries.min(7));
                    attempt.tries += 1;
                }
                // All of it is there.
                (Ok(None), _) => remade.of.into_iter().for_each(|of| self.made_again(of)),
                // What does not fit what is there now is tried again when something else is aside.
                _ => {
                    self.aside.owed.retain(|one| one.name != name);
                    self.close(&name);
                }
            }
        }
    }

    /// What this author wrote in changes that are aside only for what they build on, and that was not written again. The rest is
    /// for its author to decide.
    fn remade(&self, name: &Name) -> Result<Remade, SessionError> {
        let live = self.live(name)?;
        let id = live.id();
        let (Some(graph), Some(author)) = (self.replica.engine().graph(id), &self.author) else {
            return Ok(Remade::default());
        };
        let is_listed =
            |change: &ChangeHash| self.aside.of(id).iter().any(|one| one.change == *change);
        let is_owed =
            |change: &ChangeHash| !is_listed(change) && !self.aside.dismissed.contains(change);
        Ok(live.remade(graph, &Remake::read(name, graph, author, &is_owed)))
    }

    /// Edits are on disk, or never will be: then they are tried again.
    pub(super) fn settled_again(&mut self, tickets: &[u32], durable: bool) {
        let mut made = Vec::new();
        for attempt in &mut self.aside.owed {
            let settled = attempt
                .under_way
                .take_if(|(ticket, _)| tickets.contains(ticket));
            if let (Some((_, of)), true) = (settled, durable) {
                made.extend(of);
                // There may be more than goes into one change.
                (attempt.at_ms, attempt.tries) = (0, 0);
            }
        }
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
                retry: self.aside.ours.contains(&one.change)
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
        let place = refused.and_then(|one| Some((one.document, self.name_of(one.document)?)));
        let (document, name) = place.ok_or(SessionError::NothingToRetry)?;
        let graph = self.replica.engine().graph(document);
        let (Ok(_), Some(graph), Some(author)) = (self.live(&name), graph, &self.author) else {
            return Ok(Edited {
                opens: vec![name],
                ..Edited::default()
            });
        };
        let remake = Remake::read(&name, graph, author, &|one| *one == change).pop();
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
