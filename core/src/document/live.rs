use automerge::{ActorId, Automerge, Change, ChangeHash};

use super::{Author, DocumentId, FieldConflict, HistoryEntry, LateEdit, Name, RecordPatch, Undo};
use crate::records::{Collection, Edit, RecordId, View};
use jiff::civil::DateTime;

/// An open document: the Automerge document and the typed view of its records.
///
/// A clone is independent of the original. Changes from elsewhere may be hostile, and Automerge
/// panics on most that are broken: a native caller applies them to a clone under `catch_unwind`
/// and keeps the clone only if that returns.
#[derive(Clone, Debug)]
pub struct LiveDocument {
    id: DocumentId,
    name: Option<Name>,
    automerge: Automerge,
    view: View,
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
    /// The kind of document has no such collection.
    #[error("the document has no collection {0}")]
    NoCollection(Collection),
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

#[expect(
    unused_variables,
    clippy::missing_const_for_fn,
    reason = "bodies follow"
)]
impl LiveDocument {
    /// The document of a name, begun: it holds its kind's genesis and nothing else.
    ///
    /// `actor` is sixteen random bytes, never used before: one for each session of a store.
    pub fn new(id: DocumentId, name: Name, actor: [u8; 16]) -> Self {
        Self {
            id,
            name: Some(name),
            automerge: Automerge::new().with_actor(ActorId::from(&actor[..])),
            view: View::default(),
        }
    }

    /// A document without a name, which an unmodified automerge-repo client made: it has no
    /// genesis and its view stays empty.
    pub fn foreign(id: DocumentId, actor: [u8; 16]) -> Self {
        Self {
            id,
            name: None,
            automerge: Automerge::new().with_actor(ActorId::from(&actor[..])),
            view: View::default(),
        }
    }

    /// A stored document: its changes, in any order, and what their records look like.
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
        document.apply(changes)?;
        Ok(document)
    }

    /// From now on `author` writes, under a new actor: sixteen random bytes, never used before.
    pub fn set_author(&mut self, author: &Author, actor: [u8; 16]) {}

    /// Takes in changes from elsewhere as one batch; says what changed in the records.
    ///
    /// A change whose dependencies are missing waits inside for them.
    ///
    /// # Errors
    ///
    /// When Automerge refuses the batch; nothing of it is applied then.
    pub fn apply(&mut self, changes: Vec<Change>) -> Result<Vec<RecordPatch>, ApplyError> {
        Ok(Vec::new())
    }

    /// Makes edits as one change, with a message and the time in seconds since 1970.
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
        Ok(Edited {
            change: None,
            patches: Vec::new(),
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
        self.automerge.get_heads()
    }

    /// The whole document as one Automerge chunk.
    pub fn save(&self) -> Vec<u8> {
        self.automerge.save()
    }

    /// The Automerge document.
    pub const fn automerge(&self) -> &Automerge {
        &self.automerge
    }

    /// What was done to a record: oldest first, in an order that is the same on every replica.
    pub fn history(&self, collection: Collection, record: RecordId) -> Vec<HistoryEntry> {
        Vec::new()
    }

    /// How to undo the last change by `author` that is not undone, none where there is none.
    ///
    /// `now` is the time on the wall, to remove a record that the change created.
    pub fn undo_last(&self, author: &Author, now: DateTime) -> Option<Undo> {
        None
    }

    /// The fields that hold more than one value.
    pub fn conflicts(&self) -> Vec<FieldConflict> {
        Vec::new()
    }

    /// The removed records that were edited by someone who did not know, or later.
    pub fn late_edits(&self) -> Vec<LateEdit> {
        Vec::new()
    }
}
