use jiff::civil::DateTime;

use super::{Counted, FLOW, Party};
use crate::flow::{Course, Fit, Link};
use crate::records::{RecordId, Stage, Step, Submission, View};

/// How far a submission has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress<'a> {
    /// What was sent.
    pub submission: &'a Submission,
    /// The stage it is at.
    pub stage: Stage,
    /// Every step, in the order that is the same on every replica; those that moved nothing are among them.
    pub steps: Vec<PlacedStep<'a>>,
}

/// A step and what it did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlacedStep<'a> {
    /// The step.
    pub step: &'a Step,
    /// What it did.
    pub fit: Fit,
}

/// What a site is late with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overdue {
    /// Nobody has taken it up.
    Acceptance,
    /// It is not done.
    Completion,
}

impl Overdue {
    /// Days within which a site takes up or declines what was sent.
    pub const ACCEPTANCE_DAYS: i64 = 3;
    /// Days within which it is done; a venue's booking is not done before it was used.
    pub const COMPLETION_DAYS: i64 = 15;
}

/// How far the submission of a document has come; none where there is none.
pub fn progress(view: &View) -> Option<Progress<'_>> {
    // One is sent under a code. Whoever adds another knows the code too, and the first counts wherever it is looked at.
    let (submission, _) = view.present::<Submission>().next()?;
    let steps: Vec<(&Step, bool)> = view
        .all::<Step>()
        .filter(|(step, _)| step.about == Some(submission.id))
        .map(|(step, entry)| (step, entry.removed_at().is_some()))
        .collect();
    let links: Vec<Link<Stage>> = steps
        .iter()
        .map(|(step, void)| Link {
            id: step.id,
            after: step.after,
            stage: step.stage,
            void: *void,
        })
        .collect();
    let Course { stage, placed } = FLOW.run(&links)?;
    let placed = placed.into_iter().filter_map(|placed| {
        let (step, _) = steps.get(placed.step)?;
        Some(PlacedStep {
            step,
            fit: placed.fit,
        })
    });
    Some(Progress {
        submission,
        stage,
        steps: placed.collect(),
    })
}

impl<'a> Progress<'a> {
    /// The steps that count.
    pub fn counting(&self) -> impl DoubleEndedIterator<Item = &'a Step> {
        self.steps
            .iter()
            .filter(|placed| placed.fit.counts())
            .map(|placed| placed.step)
    }

    /// The last step that counts.
    pub fn last(&self) -> Option<&'a Step> {
        self.counting().next_back()
    }

    /// Where somebody may move it now.
    pub fn next(&self, by: Party) -> impl Iterator<Item = Stage> {
        FLOW.next(by, self.stage)
    }

    /// Who sees to it.
    pub fn assignee(&self) -> Option<&'a str> {
        let assigned = |step: &&Step| step.stage == Stage::Assigned && !step.by.is_empty();
        self.counting()
            .rev()
            .find(assigned)
            .map(|step| step.by.as_str())
    }

    /// What came of it, such as the booking that was made; also of a step that does not count any more.
    pub fn made(&self) -> Option<RecordId> {
        let counting = self.counting().rev().find_map(|step| step.made);
        let any = || self.steps.iter().rev().find_map(|placed| placed.step.made);
        counting.or_else(any)
    }

    /// When it was done for the first time.
    pub fn done_at(&self) -> Option<DateTime> {
        let mut steps = self.counting();
        steps
            .find(|step| step.stage == Stage::Done)
            .map(|step| step.at)
    }

    /// Since when its sender waits: since it was sent, the last time.
    pub fn waits_since(&self) -> DateTime {
        let mut steps = self.counting().rev();
        let again = steps.find(|step| step.stage == Stage::Submitted);
        again.map_or(self.submission.at, |step| step.at)
    }

    /// What the site is late with, if it is.
    pub fn overdue(&self, now: DateTime) -> Option<Overdue> {
        Counted::of(self).overdue(now)
    }
}
