use jiff::civil::{Date, DateTime};

use super::clean;
use super::date::parse_date;
use super::time::{Clock, parse_time};
use crate::records::parse_date_time;

/// Reads a day and a time as offices write them in one cell: `2026-12-03 08:00`, `2026/12/3 8:00`, `2026年12月3日8点`.
pub(super) fn parse_moment(text: &str) -> Option<DateTime> {
    let text = clean::folded(text);
    if let Some(at) = parse_date_time(&text) {
        return Some(at);
    }
    // Cut where a day can end: reading what is before and behind any character would take `3 18:00` for 31 at 8:00.
    let cuts = text.char_indices().filter_map(|(at, c)| match c {
        ' ' | 'T' => Some((at, at + 1)),
        '日' | '号' | ')' => Some((at + c.len_utf8(), at + c.len_utf8())),
        _ => None,
    });
    cuts.filter_map(|(end, start)| {
        let date = parse_date(text.get(..end)?, None)?;
        Some(parse_time(text.get(start..)?)?.on(date))
    })
    .next()
}

/// Reads when something starts: a moment, or where another cell gives the day, a time of it.
pub(super) fn parse_start(text: &str, date: Option<Date>) -> Option<DateTime> {
    parse_moment(text).or_else(|| Some(parse_time(text)?.on(date?)))
}

/// Reads when what starts at `start` ends: a moment, or a time of the same day; one that is past then is the next day's.
pub(super) fn parse_end(text: &str, start: DateTime) -> Option<DateTime> {
    let after = |clock: Clock| {
        let same_day = clock.on(start.date());
        if same_day < start {
            return Some(clock.on(start.date().tomorrow().ok()?));
        }
        Some(same_day)
    };
    parse_moment(text).or_else(|| after(parse_time(text)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use jiff::civil::date;

    use super::*;

    #[test]
    fn moments_are_read_as_offices_write_them() {
        for text in [
            "2026-12-03T08:00",
            "2026-12-03 08:00",
            "2026-12-3 8:00",
            "2026/12/3 8：00",
            "2026年12月3日8点",
            "2026 年 12 月 3 日 8:00",
            "2026年12月3日（周四） 8:00",
            "2026-12-03 08:00:00",
            "2026-12-02 24:00:00 ",
        ] {
            let at = parse_moment(text);
            let expected = match text.starts_with("2026-12-02") {
                true => date(2026, 12, 3).at(0, 0, 0, 0),
                false => date(2026, 12, 3).at(8, 0, 0, 0),
            };
            assert_eq!(at, Some(expected), "{text:?}");
        }
        assert_eq!(
            parse_moment("2026-12-3 18:00"),
            Some(date(2026, 12, 3).at(18, 0, 0, 0))
        );
    }

    #[test]
    fn anything_else_is_no_moment() {
        for text in [
            "",
            "2026-12-03",
            "8:00",
            "12月3日 8:00",
            "2026-12-03 8",
            "T",
            "明天 8:00",
        ] {
            assert_eq!(parse_moment(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_time_alone_is_of_the_day_beside_it() {
        let day = date(2026, 12, 31);
        let start = parse_start("20:00", Some(day)).unwrap();
        assert_eq!(start, day.at(20, 0, 0, 0));
        assert_eq!(parse_start("20:00", None), None);
        for (text, end) in [
            ("22:00", day.at(22, 0, 0, 0)),
            ("8:00", date(2027, 1, 1).at(8, 0, 0, 0)),
            ("次日9:00", date(2027, 1, 1).at(9, 0, 0, 0)),
            ("20:00", start),
        ] {
            assert_eq!(parse_end(text, start), Some(end), "{text:?}");
        }
    }
}
