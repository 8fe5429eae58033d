use jiff::civil::{Date, DateTime};

use super::{Cycle, Deadline, Duty, Limits, Proceedings, fen};
use crate::civil::{WorkCalendar, days_between};
use crate::document::SiteKey;
use crate::records::{Mode, Origin, Stage};

/// What counts of a case: its deadline and the figures follow from this, so that its document need not be open for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The site that registered it.
    pub site: SiteKey,
    /// How it is mediated.
    pub mode: Mode,
    /// How it came in.
    pub origin: Origin,
    /// The stage it is at.
    pub stage: Stage,
    /// When it came in; midnight of the year 0 where that cannot be told.
    pub received: DateTime,
    /// What came of the mediation, and when.
    pub outcome: Option<(Stage, DateTime)>,
    /// Whether it went to be confirmed.
    pub referred: bool,
    /// Whether it was confirmed.
    pub ratified: bool,
    /// How many people it is about.
    pub people: i64,
    /// How much is claimed, in fen.
    pub claimed: i64,
    /// How much was agreed on, in fen.
    pub secured: i64,
    /// What its site has to do next, and since when that is waited for.
    pub waits: Option<(Duty, DateTime)>,
    /// Until when the parties let the mediation take.
    pub extended_to: Option<Date>,
}

impl Counted {
    /// What counts of one.
    pub fn of(case: &Proceedings<'_>) -> Self {
        let went = |stage| case.counting().any(|step| step.stage == stage);
        let amounts = case.agreements.iter();
        let amounts = amounts.map(|agreement| fen(agreement.amount));
        Self {
            site: case.case.site.clone(),
            mode: case.case.mode,
            origin: case.case.origin,
            stage: case.stage,
            received: case.case.received,
            outcome: case.outcome(),
            referred: went(Stage::Referred),
            ratified: went(Stage::Ratified),
            people: case.people(),
            claimed: fen(case.case.amount),
            secured: amounts.fold(0, i64::saturating_add),
            waits: case.waits(),
            extended_to: case.case.extended_to,
        }
    }

    /// Whether it waits for an outcome.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.outcome.is_none() && !self.is_over()
    }

    /// Whether nothing more is to be done with it.
    #[must_use]
    pub fn is_over(&self) -> bool {
        super::FLOW.is_over(self.stage)
    }

    /// What the site has to do next with it, and by when; none where it waits for others, is over, or does not say since when it waits.
    ///
    /// More time that the parties agreed on holds for the mediation alone.
    #[must_use]
    pub fn deadline(&self, calendar: &WorkCalendar) -> Option<Deadline> {
        let (duty, since) = self.waits?;
        let due = Limits::of(self.mode).term(duty).ends(since, calendar)?;
        let extended = self.extended_to.filter(|_| duty == Duty::Conclude);
        let due = extended.map_or(due, |date| due.max(super::deadline::end_of(date)));
        Some(Deadline { duty, since, due })
    }

    /// What the site is late with, if it is.
    #[must_use]
    pub fn overdue(&self, calendar: &WorkCalendar, now: DateTime) -> Option<Deadline> {
        self.deadline(calendar)
            .filter(|deadline| deadline.is_past(now))
    }

    /// How long it took, from its registration to an agreement or a failure; none where it was withdrawn, or where that cannot be told.
    #[must_use]
    pub fn cycle(&self, calendar: &WorkCalendar) -> Option<Cycle> {
        let (stage, at) = self.outcome?;
        (stage != Stage::Withdrawn).then(|| self.until(at, calendar))?
    }

    /// How old it is: from its registration to its outcome or, where it waits for one, to `now`.
    #[must_use]
    pub fn age(&self, calendar: &WorkCalendar, now: DateTime) -> Option<Cycle> {
        match self.outcome {
            Some((_, at)) => self.until(at, calendar),
            None if self.is_over() => None,
            None => self.until(now, calendar),
        }
    }

    fn until(&self, at: DateTime, calendar: &WorkCalendar) -> Option<Cycle> {
        let from = self.received;
        let told = from != DateTime::ZERO && at != DateTime::ZERO;
        told.then(|| Cycle {
            days: days_between(from.date(), at.date()).max(0),
            working_days: calendar.working_days(from.date(), at.date()),
        })
    }
}
