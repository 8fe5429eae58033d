use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::{Sink, Stream};
use tokio::time::{Instant, Sleep, sleep_until};

use super::{Activity, Frame, SocketError};
use crate::driver::Account;

/// What somebody gets back depends on what others take meanwhile: it is looked at again so often.
const LOOK: Duration = Duration::from_millis(100);

/// A WebSocket that is not read from while its [`Account`] is overdrawn, so that TCP holds the other end back.
///
/// What is sent to it goes on being sent.
pub struct Paced<S> {
    socket: S,
    account: Account,
    activity: Activity,
    /// While it is overdrawn.
    waiting: Option<Pin<Box<Sleep>>>,
}

impl<S> Paced<S> {
    /// Reads from a socket at the pace of an account. That nothing is read is no silence of the other end's.
    pub fn new(socket: S, account: Account, activity: Activity) -> Self {
        Self {
            socket,
            account,
            activity,
            waiting: None,
        }
    }

    fn poll_solvent(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            if let Some(waiting) = &mut self.waiting {
                ready!(waiting.as_mut().poll(context));
                self.activity.touch();
            }
            let wait = self.account.wait();
            if wait.is_zero() {
                self.waiting = None;
                return Poll::Ready(());
            }
            let until = Instant::now() + wait.min(LOOK);
            match &mut self.waiting {
                Some(waiting) => waiting.as_mut().reset(until),
                None => self.waiting = Some(Box::pin(sleep_until(until))),
            }
        }
    }
}

impl<S> Stream for Paced<S>
where
    S: Stream<Item = Result<Frame, SocketError>> + Unpin,
{
    type Item = Result<Frame, SocketError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        ready!(self.poll_solvent(context));
        let next = ready!(Pin::new(&mut self.socket).poll_next(context));
        if let Some(Ok(frame)) = &next {
            self.account.read(frame.len());
        }
        Poll::Ready(next)
    }
}

impl<S> Sink<Frame> for Paced<S>
where
    S: Sink<Frame, Error = SocketError> + Unpin,
{
    type Error = SocketError;

    fn poll_ready(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), SocketError>> {
        Pin::new(&mut self.socket).poll_ready(context)
    }

    fn start_send(mut self: Pin<&mut Self>, frame: Frame) -> Result<(), SocketError> {
        Pin::new(&mut self.socket).start_send(frame)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), SocketError>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_close(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), SocketError>> {
        Pin::new(&mut self.socket).poll_close(context)
    }
}

impl<S> fmt::Debug for Paced<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paced")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}
