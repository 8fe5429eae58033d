//! A shift runs while its site is closed.
//!
//! Reads `sites` (hours and their exceptions, which sites are paused or closed, and the posts that may run at any hour) and the
//! rosters held. A post without a record may run at any
//! hour if its name says hotline. Shifts of one post at the same times of day are one finding: a roster that was planned with
//! other hours in mind would be a list of thirty.

use jiff::civil::DateTime;

use super::context::{Context, PlacedShift, not_checked};
use super::wording::{LISTED_MAX, clocks, closed, day, list};
use super::{Finding, NotChecked, Repair, Rule, Severity, Text};
use crate::document::{Month, Name};
use crate::import::name_key;
use crate::matrix::Day;
use crate::ordered::{self, BTreeMap};
use crate::records::{Collection, Edit, Post, RecordId};

/// Roster, post, time of day, minutes, and the exception that it is on.
type Pattern<'a> = (&'a Name, String, jiff::civil::Time, i64, Option<RecordId>);

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut patterns: BTreeMap<Pattern<'_>, Vec<(PlacedShift<'_>, DateTime, DateTime)>> =
        BTreeMap::new();
    let working = context.working();
    for (placed, start, end) in working.filter(|(placed, ..)| context.concerns([placed.document])) {
        let hours = context.directory.site_hours(placed.site);
        if !hours.covers(start, end) && !context.is_any_hours(&placed.shift.post) {
            let minutes = end.duration_since(start).as_mins();
            let pattern = (
                placed.document,
                name_key(&placed.shift.post),
                start.time(),
                minutes,
                match hours.on(start.date()) {
                    Day::Exception(exception) => Some(exception.id),
                    _ => None,
                },
            );
            patterns
                .entry(pattern)
                .or_default()
                .push((placed, start, end));
        }
    }
    for mut shifts in patterns.into_values() {
        ordered::sort_by_key(&mut shifts, |(placed, start, _)| (*start, placed.shift.id));
        findings.extend(report(context, &shifts));
    }
}

fn report(
    context: &Context<'_>,
    shifts: &[(PlacedShift<'_>, DateTime, DateTime)],
) -> Option<Finding> {
    let (first, start, end) = shifts.first()?;
    let hours = context.directory.site_hours(first.site).on(start.date());
    let (at, post) = (context.site_name(first.site), first.post());
    let times = clocks(*start, *end);
    let text = if let [_] = shifts {
        let (name, date) = (first.name(), day(start.date(), context.year()));
        let closed = closed(hours, &at);
        Text::of(
            format_args!(
                "{name} {} {} 的{post}在{at}{}",
                date.zh, times.zh, closed.zh
            ),
            format_args!(
                "{name}'s {post} on {} {} is {}",
                date.en, times.en, closed.en
            ),
        )
    } else {
        let days: Vec<Text> = shifts
            .iter()
            .map(|(_, start, _)| day(start.date(), context.year()))
            .collect();
        let count = shifts.len();
        let days = match days.as_slice() {
            [from, .., to] if count > LISTED_MAX => Text::of(
                format_args!("{}至{}", from.zh, to.zh),
                format_args!("{} to {}", from.en, to.en),
            ),
            few => list(few, "班"),
        };
        let closed = closed(hours, "");
        Text::of(
            format_args!(
                "{at}的{post} {} 在{}，共{count}班：{}",
                times.zh, closed.zh, days.zh
            ),
            format_args!(
                "{post} at {at}, {}, is {} on {count} shifts: {}",
                times.en, closed.en, days.en
            ),
        )
    };
    let label = Text::of(
        format_args!("“{post}”不受开放时间限制（所有站点）"),
        format_args!("let {post} run at any hour (at every site)"),
    );
    let record = Post::id_of(&first.shift.post);
    let edits = vec![
        Edit::set(
            &Name::Sites,
            Collection::Posts,
            record,
            "name",
            first.shift.post.as_str(),
        ),
        Edit::set(&Name::Sites, Collection::Posts, record, "any_hours", true),
    ];
    let mut repairs = vec![Repair::new(label, edits)];
    if let [_] = shifts {
        let remove = Edit::remove(
            first.document,
            Collection::Shifts,
            first.shift.id,
            context.holdings.now,
        );
        repairs.push(Repair::new(
            Text::new("移除这个班", "remove the shift"),
            vec![remove],
        ));
    }
    let records = shifts
        .iter()
        .map(|(placed, ..)| placed.reference())
        .collect();
    Some(
        Finding::new(Rule::OutsideHours, Severity::Warning, records, None, text)
            .on(Some(start.date()))
            .with_repairs(repairs),
    )
}

pub(super) fn missing(context: &Context<'_>, _: Option<Month>, out: &mut Vec<NotChecked>) {
    if context.sites.is_empty() && !context.shifts.is_empty() {
        let text = Text::new(
            "没有核对开放时间：本机没有站点名录",
            "opening hours were not checked: no directory of sites is held",
        );
        out.extend(not_checked(Rule::OutsideHours, vec![Name::Sites], text));
    }
}
