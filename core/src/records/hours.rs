use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// When a site is open, every day alike: `07:00-22:00`, or several spans with blanks between.
///
/// A span that ends no later than it starts runs into the next day. `00:00-24:00` is always open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hours(Vec<Span>);

/// Minutes since midnight; `to` is at most a day after `from`, so it may be above 1,440.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    from: i64,
    to: i64,
}

/// Why a text is not opening hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not opening hours: expected a form like 07:00-22:00")]
pub struct ParseHoursError(String);

const DAY: i64 = 24 * 60;

impl Hours {
    /// The most spans in a day.
    pub const SPANS_MAX: usize = 8;

    /// The spans of a day in minutes since its midnight, as they are written; an end beyond 1,440 is on the next day.
    pub fn spans(&self) -> impl Iterator<Item = (i64, i64)> {
        self.0.iter().map(|span| (span.from, span.to))
    }

    /// Whether the site is open all the time from `start` to `end`.
    ///
    /// A time that ends before it starts, or is longer than 400 days, is not covered.
    pub fn covers(&self, start: DateTime, end: DateTime) -> bool {
        let day = start.date().to_datetime(jiff::civil::Time::midnight());
        let since = |at: DateTime| at.duration_since(day).as_mins();
        // A second into a minute is outside what closes at that minute.
        let (mut at, end) = (since(start), since(end) + i64::from(end.second() > 0));
        if end < at || end - at > 400 * DAY {
            return false;
        }
        // From the point reached, go on to the end of the span that holds it, until past the end.
        while at < end {
            let Some(to) = self.open_until(at) else {
                return false;
            };
            at = to;
        }
        true
    }

    /// The end of the span that is open at minute `at` of some day, counted from the same midnight.
    fn open_until(&self, at: i64) -> Option<i64> {
        let (day, minute) = (at.div_euclid(DAY), at.rem_euclid(DAY));
        let today = self.0.iter().map(|span| (span.from, span.to));
        let yesterday = self.0.iter().map(|span| (span.from - DAY, span.to - DAY));
        today
            .chain(yesterday)
            .filter(|(from, to)| (*from..*to).contains(&minute))
            .map(|(_, to)| day * DAY + to)
            .max()
    }
}

fn minutes(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    let number = |part: &str| -> Option<i64> {
        let fits = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| part.parse().ok())?
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    let fits = hour <= 23 && minute <= 59 || (hour, minute) == (24, 0);
    fits.then_some(hour * 60 + minute)
}

fn span(text: &str) -> Option<Span> {
    let (from, to) = text.split_once('-')?;
    let (from, mut to) = (minutes(from)?, minutes(to)?);
    if to <= from {
        to += DAY;
    }
    (from < DAY).then_some(Span { from, to })
}

impl FromStr for Hours {
    type Err = ParseHoursError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseHoursError(text.chars().take(64).collect());
        let spans: Option<Vec<_>> = text
            .split_whitespace()
            .take(Self::SPANS_MAX + 1)
            .map(span)
            .collect();
        match spans {
            Some(spans) if (1..=Self::SPANS_MAX).contains(&spans.len()) => Ok(Self(spans)),
            _ => Err(error()),
        }
    }
}

impl TryFrom<String> for Hours {
    type Error = ParseHoursError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Hours> for String {
    fn from(hours: Hours) -> Self {
        hours.to_string()
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, span) in self.0.iter().enumerate() {
            let blank = if index == 0 { "" } else { " " };
            let (from, mut to) = (span.from, span.to);
            if to > DAY {
                to -= DAY;
            }
            let (from_hour, from_minute) = (from / 60, from % 60);
            let (to_hour, to_minute) = (to / 60, to % 60);
            write!(
                f,
                "{blank}{from_hour:02}:{from_minute:02}-{to_hour:02}:{to_minute:02}"
            )?;
        }
        Ok(())
    }
}
