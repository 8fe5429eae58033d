//! More seats of a course were promised than there are.
//!
//! Reads each `school/<site>` by itself, and `sites` for who may promise. Promised seats all stand, so only people can settle it. One
//! finding for a course.

use super::context::Context;
use super::schools::{reference, set};
use super::wording::said;
use super::{Finding, Repair, Rule, Severity, Text};
use crate::document::SiteKey;
use crate::records::{CONFIRMED_BY, Collection, Edit};
use crate::school::{Class, Enrolled, Seat, document};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (site, class) in context.schools.classes() {
        let Some(capacity) = class
            .course
            .capacity
            .and_then(|seats| usize::try_from(seats).ok())
        else {
            continue;
        };
        let promised: Vec<&Enrolled<'_>> = class
            .in_turn()
            .filter(|enrolled| enrolled.seat == Seat::Confirmed)
            .collect();
        if promised.len() > capacity {
            findings.push(report(context, site, class, capacity, &promised));
        }
    }
}

fn report(
    context: &Context<'_>,
    site: &SiteKey,
    class: &Class<'_>,
    capacity: usize,
    promised: &[&Enrolled<'_>],
) -> Finding {
    let (what, count) = (context.class(site, class), promised.len());
    let text = Text::of(
        format_args!("{}名额{capacity}人，确认了{count}人", what.zh),
        format_args!("{} has {capacity} seats, and {count} are promised", what.en),
    );
    let course = class.course.id;
    let document = document(site, Collection::Courses);
    let number = i64::try_from(count).unwrap_or(i64::MAX);
    let raise = Repair::new(
        Text::of(
            format_args!("名额改为{count}人"),
            format_args!("make it {count} seats"),
        ),
        vec![Edit::set(
            &document,
            Collection::Courses,
            course,
            "capacity",
            number,
        )],
    );
    // Those who were promised a seat last.
    let last = promised.iter().skip(capacity).rev().map(|enrolled| {
        let enrolment = enrolled.enrolment;
        let name = said(&enrolment.name);
        let label = Text::of(
            format_args!("撤回对 {name} 的确认"),
            format_args!("take back the confirmation of {name}"),
        );
        let edit = set(site, Collection::Enrolments, enrolment.id, CONFIRMED_BY, "");
        Repair::new(label, vec![edit])
    });
    Finding::new(
        Rule::OverFullCourse,
        Severity::Error,
        vec![reference(site, Collection::Courses, course)],
        None,
        text,
    )
    .on(class.begins().map(|begins| begins.date()))
    .with_repairs([raise].into_iter().chain(last).collect())
}
