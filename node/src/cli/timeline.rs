//! Steps that people took with something, as they are shown.

use jiff::civil::DateTime;
use serde_json::{Value, json};
use yilian_core::flow::Fit;
use yilian_core::records::Step;

use super::context::Context;
use super::failure::Failure;
use super::out;

/// `2026-12-20 09:00`.
pub(crate) fn when(at: DateTime) -> String {
    match at {
        DateTime::ZERO => "?".to_owned(),
        at => at.strftime("%Y-%m-%d %H:%M").to_string(),
    }
}

/// What anybody may have sent, on one line and without what a terminal would obey.
pub(crate) fn clean(text: &str) -> String {
    text.split(|of: char| of.is_control() || of.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A step and what it did.
pub(crate) fn step_json(step: &Step, fit: Fit) -> Value {
    let mut step = json!(step);
    if let Some(step) = step.as_object_mut() {
        step.insert("fit".to_owned(), fit.as_str().into());
    }
    step
}

/// A line for a step, and a remark where it is not what it seems.
pub(crate) fn print_step(context: &Context, step: &Step, fit: Fit) -> Result<(), Failure> {
    let label = step.stage.label();
    let label = context.pick(label.zh, label.en);
    let (by, note) = (clean(&step.by), clean(&step.note));
    let line = format!("  {}  {label}  {by}  {note}", when(step.at));
    let remark = match fit {
        Fit::Moves => "",
        Fit::Crosses { .. } => {
            context.pick("（当时不知道上一步）", "(did not know of the step before)")
        }
        Fit::Repeats => context.pick("（重复）", "(again)"),
        Fit::Illegal => context.pick(
            "（没有生效：当时互不知情）",
            "(changed nothing: taken without knowing)",
        ),
        Fit::Void => context.pick("（已作废）", "(cancelled)"),
    };
    out::line(format!("{}  {remark}", line.trim_end()).trim_end())
}
