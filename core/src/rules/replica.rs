//! A replica for tests: open documents by name, edited and merged without a network.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use automerge::Change;
use jiff::civil::DateTime;

use super::{Findings, Holdings, findings};
use crate::document::{Author, DocumentId, LiveDocument, Month, Name, Network, SiteKey};
use crate::import::Held;
use crate::ordered::BTreeMap;
use crate::records::{Collection, Edit, RecordId, View};

#[derive(Debug, Clone)]
pub(crate) struct Replica {
    pub(crate) documents: BTreeMap<Name, LiveDocument>,
    number: u8,
    opened: u8,
    clock: i64,
}

pub(crate) fn key(text: &str) -> SiteKey {
    text.parse().unwrap()
}

pub(crate) fn roster(site: &str, month: &str) -> Name {
    Name::Roster {
        site: key(site),
        month: month.parse().unwrap(),
    }
}

pub(crate) fn now() -> DateTime {
    "2026-12-05T09:30".parse().unwrap()
}

impl Replica {
    /// Replicas have different numbers, so that their actors differ.
    pub(crate) fn numbered(number: u8) -> Self {
        Self {
            documents: BTreeMap::new(),
            number,
            opened: 0,
            clock: 1_764_000_000,
        }
    }

    fn open(&mut self, name: &Name) -> &mut LiveDocument {
        let (number, opened) = (self.number, &mut self.opened);
        self.documents.entry(name.clone()).or_insert_with(|| {
            let id = DocumentId::of(&"test".parse::<Network>().unwrap(), name);
            let mut actor = [number; 16];
            *opened += 1;
            actor[0] = *opened;
            let mut document = LiveDocument::new(id, name.clone(), actor);
            actor[1] = !number;
            let author: Author = format!("keyun/author{number}").parse().unwrap();
            document.set_author(&author, actor);
            document
        })
    }

    /// Begins a document in which nothing is.
    pub(crate) fn hold(&mut self, name: &Name) {
        self.open(name);
    }

    /// Makes edits, one change for each document.
    pub(crate) fn apply(&mut self, edits: &[Edit]) {
        let mut documents: BTreeMap<&Name, Vec<Edit>> = BTreeMap::new();
        for edit in edits {
            documents
                .entry(edit.document())
                .or_default()
                .push(edit.clone());
        }
        self.clock += 60;
        let clock = self.clock;
        for (name, edits) in documents {
            self.open(name).edit(&edits, "test", clock).unwrap();
        }
    }

    pub(crate) fn set(
        &mut self,
        document: &Name,
        collection: Collection,
        record: RecordId,
        fields: &[(&str, &str)],
    ) {
        let edit =
            |(field, value): &(&str, &str)| Edit::set(document, collection, record, field, *value);
        self.apply(&fields.iter().map(edit).collect::<Vec<_>>());
    }

    pub(crate) fn view(&self, name: &Name) -> &View {
        self.documents.get(name).unwrap().view()
    }

    pub(crate) fn held(&self) -> Held<'_> {
        let mut all = Held::new();
        for (name, document) in &self.documents {
            all = all.with(name.clone(), document.view());
        }
        all
    }

    pub(crate) fn findings(&self, month: Option<Month>) -> Findings {
        let mut holdings = Holdings::new(now());
        for document in self.documents.values() {
            holdings.add(document);
        }
        findings(&holdings, month)
    }

    /// Every change of every document, by name.
    pub(crate) fn changes(&self) -> BTreeMap<Name, Vec<Change>> {
        let changes = |document: &LiveDocument| document.automerge().get_changes(&[]);
        self.documents
            .iter()
            .map(|(name, document)| (name.clone(), changes(document)))
            .collect()
    }

    /// Takes in changes.
    pub(crate) fn receive(&mut self, changes: BTreeMap<Name, Vec<Change>>) {
        for (name, changes) in changes {
            self.open(&name).apply(changes).unwrap();
        }
    }

    /// Both get what the other has.
    pub(crate) fn merge(&mut self, other: &mut Self) {
        let (ours, theirs) = (self.changes(), other.changes());
        self.receive(theirs);
        other.receive(ours);
    }
}
