//! A booking was confirmed for another venue or time than it asks for: it was moved on a computer that did not know of the promise.
//!
//! Reads the bookings held. Such a confirmation does not count, so what was promised to others meanwhile stands.

use super::context::Context;
use super::wording::said;
use super::{Finding, Rule, Severity, Text};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for placed in context.booked() {
        let booking = placed.booking;
        if !booking.is_stale() {
            continue;
        }
        let by = said(&booking.confirmed_by);
        let (party, what) = (context.party(placed), context.booked_venue(placed));
        let text = Text::of(
            format_args!(
                "{} 订的{}由“{by}”确认过，但确认的不是现在的场地和时间，不算数：请重新确认",
                party.zh, what.zh
            ),
            format_args!(
                "{} booked {}; \"{by}\" confirmed it for another venue or time, which does not count: confirm it again",
                party.en, what.en
            ),
        );
        let records = vec![placed.reference()];
        let date = booking.period().map(|(start, _)| start.date());
        findings.push(
            Finding::new(
                Rule::StaleConfirmation,
                Severity::Warning,
                records,
                None,
                text,
            )
            .on(date)
            .with_repairs(vec![context.withdraw(placed)]),
        );
    }
}
