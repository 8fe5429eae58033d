//! Where a document is written: people at several computers, some of them without a network.

use jiff::civil::{DateTime, date};
use yilian_core::document::{Author, DocumentId, LiveDocument, Name};
use yilian_core::records::{Edit, RecordId, View};

use super::dice::Dice;
use super::{County, Document, Mess, Tally};

/// Offices that share a computer's sessions are numbered; a branch's own begin here.
const BRANCH: u32 = 1_000;

/// A document as one computer has it.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    live: LiveDocument,
    seed: u64,
    sessions: u32,
    tally: Tally,
}

impl Desk {
    /// Begins a document.
    pub(super) fn begin(county: &County, name: &Name, author: &Author) -> Desk {
        let id = DocumentId::of(&county.network(), name);
        let mut desk = Desk {
            live: LiveDocument::new(id, name.clone(), [0; 16]),
            seed: county.seed,
            sessions: 0,
            tally: Tally::default(),
        };
        desk.sign(author);
        desk
    }

    fn name(&self) -> &Name {
        self.live.name().unwrap()
    }

    /// What is in it.
    pub(super) fn view(&self) -> &View {
        self.live.view()
    }

    /// From now on somebody else writes here.
    pub(super) fn sign(&mut self, author: &Author) {
        self.sessions += 1;
        let label = format!("actor {} {}", self.name(), self.sessions);
        let actor = Dice::of(self.seed, &label).bytes();
        self.live.set_author(author, actor);
    }

    /// One change.
    pub(super) fn write(&mut self, edits: &[Edit], message: &str, at: DateTime) {
        self.live.edit(edits, message, unix_s(at)).unwrap();
    }

    /// The document on another computer, which is offline from now on.
    pub(super) fn branch(&mut self, author: &Author) -> Desk {
        self.sessions += 1;
        let mut branch = self.clone();
        branch.sessions *= BRANCH;
        branch.tally = Tally::default();
        branch.sign(author);
        branch
    }

    /// That computer comes online.
    pub(super) fn merge(&mut self, other: Desk) {
        let theirs = self
            .live
            .automerge()
            .get_changes_added(other.live.automerge());
        self.live.apply(theirs).unwrap();
        self.tally.extend(&other.tally);
    }

    /// Says that something was done that makes no sense.
    pub(super) fn wrong(&mut self, mess: Mess) {
        let month = self.name().month();
        self.tally.add(mess, month);
    }

    pub(super) fn finish(self) -> Document {
        let name = self.name().clone();
        let changes = self.live.automerge().get_changes(&[]);
        Document {
            name,
            changes: changes
                .iter()
                .map(|change| change.raw_bytes().to_vec())
                .collect(),
            heads: self.live.heads(),
            tally: self.tally,
            facts: Vec::new(),
        }
    }
}

/// Seconds since 1970 of a time on the wall in Asia/Shanghai, which has had no other offset since 1991.
pub(super) fn unix_s(at: DateTime) -> i64 {
    const OFFSET_S: i64 = 8 * 3_600;
    at.duration_since(date(1970, 1, 1).at(0, 0, 0, 0)).as_secs() - OFFSET_S
}

/// An id as a person's computer draws it then.
pub(super) fn drawn(at: DateTime, dice: &mut Dice) -> RecordId {
    RecordId::new(u64::try_from(unix_s(at)).unwrap() * 1_000, dice.bytes())
}
