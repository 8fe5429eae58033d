//! A booking, or a seat in a course, was confirmed by someone who may not, so that it counts as not confirmed.
//!
//! Reads `sites` (whose the venue is, and which site is the hub), the bookings held, and each `school/<site>`. Where the venue is unknown, that is said
//! instead.

use super::context::Context;
use super::schools::unentitled_seats;
use super::wording::said;
use super::{Finding, Rule, Severity, Text};
use crate::matrix::{Claim, confirmer};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    unentitled_seats(context, findings);
    for placed in context.booked() {
        let booking = placed.booking;
        let venue = booking.venue.and_then(|id| context.directory.venue(id));
        let is_said = !booking.confirmed_by.is_empty() && !booking.is_stale();
        let Some(venue) = venue.filter(|_| is_said) else {
            continue;
        };
        let claim = Claim::of(placed.entry);
        if claim.is_some_and(|claim| confirmer(&claim, &context.directory).is_some()) {
            continue;
        }
        let by = said(&booking.confirmed_by);
        let (party, what) = (context.party(placed), context.booked_venue(placed));
        let mut may = vec![context.site_name(&venue.site)];
        let hub = context.directory.hub();
        may.extend(
            hub.filter(|hub| **hub != venue.site)
                .map(|hub| context.site_name(hub)),
        );
        let text = Text::of(
            format_args!(
                "{} 订的{}由“{by}”确认，不算数：只有{}能确认",
                party.zh,
                what.zh,
                may.join("和")
            ),
            format_args!(
                "{} booked {}, confirmed by \"{by}\", which does not count: only {} can confirm",
                party.en,
                what.en,
                may.join(" and ")
            ),
        );
        let date = booking.period().map(|(start, _)| start.date());
        findings.push(
            Finding::new(
                Rule::UnentitledConfirmation,
                Severity::Warning,
                vec![placed.reference()],
                None,
                text,
            )
            .on(date)
            .with_repairs(vec![context.withdraw(placed)]),
        );
    }
}
