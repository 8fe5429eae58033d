//! Goal: a report counts what a person with the paper roster would count, and an event says what became of a shift.
//!
//! Method: rosters written as small tables; the numbers were worked out by hand.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "tests"
)]

mod bookings;
mod requests;
mod supplies;

use jiff::civil::date;

use super::calendar::{EventStatus, roster_events};
use super::{Cell, Documents, Period, PeriodError, Report, roster};
use crate::document::{Name, SiteKey};
use crate::ordered::BTreeMap;
use crate::records::{Collection, Edit, Person, RecordId, Shift, Site, Value};
use crate::rules::replica::{Replica, key, roster as named};

fn id(n: u8) -> RecordId {
    RecordId::new(0, [n; 10])
}

/// Two sites; two of keyun's people have one name.
fn network() -> Replica {
    let mut replica = Replica::numbered(1);
    for (site, name) in [("keyun", "客运之家"), ("jiefang-1", "解放驿站")] {
        let fields = [
            ("key", site),
            ("name", name),
            ("level", "home"),
            ("address", "某路1号"),
        ];
        replica.set(
            &Name::Sites,
            Collection::Sites,
            Site::id_of(&key(site)),
            &fields,
        );
    }
    for (name, phone) in [
        ("孙平", "10040886753"),
        ("唐国庆", "10000003670"),
        ("唐国庆", "10000001111"),
    ] {
        let document = Name::People { site: key("keyun") };
        let fields = [
            ("site", "keyun"),
            ("name", name),
            ("role", "staff"),
            ("phone", phone),
        ];
        replica.set(&document, Collection::Persons, person(name, phone), &fields);
    }
    replica
}

fn person(name: &str, phone: &str) -> RecordId {
    Person::id_of_row(&key("keyun"), name, phone)
}

/// Writes shifts: number, site, name, post, start and end of December, and other fields.
fn shift(
    replica: &mut Replica,
    n: u8,
    site: &str,
    name: &str,
    times: (&str, &str),
    more: &[(&str, &str)],
) {
    let (start, end) = (
        format!("2026-12-{}", times.0),
        format!("2026-12-{}", times.1),
    );
    let mut fields = vec![
        ("site", site),
        ("name", name),
        ("post", "值守"),
        ("start", start.as_str()),
        ("end", end.as_str()),
        ("state", "planned"),
    ];
    for (field, value) in more {
        fields.retain(|(known, _)| known != field);
        fields.push((field, value));
    }
    replica.set(&named(site, "2026-12"), Collection::Shifts, id(n), &fields);
}

/// Writes a record whose values are not all text.
fn put(
    replica: &mut Replica,
    document: &Name,
    collection: Collection,
    record: RecordId,
    fields: &[(&str, Value)],
) {
    let edits: Vec<Edit> = fields
        .iter()
        .map(|(field, value)| Edit::set(document, collection, record, field, value.clone()))
        .collect();
    replica.apply(&edits);
}

fn with_documents<T>(replica: &Replica, run: impl FnOnce(&Documents<'_>) -> T) -> T {
    let mut documents = Documents::new();
    for (name, document) in &replica.documents {
        documents.add(name.clone(), document.view());
    }
    run(&documents)
}

fn december() -> Period {
    Period::of_month("2026-12".parse().unwrap())
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Empty => "-".to_owned(),
        Cell::Text(text) => text.clone(),
        Cell::Named(value, _) => value.clone(),
        Cell::Count(count) => count.to_string(),
        Cell::Amount(count) => count.to_string(),
        Cell::Tenths(tenths) => format!("{}.{}", tenths / 10, tenths % 10),
        Cell::Hours(minutes) => format!("{}:{:02}", minutes / 60, minutes % 60),
        Cell::Date(date) => date.to_string(),
        Cell::Time(time) => time.to_string(),
        Cell::DateTime(at) => at.strftime("%dT%H:%M").to_string(),
    }
}

fn lines(report: &Report) -> Vec<String> {
    let rows = report.rows.iter().chain([&report.totals]);
    rows.map(|row| row.iter().map(shown).collect::<Vec<_>>().join(" "))
        .collect()
}

fn by_person(replica: &Replica, period: Period, site: Option<&str>) -> Report {
    let site: Option<SiteKey> = site.map(key);
    with_documents(replica, |documents| {
        roster::by_person(documents, period, site.as_ref())
    })
}

#[test]
fn hours_nights_absences_and_lending_are_counted_for_the_home_site() {
    let mut replica = network();
    let sun = person("孙平", "10040886753").to_string();
    let sun = ("person", sun.as_str());
    // Six hours by day, twelve over one midnight, and half an hour.
    shift(
        &mut replica,
        1,
        "keyun",
        "孙平",
        ("01T08:00", "01T14:00"),
        &[sun],
    );
    shift(
        &mut replica,
        2,
        "keyun",
        "孙平",
        ("02T20:00", "03T08:00"),
        &[sun],
    );
    shift(
        &mut replica,
        3,
        "keyun",
        "孙平",
        ("04T08:00", "04T08:30"),
        &[sun],
    );
    shift(
        &mut replica,
        4,
        "keyun",
        "孙平",
        ("05T08:00", "05T14:00"),
        &[sun, ("state", "absent")],
    );
    shift(
        &mut replica,
        5,
        "keyun",
        "孙平",
        ("06T08:00", "06T14:00"),
        &[sun, ("state", "swapped")],
    );
    // Lent to the station for four hours; written before anybody was on a list.
    shift(
        &mut replica,
        6,
        "jiefang-1",
        "孙 平",
        ("07T08:00", "07T12:00"),
        &[("lent_by", "keyun")],
    );
    shift(
        &mut replica,
        7,
        "jiefang-1",
        "郑洋",
        ("07T08:00", "07T12:00"),
        &[],
    );
    let all = [
        "jiefang-1 郑洋 1 4:00 0 0 0",
        "keyun 孙平 4 22:30 1 1 1",
        "total - 5 26:30 1 1 1",
    ];
    assert_eq!(lines(&by_person(&replica, december(), None)), all);
    let own = ["keyun 孙平 4 22:30 1 1 1", "total - 4 22:30 1 1 1"];
    assert_eq!(lines(&by_person(&replica, december(), Some("keyun"))), own);
    // A shift counts on the day it starts.
    let days = Period::new(date(2026, 12, 2), date(2026, 12, 2)).unwrap();
    let one = ["keyun 孙平 1 12:00 1 0 0", "total - 1 12:00 1 0 0"];
    assert_eq!(lines(&by_person(&replica, days, None)), one);
}

#[test]
fn nights_are_what_is_under_way_between_midnight_and_five() {
    for (times, nights) in [
        (("01T14:00", "02T00:00"), 0),
        (("01T14:00", "02T00:01"), 1),
        (("01T00:00", "01T08:00"), 1),
        (("01T04:59", "01T09:00"), 1),
        (("01T05:00", "01T23:59"), 0),
        (("01T20:00", "04T08:00"), 3),
        (("01T03:00", "02T03:00"), 2),
    ] {
        let mut replica = network();
        shift(&mut replica, 1, "keyun", "孙平", times, &[]);
        let report = by_person(&replica, december(), None);
        assert_eq!(report.rows[0][4], Cell::Count(nights), "{times:?}");
    }
}

#[test]
fn namesakes_are_told_apart_and_never_added_up() {
    let mut replica = network();
    for (n, phone) in [(1, "10000003670"), (2, "10000001111")] {
        let id = person("唐国庆", phone).to_string();
        shift(
            &mut replica,
            n,
            "keyun",
            "唐国庆",
            ("01T08:00", "01T14:00"),
            &[("person", &id)],
        );
    }
    // Whose this is nobody can say.
    shift(
        &mut replica,
        3,
        "keyun",
        "唐国庆",
        ("02T08:00", "02T09:00"),
        &[],
    );
    let expected = [
        "keyun 唐国庆 1 1:00 0 0 0",
        "keyun 唐国庆#1111 1 6:00 0 0 0",
        "keyun 唐国庆#3670 1 6:00 0 0 0",
        "total - 3 13:00 0 0 0",
    ];
    assert_eq!(lines(&by_person(&replica, december(), None)), expected);
}

#[test]
fn what_has_no_sensible_times_is_noted_and_what_was_removed_is_not_there() {
    let mut replica = network();
    shift(
        &mut replica,
        1,
        "keyun",
        "孙平",
        ("01T14:00", "01T08:00"),
        &[],
    );
    shift(
        &mut replica,
        2,
        "keyun",
        "孙平",
        ("01T08:00", "01T14:00"),
        &[("start", "早上")],
    );
    shift(
        &mut replica,
        3,
        "keyun",
        "孙平",
        ("01T08:00", "01T14:00"),
        &[],
    );
    let document = named("keyun", "2026-12");
    let now = date(2026, 12, 1).at(0, 0, 0, 0);
    replica.apply(&[Edit::remove(&document, Collection::Shifts, id(3), now)]);
    let report = by_person(&replica, december(), None);
    assert_eq!(lines(&report), ["total - 0 0:00 0 0 0"]);
    assert!(
        report.notes[0].en.starts_with("2 shifts"),
        "{:?}",
        report.notes
    );
    let november = Period::of_month("2026-11".parse().unwrap());
    assert!(by_person(&replica, november, None).notes.is_empty());
}

#[test]
fn the_list_by_day_has_every_shift_at_the_site_in_order() {
    let mut replica = network();
    shift(
        &mut replica,
        1,
        "keyun",
        "孙平",
        ("02T08:00", "02T14:00"),
        &[("note", "顶班")],
    );
    shift(
        &mut replica,
        2,
        "keyun",
        "郑洋",
        ("01T20:00", "02T08:00"),
        &[("lent_by", "jiefang-1")],
    );
    shift(
        &mut replica,
        3,
        "keyun",
        "孙平",
        ("01T08:00", "01T14:00"),
        &[("state", "absent")],
    );
    shift(
        &mut replica,
        4,
        "jiefang-1",
        "郑洋",
        ("01T08:00", "01T14:00"),
        &[],
    );
    let site = key("keyun");
    let report = with_documents(&replica, |documents| {
        roster::by_day(documents, december(), Some(&site))
    });
    let expected = [
        "2026-12-01 keyun 01T08:00 01T14:00 值守 孙平 - - absent ",
        "2026-12-01 keyun 01T20:00 02T08:00 值守 郑洋 jiefang-1 12:00 planned ",
        "2026-12-02 keyun 02T08:00 02T14:00 值守 孙平 - 6:00 planned 顶班",
        "total - - - - - - 18:00 - -",
    ];
    assert_eq!(lines(&report), expected);
    assert_eq!(report.title.zh, "客运之家　每日排班");
}

#[test]
fn a_period_ends_no_earlier_than_it_starts_and_is_no_longer_than_ten_years() {
    let (first, last) = (date(2026, 12, 1), date(2026, 12, 31));
    assert!(Period::new(last, first).is_err());
    assert!(Period::new(first, date(2036, 11, 30)).is_ok());
    let long = Period::new(first, date(2036, 12, 2));
    assert_eq!(long, Err(PeriodError::TooLong { days: 3_655 }));
    let forever = Period::new(jiff::civil::Date::MIN, jiff::civil::Date::MAX);
    assert!(matches!(forever, Err(PeriodError::TooLong { .. })));
    let period = Period::new(first, last).unwrap();
    assert_eq!(period, december());
    for (month, touched) in [("2026-11", false), ("2026-12", true), ("2027-01", false)] {
        assert_eq!(period.touches(month.parse().unwrap()), touched, "{month}");
    }
}

#[test]
fn events_say_what_became_of_their_shifts() {
    let mut replica = network();
    for (n, day, state) in [
        (1, "01", "planned"),
        (2, "02", "confirmed"),
        (3, "03", "absent"),
        (4, "04", "swapped"),
        (5, "05", "planned"),
    ] {
        let (start, end) = (format!("{day}T08:00"), format!("{day}T14:00"));
        let times = (start.as_str(), end.as_str());
        shift(
            &mut replica,
            n,
            "keyun",
            "孙平",
            times,
            &[("state", state), ("note", "带钥匙")],
        );
    }
    shift(
        &mut replica,
        6,
        "keyun",
        "孙平",
        ("06T14:00", "06T08:00"),
        &[],
    );
    let document = named("keyun", "2026-12");
    let now = date(2026, 12, 1).at(0, 0, 0, 0);
    replica.apply(&[Edit::remove(&document, Collection::Shifts, id(5), now)]);
    let written = replica.documents.get(&document).unwrap().written();
    let events = with_documents(&replica, |documents| {
        roster_events(documents, &written, december(), |_, _| true)
    });
    let statuses: Vec<_> = events.iter().map(|event| event.status).collect();
    use EventStatus::{Cancelled, Confirmed, Tentative};
    assert_eq!(
        statuses,
        [Tentative, Confirmed, Cancelled, Cancelled, Cancelled]
    );
    let (first, last) = (&events[0], &events[4]);
    assert_eq!(first.summary, "值守 孙平");
    assert_eq!(first.location, "客运之家，某路1号");
    assert_eq!(first.description.zh, "计划\n带钥匙");
    let (first, last) = (first.written.unwrap(), last.written.unwrap());
    assert_eq!((first.times, last.times), (1, 2), "the removal is a change");
    assert!(first.last < last.last);
}

#[test]
fn a_shift_that_moved_to_another_roster_is_one_event() {
    let mut replica = network();
    let (december_roster, january) = (named("keyun", "2026-12"), named("keyun", "2027-01"));
    shift(
        &mut replica,
        1,
        "keyun",
        "孙平",
        ("31T08:00", "31T14:00"),
        &[],
    );
    let now = date(2026, 12, 1).at(0, 0, 0, 0);
    replica.apply(&[Edit::remove(
        &december_roster,
        Collection::Shifts,
        id(1),
        now,
    )]);
    let fields = [
        ("site", "keyun"),
        ("name", "孙平"),
        ("post", "值守"),
        ("start", "2027-01-01T08:00"),
        ("end", "2027-01-01T14:00"),
        ("state", "planned"),
    ];
    replica.set(&january, Collection::Shifts, id(1), &fields);
    let period = Period::new(date(2026, 12, 1), date(2027, 1, 31)).unwrap();
    let events = with_documents(&replica, |documents| {
        let wants =
            |site: &SiteKey, shift: &Shift| site.as_str() == "keyun" && shift.name == "孙平";
        roster_events(documents, &BTreeMap::new(), period, wants)
    });
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].start, date(2027, 1, 1).at(8, 0, 0, 0));
    assert_eq!(events[0].status, EventStatus::Tentative);
}
