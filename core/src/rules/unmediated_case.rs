//! A case is mediated by nobody.
//!
//! Reads each `cases/<site>/<case>` by itself; for its repair, the rosters held. A case is given to somebody by a step and a record: whoever
//! was taken off it since leaves it to nobody.

use super::cases::day_of;
use super::context::Context;
use super::{Finding, Rule, Severity, Text};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for placed in &context.cases {
        if !placed.is_heard() || !placed.proceedings.mediators.is_empty() {
            continue;
        }
        let (what, stage) = (context.case(placed), placed.proceedings.stage.label());
        let text = Text::of(
            format_args!("{}是“{}”，却没有调解员", what.zh, stage.zh),
            format_args!("{} is {}, and nobody mediates it", what.en, stage.en),
        );
        let on = placed.proceedings.last();
        let on = on.and_then(|step| day_of(step.at));
        let found = placed.finding(Rule::UnmediatedCase, Severity::Warning, None, text, on);
        let repairs = context.assign_repair(placed).into_iter().collect();
        findings.push(found.with_repairs(repairs));
    }
}
