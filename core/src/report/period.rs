use std::fmt;

use jiff::civil::Date;

use crate::civil;
use crate::document::Month;
use crate::rules::Text;

/// The days from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    from: Date,
    to: Date,
}

/// Why two days are not a period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeriodError {
    /// The last day is before the first: the caller has to say others.
    #[error("a period cannot end on {to}, before it starts on {from}")]
    Backward {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
    /// More days than a report is made of: the caller has to ask for fewer.
    #[error("a period of {days} days is too long: a report is about {DAYS_MAX} at most, ten years")]
    TooLong {
        /// How many there are.
        days: i64,
    },
}

/// The most days that a report is about: ten years.
pub const DAYS_MAX: i64 = 3_653;

const SECONDS_A_DAY: i64 = 86_400;

impl Period {
    /// The days from `from` to `to`.
    ///
    /// # Errors
    /// `to` is before `from`, or more than [`DAYS_MAX`] days are asked for.
    pub fn new(from: Date, to: Date) -> Result<Self, PeriodError> {
        if to < from {
            return Err(PeriodError::Backward { from, to });
        }
        let days = to.duration_since(from).as_secs() / SECONDS_A_DAY + 1;
        if days > DAYS_MAX {
            return Err(PeriodError::TooLong { days });
        }
        Ok(Self { from, to })
    }

    /// The days of a month.
    #[must_use]
    pub fn of_month(month: Month) -> Self {
        let from = month.first_day();
        Self {
            from,
            to: from.last_of_month(),
        }
    }

    /// The first day.
    #[must_use]
    pub const fn from(self) -> Date {
        self.from
    }

    /// The last day.
    #[must_use]
    pub const fn to(self) -> Date {
        self.to
    }

    /// Whether a day is in it.
    #[must_use]
    pub fn contains(self, date: Date) -> bool {
        (self.from..=self.to).contains(&date)
    }

    /// Whether any day of a month is in it.
    #[must_use]
    pub fn touches(self, month: Month) -> bool {
        let first = month.first_day();
        first <= self.to && self.from <= first.last_of_month()
    }

    /// Whether any day of a month, or of one beside it, is in it: what takes place near a month's end may run into the next.
    #[must_use]
    pub fn is_near(self, month: Month) -> bool {
        month.around().any(|month| self.touches(month))
    }

    /// Its days, in order.
    pub(super) fn days(self) -> impl Iterator<Item = Date> {
        let days = civil::days_from(self.from);
        days.take_while(move |day| *day <= self.to)
    }

    /// As a title says it.
    #[must_use]
    pub fn text(self) -> Text {
        Text::of(
            format_args!("{} 至 {}", self.from, self.to),
            format_args!("{} to {}", self.from, self.to),
        )
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.from, self.to)
    }
}
