use thiserror::Error;
use yilian_core::document::{EditError, Name, ParseNameError};
use yilian_core::records::{Collection, FieldError, RecordId};
use yilian_core::sync::change_graph::ChangeError;
use yilian_core::sync::handshake::HandshakeError;
use yilian_core::sync::wire::WireError;

/// Why a call did nothing. [`SessionError::code`] is what JavaScript branches on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SessionError {
    /// What was handed in is no JSON of the form expected.
    #[error("the argument is not of the form expected")]
    Argument,
    /// The text is no document's name.
    #[error(transparent)]
    Name(#[from] ParseNameError),
    /// The text is none that this call takes; the message says what it expects.
    #[error("{0}")]
    Text(String),
    /// The document is not open, or not built yet.
    #[error("{0} is not open")]
    NotOpen(Name),
    /// A value does not fit its field; the message says what does.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// The document holds no such record.
    #[error("{0} has no record {1} in {2}")]
    NoRecord(Name, RecordId, Collection),
    /// The document refused the edit.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// An edit does not fit its own document: a bug of ours.
    #[error("an edit does not fit its own document")]
    Graph(#[from] ChangeError),
    /// Undo needs to know whose edits to undo.
    #[error("nothing can be undone without an author")]
    NoAuthor,
    /// The relay and we cannot speak.
    #[error(transparent)]
    Handshake(#[from] HandshakeError),
    /// The relay sent what is no message.
    #[error(transparent)]
    Wire(#[from] WireError),
}

impl SessionError {
    /// The message, with its cause where there is one to know.
    ///
    /// Not by way of [`std::error::Error`]: every error that it can lead to would be in the browser with
    /// all that it can say, for programmers too.
    #[must_use]
    pub fn in_full(&self) -> String {
        match self {
            Self::Graph(cause) => format!("{self}: {cause}"),
            Self::Edit(EditError::Refused(cause)) => format!("{self}: {cause}"),
            _ => self.to_string(),
        }
    }

    /// A stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Argument | Self::Text(_) => "InvalidArgument",
            Self::Name(_) => "InvalidName",
            Self::NotOpen(_) => "NotOpen",
            Self::Field(_) => "InvalidField",
            Self::NoRecord(..) => "NoSuchRecord",
            Self::Edit(_) | Self::Graph(_) => "EditRefused",
            Self::NoAuthor => "NoAuthor",
            Self::Handshake(_) => "HandshakeFailed",
            Self::Wire(_) => "BadMessage",
        }
    }
}
