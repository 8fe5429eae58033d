use jiff::SignedDuration;
use jiff::civil::DateTime;
use serde::Serialize;

use super::{Overdue, Progress};
use crate::civil::{self, Spread};
use crate::document::SiteKey;
use crate::ordered::BTreeMap;
use crate::records::{Stage, SubmissionKind};

/// How a network, and each of its sites, deals with what is sent to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// All sites together.
    pub total: Tally,
    /// Each site.
    pub sites: BTreeMap<SiteKey, Tally>,
}

/// Some submissions, counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Tally {
    /// How many.
    pub count: usize,
    /// How many are at each stage; none are at those that are left out.
    pub stages: BTreeMap<Stage, usize>,
    /// With how many the site is late.
    pub overdue: usize,
    /// How many were done, whatever became of them then.
    pub done: usize,
    /// Half of those that were done took no longer than so many days of the calendar.
    pub median_days: Option<f64>,
    /// Nine of ten of those that were done took no longer than so many days of the calendar.
    pub p90_days: Option<i64>,
    #[serde(skip)]
    days: Spread,
}

/// What counts of a submission.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counted {
    /// The stage it is at.
    pub stage: Stage,
    /// What it is.
    pub kind: SubmissionKind,
    /// When it was sent, as far as that can be told.
    pub sent: DateTime,
    /// Since when its sender waits.
    pub since: DateTime,
    /// When what was asked for ends, where it is a time.
    pub end: Option<DateTime>,
    /// When it was done for the first time.
    pub done_at: Option<DateTime>,
}

impl Counted {
    /// What counts of one.
    #[must_use]
    pub fn of(progress: &Progress<'_>) -> Self {
        Self {
            stage: progress.stage,
            kind: progress.submission.kind,
            sent: progress.submission.at,
            since: progress.waits_since(),
            end: progress.submission.end,
            done_at: progress.done_at(),
        }
    }

    /// What its site is late with, if it is.
    #[must_use]
    pub fn overdue(&self, now: DateTime) -> Option<Overdue> {
        let (late, days) = match self.stage {
            Stage::Submitted => (Overdue::Acceptance, Overdue::ACCEPTANCE_DAYS),
            Stage::Accepted | Stage::Assigned => (Overdue::Completion, Overdue::COMPLETION_DAYS),
            _ => return None,
        };
        // Nobody is late with what cannot be told when it was sent.
        let passed = self.since != DateTime::ZERO && days_between(self.since, now) >= days;
        let goes_on = match self.kind {
            SubmissionKind::Booking => self.end.is_some_and(|end| end > now),
            // Whoever was accepted has their place; a course takes as long as it takes.
            SubmissionKind::Enrolment => true,
            SubmissionKind::Claim | SubmissionKind::Request => false,
        };
        (passed && !(late == Overdue::Completion && goes_on)).then_some(late)
    }

    /// When it may be late with something else than at `now` although nothing was written.
    #[must_use]
    pub fn overdue_changes(&self, now: DateTime) -> Option<DateTime> {
        let after = |days: i64| civil::add(self.since, SignedDuration::from_hours(24 * days));
        let late = match self.stage {
            Stage::Submitted => after(Overdue::ACCEPTANCE_DAYS),
            Stage::Accepted | Stage::Assigned if self.kind == SubmissionKind::Enrolment => None,
            Stage::Accepted | Stage::Assigned => after(Overdue::COMPLETION_DAYS).max(self.end),
            _ => None,
        };
        late.filter(|late| now < *late)
    }
}

fn days_between(from: DateTime, to: DateTime) -> i64 {
    from.duration_until(to).as_hours() / 24
}

/// The figures of submissions, each with the site that received it.
pub fn figures<'a>(
    submissions: impl IntoIterator<Item = (&'a SiteKey, Progress<'a>)>,
    now: DateTime,
) -> Figures {
    let submissions = submissions.into_iter();
    count(
        submissions.map(|(site, progress)| (site, Counted::of(&progress))),
        now,
    )
}

/// As [`figures`], of what was kept of each.
pub fn count<'a>(
    submissions: impl IntoIterator<Item = (&'a SiteKey, Counted)>,
    now: DateTime,
) -> Figures {
    let mut figures = Figures::default();
    for (site, counted) in submissions {
        figures.total.add(&counted, now);
        let of_site = figures.sites.entry(site.clone()).or_default();
        of_site.add(&counted, now);
    }
    figures.total.finish();
    figures.sites.values_mut().for_each(Tally::finish);
    figures
}

impl Tally {
    /// The tally of some submissions.
    pub(crate) fn of<'a, 'p: 'a>(
        submissions: impl IntoIterator<Item = &'a Progress<'p>>,
        now: DateTime,
    ) -> Self {
        let mut tally = Self::default();
        for progress in submissions {
            tally.add(&Counted::of(progress), now);
        }
        tally.finish();
        tally
    }

    fn add(&mut self, counted: &Counted, now: DateTime) {
        self.count += 1;
        *self.stages.entry(counted.stage).or_default() += 1;
        self.overdue += usize::from(counted.overdue(now).is_some());
        let sent = counted.sent;
        if let Some(done) = counted.done_at {
            self.done += 1;
            if sent != DateTime::ZERO && done != DateTime::ZERO {
                // What is done on the day on which it is sent takes no day, whatever the hour.
                let days = sent.date().duration_until(done.date()).as_hours() / 24;
                self.days.add(days.max(0));
            }
        }
    }

    fn finish(&mut self) {
        #[expect(
            clippy::cast_precision_loss,
            reason = "days of a calendar are far below 2^53"
        )]
        let days = |tenths: i64| tenths as f64 / 10.0;
        self.median_days = self.median_tenths().map(days);
        self.p90_days = self.days.p90();
    }

    /// The median in tenths of a day.
    pub(crate) fn median_tenths(&self) -> Option<i64> {
        self.days.median_tenths()
    }
}
