//! A booking ends no later than it starts.
//!
//! Reads the bookings held, and nothing else.

use jiff::civil::DateTime;

use super::bookings::PlacedBooking;
use super::context::Context;
use super::wording::{clock, clocks, day, said};
use super::{Finding, Repair, Rule, Severity, Text};
use crate::records::write_date_time;

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for placed in context.booked() {
        let period = placed.booking.period().filter(|(start, end)| end <= start);
        let Some((start, end)) = period else {
            continue;
        };
        let (from, until) = (
            day(start.date(), context.year()),
            day(end.date(), context.year()),
        );
        let (name, venue) = (said(&placed.booking.name), context.booked_venue(placed));
        let (opens, closes) = (clock(start), clock(end));
        let text = Text::of(
            format_args!(
                "{name} 订的{}没有时间：{} {opens} 开始，{} {closes} 结束",
                venue.zh, from.zh, until.zh
            ),
            format_args!(
                "{name} booked {} for no time: from {} {opens} to {} {closes}",
                venue.en, from.en, until.en
            ),
        );
        findings.push(
            Finding::new(
                Rule::BackwardBooking,
                Severity::Error,
                vec![placed.reference()],
                None,
                text,
            )
            .on(Some(start.date()))
            .with_repairs(repairs(context, placed, start, end)),
        );
    }
}

fn repairs(
    context: &Context<'_>,
    placed: &PlacedBooking<'_>,
    start: DateTime,
    end: DateTime,
) -> Vec<Repair> {
    let mut repairs = Vec::new();
    if end < start && start.date() == end.date() {
        let times = clocks(end, start);
        let label = Text::of(
            format_args!("开始和结束对调：{}", times.zh),
            format_args!("exchange start and end: {}", times.en),
        );
        let edits = vec![
            placed.set("start", write_date_time(end)),
            placed.set("end", write_date_time(start)),
        ];
        repairs.push(Repair::new(label, edits));
    }
    // The time of day is likely right and the day wrong.
    let days = [Ok(start.date()), start.date().tomorrow()];
    let ends = days
        .into_iter()
        .flatten()
        .map(|day| day.to_datetime(end.time()));
    if let Some(moved) = ends.into_iter().find(|moved| *moved > start) {
        let times = clocks(start, moved);
        let label = Text::of(
            format_args!("改为 {}", times.zh),
            format_args!("make it {}", times.en),
        );
        let edit = placed.set("end", write_date_time(moved));
        repairs.push(Repair::new(label, vec![edit]));
    }
    repairs.push(context.cancel(placed));
    repairs
}
