use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};

use super::clean;

/// A time of day as a file gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    /// 0..=1440: 1440 is `24:00`.
    minutes: i16,
    /// Written as the next day's (`次日8:00`).
    next_day: bool,
}

impl Clock {
    /// This time of `date`.
    pub(super) fn on(self, date: Date) -> DateTime {
        at(date, self.minutes + i16::from(self.next_day) * 1440)
    }
}

/// Why two times make no shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SpanProblem {
    /// `24:00` as a start: it is the next day's `00:00`.
    StartsAtMidnight,
    /// Start and end are the same time of day.
    Empty,
    /// Longer than a day.
    TooLong,
}

/// Reads a time: `8:00`, `08:00`, `8：00`, `8点`, `8点30分`, `08:00:00`, `24:00`, `次日8:00`, and the fraction of a day behind a
/// spreadsheet's time cell.
pub(super) fn parse_time(text: &str) -> Option<Clock> {
    let text = clean::word(text);
    let (text, next_day) = ["次日", "翌日", "第二天", "+1"]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .map_or((text.as_str(), false), |rest| (rest, true));
    let minutes = clock(text).or_else(|| fraction(text))?;
    Some(Clock { minutes, next_day })
}

/// The start and end of a shift on `date`. An end not after the start is the next day's: a night shift.
pub(super) fn span(
    date: Date,
    start: Clock,
    end: Clock,
) -> Result<(DateTime, DateTime), SpanProblem> {
    if start.minutes == 1440 || start.next_day {
        return Err(SpanProblem::StartsAtMidnight);
    }
    let days = match end.minutes.cmp(&start.minutes) {
        core::cmp::Ordering::Greater if end.next_day => return Err(SpanProblem::TooLong),
        core::cmp::Ordering::Greater => 0,
        core::cmp::Ordering::Equal if end.next_day => 1,
        // Nobody works for 24 hours by default: more likely one of the two was not filled in right.
        core::cmp::Ordering::Equal => return Err(SpanProblem::Empty),
        core::cmp::Ordering::Less => 1,
    };
    Ok((at(date, start.minutes), at(date, end.minutes + days * 1440)))
}

fn at(date: Date, minutes: i16) -> DateTime {
    let minutes = SignedDuration::from_mins(i64::from(minutes));
    crate::civil::add(date.to_datetime(Time::midnight()), minutes).unwrap_or(DateTime::MAX)
}

fn clock(text: &str) -> Option<i16> {
    let mut parts = text.split([':', '点', '时']);
    let hour = digits(parts.next()?)?;
    let minute = parts.next()?;
    let minute = match minute.strip_suffix('分').unwrap_or(minute) {
        "" if !text.contains(':') => 0,
        "半" => 30,
        // `8:5` is more likely a slip than five past eight.
        short if short.len() != 2 => return None,
        full => digits(full)?,
    };
    if let Some(second) = parts.next()
        && second != "00"
    {
        return None;
    }
    if parts.next().is_some() || hour > 24 || minute > 59 || (hour == 24 && minute > 0) {
        return None;
    }
    Some(hour * 60 + minute)
}

/// `0.3333…` is 8:00: a spreadsheet stores a time as the part of the day that has passed.
fn fraction(text: &str) -> Option<i16> {
    if !text.starts_with("0.") && text != "0" && text != "1" || text.bytes().any(|b| b == b'e') {
        return None;
    }
    let minutes = text.parse::<f64>().ok()? * 1440.0;
    // At most 1440, and not negative: it starts with a digit.
    Some(minutes.round() as i16)
}

fn digits(text: &str) -> Option<i16> {
    if text.is_empty() || text.len() > 2 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use jiff::civil::date;

    use super::*;

    #[test]
    fn times_are_read_as_offices_write_them() {
        for (text, minutes) in [
            ("8:00", 480),
            ("08:00", 480),
            ("8：00", 480),
            ("０８：３０", 510),
            (" 8 : 00 ", 480),
            ("08:00:00", 480),
            ("8点", 480),
            ("8点半", 510),
            ("8时30分", 510),
            ("24:00", 1440),
            ("0:00", 0),
            ("0.333333333333333", 480),
            ("0.999305555555556", 1439),
        ] {
            let clock = parse_time(text);
            assert_eq!(
                clock.map(|c| (c.minutes, c.next_day)),
                Some((minutes, false)),
                "{text:?}"
            );
        }
        assert_eq!(
            parse_time("次日8：00"),
            Some(Clock {
                minutes: 480,
                next_day: true
            })
        );
    }

    #[test]
    fn anything_else_is_no_time() {
        for text in [
            "",
            "8",
            "25:00",
            "24:01",
            "8:60",
            "8:5",
            "早上",
            "-8:00",
            "8:00:30",
            "08:00-14:00",
            "：",
            "点",
            "1e9",
            "0.5e999",
            "2",
        ] {
            assert_eq!(parse_time(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_night_shift_ends_the_next_day() {
        let day = date(2026, 12, 31);
        for (start, end, expected) in [
            (
                "08:00",
                "14:00",
                Ok(("2026-12-31T08:00", "2026-12-31T14:00")),
            ),
            (
                "20:00",
                "08:00",
                Ok(("2026-12-31T20:00", "2027-01-01T08:00")),
            ),
            (
                "16:00",
                "24:00",
                Ok(("2026-12-31T16:00", "2027-01-01T00:00")),
            ),
            (
                "16:00",
                "00:00",
                Ok(("2026-12-31T16:00", "2027-01-01T00:00")),
            ),
            (
                "00:00",
                "24:00",
                Ok(("2026-12-31T00:00", "2027-01-01T00:00")),
            ),
            (
                "20:00",
                "次日8:00",
                Ok(("2026-12-31T20:00", "2027-01-01T08:00")),
            ),
            (
                "08:00",
                "次日8:00",
                Ok(("2026-12-31T08:00", "2027-01-01T08:00")),
            ),
            ("08:00", "次日9:00", Err(SpanProblem::TooLong)),
            ("08:00", "08:00", Err(SpanProblem::Empty)),
            ("24:00", "08:00", Err(SpanProblem::StartsAtMidnight)),
        ] {
            let got = span(day, parse_time(start).unwrap(), parse_time(end).unwrap());
            let expected = expected.map(|(s, e)| (s.parse().unwrap(), e.parse().unwrap()));
            assert_eq!(got, expected, "{start} {end}");
        }
    }
}
