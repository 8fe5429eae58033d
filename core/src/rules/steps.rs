//! What steps are taken with: submissions and cases.

use jiff::civil::Date;

use super::cases::day_of;
use super::context::Context;
use super::wording::said;
use super::{Finding, RecordRef, Rule, Severity, Text};
use crate::document::Name;
use crate::flow::PlacedStep;
use crate::records::{Collection, Label, Step};

/// What steps were taken with.
pub(super) struct Subject<'a> {
    pub(super) document: &'a Name,
    /// What people call it.
    pub(super) what: Text,
    pub(super) stage: Label,
    /// In the order in which they were taken.
    pub(super) steps: Vec<PlacedStep<'a>>,
    on: Option<Date>,
}

impl<'a> Subject<'a> {
    /// Everything held that steps are taken with.
    pub(super) fn all(context: &'a Context<'_>) -> Vec<Self> {
        let sent = context.submissions().map(|(document, progress)| Self {
            document,
            what: context.submission(document, progress),
            stage: progress.stage.label(),
            on: context.sent_on(progress),
            steps: progress.steps.clone(),
        });
        let cases = context.cases.iter().map(|placed| {
            let received = placed.proceedings.case.received;
            Self {
                document: placed.document,
                what: context.case(placed),
                stage: placed.proceedings.stage.label(),
                steps: placed.proceedings.steps.clone(),
                on: day_of(received),
            }
        });
        sent.chain(cases).collect()
    }

    /// A finding about some of its steps.
    pub(super) fn finding(
        &self,
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
        Finding::new(rule, severity, records.collect(), None, text).on(self.on)
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
