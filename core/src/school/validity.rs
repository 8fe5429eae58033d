use jiff::civil::Date;

/// The day so many months later; the last of a month that has no such day.
pub(super) fn months_after(date: Date, months: i64) -> Option<Date> {
    let count = i64::from(date.year()) * 12 + i64::from(date.month()) - 1 + months;
    let year = i16::try_from(count.div_euclid(12)).ok()?;
    let month = i8::try_from(count.rem_euclid(12) + 1).ok()?;
    let first = Date::new(year, month, 1).ok()?;
    Date::new(year, month, date.day().min(first.days_in_month())).ok()
}

/// Whether a day is between the first and the last of a certificate's days, both included; `until` none is for ever.
pub(super) fn covers(from: Option<Date>, until: Option<Date>, day: Date) -> bool {
    from.is_none_or(|from| from <= day) && until.is_none_or(|until| day <= until)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use jiff::civil::date;

    use super::*;

    #[test]
    fn months_end_where_they_end() {
        let day = date(2026, 8, 31);
        assert_eq!(months_after(day, 6), Some(date(2027, 2, 28)));
        assert_eq!(months_after(day, 18), Some(date(2028, 2, 29)));
        assert_eq!(months_after(day, 24), Some(date(2028, 8, 31)));
        assert_eq!(months_after(date(9999, 1, 1), 12), None);
    }

    #[test]
    fn both_ends_count() {
        let (from, until) = (Some(date(2026, 1, 1)), Some(date(2026, 1, 2)));
        assert!(covers(from, until, date(2026, 1, 1)));
        assert!(covers(from, until, date(2026, 1, 2)));
        assert!(!covers(from, until, date(2026, 1, 3)));
        assert!(!covers(from, None, date(2025, 12, 31)));
        assert!(covers(None, None, date(2025, 12, 31)));
    }
}
