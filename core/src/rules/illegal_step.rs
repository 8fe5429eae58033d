//! A step of a submission does not follow on those that others took, or ended what its writer did not know of.
//!
//! Reads each `inbox/<site>/<code>` by itself. Whoever takes a step is told at once where it does not follow; here it came from a
//! merge: a site accepted what its sender withdrew meanwhile. Both steps stay; one of them is moot.

use super::context::Context;
use super::wording::{list, said};
use super::{Finding, RecordRef, Repair, Rule, Severity, Text};
use crate::document::Name;
use crate::flow::Fit;
use crate::inbox::{PlacedStep, Progress};
use crate::records::{Collection, Edit, Step};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (name, progress) in context.submissions() {
        for (place, placed) in progress.steps.iter().enumerate() {
            match placed.fit {
                Fit::Illegal => findings.push(illegal(context, name, progress, placed.step)),
                Fit::Crosses { from } => {
                    let moot = progress.steps.get(from..place).unwrap_or_default();
                    findings.push(crossing(context, name, progress, placed.step, moot));
                }
                Fit::Moves | Fit::Repeats | Fit::Void => {}
            }
        }
    }
}

fn illegal(context: &Context<'_>, name: &Name, progress: &Progress<'_>, step: &Step) -> Finding {
    let (what, step_said) = (context.submission(name, progress), said_step(step));
    let stage = progress.stage.label();
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
    let edits = vec![void(context, name, step)];
    finding(context, name, progress, &[step], text).with_repairs(vec![Repair::new(label, edits)])
}

fn crossing(
    context: &Context<'_>,
    name: &Name,
    progress: &Progress<'_>,
    end: &Step,
    moot: &[PlacedStep<'_>],
) -> Finding {
    let counts = moot.iter().filter(|placed| placed.fit.counts());
    let moot: Vec<&Step> = counts.map(|placed| placed.step).collect();
    let said: Vec<Text> = moot.iter().map(|step| said_step(step)).collect();
    let (what, end_said, moot_said) = (
        context.submission(name, progress),
        said_step(end),
        list(&said, "步"),
    );
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
    let edits = moot.iter().map(|step| void(context, name, step)).collect();
    let steps: Vec<&Step> = moot.into_iter().chain([end]).collect();
    finding(context, name, progress, &steps, text).with_repairs(vec![Repair::new(label, edits)])
}

fn finding(
    context: &Context<'_>,
    name: &Name,
    progress: &Progress<'_>,
    steps: &[&Step],
    text: Text,
) -> Finding {
    let records = steps.iter().map(|step| RecordRef {
        document: name.clone(),
        collection: Collection::Timeline,
        record: step.id,
    });
    Finding::new(
        Rule::IllegalStep,
        Severity::Warning,
        records.collect(),
        None,
        text,
    )
    .on(context.sent_on(progress))
}

fn void(context: &Context<'_>, name: &Name, step: &Step) -> Edit {
    Edit::remove(name, Collection::Timeline, step.id, context.holdings.now)
}

/// `“已受理”（孙平）`.
fn said_step(step: &Step) -> Text {
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
