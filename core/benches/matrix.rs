//! What a county's questions cost: 300 sites, 900 venues, 100,000 bookings in three months, of which one in nine is bumped;
//! 20,000 people on 240,000 shifts, with what goes wrong in offices; 3,000 submissions. `cargo bench -p yilian-core`.

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
use yilian_core::document::{DocumentId, LiveDocument, Month, Name, SiteKey};
use yilian_core::inbox::Code;
use yilian_core::matrix::{Board, Directory, Wanted, grants, open_near};
use yilian_core::records::{
    Booking, BookingState, Collection, Edit, Person, RecordId, Role, Shift, ShiftState, Site,
    Stage, Step, Submission, SubmissionKind, Typed as _, Value, Venue, write_date_time,
};
use yilian_core::rules::{Holdings, findings};

const SITES: usize = 300;
const VENUES: usize = 3;
const BOOKINGS: usize = 100_000;
const MONTHS: [i8; 3] = [10, 11, 12];
const PEOPLE: usize = 20_000;
/// Of each person in each month.
const SHIFTS: usize = 4;
/// To each site.
const SUBMISSIONS: usize = 10;

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

fn month_of(month: i8) -> Month {
    Month::of(date(2026, month, 1)).unwrap()
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
            month: month_of(month),
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

/// What people do, and what is sent to them.
fn staff() -> &'static Vec<LiveDocument> {
    static STAFF: OnceLock<Vec<LiveDocument>> = OnceLock::new();
    STAFF.get_or_init(|| (0..SITES).flat_map(staff_of).collect())
}

fn staff_of(site: usize) -> Vec<LiveDocument> {
    let people: Vec<Person> = (0..PEOPLE / SITES)
        .map(|number| person(site, number))
        .collect();
    let name = Name::People { site: key(site) };
    let edits: Vec<Edit> = people
        .iter()
        .flat_map(|person| person.create(&name))
        .collect();
    let mut documents = vec![open(&name, &edits)];
    documents.extend(MONTHS.map(|month| roster_of(site, month, &people)));
    documents.extend((0..SUBMISSIONS).map(|number| submission(site, number)));
    documents
}

/// Two of a site's people have one name, and it is one that every other site has too.
fn person(site: usize, number: usize) -> Person {
    let name = match number {
        0 | 1 => "王芳".to_owned(),
        _ => format!("员工{site}-{number}"),
    };
    Person {
        id: Person::id_of_row(&key(site), &name, &number.to_string()),
        site: key(site),
        name,
        role: Role::Staff,
        phone: format!("138{:08}", site * 1_000 + number),
        removed_at: None,
    }
}

/// One in fifty shifts names nobody of the site, one in fifty a namesake, one in fifty runs into another, one in fifty is at night.
fn roster_of(site: usize, month: i8, people: &[Person]) -> LiveDocument {
    let name = Name::Roster {
        site: key(site),
        month: month_of(month),
    };
    let mut edits = Vec::new();
    for (number, person) in people.iter().enumerate() {
        for shift in 0..SHIFTS {
            let day = i8::try_from(1 + (number + 7 * shift) % 28).unwrap();
            let (mut called, mut hour, mut start_day) = (person.name.clone(), 8, day);
            match (number * SHIFTS + shift) % 50 {
                1 => called = format!("外人{}", number % 7),
                2 => called = "王芳".to_owned(),
                3 => start_day = i8::try_from(1 + (number + 7 * (shift - 1)) % 28).unwrap(),
                4 => hour = 1,
                _ => {}
            }
            let start = date(2026, month, start_day).at(hour, 0, 0, 0);
            let post = if hour == 8 { "前台" } else { "值守" };
            let mut random = [0; 10];
            random[..8].copy_from_slice(&((site * 1_000 + number) * SHIFTS + shift).to_be_bytes());
            let shift = Shift {
                id: RecordId::new(u64::from(month.unsigned_abs()), random),
                site: key(site),
                name: called,
                person: None,
                lent_by: None,
                post: post.to_owned(),
                start,
                end: start.checked_add(SignedDuration::from_hours(6)).unwrap(),
                state: ShiftState::Planned,
                note: String::new(),
                removed_at: None,
            };
            edits.extend(shift.create(&name));
        }
    }
    open(&name, &edits)
}

/// One in ten was left lying.
fn submission(site: usize, number: usize) -> LiveDocument {
    let mut random = [0; 16];
    random[..8].copy_from_slice(&(site * SUBMISSIONS + number).to_le_bytes());
    let code = Code::new(key(site), random);
    let at = date(2026, 11, 1).at(9, 0, 0, 0);
    let sent = Submission {
        id: RecordId::natural(Collection::Submission, &[&code.to_string()]),
        site: key(site),
        kind: SubmissionKind::Request,
        name: "张三".to_owned(),
        phone: String::new(),
        text: "空调坏了".to_owned(),
        venue: None,
        start: None,
        end: None,
        item: None,
        count: None,
        course: None,
        proof: String::new(),
        at,
        removed_at: None,
    };
    let name = code.name();
    let mut edits = sent.create(&name);
    let mut after = None;
    for stage in [Stage::Accepted, Stage::Assigned, Stage::Done] {
        let id = RecordId::natural(Collection::Timeline, &[&code.to_string(), stage.as_str()]);
        let step = Step {
            id,
            about: Some(sent.id),
            after,
            stage,
            at,
            by: "孙平".to_owned(),
            note: String::new(),
            made: None,
            removed_at: None,
        };
        if number > 0 {
            edits.extend(step.create(&name));
        }
        after = Some(id);
    }
    open(&name, &edits)
}

fn everything() -> Holdings<'static> {
    let county = county();
    let mut holdings = Holdings::new(now());
    let documents = std::iter::once(&county.sites).chain(&county.bookings);
    documents
        .chain(staff())
        .for_each(|document| holdings.add(document));
    holdings.add_nothing_else();
    holdings
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

#[divan::bench(sample_count = 10)]
fn findings_of_a_month_of_everything(bencher: Bencher) {
    let holdings = everything();
    bencher.bench_local(|| {
        let found = findings(&holdings, Some(month_of(11)));
        assert!(found.findings.len() > 1_000);
        found
    });
}

#[divan::bench(sample_count = 10)]
fn findings_of_everything(bencher: Bencher) {
    let holdings = everything();
    bencher.bench_local(|| findings(&holdings, None));
}

#[divan::bench(sample_count = 10)]
fn take_up_everything(bencher: Bencher) {
    bencher.bench_local(everything);
}

/// A venue of whom two ask for every time, for five years.
fn busy() -> Vec<LiveDocument> {
    let mut months = Vec::new();
    for year in 2022..2027 {
        for month in 1..=12 {
            let first = date(year, month, 1);
            let name = Name::Bookings {
                site: key(5),
                month: Month::of(first).unwrap(),
            };
            let mut edits = Vec::new();
            for number in 0..28 * 6 * 2_u32 {
                let (day, slot) = (number / 12, number / 2 % 6);
                let start = first.at(0, 0, 0, 0);
                let hours = i64::from(day) * 24 + 8 + 2 * i64::from(slot);
                let start = start
                    .checked_add(SignedDuration::from_hours(hours))
                    .unwrap();
                let mut random = [0; 10];
                random[..4].copy_from_slice(&number.to_be_bytes());
                let at = u64::try_from(i32::from(year) * 12 + i32::from(month)).unwrap();
                let booking = Booking {
                    id: RecordId::new(at, random),
                    site: key(5),
                    venue: Some(venue(5 * VENUES)),
                    start,
                    end: start.checked_add(SignedDuration::from_hours(2)).unwrap(),
                    name: "工会小组".to_owned(),
                    phone: String::new(),
                    borrower: None,
                    people: Some(12),
                    purpose: String::new(),
                    state: BookingState::Booked,
                    confirmed_by: String::new(),
                    confirmed_for: String::new(),
                    note: String::new(),
                    removed_at: None,
                };
                edits.extend(booking.create(&name));
            }
            months.push(open(&name, &edits));
        }
    }
    months
}

#[divan::bench(sample_count = 10)]
fn findings_of_a_busy_venue(bencher: Bencher) {
    let (sites, months) = (&county().sites, busy());
    let mut holdings = Holdings::new(date(2022, 1, 1).at(0, 0, 0, 0));
    holdings.add(sites);
    months.iter().for_each(|document| holdings.add(document));
    holdings.add_nothing_else();
    bencher.bench_local(|| findings(&holdings, None));
}
