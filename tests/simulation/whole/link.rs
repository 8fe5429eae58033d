//! A connection between a site and the relay: a real conversation at each end, and a socket between that is slow, is cut,
//! and tells its ends of it when it likes.

use std::collections::VecDeque;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use yilian_core::sync::engine::CloseReason;
use yilian_core::sync::wire::Message;
use yilian_node::driver::{
    Conversation, Endpoint, Farewell, Frame, Gate, Heard, OUTGOING_MAX, Places,
};

/// Frames that may be on their way in one direction.
const WINDOW: usize = 6;

/// One end of a connection.
pub(super) enum End {
    Ours(Box<Session>),
    /// What a peer of another kind says on it is its own affair.
    Foreign,
}

/// What a session is, without its task.
pub(super) struct Session {
    conversation: Conversation,
    gates: Vec<Gate>,
    outgoing: mpsc::Sender<Bytes>,
    socket: mpsc::Receiver<Bytes>,
    closed: Option<mpsc::UnboundedReceiver<CloseReason>>,
    places: Places,
    /// A message that waits for a place, its size, and to how many shards it has gone.
    held: Option<(Message, usize, usize)>,
    /// Takes no heed of places. Nobody should.
    pub(super) greedy: bool,
}

impl Session {
    fn new(endpoint: &Endpoint, dialled: bool) -> Self {
        let (outgoing, socket) = mpsc::channel(OUTGOING_MAX);
        let conversation = Conversation::new(endpoint, dialled);
        if let Some(opening) = conversation.opening(endpoint) {
            outgoing.try_send(opening).unwrap();
        }
        Self {
            conversation,
            gates: endpoint.gates(),
            outgoing,
            socket,
            closed: None,
            places: Places::default(),
            held: None,
            greedy: false,
        }
    }

    /// The next frame for the socket.
    fn write(&mut self, endpoint: &Endpoint) -> Option<Bytes> {
        let frame = self.socket.try_recv().ok()?;
        if self.socket.is_empty() {
            endpoint.drained(self.conversation.connection(), &self.gates);
        }
        Some(frame)
    }

    /// Takes a frame; false if that ends the conversation.
    pub(super) fn hear(&mut self, endpoint: &Endpoint, frame: &Bytes) -> bool {
        match self.conversation.hear(endpoint, frame) {
            Ok(Heard::Introduced(peer, answer)) => {
                if let Some(answer) = answer {
                    let _ = self.outgoing.try_send(answer);
                }
                let (outgoing, gates) = (&self.outgoing, &self.gates);
                let closed = self.conversation.announce(endpoint, &peer, outgoing, gates);
                self.closed = Some(closed);
                true
            }
            Ok(Heard::Message(message)) => {
                self.held = Some((message, frame.len(), 0));
                self.pass_on(endpoint);
                true
            }
            Err(Farewell { words, .. }) => {
                if let Some(words) = words {
                    let _ = self.outgoing.try_send(words);
                }
                false
            }
        }
    }

    /// Gives a message to the shards it is for, as far as there is room; whether it is done.
    pub(super) fn pass_on(&mut self, endpoint: &Endpoint) -> bool {
        let Some((message, size, mut gone)) = self.held.take() else {
            return true;
        };
        let targets = endpoint.router.targets(&message);
        while let Some(route) = targets.get(gone) {
            let room = match route.frames.try_reserve() {
                Ok(room) => Some(room),
                Err(TrySendError::Full(())) => None,
                // A shard that is gone takes nothing.
                Err(TrySendError::Closed(())) => {
                    gone += 1;
                    continue;
                }
            };
            let place = self.places.try_take(size);
            let Some(room) = room.filter(|_| place.is_some() || self.greedy) else {
                self.held = Some((message, size, gone));
                return false;
            };
            room.send(Frame {
                connection: self.conversation.connection(),
                message: message.clone(),
                place,
                account: None,
            });
            gone += 1;
        }
        true
    }

    fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// Whether this side wants the end.
    fn wants_end(&mut self) -> bool {
        self.closed
            .as_mut()
            .is_some_and(|closed| !closed.is_empty() || closed.is_closed())
    }
}

/// The end at the site, and the one at the relay.
pub(super) const SITE: usize = 0;
pub(super) const RELAY: usize = 1;

pub(super) struct Link {
    pub(super) site: usize,
    pub(super) ends: [Option<End>; 2],
    /// What is on its way from each end.
    pub(super) pipes: [VecDeque<Bytes>; 2],
    /// Nothing goes through any more; ends that are left do not know yet.
    pub(super) cut: bool,
    /// The site does not read.
    pub(super) slow: bool,
    /// What the site has shown on it.
    pub(super) shown: super::checks::Shown,
}

impl Link {
    /// A connection to the relay of whoever has this number; `from` is its side, if it is one of ours.
    pub(super) fn dial(site: usize, from: Option<&Endpoint>, to: &Endpoint, greedy: bool) -> Self {
        let here = from.map(|from| End::Ours(Box::new(Session::new(from, true))));
        let mut there = Session::new(to, false);
        there.greedy = greedy;
        let ends = [here.unwrap_or(End::Foreign), End::Ours(Box::new(there))];
        Self {
            site,
            ends: ends.map(Some),
            pipes: [VecDeque::new(), VecDeque::new()],
            cut: false,
            slow: false,
            shown: super::checks::Shown::default(),
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.ends.iter().all(Option::is_none)
    }

    /// One frame goes from an end into the socket.
    pub(super) fn write(&mut self, end: usize, endpoint: &Endpoint) -> Option<Bytes> {
        if !self.has_room(end) {
            return None;
        }
        let frame = self.session(end)?.write(endpoint)?;
        self.send(end, &frame);
        Some(frame)
    }

    pub(super) fn send(&mut self, end: usize, frame: &Bytes) {
        if !self.cut {
            self.pipes[end].push_back(frame.clone());
        }
    }

    pub(super) fn has_room(&self, end: usize) -> bool {
        self.pipes[end].len() < WINDOW || self.cut
    }

    pub(super) fn session(&mut self, end: usize) -> Option<&mut Session> {
        match self.ends[end].as_mut()? {
            End::Ours(session) => Some(session),
            End::Foreign => None,
        }
    }

    /// A message that an end holds back goes on, as far as it can; whether there is none any more.
    pub(super) fn pass_on(&mut self, end: usize, endpoint: &Endpoint) -> bool {
        self.session(end)
            .is_none_or(|session| session.pass_on(endpoint))
    }

    pub(super) fn is_held(&self, end: usize) -> bool {
        matches!(&self.ends[end], Some(End::Ours(session)) if session.is_held())
    }

    /// Whether an end hears that the connection is over now: the other is gone, and everything that it said is here.
    pub(super) fn has_ended(&self, end: usize) -> bool {
        let gone = self.cut || self.ends[1 - end].is_none();
        let read = self.pipes[1 - end].is_empty();
        gone && read && self.ends[end].is_some() && !self.is_held(end)
    }

    /// Whether a shard at an end wants it over.
    pub(super) fn wants_end(&mut self, end: usize) -> bool {
        self.session(end).is_some_and(Session::wants_end)
    }

    /// An end says what is left to say and goes.
    pub(super) fn finish(&mut self, end: usize, endpoint: &Endpoint) {
        let Some(End::Ours(mut gone)) = self.ends[end].take() else {
            return;
        };
        while let Ok(frame) = gone.socket.try_recv() {
            if !self.cut {
                self.pipes[end].push_back(frame);
            }
        }
        gone.conversation.over(endpoint);
    }

    /// The process at an end is gone, and nobody there hears of it.
    pub(super) fn vanish(&mut self, end: usize) {
        self.ends[end] = None;
    }
}
