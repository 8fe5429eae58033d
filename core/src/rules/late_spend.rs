//! A device that was declared lost had given out what was taken back.
//!
//! Reads the ledgers held. What the hub had not seen when it declared the loss went out twice on paper: fewer goods are there than
//! the ledger says.

use super::context::Context;
use super::supplies::{Debt, device_reference, item_reference};
use super::{Finding, Repair, Rule, Severity, Text};
use crate::records::{Collection, RecordId};
use crate::supplies::Order;

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for debt in context.debts() {
        let device = context.ledger.device(&debt.site, debt.holder);
        if device.is_some_and(|device| device.lost_at.is_some()) {
            findings.push(report(context, &debt));
        }
    }
}

fn report(context: &Context<'_>, debt: &Debt<'_>) -> Finding {
    let (site, over) = (&debt.site, debt.over);
    let (name, device) = (
        context.item_name(site, debt.item),
        context.device_name(site, debt.holder),
    );
    let text = Text::of(
        format_args!(
            "设备{}报失以前另外发过 {over} 份{name}，报失时还不知道：账上比实物多 {over}",
            device.zh
        ),
        format_args!(
            "{} had given out {over} of {name} before it was declared lost, which was not known then: the ledger has {over} too many",
            device.en
        ),
    );
    let records = vec![
        device_reference(site, debt.holder),
        item_reference(site, debt.item),
    ];
    Finding::new(Rule::LateSpend, Severity::Error, records, None, text)
        .with_repairs(repairs(context, debt))
}

/// Who took the rights over gives back what is not there.
fn repairs(context: &Context<'_>, debt: &Debt<'_>) -> Vec<Repair> {
    let (site, over) = (&debt.site, debt.over);
    let holders = context.ledger.holders(site, debt.item).into_iter();
    let able = holders.filter(|(other, rights)| *other != debt.holder && *rights >= over);
    let repair = |(other, _): (&str, i64)| {
        let named = context.device_name(site, other);
        let label = Text::of(
            format_args!("从设备{}的数里扣去 {over}", named.zh),
            format_args!("take {over} from what {} holds", named.en),
        );
        let mark = debt.mark.to_string();
        let id = RecordId::natural(Collection::Ledger, &["late spend", &mark, other]);
        let desk = context.desk(site, other);
        let order = Order::of(debt.item, over);
        let edits = crate::supplies::grant(&desk, id, &order, debt.holder);
        Repair::new(label, edits)
    };
    able.take(3).map(repair).collect()
}
