//! Changes that are kept and not used: those that broke the engine, and those that the relay refuses.

use automerge::ChangeHash;
use yilian_core::document::{DocumentId, LiveDocument, Name, Remake};
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
    again: Vec<(Name, Remake)>,
    /// What this author wrote in them.
    wrote: BTreeMap<ChangeHash, Remake>,
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

    /// Changes of a document are aside from now on: it is built again without them. What this author wrote on top of them is
    /// written again, under another actor; what this author wrote in them is remembered.
    pub(super) fn put_aside(&mut self, id: DocumentId, changes: &[ChangeHash]) {
        let Some(graph) = self.replica.engine().graph(id) else {
            return;
        };
        let listed = graph.quarantined().to_vec();
        let guilty: BTreeSet<ChangeHash> = listed.iter().map(|one| one.change).collect();
        self.aside.listed.insert(id, listed);
        let Some(open) = self.open.get(&id) else {
            return;
        };
        let name = open.name.clone();
        if let (Some(author), Some(live)) = (&self.author, &open.live) {
            for remake in live.remakes(changes, author) {
                if guilty.contains(&remake.of) {
                    self.aside.wrote.insert(remake.of, remake);
                } else {
                    self.aside.again.push((name.clone(), remake));
                }
            }
        }
        self.known.touch(&name);
        self.build_again(id);
    }

    /// Writes again what was lost with what it built on, where the document is there.
    pub(super) fn write_again(&mut self, now_ms: u64) {
        if self.aside.again.is_empty() {
            return;
        }
        for (name, remake) in std::mem::take(&mut self.aside.again) {
            if self.live(&name).is_err() {
                self.aside.again.push((name, remake));
            } else if self
                .make(&name, &remake.edits, &remake.message, now_ms)
                .is_err()
            {
                // It does not fit what is there now: it is for its author to do again.
                self.aside.wrote.insert(remake.of, remake);
            }
        }
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
                // What did harm here is not applied to see what it wrote.
                retry: self.aside.wrote.contains_key(&one.change)
                    || (self.author.is_some() && one.reason != Quarantined::BREAKS),
            }));
        }
        refused
    }

    /// What this author wrote in a change that is aside.
    fn wrote_in(&self, document: DocumentId, change: ChangeHash) -> Option<Remake> {
        let author = self.author.as_ref()?;
        let name = self.name_of(document)?;
        let changes = self.decode(document, 0, self.durable_len(document));
        let mut live = LiveDocument::load(document, Some(name), [0; 16], changes).ok()?;
        for change in self.replica.ground(document, &[change]) {
            live.apply(vec![change]).ok()?;
        }
        live.remakes(&[change], author).pop()
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
        if self.live(&name).is_err() {
            return Ok(Edited {
                opens: vec![name],
                ..Edited::default()
            });
        }
        let kept = self.aside.wrote.get(&change).cloned();
        let remake = kept.or_else(|| self.wrote_in(document, change));
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
