//! An operation that takes a fast server no time worth measuring is done again and again.

use std::time::Duration;

use crate::meter::Used;

/// From here on, what was measured is no matter of chance.
const ENOUGH_SECONDS: f64 = 1.5;
const TIMES_MAX: usize = 10;
const PAUSE: Duration = Duration::from_millis(300);

/// What was used so far.
#[derive(Debug, Default)]
pub(crate) struct Repeats {
    used: Used,
    times: usize,
}

impl Repeats {
    /// The number of the next time, from 0, if there is to be one.
    pub(crate) async fn next(&self) -> Option<usize> {
        if self.times == 0 {
            return Some(0);
        }
        // The server still has to see that the last clients have left.
        tokio::time::sleep(PAUSE).await;
        let enough = self.used.seconds >= ENOUGH_SECONDS || self.times >= TIMES_MAX;
        (!enough).then_some(self.times)
    }

    /// How often it was done.
    pub(crate) fn times(&self) -> usize {
        self.times
    }

    /// It was done once more.
    pub(crate) fn add(&mut self, used: Used) {
        self.used += used;
        self.times += 1;
    }

    /// What all of them used.
    pub(crate) fn used(&self) -> Used {
        self.used
    }

    /// How long one took.
    pub(crate) fn seconds(&self) -> f64 {
        self.used.seconds / self.times as f64
    }
}
