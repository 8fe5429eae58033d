//! A submission is over, and the booking that was made for it still stands.
//!
//! Reads each `inbox/<site>/<code>`, and the `bookings/<site>/<month>` that its booking is in. A sender who withdraws a wish
//! cannot cancel the booking: the site does.

use super::context::{Context, not_checked};
use super::{Finding, NotChecked, RecordRef, Repair, Rule, Severity, Text};
use crate::document::{Month, Name};
use crate::inbox::{Progress, booking_document};
use crate::records::{Booking, BookingState, Collection, Edit, RecordId, Stage};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (name, progress, document, booking) in moot(context) {
        let stands = context.holdings.view(&document).and_then(|view| {
            let booking = view.get::<Booking>(booking)?;
            (booking.removed_at.is_none() && booking.state == BookingState::Booked).then_some(())
        });
        if stands.is_some() && context.concerns([name, &document]) {
            findings.push(report(context, name, progress, &document, booking));
        }
    }
}

/// Submissions that are over, and where the booking is that was made for them.
fn moot<'c>(
    context: &'c Context<'_>,
) -> impl Iterator<Item = (&'c Name, &'c Progress<'c>, Name, RecordId)> {
    context.submissions().filter_map(|(name, progress)| {
        let over = matches!(progress.stage, Stage::Declined | Stage::Withdrawn);
        let made = progress.made().filter(|_| over)?;
        let document = booking_document(name.site()?, progress.submission)?;
        Some((name, progress, document, made))
    })
}

fn report(
    context: &Context<'_>,
    name: &Name,
    progress: &Progress<'_>,
    document: &Name,
    booking: RecordId,
) -> Finding {
    let (what, stage) = (context.submission(name, progress), progress.stage.label());
    let text = Text::of(
        format_args!("{}{}，为它做的预订却还在", what.zh, stage.zh),
        format_args!(
            "{} is {}, and the booking that was made for it still stands",
            what.en, stage.en
        ),
    );
    let cancelled = BookingState::Cancelled.as_str();
    let repairs = vec![Repair::new(
        Text::new("取消这个预订", "cancel the booking"),
        vec![Edit::set(
            document,
            Collection::Bookings,
            booking,
            "state",
            cancelled,
        )],
    )];
    let records = vec![
        context.submission_ref(name, progress),
        RecordRef {
            document: document.clone(),
            collection: Collection::Bookings,
            record: booking,
        },
    ];
    Finding::new(Rule::MootBooking, Severity::Warning, records, None, text)
        .on(progress.submission.start.map(|start| start.date()))
        .with_repairs(repairs)
}

pub(super) fn missing(context: &Context<'_>, _month: Option<Month>, out: &mut Vec<NotChecked>) {
    let documents = moot(context)
        .map(|(_, _, document, _)| document)
        .filter(|document| context.holdings.is_missing(document));
    let text = Text::new(
        "没有核对撤回的来件是否还占着预订：本机没有这些预订",
        "whether submissions that are over still have a booking was not checked: those bookings are not held",
    );
    out.extend(not_checked(Rule::MootBooking, documents.collect(), text));
}
