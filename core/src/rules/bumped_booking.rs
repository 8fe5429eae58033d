//! A booking has to make way for another.
//!
//! Reads `sites` (venues, and which site is the hub) and the bookings held: those of the months before and after too, which may run
//! into this one.

use super::bookings::PlacedBooking;
use super::context::{Context, not_checked};
use super::{Finding, NotChecked, Repair, Rule, Severity, Text};
use crate::document::{Month, Name};
use crate::matrix::Grant;
use crate::ordered::BTreeSet;

/// As many other places and times are offered.
const OFFERED_MAX: usize = 4;

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for placed in context.bookings.booked() {
        if let Some(Grant::Bumped { by }) = context.bookings.grant(placed.booking)
            && let Some(by) = context.bookings.get(by)
            && context.concerns([placed.document, by.document])
        {
            findings.push(report(context, placed, by));
        }
    }
}

fn report(context: &Context<'_>, placed: &PlacedBooking<'_>, by: &PlacedBooking<'_>) -> Finding {
    let (party, other) = (context.party(placed), context.party(by));
    let venue = context.booked_venue(placed);
    let is_confirmed = context.bookings.grant(by.booking) == Some(Grant::Confirmed);
    let why = match is_confirmed {
        true => Text::new("已确认给", "is promised to"),
        false => Text::new("先订的是", "was booked first by"),
    };
    let text = Text::of(
        format_args!("{} 订不到{}：{} {}", party.zh, venue.zh, why.zh, other.zh),
        format_args!(
            "{} cannot have {}, which {} {}",
            party.en, venue.en, why.en, other.en
        ),
    );
    let others = context.alternatives(placed, OFFERED_MAX);
    let mut repairs: Vec<Repair> = others
        .iter()
        .filter_map(|other| context.move_to(placed, other))
        .collect();
    repairs.push(context.cancel(placed));
    Finding::new(
        Rule::BumpedBooking,
        Severity::Warning,
        vec![placed.reference(), by.reference()],
        None,
        text,
    )
    .on(Some(placed.booking.start.date()))
    .with_repairs(repairs)
}

pub(super) fn missing(context: &Context<'_>, month: Option<Month>, out: &mut Vec<NotChecked>) {
    let holdings = context.holdings;
    let held = holdings.documents.keys().filter_map(|name| match name {
        Name::Bookings { site, month } => Some((site, *month)),
        _ => None,
    });
    let held = held.filter(|(_, of)| month.is_none_or(|month| month == *of));
    let beside = held.flat_map(|(site, of)| {
        let beside = [of.prev(), of.next()].into_iter().flatten();
        beside.map(|month| Name::Bookings {
            site: site.clone(),
            month,
        })
    });
    let missing: BTreeSet<Name> = beside.filter(|name| holdings.is_missing(name)).collect();
    let text = Text::of(
        format_args!("没有比对前后月份的{}份预订：本机没有", missing.len()),
        format_args!(
            "bookings of the months before and after not compared: {} not held here",
            missing.len()
        ),
    );
    out.extend(not_checked(
        Rule::BumpedBooking,
        missing.into_iter().collect(),
        text,
    ));
}
