//! Introductions: `join` from the side that dialled, `peer` from the side that was dialled.

use super::engine::PeerInfo;
use super::wire::{Body, EXTENSION_VERSION, Extension, Message, PROTOCOL_VERSION, PeerMetadata};
use crate::document::Network;

/// Who we are, to either kind of peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introduction {
    /// Our peer id: one for each process.
    pub peer_id: String,
    /// Our store's id.
    pub storage_id: String,
    /// The network whose names we use; a relay, which serves all, has none.
    pub network: Option<Network>,
}

/// Why two peers cannot speak. The connection is of no use then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HandshakeError {
    /// The first frame was something else.
    #[error("the first message is not an introduction")]
    Unexpected,
    /// The peer speaks none of our versions.
    #[error("the peer speaks no protocol version that we speak (\"1\")")]
    Version,
    /// The peer said why it will not have us.
    #[error("the peer refused: {0}")]
    Refused(String),
    /// The peer has no id.
    #[error("the peer id is empty")]
    NoPeerId,
}

impl Introduction {
    /// The frame with which the side that dialled begins.
    #[must_use]
    pub fn join(&self) -> Message {
        let body = Body::Join {
            metadata: self.metadata(),
            versions: vec![PROTOCOL_VERSION.to_owned()],
        };
        Message {
            sender: self.peer_id.clone(),
            target: None,
            body,
        }
    }

    /// Takes the first frame of a peer that dialled us; the answer is to be sent at once, since
    /// JavaScript clients wait for it for no more than a second.
    ///
    /// # Errors
    /// [`HandshakeError`] if the frame is no `join` that we can answer: the peer should be told why.
    pub fn accept(&self, first: Message) -> Result<(PeerInfo, Message), HandshakeError> {
        let Body::Join { metadata, versions } = first.body else {
            return Err(HandshakeError::Unexpected);
        };
        // A peer that names no version speaks the first.
        if !versions.is_empty() && !versions.iter().any(|version| version == PROTOCOL_VERSION) {
            return Err(HandshakeError::Version);
        }
        if first.sender.is_empty() {
            return Err(HandshakeError::NoPeerId);
        }
        let body = Body::Peer {
            metadata: self.metadata(),
            version: PROTOCOL_VERSION.to_owned(),
        };
        let answer = Message {
            sender: self.peer_id.clone(),
            target: Some(first.sender.clone()),
            body,
        };
        Ok((PeerInfo::new(first.sender, metadata, false), answer))
    }

    /// Takes the first frame of a peer that we dialled.
    ///
    /// # Errors
    /// [`HandshakeError`] if the frame is no `peer` of our version.
    pub fn confirm(&self, first: Message) -> Result<PeerInfo, HandshakeError> {
        match first.body {
            Body::Peer { metadata, version } if version == PROTOCOL_VERSION => {
                if first.sender.is_empty() {
                    return Err(HandshakeError::NoPeerId);
                }
                Ok(PeerInfo::new(first.sender, metadata, true))
            }
            Body::Peer { .. } => Err(HandshakeError::Version),
            Body::Error { message } => Err(HandshakeError::Refused(message)),
            _ => Err(HandshakeError::Unexpected),
        }
    }

    fn metadata(&self) -> PeerMetadata {
        let network = self.network.as_ref().map(ToString::to_string);
        PeerMetadata {
            storage_id: Some(self.storage_id.clone()),
            is_ephemeral: false,
            yilian: Some(Extension {
                version: EXTENSION_VERSION,
                network,
            }),
        }
    }
}
