//! Finds changes that break Automerge, aside from the way on which they are stored and passed on.
//!
//! A relay builds no Automerge document to sync, so it cannot see what only Automerge sees: a change whose hash, numbers
//! and ancestors are in order, and whose operations make Automerge panic all the same. The [`Verifier`] tries on a copy
//! what has been stored, and names what is to be kept in quarantine.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use automerge::Change;
use bytes::Bytes;
use thiserror::Error;
use tracing::{debug, warn};
use yilian_core::document::{DocumentId, Name};
use yilian_core::storage::{Commit, Outline, Position, Quarantined, StoredDocument};
use yilian_core::sync::change_graph::{ChangeGraph, LoadError};
use yilian_core::sync::limits::Limits;

use crate::store::Rhythm as _;
use crate::store::pace::{Pace, Stop};
use crate::store::{SqliteReader, StoreError, Writer};

mod trial;

pub use trial::{guarded, quieten, trial};

/// Tries the changes of a SQLite store in a thread of its own, beside its [`Writer`]. It works a bounded share of the
/// time. It ends by [`Verifier::stop`] or when dropped.
#[derive(Debug)]
pub struct Verifier {
    stop: Stop,
    done: Arc<Done>,
}

/// When a [`Verifier`] works, and how much.
#[derive(Clone, Debug, PartialEq)]
pub struct VerifierSettings {
    /// How often it looks for something new. Default: 5 s.
    pub every: Duration,
    /// Which part of one core it takes at most while it works. Default: 0.1.
    pub share: f64,
}

impl Default for VerifierSettings {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(5),
            share: 0.1,
        }
    }
}

/// What a [`Verifier`] has done since it started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VerifierStatistics {
    /// Documents that were tried, as often as something new had come.
    pub documents: u64,
    /// Changes that break Automerge.
    pub quarantined: u64,
    /// Documents that could not be tried: too large, or damaged.
    pub failed: u64,
}

#[derive(Debug, Default)]
struct Done {
    documents: AtomicU64,
    quarantined: AtomicU64,
    failed: AtomicU64,
}

/// Why a document was not tried.
#[derive(Debug, Error)]
enum TrialError {
    #[error("the document cannot be read")]
    Store(#[from] StoreError),
    #[error("the document's stored changes do not fit together")]
    Load(#[from] LoadError),
    #[error("the document is too large to be tried")]
    TooLarge,
    #[error("the verifier was told to stop")]
    Stopped,
}

/// A document with more bytes of changes, or more operations, is not tried: Automerge takes several times as much
/// memory, and a few bytes can claim a million operations.
const BYTES_MAX: usize = 64 << 20;
const OPS_MAX: usize = 4_000_000;
/// Where the last run ended, as a setting of the store: all up to this position was tried.
const CURSOR: &str = "verified position";

impl Verifier {
    /// Starts the thread. It calls `found` with what is to go into quarantine, and again until the store says that it is
    /// there.
    ///
    /// # Errors
    /// The operating system gives no thread.
    pub fn spawn(
        reader: SqliteReader,
        writer: Writer,
        limits: Limits,
        settings: VerifierSettings,
        found: impl Fn(DocumentId, Vec<Quarantined>) + Send + 'static,
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
            found: Box::new(found),
            verified: Position::START,
            open: BTreeSet::new(),
        };
        std::thread::Builder::new()
            .name("verifier".to_owned())
            .spawn(move || worker.run())?;
        Ok(Self { stop, done })
    }

    /// What has been done so far.
    #[must_use]
    pub fn statistics(&self) -> VerifierStatistics {
        VerifierStatistics {
            documents: self.done.documents.load(Ordering::Relaxed),
            quarantined: self.done.quarantined.load(Ordering::Relaxed),
            failed: self.done.failed.load(Ordering::Relaxed),
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
    settings: VerifierSettings,
    pace: Pace,
    done: Arc<Done>,
    found: Box<dyn Fn(DocumentId, Vec<Quarantined>) + Send>,
    /// Everything up to here was tried.
    verified: Position,
    /// Documents with something found whose quarantine was not seen in the store yet.
    open: BTreeSet<DocumentId>,
}

impl Worker {
    fn run(mut self) {
        self.verified = self.read_cursor();
        while self.pace.wait(self.settings.every) {
            match self.round() {
                Ok(()) => {}
                Err(TrialError::Stopped) => break,
                Err(error) => {
                    let error = crate::errors::chain(&error);
                    warn!(error, "the store cannot be looked through");
                }
            }
            self.reader.rest();
        }
        let asked = self.pace.asked();
        drop(self);
        asked.answer();
    }

    /// Tries every document that has something new.
    fn round(&mut self) -> Result<(), TrialError> {
        let before = self.verified;
        let mut due = self.reader.documents_since(self.verified)?;
        for id in std::mem::take(&mut self.open) {
            if due.iter().all(|document| document.id != id) {
                due.extend(self.reader.document(&id)?);
            }
        }
        for document in due {
            self.pace.begin();
            let outcome = self.document(&document);
            if let Err(TrialError::Stopped) = outcome {
                return Err(TrialError::Stopped);
            }
            self.done.documents.fetch_add(1, Ordering::Relaxed);
            if let Err(error) = outcome {
                self.done.failed.fetch_add(1, Ordering::Relaxed);
                let error = crate::errors::chain(&error);
                warn!(document = %document.id, error, "a document was not tried");
            }
            self.verified = self.verified.max(document.position);
            if !self.pace.rest() {
                return Err(TrialError::Stopped);
            }
        }
        // After a crash, what was found and is not in the store yet is to be found again.
        if self.verified != before && self.open.is_empty() {
            self.write_cursor();
        }
        Ok(())
    }

    fn document(&mut self, document: &StoredDocument) -> Result<(), TrialError> {
        let id = document.id;
        let known = self.reader.quarantined(&id)?;
        let changes = self.changes(&id, known.clone())?;
        let name = document.name.as_deref().and_then(name_of);
        let found = trial(id, name.as_ref(), &changes, &mut || self.pace.rest());
        let found = found.ok_or(TrialError::Stopped)?;
        debug!(document = %id, changes = changes.len(), bad = found.len(), "tried");
        if found.is_empty() {
            return Ok(());
        }
        for change in changes
            .iter()
            .filter(|change| found.contains(&change.hash()))
        {
            let author = change.author();
            let author =
                author.map(|author| String::from_utf8_lossy(author.as_bytes()).into_owned());
            warn!(
                document = %id, name = document.name, change = %change.hash(), actor = %change.actor_id(), author,
                "a change breaks Automerge: it is in quarantine now, with what builds on it"
            );
        }
        let count = found.len() as u64;
        self.done.quarantined.fetch_add(count, Ordering::Relaxed);
        self.open.insert(id);
        let found = found.into_iter().map(Quarantined::breaking).collect();
        (self.found)(id, found);
        Ok(())
    }

    /// The document's changes, those in quarantine left out.
    fn changes(&self, id: &DocumentId, known: Vec<Quarantined>) -> Result<Vec<Change>, TrialError> {
        let chunks = self.reader.load(id)?;
        if chunks.iter().map(Bytes::len).sum::<usize>() > BYTES_MAX {
            return Err(TrialError::TooLarge);
        }
        let mut graph = ChangeGraph::load(self.limits, &Outline::of_chunks(chunks))?;
        graph.quarantine(known);
        let mut ops = 0;
        let mut changes = Vec::with_capacity(graph.len() as usize);
        for index in (0..graph.len()).filter(|index| !graph.is_aside(*index)) {
            let read = graph.bytes(index).map(|bytes| Change::try_from(&bytes[..]));
            // Every change was decoded before it was stored.
            let Some(Ok(change)) = read else { continue };
            ops += change.len();
            if ops > OPS_MAX {
                return Err(TrialError::TooLarge);
            }
            changes.push(change);
        }
        Ok(changes)
    }

    fn read_cursor(&self) -> Position {
        let stored = self.reader.setting(CURSOR).ok().flatten();
        let text = stored.and_then(|bytes| String::from_utf8(bytes).ok());
        let position = text.and_then(|text| text.parse().ok());
        position.map_or(Position::START, Position)
    }

    fn write_cursor(&self) {
        let value = self.verified.0.to_string().into_bytes();
        let commit = Commit::of_setting(CURSOR, Some(value));
        self.writer.commit(commit, |answer| {
            if let Err(error) = answer {
                debug!(%error, "how far the verifier is was not stored; it is done again after a start");
            }
        });
    }
}

/// A relay keeps names with their network.
fn name_of(stored: &str) -> Option<Name> {
    let name = stored.split_once(':').map_or(stored, |(_, name)| name);
    name.parse().ok()
}
