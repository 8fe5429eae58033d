use super::super::bookings::{by_day, by_venue};
use super::super::calendar::booking_events;
use super::*;
use crate::records::Venue;

const ROOM: (&str, &str) = ("keyun", "会议室");
const SMALL: (&str, &str) = ("keyun", "小间");
const HALL: (&str, &str) = ("jiefang-1", "大厅");

fn venue_id((site, name): (&str, &str)) -> RecordId {
    Venue::id_of(&key(site), name)
}

/// keyun is open for twelve hours but not on the second, its small room for three; of jiefang-1 nobody knows.
fn venues() -> Replica {
    let mut replica = network();
    let keyun = Site::id_of(&key("keyun"));
    let sites = Name::Sites;
    let hours = [("hours", "08:00-20:00")];
    replica.set(&sites, Collection::Sites, keyun, &hours);
    for (place, hours) in [(ROOM, None), (SMALL, Some("09:00-12:00")), (HALL, None)] {
        let mut fields = vec![("site", place.0), ("name", place.1), ("state", "open")];
        fields.extend(hours.map(|hours| ("hours", hours)));
        replica.set(&sites, Collection::Venues, venue_id(place), &fields);
    }
    let closed = [("site", "keyun"), ("from", "2026-12-02")];
    replica.set(&sites, Collection::Exceptions, id(99), &closed);
    replica
}

/// Books a venue: number, from, to (without the year) and other fields.
fn book(
    replica: &mut Replica,
    n: u8,
    venue: (&str, &str),
    (start, end): (&str, &str),
    more: &[(&str, Value)],
) {
    let name = format!("bookings/{}/2026-{}", venue.0, &start[..2]);
    let (start, end) = (format!("2026-{start}"), format!("2026-{end}"));
    let who = format!("客{n}");
    let mut fields: Vec<(&str, Value)> = vec![
        ("site", venue.0.into()),
        ("venue", venue_id(venue).to_string().into()),
        ("start", start.into()),
        ("end", end.into()),
        ("name", who.into()),
        ("phone", "13800001111".into()),
        ("note", "电话 13800001111".into()),
        ("state", "booked".into()),
    ];
    for (field, value) in more {
        fields.retain(|(known, _)| known != field);
        fields.push((field, value.clone()));
    }
    let name: Name = name.parse().unwrap();
    put(replica, &name, Collection::Bookings, id(n), &fields);
}

fn booked() -> Replica {
    let mut replica = venues();
    let of = &mut replica;
    book(
        of,
        1,
        ROOM,
        ("12-01T09:00", "12-01T11:00"),
        &[("people", 8.into())],
    );
    // The first has the room.
    book(
        of,
        2,
        ROOM,
        ("12-01T10:00", "12-01T12:00"),
        &[("people", 5.into())],
    );
    // Half of it is after hours.
    let promised = [
        ("confirmed_by", "keyun/孙平".into()),
        ("borrower", "jiefang-1".into()),
        ("people", 20.into()),
        ("purpose", "培训".into()),
    ];
    book(of, 3, ROOM, ("12-03T19:00", "12-03T21:00"), &promised);
    book(
        of,
        4,
        ROOM,
        ("12-03T08:00", "12-03T09:00"),
        &[("state", "cancelled".into())],
    );
    // These start outside of the period; the second runs into it.
    book(of, 5, ROOM, ("12-04T09:00", "12-04T10:00"), &[]);
    book(of, 6, ROOM, ("11-30T22:00", "12-01T08:30"), &[]);
    // A site does not borrow its own.
    book(
        of,
        7,
        SMALL,
        ("12-01T09:30", "12-01T10:30"),
        &[("borrower", "keyun".into())],
    );
    replica
}

fn period() -> Period {
    Period::new(date(2026, 12, 1), date(2026, 12, 3)).unwrap()
}

#[test]
fn venues_are_used_as_far_as_they_are_taken_while_they_are_open() {
    let replica = booked();
    let report = with_documents(&replica, |all| by_venue(all, period(), None));
    // The room is open for 24 hours, of which 2 and 1 and the last half hour of the night are taken: 3.5 of 24.
    assert_eq!(
        lines(&report),
        [
            "jiefang-1 大厅 0 0 0 0 0 0:00 - - 0 0",
            "keyun 会议室 4 1 1 1 1 4:00 24:00 14.6 28 1",
            "keyun 小间 1 0 1 0 0 1:00 6:00 16.7 0 0",
            "total - 5 1 2 1 1 5:00 30:00 15.0 28 1",
        ]
    );
    assert_eq!(report.notes, []);
    let site = Some(key("jiefang-1"));
    let report = with_documents(&replica, |all| by_venue(all, period(), site.as_ref()));
    assert_eq!(report.rows.len(), 1);
    assert_eq!(report.title.en, "解放驿站: Use of venues");
}

#[test]
fn the_days_tell_who_has_what_and_instead_of_whom() {
    let replica = booked();
    let site = Some(key("keyun"));
    let report = with_documents(&replica, |all| by_day(all, period(), site.as_ref()));
    let expected = [
        "2026-12-01 keyun 会议室 01T09:00 01T11:00 客1 - 8  2:00 granted -",
        "2026-12-01 keyun 会议室 01T10:00 01T12:00 客2 - 5  - bumped 客1",
        "2026-12-01 keyun 小间 01T09:30 01T10:30 客7 - -  1:00 granted -",
        "2026-12-03 keyun 会议室 03T08:00 03T09:00 客4 - -  - cancelled -",
        "2026-12-03 keyun 会议室 03T19:00 03T21:00 客3 jiefang-1 20 培训 2:00 confirmed -",
        "total - - - - - - 28 - 5:00 - -",
    ];
    assert_eq!(lines(&report), expected);
}

#[test]
fn what_names_no_known_venue_or_no_time_is_noted() {
    let mut replica = booked();
    let nowhere = ("keyun", "没有这间");
    book(
        &mut replica,
        8,
        nowhere,
        ("12-01T09:00", "12-01T10:00"),
        &[],
    );
    book(&mut replica, 9, ROOM, ("12-02T09:00", "12-02T08:00"), &[]);
    book(&mut replica, 10, ROOM, ("11-02T09:00", "11-02T08:00"), &[]);
    let report = with_documents(&replica, |all| by_venue(all, period(), None));
    assert_eq!(report.notes.len(), 1);
    assert!(
        report.notes[0].zh.starts_with("有 2 条"),
        "{:?}",
        report.notes
    );
    let empty = with_documents(&Replica::numbered(1), |all| by_venue(all, period(), None));
    assert_eq!(empty.rows, Vec::<Vec<Cell>>::new());
}

#[test]
fn a_calendar_shows_whose_the_venue_is_and_no_telephone_number() {
    let replica = booked();
    let written = replica
        .documents
        .values()
        .flat_map(|document| document.written())
        .collect();
    let events = with_documents(&replica, |all| {
        booking_events(all, &written, december(), |venue| {
            venue.site == key("keyun")
        })
    });
    let shown: Vec<_> = events
        .iter()
        .map(|event| (event.record, event.status))
        .collect();
    // Neither the one that is bumped nor the one that was cancelled, nor November's.
    let expected = [
        (id(1), EventStatus::Tentative),
        (id(7), EventStatus::Tentative),
        (id(3), EventStatus::Confirmed),
        (id(5), EventStatus::Tentative),
    ];
    assert_eq!(shown, expected);
    assert_eq!(events[2].summary, "会议室 客3");
    assert_eq!(events[2].location, "客运之家，某路1号");
    assert_eq!(
        events[2].description.zh,
        "已确认\n借给 解放驿站\n20 人\n培训"
    );
    assert!(events.iter().all(|event| event.written.is_some()));
    let all = format!("{events:?}");
    assert!(!all.contains("13800001111"), "{all}");

    // Who was bumped is there once the other gives way.
    let mut replica = replica;
    let document: Name = "bookings/keyun/2026-12".parse().unwrap();
    replica.set(
        &document,
        Collection::Bookings,
        id(1),
        &[("state", "cancelled")],
    );
    let events = with_documents(&replica, |all| {
        booking_events(all, &BTreeMap::new(), december(), |_| true)
    });
    assert_eq!(events[1].record, id(2));
}
