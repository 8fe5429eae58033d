use jiff::civil::DateTime;

use super::Counted;
use crate::civil::{Spread, WorkCalendar};
use crate::records::{Origin, Stage};

/// How long a case took, from its registration to an agreement or a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// In days of the calendar; none where both are on one day, whatever the hour.
    pub days: i64,
    /// In working days.
    pub working_days: i64,
}

/// Some cases, counted: those that came in, and those that came to an outcome. A case may be counted as the one here and as the other
/// there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many came in.
    pub received: usize,
    /// Of those, from courts and arbitration commissions.
    pub referred_in: usize,
    /// How many people those that came in are about.
    pub people: i64,
    /// How much is claimed in those that came in, in fen.
    pub claimed: i64,
    /// Of those that came in, how many were declined.
    pub declined: usize,
    /// Of those that came in, how many wait for an outcome.
    pub open: usize,
    /// Of those that came in, how many a site is late with, whatever it has to do.
    pub overdue: usize,
    /// How many came to an agreement.
    pub agreed: usize,
    /// How many failed.
    pub failed: usize,
    /// How many were withdrawn.
    pub withdrawn: usize,
    /// How much was agreed on, in fen.
    pub secured: i64,
    /// Of those that came to an agreement, how many went to be confirmed.
    pub referred: usize,
    /// Of those, how many were confirmed.
    pub ratified: usize,
    /// How long those took that came to an agreement or failed, in days of the calendar.
    pub days: Spread,
    /// The same in working days.
    pub working_days: Spread,
}

impl Tally {
    /// Counts a case that came in.
    pub fn receive(&mut self, case: &Counted, calendar: &WorkCalendar, now: DateTime) {
        let from_outside = matches!(case.origin, Origin::Court | Origin::Arbitration);
        self.received += 1;
        self.referred_in += usize::from(from_outside);
        self.people = self.people.saturating_add(case.people);
        self.claimed = self.claimed.saturating_add(case.claimed);
        self.declined += usize::from(case.stage == Stage::Declined);
        self.open += usize::from(case.is_open());
        self.overdue += usize::from(case.overdue(calendar, now).is_some());
    }

    /// Counts the outcome of a case, if it came to one.
    pub fn conclude(&mut self, case: &Counted, calendar: &WorkCalendar) {
        match case.outcome {
            Some((Stage::Agreed, _)) => self.agree(case),
            Some((Stage::Failed, _)) => self.failed += 1,
            Some((Stage::Withdrawn, _)) => self.withdrawn += 1,
            _ => return,
        }
        if let Some(cycle) = case.cycle(calendar) {
            self.days.add(cycle.days);
            self.working_days.add(cycle.working_days);
        }
    }

    fn agree(&mut self, case: &Counted) {
        self.agreed += 1;
        self.referred += usize::from(case.referred);
        self.ratified += usize::from(case.ratified);
        self.secured = self.secured.saturating_add(case.secured);
    }

    /// How many came to an outcome.
    #[must_use]
    pub const fn concluded(&self) -> usize {
        self.agreed + self.failed + self.withdrawn
    }

    /// In how many of a thousand cases that were mediated to an end the parties agreed. Withdrawn ones are not counted.
    #[must_use]
    pub fn success_permille(&self) -> Option<i64> {
        permille(self.agreed, self.agreed + self.failed)
    }

    /// How many of a thousand agreements were confirmed.
    #[must_use]
    pub fn confirmation_permille(&self) -> Option<i64> {
        permille(self.ratified, self.agreed)
    }
}

fn permille(part: usize, whole: usize) -> Option<i64> {
    let (part, whole) = (i64::try_from(part).ok()?, i64::try_from(whole).ok()?);
    // Rounded, as people do it: half of a tenth of a per cent counts as one.
    (whole > 0).then(|| (part * 2_000 + whole) / (whole * 2))
}

/// Yuan in fen, so that sums do not depend on their order.
pub(crate) fn fen(yuan: Option<f64>) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "an amount has at most ten digits, and what is out of range saturates"
    )]
    let fen = (yuan.unwrap_or(0.0) * 100.0).round() as i64;
    fen
}
