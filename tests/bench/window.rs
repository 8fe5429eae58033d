//! How far the author is ahead of the slowest reader.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// The readers' progress, and the author waiting for it.
#[derive(Debug)]
pub(crate) struct Window {
    read: Vec<AtomicUsize>,
    width: usize,
    moved: Notify,
}

impl Window {
    pub(crate) fn new(readers: usize, width: usize) -> Window {
        Window {
            read: (0..readers).map(|_| AtomicUsize::new(0)).collect(),
            width,
            moved: Notify::new(),
        }
    }

    /// Reader `number` has `count` changes.
    pub(crate) fn read(&self, number: usize, count: usize) {
        if let Some(read) = self.read.get(number) {
            read.store(count, Ordering::Release);
        }
        self.moved.notify_one();
    }

    /// Waits until the author may send change number `next` (from 0).
    pub(crate) async fn admit(&self, next: usize) {
        while next >= self.slowest() + self.width {
            self.moved.notified().await;
        }
    }

    fn slowest(&self) -> usize {
        let read = self.read.iter().map(|read| read.load(Ordering::Acquire));
        read.min().unwrap_or(usize::MAX - self.width)
    }
}
