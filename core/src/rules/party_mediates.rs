//! A party to a case mediates it.
//!
//! Reads each `cases/<site>/<case>` by itself. Whoever gives a case to somebody is told at once; here it came from a merge, or the party was
//! entered later.

use super::context::Context;
use super::wording::said;
use super::{Finding, Repair, Rule, Severity, Text};
use crate::records::{Collection, Edit};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for placed in &context.cases {
        let mediators = placed.proceedings.mediators.iter();
        for mediator in mediators.filter(|of| placed.proceedings.is_party(&of.name)) {
            let (what, name) = (context.case(placed), said(&mediator.name));
            let text = Text::of(
                format_args!("{name} 是{}的当事人，又是调解员", what.zh),
                format_args!("{name} is a party to {} and mediates it", what.en),
            );
            let label = Text::of(
                format_args!("不再由 {name} 调解"),
                format_args!("take {name} off it"),
            );
            let now = context.holdings.now;
            let edit = Edit::remove(placed.document, Collection::Mediators, mediator.id, now);
            let record = placed.record(Collection::Mediators, mediator.id);
            let found = placed.finding(
                Rule::PartyMediates,
                Severity::Error,
                Some(record),
                text,
                None,
            );
            findings.push(found.with_repairs(vec![Repair::new(label, vec![edit])]));
        }
    }
}
