//! A venue is promised to two bookings at once.
//!
//! Reads `sites` (venues, and which site is the hub) and the bookings held. Only those count that the venue's site or the hub
//! confirmed: of others one makes way, which is no error.

use jiff::civil::DateTime;

use super::bookings::PlacedBooking;
use super::context::Context;
use super::wording::list;
use super::{Finding, RecordRef, Repair, Rule, Severity, Text};

/// As many at once are a mistake of another kind: one finding for all, not one for each pair.
const PAIRED_MAX: usize = 6;

/// As many other places and times are offered.
const OFFERED_MAX: usize = 2;

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (_, settled) in context.bookings.venues() {
        // Runs of bookings each of which starts before an earlier one has ended. What is granted overlaps nothing.
        let mut run = Vec::new();
        let mut until = DateTime::MIN;
        for (slot, booking) in settled.taken.iter() {
            if slot.start >= until {
                report(context, &run, findings);
                run.clear();
            }
            until = until.max(slot.end);
            run.extend(context.bookings.get(*booking));
        }
        report(context, &run, findings);
    }
}

fn report(context: &Context<'_>, run: &[&PlacedBooking<'_>], findings: &mut Vec<Finding>) {
    if run.len() > PAIRED_MAX {
        if context.concerns(run.iter().map(|placed| placed.document)) {
            findings.extend(crowd(context, run));
        }
        return;
    }
    for (index, first) in run.iter().enumerate() {
        for second in run.iter().skip(index + 1) {
            let overlap = second.booking.start < first.booking.end;
            if overlap && context.concerns([first.document, second.document]) {
                findings.push(pair(context, first, second));
            }
        }
    }
}

fn pair(context: &Context<'_>, first: &PlacedBooking<'_>, second: &PlacedBooking<'_>) -> Finding {
    let (one, other) = (context.party(first), context.party(second));
    let venue = context.booked_venue(first);
    let text = Text::of(
        format_args!(
            "{}同一时间确认给了两家：{}，与 {}",
            venue.zh, one.zh, other.zh
        ),
        format_args!(
            "{} is promised to two at once: {} and {}",
            venue.en, one.en, other.en
        ),
    );
    // Who was promised it later is asked to make way first.
    let (earlier, later) = match first.entry.confirmed() <= second.entry.confirmed() {
        true => (first, second),
        false => (second, first),
    };
    let others = context.alternatives(later, OFFERED_MAX);
    let mut repairs: Vec<Repair> = others
        .iter()
        .filter_map(|other| context.move_to(later, other))
        .collect();
    repairs.push(context.withdraw(later));
    repairs.push(context.withdraw(earlier));
    repairs.push(context.cancel(later));
    repairs.push(context.cancel(earlier));
    Finding::new(
        Rule::DoubleBooking,
        Severity::Error,
        vec![first.reference(), second.reference()],
        None,
        text,
    )
    .on(Some(second.booking.start.date()))
    .with_repairs(repairs)
}

fn crowd(context: &Context<'_>, run: &[&PlacedBooking<'_>]) -> Option<Finding> {
    let first = run.first()?;
    let parties: Vec<Text> = run.iter().map(|placed| context.party(placed)).collect();
    let (venue, parties, count) = (context.booked_venue(first), list(&parties, "家"), run.len());
    let text = Text::of(
        format_args!("{}同一时间确认给了{count}家：{}", venue.zh, parties.zh),
        format_args!(
            "{} is promised to {count} that overlap: {}",
            venue.en, parties.en
        ),
    );
    let records: Vec<RecordRef> = run.iter().map(|placed| placed.reference()).collect();
    let date = Some(first.booking.start.date());
    Some(Finding::new(Rule::DoubleBooking, Severity::Error, records, None, text).on(date))
}
