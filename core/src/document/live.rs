use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, Change, ChangeHash, ReadDoc};

use self::maps::Maps;
pub(super) use self::refresh::read;
pub(super) use self::targets::Targets;
pub(super) use self::touched::Key;
use self::touched::Touched;
pub(super) use self::values::{Does, Values};
use super::{Author, DocumentId, Name, RecordPatch};
use crate::ordered::{self, BTreeSet};
use crate::records::{Collection, Edit, View};

mod columns;
mod maps;
mod refresh;
mod targets;
mod touched;
mod values;

/// An open document: the Automerge document and the typed view of its records.
///
/// A clone is independent of the original. Changes from elsewhere may be hostile, and Automerge
/// panics on most that are broken: a native caller applies them to a clone under `catch_unwind`
/// and keeps the clone only if that returns.
#[derive(Clone, Debug)]
pub struct LiveDocument {
    id: DocumentId,
    name: Option<Name>,
    pub(super) automerge: Automerge,
    /// The map of each collection, as the root has them.
    pub(super) maps: Maps,
    view: View,
    /// The keys that may hold more than one value: none is missing, some may have been decided.
    pub(super) conflicted: BTreeSet<Key>,
    /// What changes touch that wait for a dependency.
    waiting: Vec<(ChangeHash, Touched)>,
    /// How many records were read out of the document, ever.
    hydrated: u64,
}

/// Why changes from elsewhere were not applied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// Automerge refused the batch. Nothing of it was applied.
    #[error("the changes do not fit the document")]
    Refused(#[source] automerge::AutomergeError),
}

/// Why an edit was not made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// The edit is meant for another document.
    #[error("the edit is for {0}, which is another document")]
    OtherDocument(Name),
    /// The document has no such collection.
    #[error("the document has no collection {0}")]
    NoCollection(Collection),
    /// The text is no field's name.
    #[error("{0:?} is not a field name: expected 1 to 64 of a-z, 0-9, _, . and -")]
    BadField(String),
    /// Automerge refused it.
    #[error("the document refused the edit")]
    Refused(#[source] automerge::AutomergeError),
}

/// What an edit did.
#[derive(Clone, Debug)]
pub struct Edited {
    /// The change it made; none when everything already was as asked.
    pub change: Option<Change>,
    /// What changed in the records.
    pub patches: Vec<RecordPatch>,
}

impl LiveDocument {
    /// The document of a name, begun: it holds its kind's genesis and nothing else.
    ///
    /// `actor` is sixteen random bytes, never used before: one for each session of a store.
    #[expect(
        clippy::expect_used,
        reason = "genesis is shipped, and tests apply each of it"
    )]
    pub fn new(id: DocumentId, name: Name, actor: [u8; 16]) -> Self {
        let genesis = name.kind().genesis_changes();
        let mut document = Self::empty(id, Some(name), actor);
        document
            .automerge
            .apply_changes(genesis)
            .expect("genesis applies to an empty document");
        document.maps = Maps::of(&document.automerge, document.name.as_ref());
        document
    }

    /// A document without a name, which an unmodified automerge-repo client made: it has no
    /// genesis and its view stays empty.
    pub fn foreign(id: DocumentId, actor: [u8; 16]) -> Self {
        Self::empty(id, None, actor)
    }

    fn empty(id: DocumentId, name: Option<Name>, actor: [u8; 16]) -> Self {
        Self {
            id,
            name,
            automerge: Automerge::new().with_actor(ActorId::from(&actor[..])),
            maps: Maps::default(),
            view: View::default(),
            conflicted: BTreeSet::new(),
            waiting: Vec::new(),
            hydrated: 0,
        }
    }

    /// A stored document: its changes, in any order, and what their records look like.
    ///
    /// A named document begins with its genesis whether or not that is among the changes.
    ///
    /// # Errors
    ///
    /// When Automerge refuses the changes.
    pub fn load(
        id: DocumentId,
        name: Option<Name>,
        actor: [u8; 16],
        changes: Vec<Change>,
    ) -> Result<Self, ApplyError> {
        let mut document = match name {
            Some(name) => Self::new(id, name, actor),
            None => Self::foreign(id, actor),
        };
        // What waits here for a dependency is not known by key, so all is read when it comes.
        for change in &changes {
            document
                .waiting
                .push((change.hash(), Touched::everything()));
        }
        document
            .automerge
            .apply_changes(changes)
            .map_err(ApplyError::Refused)?;
        document.take_arrived();
        document.refresh(&Touched::everything());
        Ok(document)
    }

    /// From now on `author` writes, under a new actor: sixteen random bytes, never used before.
    ///
    /// Automerge keeps an author with the first change of an actor only, so an author who takes
    /// over needs an actor of their own.
    pub fn set_author(&mut self, author: &Author, actor: [u8; 16]) {
        let author = automerge::Author::from(author.as_str().as_bytes().to_vec());
        // This draws an actor at random, whose place ours takes: actors come from handed-in bytes.
        self.automerge.set_author(Some(author));
        self.automerge.set_actor(ActorId::from(&actor[..]));
    }

    /// Takes in changes from elsewhere as one batch; says what changed in the records.
    ///
    /// A change that is already here is ignored, and one whose dependencies are missing waits
    /// inside for them.
    ///
    /// # Errors
    ///
    /// When Automerge refuses the batch; nothing of it is applied then.
    pub fn apply(&mut self, changes: Vec<Change>) -> Result<Vec<RecordPatch>, ApplyError> {
        let changes: Vec<_> = changes
            .into_iter()
            .filter(|change| !self.holds(&change.hash()))
            .collect();
        // So much is read anew as a whole, whatever it touches: finding that out would be for nothing.
        let whole = self.is_much(changes.iter().map(Change::len).sum());
        let touched: Vec<_> = changes
            .iter()
            .map(|change| match whole {
                true => (change.hash(), Touched::everything()),
                false => (change.hash(), Touched::by(change, &self.maps)),
            })
            .collect();
        self.automerge
            .apply_changes(changes)
            .map_err(ApplyError::Refused)?;
        self.waiting.extend(touched);
        let arrived = self.take_arrived();
        Ok(self.refresh(&arrived))
    }

    /// Makes edits as one change, with a message and the time in seconds since 1970.
    ///
    /// What already is as asked makes no operation, so doing the same edits twice adds nothing.
    /// A field in conflict is written even if it shows the value asked for: that decides the
    /// conflict. Of several edits of one field the last counts.
    ///
    /// # Errors
    ///
    /// When an edit is not for this document; nothing is written then.
    pub fn edit(
        &mut self,
        edits: &[Edit],
        message: &str,
        now_unix_s: i64,
    ) -> Result<Edited, EditError> {
        let writes = self.writes(edits)?;
        if writes.is_empty() {
            return Ok(Edited {
                change: None,
                patches: Vec::new(),
            });
        }
        let mut transaction = self.automerge.transaction();
        // An error drops the transaction, which takes back what it wrote.
        for write in &writes {
            match write.value {
                Some(value) => transaction.put(&write.map, write.key.name(), value.to_scalar()),
                None => transaction.delete(&write.map, write.key.name()),
            }
            .map_err(EditError::Refused)?;
        }
        let mut options = CommitOptions::default().with_time(now_unix_s);
        if !message.is_empty() {
            options.set_message(message);
        }
        let (hash, _) = transaction.commit_with(options);
        let touched = Touched::keys(writes.into_iter().map(|write| write.key));
        let change = hash.and_then(|hash| self.automerge.get_change_by_hash(&hash));
        Ok(Edited {
            change,
            patches: self.refresh(&touched),
        })
    }

    /// The document's id.
    pub const fn id(&self) -> DocumentId {
        self.id
    }

    /// The document's name, if it has one.
    pub const fn name(&self) -> Option<&Name> {
        self.name.as_ref()
    }

    /// The records, as of now.
    pub const fn view(&self) -> &View {
        &self.view
    }

    /// The heads, sorted.
    pub fn heads(&self) -> Vec<ChangeHash> {
        let mut heads = self.automerge.get_heads();
        ordered::sort(&mut heads);
        heads
    }

    /// The whole document as one Automerge chunk.
    pub fn save(&self) -> Vec<u8> {
        self.automerge.save()
    }

    /// The Automerge document.
    pub const fn automerge(&self) -> &Automerge {
        &self.automerge
    }

    /// How many records were read out of the Automerge document since it was opened: the work that
    /// keeping the view took.
    pub const fn records_hydrated(&self) -> u64 {
        self.hydrated
    }

    fn holds(&self, hash: &ChangeHash) -> bool {
        self.automerge.get_change_meta_by_hash(hash).is_some()
    }

    /// What the changes touch that waited, and no longer do.
    fn take_arrived(&mut self) -> Touched {
        let mut arrived = Touched::default();
        let waiting = std::mem::take(&mut self.waiting);
        for (hash, touched) in waiting {
            if self.holds(&hash) {
                arrived.extend(touched);
            } else {
                self.waiting.push((hash, touched));
            }
        }
        arrived
    }
}

#[cfg(test)]
mod tests;
