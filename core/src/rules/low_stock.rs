//! A site has less of an item than it wants to have.
//!
//! Reads the ledgers held. What is on its way counts.

use super::context::Context;
use super::supplies::item_reference;
use super::wording::list;
use super::{Finding, Rule, Severity, Text};
use crate::document::SiteKey;
use crate::ordered::{self, BTreeMap};
use crate::records::{Item, RecordId, View};
use crate::supplies::document;

/// How many sites are named that have more.
const NAMED_MAX: usize = 3;

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let stocks = Stocks::of(context);
    for site in context.ledger.sites() {
        let view = context.holdings.view(&document(site));
        let items = view.into_iter().flat_map(View::present::<Item>);
        for (item, _) in items {
            let place = (site.as_str(), item.id);
            let held = stocks.held.get(&place).copied().unwrap_or(0);
            let arriving = stocks.arriving.get(&place).copied().unwrap_or(0);
            if let Some(low) = item.low.filter(|low| held + arriving < *low) {
                let others = others(context, site, stocks.spare.get(&item.id));
                findings.push(report(
                    context,
                    site,
                    item.id,
                    (held, arriving, low),
                    &others,
                ));
            }
        }
    }
}

/// What all sites have, counted once.
#[derive(Debug, Default)]
struct Stocks<'a> {
    /// What the devices of a site have of an item.
    held: BTreeMap<(&'a str, RecordId), i64>,
    /// What is on its way to a site from others.
    arriving: BTreeMap<(&'a str, RecordId), i64>,
    /// The sites that have more of an item than they want to have themselves, each with what it lacks: those with the most first.
    spare: BTreeMap<RecordId, Vec<(i64, &'a SiteKey)>>,
}

impl<'a> Stocks<'a> {
    fn of(context: &'a Context<'_>) -> Self {
        let ledger = &context.ledger;
        let mut stocks = Self::default();
        for (site, item, _, rights) in ledger.balances() {
            *stocks.held.entry((site, item)).or_default() += rights;
        }
        for transit in ledger.all_in_transit() {
            if transit.from_site != transit.to_site {
                let place = (transit.to_site, transit.item);
                *stocks.arriving.entry(place).or_default() += transit.count;
            }
        }
        for site in ledger.sites() {
            let view = context.holdings.view(&document(site));
            for (item, _) in view.into_iter().flat_map(View::present::<Item>) {
                let held = stocks.held.get(&(site.as_str(), item.id));
                let lack = item.low.unwrap_or(0) - held.copied().unwrap_or(0);
                if lack < 0 {
                    stocks.spare.entry(item.id).or_default().push((lack, site));
                }
            }
        }
        stocks
            .spare
            .values_mut()
            .for_each(|sites| ordered::sort(sites));
        stocks
    }
}

fn report(
    context: &Context<'_>,
    site: &SiteKey,
    item: RecordId,
    (held, arriving, low): (i64, i64, i64),
    others: &[Text],
) -> Finding {
    let (at, name) = (context.site_name(site), context.item_name(site, item));
    let mut text = Text::of(
        format_args!("{at}的{name}不多了：现有 {held}，低于 {low}"),
        format_args!("{at} is low on {name}: {held} are there, fewer than {low}"),
    );
    if arriving > 0 {
        text.zh.push_str(&format!("，另有 {arriving} 在路上"));
        text.en.push_str(&format!(", {arriving} are on their way"));
    }
    if !others.is_empty() {
        let others = list(others, "处");
        text.zh.push_str(&format!("；可以请人调来：{}", others.zh));
        text.en
            .push_str(&format!("; there are more at {}", others.en));
    }
    let records = vec![item_reference(site, item)];
    // One item is one record at every site: the site tells one finding from another.
    let field = Some(site.as_str());
    Finding::new(Rule::LowStock, Severity::Notice, records, field, text)
}

/// The first of the other sites that have some to spare.
fn others(
    context: &Context<'_>,
    site: &SiteKey,
    spare: Option<&Vec<(i64, &SiteKey)>>,
) -> Vec<Text> {
    let others = spare
        .into_iter()
        .flatten()
        .filter(|(_, other)| *other != site);
    let named = others.take(NAMED_MAX).map(|(lack, other)| {
        let at = context.site_name(other);
        Text::of(
            format_args!("{at} {}", -lack),
            format_args!("{at} ({})", -lack),
        )
    });
    named.collect()
}
