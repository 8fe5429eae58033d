use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::fmt;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};

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

use super::super::look::look_through;
use super::super::pace::Rhythm;
use super::super::{CommitError, StoreReader, Writer};
use super::{Compacted, CompactorSettings, Done};

/// Why a document was not packed. It is served as it is.
#[derive(Debug, Error)]
enum PackError {
    #[error("the document cannot be read")]
    Store(#[source] Arc<dyn StdError + Send + Sync>),
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
    fn of(error: impl StdError + Send + Sync + 'static) -> Self {
        Self::Store(Arc::new(error))
    }

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
pub(super) const STEP_BYTES: usize = 1 << 20;
/// No snapshot is made of a document with more bytes of changes, or more operations: Automerge takes several times as
/// much memory, and a few bytes can claim a million operations.
const SNAPSHOT_BYTES_MAX: usize = 64 << 20;
const SNAPSHOT_OPS_MAX: u64 = 4_000_000;

/// What does the work of a [`Compactor`](super::Compactor): usually in a thread of its own, or step by step.
pub struct Packer<R, P> {
    pub(super) reader: R,
    writer: Writer,
    limits: Limits,
    settings: CompactorSettings,
    pub(super) rhythm: P,
    pub(super) done: Arc<Done>,
    tell: Box<dyn Fn(DocumentId, Compacted) + Send>,
    /// Documents that could not be packed: tried again after the next start.
    given_up: BTreeSet<DocumentId>,
    /// Documents of which no snapshot can be made.
    without_snapshot: BTreeSet<DocumentId>,
}

impl<R: StoreReader, P: Rhythm> Packer<R, P> {
    /// What packs the store that the reader reads and the writer writes, and calls `tell` for what it has done to a
    /// document.
    pub fn new(
        reader: R,
        writer: Writer,
        limits: Limits,
        settings: CompactorSettings,
        rhythm: P,
        tell: impl Fn(DocumentId, Compacted) + Send + 'static,
    ) -> Self {
        Self {
            reader,
            writer,
            limits,
            settings,
            rhythm,
            done: Arc::default(),
            tell: Box::new(tell),
            given_up: BTreeSet::new(),
            without_snapshot: BTreeSet::new(),
        }
    }

    /// Reads all documents, and has set aside what is damaged; false if it is to stop.
    pub fn look_through(&mut self) -> bool {
        let outcome = self.look();
        goes_on(&outcome)
    }

    /// Packs what there is to pack; false if it is to stop.
    pub fn round(&mut self) -> bool {
        let outcome = self.pack_all();
        goes_on(&outcome)
    }

    /// Rests as long as it takes to stay within the share of time.
    fn rest(&mut self) -> Result<(), PackError> {
        self.rhythm.rest().then_some(()).ok_or(PackError::Stopped)
    }

    fn look(&mut self) -> Result<(), PackError> {
        let tell = |id| (self.tell)(id, Compacted::SetAside);
        let looked = look_through(&self.reader, &self.writer, &mut self.rhythm, &tell);
        if !looked.map_err(PackError::of)? {
            return Err(PackError::Stopped);
        }
        self.done.rounds.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn pack_all(&mut self) -> Result<(), PackError> {
        for id in self
            .reader
            .unpacked(self.settings.changes_min)
            .map_err(PackError::of)?
        {
            if self.given_up.contains(&id) {
                continue;
            }
            self.rhythm.begin();
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
        let mut outline = self.reader.outline(id).map_err(PackError::of)?;
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
        let chunks = self.reader.load(id).map_err(PackError::of)?;
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

    fn write(&mut self, id: &DocumentId, packing: Packing) -> Result<(), PackError> {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.writer.pack(*id, packing, move |answer| {
            // This thread waits for it.
            let _ = sender.send(answer);
        });
        let fits = self
            .rhythm
            .answer(&receiver)
            .unwrap_or(Err(CommitError::Stopped))?;
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
pub(super) fn steps(rows: &[Run]) -> Vec<Range<u32>> {
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

/// Says what is wrong with the store; whether the work goes on.
fn goes_on(outcome: &Result<(), PackError>) -> bool {
    match outcome {
        Ok(()) => true,
        Err(PackError::Stopped) => false,
        Err(error) => {
            warn!(error = %crate::errors::chain(error), "the store cannot be looked through");
            true
        }
    }
}

impl<R, P> fmt::Debug for Packer<R, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Packer")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
