use jiff::civil::Date;

use super::define::{choices, record};
use super::{Collection, RecordId, write_date};

choices! {
    /// What makes a day of the civil calendar another one than its weekday says.
    DayKind else Holiday {
        /// Nobody works, though it may be no weekend.
        Holiday = "holiday", "放假", "holiday";
        /// People work, though it may be a weekend: to make up for a holiday.
        Workday = "workday", "补班", "workday";
    }
}

record! {
    /// A day on which the network works though it is a weekend, or does not work though it is none. What is due within working
    /// days is counted by these: see [`crate::civil::WorkCalendar`].
    CalendarDay: Days = "日历日", "calendar day";
    known by [date];
    {
        /// Which day.
        date: Option<Date> = "日期", "date", required;
        /// What it is.
        kind: DayKind = "类型", "kind", required;
        /// Why, such as the holiday's name.
        name: String = "名称", "name";
    }
}

impl CalendarDay {
    /// The id of a day: the same wherever the table is imported.
    pub fn id_of(date: Date) -> RecordId {
        RecordId::natural(Collection::Days, &[&write_date(date)])
    }
}
