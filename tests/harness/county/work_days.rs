//! The civil calendar of the sample network, as the county imported it, and days counted by it: walked one by one, as people
//! count them on a calendar on the wall.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::civil::{Date, DateTime, Weekday};
use yilian_core::document::Name;
use yilian_core::records::{CalendarDay, DayKind, Edit, Typed as _};

const TABLE: &str = include_str!("../../samples/jiaozuo/calendar-days-example.csv");

/// The days that the table names: of what kind each is, and why.
fn named() -> &'static BTreeMap<Date, (DayKind, &'static str)> {
    static NAMED: OnceLock<BTreeMap<Date, (DayKind, &str)>> = OnceLock::new();
    NAMED.get_or_init(|| {
        let rows = TABLE.trim_start_matches('\u{feff}').lines().skip(1);
        let day = |row: &'static str| {
            let cells: Vec<&str> = row.trim().split(',').collect();
            let kind = match cells[1] {
                "放假" => DayKind::Holiday,
                "补班" => DayKind::Workday,
                other => panic!("the table knows no {other}"),
            };
            (cells[0].parse().unwrap(), (kind, cells[2]))
        };
        rows.map(day).collect()
    })
}

/// The records that an import of the table writes.
pub(super) fn records() -> Vec<Edit> {
    let days = named().iter().map(|(date, (kind, name))| CalendarDay {
        id: CalendarDay::id_of(*date),
        date: Some(*date),
        kind: *kind,
        name: (*name).to_owned(),
        removed_at: None,
    });
    days.flat_map(|day| day.create(&Name::Sites)).collect()
}

/// Whether people work on a day.
pub(super) fn is_working(date: Date) -> bool {
    match named().get(&date) {
        Some((kind, _)) => *kind == DayKind::Workday,
        None => !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday),
    }
}

/// The day itself, or the first one after it on which people work.
pub(super) fn from(mut date: Date) -> Date {
    while !is_working(date) {
        date = date.tomorrow().unwrap();
    }
    date
}

/// The last moment of so many working days after a day.
pub(super) fn after(date: Date, days: usize) -> DateTime {
    let mut last = date;
    for _ in 0..days {
        last = from(last.tomorrow().unwrap());
    }
    last.at(23, 59, 59, 0)
}
