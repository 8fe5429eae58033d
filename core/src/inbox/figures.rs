use jiff::civil::DateTime;
use serde::Serialize;

use super::Progress;
use crate::civil::Spread;
use crate::document::SiteKey;
use crate::ordered::BTreeMap;
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
    days: Spread,
}

/// The figures of submissions, each with the site that received it.
pub fn figures<'a>(
    submissions: impl IntoIterator<Item = (&'a SiteKey, Progress<'a>)>,
    now: DateTime,
) -> Figures {
    let mut figures = Figures::default();
    for (site, progress) in submissions {
        figures.total.add(&progress, now);
        let of_site = figures.sites.entry(site.clone()).or_default();
        of_site.add(&progress, now);
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
            tally.add(progress, now);
        }
        tally.finish();
        tally
    }

    fn add(&mut self, progress: &Progress<'_>, now: DateTime) {
        self.count += 1;
        *self.stages.entry(progress.stage).or_default() += 1;
        self.overdue += usize::from(progress.overdue(now).is_some());
        let sent = progress.submission.at;
        if let Some(done) = progress.done_at() {
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
