//! A device gave out more than it held.
//!
//! Reads the ledgers held. A device cannot do so by itself: its ledger was edited, or its store is in use twice.

use super::context::Context;
use super::supplies::{Debt, device_reference, item_reference};
use super::{Finding, Rule, Severity, Text};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for debt in context.debts() {
        let device = context.ledger.device(&debt.site, debt.holder);
        if device.is_none_or(|device| device.lost_at.is_none()) {
            findings.push(report(context, &debt));
        }
    }
}

fn report(context: &Context<'_>, debt: &Debt<'_>) -> Finding {
    let Debt {
        site,
        item,
        holder,
        over,
        mark,
    } = debt;
    let (name, device) = (
        context.item_name(site, *item),
        context.device_name(site, holder),
    );
    let text = Text::of(
        format_args!(
            "设备{}的{name}多发了 {over}：发放和调出多于它有的",
            device.zh
        ),
        format_args!("{} gave out {over} more of {name} than it held", device.en),
    );
    let label = Text::of(
        format_args!("盘点：这些{name}原本就在，补记 {over}"),
        format_args!("stocktaking: the {over} were there, add them"),
    );
    let repair = context.credit(label, site, holder, (*item, *over), *mark);
    let records = vec![device_reference(site, holder), item_reference(site, *item)];
    Finding::new(Rule::Overdrawn, Severity::Error, records, None, text).with_repairs(vec![repair])
}
