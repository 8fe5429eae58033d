//! Goods were received that nobody sent there.
//!
//! Reads the ledgers held, of the site that received and of the one that is said to have sent. Such a receipt gives no rights.

use super::context::{Context, not_checked};
use super::supplies::line_reference;
use super::{Finding, NotChecked, Rule, Severity, Text};
use crate::document::{Month, SiteKey};
use crate::supplies::{Fault, FaultKind, Line, document};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (fault, line) in unmatched(context) {
        if !is_unknown(context, &line) {
            findings.push(report(context, &fault, &line));
        }
    }
}

fn unmatched<'a>(context: &'a Context<'_>) -> Vec<(Fault, Line<'a>)> {
    let faults = context.ledger.faults().into_iter();
    faults
        .filter(|fault| fault.kind == FaultKind::Unmatched)
        .filter_map(|fault| {
            let line = context.ledger.line(&fault.site, fault.line)?;
            Some((fault, line))
        })
        .collect()
}

/// Whether the ledger that would tell is not held.
fn is_unknown(context: &Context<'_>, line: &Line<'_>) -> bool {
    let from = line.to_site.parse::<SiteKey>();
    from.is_ok_and(|from| context.holdings.is_missing(&document(&from)))
}

fn report(context: &Context<'_>, fault: &Fault, line: &Line<'_>) -> Finding {
    let (site, said) = (&fault.site, context.line(&fault.site, line));
    let at = context.site_name(site);
    let text = Text::of(
        format_args!("{at}的“{}”对不上任何一次调出，不计入库存", said.zh),
        format_args!(
            "{} at {at} is that of no transfer: it counts for nothing",
            said.en
        ),
    );
    let label = Text::of(
        format_args!("确已收到：按盘点补记 {}", line.count),
        format_args!("they are there: add {} as a stocktaking would", line.count),
    );
    let what = (line.item, line.count);
    let repair = context.credit(label, site, line.holder, what, line.id);
    let records = vec![line_reference(site, line.id)];
    Finding::new(Rule::UnmatchedReceipt, Severity::Error, records, None, text)
        .on(Some(line.at.date()))
        .with_repairs(vec![repair])
}

pub(super) fn missing(context: &Context<'_>, _month: Option<Month>, out: &mut Vec<NotChecked>) {
    let unmatched = unmatched(context).into_iter();
    let unknown = unmatched.filter(|(_, line)| is_unknown(context, line));
    let documents: Vec<_> = unknown
        .filter_map(|(_, line)| line.to_site.parse().ok())
        .map(|site| document(&site))
        .collect();
    let text = Text::new(
        "有些收货没有核对：本机没有发出站点的台账，暂不计入库存",
        "some receipts were not checked, and count for nothing here: the ledgers they came from are not held",
    );
    out.extend(not_checked(Rule::UnmatchedReceipt, documents, text));
}
