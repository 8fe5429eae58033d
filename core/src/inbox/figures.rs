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
    /// Half of those that were done took no longer than so many days.
    pub median_days: Option<f64>,
    #[serde(skip)]
    minutes: Vec<i64>,
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
    fn add(&mut self, progress: &Progress<'_>, now: DateTime) {
        self.count += 1;
        *self.stages.entry(progress.stage).or_default() += 1;
        self.overdue += usize::from(progress.overdue(now).is_some());
        let sent = progress.submission.at;
        if let Some(done) = progress.done_at()
            && sent != DateTime::ZERO
        {
            self.minutes
                .push(sent.duration_until(done).as_mins().max(0));
        }
    }

    fn finish(&mut self) {
        ordered::sort(&mut self.minutes);
        let len = self.minutes.len();
        let at = |index: usize| self.minutes.get(index).copied();
        let upper = at(len / 2);
        let lower = at((len.saturating_sub(1)) / 2);
        #[expect(
            clippy::cast_precision_loss,
            reason = "minutes of a calendar are far below 2^53"
        )]
        let days = |(lower, upper): (i64, i64)| (lower + upper) as f64 / 2.0 / 1_440.0;
        self.median_days = lower.zip(upper).map(days);
    }
}
