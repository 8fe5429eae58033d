//! A key is no site's.
//!
//! Reads `sites`, and every key that the rosters, the people and the sites themselves name. One finding for a key.

use super::context::{Context, not_checked};
use super::wording::{list, said};
use super::{Finding, NotChecked, RecordRef, Repair, Rule, Severity, Text};
use crate::document::{Month, Name, SiteKey};
use crate::ordered::{BTreeMap, BTreeSet};
use crate::records::{Collection, Edit, Site};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    // Without a single site nothing is known about sites.
    if context.sites.is_empty() {
        return;
    }
    // Texts are kept once each: a roster names its site in every shift.
    let mut unknown: BTreeMap<&SiteKey, BTreeSet<Text>> = BTreeMap::new();
    let known = |key: &SiteKey| context.sites.contains_key(key);
    let holdings = context.holdings;
    for name in holdings.documents.keys().chain(&holdings.settled) {
        if let Some(key) = name.site().filter(|key| !known(key)) {
            unknown.entry(key).or_default().insert(document(name));
        }
    }
    for placed in &context.shifts {
        if let Some(key) = placed.shift.lent_by.as_ref().filter(|key| !known(key)) {
            let name = document(placed.document);
            let lent = Text::of(
                format_args!("{}里借调的{}", name.zh, placed.name()),
                format_args!("{}, lent by it, in {}", placed.name(), name.en),
            );
            unknown.entry(key).or_default().insert(lent);
        }
    }
    for site in context.sites.values() {
        if let Some(key) = site.parent.as_ref().filter(|key| !known(key)) {
            let below = Text::of(
                format_args!("{}的上级", said(&site.name)),
                format_args!("{} as its parent", said(&site.name)),
            );
            unknown.entry(key).or_default().insert(below);
        }
    }
    for (key, uses) in unknown {
        let uses: Vec<Text> = uses.into_iter().collect();
        findings.push(report(context, key, &uses));
    }
}

fn document(name: &Name) -> Text {
    match (name, name.month()) {
        (Name::Roster { .. }, Some(month)) => Text::of(
            format_args!("{}年{}月的排班", month.year(), month.month()),
            format_args!("the roster of {month}"),
        ),
        (Name::People { .. }, _) => Text::new("人员名单", "a list of people"),
        _ => Text::of(format_args!("文档 {name}"), format_args!("document {name}")),
    }
}

fn report(context: &Context<'_>, key: &SiteKey, uses: &[Text]) -> Finding {
    let (id, uses) = (Site::id_of(key), list(uses, "处"));
    let record = RecordRef {
        document: Name::Sites,
        collection: Collection::Sites,
        record: id,
    };
    let text = Text::of(
        format_args!("站点名录里没有“{key}”，却用到了它：{}", uses.zh),
        format_args!(
            "the directory of sites has no {key}, which is used: {}",
            uses.en
        ),
    );
    let removed = context
        .holdings
        .view(&Name::Sites)
        .and_then(|view| view.get::<Site>(id));
    let repairs = removed.map(|site| {
        let label = Text::of(
            format_args!("恢复已移除的站点“{}”", said(&site.name)),
            format_args!("restore the site {}, which was removed", said(&site.name)),
        );
        Repair::new(
            label,
            vec![Edit::restore(&Name::Sites, Collection::Sites, id)],
        )
    });
    Finding::new(
        Rule::UnknownSite,
        Severity::Warning,
        vec![record],
        None,
        text,
    )
    .with_repairs(repairs.into_iter().collect())
}

pub(super) fn missing(context: &Context<'_>, _: Option<Month>, out: &mut Vec<NotChecked>) {
    if context.sites.is_empty() && !context.holdings.documents.is_empty() {
        let text = Text::new(
            "没有核对站点：本机没有站点名录",
            "sites were not checked: no directory of sites is held",
        );
        out.extend(not_checked(Rule::UnknownSite, vec![Name::Sites], text));
    }
}
