//! Rosters, bookings and lessons as calendars that a phone subscribes to.
//!
//! The relay syncs graphs of changes and builds no document; here, and only where it was told to, it does. So it happens aside:
//! on threads that may block, few at a time, within bounds, and again only when the heads of what it was made of have changed.

mod http;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use automerge::Change;
use bytes::Bytes;
use jiff::civil::Date;
use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::warn;
use uuid::Uuid;
use yilian_core::document::{DocumentId, LiveDocument, Month, Name, Network, SiteKey};
use yilian_core::records::{Course, Shift, Venue};
use yilian_core::report::calendar::{booking_events, roster_events, session_events};
use yilian_core::report::{Documents, Period};
use yilian_core::rules::Language;
use yilian_core::storage::{Outline, StoredDocument};
use yilian_core::sync::change_graph::ChangeGraph;
use yilian_core::sync::limits::Limits;
use yilian_core::sync::sync_state::Wanted;
use yilian_node::calendar::{Calendar, write};
use yilian_node::errors::chain;
use yilian_node::store::SqliteReader;
use yilian_node::time::{Clock, ZoneError};

pub(crate) use http::routes;

/// Months before and after this one that a calendar has.
const MONTHS_BEFORE: usize = 1;
const MONTHS_AFTER: usize = 2;
/// What a calendar is made of at most.
const ROOM: Room = Room {
    changes_bytes: 16 << 20,
    operations: 2_000_000,
    file_bytes: 4 << 20,
};
/// What all calendars that are kept may take together.
const KEPT_BYTES_MAX: usize = 32 << 20;
/// How many are made at a time.
const AT_A_TIME: usize = 2;
/// How long a request waits for its turn.
const TURN: Duration = Duration::from_secs(5);
/// Part of every version: drawn once.
const VERSION: Uuid = Uuid::from_u128(0x5b0c_9d5e_2f7c_4f0e_9a41_6f7d_31c8_02ab);

/// What a site has a calendar of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Topic {
    /// Who has which of its venues.
    Bookings,
    /// What its school teaches when. Who takes it is not said.
    Lessons,
    /// Who works when.
    Roster,
}

impl Topic {
    /// What programs call it.
    const fn name(self) -> &'static str {
        match self {
            Self::Bookings => "bookings",
            Self::Lessons => "lessons",
            Self::Roster => "roster",
        }
    }

    /// The documents that the calendar of some months is made of, beside the directory. Whose a venue is depends on bookings that run
    /// into these months.
    fn documents(self, site: &SiteKey, window: &[Month]) -> Vec<Name> {
        let before = window.first().and_then(|month| month.prev());
        let after = window.last().and_then(|month| month.next());
        let window = window.iter().copied();
        let site = || site.clone();
        match self {
            Self::Bookings => before
                .into_iter()
                .chain(window)
                .chain(after)
                .map(|month| Name::Bookings {
                    site: site(),
                    month,
                })
                .collect(),
            Self::Lessons => vec![Name::Courses { site: site() }],
            Self::Roster => window
                .map(|month| Name::Roster {
                    site: site(),
                    month,
                })
                .collect(),
        }
    }
}

/// The calendars of one network's rosters, bookings and lessons.
#[derive(Debug)]
pub(crate) struct Calendars {
    network: Network,
    clock: Clock,
    room: Room,
    /// None once the relay stops.
    reader: Mutex<Option<SqliteReader>>,
    turns: Arc<Semaphore>,
    /// How long a request waits for its turn.
    patience: Duration,
    kept: Mutex<BTreeMap<Key, Arc<Feed>>>,
}

/// Whose calendar it is, and of what.
pub(crate) type Key = (Topic, SiteKey);

/// A site's calendar as it was at some heads.
#[derive(Debug)]
pub(crate) struct Feed {
    /// The same as long as nothing changes: an entity tag, without its quotation marks.
    pub(crate) version: String,
    /// The file, or why there is none.
    pub(crate) file: Result<Bytes, FeedError>,
}

/// Why there is no calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum FeedError {
    /// Nobody has begun a roster of that site in these months, nothing was booked, or its school has no courses.
    #[error("there is nothing of that site in these months")]
    Unknown,
    /// There is more in the documents than a calendar is made of.
    #[error("the documents of that site are too large for a calendar")]
    TooLarge,
    /// Too many ask. They should ask again.
    #[error("too many calendars are being made; ask again later")]
    Busy,
    /// A document has changes that cannot be applied, or the store fails. The log says which.
    #[error("the documents of that site cannot be read")]
    Unreadable,
}

impl Calendars {
    /// Calendars of the rosters, bookings and lessons of `network` in a store, by the clock of the zone that networks have.
    pub(crate) fn new(network: Network, reader: SqliteReader) -> Result<Self, ZoneError> {
        Ok(Self {
            network,
            clock: Clock::new(Clock::DEFAULT_ZONE)?,
            room: ROOM,
            reader: Mutex::new(Some(reader)),
            turns: Arc::new(Semaphore::new(AT_A_TIME)),
            patience: TURN,
            kept: Mutex::new(BTreeMap::new()),
        })
    }

    /// A calendar of a site as it is now. What is being made goes on if nobody waits for it any more, and keeps its turn.
    pub(crate) async fn feed(self: &Arc<Self>, key: Key) -> Result<Arc<Feed>, FeedError> {
        let turn =
            tokio::time::timeout(self.patience, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(FeedError::Busy);
        };
        let calendars = Arc::clone(self);
        let made = tokio::task::spawn_blocking(move || calendars.now(key, turn)).await;
        made.unwrap_or(Err(FeedError::Unreadable))
    }

    /// Gives up the store.
    pub(crate) fn close(&self) {
        locked(&self.reader).take();
    }

    fn now(&self, key: Key, _turn: OwnedSemaphorePermit) -> Result<Arc<Feed>, FeedError> {
        let window = window(self.clock.civil().date()).ok_or(FeedError::Unreadable)?;
        let (topic, site) = &key;
        let documents = topic.documents(site, &window).into_iter();
        let names: Vec<Name> = documents.chain([Name::Sites]).collect();
        let stored = self.stored(&names)?;
        if !stored.iter().any(|(name, _)| *name != Name::Sites) {
            return Err(FeedError::Unknown);
        }
        let version = self.version(&key, &window, &stored);
        let kept = locked(&self.kept).get(&key).cloned();
        if let Some(kept) = kept.filter(|kept| kept.version == version) {
            return Ok(kept);
        }
        let file = self.file(&key, &window, stored);
        // Nobody may ask again for an hour: what SQLite has read need not wait for it.
        self.read(|reader| {
            reader.rest();
            Ok(())
        })?;
        let feed = Arc::new(Feed { version, file });
        self.keep(key, &feed);
        Ok(feed)
    }

    /// Those of the documents that are there.
    fn stored(&self, names: &[Name]) -> Result<Vec<(Name, StoredDocument)>, FeedError> {
        let mut stored = Vec::new();
        for name in names {
            let id = DocumentId::of(&self.network, name);
            let found = self.read(|reader| reader.document(&id))?;
            stored.extend(found.map(|document| (name.clone(), document)));
        }
        Ok(stored)
    }

    fn read<T>(
        &self,
        read: impl FnOnce(&SqliteReader) -> Result<T, yilian_node::store::StoreError>,
    ) -> Result<T, FeedError> {
        let reader = locked(&self.reader);
        let reader = reader.as_ref().ok_or(FeedError::Busy)?;
        read(reader).map_err(|error| {
            warn!(
                error = chain(&error),
                "the store cannot be read for a calendar"
            );
            FeedError::Unreadable
        })
    }

    /// What a calendar follows from: this program, whose it is, the months, and the heads.
    fn version(
        &self,
        (topic, site): &Key,
        window: &[Month],
        stored: &[(Name, StoredDocument)],
    ) -> String {
        let network = &self.network;
        let topic = topic.name();
        let mut all = format!("{} {network} {topic} {site}", env!("CARGO_PKG_VERSION"));
        for month in window {
            all.push_str(&format!(" {month}"));
        }
        for (name, document) in stored {
            all.push_str(&format!("\n{name}"));
            for head in &document.heads {
                all.push_str(&format!(" {head}"));
            }
        }
        Uuid::new_v5(&VERSION, all.as_bytes()).to_string()
    }

    fn file(
        &self,
        (topic, site): &Key,
        window: &[Month],
        stored: Vec<(Name, StoredDocument)>,
    ) -> Result<Bytes, FeedError> {
        let mut room = self.room;
        let mut open = Vec::new();
        for (name, document) in stored {
            let changes = self.changes(&document, &mut room)?;
            open.push((name.clone(), live(document.id, name, changes)?));
        }
        let (mut documents, mut written) = (Documents::new(), BTreeMap::new());
        for (name, document) in &open {
            documents.add(name.clone(), document.view());
            written.extend(document.written());
        }
        let period = period_of(window).ok_or(FeedError::Unreadable)?;
        let (events, of) = match topic {
            Topic::Bookings => {
                let wants = |venue: &Venue| venue.site == *site;
                (booking_events(&documents, &written, period, wants), "预订")
            }
            Topic::Lessons => {
                let wants = |at: &SiteKey, _: &Course| at == site;
                let events = session_events(&documents, &written, Some(period), wants);
                (events, "课表")
            }
            Topic::Roster => {
                let wants = |at: &SiteKey, _: &Shift| at == site;
                (roster_events(&documents, &written, period, wants), "排班")
            }
        };
        let name = format!("{} {of}", documents.site_name(site));
        let calendar = Calendar {
            network: &self.network,
            zone: Clock::DEFAULT_ZONE,
            name: &name,
            language: Language::Zh,
        };
        let text = write(&calendar, &events).map_err(|error| {
            warn!(%site, error = chain(&error), "a calendar cannot be written");
            FeedError::Unreadable
        })?;
        match text.len() <= room.file_bytes {
            true => Ok(text.into()),
            false => Err(FeedError::TooLarge),
        }
    }

    /// The changes of a document, if there is room for them.
    fn changes(
        &self,
        document: &StoredDocument,
        room: &mut Room,
    ) -> Result<Vec<Change>, FeedError> {
        let id = &document.id;
        let wanted = Wanted {
            // Every number that a change may have.
            changes: std::iter::once(0..u32::MAX).collect(),
            snapshot: false,
        };
        let fetched = self.read(|reader| reader.fetch(id, &wanted, room.changes_bytes + 1))?;
        let parts: Vec<Bytes> = fetched.parts.into_iter().map(|part| part.bytes).collect();
        for part in &parts {
            let left = room.changes_bytes.checked_sub(part.len());
            room.changes_bytes = left.ok_or(FeedError::TooLarge)?;
        }
        let graph = ChangeGraph::load(Limits::default(), &Outline::of_chunks(parts));
        let graph = graph.map_err(|error| {
            warn!(document = %id, error = chain(&error), "a stored document is damaged");
            FeedError::Unreadable
        })?;
        let mut graph = graph;
        graph.quarantine(self.read(|reader| reader.quarantined(id))?);
        if !document.heads.iter().all(|head| graph.contains(head)) {
            warn!(document = %id, "a stored document lacks what its heads say");
            return Err(FeedError::Unreadable);
        }
        let mut changes = Vec::new();
        let sound = (0..graph.len()).filter(|index| !graph.is_aside(*index));
        for bytes in sound.filter_map(|index| graph.bytes(index)) {
            let Ok(change) = Change::try_from(&bytes[..]) else {
                continue;
            };
            let left = room.operations.checked_sub(change.len());
            room.operations = left.ok_or(FeedError::TooLarge)?;
            changes.push(change);
        }
        Ok(changes)
    }

    /// Keeps a calendar for the next who ask. Where all would take too much, the others are made again when they are wanted.
    fn keep(&self, key: Key, feed: &Arc<Feed>) {
        let mut kept = locked(&self.kept);
        let all: usize = kept.values().map(|feed| size(feed)).sum();
        if all + size(feed) > KEPT_BYTES_MAX {
            kept.clear();
        }
        kept.insert(key, Arc::clone(feed));
    }
}

/// What a calendar may still be made of.
#[derive(Clone, Copy, Debug)]
struct Room {
    /// Bytes of changes.
    changes_bytes: usize,
    /// Operations in them: a few bytes may hold a million.
    operations: usize,
    /// Bytes of the file itself.
    file_bytes: usize,
}

/// What a kept calendar takes, with a share for what keeps it.
fn size(feed: &Feed) -> usize {
    feed.file.as_ref().map_or(0, Bytes::len) + 256
}

/// A document to look into. Automerge panics on most changes that are broken.
fn live(id: DocumentId, name: Name, changes: Vec<Change>) -> Result<LiveDocument, FeedError> {
    // Nothing is ever written to it, so its actor does not matter.
    let actor = [0; 16];
    let loaded = catch_unwind(AssertUnwindSafe(|| {
        LiveDocument::load(id, Some(name), actor, changes)
    }));
    match loaded {
        Ok(Ok(document)) => Ok(document),
        Ok(Err(_)) | Err(_) => {
            warn!(document = %id, "a stored document has changes that cannot be applied");
            Err(FeedError::Unreadable)
        }
    }
}

/// The months that a calendar has on a day.
fn window(today: Date) -> Option<Vec<Month>> {
    let mut first = Month::of(today).ok()?;
    for _ in 0..MONTHS_BEFORE {
        first = first.prev()?;
    }
    let months = std::iter::successors(Some(first), |month| month.next());
    Some(months.take(MONTHS_BEFORE + 1 + MONTHS_AFTER).collect())
}

fn period_of(window: &[Month]) -> Option<Period> {
    let (first, last) = (window.first()?, window.last()?);
    Period::new(first.first_day(), last.first_day().last_of_month()).ok()
}

/// Whoever panicked while they had it left nothing half done: what is behind it is replaced whole.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
