//! Arithmetic with the days and times that clocks on walls show.
//!
//! What jiff has for it can fail in ways that have messages, and these bring the messages of all of jiff: a tenth of what a
//! browser loads. What is here knows only that something is out of range.

mod spread;
mod work_calendar;

use std::iter;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};

pub use spread::Spread;
pub use work_calendar::WorkCalendar;

const DAY_S: i64 = 86_400;

/// When Unix time began.
const EPOCH: DateTime = jiff::civil::datetime(1970, 1, 1, 0, 0, 0, 0);

/// The time so many seconds after the start of 1970.
#[must_use]
pub fn time_at(seconds: i64) -> Option<DateTime> {
    with_nanos(seconds, 0)
}

/// The time that is so much later, or earlier.
#[must_use]
pub fn add(at: DateTime, by: SignedDuration) -> Option<DateTime> {
    let since = at.duration_since(EPOCH).checked_add(by)?;
    let (seconds, nanos) = (since.as_secs(), since.subsec_nanos());
    match nanos < 0 {
        true => with_nanos(seconds - 1, nanos + 1_000_000_000),
        false => with_nanos(seconds, nanos),
    }
}

/// The time so many days later, or earlier.
#[must_use]
pub fn add_days(at: DateTime, days: i32) -> Option<DateTime> {
    add(at, SignedDuration::from_secs(i64::from(days) * DAY_S))
}

/// A day and all that come after it.
pub fn days_from(date: Date) -> impl Iterator<Item = Date> {
    iter::successors(Some(date), |date| date.tomorrow().ok())
}

/// How many days later another day is; fewer than none where it is earlier.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i64 {
    let midnight = |date: Date| date.at(0, 0, 0, 0);
    midnight(to).duration_since(midnight(from)).as_secs() / DAY_S
}

/// By Howard Hinnant's `civil_from_days`.
fn with_nanos(seconds: i64, nanos: i32) -> Option<DateTime> {
    let (days, seconds) = (seconds.div_euclid(DAY_S), seconds.rem_euclid(DAY_S));
    let shifted = days.checked_add(719_468)?;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    DateTime::new(
        year.try_into().ok()?,
        month.try_into().ok()?,
        day.try_into().ok()?,
        (seconds / 3_600).try_into().ok()?,
        (seconds / 60 % 60).try_into().ok()?,
        (seconds % 60).try_into().ok()?,
        nanos,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use jiff::civil::datetime;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn times_add_up_as_jiff_has_it(
            seconds in -300_000_000_000_i64..253_000_000_000,
            nanos in 0..1_000_000_000,
            by in -10_000_000_000_i64..10_000_000_000,
            by_nanos in -999_999_999..=999_999_999,
        ) {
            let at = with_nanos(seconds, nanos).ok_or(TestCaseError::fail("out of range"))?;
            let by = SignedDuration::new(by, by_nanos);
            prop_assert_eq!(at.duration_since(EPOCH), SignedDuration::new(seconds, nanos));
            prop_assert_eq!(add(at, by), at.checked_add(by).ok());
        }
    }

    #[test]
    fn days_follow_each_other() {
        let at = datetime(2024, 2, 28, 23, 59, 30, 5);
        assert_eq!(add_days(at, 2), Some(datetime(2024, 3, 1, 23, 59, 30, 5)));
        assert_eq!(
            add_days(at, -28),
            Some(datetime(2024, 1, 31, 23, 59, 30, 5))
        );
        let days: Vec<Date> = days_from(at.date()).take(3).collect();
        assert_eq!(days.last(), Some(&datetime(2024, 3, 1, 0, 0, 0, 0).date()));
        assert_eq!(days_from(Date::MAX).count(), 1);
    }

    #[test]
    fn nothing_is_beyond_the_last_time() {
        assert_eq!(add(DateTime::MAX, SignedDuration::from_secs(1)), None);
        assert_eq!(add_days(DateTime::MIN, -1), None);
        assert_eq!(time_at(i64::MAX), None);
    }
}
