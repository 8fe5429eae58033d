//! A booking runs while its venue is closed.
//!
//! Reads `sites` (the venue's hours or its site's, their exceptions, what is paused or closed) and the bookings held.

use super::context::Context;
use super::wording::closed;
use super::{Finding, Rule, Severity, Text};

/// As many other times and venues are offered.
const OFFERED_MAX: usize = 3;

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for placed in context.booked() {
        let period = placed.booking.period().filter(|(start, end)| start < end);
        let venue = placed
            .booking
            .venue
            .and_then(|id| context.directory.venue(id));
        let (Some((start, end)), Some(venue)) = (period, venue) else {
            continue;
        };
        let hours = context.directory.venue_hours(venue);
        if hours.covers(start, end) {
            continue;
        }
        let (party, what) = (context.party(placed), context.booked_venue(placed));
        let closed = closed(hours.on(start.date()), "");
        let text = Text::of(
            format_args!("{} 订的{}在{}", party.zh, what.zh, closed.zh),
            format_args!("{} booked {}, {}", party.en, what.en, closed.en),
        );
        let others = context.alternatives(placed, OFFERED_MAX);
        let repairs = others
            .iter()
            .filter_map(|other| context.move_to(placed, other));
        let repairs = repairs.chain([context.cancel(placed)]).collect();
        findings.push(
            Finding::new(
                Rule::BookingOutsideHours,
                Severity::Warning,
                vec![placed.reference()],
                None,
                text,
            )
            .on(Some(start.date()))
            .with_repairs(repairs),
        );
    }
}
