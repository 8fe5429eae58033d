use thiserror::Error;
use yilian_core::document::{EditError, Name, ParseNameError};
use yilian_core::inbox::InboxError;
use yilian_core::mediation::MediationError;
use yilian_core::records::{ChangeError, Collection, FieldError, RecordId};
use yilian_core::rules::Text;
use yilian_core::school::SchoolError;
use yilian_core::supplies::SupplyError;
use yilian_core::sync::change_graph;
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
    /// The record does not change so.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// The document holds no such record.
    #[error("{0} has no record {1} in {2}")]
    NoRecord(Name, RecordId, Collection),
    /// The document refused the edit.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// An edit does not fit its own document: a bug of ours.
    #[error("an edit does not fit its own document")]
    Graph(#[from] change_graph::ChangeError),
    /// That is for others to do.
    #[error("only somebody of {0} or of the hub can do that")]
    NotYours(String),
    /// Who holds what is not known yet: `set_holder`.
    #[error("this browser does not hold rights to goods yet")]
    NoHolder,
    /// Goods cannot be moved so.
    #[error(transparent)]
    Supply(#[from] SupplyError),
    /// A case goes on otherwise.
    #[error(transparent)]
    Mediation(#[from] MediationError),
    /// What was sent, or a step, does not fit.
    #[error(transparent)]
    Inbox(#[from] InboxError),
    /// Nobody is enrolled, certified or goes on so.
    #[error(transparent)]
    School(#[from] SchoolError),
    /// Whoever does that must be known.
    #[error("this cannot be done without an author")]
    NoAuthor,
    /// The change is not refused, or nothing that this author wrote can be read from it.
    #[error("there is nothing of this change to write again")]
    NothingToRetry,
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

    /// The message in both languages, where people get to see it as it is.
    #[must_use]
    pub fn text(&self) -> Option<Text> {
        match self {
            Self::Inbox(error) => Some(error.text()),
            Self::Mediation(error) => Some(error.text()),
            Self::Supply(error) => Some(error.text()),
            Self::School(error) => Some(error.text()),
            Self::NotYours(site) => Some(Text::new(
                format!("只有本站（{site}）或中心的人可以办"),
                self.to_string(),
            )),
            Self::NothingToRetry => Some(Text::new("这处改动没有可以重做的内容", self.to_string())),
            _ => None,
        }
    }

    /// A stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Argument | Self::Text(_) => "InvalidArgument",
            Self::Name(_) => "InvalidName",
            Self::NotOpen(_) => "NotOpen",
            Self::Field(_) | Self::Change(_) => "InvalidField",
            Self::NoRecord(..) => "NoSuchRecord",
            Self::Edit(_) | Self::Graph(_) => "EditRefused",
            Self::NotYours(_) => "NotYours",
            Self::NoHolder => "NoHolder",
            Self::Supply(_) => "GoodsRefused",
            Self::Inbox(_) => "InboxRefused",
            Self::School(_) => "SchoolRefused",
            Self::Mediation(_) => "CaseRefused",
            Self::NoAuthor => "NoAuthor",
            Self::NothingToRetry => "NothingToRetry",
            Self::Handshake(_) => "HandshakeFailed",
            Self::Wire(_) => "BadMessage",
        }
    }
}
