//! The listening socket, and what is bounded before anything is known of who calls but the address.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep_until};
use yilian_node::transport::{Activity, Watched};

use crate::doors::Doors;
use crate::large::{LargeMessages, Reading};
use crate::metrics::Metrics;

/// Sockets beyond the connections that there may be: for whoever asks how it is, fetches a page, or is told that it is full.
const SOCKETS_BESIDE: usize = 256;

/// A listener whose connections note every byte that arrives, a sign of life even in the middle of a message that takes
/// minutes, and end where nobody asks for anything in time.
#[derive(Debug)]
pub(crate) struct BoundedListener {
    listener: TcpListener,
    sockets: Arc<Semaphore>,
    request_max: Duration,
    doors: Doors,
    metrics: Metrics,
    large: LargeMessages,
}

impl BoundedListener {
    pub(crate) fn new(
        listener: TcpListener,
        connections_max: usize,
        request_max: Duration,
        doors: Doors,
        metrics: Metrics,
        large: LargeMessages,
    ) -> Self {
        let sockets = (connections_max + SOCKETS_BESIDE).min(Semaphore::MAX_PERMITS);
        Self {
            listener,
            sockets: Arc::new(Semaphore::new(sockets)),
            request_max,
            doors,
            metrics,
            large,
        }
    }
}

impl Listener for BoundedListener {
    type Io = Patient;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            if self.doors.is_crowded(address.ip()) {
                self.metrics.limit("max_breaches");
                continue;
            }
            let Ok(place) = Arc::clone(&self.sockets).try_acquire_owned() else {
                self.metrics.limit("max_connections");
                continue;
            };
            // A frame should not wait for the one before to be acknowledged; if the socket is gone,
            // reading from it will tell.
            let _ = stream.set_nodelay(true);
            let (request_max, metrics) = (self.request_max, self.metrics.clone());
            let reading = self.large.connection();
            let patient = Patient::new(stream, reading, request_max, metrics, place);
            return (patient, address);
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// What a connection is used for, as far as is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Use(Arc<AtomicU8>);

impl Use {
    const UNKNOWN: u8 = 0;
    const HTTP: u8 = 1;
    const WEBSOCKET: u8 = 2;

    /// A request was made.
    pub(crate) fn requested(&self) {
        self.0.fetch_max(Self::HTTP, Ordering::Relaxed);
    }

    /// It becomes a WebSocket, which has rules of its own.
    pub(crate) fn upgraded(&self) {
        self.0.store(Self::WEBSOCKET, Ordering::Relaxed);
    }

    /// It was not to become a WebSocket after all.
    pub(crate) fn refused(&self) {
        self.0.store(Self::HTTP, Ordering::Relaxed);
    }

    fn state(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A socket that fails where no request comes in time: the first within a time from the start, however many bytes it is sent
/// in, and after it something within the same time of the last byte.
#[derive(Debug)]
pub(crate) struct Patient {
    stream: Watched<TcpStream>,
    reading: Reading,
    used: Use,
    began: Instant,
    request_max: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
    metrics: Metrics,
    _place: OwnedSemaphorePermit,
}

impl Patient {
    fn new(
        stream: TcpStream,
        reading: Reading,
        request_max: Duration,
        metrics: Metrics,
        place: OwnedSemaphorePermit,
    ) -> Self {
        Self {
            stream: Watched::new(stream, Activity::new()),
            reading,
            used: Use::default(),
            began: Instant::now(),
            request_max,
            waiting: None,
            metrics,
            _place: place,
        }
    }

    fn poll_late(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            let since = match self.used.state() {
                Use::UNKNOWN => self.began,
                Use::HTTP => self.stream.activity().last(),
                _ => {
                    self.waiting = None;
                    return Poll::Pending;
                }
            };
            let until = since + self.request_max;
            if until <= Instant::now() {
                return Poll::Ready(());
            }
            let waiting = self
                .waiting
                .get_or_insert_with(|| Box::pin(sleep_until(until)));
            if waiting.deadline() != until {
                waiting.as_mut().reset(until);
            }
            if waiting.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
        }
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let poll = Pin::new(&mut self.stream).poll_read(context, buffer);
        if self.used.state() == Use::WEBSOCKET {
            self.reading.received(buffer.filled().len() - before);
        }
        if poll.is_pending() && self.poll_late(context).is_ready() {
            self.metrics.limit("request_timeout");
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        poll
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(context, bytes);
        if poll.is_ready() && self.used.state() != Use::WEBSOCKET {
            // Whoever takes an answer is there.
            self.stream.activity().touch();
        }
        poll
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        if poll.is_ready() && self.used.state() != Use::WEBSOCKET {
            self.stream.activity().touch();
        }
        poll
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// Who connected.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) address: SocketAddr,
    pub(crate) activity: Activity,
    pub(crate) used: Use,
    pub(crate) reading: Reading,
}

impl Connected<IncomingStream<'_, BoundedListener>> for Caller {
    fn connect_info(stream: IncomingStream<'_, BoundedListener>) -> Self {
        Self {
            address: *stream.remote_addr(),
            activity: stream.io().stream.activity().clone(),
            used: stream.io().used.clone(),
            reading: stream.io().reading.clone(),
        }
    }
}
