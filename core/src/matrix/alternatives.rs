use jiff::SignedDuration;
use jiff::civil::DateTime;

use super::{Directory, Slot, Timetable};
use crate::civil;
use crate::ordered;
use crate::records::{Booking, RecordId, Venue};

/// As many days before and after the one asked for are looked at.
pub(super) const DAYS_AROUND: i32 = 14;

/// As many sites nearby are looked at.
pub(super) const SITES_MAX: usize = 20;

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

/// Finds other times and other venues, half of each where there are as many; `taken` says when a venue is, and by which booking.
pub(crate) fn alternatives<'a>(
    directory: &Directory<'a>,
    wish: &Wish,
    taken: &dyn Fn(RecordId) -> Vec<(Slot, RecordId)>,
    max: usize,
) -> Vec<Alternative<'a>> {
    let Some(venue) = directory.venue(wish.venue) else {
        return Vec::new();
    };
    let others_taken = |venue: RecordId| {
        let mut taken = taken(venue);
        taken.retain(|(_, by)| *by != wish.booking);
        taken
    };
    let times = other_times(directory, wish, venue, &others_taken(venue.id));
    let venues = other_venues(directory, wish, venue, &others_taken, max);
    let of_times = max.div_ceil(2).max(max.saturating_sub(venues.len()));
    let mut found: Vec<Alternative<'_>> = times.into_iter().take(of_times).collect();
    let room = max.saturating_sub(found.len());
    found.extend(venues.into_iter().take(room));
    found
}

fn other_times<'a>(
    directory: &Directory<'a>,
    wish: &Wish,
    venue: &'a Venue,
    taken: &[(Slot, RecordId)],
) -> Vec<Alternative<'a>> {
    if !holds(venue, wish.people) {
        return Vec::new();
    }
    let (asked, length) = (wish.slot, wish.length());
    let (Some(first), Some(last)) = (
        civil::add_days(asked.start, -DAYS_AROUND),
        civil::add_days(asked.end, DAYS_AROUND),
    ) else {
        return Vec::new();
    };
    let range = Slot {
        start: first.max(wish.from),
        end: last,
    };
    let hours = directory.venue_hours(venue);
    let mut slots = Vec::new();
    for free in free(&hours, taken, range, length) {
        slots.extend(times_in(free, asked, length));
    }
    slots.retain(|slot| *slot != asked);
    ordered::sort_by_key(&mut slots, |slot| {
        let away = slot.start.duration_since(asked.start).abs();
        (slot.start.date() != asked.start.date(), away, slot.start)
    });
    let alternative = |slot| Alternative {
        venue,
        slot,
        distance_m: None,
    };
    slots.into_iter().map(alternative).collect()
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
    directory: &Directory<'a>,
    wish: &Wish,
    asked: &'a Venue,
    taken: &dyn Fn(RecordId) -> Vec<(Slot, RecordId)>,
    max: usize,
) -> Vec<Alternative<'a>> {
    if wish.slot.start < wish.from {
        return Vec::new();
    }
    let mut sites: Vec<_> = directory
        .sites()
        .filter(|site| !directory.venues_of(&site.key).is_empty())
        .map(|site| {
            let distance = directory.distance_m(&asked.site, &site.key);
            (
                site.key != asked.site,
                distance.is_none(),
                distance,
                &site.key,
            )
        })
        .collect();
    ordered::sort(&mut sites);
    let mut found = Vec::new();
    for (elsewhere, _, distance, site) in sites.into_iter().take(SITES_MAX + 1) {
        for venue in directory.venues_of(site) {
            let fits = venue.id != asked.id
                && holds(venue, wish.people)
                && asked
                    .amenities
                    .iter()
                    .all(|one| venue.amenities.contains(one))
                && directory
                    .venue_hours(venue)
                    .covers(wish.slot.start, wish.slot.end);
            let is_free = |venue: RecordId| {
                let taken = taken(venue);
                !taken.iter().any(|(slot, _)| slot.overlaps(&wish.slot))
            };
            if fits && is_free(venue.id) {
                found.push(Alternative {
                    venue,
                    slot: wish.slot,
                    distance_m: distance.filter(|_| elsewhere),
                });
            }
            if found.len() >= max {
                return found;
            }
        }
    }
    found
}

/// Whether so many fit in; where the venue does not say how many do, nobody can promise it.
fn holds(venue: &Venue, people: Option<i64>) -> bool {
    people.is_none_or(|people| venue.capacity.is_some_and(|capacity| people <= capacity))
}

/// The times in a range at which something may be used and is not taken, at least `length` long.
pub(super) fn free(
    hours: &Timetable<'_>,
    taken: &[(Slot, RecordId)],
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
        // What starts before it may still last into it.
        for (slot, _) in taken.iter().filter(|(slot, _)| slot.overlaps(&open)) {
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
