use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::{Sink, Stream};

use super::{Frame, SocketError};

/// A library's WebSocket, seen as a stream and sink of [`Frame`]s.
///
/// Three functions do it: from the library's message to a frame, back, and from its error to ours (for axum:
/// `|error| SocketError::from_boxed(error.into_inner())`).
pub struct Adapted<S, M, E> {
    socket: S,
    into_frame: fn(M) -> Frame,
    from_frame: fn(Frame) -> M,
    error: fn(E) -> SocketError,
}

impl<S, M, E> Adapted<S, M, E> {
    /// Wraps a socket.
    pub fn new(
        socket: S,
        into_frame: fn(M) -> Frame,
        from_frame: fn(Frame) -> M,
        error: fn(E) -> SocketError,
    ) -> Self {
        Self {
            socket,
            into_frame,
            from_frame,
            error,
        }
    }
}

impl<S, M, E> Stream for Adapted<S, M, E>
where
    S: Stream<Item = Result<M, E>> + Unpin,
{
    type Item = Result<Frame, SocketError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = ready!(Pin::new(&mut self.socket).poll_next(context));
        Poll::Ready(item.map(|result| result.map(self.into_frame).map_err(self.error)))
    }
}

impl<S, M, E> Sink<Frame> for Adapted<S, M, E>
where
    S: Sink<M, Error = E> + Unpin,
{
    type Error = SocketError;

    fn poll_ready(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), SocketError>> {
        Pin::new(&mut self.socket)
            .poll_ready(context)
            .map_err(self.error)
    }

    fn start_send(mut self: Pin<&mut Self>, frame: Frame) -> Result<(), SocketError> {
        let message = (self.from_frame)(frame);
        Pin::new(&mut self.socket)
            .start_send(message)
            .map_err(self.error)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), SocketError>> {
        Pin::new(&mut self.socket)
            .poll_flush(context)
            .map_err(self.error)
    }

    fn poll_close(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), SocketError>> {
        Pin::new(&mut self.socket)
            .poll_close(context)
            .map_err(self.error)
    }
}

impl<S, M, E> fmt::Debug for Adapted<S, M, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Adapted").finish_non_exhaustive()
    }
}
