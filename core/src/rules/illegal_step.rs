//! A step of a submission or a case does not follow on those that others took, or ended what its writer did not know of.
//!
//! Reads each `inbox/<site>/<code>` and each `cases/<site>/<case>` by itself. Whoever takes a step is told at once where it does not follow;
//! here it came from a merge: a site accepted what its sender withdrew meanwhile. Both steps stay; one of them is moot.

use super::context::Context;
use super::steps::{Subject, said_step};
use super::wording::list;
use super::{Finding, Repair, Rule, Severity, Text};
use crate::flow::{Fit, PlacedStep};
use crate::records::{Collection, Edit, Step};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for subject in Subject::all(context) {
        subject.find(context, findings);
    }
}

impl Subject<'_> {
    fn find(&self, context: &Context<'_>, findings: &mut Vec<Finding>) {
        for (place, placed) in self.steps.iter().enumerate() {
            match placed.fit {
                Fit::Illegal => findings.push(self.illegal(context, placed.step)),
                Fit::Crosses { from } => {
                    let moot = self.steps.get(from..place).unwrap_or_default();
                    findings.push(self.crossing(context, placed.step, moot));
                }
                Fit::Moves | Fit::Repeats | Fit::Void => {}
            }
        }
    }

    fn illegal(&self, context: &Context<'_>, step: &Step) -> Finding {
        let (what, step_said) = (self.what(context), said_step(step));
        let stage = self.stage();
        let text = Text::of(
            format_args!(
                "{}已是“{}”，{}与此不合，没有生效：当时互不知情",
                what.zh, stage.zh, step_said.zh
            ),
            format_args!(
                "{} is {}, and {} does not fit: it was taken without knowing, and changes nothing",
                what.en, stage.en, step_said.en
            ),
        );
        let label = Text::of(
            format_args!("作废{}", step_said.zh),
            format_args!("cancel {}", step_said.en),
        );
        let edits = vec![self.void(context, step)];
        self.finding(context, Rule::IllegalStep, Severity::Warning, &[step], text)
            .with_repairs(vec![Repair::new(label, edits)])
    }

    fn crossing(&self, context: &Context<'_>, end: &Step, moot: &[PlacedStep<'_>]) -> Finding {
        let counts = moot.iter().filter(|placed| placed.fit.counts());
        let moot: Vec<&Step> = counts.map(|placed| placed.step).collect();
        let said: Vec<Text> = moot.iter().map(|step| said_step(step)).collect();
        let (what, end_said) = (self.what(context), said_step(end));
        let moot_said = list(&said, "步");
        let text = Text::of(
            format_args!(
                "{}的{}与{}同时发生，互不知情：以前者为准",
                what.zh, end_said.zh, moot_said.zh
            ),
            format_args!(
                "{}: {} came at the same time as {}; the former stands",
                what.en, end_said.en, moot_said.en
            ),
        );
        let label = Text::of(
            format_args!("知道了，作废{}", moot_said.zh),
            format_args!("so be it: cancel {}", moot_said.en),
        );
        let edits = moot.iter().map(|step| self.void(context, step)).collect();
        let steps: Vec<&Step> = moot.into_iter().chain([end]).collect();
        self.finding(context, Rule::IllegalStep, Severity::Warning, &steps, text)
            .with_repairs(vec![Repair::new(label, edits)])
    }

    fn void(&self, context: &Context<'_>, step: &Step) -> Edit {
        let now = context.holdings.now;
        Edit::remove(self.document, Collection::Timeline, step.id, now)
    }
}
