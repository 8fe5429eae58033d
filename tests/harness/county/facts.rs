//! What the generator knows of the disputes and the classes that it made: reports have to come to the same.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use yilian_core::document::SiteKey;
use yilian_core::records::{Dispute, Mode, Origin, Stage};

pub use super::school::contests::ContestFacts;
pub use super::school::facts::ClassFacts;

/// What the generator knows of something that it made.
#[derive(Clone, Debug, PartialEq)]
pub enum Facts {
    /// A case.
    Case(CaseFacts),
    /// A class of a night school.
    Class(ClassFacts),
    /// A contest.
    Contest(ContestFacts),
}

/// A case, as it was made.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseFacts {
    /// Whose it is.
    pub site: SiteKey,
    /// How it is mediated.
    pub mode: Mode,
    /// How it came in.
    pub origin: Origin,
    /// What it is about.
    pub claim: Dispute,
    /// When it came in.
    pub received: DateTime,
    /// How many people it is about.
    pub people: i64,
    /// How much is claimed, in yuan.
    pub claimed: i64,
    /// The stage it is at.
    pub stage: Stage,
    /// What came of it, and when.
    pub outcome: Option<(Stage, DateTime)>,
    /// How much its agreement says, in yuan.
    pub secured: i64,
    /// Whether the agreement went to a court.
    pub referred: bool,
    /// Whether the court confirmed it.
    pub ratified: bool,
    /// Whether the site is late with whatever it has to do next.
    pub overdue: bool,
    /// The site that it was handed to.
    pub shared_with: Option<SiteKey>,
}

/// Cases, counted as the joint meeting asks for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFigures {
    /// How many came in.
    pub received: usize,
    /// Of those, from courts and arbitration commissions.
    pub referred_in: usize,
    /// How many people those that came in are about.
    pub people: i64,
    /// How much is claimed in those that came in, in yuan.
    pub claimed: i64,
    /// Of those that came in, how many were declined.
    pub declined: usize,
    /// Of those that came in, how many wait for an outcome.
    pub open: usize,
    /// Of those that came in, how many a site is late with.
    pub overdue: usize,
    /// How many came to an agreement.
    pub agreed: usize,
    /// How many failed.
    pub failed: usize,
    /// How many were withdrawn.
    pub withdrawn: usize,
    /// How much was agreed on, in yuan.
    pub secured: i64,
    /// How many of the agreements went to a court.
    pub referred: usize,
    /// How many were confirmed there.
    pub ratified: usize,
    /// The days of those that came to an agreement or failed, sorted.
    pub days: Vec<i64>,
}

impl CaseFacts {
    /// Whether it waits for an outcome.
    pub fn is_open(&self) -> bool {
        self.outcome.is_none() && self.stage != Stage::Declined
    }

    /// How many days of the calendar it took to an agreement or a failure.
    pub fn days(&self) -> Option<i64> {
        let (stage, at) = self.outcome?;
        let midnight = |at: DateTime| at.date().at(0, 0, 0, 0);
        let hours = midnight(at)
            .duration_since(midnight(self.received))
            .as_hours();
        (stage != Stage::Withdrawn).then_some(hours / 24)
    }
}

impl CaseFigures {
    /// Counts cases by what `key` says of the time at which they came in, and of the one at which they came to an outcome; what
    /// it has no key for is not counted.
    pub fn by<K: Ord>(
        cases: &[CaseFacts],
        key: impl Fn(&CaseFacts, DateTime) -> Option<K>,
    ) -> BTreeMap<K, CaseFigures> {
        let mut all: BTreeMap<K, CaseFigures> = BTreeMap::new();
        for case in cases {
            if let Some(key) = key(case, case.received) {
                all.entry(key).or_default().receive(case);
            }
            if let Some((stage, at)) = case.outcome
                && let Some(key) = key(case, at)
            {
                all.entry(key).or_default().conclude(case, stage);
            }
        }
        all.values_mut()
            .for_each(|figures| figures.days.sort_unstable());
        all
    }

    fn receive(&mut self, case: &CaseFacts) {
        self.received += 1;
        self.referred_in += usize::from(matches!(case.origin, Origin::Court | Origin::Arbitration));
        self.people += case.people;
        self.claimed += case.claimed;
        self.declined += usize::from(case.stage == Stage::Declined);
        self.open += usize::from(case.is_open());
        self.overdue += usize::from(case.overdue);
    }

    fn conclude(&mut self, case: &CaseFacts, stage: Stage) {
        match stage {
            Stage::Agreed => {
                self.agreed += 1;
                self.secured += case.secured;
                self.referred += usize::from(case.referred);
                self.ratified += usize::from(case.ratified);
            }
            Stage::Failed => self.failed += 1,
            _ => self.withdrawn += 1,
        }
        self.days.extend(case.days());
    }

    /// The day in the middle; half way between the two of an even number. None of none.
    pub fn median(&self) -> Option<f64> {
        let middle = self.days.len() / 2;
        let upper = *self.days.get(middle)? as f64;
        let lower = if self.days.len().is_multiple_of(2) {
            self.days[middle - 1] as f64
        } else {
            upper
        };
        Some((lower + upper) / 2.0)
    }
}

/// What is known of many things, sort by sort.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    /// The cases.
    pub cases: Vec<CaseFacts>,
    /// The classes.
    pub classes: Vec<ClassFacts>,
    /// The contests.
    pub contests: Vec<ContestFacts>,
}

impl Extend<Facts> for Known {
    fn extend<T: IntoIterator<Item = Facts>>(&mut self, facts: T) {
        for one in facts {
            match one {
                Facts::Case(case) => self.cases.push(case),
                Facts::Class(class) => self.classes.push(class),
                Facts::Contest(contest) => self.contests.push(contest),
            }
        }
    }
}
