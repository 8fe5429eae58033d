use jiff::civil::Date;

use super::clean;
use crate::civil;

/// Reads a date as offices write it: `2026-12-03`, `2026/12/3`, `2026.12.3`, `2026年12月3日`, `20261203`, `12月3日`, and the day
/// number behind a spreadsheet's date cell. `year` is that of the month imported, for dates without one; without it, they are none.
pub(super) fn parse_date(text: &str, year: Option<i16>) -> Option<Date> {
    let text = clean::word(text);
    let text = without_weekday(&text);
    // A spreadsheet's date cell may carry a midnight.
    let text = text
        .strip_suffix("00:00:00")
        .map_or(text, |date| date.trim_end_matches('t'));
    if let Some((year_part, rest)) = text.split_once('年') {
        return month_day(rest, number(year_part, 4)?);
    }
    if text.contains('月') {
        return month_day(text, year?);
    }
    for separator in ['-', '/', '.'] {
        let parts: Vec<&str> = text.split(separator).collect();
        if let [y, m, d] = parts.as_slice() {
            // Four digits, or `3/12/26` would be read as the year 3.
            if y.len() != 4 {
                return None;
            }
            return Date::new(number(y, 4)?, small(m)?, small(d)?).ok();
        }
    }
    match text.len() {
        8 => Date::new(
            number(text.get(..4)?, 4)?,
            small(text.get(4..6)?)?,
            small(text.get(6..)?)?,
        )
        .ok(),
        5 => serial(number32(text)?),
        _ => None,
    }
}

fn month_day(text: &str, year: i16) -> Option<Date> {
    let (month, day) = text.split_once('月')?;
    let day = day
        .strip_suffix('日')
        .or_else(|| day.strip_suffix('号'))
        .unwrap_or(day);
    Date::new(year, small(month)?, small(day)?).ok()
}

/// `12月3日周四` and `12月3日(星期四)` name their weekday; it says nothing new.
fn without_weekday(text: &str) -> &str {
    let text = text.strip_suffix(')').unwrap_or(text);
    for word in ["星期", "周", "礼拜"] {
        if let Some((date, day)) = text.rsplit_once(word)
            && day.chars().count() == 1
            && "一二三四五六日天".contains(day)
        {
            return date.strip_suffix('(').unwrap_or(date);
        }
    }
    text
}

/// The date of a spreadsheet's day number (1900 system), within the years a roster can be about.
fn serial(days: i32) -> Option<Date> {
    // 2000-01-01 to 2099-12-31.
    if !(36_526..=73_050).contains(&days) {
        return None;
    }
    let epoch = jiff::civil::datetime(1899, 12, 30, 0, 0, 0, 0);
    Some(civil::add_days(epoch, days)?.date())
}

fn small(text: &str) -> Option<i8> {
    i8::try_from(number(text, 2)?).ok()
}

fn number(text: &str, digits: usize) -> Option<i16> {
    if text.is_empty() || text.len() > digits || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn number32(text: &str) -> Option<i32> {
    text.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_are_read_as_offices_write_them() {
        for text in [
            "2026-12-03",
            "2026-12-3",
            "2026/12/3",
            "2026.12.03",
            "2026年12月3日",
            "2026 年 12 月 3 日",
            "12月3日",
            "12月03日",
            "12月3号",
            "12月3日（周四）",
            "12月3日 星期四",
            "２０２６－１２－０３",
            "\u{3000}2026／12／3\u{A0}",
            "2026-12-03 00:00:00",
            "2026-12-03T00:00:00",
            "20261203",
            "46359",
        ] {
            assert_eq!(
                parse_date(text, Some(2026)),
                Some(date(2026, 12, 3)),
                "{text:?}"
            );
        }
    }

    #[test]
    fn anything_else_is_no_date() {
        for text in [
            "",
            "2026-13-01",
            "2026-02-29",
            "12/3",
            "3/12/2026",
            "26-12-03",
            "明天",
            "12月",
            "2026-12",
            "月日",
            "年月日",
            "2026-12-03 08:00:00",
            "99999999",
            "1",
            "-1",
            "2026--1",
            "12月128日",
            "46359.5",
            "+2026-12-3",
            "周",
            "(周一)",
        ] {
            assert_eq!(parse_date(text, Some(2026)), None, "{text:?}");
        }
    }
}
