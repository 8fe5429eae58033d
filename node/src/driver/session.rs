use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use thiserror::Error;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;
use yilian_core::sync::engine::{CloseReason, ConnectionId, PeerInfo};
use yilian_core::sync::handshake::{HandshakeError, Introduction};
use yilian_core::sync::limits::Limits;
use yilian_core::sync::wire::{self, Message, WireError};

use super::{Event, Frame, Gate, Outbox, Router};
use crate::transport::{Activity, Ended, FrameSocket, PumpSettings, SocketError, pump};

/// Messages that may wait between a session and its socket, on their way out.
const OUTGOING_MAX: usize = 32;

/// Messages that may wait between a socket and its session, on their way in: each may be as large as a frame may be.
const INCOMING_MAX: usize = 2;
/// Messages of one connection that wait for shards take so many places, one for each [`PLACE_BYTES`] that is begun; one that is
/// larger waits until it is alone.
const PLACES: usize = 32;
const PLACE_BYTES: usize = 32 << 10;

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
    let connection = endpoint.router.connection();
    let routes: Vec<_> = endpoint
        .router
        .all()
        .map(|route| (route.events.clone(), Gate::default()))
        .collect();
    let drained = || {
        for (events, gate) in &routes {
            if gate.open() {
                // A shard that is gone has nothing to send.
                let _ = events.send(Event::Drained(connection));
            }
        }
    };
    let pump = pump(
        socket,
        activity,
        incoming_sender,
        outgoing_receiver,
        &endpoint.settings.pump,
        drained,
    );
    let gates: Vec<Gate> = routes.iter().map(|(_, gate)| gate.clone()).collect();
    let session = async {
        // Also when whoever holds the session drops it half-way.
        let _gone = Gone {
            routes: &routes,
            connection,
        };
        // The receiver stays until the pump has written what was said last.
        converse(
            endpoint,
            connection,
            dialled,
            &mut incoming,
            outgoing,
            &gates,
        )
        .await
    };
    match tokio::join!(pump, session) {
        (ended, None) => SessionEnd::Socket(ended),
        (_, Some(end)) => end,
    }
}

/// Tells every shard that the connection is gone.
struct Gone<'a> {
    routes: &'a [(mpsc::UnboundedSender<Event>, Gate)],
    connection: ConnectionId,
}

impl Drop for Gone<'_> {
    fn drop(&mut self) {
        for (events, _) in self.routes {
            // A shard that is gone knows.
            let _ = events.send(Event::Disconnected(self.connection));
        }
    }
}

/// Talks until somebody ends it; `None` if it was the socket.
async fn converse(
    endpoint: &Endpoint,
    connection: ConnectionId,
    dialled: bool,
    incoming: &mut mpsc::Receiver<Bytes>,
    outgoing: mpsc::Sender<Bytes>,
    gates: &[Gate],
) -> Option<SessionEnd> {
    let limits = endpoint.settings.limits;
    let peer = match introduce(endpoint, dialled, incoming, &outgoing).await {
        Ok(peer) => peer?,
        Err(end) => return Some(end),
    };
    let (close, mut closed) = mpsc::unbounded_channel();
    let peer_id = peer.peer_id.clone();
    for (route, gate) in endpoint.router.all().zip(gates) {
        let outbox = Outbox::new(outgoing.clone(), gate.clone());
        let _ = route.events.send(Event::Connected {
            connection,
            peer: peer.clone(),
            outbox,
            close: close.clone(),
        });
    }
    drop(close);
    let places = Arc::new(Semaphore::new(PLACES));
    loop {
        let frame = tokio::select! {
            frame = incoming.recv() => frame?,
            reason = closed.recv() => return Some(reason.map_or(SessionEnd::Stopped, SessionEnd::Closed)),
        };
        let message = match wire::decode(&frame, &limits) {
            Ok(message) => message,
            Err(error) => {
                say_farewell(
                    &outgoing,
                    &endpoint.introduction,
                    &peer_id,
                    &error.to_string(),
                );
                return Some(error.into());
            }
        };
        let size = frame.len();
        drop(frame);
        pass_on(&endpoint.router, connection, message, (&places, size)).await;
    }
}

/// Exchanges introductions. `None` if the socket ended meanwhile.
async fn introduce(
    endpoint: &Endpoint,
    dialled: bool,
    incoming: &mut mpsc::Receiver<Bytes>,
    outgoing: &mpsc::Sender<Bytes>,
) -> Result<Option<PeerInfo>, SessionEnd> {
    let introduction = &endpoint.introduction;
    if dialled {
        // The channel is empty and has room; if the socket is gone, the next line notices.
        let _ = outgoing.try_send(wire::encode(&introduction.join()));
    }
    let limit = endpoint.settings.introduction;
    let first = match timeout(limit, incoming.recv()).await {
        Err(_) => return Err(SessionEnd::NoIntroduction(limit)),
        Ok(None) => return Ok(None),
        Ok(Some(frame)) => wire::decode(&frame, &endpoint.settings.limits)?,
    };
    if dialled {
        return Ok(Some(introduction.confirm(first)?));
    }
    let sender = first.sender.clone();
    match introduction.accept(first) {
        Ok((peer, answer)) => {
            let _ = outgoing.try_send(wire::encode(&answer));
            Ok(Some(peer))
        }
        Err(error) => {
            say_farewell(outgoing, introduction, &sender, &error.to_string());
            Err(error.into())
        }
    }
}

fn say_farewell(
    outgoing: &mpsc::Sender<Bytes>,
    introduction: &Introduction,
    target: &str,
    message: &str,
) {
    let body = wire::Body::Error {
        message: message.to_owned(),
    };
    let message = Message {
        sender: introduction.peer_id.clone(),
        target: Some(target.to_owned()),
        body,
    };
    // A peer that does not read is not told.
    let _ = outgoing.try_send(wire::encode(&message));
}

async fn pass_on(
    router: &Router,
    connection: ConnectionId,
    message: Message,
    (places, size): (&Arc<Semaphore>, usize),
) {
    let mut targets = router.targets(&message).iter();
    let Some(last) = targets.next_back() else {
        return;
    };
    let count = u32::try_from((size / PLACE_BYTES + 1).min(PLACES)).unwrap_or(1);
    let frame = async |message: Message| Frame {
        connection,
        message,
        // It is never closed.
        place: Arc::clone(places).acquire_many_owned(count).await.ok(),
        account: router.account(),
    };
    // A shard that is gone takes nothing; the connection will be closed by whoever stopped it.
    for route in targets {
        let _ = route.frames.send(frame(message.clone()).await).await;
    }
    let _ = last.frames.send(frame(message).await).await;
}
