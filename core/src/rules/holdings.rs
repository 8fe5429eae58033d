use jiff::civil::DateTime;

use super::contest::Contest;
use crate::document::{FieldConflict, LateEdit, LiveDocument, Month, Name, Network};
use crate::ordered::{BTreeMap, BTreeSet};
use crate::records::View;

/// The documents that a replica holds, as the rules read them.
///
/// For the findings of a month these are `sites`, `people/<site>`, `courses/<site>`, `school/<site>`, `roster/<site>/<month>` and `bookings/<site>/<month>` of every site
/// there is, the supplies, inboxes and cases that are here, and the rosters and bookings of the months before and after. What is missing is said in [`NotChecked`](super::NotChecked), unless it is known to be empty.
#[derive(Debug, Clone)]
pub struct Holdings<'a> {
    pub(super) documents: BTreeMap<Name, Holding<'a>>,
    pub(super) settled: BTreeSet<Name>,
    known_empty: BTreeSet<Name>,
    complete: bool,
    pub(super) network: Option<Network>,
    pub(super) now: DateTime,
}

#[derive(Debug, Clone)]
pub(super) struct Holding<'a> {
    pub(super) view: &'a View,
    pub(super) contests: Vec<Contest>,
    pub(super) late_edits: Vec<LateEdit>,
}

/// Whether [`findings`](super::findings) of a month, or without one of all that is held, look into a document of this name: what has no
/// month, and what is of the month or of those beside it.
///
/// A submission has no month: who has waited since last month waits in this one too. Those that [are settled](super::is_settled)
/// need not be opened again.
#[must_use]
pub fn reads(name: &Name, month: Option<Month>) -> bool {
    match name {
        Name::Sites
        | Name::People { .. }
        | Name::Supplies { .. }
        | Name::School { .. }
        | Name::Courses { .. }
        | Name::Inbox { .. }
        | Name::Case { .. } => true,
        Name::Roster { month: of, .. } | Name::Bookings { month: of, .. } => {
            month.is_none_or(|month| month.around().any(|near| near == *of))
        }
        _ => false,
    }
}

impl<'a> Holdings<'a> {
    /// Nothing held yet. `now` is the time on the wall, in the network's zone; repairs that remove a record use it.
    #[must_use]
    pub fn new(now: DateTime) -> Self {
        Self {
            documents: BTreeMap::new(),
            settled: BTreeSet::new(),
            known_empty: BTreeSet::new(),
            complete: false,
            network: None,
            now,
        }
    }

    /// Says which network's documents these are, which is part of what certificates prove.
    pub fn set_network(&mut self, network: Network) {
        self.network = Some(network);
    }

    /// Adds an open document. One without a name has no records, and is passed over.
    pub fn add(&mut self, document: &'a LiveDocument) {
        let Some(name) = document.name() else {
            return;
        };
        let conflicts = document.conflicts().into_iter();
        let holding = Holding {
            view: document.view(),
            contests: conflicts
                .filter_map(|conflict| Contest::of(document, conflict))
                .collect(),
            late_edits: document.late_edits(),
        };
        self.documents.insert(name.clone(), holding);
    }

    /// Adds a document by what the rules read of it.
    pub fn add_view(
        &mut self,
        name: Name,
        view: &'a View,
        conflicts: Vec<FieldConflict>,
        late_edits: Vec<LateEdit>,
    ) {
        let holding = Holding {
            view,
            contests: conflicts.into_iter().map(Contest::open).collect(),
            late_edits,
        };
        self.documents.insert(name, holding);
    }

    /// Says that a document is there that [is settled](super::is_settled), as it was last read: but for what its name says, no rule
    /// needs it.
    pub fn add_settled(&mut self, name: Name) {
        self.settled.insert(name);
    }

    /// Says that a document that is not held is known to hold nothing: nobody has begun it.
    pub fn add_empty(&mut self, name: Name) {
        self.known_empty.insert(name);
    }

    /// Says that every document there is has been added, as at a hub that subscribes to all names: what is not here, nobody has begun.
    pub fn add_nothing_else(&mut self) {
        self.complete = true;
    }

    /// Every document held, by name.
    pub(super) fn views(&self) -> impl Iterator<Item = (&Name, &'a View)> + Clone {
        self.documents
            .iter()
            .map(|(name, holding)| (name, holding.view))
    }

    pub(super) fn view(&self, name: &Name) -> Option<&'a View> {
        self.documents.get(name).map(|holding| holding.view)
    }

    pub(super) fn is_missing(&self, name: &Name) -> bool {
        let known = [&self.known_empty, &self.settled];
        !self.complete
            && !self.documents.contains_key(name)
            && !known.iter().any(|known| known.contains(name))
    }
}
