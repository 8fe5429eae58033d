//! A site is late with a case.
//!
//! Reads each `cases/<site>/<case>` by itself, the civil calendar in `sites`, and the time. Of a year of which no holidays are held, days are
//! counted by their weekdays, which is said.

use jiff::civil::DateTime;

use super::cases::PlacedCase;
use super::context::{Context, not_checked};
use super::wording::{clock, day, list, said};
use super::{Finding, NotChecked, Repair, Rule, Severity, Text};
use crate::civil::days_between;
use crate::document::{Month, Name};
use crate::mediation::{Deadline, Duty, Limits, Term};
use crate::ordered::BTreeSet;
use crate::records::Stage;

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let now = context.holdings.now;
    for placed in &context.cases {
        if let Some(deadline) = placed.proceedings.overdue(&context.calendar, now) {
            findings.push(report(context, placed, deadline));
        }
    }
}

fn report(context: &Context<'_>, placed: &PlacedCase<'_>, deadline: Deadline) -> Finding {
    let (what, duty) = (context.case(placed), deadline.duty.label());
    let due = moment(context, deadline.due);
    let late = late(context, deadline.due);
    let names: Vec<Text> = placed
        .proceedings
        .mediators
        .iter()
        .map(|mediator| {
            let name = said(&mediator.name);
            Text::new(name.clone(), name)
        })
        .collect();
    let with = list(&names, "人");
    let (with_zh, with_en) = match names.is_empty() {
        true => Default::default(),
        false => (
            format!("（调解员 {}）", with.zh),
            format!(" (with {})", with.en),
        ),
    };
    let text = Text::of(
        format_args!(
            "{}{with_zh}应在 {} 前{}，已超期{}",
            what.zh, due.zh, duty.zh, late.zh
        ),
        format_args!(
            "{}{with_en} was due for {} by {}, {} ago",
            what.en, duty.en, due.en, late.en
        ),
    );
    placed
        .finding(
            Rule::OverdueCase,
            Severity::Warning,
            None,
            text,
            Some(deadline.due.date()),
        )
        .with_repairs(repair(context, placed, deadline.duty).into_iter().collect())
}

/// Only what takes no more than saying so, or somebody who is there.
fn repair(context: &Context<'_>, placed: &PlacedCase<'_>, duty: Duty) -> Option<Repair> {
    match duty {
        Duty::Accept => {
            let label = Text::new("受理", "accept it");
            context.step_repair(placed, Stage::Accepted, label)
        }
        Duty::Assign => context.assign_repair(placed),
        Duty::Close => {
            let label = Text::new("结案", "close it");
            context.step_repair(placed, Stage::Closed, label)
        }
        Duty::Conclude | Duty::Refer => None,
    }
}

/// A day; with the hour, where it is not the day's end.
fn moment(context: &Context<'_>, at: DateTime) -> Text {
    let date = day(at.date(), context.year());
    match clock(at).as_str() {
        "23:59" => date,
        clock => Text::of(
            format_args!("{} {clock}", date.zh),
            format_args!("{} {clock}", date.en),
        ),
    }
}

fn late(context: &Context<'_>, due: DateTime) -> Text {
    let now = context.holdings.now;
    let hours = now.duration_since(due).as_hours();
    match days_between(due.date(), now.date()) {
        ..=0 => Text::of(
            format_args!("不到 {} 小时", hours + 1),
            format_args!("less than {} h", hours + 1),
        ),
        1 => Text::new(" 1 天", "a day"),
        days => Text::of(format_args!(" {days} 天"), format_args!("{days} days")),
    }
}

pub(super) fn missing(context: &Context<'_>, _: Option<Month>, out: &mut Vec<NotChecked>) {
    let mut years = BTreeSet::new();
    for placed in &context.cases {
        let Some(deadline) = placed.proceedings.deadline(&context.calendar) else {
            continue;
        };
        if counts_days(placed, deadline.duty) {
            years.extend(deadline.since.year()..=deadline.due.year());
        }
    }
    let years = years.iter().filter(|year| !context.calendar.knows(**year));
    let years: Vec<String> = years.map(ToString::to_string).collect();
    if !years.is_empty() {
        let text = Text::of(
            format_args!(
                "没有 {} 年的节假日表：案件期限只按周一至周五算，没有核对放假和补班",
                years.join("、")
            ),
            format_args!(
                "no holidays of {} are held: what is due with cases is counted from Monday to Friday",
                years.join(", ")
            ),
        );
        out.extend(not_checked(Rule::OverdueCase, vec![Name::Sites], text));
    }
}

/// Whether what is due depends on the calendar: hours do not.
fn counts_days(placed: &PlacedCase<'_>, duty: Duty) -> bool {
    let term = Limits::of(placed.proceedings.case.mode).term(duty);
    matches!(term, Term::WorkingDays(_))
}
