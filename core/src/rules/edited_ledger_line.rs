//! A line of a ledger of goods is not as it was written, or not whole.
//!
//! Reads the ledgers held. Lines are written once: one that was edited or removed gives no rights any more, and takes away
//! what it took.

use super::context::Context;
use super::supplies::line_reference;
use super::{Finding, Repair, Rule, Severity, Text};
use crate::records::{Collection, Edit, Entry, EntryKind};
use crate::supplies::{Fault, FaultKind, Line, Trouble, document};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for fault in context.ledger.faults() {
        let FaultKind::Line(trouble) = fault.kind else {
            continue;
        };
        let Some(line) = context.ledger.line(&fault.site, fault.line) else {
            continue;
        };
        // What cannot be read is said by another rule.
        if trouble != Trouble::Malformed || is_readable(context, &fault) {
            findings.push(report(context, &fault, trouble, &line));
        }
    }
}

fn is_readable(context: &Context<'_>, fault: &Fault) -> bool {
    let view = context.holdings.view(&document(&fault.site));
    let entry = view.and_then(|view| view.entry(Collection::Ledger, fault.line));
    entry.is_some_and(|entry: &Entry| entry.problems().is_empty() && entry.removed_at().is_none())
}

fn report(context: &Context<'_>, fault: &Fault, trouble: Trouble, line: &Line<'_>) -> Finding {
    let (site, said) = (&fault.site, context.line(&fault.site, line));
    let at = context.site_name(site);
    let (zh, en) = match trouble {
        Trouble::Edited => ("写好以后被改过", "was edited after it was written"),
        Trouble::Removed => ("被移除了，台账不能删", "was removed, and lines stay"),
        Trouble::Malformed => ("不完整", "is not whole"),
    };
    let text = Text::of(
        format_args!("{at}台账上的“{}”{zh}：它不再增加库存", said.zh),
        format_args!(
            "{} in the ledger of {at} {en}: it adds nothing to the stock",
            said.en
        ),
    );
    let repairs = match trouble {
        Trouble::Removed => vec![Repair::new(
            Text::new("恢复这一行", "restore the line"),
            vec![Edit::restore(
                &document(site),
                Collection::Ledger,
                fault.line,
            )],
        )],
        Trouble::Edited => again(context, fault, line).into_iter().collect(),
        Trouble::Malformed => Vec::new(),
    };
    let records = vec![line_reference(site, fault.line)];
    Finding::new(Rule::EditedLedgerLine, Severity::Error, records, None, text)
        .on(Some(line.at.date()))
        .with_repairs(repairs)
}

/// What the line says now is right: it counts as a stocktaking.
fn again(context: &Context<'_>, fault: &Fault, line: &Line<'_>) -> Option<Repair> {
    let holder = match line.kind {
        EntryKind::Contribution | EntryKind::Correction => line.holder,
        EntryKind::Grant | EntryKind::Return => line.to,
        _ => return None,
    };
    let label = Text::of(
        format_args!("现在写的是对的：按盘点补记 {}", line.count),
        format_args!(
            "it is right as it is: add {} as a stocktaking would",
            line.count
        ),
    );
    let what = (line.item, line.count);
    let credit = || context.credit(label, &fault.site, holder, what, line.id);
    (line.count > 0).then(credit)
}
