//! What is booked, or where a service takes place, is no venue.
//!
//! Reads `sites`, and every venue that the bookings held and the services name. One finding for a venue.

use super::context::{Context, not_checked};
use super::wording::{list, said};
use super::{Finding, NotChecked, RecordRef, Repair, Rule, Severity, Text};
use crate::document::{Month, Name};
use crate::ordered::{BTreeMap, BTreeSet};
use crate::records::{Collection, Edit, RecordId, Venue};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let directory = &context.directory;
    // Without a single site nothing is known about venues.
    if context.sites.is_empty() {
        return;
    }
    let is_unknown = |venue: &RecordId| directory.venue(*venue).is_none();
    let mut unknown: BTreeMap<RecordId, BTreeSet<Text>> = BTreeMap::new();
    for placed in context.bookings.booked() {
        if let Some(venue) = placed.booking.venue.filter(is_unknown) {
            let booked = context.party(placed);
            unknown.entry(venue).or_default().insert(booked);
        }
    }
    for site in directory.sites() {
        for service in directory.services_of(&site.key) {
            if let Some(venue) = service.venue.filter(is_unknown) {
                let (name, at) = (said(&service.name), context.site_name(&site.key));
                let service = Text::of(
                    format_args!("服务“{name}”（{at}）"),
                    format_args!("the service {name} ({at})"),
                );
                unknown.entry(venue).or_default().insert(service);
            }
        }
    }
    for (venue, uses) in unknown {
        let uses: Vec<Text> = uses.into_iter().collect();
        findings.push(report(context, venue, &uses));
    }
}

fn report(context: &Context<'_>, venue: RecordId, uses: &[Text]) -> Finding {
    let record = RecordRef {
        document: Name::Sites,
        collection: Collection::Venues,
        record: venue,
    };
    let uses = list(uses, "处");
    let view = context.holdings.view(&Name::Sites);
    let removed = view.and_then(|view| view.get::<Venue>(venue));
    let name = removed.map_or_else(|| venue.to_string(), |venue| said(&venue.name));
    let text = Text::of(
        format_args!("站点名录里没有场地“{name}”，却用到了它：{}", uses.zh),
        format_args!(
            "the directory of sites has no venue {name}, which is used: {}",
            uses.en
        ),
    );
    let repairs = removed.map(|_| {
        let label = Text::of(
            format_args!("恢复已移除的场地“{name}”"),
            format_args!("restore the venue {name}, which was removed"),
        );
        let edit = Edit::restore(&Name::Sites, Collection::Venues, venue);
        Repair::new(label, vec![edit])
    });
    Finding::new(
        Rule::UnknownVenue,
        Severity::Warning,
        vec![record],
        None,
        text,
    )
    .with_repairs(repairs.into_iter().collect())
}

pub(super) fn missing(context: &Context<'_>, _: Option<Month>, out: &mut Vec<NotChecked>) {
    if context.sites.is_empty() && context.bookings.booked().next().is_some() {
        let text = Text::new(
            "没有核对预订：本机没有站点名录，不知道有哪些场地、由谁确认",
            "bookings were not checked: no directory of sites is held, which says what venues there are and who confirms",
        );
        out.extend(not_checked(Rule::UnknownVenue, vec![Name::Sites], text));
    }
}
