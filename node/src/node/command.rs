use std::collections::BTreeMap;

use automerge::ChangeHash;
use tokio::sync::oneshot;
use yilian_core::document::{DocumentId, LiveDocument, Name};
use yilian_core::records::{Edit, View};
use yilian_core::sync::replica::Progress;

use super::settled::Listed;
use super::{EditFailed, ReadError, Refused};

type Run = Box<dyn FnOnce(Result<Documents<'_>, ReadError>) + Send>;

/// What a node can be asked for.
pub(super) enum Command {
    /// The documents of which something is aside.
    Aside(oneshot::Sender<Vec<Name>>),
    Close(Vec<Name>),
    Edit {
        name: Name,
        edits: Vec<Edit>,
        message: String,
        /// If it is made in place of changes that are aside.
        again: Option<MadeAgain>,
        reply: oneshot::Sender<Result<bool, EditFailed>>,
    },
    /// A refused change is of no interest any more; answers what is to be stored for it.
    Dismiss(ChangeHash, oneshot::Sender<Vec<u8>>),
    Heard(Name, oneshot::Sender<bool>),
    Listed(oneshot::Sender<Vec<Listed>>),
    /// Something of this document was damaged in the store and is set aside there.
    Mend(DocumentId),
    Names(oneshot::Sender<Vec<Name>>),
    Progress(oneshot::Sender<Progress>),
    Read {
        names: Vec<Name>,
        run: Run,
    },
    Refused(Vec<Name>, oneshot::Sender<Vec<Refused>>),
    Stop,
}

/// An edit that was made before.
pub(super) struct MadeAgain {
    /// When, by its writer's clock: seconds since 1970.
    pub(super) time: i64,
    /// How often what it became was blamed.
    pub(super) times: u32,
}

impl Command {
    /// The documents that have to be open for it.
    pub(super) fn needs(&self) -> &[Name] {
        match self {
            Self::Edit { name, .. } | Self::Heard(name, _) => std::slice::from_ref(name),
            Self::Read { names, .. } | Self::Refused(names, _) => names,
            Self::Aside(_)
            | Self::Close(_)
            | Self::Dismiss(..)
            | Self::Listed(_)
            | Self::Mend(_)
            | Self::Names(_)
            | Self::Progress(_)
            | Self::Stop => &[],
        }
    }

    /// Says that it cannot be done.
    pub(super) fn fail(self, error: ReadError) {
        match self {
            Self::Edit { reply, .. } => {
                let _ = reply.send(Err(error.into()));
            }
            Self::Read { run, .. } => run(Err(error)),
            // Whoever asked finds that nobody answers.
            Self::Aside(_)
            | Self::Close(_)
            | Self::Dismiss(..)
            | Self::Heard(..)
            | Self::Listed(_)
            | Self::Mend(_)
            | Self::Names(_)
            | Self::Progress(_)
            | Self::Refused(..)
            | Self::Stop => {}
        }
    }
}

/// Open documents, to look into.
#[derive(Debug)]
pub struct Documents<'a> {
    pub(super) documents: BTreeMap<&'a Name, &'a LiveDocument>,
}

impl<'a> Documents<'a> {
    /// The document of a name, if it was asked for.
    #[must_use]
    pub fn get(&self, name: &Name) -> Option<&'a LiveDocument> {
        self.documents.get(name).copied()
    }

    /// All that were asked for, by name.
    pub fn iter(&self) -> impl Iterator<Item = &'a LiveDocument> {
        self.documents.values().copied()
    }

    /// The views of all that were asked for, by name.
    pub fn views(&self) -> impl Iterator<Item = (&'a Name, &'a View)> {
        self.documents
            .iter()
            .map(|(name, document)| (*name, document.view()))
    }
}
