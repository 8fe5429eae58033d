//! What is written again in place of changes that went into quarantine with what they stood on.

use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;
use tracing::{info, warn};
use yilian_core::document::{Name, Remake};
use yilian_core::sync::replica::Replica;

use super::{App, Command, EditFailed};

/// An edit that is made again until it is on disk: it was there once, and its author was told so.
pub(super) struct Again {
    name: Name,
    remake: Remake,
    /// What became of the last try.
    outcome: Option<oneshot::Receiver<Result<bool, EditFailed>>>,
    /// When it may be tried next.
    at_ms: u64,
    /// Between two tries.
    pause_ms: u64,
}

impl Again {
    const PAUSE_MIN_MS: u64 = 500;
    const PAUSE_MAX_MS: u64 = 60_000;

    pub(super) fn new(name: Name, remake: Remake) -> Self {
        Self {
            name,
            remake,
            outcome: None,
            at_ms: 0,
            pause_ms: Self::PAUSE_MIN_MS,
        }
    }
}

impl App {
    /// Tries what is not on disk yet and not under way, and forgets what is. Something else may break the document meanwhile, or
    /// the disk be full.
    pub(super) fn write_again(&mut self, replica: &mut Replica) {
        let now_ms = self.clock.elapsed_ms();
        for mut one in std::mem::take(&mut self.again) {
            let outcome = one.outcome.as_mut().map(oneshot::Receiver::try_recv);
            let (name, change) = (&one.name, one.remake.of);
            match outcome {
                Some(Ok(Ok(_))) => {
                    info!(%name, %change, "written again without what is in quarantine");
                }
                Some(Ok(Err(EditFailed::Edit(error)))) => {
                    warn!(%name, %change, %error, "cannot be written again: it does not fit what is left");
                }
                Some(Err(TryRecvError::Empty)) => self.again.push(one),
                None | Some(_) if one.at_ms <= now_ms => self.try_again(replica, one, now_ms),
                None | Some(_) => self.again.push(one),
            }
        }
    }

    fn try_again(&mut self, replica: &mut Replica, mut one: Again, now_ms: u64) {
        let (reply, outcome) = oneshot::channel();
        let command = Command::Edit {
            name: one.name.clone(),
            edits: one.remake.edits.clone(),
            message: one.remake.message.clone(),
            reply,
        };
        one.outcome = Some(outcome);
        one.at_ms = now_ms + one.pause_ms;
        one.pause_ms = (one.pause_ms * 2).min(Again::PAUSE_MAX_MS);
        self.again.push(one);
        self.run(replica, command);
    }
}
