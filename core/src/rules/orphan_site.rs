//! A site belongs to none, and is not the hub.
//!
//! Reads `sites`. Where there is no hub, no site is asked to which it belongs.

use super::context::Context;
use super::wording::said;
use super::{Finding, RecordRef, Repair, Rule, Severity, Text};
use crate::document::{Name, SiteKey};
use crate::records::{Collection, Edit, Site};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(hub) = context.directory.hub() else {
        return;
    };
    for site in context.directory.sites() {
        if site.parent.is_none() && site.key != *hub {
            findings.push(report(context, site, hub));
        }
    }
}

fn report(context: &Context<'_>, site: &Site, hub: &SiteKey) -> Finding {
    let name = context.site_name(&site.key);
    let text = Text::of(
        format_args!("“{name}”没有上级，暂由{}照管", context.site_name(hub)),
        format_args!(
            "{name} belongs to no site, and {} looks after it meanwhile",
            context.site_name(hub)
        ),
    );
    let mut parents: Vec<&SiteKey> = nearest_above(context, site).into_iter().collect();
    parents.push(hub);
    parents.dedup();
    let repairs = parents
        .into_iter()
        .map(|parent| put_under(context, site, parent));
    Finding::new(
        Rule::OrphanSite,
        Severity::Warning,
        vec![reference(site)],
        None,
        text,
    )
    .with_repairs(repairs.collect())
}

/// The nearest of the sites that are larger, where it is known where they are.
fn nearest_above<'a>(context: &'a Context<'_>, site: &Site) -> Option<&'a SiteKey> {
    let directory = &context.directory;
    let larger = directory.sites().filter(|other| other.level < site.level);
    larger
        .filter_map(|other| Some((directory.distance_m(&site.key, &other.key)?, &other.key)))
        .min()
        .map(|(_, key)| key)
}

pub(super) fn put_under(context: &Context<'_>, site: &Site, parent: &SiteKey) -> Repair {
    let (name, above) = (said(&site.name), context.site_name(parent));
    let label = Text::of(
        format_args!("把“{name}”归到{above}"),
        format_args!("put {name} under {above}"),
    );
    let edit = Edit::set(
        &Name::Sites,
        Collection::Sites,
        site.id,
        "parent",
        parent.as_str(),
    );
    Repair::new(label, vec![edit])
}

pub(super) fn reference(site: &Site) -> RecordRef {
    RecordRef {
        document: Name::Sites,
        collection: Collection::Sites,
        record: site.id,
    }
}
