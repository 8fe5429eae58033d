//! Goal: a calendar is made once for the same heads, of what is in the store, within its bounds.
//!
//! Method: a store with a site's roster, as a relay has it after a sync, and calendars with little room.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::net::SocketAddr;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use yilian_core::records::{Collection, Edit, RecordId};
use yilian_core::storage::{Commit, DocumentWrite, Store as _};
use yilian_node::store::SqliteStore;

use super::*;

struct Stored {
    store: SqliteStore,
    document: LiveDocument,
    _directory: TempDir,
}

fn network() -> Network {
    "jiaozuo".parse().unwrap()
}

fn site() -> SiteKey {
    "keyun".parse().unwrap()
}

impl Stored {
    /// This month's roster of the site, with nothing in it, not yet stored.
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let today = Clock::new(Clock::DEFAULT_ZONE).unwrap().civil().date();
        let name = Name::Roster {
            site: site(),
            month: Month::of(today).unwrap(),
        };
        let id = DocumentId::of(&network(), &name);
        Self {
            store: SqliteStore::open(directory.path()).unwrap(),
            document: LiveDocument::new(id, name, [7; 16]),
            _directory: directory,
        }
    }

    /// Adds a shift of today, and stores what that takes.
    fn add(&mut self, n: u8) {
        let name = self.document.name().unwrap().clone();
        let today = name.month().unwrap().first_day();
        let (start, end) = (format!("{today}T08:00"), format!("{today}T14:00"));
        let fields = [
            ("site", "keyun"),
            ("name", "孙平"),
            ("post", "前台"),
            ("start", start.as_str()),
            ("end", end.as_str()),
            ("state", "planned"),
        ];
        let record = RecordId::new(0, [n; 10]);
        let edits: Vec<Edit> = fields
            .iter()
            .map(|(field, value)| Edit::set(&name, Collection::Shifts, record, field, *value))
            .collect();
        let edited = self.document.edit(&edits, "test", 1_764_000_000).unwrap();
        let genesis = name.kind().genesis().iter();
        let mut changes: Vec<Bytes> = match n {
            1 => genesis.map(|bytes| Bytes::from_static(bytes)).collect(),
            _ => Vec::new(),
        };
        let change = edited.change.unwrap();
        changes.push(Bytes::copy_from_slice(change.raw_bytes()));
        self.commit(changes);
    }

    fn commit(&mut self, changes: Vec<Bytes>) {
        let name = self.document.name().unwrap().to_string();
        let id = DocumentId::of(&network(), &name.parse().unwrap());
        let write = DocumentWrite {
            name: Some(name),
            ..DocumentWrite::changes(id, changes, self.document.heads())
        };
        self.store.commit(&Commit::of(write)).unwrap();
    }

    fn calendars(&self, room: Room) -> Arc<Calendars> {
        let calendars = Calendars::new(network(), self.store.reader().unwrap()).unwrap();
        Arc::new(Calendars { room, ..calendars })
    }
}

async fn file(calendars: &Arc<Calendars>) -> Result<String, FeedError> {
    let feed = calendars.feed((Topic::Roster, site())).await?;
    let file = feed.file.clone()?;
    Ok(String::from_utf8(file.to_vec()).unwrap())
}

#[tokio::test]
async fn a_calendar_is_made_again_when_its_heads_have_changed_and_only_then() {
    let mut stored = Stored::new();
    let calendars = stored.calendars(ROOM);
    assert_eq!(file(&calendars).await, Err(FeedError::Unknown));
    stored.add(1);
    let first = calendars.feed((Topic::Roster, site())).await.unwrap();
    let again = calendars.feed((Topic::Roster, site())).await.unwrap();
    assert!(Arc::ptr_eq(&first, &again), "kept");
    stored.add(2);
    let second = calendars.feed((Topic::Roster, site())).await.unwrap();
    assert_ne!(first.version, second.version);
    let events = file(&calendars).await.unwrap();
    assert_eq!(events.matches("BEGIN:VEVENT").count(), 2);
    // A relay that starts again says the same.
    let other = stored
        .calendars(ROOM)
        .feed((Topic::Roster, site()))
        .await
        .unwrap();
    assert_eq!(other.version, second.version);
    assert_eq!(other.file, second.file);
}

#[tokio::test]
async fn lessons_are_served_and_who_takes_them_is_not() {
    let mut stored = Stored::new();
    let today = Clock::new(Clock::DEFAULT_ZONE).unwrap().civil().date();
    let name = Name::Courses { site: site() };
    let id = DocumentId::of(&network(), &name);
    stored.document = LiveDocument::new(id, name.clone(), [8; 16]);
    let course = Course::id_of(&site(), "急救员第3期");
    let lesson = RecordId::new(0, [1; 10]);
    let (start, end) = (format!("{today}T19:00"), format!("{today}T21:00"));
    let of_course = course.to_string();
    let fields = [
        (Collection::Courses, course, "site", "keyun"),
        (Collection::Courses, course, "name", "急救员第3期"),
        (Collection::Courses, course, "teacher", "郭洋"),
        (Collection::Sessions, lesson, "course", &of_course),
        (Collection::Sessions, lesson, "name", "第一课"),
        (Collection::Sessions, lesson, "start", &start),
        (Collection::Sessions, lesson, "end", &end),
    ];
    let edits: Vec<Edit> = fields
        .into_iter()
        .map(|(of, record, field, value)| Edit::set(&name, of, record, field, value))
        .collect();
    let edited = stored.document.edit(&edits, "test", 1_764_000_000).unwrap();
    let genesis = name.kind().genesis().iter();
    let mut changes: Vec<Bytes> = genesis.map(|bytes| Bytes::from_static(bytes)).collect();
    let change = edited.change.unwrap();
    changes.push(Bytes::copy_from_slice(change.raw_bytes()));
    stored.commit(changes);
    let address = served(&stored.calendars(ROOM)).await;
    let answer = asked(address, "lessons").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert_eq!(answer.matches("BEGIN:VEVENT").count(), 1, "{answer}");
    for part in ["急救员第3期 第一课", "讲师 郭洋", "keyun 课表"] {
        assert!(answer.contains(part), "{part} is missing in {answer}");
    }
    let roster = asked(address, "roster").await;
    assert!(roster.starts_with("HTTP/1.1 404 "), "{roster}");
}

#[tokio::test]
async fn what_is_too_large_is_refused_whatever_makes_it_large() {
    let mut stored = Stored::new();
    for n in 1..=5 {
        stored.add(n);
    }
    let small = [
        Room {
            changes_bytes: 500,
            ..ROOM
        },
        Room {
            operations: 20,
            ..ROOM
        },
        Room {
            file_bytes: 500,
            ..ROOM
        },
    ];
    for room in small {
        let made = file(&stored.calendars(room)).await;
        assert_eq!(made, Err(FeedError::TooLarge), "{room:?}");
    }
    assert!(file(&stored.calendars(ROOM)).await.is_ok());
}

#[tokio::test]
async fn what_is_damaged_is_an_error_and_a_stopped_relay_makes_none() {
    let mut stored = Stored::new();
    stored.add(1);
    let calendars = stored.calendars(ROOM);
    assert!(file(&calendars).await.is_ok());
    calendars.close();
    assert_eq!(file(&calendars).await, Err(FeedError::Busy));

    let mut damaged = Stored::new();
    damaged.commit(vec![Bytes::from_static(b"no change at all")]);
    let calendars = damaged.calendars(ROOM);
    assert_eq!(file(&calendars).await, Err(FeedError::Unreadable));
}

/// Serves calendars to whoever asks.
async fn served(calendars: &Arc<Calendars>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = routes(Arc::clone(calendars));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Status line, headers and body of an answer.
async fn asked(address: SocketAddr, topic: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET /calendar/{topic}/keyun.ics HTTP/1.1\r\nhost: relay\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn whoever_waits_too_long_for_a_turn_is_told_to_ask_again() {
    let mut stored = Stored::new();
    stored.add(1);
    let impatient = Calendars {
        patience: Duration::from_millis(1),
        ..Calendars::new(network(), stored.store.reader().unwrap()).unwrap()
    };
    let impatient = Arc::new(impatient);
    let address = served(&impatient).await;
    // As many are being made as may be at a time.
    let turns = u32::try_from(AT_A_TIME).unwrap();
    let making = Arc::clone(&impatient.turns).acquire_many_owned(turns).await;
    for _ in 0..AT_A_TIME + 1 {
        let answer = asked(address, "roster").await;
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
        assert!(answer.contains("\r\nretry-after: 30\r\n"), "{answer}");
        assert!(answer.ends_with("ask again later\n"), "{answer}");
    }
    // Those who were refused left no trace: there are turns again.
    drop(making);
    let answer = asked(address, "roster").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("BEGIN:VEVENT"), "{answer}");

    // Whoever has patience waits until one of them is done.
    let patient = stored.calendars(ROOM);
    let address = served(&patient).await;
    let making = Arc::clone(&patient.turns).acquire_many_owned(turns).await;
    let waiting = tokio::spawn(asked(address, "roster"));
    // One more than the calendars and the turns that are taken know the semaphore: it waits.
    while Arc::strong_count(&patient.turns) <= 2 {
        tokio::task::yield_now().await;
    }
    drop(making);
    let answer = waiting.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[test]
fn the_months_are_last_month_to_the_month_after_the_next() {
    let months = |day: &str| -> Vec<String> {
        let window = window(day.parse().unwrap()).unwrap();
        window.iter().map(Month::to_string).collect()
    };
    assert_eq!(
        months("2026-12-31"),
        ["2026-11", "2026-12", "2027-01", "2027-02"]
    );
    assert_eq!(window("1899-12-31".parse().unwrap()), None);
    let window = window("2026-01-01".parse().unwrap()).unwrap();
    let period = period_of(&window).unwrap();
    assert_eq!(period.to_string(), "2025-12-01..2026-03-31");
}
