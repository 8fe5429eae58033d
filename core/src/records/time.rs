use jiff::civil::{Date, DateTime, Time};

/// Reads a time as records hold it: `2026-12-03T08:00`, with seconds if there are any.
///
/// A blank may stand for the `T`. Anything else, such as an offset or a zone, is none: records
/// hold the clock on the wall.
pub fn parse_date_time(text: &str) -> Option<DateTime> {
    let (date, time) = text.split_at_checked(10)?;
    let mut rest = time.chars();
    if !matches!(rest.next(), Some('T' | ' ')) {
        return None;
    }
    let date = parse_date(date)?;
    let mut time = rest.as_str().split(':');
    let (hour, minute, second) = (time.next()?, time.next()?, time.next().unwrap_or("00"));
    if time.next().is_some() {
        return None;
    }
    let time = Time::new(two(hour)?, two(minute)?, two(second)?, 0).ok()?;
    Some(date.to_datetime(time))
}

/// Writes a time as records hold it: [`parse_date_time`] reads it back.
pub fn write_date_time(at: DateTime) -> String {
    let (date, hour, minute) = (at.date(), at.hour(), at.minute());
    match at.second() {
        0 => format!("{date}T{hour:02}:{minute:02}"),
        second => format!("{date}T{hour:02}:{minute:02}:{second:02}"),
    }
}

/// Reads a day as records hold it: `2026-12-03`.
pub fn parse_date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    Date::new(number(year, 4)?, two(month)?, two(day)?).ok()
}

/// Writes a day as records hold it: [`parse_date`] reads it back.
pub fn write_date(date: Date) -> String {
    date.to_string()
}

fn number(text: &str, digits: usize) -> Option<i16> {
    let only_digits = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    only_digits.then(|| text.parse().ok())?
}

fn two(text: &str) -> Option<i8> {
    i8::try_from(number(text, 2)?).ok()
}
