use std::error::Error as StdError;
use std::fmt;
use std::io;

use bytes::Bytes;
use futures_util::{Sink, Stream};
use thiserror::Error;
use tokio_tungstenite::tungstenite;

/// What goes over a WebSocket, whichever library speaks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A whole binary message: what our protocol consists of.
    Binary(Bytes),
    /// "The end is near", and why, where it was said.
    Close(Option<CloseReason>),
    /// Asks for a sign of life.
    Ping(Bytes),
    /// The answer to a ping. Libraries send it by themselves.
    Pong(Bytes),
    /// A whole text message, which our protocol has none of.
    Text(String),
}

impl Frame {
    /// How many bytes came with it.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Binary(bytes) | Self::Ping(bytes) | Self::Pong(bytes) => bytes.len(),
            Self::Text(text) => text.len(),
            Self::Close(reason) => reason.as_ref().map_or(0, |reason| reason.text.len()),
        }
    }
}

/// Why a socket is closed, as one end tells the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseReason {
    /// A status code of RFC 6455, section 7.4.
    pub code: u16,
    /// For people, at most 123 bytes.
    pub text: String,
}

impl CloseReason {
    /// All is said.
    pub const NORMAL: u16 = 1000;
    /// The other end broke the protocol.
    pub const PROTOCOL: u16 = 1002;
    /// The other end sent a kind of message that is not understood.
    pub const UNSUPPORTED: u16 = 1003;
    /// The other end sent a message over the limit.
    pub const TOO_BIG: u16 = 1009;

    /// A code and a text.
    #[must_use]
    pub fn new(code: u16, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
        }
    }
}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if !self.text.is_empty() {
            write!(f, " {:?}", self.text)?;
        }
        Ok(())
    }
}

/// A WebSocket as [`pump`](super::pump) drives it.
pub trait FrameSocket:
    Stream<Item = Result<Frame, SocketError>> + Sink<Frame, Error = SocketError> + Send
{
}

impl<S> FrameSocket for S where
    S: Stream<Item = Result<Frame, SocketError>> + Sink<Frame, Error = SocketError> + Send
{
}

/// Why a WebSocket failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SocketError {
    // Peer.
    /// The other end sent more in one message than the limit allows. Closing tells it so.
    #[error("a message or frame exceeds the limit")]
    TooBig(#[source] Box<dyn StdError + Send + Sync>),
    /// The other end does not speak WebSocket as it should.
    #[error("the other end broke the WebSocket protocol")]
    Protocol(#[source] Box<dyn StdError + Send + Sync>),
    // Environment.
    /// The connection was lost: dial again.
    #[error("the connection was lost")]
    Lost(#[source] io::Error),
    /// The socket was closed already.
    #[error("the socket is closed")]
    Closed,
    /// Something else that the library reports: dial again.
    #[error("the socket failed")]
    Other(#[source] Box<dyn StdError + Send + Sync>),
}

impl SocketError {
    /// Sorts an error of a library that has boxed tungstenite's, as axum does.
    #[must_use]
    pub fn from_boxed(error: Box<dyn StdError + Send + Sync>) -> Self {
        match error.downcast::<tungstenite::Error>() {
            Ok(error) => (*error).into(),
            Err(error) => Self::Other(error),
        }
    }
}

impl From<tungstenite::Error> for SocketError {
    fn from(error: tungstenite::Error) -> Self {
        use tungstenite::Error as E;
        use tungstenite::error::ProtocolError;

        match error {
            E::ConnectionClosed | E::AlreadyClosed => Self::Closed,
            E::Io(source) => Self::Lost(source),
            // Not a breach: it is how a killed process ends.
            E::Protocol(ProtocolError::ResetWithoutClosingHandshake) => {
                Self::Lost(io::ErrorKind::ConnectionReset.into())
            }
            E::Capacity(_) => Self::TooBig(Box::new(error)),
            E::Protocol(_) | E::Utf8(_) | E::AttackAttempt => Self::Protocol(Box::new(error)),
            _ => Self::Other(Box::new(error)),
        }
    }
}
