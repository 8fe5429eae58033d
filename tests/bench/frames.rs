//! Frames made ahead of time.

use anyhow::Result;

use crate::progress::Progress;
use crate::socket::Outgoing;

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

    /// Sends all, as the readers' progress allows.
    pub(crate) async fn send(&self, outgoing: &Outgoing, progress: &Progress) -> Result<()> {
        let mut sent = 0;
        while sent < self.ends.len() {
            let admitted = progress.admit(sent).await.min(self.ends.len());
            outgoing.send(self.slice(sent, admitted)).await?;
            sent = admitted;
        }
        Ok(())
    }
}
