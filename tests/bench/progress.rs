//! How far the author is ahead of the slowest reader.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Result;
use tokio::sync::Notify;
use tokio::time::timeout;

/// How long readers are waited for once their authors have begun: what all have by then counts.
const READING_MAX: Duration = Duration::from_secs(20);

/// Lets authors write and readers read to the end, or to the end of patience; answers which.
pub(crate) async fn patiently(work: impl Future<Output = Result<()>>) -> Result<Option<String>> {
    match timeout(READING_MAX, work).await {
        Ok(done) => done.map(|()| None),
        Err(_) => Ok(Some(format!(
            "not done after {} s: what all had then counts",
            READING_MAX.as_secs()
        ))),
    }
}

/// The readers' progress, and the author waiting for it.
#[derive(Debug)]
pub(crate) struct Progress {
    read: Vec<AtomicUsize>,
    width: usize,
    /// The author waits until all have read so many.
    wanted: AtomicUsize,
    /// How many changes there will be in all, once that is known.
    end: AtomicUsize,
    moved: Notify,
}

impl Progress {
    /// `readers`, and an author that may be `width` changes ahead of the slowest.
    pub(crate) fn new(readers: usize, width: usize) -> Progress {
        Progress {
            read: (0..readers).map(|_| AtomicUsize::new(0)).collect(),
            width,
            wanted: AtomicUsize::new(usize::MAX),
            end: AtomicUsize::new(usize::MAX),
            moved: Notify::new(),
        }
    }

    /// There will be so many changes. To be said before the last is sent, so that who has it knows.
    pub(crate) fn end_at(&self, count: usize) {
        self.end.store(count, Ordering::Release);
    }

    /// How many changes there will be: `usize::MAX` while nobody knows.
    pub(crate) fn end(&self) -> usize {
        self.end.load(Ordering::Acquire)
    }

    /// Reader `number` has `count` changes; answers how many there will be.
    pub(crate) fn read(&self, number: usize, count: usize) -> usize {
        self.note(number, count);
        self.end()
    }

    fn note(&self, number: usize, count: usize) {
        let Some(read) = self.read.get(number) else {
            return;
        };
        let before = read.swap(count, Ordering::AcqRel);
        // Only who makes the author's wait end wakes it, and not each reader with each message.
        let wanted = self.wanted.load(Ordering::Acquire);
        if before < wanted && count >= wanted {
            self.moved.notify_one();
        }
    }

    /// Waits until the author may send more than `sent` changes; answers how many it may have sent then.
    pub(crate) async fn admit(&self, sent: usize) -> usize {
        loop {
            let admitted = self.slowest() + self.width;
            if admitted > sent {
                return admitted;
            }
            self.wanted.store(sent + 1 - self.width, Ordering::Release);
            // Somebody may have moved between the look and the wish.
            if self.slowest() + self.width <= sent {
                self.moved.notified().await;
            }
        }
    }

    /// How many changes all have.
    pub(crate) fn slowest(&self) -> usize {
        let read = self.read.iter().map(|read| read.load(Ordering::Acquire));
        read.min().unwrap_or_default()
    }
}
