use std::collections::BTreeSet;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use automerge::Automerge;
use bytes::Bytes;
use thiserror::Error;
use tracing::{debug, warn};
use yilian_core::document::DocumentId;
use yilian_core::storage::{Block, Packing, Run, Snapshot, SnapshotInfo};
use yilian_core::sync::change_graph::{ChangeError, ChangeGraph, LoadError};
use yilian_core::sync::chunk::{count_chunks, read_changes};
use yilian_core::sync::engine::expand;
use yilian_core::sync::limits::Limits;
use yilian_core::sync::pack::{is_faithful, pack};

use super::look::{LOOK_EVERY, look_through};
use super::pace::{Pace, Stop};
use super::{CommitError, SqliteReader, StoreError, Writer};

/// Packs old changes of a SQLite store in a thread of its own, beside its [`Writer`]: documents with many changes get
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

/// Why a document was not packed. It is served as it is.
#[derive(Debug, Error)]
enum PackError {
    #[error("the document cannot be read")]
    Store(#[from] StoreError),
    #[error("the document's stored changes do not fit together")]
    Load(#[from] LoadError),
    #[error("a stored change does not read")]
    Change(#[from] ChangeError),
    #[error("the changes cannot be deflated")]
    Deflate(#[from] std::io::Error),
    #[error("what was packed does not read back as it was")]
    Unfaithful,
    #[error("the document is too large for a snapshot")]
    TooLarge,
    #[error("Automerge makes no document of the changes")]
    Automerge,
    #[error("the store did not take it")]
    Commit(#[from] CommitError),
    #[error("some of its changes are stored twice, or lost")]
    Irregular,
    #[error("the document's rows are not what they were when they were read")]
    Moved,
    #[error("the compactor was told to stop")]
    Stopped,
}

impl PackError {
    /// Whether it would be the same another time. The disk may have room again; a document without a snapshot is still
    /// packed.
    fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Store(_) | Self::Load(_) | Self::Change(_) | Self::Deflate(_) | Self::Irregular
        )
    }
}

/// Changes are packed in steps of about so many bytes, so that no commit waits long for one.
const STEP_BYTES: usize = 1 << 20;
/// No snapshot is made of a document with more bytes of changes, or more operations: Automerge takes several times as
/// much memory, and a few bytes can claim a million operations.
const SNAPSHOT_BYTES_MAX: usize = 64 << 20;
const SNAPSHOT_OPS_MAX: u64 = 4_000_000;

impl Compactor {
    /// Starts the thread. It calls `tell` for what it has done to a document.
    ///
    /// # Errors
    /// The operating system gives no thread.
    pub fn spawn(
        reader: SqliteReader,
        writer: Writer,
        limits: Limits,
        settings: CompactorSettings,
        tell: impl Fn(DocumentId, Compacted) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (stop, pace) = Pace::new(settings.share);
        let done = Arc::new(Done::default());
        let worker = Worker {
            reader,
            writer,
            limits,
            settings,
            pace,
            done: Arc::clone(&done),
            tell: Box::new(tell),
            given_up: BTreeSet::new(),
            without_snapshot: BTreeSet::new(),
        };
        std::thread::Builder::new()
            .name("store compactor".to_owned())
            .spawn(move || worker.run())?;
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

struct Worker {
    reader: SqliteReader,
    writer: Writer,
    limits: Limits,
    settings: CompactorSettings,
    pace: Pace,
    done: Arc<Done>,
    tell: Box<dyn Fn(DocumentId, Compacted) + Send>,
    /// Documents that could not be packed: tried again after the next start.
    given_up: BTreeSet<DocumentId>,
    /// Documents of which no snapshot can be made.
    without_snapshot: BTreeSet<DocumentId>,
}

impl Worker {
    fn run(mut self) {
        let mut looked = None;
        loop {
            let due = looked.is_none_or(|looked: Instant| looked.elapsed() >= LOOK_EVERY);
            let outcome = match due {
                true => self.look_through(),
                false => self.round(),
            };
            looked = if due { Some(Instant::now()) } else { looked };
            self.reader.rest();
            match outcome {
                Ok(()) => {}
                Err(PackError::Stopped) => break,
                Err(error) => {
                    warn!(error = %crate::errors::chain(&error), "the store cannot be looked through");
                }
            }
            if !self.pace.wait(self.settings.every) {
                break;
            }
        }
        let asked = self.pace.asked();
        drop(self);
        asked.answer();
    }

    /// Rests as long as it takes to stay within the share of time.
    fn rest(&mut self) -> Result<(), PackError> {
        self.pace.rest().then_some(()).ok_or(PackError::Stopped)
    }

    /// Reads all documents, and has set aside what is damaged.
    fn look_through(&mut self) -> Result<(), PackError> {
        let tell = |id| (self.tell)(id, Compacted::SetAside);
        if !look_through(&self.reader, &self.writer, &mut self.pace, &tell)? {
            return Err(PackError::Stopped);
        }
        self.done.rounds.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Packs what there is to pack.
    fn round(&mut self) -> Result<(), PackError> {
        for id in self.reader.unpacked(self.settings.changes_min)? {
            if self.given_up.contains(&id) {
                continue;
            }
            self.pace.begin();
            match self.document(&id) {
                Ok(()) => {}
                Err(PackError::Stopped) => return Err(PackError::Stopped),
                Err(error) => {
                    self.done.failed.fetch_add(1, Ordering::Relaxed);
                    if error.is_final() {
                        self.given_up.insert(id);
                    }
                    warn!(document = %id, error = %crate::errors::chain(&error), "a document was not packed");
                }
            }
        }
        Ok(())
    }

    fn document(&mut self, id: &DocumentId) -> Result<(), PackError> {
        let mut outline = self.reader.outline(id)?;
        let graph = ChangeGraph::load(self.limits, &outline)?;
        if graph.is_pinned() {
            return Err(PackError::Irregular);
        }
        let plain = outline.runs.iter().position(is_plain);
        let rows = outline.runs.split_off(plain.unwrap_or(outline.runs.len()));
        for range in steps(&rows) {
            let blocks = pack(&graph, range.clone())?;
            if !is_faithful(&graph, &outline, &blocks, &self.limits) {
                self.given_up.insert(*id);
                return Err(PackError::Unfaithful);
            }
            outline.runs.extend(blocks.iter().map(Block::run));
            self.write(id, Packing::Blocks(blocks))?;
            let count = range.len() as u64;
            self.done.changes.fetch_add(count, Ordering::Relaxed);
            self.rest()?;
        }
        debug!(document = %id, changes = graph.len(), "packed");
        let due = match &outline.snapshot {
            Some(snapshot) => snapshot.count.saturating_add(snapshot.count / 4) <= graph.len(),
            None => true,
        };
        if !due || self.without_snapshot.contains(id) {
            return Ok(());
        }
        let outcome = self.snapshot(id, &graph);
        if let Err(PackError::Automerge | PackError::TooLarge | PackError::Unfaithful) = outcome {
            self.without_snapshot.insert(*id);
        }
        outcome
    }

    fn snapshot(&mut self, id: &DocumentId, graph: &ChangeGraph) -> Result<(), PackError> {
        let chunks = self.reader.load(id)?;
        if chunks.iter().map(|chunk| chunk.len()).sum::<usize>() > SNAPSHOT_BYTES_MAX {
            return Err(PackError::TooLarge);
        }
        let mut document = Automerge::new();
        let (mut count, mut ops) = (0, 0);
        for chunk in chunks {
            if count == graph.len() {
                // What has come since is for another time.
                break;
            }
            for (header, _) in read_changes(&chunk, &self.limits).map_err(ChangeError::from)? {
                count += 1;
                ops += header.ops;
            }
            if ops > SNAPSHOT_OPS_MAX {
                return Err(PackError::TooLarge);
            }
            // A change can pass every check of the graph and still make Automerge panic; then there is no snapshot.
            let load = AssertUnwindSafe(|| document.load_incremental(&chunk).is_ok());
            if !catch_unwind(load).unwrap_or(false) {
                return Err(PackError::Automerge);
            }
            self.rest()?;
        }
        let save = AssertUnwindSafe(|| document.save());
        let bytes = catch_unwind(save).map_err(|_| PackError::Automerge)?;
        self.rest()?;
        let reads_back = catch_unwind(AssertUnwindSafe(|| is_whole(graph, &bytes, &self.limits)));
        if count != graph.len() || !reads_back.unwrap_or(false) {
            return Err(PackError::Unfaithful);
        }
        self.rest()?;
        let heads = graph.heads().collect();
        let snapshot = Snapshot {
            count,
            heads,
            bytes: bytes.into(),
        };
        let info = SnapshotInfo::of(&snapshot);
        self.write(id, Packing::Snapshot(snapshot))?;
        (self.tell)(*id, Compacted::Snapshot(info));
        self.done.snapshots.fetch_add(1, Ordering::Relaxed);
        self.rest()
    }

    fn write(&self, id: &DocumentId, packing: Packing) -> Result<(), PackError> {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.writer.pack(*id, packing, move |answer| {
            // This thread waits for it.
            let _ = sender.send(answer);
        });
        let fits = receiver.recv().unwrap_or(Err(CommitError::Stopped))?;
        fits.then_some(()).ok_or(PackError::Moved)
    }
}

/// Whether a document chunk expands to all changes of a graph, and to no others.
fn is_whole(graph: &ChangeGraph, bytes: &[u8], limits: &Limits) -> bool {
    let Some(changes) = expand(bytes) else {
        return false;
    };
    let is_here = |change: &Bytes| {
        let read = read_changes(change, limits);
        read.is_ok_and(|read| read.iter().all(|(header, _)| graph.contains(&header.hash)))
    };
    changes.len() == graph.len() as usize && changes.iter().all(is_here)
}

/// The changes of plain rows, in steps of whole rows.
fn steps(rows: &[Run]) -> Vec<Range<u32>> {
    let mut steps: Vec<Range<u32>> = Vec::new();
    let mut size = STEP_BYTES;
    for run in rows {
        let Run::Plain(part) = run else { break };
        let end = part.first + count_chunks(&part.bytes);
        match steps.last_mut() {
            Some(step) if size < STEP_BYTES => step.end = end,
            _ => {
                size = 0;
                steps.push(part.first..end);
            }
        }
        size += part.bytes.len();
    }
    steps
}

fn is_plain(run: &Run) -> bool {
    matches!(run, Run::Plain(_))
}

#[cfg(test)]
mod tests;
