//! A shift ends no later than it starts.
//!
//! Reads the rosters held, and nothing else.

use super::context::Context;
use super::wording::{clock, clocks, day};
use super::{Finding, Repair, Rule, Severity, Text};
use crate::records::{Collection, Edit, write_date_time};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let shifts = context.shifts.iter();
    for placed in shifts.filter(|placed| context.concerns([placed.document])) {
        let shift = placed.shift;
        let Some((start, end)) = shift.period().filter(|(start, end)| end <= start) else {
            continue;
        };
        let (date, until) = (
            day(start.date(), context.year()),
            day(end.date(), context.year()),
        );
        let (name, post, at) = (placed.name(), placed.post(), context.site_name(placed.site));
        let (from, to) = (clock(start), clock(end));
        let text = if start == end {
            Text::of(
                format_args!("{name} {} 的{post}（{at}）开始和结束都是 {from}", date.zh),
                format_args!(
                    "{name}'s {post} ({at}) on {} starts and ends at {from}",
                    date.en
                ),
            )
        } else {
            Text::of(
                format_args!(
                    "{name} 的{post}（{at}）结束早于开始：{} {from} 开始，{} {to} 结束",
                    date.zh, until.zh
                ),
                format_args!(
                    "{name}'s {post} ({at}) ends before it starts: from {} {from} to {} {to}",
                    date.en, until.en
                ),
            )
        };
        let edit = |field, value: String| {
            Edit::set(placed.document, Collection::Shifts, shift.id, field, value)
        };
        let mut repairs = Vec::new();
        // The time of day is likely right and the day wrong: the same day, or for a night shift the next.
        let days = [Ok(start.date()), start.date().tomorrow()];
        for day in days.into_iter().flatten() {
            let moved = day.to_datetime(end.time());
            if moved > start {
                let times = clocks(start, moved);
                let label = Text::of(
                    format_args!("改为 {}", times.zh),
                    format_args!("make it {}", times.en),
                );
                repairs.push(Repair::new(
                    label,
                    vec![edit("end", write_date_time(moved))],
                ));
                break;
            }
        }
        if end < start && start.date() == end.date() {
            let times = clocks(end, start);
            let label = Text::of(
                format_args!("开始和结束对调：{}", times.zh),
                format_args!("exchange start and end: {}", times.en),
            );
            let edits = vec![
                edit("start", write_date_time(end)),
                edit("end", write_date_time(start)),
            ];
            repairs.push(Repair::new(label, edits));
        }
        let remove = Edit::remove(
            placed.document,
            Collection::Shifts,
            shift.id,
            context.holdings.now,
        );
        repairs.push(Repair::new(
            Text::new("移除这个班", "remove the shift"),
            vec![remove],
        ));
        findings.push(
            Finding::new(
                Rule::BackwardShift,
                Severity::Error,
                vec![placed.reference()],
                None,
                text,
            )
            .on(Some(start.date()))
            .with_repairs(repairs),
        );
    }
}
