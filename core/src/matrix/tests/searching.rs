//! What looks at the neighbourhood only finds what looking at everything finds.

use std::borrow::Cow;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::matrix::alternatives::{Search, times_around};
use crate::matrix::taken::Taken;
use crate::matrix::{Nearby, Wish, alternatives};
use crate::records::{Booking, BookingState, write_date_time};

fn hour(hours: i64) -> DateTime {
    date(2026, 12, 1)
        .at(0, 0, 0, 0)
        .checked_add(hours.hours())
        .unwrap()
}

fn slot((start, length): (i64, i64)) -> Slot {
    Slot {
        start: hour(start),
        end: hour(start + length),
    }
}

fn taken_slots() -> impl Strategy<Value = Vec<(Slot, RecordId)>> {
    let one = (-400_i64..700, prop_oneof![1..5_i64, 20..200_i64]);
    let slots = prop::collection::vec(one, 0..60);
    slots.prop_map(|slots| {
        let numbered = slots.into_iter().zip(1_u8..);
        numbered
            .map(|(times, number)| (slot(times), RecordId::new(0, [number; 10])))
            .collect()
    })
}

fn booking(wanted: Slot, venue: RecordId) -> Booking {
    Booking {
        id: RecordId::new(0, [1; 10]),
        site: key("jiefang-1"),
        venue: Some(venue),
        start: wanted.start,
        end: wanted.end,
        name: "工会小组".to_owned(),
        phone: String::new(),
        borrower: None,
        people: None,
        purpose: String::new(),
        state: BookingState::Booked,
        confirmed_by: String::new(),
        confirmed_for: String::new(),
        note: String::new(),
        removed_at: None,
    }
}

proptest! {
    #[test]
    fn what_overlaps_a_time_is_found(slots in taken_slots(), time in (-450_i64..750, 1..40_i64)) {
        let (taken, time) = (Taken::of(slots.clone()), slot(time));
        let mut over: Vec<_> = slots.into_iter().filter(|(slot, _)| slot.overlaps(&time)).collect();
        over.sort_unstable();
        let found: Vec<_> = taken.over(&time).copied().collect();
        prop_assert_eq!(found, over);
    }

    #[test]
    fn the_exception_that_counts_is_the_one_that_started_last(
        exceptions in prop::collection::vec((0..90_i64, prop::option::of(-3..20_i64)), 0..12),
        days in prop::collection::vec(-5..120_i64, 8),
    ) {
        let day = |days: i64| -> Date { date(2026, 1, 1).checked_add(days.days()).unwrap() };
        let mut county = County::new();
        for (from, length) in &exceptions {
            let until = length.map(|length| day(from + length).to_string());
            let until: Vec<_> = until.iter().map(|until| ("until", until.as_str().into())).collect();
            county.exception("jiefang-1", &day(*from).to_string(), &until);
        }
        let directory = county.directory();
        let all = directory.exceptions_of(&key("jiefang-1"));
        for date in days.into_iter().map(day) {
            let expected = all.iter().find(|one| one.covers(date)).map(|one| one.id);
            let found = match directory.site_hours(&key("jiefang-1")).on(date) {
                Day::Exception(exception) => Some(exception.id),
                _ => None,
            };
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn the_nearest_times_are_those_of_the_whole_month(
        slots in taken_slots(),
        wanted in (0..300_i64, 1..30_i64),
        hours in prop::sample::select(vec!["", "08:00-20:00", "00:00-24:00", "20:00-06:00", "09:00-11:00"]),
        from in -400..400_i64,
        closed in prop::collection::vec(-10..25_i64, 0..6),
        max in 1..6_usize,
    ) {
        let mut county = County::bare();
        county.site("jiefang-1", &[("level", "station".into()), ("hours", hours.into())]);
        let venue = county.venue("jiefang-1", "会议室", &[]);
        for day in closed {
            county.exception("jiefang-1", &hour(24 * day).date().to_string(), &[]);
        }
        let (directory, taken) = (county.directory(), Taken::of(slots));
        let booking = booking(slot(wanted), venue);
        let wish = Wish::of(&booking, hour(from)).unwrap();
        let search = Search {
            directory: &directory,
            nearby: &Nearby::default(),
            taken: &|_| Cow::Borrowed(&taken),
        };
        let found = alternatives(&search, &wish, max).into_iter().map(|one| one.slot);
        let found: Vec<String> = found.map(|slot| write_date_time(slot.start)).collect();
        let timetable = directory.venue_hours(directory.venue(venue).unwrap());
        let all = times_around(&wish, &timetable, &taken, 14).into_iter().take(max);
        let all: Vec<String> = all.map(|slot| write_date_time(slot.start)).collect();
        prop_assert_eq!(found, all);
    }
}
