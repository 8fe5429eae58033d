//! Who mediates disputes, and when: two dozen specialists take turns at the county's home, with one of them on the emergency
//! telephone around the clock; homes and stations have mediators of their own.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Time};
use yilian_core::document::Month;
use yilian_core::records::{Level, Post};

use super::place::{Member, Place, Roll};
use super::words::{EMERGENCY, MEDIATOR, SPECIALISTS};
use super::work_days;

/// As the model centre has them: twenty-odd, so that each is there once or twice a week beside their own work.
const COUNTY: usize = 22;

/// So many specialists are at the centre on a working day.
const AT_ONCE: usize = 3;

/// A shift of the rota.
pub(super) struct Turn<'a> {
    pub(super) member: &'a Member,
    pub(super) post: &'static str,
    pub(super) start: DateTime,
    pub(super) end: DateTime,
}

/// Somebody who mediates.
#[derive(Clone, Copy)]
pub(super) struct Mediates<'a> {
    pub(super) member: &'a Member,
    pub(super) post: &'static str,
}

/// The posts of the rota.
pub(super) fn posts() -> impl Iterator<Item = Post> {
    let post = |name: &'static str| Post {
        id: Post::id_of(name),
        name: name.to_owned(),
        any_hours: name == EMERGENCY,
        certificates: yilian_core::ordered::BTreeSet::new(),
        mediates: true,
        removed_at: None,
    };
    SPECIALISTS
        .into_iter()
        .chain([MEDIATOR, EMERGENCY])
        .map(post)
}

/// How many of a site's people mediate: the last of its list, whom nobody rosters for anything else.
pub(super) fn count(place: &Place) -> usize {
    match place.level {
        _ if place.index == 0 => COUNTY,
        Level::Home => 3,
        Level::Station => 2,
        Level::Point => 0,
    }
}

/// Who of a site's mediators has a number; they go round.
pub(super) fn mediator<'a>(place: &Place, roll: &'a Roll, number: usize) -> Option<Mediates<'a>> {
    let number = number % count(place).max(1);
    let at = roll.members.len().checked_sub(number + 1)?;
    let post = match place.index {
        0 => SPECIALISTS[number % SPECIALISTS.len()],
        _ => MEDIATOR,
    };
    (count(place) > 0).then(|| Mediates {
        member: &roll.members[at],
        post,
    })
}

/// The number of who is first in turn on a day. Each day takes as many as follow each other without anybody being on twice, the
/// night before included.
fn first(day: Date) -> usize {
    let days = day.duration_since(jiff::civil::date(2020, 1, 1)).as_hours() / 24;
    usize::try_from(days).unwrap() * (AT_ONCE + 1)
}

/// The rota of a site in a month.
pub(super) fn turns<'a>(
    place: &'a Place,
    roll: &'a Roll,
    month: Month,
) -> impl Iterator<Item = Turn<'a>> {
    let days = month.first_day().series(1.day());
    let days = days.take_while(move |day| month.contains(*day));
    days.flat_map(move |day| match place.index {
        0 => at_centre(place, roll, day),
        _ => at_site(place, roll, day),
    })
}

fn at(day: Date, hour: i64) -> DateTime {
    let midnight = day.to_datetime(Time::midnight());
    midnight.checked_add(hour.hours()).unwrap()
}

fn at_centre<'a>(place: &Place, roll: &'a Roll, day: Date) -> Vec<Turn<'a>> {
    let works = work_days::is_working(day);
    let closed = Month::of(day).ok().and_then(|month| place.closed(month)) == Some(day);
    let there = if works && !closed { AT_ONCE } else { 0 };
    let by_day = (0..there).filter_map(|number| {
        let of = mediator(place, roll, first(day) + number)?;
        let (start, end) = (at(day, 9), at(day, 17));
        Some((of, of.post, start, end))
    });
    // The telephone rings at the centre by day, and goes home with somebody at night and at weekends.
    let from = if there > 0 { 17 } else { 9 };
    let night = mediator(place, roll, first(day) + AT_ONCE);
    let night = night.map(|of| (of, EMERGENCY, at(day, from), at(day, 24 + 9)));
    let all = by_day.chain(night);
    all.map(|(of, post, start, end)| Turn {
        member: of.member,
        post,
        start,
        end,
    })
    .collect()
}

fn at_site<'a>(place: &Place, roll: &'a Roll, day: Date) -> Vec<Turn<'a>> {
    let closed = Month::of(day).ok().and_then(|month| place.closed(month)) == Some(day);
    let of = mediator(place, roll, first(day) / (AT_ONCE + 1));
    let of = of.filter(|_| work_days::is_working(day) && !closed);
    of.into_iter()
        .map(|of| Turn {
            member: of.member,
            post: of.post,
            start: at(day, 9),
            end: at(day, 12),
        })
        .collect()
}
