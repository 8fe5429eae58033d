//! What a county's questions cost: 300 sites, 900 venues, 100,000 bookings in three months. `cargo bench -p yilian-core`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::expect_used,
    missing_docs,
    reason = "a benchmark"
)]

use std::hint::black_box;
use std::sync::OnceLock;

use divan::Bencher;
use jiff::SignedDuration;
use jiff::civil::{DateTime, date};
use yilian_core::document::{DocumentId, LiveDocument, Name, SiteKey};
use yilian_core::matrix::{Board, Directory, Wanted, grants, open_near};
use yilian_core::records::{
    Booking, Collection, Edit, RecordId, Site, Value, Venue, write_date_time,
};
use yilian_core::rules::{Holdings, findings};

const SITES: usize = 300;
const VENUES: usize = 3;
const BOOKINGS: usize = 100_000;
const MONTHS: [i8; 3] = [10, 11, 12];

fn main() {
    divan::main();
}

struct County {
    sites: LiveDocument,
    bookings: Vec<LiveDocument>,
}

fn county() -> &'static County {
    static COUNTY: OnceLock<County> = OnceLock::new();
    COUNTY.get_or_init(County::new)
}

fn key(number: usize) -> SiteKey {
    format!("site-{number}").parse().unwrap()
}

fn venue(number: usize) -> RecordId {
    Venue::id_of(&key(number / VENUES), &format!("会议室{}", number % VENUES))
}

fn open(name: &Name, edits: &[Edit]) -> LiveDocument {
    let id = DocumentId::of(&"bench".parse().unwrap(), name);
    let mut document = LiveDocument::new(id, name.clone(), [1; 16]);
    document.edit(edits, "", 0).unwrap();
    document
}

impl County {
    fn new() -> Self {
        let mut edits = Vec::new();
        let mut put = |collection, record, fields: Vec<(&str, Value)>| {
            let set = |(field, value)| Edit::set(&Name::Sites, collection, record, field, value);
            edits.extend(fields.into_iter().map(set));
        };
        for number in 0..SITES {
            let (key, hub) = (key(number), key(0));
            let (level, parent) = match number {
                0 => ("home", ""),
                _ => ("station", hub.as_str()),
            };
            #[expect(clippy::cast_precision_loss, reason = "a small number")]
            let north = 35.0 + number as f64 / 1_000.0;
            let fields = vec![
                ("key", key.as_str().into()),
                ("name", key.as_str().into()),
                ("level", level.into()),
                ("parent", parent.into()),
                ("hours", "07:00-22:00".into()),
                ("lat", north.into()),
                ("lng", 113.2.into()),
            ];
            put(Collection::Sites, Site::id_of(&key), fields);
        }
        for number in 0..SITES * VENUES {
            let site = key(number / VENUES);
            let fields = vec![
                ("site", site.as_str().into()),
                ("name", format!("会议室{}", number % VENUES).into()),
                ("capacity", 20.into()),
            ];
            put(Collection::Venues, venue(number), fields);
        }
        let sites = open(&Name::Sites, &edits);
        Self {
            sites,
            bookings: (0..SITES).flat_map(bookings_of).collect(),
        }
    }

    fn directory(&self) -> Directory<'_> {
        Directory::new(self.sites.view())
    }

    fn board(&self) -> Board {
        let mut board = Board::new();
        for document in &self.bookings {
            board.update(document.name().unwrap(), document.view());
        }
        board
    }
}

fn bookings_of(site: usize) -> Vec<LiveDocument> {
    let of_month = BOOKINGS / SITES / MONTHS.len();
    let documents = MONTHS.into_iter().map(|month| {
        let name = Name::Bookings {
            site: key(site),
            month: yilian_core::document::Month::of(date(2026, month, 1)).unwrap(),
        };
        let mut edits = Vec::new();
        for number in 0..of_month {
            let of_venue = number / VENUES;
            // Two in a day, and one in nine of them asks for what another has.
            let day = i8::try_from(1 + of_venue / 2 % 28).unwrap();
            let hour = i8::try_from(9 + 4 * (of_venue % 2)).unwrap();
            let early = if of_venue % 9 == 8 { 3 } else { 0 };
            let start = date(2026, month, day).at(hour - early + early / 3, 0, 0, 0);
            let end = start.checked_add(SignedDuration::from_hours(3)).unwrap();
            let mut random = [0; 10];
            random[..8].copy_from_slice(&(site * of_month + number).to_be_bytes());
            let record = RecordId::new(u64::from(month.unsigned_abs()), random);
            let fields: [(&str, Value); 6] = [
                ("site", key(site).as_str().into()),
                (
                    "venue",
                    venue(site * VENUES + number % VENUES).to_string().into(),
                ),
                ("name", "工会小组".into()),
                ("start", write_date_time(start).into()),
                ("end", write_date_time(end).into()),
                ("people", 12.into()),
            ];
            let set = |(field, value)| Edit::set(&name, Collection::Bookings, record, field, value);
            edits.extend(fields.into_iter().map(set));
        }
        open(&name, &edits)
    });
    documents.collect()
}

fn now() -> DateTime {
    date(2026, 12, 5).at(9, 30, 0, 0)
}

#[divan::bench]
fn directory(bencher: Bencher) {
    let county = county();
    bencher.bench_local(|| black_box(county.directory()));
}

#[divan::bench]
fn all_grants(bencher: Bencher) {
    let county = county();
    let directory = county.directory();
    bencher.bench_local(|| {
        let entries = county
            .bookings
            .iter()
            .flat_map(|document| document.view().all::<Booking>());
        black_box(grants(entries.map(|(_, entry)| entry), &directory))
    });
}

#[divan::bench]
fn board_of_everything(bencher: Bencher) {
    let county = county();
    bencher.bench_local(|| black_box(county.board()));
}

#[divan::bench]
fn board_takes_in_one_document(bencher: Bencher) {
    let county = county();
    let (mut board, document) = (county.board(), &county.bookings[500]);
    bencher.bench_local(|| board.update(document.name().unwrap(), document.view()));
}

#[divan::bench]
fn free_slots_of_a_month(bencher: Bencher) {
    let county = county();
    let (board, directory) = (county.board(), county.directory());
    let (from, until) = (
        date(2026, 12, 1).at(0, 0, 0, 0),
        date(2027, 1, 1).at(0, 0, 0, 0),
    );
    let hour = SignedDuration::from_hours(1);
    bencher.bench_local(|| board.free_slots(&directory, venue(700), from, until, hour));
}

#[divan::bench]
fn alternatives(bencher: Bencher) {
    let county = county();
    let (board, directory) = (county.board(), county.directory());
    // The third month of a site in the middle.
    let december = &county.bookings[SITES + MONTHS.len() - 1];
    let (booking, _) = december.view().all::<Booking>().next().unwrap();
    bencher.bench_local(|| black_box(board.alternatives(&directory, booking, now(), 6)));
}

#[divan::bench]
fn open_sites_nearby(bencher: Bencher) {
    let directory = county().directory();
    let wanted = Wanted {
        capacity: Some(10),
        ..Wanted::default()
    };
    bencher.bench_local(|| {
        black_box(open_near(
            &directory,
            now(),
            Some((35.1, 113.2)),
            &wanted,
            20,
        ))
    });
}

#[divan::bench(sample_count = 10)]
fn findings_of_the_county(bencher: Bencher) {
    let county = county();
    bencher.bench_local(|| {
        let mut holdings = Holdings::new(now());
        holdings.add(&county.sites);
        for document in &county.bookings {
            holdings.add(document);
        }
        holdings.add_nothing_else();
        let found = findings(&holdings, None);
        assert!(found.findings.len() > 1_000);
        found
    });
}
