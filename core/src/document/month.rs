use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A month of the civil calendar, written `2026-12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    year: i16,
    month: i8,
}

/// Why a text or a pair of numbers is not a month.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a month: expected a form like 2026-12, between 1900 and 9999")]
pub struct ParseMonthError(String);

impl Month {
    /// The month of a year (1900 to 9999) and a month number (1 to 12).
    ///
    /// # Errors
    ///
    /// When either is out of range.
    pub fn new(year: i16, month: i8) -> Result<Self, ParseMonthError> {
        if (1900..=9999).contains(&year) && (1..=12).contains(&month) {
            Ok(Self { year, month })
        } else {
            Err(ParseMonthError(format!("{year}-{month:02}")))
        }
    }

    /// The month that holds `date`.
    ///
    /// # Errors
    ///
    /// When the year is before 1900.
    pub fn of(date: Date) -> Result<Self, ParseMonthError> {
        Self::new(date.year(), date.month())
    }

    /// The year.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The month in the year, from 1.
    pub const fn month(self) -> i8 {
        self.month
    }

    /// The month before; none before January 1900.
    pub fn prev(self) -> Option<Self> {
        match self.month {
            1 => Self::new(self.year - 1, 12).ok(),
            month => Self::new(self.year, month - 1).ok(),
        }
    }

    /// The month after; none after December 9999.
    pub fn next(self) -> Option<Self> {
        match (self.year, self.month) {
            (9999, 12) => None,
            (year, 12) => Self::new(year + 1, 1).ok(),
            (year, month) => Self::new(year, month + 1).ok(),
        }
    }

    /// The month before, this one and the month after, as far as there are such.
    pub fn around(self) -> impl Iterator<Item = Self> {
        [self.prev(), Some(self), self.next()].into_iter().flatten()
    }

    /// Whether `date` is in this month.
    pub fn contains(self, date: Date) -> bool {
        date.year() == self.year && date.month() == self.month
    }

    /// The first day.
    #[expect(clippy::expect_used, reason = "a month in range has a first day")]
    pub fn first_day(self) -> Date {
        // Without jiff's error: that it could be shown would bring all of jiff's messages into a browser.
        let first = Date::new(self.year, self.month, 1).ok();
        first.expect("the month is in range")
    }
}

impl FromStr for Month {
    type Err = ParseMonthError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseMonthError(text.to_owned());
        let (year, month) = text.split_once('-').ok_or_else(error)?;
        let digits =
            |part: &str, len| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(error());
        }
        Self::new(
            year.parse().map_err(|_| error())?,
            month.parse().map_err(|_| error())?,
        )
        .map_err(|_| error())
    }
}

impl TryFrom<String> for Month {
    type Error = ParseMonthError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}
