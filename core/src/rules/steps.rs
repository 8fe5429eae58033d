//! What steps are taken with: submissions and cases.

use super::cases::{PlacedCase, day_of};
use super::context::Context;
use super::wording::said;
use super::{Finding, RecordRef, Rule, Severity, Text};
use crate::document::Name;
use crate::flow::PlacedStep;
use crate::inbox::Progress;
use crate::records::{Collection, Label, Step};

/// What steps were taken with. Most of it is in order, so that nothing is put into words before there is something to say.
pub(super) struct Subject<'c> {
    pub(super) document: &'c Name,
    /// In the order in which they were taken.
    pub(super) steps: &'c [PlacedStep<'c>],
    of: Of<'c>,
}

enum Of<'c> {
    Submission(&'c Progress<'c>),
    Case(&'c PlacedCase<'c>),
}

impl<'c> Subject<'c> {
    /// Everything held that steps are taken with.
    pub(super) fn all(context: &'c Context<'_>) -> impl Iterator<Item = Self> {
        let sent = context.submissions().map(|(document, progress)| Self {
            document,
            steps: &progress.steps,
            of: Of::Submission(progress),
        });
        let cases = context.cases.iter().map(|placed| Self {
            document: placed.document,
            steps: &placed.proceedings.steps,
            of: Of::Case(placed),
        });
        sent.chain(cases)
    }

    /// What people call it.
    pub(super) fn what(&self, context: &Context<'_>) -> Text {
        match self.of {
            Of::Submission(progress) => context.submission(self.document, progress),
            Of::Case(placed) => context.case(placed),
        }
    }

    /// How far it has come.
    pub(super) const fn stage(&self) -> Label {
        match self.of {
            Of::Submission(progress) => progress.stage.label(),
            Of::Case(placed) => placed.proceedings.stage.label(),
        }
    }

    /// A finding about some of its steps.
    pub(super) fn finding(
        &self,
        context: &Context<'_>,
        rule: Rule,
        severity: Severity,
        steps: &[&Step],
        text: Text,
    ) -> Finding {
        let records = steps.iter().map(|step| RecordRef {
            document: self.document.clone(),
            collection: Collection::Timeline,
            record: step.id,
        });
        let on = match self.of {
            Of::Submission(progress) => context.sent_on(progress),
            Of::Case(placed) => day_of(placed.proceedings.case.received),
        };
        Finding::new(rule, severity, records.collect(), None, text).on(on)
    }
}

/// `“已受理”（孙平）`.
pub(super) fn said_step(step: &Step) -> Text {
    let stage = step.stage.label();
    match step.by.as_str() {
        "" => Text::of(
            format_args!("“{}”", stage.zh),
            format_args!("\"{}\"", stage.en),
        ),
        by => Text::of(
            format_args!("“{}”（{}）", stage.zh, said(by)),
            format_args!("\"{}\" by {}", stage.en, said(by)),
        ),
    }
}
