//! Frames made ahead of time.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::progress::Progress;
use crate::socket::Outgoing;

/// How long an author writes.
const WRITING: Duration = Duration::from_secs(2);

/// Frames that are ready to send, end to end.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Frames {
    pub(crate) fn push(&mut self, frame: &[u8]) {
        self.bytes.extend_from_slice(frame);
        self.ends.push(self.bytes.len());
    }

    /// Those from `from` to before `until`.
    pub(crate) fn slice(&self, from: usize, until: usize) -> &[u8] {
        let end = |count: usize| match count.checked_sub(1) {
            Some(last) => self.ends.get(last).copied().unwrap_or(self.bytes.len()),
            None => 0,
        };
        self.bytes.get(end(from)..end(until)).unwrap_or_default()
    }

    /// Sends as the readers' progress allows, for [`WRITING`]: so a slower server is sent fewer, and every
    /// figure comes from about the same time.
    pub(crate) async fn send(&self, outgoing: &Outgoing, progress: &Progress) -> Result<()> {
        let begun = Instant::now();
        let mut sent = 0;
        loop {
            let mut admitted = progress.admit(sent).await.min(self.ends.len());
            let late = begun.elapsed() >= WRITING;
            if late {
                admitted = sent + 1; // One more, so that whoever has all learns that it is all.
            }
            let last = late || admitted == self.ends.len();
            if last {
                progress.end_at(admitted);
            }
            outgoing.send(self.slice(sent, admitted)).await?;
            sent = admitted;
            if last {
                return Ok(());
            }
        }
    }
}
