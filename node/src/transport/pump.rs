use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use thiserror::Error;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};

use super::{Activity, CloseReason, Frame, FrameSocket, SocketError};

/// How [`pump`] keeps a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PumpSettings {
    /// How often the other end is asked for a sign of life. Default: 20 s.
    pub ping_every: Duration,
    /// How long it may show none. Any byte that arrives is one. Default: 60 s.
    pub silence_max: Duration,
    /// How long to wait for the other end to say that it has heard of the end. Default: 5 s.
    pub close_wait: Duration,
    /// At most this many bytes are gathered before they are flushed. Default: 256 KiB.
    pub flush_bytes_max: usize,
}

impl Default for PumpSettings {
    fn default() -> Self {
        Self {
            ping_every: Duration::from_secs(20),
            silence_max: Duration::from_secs(60),
            close_wait: Duration::from_secs(5),
            flush_bytes_max: 256 * 1024,
        }
    }
}

/// Why a connection ended.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Ended {
    /// This side wanted it: the sender of outgoing messages, or the receiver of incoming ones, was dropped. What had
    /// been sent before was written.
    #[error("closed by this side")]
    Finished,
    // Peer.
    /// The other end closed it, and said why, if it did.
    #[error("closed by the other end{}", .0.as_ref().map_or_else(String::new, |reason| format!(" ({reason})")))]
    Closed(Option<CloseReason>),
    /// The other end sent text, which our protocol has none of.
    #[error("the other end sent a text message")]
    Text,
    /// Nothing came in for too long.
    #[error("the other end was silent for {} s", .0.as_secs_f64())]
    Silent(Duration),
    /// The connection ended without a goodbye.
    #[error("the connection broke off")]
    Vanished,
    /// The socket failed, for a reason of the network's or the other end's.
    #[error("the connection failed")]
    Failed(#[source] SocketError),
}

/// A message this small is copied out of the socket's read buffer, which it would otherwise keep alive, all 16 KiB of
/// it, for as long as anyone holds on to a part of it.
const COPY_BYTES_MAX: usize = 4 * 1024;

/// Drives one open socket until it ends, and says why it did.
///
/// Binary messages go to `incoming`; while that channel is full, nothing is read, so that the other end is held back by
/// TCP (and such a wait does not count as its silence). Messages from `outgoing` are written, all that are ready before
/// one flush. Both go on independently: a peer that does not read still gets through.
///
/// `drained` is called whenever everything taken from `outgoing` has been written and the channel is empty: the moment
/// to make the next message for this peer. It must not block.
///
/// To close, drop the sender of `outgoing`.
pub async fn pump(
    socket: impl FrameSocket,
    activity: &Activity,
    incoming: mpsc::Sender<Bytes>,
    mut outgoing: mpsc::Receiver<Bytes>,
    settings: &PumpSettings,
    drained: impl FnMut(),
) -> Ended {
    let (mut sink, mut stream) = socket.split();
    let ended = tokio::select! {
        ended = read(&mut stream, activity, &incoming, settings) => ended,
        ended = write(&mut sink, &mut outgoing, settings, drained) => ended,
        // The receiver may be gone while the other end says nothing.
        () = incoming.closed() => Ended::Finished,
    };
    // Whoever still sends should notice now, not once the goodbye is over.
    drop(outgoing);
    drop(incoming);
    let goodbye = match &ended {
        Ended::Finished => Some(CloseReason::new(CloseReason::NORMAL, "")),
        Ended::Text => Some(CloseReason::new(
            CloseReason::UNSUPPORTED,
            "text messages are not understood",
        )),
        Ended::Failed(SocketError::TooBig(_)) => Some(CloseReason::new(
            CloseReason::TOO_BIG,
            "the message exceeds the limit",
        )),
        Ended::Failed(SocketError::Protocol(_)) => {
            Some(CloseReason::new(CloseReason::PROTOCOL, ""))
        }
        Ended::Closed(_) => None,
        Ended::Silent(_) | Ended::Vanished | Ended::Failed(_) => return ended,
    };
    // Nobody waits for a peer that cannot even be told.
    let _ = timeout(settings.close_wait, async {
        if let Some(reason) = goodbye {
            sink.send(Frame::Close(Some(reason))).await?;
            // What arrives until it answers is thrown away: it was never acknowledged.
            while let Some(frame) = stream.next().await {
                if matches!(frame?, Frame::Close(_)) {
                    break;
                }
            }
        }
        // Writes the answer to the other end's goodbye, which the library has prepared.
        sink.close().await
    })
    .await;
    ended
}

async fn read(
    stream: &mut (impl Stream<Item = Result<Frame, SocketError>> + Unpin),
    activity: &Activity,
    incoming: &mpsc::Sender<Bytes>,
    settings: &PumpSettings,
) -> Ended {
    let mut silent = pin!(silence(activity, settings.silence_max));
    loop {
        let frame = tokio::select! {
            frame = stream.next() => frame,
            () = &mut silent => return Ended::Silent(settings.silence_max),
        };
        activity.touch();
        match frame {
            Some(Ok(Frame::Binary(bytes))) => {
                let bytes = if bytes.len() <= COPY_BYTES_MAX {
                    Bytes::copy_from_slice(&bytes)
                } else {
                    bytes
                };
                if incoming.send(bytes).await.is_err() {
                    return Ended::Finished;
                }
                // The wait was ours.
                activity.touch();
            }
            // The library answers pings by itself.
            Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {}
            Some(Ok(Frame::Text(_))) => return Ended::Text,
            Some(Ok(Frame::Close(reason))) => return Ended::Closed(reason),
            Some(Err(error)) => return Ended::Failed(error),
            None => return Ended::Vanished,
        }
    }
}

/// Returns once nothing has come in for so long.
async fn silence(activity: &Activity, max: Duration) {
    loop {
        let end = activity.last() + max;
        if end <= Instant::now() {
            return;
        }
        sleep_until(end).await;
    }
}

async fn write(
    sink: &mut (impl Sink<Frame, Error = SocketError> + Unpin),
    outgoing: &mut mpsc::Receiver<Bytes>,
    settings: &PumpSettings,
    mut drained: impl FnMut(),
) -> Ended {
    let mut ping = interval_at(Instant::now() + settings.ping_every, settings.ping_every);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let message = tokio::select! {
            message = outgoing.recv() => message,
            _ = ping.tick() => {
                if let Err(error) = sink.send(Frame::Ping(Bytes::new())).await {
                    return Ended::Failed(error);
                }
                continue;
            }
        };
        let Some(first) = message else {
            return Ended::Finished;
        };
        if let Err(error) = write_ready(sink, first, outgoing, settings.flush_bytes_max).await {
            return Ended::Failed(error);
        }
        if outgoing.is_empty() {
            drained();
        }
    }
}

/// Writes a message and what else is ready, and flushes once.
async fn write_ready(
    sink: &mut (impl Sink<Frame, Error = SocketError> + Unpin),
    first: Bytes,
    outgoing: &mut mpsc::Receiver<Bytes>,
    bytes_max: usize,
) -> Result<(), SocketError> {
    let mut gathered = 0;
    let mut next = Some(first);
    while let Some(message) = next {
        gathered += message.len();
        sink.feed(Frame::Binary(message)).await?;
        next = if gathered < bytes_max {
            outgoing.try_recv().ok()
        } else {
            None
        };
    }
    sink.flush().await
}

#[cfg(test)]
mod tests;
