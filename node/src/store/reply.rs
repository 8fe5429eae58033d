use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

type Function<T, E> = Box<dyn FnOnce(Result<T, E>) + Send>;

/// What a thread of the store answers a request with: calls its function once, whatever becomes of
/// the request.
pub(super) struct Reply<T, E> {
    function: Option<Function<T, E>>,
    /// The answer to a request that was dropped.
    stopped: fn() -> E,
}

impl<T, E> Reply<T, E> {
    pub(super) fn new(
        function: impl FnOnce(Result<T, E>) + Send + 'static,
        stopped: fn() -> E,
    ) -> Self {
        Self {
            function: Some(Box::new(function)),
            stopped,
        }
    }

    pub(super) fn answer(mut self, answer: Result<T, E>) {
        if let Some(function) = self.function.take() {
            function(answer);
        }
    }
}

impl<T, E> Drop for Reply<T, E> {
    fn drop(&mut self) {
        if let Some(function) = self.function.take() {
            function(Err((self.stopped)()));
        }
    }
}

/// After so long without a request a thread of the store rests.
const IDLE: Duration = Duration::from_secs(10);

/// The next request; `None` once nobody is left to ask. Calls `rest` once if it takes long to come.
pub(super) fn next<M>(receiver: &Receiver<M>, rest: impl FnOnce()) -> Option<M> {
    match receiver.recv_timeout(IDLE) {
        Ok(message) => Some(message),
        Err(RecvTimeoutError::Disconnected) => None,
        Err(RecvTimeoutError::Timeout) => {
            rest();
            receiver.recv().ok()
        }
    }
}
