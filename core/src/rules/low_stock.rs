//! A site has less of an item than it wants to have.
//!
//! Reads the ledgers held. What is on its way counts.

use super::context::Context;
use super::supplies::item_reference;
use super::wording::list;
use super::{Finding, Rule, Severity, Text};
use crate::document::SiteKey;
use crate::records::RecordId;
use crate::supplies::Stock;

/// How many sites are named that have more.
const NAMED_MAX: usize = 3;

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let ledger = &context.ledger;
    for site in ledger.sites() {
        for stock in ledger.stocks(site) {
            let item = ledger
                .item(site, stock.item)
                .filter(|_| ledger.knows_item(site, stock.item));
            let low = item.and_then(|item| item.low);
            let low = low.filter(|low| stock.held + stock.arriving < *low);
            findings.extend(low.map(|low| report(context, site, &stock, low)));
        }
    }
}

fn report(context: &Context<'_>, site: &SiteKey, stock: &Stock, low: i64) -> Finding {
    let (at, name) = (context.site_name(site), context.item_name(site, stock.item));
    let (held, arriving) = (stock.held, stock.arriving);
    let mut text = Text::of(
        format_args!("{at}的{name}不多了：现有 {held}，低于 {low}"),
        format_args!("{at} is low on {name}: {held} are there, fewer than {low}"),
    );
    if arriving > 0 {
        text.zh.push_str(&format!("，另有 {arriving} 在路上"));
        text.en.push_str(&format!(", {arriving} are on their way"));
    }
    let others = others(context, site, stock.item);
    if !others.is_empty() {
        let others = list(&others, "处");
        text.zh.push_str(&format!("；可以请人调来：{}", others.zh));
        text.en
            .push_str(&format!("; there are more at {}", others.en));
    }
    let records = vec![item_reference(site, stock.item)];
    // One item is one record at every site: the site tells one finding from another.
    let field = Some(site.as_str());
    Finding::new(Rule::LowStock, Severity::Notice, records, field, text)
}

/// The sites that have more than they want to have themselves, those with the most first.
fn others(context: &Context<'_>, site: &SiteKey, item: RecordId) -> Vec<Text> {
    let ledger = &context.ledger;
    let mut sites: Vec<(i64, &SiteKey)> = ledger
        .sites()
        .filter(|other| *other != site && ledger.knows_item(other, item))
        .map(|other| {
            let low = ledger.item(other, item).and_then(|item| item.low);
            let held: i64 = ledger
                .holders(other, item)
                .iter()
                .map(|(_, rights)| rights)
                .sum();
            (low.unwrap_or(0) - held, other)
        })
        .filter(|(lack, _)| *lack < 0)
        .collect();
    crate::ordered::sort(&mut sites);
    let named = sites.into_iter().take(NAMED_MAX).map(|(lack, other)| {
        let at = context.site_name(other);
        Text::of(
            format_args!("{at} {}", -lack),
            format_args!("{at} ({})", -lack),
        )
    });
    named.collect()
}
