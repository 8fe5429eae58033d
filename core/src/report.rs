//! Reports: what an office adds up, as plain tables, and what a calendar shows, as plain events.
//!
//! A report is a pure function from the [`Documents`] that are handed in, a [`Period`] and perhaps a site to a [`Report`]. It
//! knows its columns by name and kind, so that whatever writes it (a terminal, CSV, a workbook, JSON) needs to know nothing of
//! what it is about. A new report is one more such function.

pub mod bookings;
pub mod calendar;
mod documents;
mod period;
pub mod requests;
pub mod roster;
pub mod supplies;
#[cfg(test)]
mod tests;

use jiff::civil::{Date, DateTime, Time};

use crate::records::Label;
use crate::rules::Text;

pub use documents::Documents;
pub use period::{DAYS_MAX, Period, PeriodError};

/// A table with a title, typed columns and perhaps a line of totals.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What programs call it.
    pub name: &'static str,
    /// What it is about; empty where that needs no saying.
    pub title: Text,
    /// Of which period and place, and how things are counted; may be empty.
    pub subtitle: Text,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// The rows, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
    /// The totals, with a cell for every column; empty where nothing is added up.
    pub totals: Vec<Cell>,
    /// What was left out, and why.
    pub notes: Vec<Text>,
}

/// A column of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What programs call it.
    pub name: &'static str,
    /// What people read.
    pub label: Text,
    /// What is in it.
    pub kind: ColumnKind,
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Words.
    Text,
    /// How many, which may be fewer than none.
    Amount,
    /// How many.
    Count,
    /// How long.
    Hours,
    /// A number to a tenth, such as a share in per cent.
    Tenths,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A day and a time.
    DateTime,
}

/// A cell of a report.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words that somebody wrote.
    Text(String),
    /// Something that has a name: what programs call it, and what people read.
    Named(String, Text),
    /// How many, which may be fewer than none.
    Amount(i64),
    /// How many.
    Count(u64),
    /// How long, in minutes.
    Hours(i64),
    /// So many tenths.
    Tenths(i64),
    /// A day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A day and a time.
    DateTime(DateTime),
}

impl Column {
    /// A column that is called `name` by programs and by its label by people.
    #[must_use]
    pub fn new(name: &'static str, zh: &str, en: &str, kind: ColumnKind) -> Self {
        Self {
            name,
            label: Text::new(zh, en),
            kind,
        }
    }
}

impl Cell {
    /// So many of something.
    pub(crate) fn count(count: usize) -> Self {
        Self::Count(u64::try_from(count).unwrap_or(u64::MAX))
    }

    /// The cell of a choice field.
    #[must_use]
    pub fn choice(value: &str, label: Label) -> Self {
        Self::Named(value.to_owned(), Text::new(label.zh, label.en))
    }
}

impl Report {
    /// Adds up every column of counts or hours; the first column says that these are totals.
    pub(crate) fn add_totals(&mut self) {
        let total = |(index, column): (usize, &Column)| {
            let cells = self.rows.iter().filter_map(|row| row.get(index));
            match column.kind {
                ColumnKind::Count => Cell::Count(
                    cells
                        .map(|cell| match cell {
                            Cell::Count(count) => *count,
                            _ => 0,
                        })
                        .fold(0, u64::saturating_add),
                ),
                ColumnKind::Hours => Cell::Hours(
                    cells
                        .map(|cell| match cell {
                            Cell::Hours(minutes) => *minutes,
                            _ => 0,
                        })
                        .fold(0, i64::saturating_add),
                ),
                ColumnKind::Amount => Cell::Amount(
                    cells
                        .map(|cell| match cell {
                            Cell::Amount(count) => *count,
                            _ => 0,
                        })
                        .fold(0, i64::saturating_add),
                ),
                _ if index == 0 => Cell::Named("total".to_owned(), Text::new("合计", "total")),
                _ => Cell::Empty,
            }
        };
        self.totals = self.columns.iter().enumerate().map(total).collect();
    }

    /// Says the total of a column that is not the sum of its cells.
    pub(crate) fn set_total(&mut self, column: &str, total: Cell) {
        let columns = self.columns.iter().zip(&mut self.totals);
        for (_, cell) in columns.filter(|(known, _)| known.name == column) {
            cell.clone_from(&total);
        }
    }
}
