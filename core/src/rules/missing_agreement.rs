//! A case was settled, and its agreement is not on the record.
//!
//! Reads each `cases/<site>/<case>` by itself. Whoever says that the parties agreed is asked for it; it may have been removed since.

use super::cases::day_of;
use super::context::Context;
use super::{Finding, Rule, Severity, Text};
use crate::records::Stage;

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for placed in &context.cases {
        let Some((Stage::Agreed, at)) = placed.proceedings.outcome() else {
            continue;
        };
        if !placed.proceedings.agreements.is_empty() {
            continue;
        }
        let what = context.case(placed);
        let text = Text::of(
            format_args!("{}达成了协议，却没有登记调解协议", what.zh),
            format_args!(
                "the parties of {} agreed, and no agreement is on the record",
                what.en
            ),
        );
        let rule = Rule::MissingAgreement;
        findings.push(placed.finding(rule, Severity::Warning, None, text, day_of(at)));
    }
}
