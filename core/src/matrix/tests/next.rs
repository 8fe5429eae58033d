//! When to look again.

use jiff::SignedDuration;

use super::granting::booking as numbered;
use super::*;
use crate::civil;
use crate::records::Booking;

/// A county with hours that split the day, run past midnight, never end, are exceptions, or are not stated.
fn county() -> County {
    let mut county = County::new();
    county.site("split", &[("hours", "07:00-12:00 13:00-18:00".into())]);
    county.site("night", &[("hours", "20:00-02:00".into())]);
    county.site("always", &[("hours", "00:00-24:00".into())]);
    county.site("unstated", &[]);
    let shut = [("hours", "08:00-20:00".into()), ("state", "closed".into())];
    county.site("shut", &shut);
    let repairs = [("until", "2027-02-20".into())];
    county.exception("split", "2026-12-05", &repairs);
    county.exception("zhanqian", "2026-12-04", &[("hours", "10:00-11:00".into())]);
    let advice = [("hours", "09:00-11:00".into()), ("days", "4 5".into())];
    county.service("zhanqian", "法律咨询", &advice);
    county
}

fn minutes(from: DateTime, count: i64) -> impl Iterator<Item = DateTime> {
    (0..count).filter_map(move |minute| civil::add(from, SignedDuration::from_mins(minute)))
}

#[test]
fn what_is_near_stays_as_it_was_until_then_and_is_another_then() {
    let county = county();
    let directory = county.directory();
    for closed_too in [false, true] {
        let wanted = Wanted {
            closed_too,
            ..Wanted::default()
        };
        let seen = |at: DateTime| open_near(&directory, at, None, &wanted, 20);
        let (mut at, mut changes) = (at("03T00:00"), 0);
        let end = super::at("06T00:00");
        while at < end {
            let next = near_changes(&directory, at, &wanted).unwrap();
            assert!(at < next, "{at}");
            let length = next.duration_since(at).as_mins();
            let same = minutes(at, length).all(|minute| seen(minute) == seen(at));
            assert!(same, "{at}: something changes before {next}");
            assert_ne!(seen(next), seen(at), "{at}: nothing changes at {next}");
            changes += 1;
            at = next;
        }
        assert!(changes > 12, "{changes}");
    }
}

#[test]
fn sites_that_do_not_come_into_question_do_not_matter() {
    let county = county();
    let directory = county.directory();
    let wanted = Wanted {
        amenities: ["wifi".to_owned()].into_iter().collect(),
        ..Wanted::default()
    };
    let next = |text: &str| near_changes(&directory, at(text), &wanted);
    assert_eq!(next("03T08:30"), Some(at("03T09:00")));
    assert_eq!(next("03T11:00"), Some(at("03T20:00")));
    let nothing = Wanted {
        amenities: ["sauna".to_owned()].into_iter().collect(),
        ..Wanted::default()
    };
    assert_eq!(near_changes(&directory, at("03T08:30"), &nothing), None);
}

#[test]
fn alternatives_stay_as_they_were_until_then() {
    let mut county = county();
    county.venue("zhanqian", "活动室", &[("capacity", 20.into())]);
    let directory = county.directory();
    let room = Venue::id_of(&key("jiefang-1"), "会议室");
    let board = Board::new();
    let booking = |start: &str, end: &str| Booking {
        venue: Some(room),
        start: at(start),
        end: at(end),
        ..Booking::read(
            numbered(1),
            &crate::records::FieldReader::new(&crate::ordered::BTreeMap::new()),
        )
    };
    for booking in [
        booking("03T14:00", "03T16:00"),
        booking("04T09:00", "04T10:30"),
        booking("20T09:00", "20T10:00"),
    ] {
        let seen = |from: DateTime| board.alternatives(&directory, &booking, from, 40);
        let (mut from, end) = (at("03T05:00"), at("05T12:00"));
        while from < end {
            let next = board.alternatives_change(&directory, &booking, from);
            let next = next.unwrap_or(end);
            assert!(from < next, "{from}");
            let length = next.duration_since(from).as_mins();
            let same = minutes(from, length).all(|minute| seen(minute) == seen(from));
            assert!(same, "{from}: something changes before {next}");
            let at = civil::add(next, SignedDuration::from_mins(1)).unwrap();
            from = at
                .date()
                .to_datetime(jiff::civil::Time::new(at.hour(), at.minute(), 0, 0).unwrap());
        }
    }
}

#[test]
fn the_sites_around_one_are_itself_and_the_nearest_with_venues() {
    let mut county = county();
    county.venue("zhanqian", "活动室", &[]);
    county.venue("split", "阅览室", &[]);
    let directory = county.directory();
    let around = directory.around(&key("zhanqian"));
    let around: Vec<&str> = around.iter().map(|site| site.as_str()).collect();
    assert_eq!(around, ["zhanqian", "jiefang-1", "split"]);
}
