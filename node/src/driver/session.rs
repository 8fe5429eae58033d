use std::time::Duration;

use bytes::Bytes;
use thiserror::Error;
use tokio::sync::mpsc;
use tokio::time::timeout;
use yilian_core::sync::engine::{CloseReason, ConnectionId};
use yilian_core::sync::handshake::{HandshakeError, Introduction};
use yilian_core::sync::limits::Limits;
use yilian_core::sync::wire::{Message, WireError};

use super::{Conversation, Event, Farewell, Frame, Gate, Heard, Places, Router};
use crate::transport::{Activity, Ended, FrameSocket, PumpSettings, SocketError, pump};

/// Messages that may wait between a session and its socket, on their way out.
pub const OUTGOING_MAX: usize = 32;

/// Messages that may wait between a socket and its session, on their way in: each may be as large as a frame may be.
const INCOMING_MAX: usize = 4;

/// How sessions are held. Default times are the protocol's.
#[derive(Clone, Debug)]
pub struct SessionSettings {
    /// How long the introduction may take. Default: 10 s.
    pub introduction: Duration,
    /// How the socket is kept.
    pub pump: PumpSettings,
    /// Bounds on what is taken in.
    pub limits: Limits,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self {
            introduction: Duration::from_secs(10),
            pump: PumpSettings::default(),
            limits: Limits::default(),
        }
    }
}

/// One end of connections: who we are, and where messages go.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Who we are.
    pub introduction: Introduction,
    /// Where messages go.
    pub router: Router,
    /// How sessions are held.
    pub settings: SessionSettings,
}

impl Endpoint {
    /// A gate for each shard's way to one connection's socket.
    #[must_use]
    pub fn gates(&self) -> Vec<Gate> {
        self.router.all().map(|_| Gate::default()).collect()
    }

    /// The socket of a connection has written everything: tells every shard that has more for it.
    pub fn drained(&self, connection: ConnectionId, gates: &[Gate]) {
        for (route, gate) in self.router.all().zip(gates) {
            if gate.open() {
                // A shard that is gone has nothing to send.
                let _ = route.events.send(Event::Drained(connection));
            }
        }
    }
}

/// How a session ended.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SessionEnd {
    // Peer.
    /// The peer did not introduce itself in time.
    #[error("the peer did not introduce itself within {} s", .0.as_secs_f64())]
    NoIntroduction(Duration),
    /// The introduction failed.
    #[error("the introduction failed")]
    Handshake(#[from] HandshakeError),
    /// The peer sent something that is not of this protocol.
    #[error("the peer sent a frame that is not of this protocol")]
    Wire(#[from] WireError),
    // Environment.
    /// The socket ended.
    #[error(transparent)]
    Socket(Ended),
    /// This side ended it.
    #[error("closed by this side: {0}")]
    Closed(CloseReason),
    /// This side is stopping.
    #[error("this side is stopping")]
    Stopped,
}

impl SessionEnd {
    /// A word for it that does not change, for metrics: which limit was broken, where one was.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::NoIntroduction(_) => "no_introduction",
            Self::Handshake(_) => "handshake",
            Self::Wire(_) => "bad_frame",
            Self::Closed(reason) => reason.label(),
            Self::Stopped => "stopped",
            Self::Socket(Ended::Finished) => "stopped",
            Self::Socket(Ended::Closed(_)) => "closed_by_peer",
            Self::Socket(Ended::Text) => "text",
            Self::Socket(Ended::Silent(_)) => "silent",
            Self::Socket(Ended::Vanished) => "vanished",
            Self::Socket(Ended::Failed(SocketError::TooBig(_))) => "frame_too_big",
            Self::Socket(Ended::Failed(_)) => "socket_failed",
        }
    }
}

/// Holds the session of a peer that dialled us, until it ends.
pub async fn accept(
    endpoint: &Endpoint,
    socket: impl FrameSocket,
    activity: &Activity,
) -> SessionEnd {
    run(endpoint, socket, activity, false).await
}

/// Holds the session with a peer that we dialled, until it ends.
pub async fn dial(
    endpoint: &Endpoint,
    socket: impl FrameSocket,
    activity: &Activity,
) -> SessionEnd {
    run(endpoint, socket, activity, true).await
}

async fn run(
    endpoint: &Endpoint,
    socket: impl FrameSocket,
    activity: &Activity,
    dialled: bool,
) -> SessionEnd {
    let (incoming_sender, mut incoming) = mpsc::channel(INCOMING_MAX);
    let (outgoing, outgoing_receiver) = mpsc::channel(OUTGOING_MAX);
    let gates = endpoint.gates();
    // Also when whoever holds the session drops it half-way, every shard hears of the end.
    let mut held = Held {
        endpoint,
        conversation: Conversation::new(endpoint, dialled),
    };
    let connection = held.conversation.connection();
    let pump = pump(
        socket,
        activity,
        incoming_sender,
        outgoing_receiver,
        &endpoint.settings.pump,
        || endpoint.drained(connection, &gates),
    );
    let session = async {
        // The receiver stays until the pump has written what was said last.
        let end = converse(
            endpoint,
            &mut held.conversation,
            &mut incoming,
            outgoing,
            &gates,
        )
        .await;
        drop(held);
        end
    };
    match tokio::join!(pump, session) {
        (ended, None) => SessionEnd::Socket(ended),
        (_, Some(end)) => end,
    }
}

/// A conversation whose end every shard hears of, however it ends.
struct Held<'a> {
    endpoint: &'a Endpoint,
    conversation: Conversation,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.conversation.over(self.endpoint);
    }
}

/// Talks until somebody ends it; `None` if it was the socket.
async fn converse(
    endpoint: &Endpoint,
    conversation: &mut Conversation,
    incoming: &mut mpsc::Receiver<Bytes>,
    outgoing: mpsc::Sender<Bytes>,
    gates: &[Gate],
) -> Option<SessionEnd> {
    // Whoever does not read is not told.
    let say = |frame: Option<Bytes>| frame.map(|frame| outgoing.try_send(frame));
    say(conversation.opening(endpoint));
    let limit = endpoint.settings.introduction;
    let first = match timeout(limit, incoming.recv()).await {
        Err(_) => return Some(SessionEnd::NoIntroduction(limit)),
        Ok(first) => first?,
    };
    let mut closed = match conversation.hear(endpoint, &first) {
        Ok(Heard::Introduced(peer, answer)) => {
            say(answer);
            conversation.announce(endpoint, &peer, &outgoing, gates)
        }
        // The first is an introduction, or the end.
        Ok(Heard::Message(_)) => return Some(SessionEnd::Handshake(HandshakeError::Unexpected)),
        Err(Farewell { end, words }) => {
            say(words);
            return Some(end);
        }
    };
    drop(first);
    let places = Places::default();
    loop {
        let frame = tokio::select! {
            frame = incoming.recv() => frame?,
            reason = closed.recv() => return Some(reason.map_or(SessionEnd::Stopped, SessionEnd::Closed)),
        };
        let size = frame.len();
        let heard = conversation.hear(endpoint, &frame);
        drop(frame);
        match heard {
            Ok(Heard::Message(message)) => {
                let connection = conversation.connection();
                pass_on(&endpoint.router, connection, message, (&places, size)).await;
            }
            Ok(Heard::Introduced(..)) => {}
            Err(Farewell { end, words }) => {
                say(words);
                return Some(end);
            }
        }
    }
}

async fn pass_on(
    router: &Router,
    connection: ConnectionId,
    message: Message,
    (places, size): (&Places, usize),
) {
    let mut targets = router.targets(&message).iter();
    let Some(last) = targets.next_back() else {
        return;
    };
    let frame = async |message: Message| Frame {
        connection,
        message,
        place: places.take(size).await,
        account: router.account(),
    };
    // A shard that is gone takes nothing; the connection will be closed by whoever stopped it.
    for route in targets {
        let _ = route.frames.send(frame(message.clone()).await).await;
    }
    let _ = last.frames.send(frame(message).await).await;
}
