//! More people are booked in than a venue holds.
//!
//! Reads `sites` (venues) and the bookings held. A venue that does not say how many it holds is not checked, nor a booking that does
//! not say how many will come.

use super::context::Context;
use super::{Finding, Rule, Severity, Text};

/// As many larger venues are offered.
const OFFERED_MAX: usize = 3;

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for placed in context.booked() {
        let booking = placed.booking;
        let venue = booking.venue.and_then(|id| context.directory.venue(id));
        let capacity = venue.and_then(|venue| venue.capacity);
        let (Some(people), Some(capacity)) = (booking.people, capacity) else {
            continue;
        };
        if people <= capacity {
            continue;
        }
        let (party, venue) = (context.party(placed), context.booked_venue(placed));
        let text = Text::of(
            format_args!("{} 来{people}人，{}只容{capacity}人", party.zh, venue.zh),
            format_args!(
                "{} will be {people}, and {} holds {capacity}",
                party.en, venue.en
            ),
        );
        let larger = context.alternatives(placed, OFFERED_MAX);
        let repairs = larger
            .iter()
            .filter_map(|larger| context.move_to(placed, larger));
        let repairs = repairs.chain([context.cancel(placed)]).collect();
        let date = booking.period().map(|(start, _)| start.date());
        findings.push(
            Finding::new(
                Rule::OverCapacity,
                Severity::Warning,
                vec![placed.reference()],
                None,
                text,
            )
            .on(date)
            .with_repairs(repairs),
        );
    }
}
