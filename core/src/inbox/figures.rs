use jiff::civil::DateTime;
use serde::Serialize;

use super::Progress;
use crate::document::SiteKey;
use crate::ordered::{self, BTreeMap};
use crate::records::Stage;

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
    days: Vec<i64>,
}

/// What counts of a submission.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counted {
    /// The stage it is at.
    pub stage: Stage,
    /// When it was sent, as far as that can be told.
    pub sent: DateTime,
    /// When it was done for the first time.
    pub done_at: Option<DateTime>,
    /// Whether its site is late with it.
    pub is_overdue: bool,
}

impl Counted {
    /// What counts of one, leaving open whether its site is late: that depends on the time.
    #[must_use]
    pub fn of(progress: &Progress<'_>) -> Self {
        Self {
            stage: progress.stage,
            sent: progress.submission.at,
            done_at: progress.done_at(),
            is_overdue: false,
        }
    }

    fn at(progress: &Progress<'_>, now: DateTime) -> Self {
        Self {
            is_overdue: progress.overdue(now).is_some(),
            ..Self::of(progress)
        }
    }
}

/// The figures of submissions, each with the site that received it.
pub fn figures<'a>(
    submissions: impl IntoIterator<Item = (&'a SiteKey, Progress<'a>)>,
    now: DateTime,
) -> Figures {
    let submissions = submissions.into_iter();
    count(submissions.map(|(site, progress)| (site, Counted::at(&progress, now))))
}

/// As [`figures`], of what was kept of each.
pub fn count<'a>(submissions: impl IntoIterator<Item = (&'a SiteKey, Counted)>) -> Figures {
    let mut figures = Figures::default();
    for (site, counted) in submissions {
        figures.total.add(&counted);
        let of_site = figures.sites.entry(site.clone()).or_default();
        of_site.add(&counted);
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
            tally.add(&Counted::at(progress, now));
        }
        tally.finish();
        tally
    }

    fn add(&mut self, counted: &Counted) {
        self.count += 1;
        *self.stages.entry(counted.stage).or_default() += 1;
        self.overdue += usize::from(counted.is_overdue);
        let sent = counted.sent;
        if let Some(done) = counted.done_at {
            self.done += 1;
            if sent != DateTime::ZERO && done != DateTime::ZERO {
                // What is done on the day on which it is sent takes no day, whatever the hour.
                let days = sent.date().duration_until(done.date()).as_hours() / 24;
                self.days.push(days.max(0));
            }
        }
    }

    fn finish(&mut self) {
        ordered::sort(&mut self.days);
        let len = self.days.len();
        let at = |index: usize| self.days.get(index).copied();
        #[expect(
            clippy::cast_precision_loss,
            reason = "days of a calendar are far below 2^53"
        )]
        let days = |tenths: i64| tenths as f64 / 10.0;
        self.median_days = self.median_tenths().map(days);
        self.p90_days = (9 * len).div_ceil(10).checked_sub(1).and_then(at);
    }

    /// The median in tenths of a day.
    pub(crate) fn median_tenths(&self) -> Option<i64> {
        let len = self.days.len();
        let lower = self.days.get(len.saturating_sub(1) / 2)?;
        let upper = self.days.get(len / 2)?;
        Some((lower + upper) * 5)
    }
}
