use bytes::Bytes;
use tokio::sync::mpsc;
use yilian_core::sync::engine::{CloseReason, ConnectionId, PeerInfo};
use yilian_core::sync::wire::{self, Body, Message};

use super::{Endpoint, Event, Gate, Outbox, SessionEnd};

/// What is said on one connection, whatever carries it: frames in, messages for shards out. It waits for nothing.
///
/// The side that dialled sends [`Conversation::opening`] first. Every frame that comes in is for [`Conversation::hear`]; once
/// the peer is [introduced](Heard::Introduced), shards are told by [`Conversation::announce`].
#[derive(Debug)]
pub struct Conversation {
    connection: ConnectionId,
    dialled: bool,
    /// Who it is with, once that is known.
    peer_id: Option<String>,
}

/// What a frame meant.
#[derive(Debug)]
pub enum Heard {
    /// The peer introduced itself; the answer, if there is one, goes to it first of all.
    Introduced(PeerInfo, Option<Bytes>),
    /// A message for shards.
    Message(Message),
}

/// The end of a conversation, and what to say last.
#[derive(Debug)]
pub struct Farewell {
    /// Why.
    pub end: SessionEnd,
    /// For the peer.
    pub words: Option<Bytes>,
}

impl Conversation {
    /// A conversation under a number that no other has had.
    #[must_use]
    pub fn new(endpoint: &Endpoint, dialled: bool) -> Self {
        Self {
            connection: endpoint.router.connection(),
            dialled,
            peer_id: None,
        }
    }

    /// Its number.
    #[must_use]
    pub fn connection(&self) -> ConnectionId {
        self.connection
    }

    /// What the side that dialled says first.
    #[must_use]
    pub fn opening(&self, endpoint: &Endpoint) -> Option<Bytes> {
        self.dialled
            .then(|| wire::encode(&endpoint.introduction.join()))
    }

    /// Takes a frame.
    ///
    /// # Errors
    /// The conversation is over, through a fault of the peer's.
    pub fn hear(&mut self, endpoint: &Endpoint, frame: &Bytes) -> Result<Heard, Farewell> {
        let decoded = wire::decode(frame, &endpoint.settings.limits);
        let Some(peer_id) = &self.peer_id else {
            // Nobody is known who could be told.
            let first = decoded.map_err(|error| Farewell {
                end: error.into(),
                words: None,
            })?;
            return self.meet(endpoint, first);
        };
        decoded.map(Heard::Message).map_err(|error| Farewell {
            words: Some(farewell(endpoint, peer_id, &error.to_string())),
            end: error.into(),
        })
    }

    fn meet(&mut self, endpoint: &Endpoint, first: Message) -> Result<Heard, Farewell> {
        let introduction = &endpoint.introduction;
        let sender = first.sender.clone();
        let met = match self.dialled {
            true => introduction.confirm(first).map(|peer| (peer, None)),
            false => introduction
                .accept(first)
                .map(|(peer, answer)| (peer, Some(wire::encode(&answer)))),
        };
        match met {
            Ok((peer, answer)) => {
                self.peer_id = Some(peer.peer_id.clone());
                Ok(Heard::Introduced(peer, answer))
            }
            Err(error) => Err(Farewell {
                words: (!self.dialled).then(|| farewell(endpoint, &sender, &error.to_string())),
                end: error.into(),
            }),
        }
    }

    /// Tells every shard of the connection. `gates` are in the order of [`Endpoint::gates`]. What comes out of the channel
    /// that is returned is why a shard wants it to end; that all shards are gone, if nothing comes any more.
    pub fn announce(
        &self,
        endpoint: &Endpoint,
        peer: &PeerInfo,
        outgoing: &mpsc::Sender<Bytes>,
        gates: &[Gate],
    ) -> mpsc::UnboundedReceiver<CloseReason> {
        let (close, closed) = mpsc::unbounded_channel();
        for (route, gate) in endpoint.router.all().zip(gates) {
            // A shard that is gone takes no connection.
            let _ = route.events.send(Event::Connected {
                connection: self.connection,
                peer: peer.clone(),
                outbox: Outbox::new(outgoing.clone(), gate.clone()),
                close: close.clone(),
            });
        }
        closed
    }

    /// Tells every shard that the connection is gone.
    pub fn over(&self, endpoint: &Endpoint) {
        for route in endpoint.router.all() {
            // A shard that is gone knows.
            let _ = route.events.send(Event::Disconnected(self.connection));
        }
    }
}

fn farewell(endpoint: &Endpoint, target: &str, message: &str) -> Bytes {
    wire::encode(&Message {
        sender: endpoint.introduction.peer_id.clone(),
        target: Some(target.to_owned()),
        body: Body::Error {
            message: message.to_owned(),
        },
    })
}
