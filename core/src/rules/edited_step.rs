//! A step of a submission or a case is not as it was written.
//!
//! Reads each `inbox/<site>/<code>` and each `cases/<site>/<case>` by itself. Steps are written once: who wants another one takes another. One
//! that was edited counts as it is now; its history says what it was.

use super::context::Context;
use super::steps::{Subject, said_step};
use super::{Finding, Rule, Severity, Text};
use crate::records::Collection;

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for subject in Subject::all(context) {
        let view = context.holdings.view(subject.document);
        for placed in subject.steps {
            let step = placed.step;
            let entry = view.and_then(|view| view.entry(Collection::Timeline, step.id));
            if !entry.is_some_and(|entry| entry.is_patched() && entry.removed_at().is_none()) {
                continue;
            }
            let (what, step_said) = (subject.what(context), said_step(step));
            let text = Text::of(
                format_args!(
                    "{}的{}写下以后被改过：以现在的为准，原来的见历史",
                    what.zh, step_said.zh
                ),
                format_args!(
                    "{} of {} was edited after it was written; it counts as it is now, and its history says what it was",
                    step_said.en, what.en
                ),
            );
            let (rule, severity) = (Rule::EditedStep, Severity::Warning);
            findings.push(subject.finding(context, rule, severity, &[step], text));
        }
    }
}
