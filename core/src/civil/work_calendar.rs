use jiff::civil::Date;

use super::{days_between, days_from};
use crate::ordered::BTreeMap;
use crate::records::{CalendarDay, DayKind, View};

/// On which days a network works: from Monday to Friday, but for the days that its civil calendar names.
///
/// Periods are counted as the law counts them: the day on which something happens is not counted, and the last day is.
///
/// ```
/// use jiff::civil::date;
/// use yilian_core::civil::WorkCalendar;
///
/// let calendar = WorkCalendar::default();
/// let friday = date(2026, 12, 4);
/// assert_eq!(calendar.after(friday, 1), Some(date(2026, 12, 7)));
/// assert_eq!(calendar.working_days(friday, date(2026, 12, 8)), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkCalendar {
    /// Whether people work on a day that its weekday does not tell of.
    named: BTreeMap<Date, bool>,
}

impl WorkCalendar {
    /// The calendar that these days make.
    pub fn new<'a>(days: impl IntoIterator<Item = &'a CalendarDay>) -> Self {
        let named = days.into_iter().filter_map(|day| {
            let works = match day.kind {
                DayKind::Holiday => false,
                DayKind::Workday => true,
            };
            Some((day.date?, works))
        });
        Self {
            named: named.collect(),
        }
    }

    /// The calendar that `sites` holds; without it, there are weekends only.
    pub fn of(sites: Option<&View>) -> Self {
        let days = sites.into_iter().flat_map(View::present::<CalendarDay>);
        Self::new(days.map(|(day, _)| day))
    }

    /// Whether it names any day of a year. Where it does not, that year's holidays are unknown, and days are counted without.
    pub fn knows(&self, year: i16) -> bool {
        self.named.keys().any(|date| date.year() == year)
    }

    /// Whether people work on a day.
    pub fn is_working(&self, date: Date) -> bool {
        match self.named.get(&date) {
            Some(works) => *works,
            None => is_weekday(date),
        }
    }

    /// How many working days there are after one day up to another, which counts; none where that is no later.
    pub fn working_days(&self, from: Date, to: Date) -> i64 {
        let days = days_between(from, to);
        if days <= 0 {
            return 0;
        }
        let odd = usize::try_from(days % 7).unwrap_or(0);
        let after = days_from(from).skip(1).take(odd);
        let weekdays = days / 7 * 5 + after.map(|date| i64::from(is_weekday(date))).sum::<i64>();
        let named = self.named.iter();
        let named = named.filter(|(date, _)| from < **date && **date <= to);
        let more = named.map(|(date, works)| i64::from(*works) - i64::from(is_weekday(*date)));
        weekdays + more.sum::<i64>()
    }

    /// The last of so many working days after a day; the day itself for none of them. Nothing is due beyond the last day that there
    /// is.
    pub fn after(&self, from: Date, count: u16) -> Option<Date> {
        let Some(more) = usize::from(count).checked_sub(1) else {
            return Some(from);
        };
        let after = days_from(from).skip(1);
        after.filter(|date| self.is_working(*date)).nth(more)
    }
}

fn is_weekday(date: Date) -> bool {
    date.weekday().to_monday_one_offset() <= 5
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn day(date: Date, kind: DayKind) -> CalendarDay {
        CalendarDay {
            id: CalendarDay::id_of(date),
            date: Some(date),
            kind,
            name: String::new(),
            removed_at: None,
        }
    }

    /// New Year's Day 2027 is a Friday; it is made up for on Sunday, 10 January.
    fn calendar() -> WorkCalendar {
        WorkCalendar::new(&[
            day(date(2027, 1, 1), DayKind::Holiday),
            day(date(2027, 1, 2), DayKind::Holiday),
            day(date(2027, 1, 10), DayKind::Workday),
        ])
    }

    #[test]
    fn holidays_and_days_that_make_up_for_them_are_counted_as_they_are() {
        let calendar = calendar();
        let thursday = date(2026, 12, 31);
        assert_eq!(calendar.after(thursday, 0), Some(thursday));
        assert_eq!(calendar.after(thursday, 1), Some(date(2027, 1, 4)));
        assert_eq!(calendar.after(date(2027, 1, 8), 1), Some(date(2027, 1, 10)));
        assert_eq!(calendar.working_days(thursday, date(2027, 1, 3)), 0);
        assert_eq!(calendar.working_days(thursday, date(2027, 1, 4)), 1);
        assert_eq!(calendar.working_days(thursday, date(2027, 1, 11)), 7);
        assert_eq!(calendar.working_days(date(2027, 1, 11), thursday), 0);
    }

    #[test]
    fn a_year_without_a_table_has_weekends_only() {
        let calendar = calendar();
        assert!(calendar.knows(2027) && !calendar.knows(2026));
        assert!(!calendar.is_working(date(2026, 12, 5)));
        assert!(calendar.is_working(date(2026, 10, 1)));
    }

    #[test]
    fn nothing_is_due_after_the_last_day() {
        assert_eq!(calendar().after(Date::MAX, 1), None);
    }

    proptest! {
        #[test]
        fn counting_is_walking(start in 0_i64..400, length in 0_i64..400) {
            let first = date(2026, 6, 1);
            let from = days_from(first).nth(usize::try_from(start).unwrap_or(0)).unwrap_or(first);
            let to = days_from(from).nth(usize::try_from(length).unwrap_or(0)).unwrap_or(from);
            let calendar = calendar();
            let walked = days_from(from).skip(1).take_while(|date| *date <= to);
            let walked = walked.filter(|date| calendar.is_working(*date)).count();
            prop_assert_eq!(calendar.working_days(from, to), i64::try_from(walked).unwrap_or(-1));
            if let Ok(count) = u16::try_from(walked) {
                let last = calendar.after(from, count).unwrap_or(from);
                prop_assert_eq!(calendar.working_days(from, last), i64::from(count));
            }
        }
    }
}
