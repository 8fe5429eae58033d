//! The day is over by which an agreement was to be performed.
//!
//! Reads each `cases/<site>/<case>` by itself, and the time.

use super::context::Context;
use super::wording::day;
use super::{Finding, Repair, Rule, Severity, Text};
use crate::records::{Collection, Edit, Stage, write_date};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let today = context.holdings.now.date();
    for placed in &context.cases {
        if !matches!(placed.proceedings.outcome(), Some((Stage::Agreed, _))) {
            continue;
        }
        for agreement in &placed.proceedings.agreements {
            let due = agreement.due.filter(|_| agreement.performed.is_none());
            let Some(due) = due.filter(|due| *due < today) else {
                continue;
            };
            let (what, by) = (context.case(placed), day(due, context.year()));
            let text = Text::of(
                format_args!("{}的协议应在 {} 前履行，还没有履行的记录", what.zh, by.zh),
                format_args!(
                    "the agreement in {} was to be performed by {}, and nobody says that it was",
                    what.en, by.en
                ),
            );
            let label = Text::new("今天已履行", "it was performed today");
            let performed = Edit::set(
                placed.document,
                Collection::Agreements,
                agreement.id,
                "performed",
                write_date(today),
            );
            let record = placed.record(Collection::Agreements, agreement.id);
            let rule = Rule::UnperformedAgreement;
            let found = placed.finding(rule, Severity::Warning, Some(record), text, Some(due));
            findings.push(found.with_repairs(vec![Repair::new(label, vec![performed])]));
        }
    }
}
