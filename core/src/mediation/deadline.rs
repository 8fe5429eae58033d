use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};
use serde::Serialize;

use super::{Counted, Cycle, Proceedings};
use crate::civil::{self, WorkCalendar};
use crate::records::{Label, Mode, Stage};

/// How long something may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// So many hours of the clock, by day and night.
    Hours(u16),
    /// To the end of the last of so many working days, the first day not counted.
    WorkingDays(u16),
}

/// Within what a site acts on the cases of a mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The mode.
    pub mode: Mode,
    /// From its registration, until it is taken up or declined.
    pub accept: Term,
    /// From then on, until somebody mediates it.
    pub assign: Term,
    /// From when it was taken up, until the parties agree or do not: well within the fifteen days after which they may go to
    /// arbitration.
    pub conclude: Term,
    /// From an agreement, until it is handed in to be confirmed: well within the thirty days in which the parties can.
    pub refer: Term,
    /// From the last that is to happen, until it is closed.
    pub close: Term,
}

/// What every site promises, by mode.
pub const LIMITS: [Limits; 3] = [
    Limits {
        mode: Mode::Clinic,
        accept: Term::WorkingDays(3),
        assign: Term::WorkingDays(1),
        conclude: Term::WorkingDays(5),
        refer: Term::WorkingDays(10),
        close: Term::WorkingDays(10),
    },
    Limits {
        mode: Mode::Consultation,
        accept: Term::WorkingDays(3),
        assign: Term::WorkingDays(2),
        conclude: Term::WorkingDays(10),
        refer: Term::WorkingDays(10),
        close: Term::WorkingDays(10),
    },
    Limits {
        mode: Mode::Emergency,
        accept: Term::Hours(2),
        assign: Term::Hours(2),
        conclude: Term::WorkingDays(2),
        refer: Term::WorkingDays(5),
        close: Term::WorkingDays(10),
    },
];

/// What a site has to do next with a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duty {
    /// Take it up, or say why not.
    Accept,
    /// Give it to somebody.
    Assign,
    /// Bring the parties to an agreement, or say that there is none.
    Conclude,
    /// Hand the agreement in to be confirmed.
    Refer,
    /// Close it.
    Close,
}

impl Duty {
    /// What people call it.
    #[must_use]
    pub const fn label(self) -> Label {
        let (zh, en) = match self {
            Self::Accept => ("受理", "acceptance"),
            Self::Assign => ("指派调解员", "a mediator"),
            Self::Conclude => ("调解出结果", "an outcome"),
            Self::Refer => ("提请确认", "referral for confirmation"),
            Self::Close => ("结案", "closing"),
        };
        Label { zh, en }
    }
}

/// By when a site has to do something with a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// What.
    pub duty: Duty,
    /// Since when it is waited for.
    pub since: DateTime,
    /// The last moment that is in time.
    pub due: DateTime,
}

impl Deadline {
    /// Whether it is over.
    #[must_use]
    pub fn is_past(&self, now: DateTime) -> bool {
        now > self.due
    }
}

impl Limits {
    /// Those of a mode.
    #[must_use]
    pub fn of(mode: Mode) -> Self {
        let [clinic, others @ ..] = LIMITS;
        let other = others.into_iter().find(|limits| limits.mode == mode);
        other.unwrap_or(clinic)
    }

    /// Within what a site does something.
    #[must_use]
    pub const fn term(&self, duty: Duty) -> Term {
        match duty {
            Duty::Accept => self.accept,
            Duty::Assign => self.assign,
            Duty::Conclude => self.conclude,
            Duty::Refer => self.refer,
            Duty::Close => self.close,
        }
    }
}

impl Term {
    /// The last moment of a term that begins at some time.
    #[must_use]
    pub fn ends(self, since: DateTime, calendar: &WorkCalendar) -> Option<DateTime> {
        match self {
            Self::Hours(hours) => civil::add(since, SignedDuration::from_hours(hours.into())),
            Self::WorkingDays(days) => calendar.after(since.date(), days).map(end_of),
        }
    }
}

/// The last second of a day.
pub(super) fn end_of(date: Date) -> DateTime {
    date.at(23, 59, 59, 0)
}

impl Proceedings<'_> {
    /// What counts of it.
    pub fn counted(&self) -> Counted {
        Counted::of(self)
    }

    /// See [`Counted::deadline`].
    pub fn deadline(&self, calendar: &WorkCalendar) -> Option<Deadline> {
        self.counted().deadline(calendar)
    }

    /// See [`Counted::overdue`].
    pub fn overdue(&self, calendar: &WorkCalendar, now: DateTime) -> Option<Deadline> {
        self.counted().overdue(calendar, now)
    }

    /// See [`Counted::cycle`].
    pub fn cycle(&self, calendar: &WorkCalendar) -> Option<Cycle> {
        self.counted().cycle(calendar)
    }

    /// What the site has to do next with it, and since when; none where it waits for others, is over, or does not say since when.
    pub(super) fn waits(&self) -> Option<(Duty, DateTime)> {
        Some(match self.stage {
            Stage::Registered => (Duty::Accept, self.received()?),
            Stage::Accepted => (Duty::Assign, self.reached(Stage::Accepted)?),
            Stage::Assigned | Stage::Mediating => (Duty::Conclude, self.taken_up()?),
            Stage::Agreed if self.asks_for_confirmation() => {
                (Duty::Refer, self.reached(Stage::Agreed)?)
            }
            Stage::Agreed | Stage::Failed | Stage::Ratified | Stage::Unratified => {
                (Duty::Close, self.settled()?)
            }
            _ => return None,
        })
    }

    fn received(&self) -> Option<DateTime> {
        Some(self.case.received).filter(|at| *at != DateTime::ZERO)
    }

    /// Since when it is mediated: since it was taken up, or again since it was not confirmed.
    fn taken_up(&self) -> Option<DateTime> {
        let again = self.reached(Stage::Unratified);
        again.or_else(|| self.reached(Stage::Accepted))
    }

    /// When the last of what it waits for happened, or is to: an agreement may give time to perform it.
    fn settled(&self) -> Option<DateTime> {
        let reached = self.reached(self.stage)?;
        let performed = self.agreements.iter().filter_map(|agreement| {
            let last = agreement.performed.or(agreement.due)?;
            Some(last.at(0, 0, 0, 0))
        });
        Some(performed.fold(reached, DateTime::max))
    }
}
