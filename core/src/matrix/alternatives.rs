use std::borrow::Cow;

use jiff::SignedDuration;
use jiff::civil::DateTime;

use super::nearby::Nearby;
use super::taken::Taken;
use super::{Directory, Slot, Timetable};
use crate::civil;
use crate::ordered;
use crate::records::{Booking, RecordId, Venue};

/// As many days before and after the one asked for are looked at: the next ones first, and the others only where those have
/// too few free times. The last is the most that there are.
pub(super) const DAYS_AROUND: [i32; 3] = [2, 6, 14];

/// No more days than this are looked at for free times.
const DAYS_MAX: usize = 400;

/// Where and when else a booking could be had.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alternative<'a> {
    /// The venue.
    pub venue: &'a Venue,
    /// When.
    pub slot: Slot,
    /// Metres from the site asked for, where it is another and both places are known.
    pub distance_m: Option<u32>,
}

/// What somebody would like to book.
#[derive(Debug)]
pub(crate) struct Wish {
    booking: RecordId,
    venue: RecordId,
    slot: Slot,
    people: Option<i64>,
    /// Nothing earlier is of use.
    from: DateTime,
}

impl Wish {
    /// What a booking asks for, if that can be read.
    pub(crate) fn of(booking: &Booking, from: DateTime) -> Option<Self> {
        let (start, end) = booking.period()?;
        (start < end).then_some(Self {
            booking: booking.id,
            venue: booking.venue?,
            slot: Slot { start, end },
            people: booking.people,
            from,
        })
    }

    fn length(&self) -> SignedDuration {
        self.slot.end.duration_since(self.slot.start)
    }
}

/// Where other times and venues are looked for.
pub(crate) struct Search<'s, 'a> {
    pub(crate) directory: &'s Directory<'a>,
    pub(crate) nearby: &'s Nearby<'a>,
    /// When a venue is taken.
    pub(crate) taken: &'s dyn Fn(RecordId) -> Cow<'s, Taken>,
}

/// Finds other times and other venues, half of each where there are as many.
pub(crate) fn alternatives<'a>(
    search: &Search<'_, 'a>,
    wish: &Wish,
    max: usize,
) -> Vec<Alternative<'a>> {
    let Some(venue) = search.directory.venue(wish.venue) else {
        return Vec::new();
    };
    let venues = other_venues(search, wish, venue, max);
    let of_times = max.div_ceil(2).max(max.saturating_sub(venues.len()));
    let mut found = other_times(search, wish, venue, of_times);
    let room = max.saturating_sub(found.len());
    found.extend(venues.into_iter().take(room));
    found
}

/// The nearest other times of a venue, those of the same day first.
fn other_times<'a>(
    search: &Search<'_, 'a>,
    wish: &Wish,
    venue: &'a Venue,
    max: usize,
) -> Vec<Alternative<'a>> {
    if !holds(venue, wish.people) {
        return Vec::new();
    }
    let taken = (search.taken)(venue.id);
    let hours = search.directory.venue_hours(venue);
    let mut slots = Vec::new();
    for days in DAYS_AROUND {
        slots = times_around(wish, &hours, &taken, days);
        // What is beyond the days looked at is further away than this: then these are the nearest.
        let sure = SignedDuration::from_hours(24 * i64::from(days - 1));
        let last = max.checked_sub(1).and_then(|last| slots.get(last));
        if last.is_some_and(|slot: &Slot| away(slot, wish) <= sure) {
            break;
        }
    }
    let alternative = |slot| Alternative {
        venue,
        slot,
        distance_m: None,
    };
    slots.into_iter().take(max).map(alternative).collect()
}

fn away(slot: &Slot, wish: &Wish) -> SignedDuration {
    slot.start.duration_since(wish.slot.start).abs()
}

/// A time on each of so many days before and after, the nearest first.
pub(super) fn times_around(
    wish: &Wish,
    hours: &Timetable<'_>,
    taken: &Taken,
    days: i32,
) -> Vec<Slot> {
    let (asked, length) = (wish.slot, wish.length());
    let (Some(first), Some(last)) = (
        civil::add_days(asked.start, -days),
        civil::add_days(asked.end, days),
    ) else {
        return Vec::new();
    };
    let range = Slot {
        start: first.max(wish.from),
        end: last,
    };
    let others = |by: RecordId| by != wish.booking;
    let mut slots = Vec::new();
    for free in free(hours, taken, others, range, length) {
        slots.extend(times_in(free, asked, length));
    }
    slots.retain(|slot| *slot != asked);
    ordered::sort_by_key(&mut slots, |slot| {
        let other_day = slot.start.date() != asked.start.date();
        (other_day, away(slot, wish), slot.start)
    });
    slots
}

/// A time on each day that something is free, as near as can be to the time of day that was asked for.
fn times_in(free: Slot, asked: Slot, length: SignedDuration) -> impl Iterator<Item = Slot> {
    // The latest start at which it still ends in time.
    let latest = civil::add(free.end, -length).unwrap_or(free.start);
    let days = civil::days_from(free.start.date());
    let days = days.take_while(move |date| *date <= latest.date());
    days.filter_map(move |date| {
        let same_time = date.to_datetime(asked.start.time());
        let start = same_time.min(latest).max(free.start);
        let end = civil::add(start, length)?;
        (start.date() == date).then_some(Slot { start, end })
    })
}

fn other_venues<'a>(
    search: &Search<'_, 'a>,
    wish: &Wish,
    asked: &'a Venue,
    max: usize,
) -> Vec<Alternative<'a>> {
    if wish.slot.start < wish.from {
        return Vec::new();
    }
    let directory = search.directory;
    let is_free = |venue: RecordId| {
        let taken = (search.taken)(venue);
        taken.over(&wish.slot).all(|(_, by)| *by == wish.booking)
    };
    let fits = |venue: &'a Venue| {
        venue.id != asked.id
            && holds(venue, wish.people)
            && asked
                .amenities
                .iter()
                .all(|one| venue.amenities.contains(one))
            && is_free(venue.id)
            && directory
                .venue_hours(venue)
                .covers(wish.slot.start, wish.slot.end)
    };
    let sites = search.nearby.of(directory, &asked.site);
    let venues = sites.iter().flat_map(|near| {
        let venues = directory.venues_of(near.site).iter();
        venues.map(|venue| (*venue, near.distance_m))
    });
    let found = venues.filter(|(venue, _)| fits(venue));
    let alternative = |(venue, distance_m)| Alternative {
        venue,
        slot: wish.slot,
        distance_m,
    };
    found.take(max).map(alternative).collect()
}

/// Whether so many fit in; where the venue does not say how many do, nobody can promise it.
fn holds(venue: &Venue, people: Option<i64>) -> bool {
    people.is_none_or(|people| venue.capacity.is_some_and(|capacity| people <= capacity))
}

/// The times in a range at which something may be used and is not taken by what counts, at least `length` long.
pub(super) fn free(
    hours: &Timetable<'_>,
    taken: &Taken,
    counts: impl Fn(RecordId) -> bool,
    range: Slot,
    length: SignedDuration,
) -> Vec<Slot> {
    let mut free = Vec::new();
    let first = range.start.date().yesterday();
    let days = civil::days_from(first.unwrap_or(range.start.date()))
        .take_while(|date| *date <= range.end.date())
        .take(DAYS_MAX);
    for open in together(days.flat_map(|date| hours.usable(date)).collect()) {
        let (mut start, end) = (open.start.max(range.start), open.end.min(range.end));
        let looked_at = Slot { start, end };
        for (slot, _) in taken.over(&looked_at).filter(|(_, by)| counts(*by)) {
            let gap = Slot {
                start,
                end: slot.start.min(end),
            };
            keep(&mut free, gap, length);
            start = start.max(slot.end);
        }
        keep(&mut free, Slot { start, end }, length);
    }
    free
}

/// Spans in the order of their starts, with what touches made one.
fn together(spans: Vec<Slot>) -> Vec<Slot> {
    let mut together: Vec<Slot> = Vec::new();
    for span in spans {
        match together.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => together.push(span),
        }
    }
    together
}

fn keep(free: &mut Vec<Slot>, slot: Slot, length: SignedDuration) {
    let lasts = slot.end.duration_since(slot.start);
    if slot.start < slot.end && lasts >= length {
        free.push(slot);
    }
}
