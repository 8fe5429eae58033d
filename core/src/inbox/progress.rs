use jiff::civil::DateTime;

use super::{Counted, FLOW, Party};
use crate::flow::{PlacedStep, Timeline, counting};
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

    /// What programs call it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance",
            Self::Completion => "completion",
        }
    }
}

/// How far the submission of a document has come; none where there is none.
pub fn progress(view: &View) -> Option<Progress<'_>> {
    // One is sent under a code. Whoever adds another knows the code too, and the first counts wherever it is looked at.
    let (submission, _) = view.present::<Submission>().next()?;
    let Timeline { stage, steps } = FLOW.timeline(view, submission.id)?;
    Some(Progress {
        submission,
        stage,
        steps,
    })
}

impl<'a> Progress<'a> {
    /// The steps that count.
    pub fn counting(&self) -> impl DoubleEndedIterator<Item = &'a Step> {
        counting(&self.steps)
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
