//! What a thread that works aside works by: a share of the time, until it is told to stop.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

/// How work aside is spread over time: by a thread's [`Pace`], or step by step.
pub trait Rhythm {
    /// Work begins that is paid for by the next rest.
    fn begin(&mut self);

    /// Rests after a step; false if the work is to stop.
    fn rest(&mut self) -> bool;

    /// Waits for the writer's answer; `None` if there will be none.
    fn answer<T>(&mut self, answer: &Receiver<T>) -> Option<T>;
}

/// Stops a thread that works by a [`Pace`]; dropping it does too.
#[derive(Debug)]
pub(crate) struct Stop(mpsc::Sender<oneshot::Sender<()>>);

impl Stop {
    /// Returns once the thread has ended the step under way and given up what it held.
    pub(crate) async fn stop(&self) {
        let (sender, receiver) = oneshot::channel();
        // A thread that is gone already has given it up.
        let _ = self.0.send(sender);
        let _ = receiver.await;
    }
}

/// When a thread works, and when it rests.
#[derive(Debug)]
pub struct Pace {
    stop: Receiver<oneshot::Sender<()>>,
    asked: Option<oneshot::Sender<()>>,
    share: f64,
    began: Instant,
}

/// Whoever waits for the end of a thread.
pub(crate) struct Asked(Option<oneshot::Sender<()>>);

impl Asked {
    /// Says that it has ended.
    pub(crate) fn answer(self) {
        if let Some(asked) = self.0 {
            // Whoever asked may have stopped waiting.
            let _ = asked.send(());
        }
    }
}

impl Pace {
    /// The pace of a thread that works this share of the time, from 0.001 to 1, and what stops it.
    pub(crate) fn new(share: f64) -> (Stop, Self) {
        let (sender, stop) = mpsc::channel();
        let pace = Self {
            stop,
            asked: None,
            share: share.clamp(0.001, 1.0),
            began: Instant::now(),
        };
        (Stop(sender), pace)
    }

    /// Waits; false if it is to stop.
    pub(crate) fn wait(&mut self, time: Duration) -> bool {
        match self.stop.recv_timeout(time) {
            Err(RecvTimeoutError::Timeout) => true,
            Err(RecvTimeoutError::Disconnected) => false,
            Ok(asked) => {
                self.asked = Some(asked);
                false
            }
        }
    }

    /// Whoever asked it to stop: to be answered when all is given up.
    pub(crate) fn asked(&mut self) -> Asked {
        Asked(self.asked.take())
    }
}

impl Rhythm for Pace {
    fn begin(&mut self) {
        self.began = Instant::now();
    }

    /// Rests as long as it takes to stay within the share of time.
    fn rest(&mut self) -> bool {
        let goes_on = self.wait(self.began.elapsed().mul_f64(1.0 / self.share - 1.0));
        self.begin();
        goes_on
    }

    fn answer<T>(&mut self, answer: &Receiver<T>) -> Option<T> {
        answer.recv().ok()
    }
}
