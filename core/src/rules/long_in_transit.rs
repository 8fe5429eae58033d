//! Goods are on their way for more than a week.
//!
//! Reads the ledgers held, of both sites: where the other is not held, what it received is not known.

use super::context::Context;
use super::supplies::line_reference;
use super::wording::day;
use super::{Finding, Repair, Rule, Severity, Text};
use crate::civil;
use crate::document::SiteKey;
use crate::supplies::{Transit, document};

/// How long goods may be on their way.
const DAYS_MAX: i32 = 7;

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for transit in context.ledger.all_in_transit() {
        let sites = (transit.from_site.parse(), transit.to_site.parse());
        let (Ok(from), Ok(to)) = sites else {
            continue;
        };
        let until = civil::add_days(transit.at, DAYS_MAX);
        let is_late = until.is_some_and(|until| until < context.holdings.now);
        if is_late && !context.holdings.is_missing(&document(&to)) {
            findings.push(report(context, &transit, &from, &to));
        }
    }
}

fn report(context: &Context<'_>, transit: &Transit<'_>, from: &SiteKey, to: &SiteKey) -> Finding {
    let (name, count) = (context.item_name(from, transit.item), transit.count);
    let (there, here) = (context.site_name(to), context.site_name(from));
    let date = day(transit.at.date(), context.year());
    let text = Text::of(
        format_args!("{here} {}调给{there}的{name} {count} 至今没有收货", date.zh),
        format_args!(
            "{count} of {name} that {here} sent to {there} on {} were not received",
            date.en
        ),
    );
    let desk = context.desk(to, transit.to);
    let receipt = context.ledger.plan_receipt(&desk, transit.id);
    let repairs = receipt.into_iter().map(|edits| {
        let label = Text::of(
            format_args!("已经送到：替{there}登记收货"),
            format_args!("they have arrived: enter the receipt for {there}"),
        );
        Repair::new(label, edits)
    });
    let records = vec![line_reference(from, transit.id)];
    Finding::new(Rule::LongInTransit, Severity::Warning, records, None, text)
        .on(Some(transit.at.date()))
        .with_repairs(repairs.collect())
}
