use std::cmp::Reverse;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};

use super::Slot;
use crate::civil;
use crate::ordered;
use crate::records::{Availability, Hours, HoursException, Weekdays};

const DAY: i64 = 24 * 60;

/// As far is looked ahead for the time at which something closes.
const CLOSES_DAYS_MAX: i32 = 14;

/// As far is looked ahead for the time at which something opens: beyond a month's building works.
const OPENS_DAYS_MAX: usize = 62;

/// No longer than this is looked at.
const COVERED_MAX: SignedDuration = SignedDuration::from_hours(24 * 400);

/// When a site, a venue or a service is open.
///
/// Hours that run past midnight belong to the day they start on: where that is open until 02:00, it is so though the next day is
/// an exception.
#[derive(Clone, Copy, Debug)]
pub struct Timetable<'d> {
    state: Availability,
    usual: Option<&'d Hours>,
    own: Option<&'d Hours>,
    days: Weekdays,
    exceptions: Exceptions<'d>,
}

/// The exceptions to a site's hours, the one that starts last first: that is the one that counts of several on one day.
#[derive(Clone, Debug, Default)]
pub(super) struct ExceptionList<'a> {
    all: Vec<&'a HoursException>,
    /// The last day of each and of those behind it: it never rises. A site has years of exceptions that are long over.
    until: Vec<Option<Date>>,
}

/// An [`ExceptionList`] to look into.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exceptions<'d> {
    all: &'d [&'d HoursException],
    until: &'d [Option<Date>],
}

impl<'a> ExceptionList<'a> {
    pub(super) fn of(mut all: Vec<&'a HoursException>) -> Self {
        ordered::sort_by_key(&mut all, |exception| {
            (Reverse(exception.from), exception.id)
        });
        let latest = all.iter().rev().scan(None, |latest, exception| {
            *latest = exception.until.or(exception.from).max(*latest);
            Some(*latest)
        });
        let mut until: Vec<Option<Date>> = latest.collect();
        until.reverse();
        Self { all, until }
    }

    pub(super) fn all(&self) -> &[&'a HoursException] {
        &self.all
    }
}

impl<'d> Exceptions<'d> {
    pub(super) const fn none() -> Self {
        Self {
            all: &[],
            until: &[],
        }
    }

    pub(super) fn of(list: &'d ExceptionList<'_>) -> Self {
        Self {
            all: &list.all,
            until: &list.until,
        }
    }

    /// The exception that a day is.
    fn on(&self, date: Date) -> Option<&'d HoursException> {
        let begun = self.all.partition_point(|one| one.from > Some(date));
        let begun = self.all.iter().zip(self.until).skip(begun);
        begun
            .take_while(|(_, until)| **until >= Some(date))
            .map(|(exception, _)| *exception)
            .find(|exception| exception.covers(date))
    }
}

/// What says when something is open on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Day<'d> {
    /// It is paused or closed for good, or its site is.
    Shut(Availability),
    /// It is not offered on this day of the week.
    Off,
    /// The day is an exception: other hours, or closed.
    Exception(&'d HoursException),
    /// Its usual hours.
    Usual(&'d Hours),
    /// No hours are stated.
    Unstated,
}

impl<'d> Timetable<'d> {
    pub(super) fn new(usual: Option<&'d Hours>, exceptions: Exceptions<'d>) -> Self {
        Self {
            state: Availability::Open,
            usual,
            own: None,
            days: Weekdays::default(),
            exceptions,
        }
    }

    /// Whatever else is said: who is closed for good is not just paused.
    pub(super) fn in_state(mut self, state: Option<Availability>) -> Self {
        self.state = self.state.max(state.unwrap_or(Availability::Open));
        self
    }

    pub(super) fn with_own(mut self, own: Option<&'d Hours>) -> Self {
        self.own = own;
        self
    }

    pub(super) fn on_days(mut self, days: Weekdays) -> Self {
        self.days = days;
        self
    }

    /// What says when it is open on `date`.
    pub fn on(&self, date: Date) -> Day<'d> {
        if self.state != Availability::Open {
            return Day::Shut(self.state);
        }
        if !self.days.contains(date) {
            return Day::Off;
        }
        let exception = self.exceptions.on(date);
        match (exception, self.own.or(self.usual)) {
            (Some(exception), _) => Day::Exception(exception),
            (None, Some(hours)) => Day::Usual(hours),
            (None, None) => Day::Unstated,
        }
    }

    /// When it is open on `date`: the spans that start on it, in order, apart from each other. Empty where it is closed, and where
    /// no hours are stated.
    pub fn spans(&self, date: Date) -> Vec<Slot> {
        self.stated(date).unwrap_or_default()
    }

    /// Whether it is stated to be open at a time.
    pub fn is_open(&self, at: DateTime) -> bool {
        self.end_at(at, &|date| self.spans(date)).is_some()
    }

    /// Until when it is open that is open at a time; two weeks on at most, which is said of what never closes.
    pub fn open_until(&self, at: DateTime) -> Option<DateTime> {
        let (mut until, mut days) = (at, CLOSES_DAYS_MAX);
        while let Some(end) = self.end_at(until, &|date| self.spans(date)) {
            until = end;
            days -= 1;
            if days < 0 {
                break;
            }
        }
        (until > at).then_some(until)
    }

    /// When it opens next after a time, if it does within two months.
    pub fn opens_next(&self, at: DateTime) -> Option<DateTime> {
        if self.state != Availability::Open {
            return None;
        }
        let days = civil::days_from(at.date());
        days.take(OPENS_DAYS_MAX)
            .flat_map(|date| self.spans(date))
            .map(|span| span.start)
            .find(|start| *start > at)
    }

    /// Whether it may be used all the time from `start` to `end`: where no hours are stated, nothing speaks against it.
    ///
    /// A time that ends before it starts, or is longer than 400 days, is not covered.
    pub fn covers(&self, start: DateTime, end: DateTime) -> bool {
        if end < start || end.duration_since(start) > COVERED_MAX {
            return false;
        }
        if self.covers_within_a_day(start, end) {
            return true;
        }
        let mut at = start;
        while at < end {
            let Some(to) = self.end_at(at, &|date| self.usable(date)) else {
                return false;
            };
            at = to;
        }
        true
    }

    /// Whether one span of the usual hours covers it, as it does almost always: nothing has to be worked out then.
    fn covers_within_a_day(&self, start: DateTime, end: DateTime) -> bool {
        let Day::Usual(hours) = self.on(start.date()) else {
            return false;
        };
        let midnight = start.date().to_datetime(Time::midnight());
        let (from, to) = (start.duration_since(midnight), end.duration_since(midnight));
        let minute = SignedDuration::from_mins;
        let covers = |(opens, closes)| minute(opens) <= from && to <= minute(closes);
        hours.spans().any(covers)
    }

    /// When it may be used on `date`: all day where no hours are stated.
    pub(crate) fn usable(&self, date: Date) -> Vec<Slot> {
        self.stated(date)
            .unwrap_or_else(|| spans_on(date, vec![(0, DAY)]))
    }

    /// None where no hours are stated.
    fn stated(&self, date: Date) -> Option<Vec<Slot>> {
        let spans = match self.on(date) {
            Day::Shut(_) | Day::Off => Vec::new(),
            Day::Usual(hours) => hours.spans().collect(),
            Day::Unstated => return None,
            Day::Exception(exception) => match (&exception.hours, self.own) {
                (None, _) => Vec::new(),
                (Some(hours), None) => hours.spans().collect(),
                (Some(hours), Some(own)) => both(hours, own),
            },
        };
        Some(spans_on(date, spans))
    }

    /// The end of the span that is open at a time.
    fn end_at(&self, at: DateTime, spans: &dyn Fn(Date) -> Vec<Slot>) -> Option<DateTime> {
        let before = at.date().yesterday().ok();
        let days = [before, Some(at.date())].into_iter().flatten();
        days.flat_map(spans)
            .filter(|span| (span.start..span.end).contains(&at))
            .map(|span| span.end)
            .max()
    }
}

/// The minutes that lie in both.
fn both(one: &Hours, other: &Hours) -> Vec<(i64, i64)> {
    let cut = |(from, to): (i64, i64)| {
        let within = move |(start, end): (i64, i64)| (from.max(start), to.min(end));
        other.spans().map(within)
    };
    one.spans().flat_map(cut).collect()
}

/// Spans of minutes as times, sorted, with what touches made one.
fn spans_on(date: Date, mut minutes: Vec<(i64, i64)>) -> Vec<Slot> {
    minutes.retain(|(from, to)| from < to);
    ordered::sort(&mut minutes);
    let mut spans: Vec<Slot> = Vec::new();
    for (from, to) in minutes {
        let (start, end) = (time_on(date, from), time_on(date, to));
        match spans.last_mut() {
            Some(last) if start <= last.end => last.end = last.end.max(end),
            _ => spans.push(Slot { start, end }),
        }
    }
    spans
}

/// The time at a minute of a day, or of the next.
fn time_on(date: Date, minute: i64) -> DateTime {
    let date = match minute >= DAY {
        true => date.tomorrow().unwrap_or(date),
        false => date,
    };
    let part = |number: i64| i8::try_from(number).unwrap_or_default();
    let minute = minute.rem_euclid(DAY);
    let time = Time::new(part(minute / 60), part(minute % 60), 0, 0);
    date.to_datetime(time.unwrap_or_default())
}
