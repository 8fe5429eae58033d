use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use yilian_core::document::DocumentId;
use yilian_core::storage::SnapshotInfo;
use yilian_core::sync::limits::Limits;

use super::look::LOOK_EVERY;
use super::pace::{Pace, Stop};
use super::{StoreReader, Writer};

mod packer;

pub use packer::Packer;

/// Packs old changes of a store in a thread of its own, beside its [`Writer`]: documents with many changes get
/// rows that are few and small, and a snapshot for peers that lack most of them. What it writes is read back and compared
/// before anything is replaced. Once a day, and first at its start, it reads everything, and has set aside what is damaged.
/// It works a bounded share of the time. It ends by [`Compactor::stop`] or when dropped.
#[derive(Debug)]
pub struct Compactor {
    stop: Stop,
    done: Arc<Done>,
}

/// When a [`Compactor`] works, and how much.
#[derive(Clone, Debug, PartialEq)]
pub struct CompactorSettings {
    /// How often it looks for something to do. Default: 30 s.
    pub every: Duration,
    /// Which part of one core it takes at most while it works. Default: 0.1.
    pub share: f64,
    /// A document is packed when so many changes have come since. Default: 1,024.
    pub changes_min: u32,
}

impl Default for CompactorSettings {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(30),
            share: 0.1,
            changes_min: 1_024,
        }
    }
}

/// What a [`Compactor`] has done since it started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CompactorStatistics {
    /// Changes that were packed.
    pub changes: u64,
    /// Snapshots that were made.
    pub snapshots: u64,
    /// Documents that could not be packed, and are left as they are until the next start.
    pub failed: u64,
    /// How often everything was looked through for damage.
    pub rounds: u64,
}

/// What a [`Compactor`] has done to a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compacted {
    /// It has a new snapshot, which is in the store.
    Snapshot(SnapshotInfo),
    /// Something of it was damaged and is set aside: its graph is to be loaded anew.
    SetAside,
}

#[derive(Debug, Default)]
struct Done {
    changes: AtomicU64,
    snapshots: AtomicU64,
    failed: AtomicU64,
    rounds: AtomicU64,
}

impl Compactor {
    /// Starts the thread. It calls `tell` for what it has done to a document.
    ///
    /// # Errors
    /// The operating system gives no thread.
    pub fn spawn(
        reader: impl StoreReader + 'static,
        writer: Writer,
        limits: Limits,
        settings: CompactorSettings,
        tell: impl Fn(DocumentId, Compacted) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (stop, pace) = Pace::new(settings.share);
        let every = settings.every;
        let packer = Packer::new(reader, writer, limits, settings, pace, tell);
        let done = Arc::clone(&packer.done);
        std::thread::Builder::new()
            .name("store compactor".to_owned())
            .spawn(move || run(packer, every))?;
        Ok(Self { stop, done })
    }

    /// What has been done so far.
    #[must_use]
    pub fn statistics(&self) -> CompactorStatistics {
        CompactorStatistics {
            changes: self.done.changes.load(Ordering::Relaxed),
            snapshots: self.done.snapshots.load(Ordering::Relaxed),
            failed: self.done.failed.load(Ordering::Relaxed),
            rounds: self.done.rounds.load(Ordering::Relaxed),
        }
    }

    /// Ends after the step under way, gives up the store, and returns once that is done.
    pub async fn stop(&self) {
        self.stop.stop().await;
    }
}

/// Looks through everything once a day, and packs the rest of the time, until it is told to stop.
fn run<R: StoreReader>(mut packer: Packer<R, Pace>, every: Duration) {
    let mut looked = None;
    loop {
        let due = looked.is_none_or(|looked: Instant| looked.elapsed() >= LOOK_EVERY);
        let goes_on = match due {
            true => packer.look_through(),
            false => packer.round(),
        };
        looked = if due { Some(Instant::now()) } else { looked };
        packer.reader.rest();
        if !goes_on || !packer.rhythm.wait(every) {
            break;
        }
    }
    let asked = packer.rhythm.asked();
    drop(packer);
    asked.answer();
}

#[cfg(test)]
mod tests;
