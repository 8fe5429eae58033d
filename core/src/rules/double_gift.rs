//! A claim on goods was answered twice.
//!
//! Reads the ledgers held. The device that is asked gives once, since its gift's id follows from the claim; another line must have been
//! written by something else.

use super::context::Context;
use super::supplies::line_reference;
use super::wording::list;
use super::{Finding, RecordRef, Repair, Rule, Severity, Text};
use crate::supplies::{Fault, FaultKind, Line};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let faults = context.ledger.faults();
    let twice = faults
        .iter()
        .filter(|fault| fault.kind == FaultKind::GivenTwice);
    findings.extend(twice.map(|fault| report(context, fault)));
}

fn report(context: &Context<'_>, fault: &Fault) -> Finding {
    let site = &fault.site;
    let gifts = context.ledger.gifts_for(site, fault.line);
    let said: Vec<Text> = gifts.iter().map(|gift| context.line(site, gift)).collect();
    let all = list(&said, "次");
    let text = Text::of(
        format_args!("同一条申领发放了 {} 次：{}", gifts.len(), all.zh),
        format_args!("one claim was answered {} times: {}", gifts.len(), all.en),
    );
    let mut records: Vec<RecordRef> = vec![line_reference(site, fault.line)];
    records.extend(gifts.iter().map(|gift| line_reference(site, gift.id)));
    let repair = |gift: &Line<'_>| -> Repair {
        let said = context.line(site, gift);
        let label = Text::of(
            format_args!("其实没有发：{}，补记 {}", said.zh, gift.count),
            format_args!("it was not given: {}, add {}", said.en, gift.count),
        );
        context.credit(
            label,
            site,
            gift.holder,
            (gift.item, gift.count.max(1)),
            gift.id,
        )
    };
    let date = gifts.first().map(|gift| gift.at.date());
    let repairs = gifts.iter().rev().take(3).map(repair).collect();
    Finding::new(Rule::DoubleGift, Severity::Error, records, None, text)
        .on(date)
        .with_repairs(repairs)
}
