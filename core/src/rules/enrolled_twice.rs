//! Somebody seems to be enrolled in a course twice: with one telephone number and without, or written differently.
//!
//! Reads each `school/<site>` with its `courses/<site>`, and `people/<site>` where it says who is meant. One finding for a name.

use super::context::Context;
use super::schools::{reference, set};
use super::wording::said;
use super::{Finding, Repair, Rule, Severity, Text};
use crate::document::SiteKey;
use crate::records::{Collection, EnrolmentState};
use crate::school::{Class, Enrolled, Seat};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (site, class) in context.schools.classes() {
        for mut twice in class.twice() {
            twice.retain(|enrolled| enrolled.seat != Seat::Withdrawn);
            // Who is said to be somebody else is not the same.
            let persons = twice.iter().map(|enrolled| enrolled.enrolment.person);
            let told_apart = persons.clone().all(|person| person.is_some())
                && persons.collect::<crate::ordered::BTreeSet<_>>().len() == twice.len();
            if twice.len() > 1 && !told_apart {
                findings.extend(report(context, site, class, &twice));
            }
        }
    }
}

fn report(
    context: &Context<'_>,
    site: &SiteKey,
    class: &Class<'_>,
    twice: &[&Enrolled<'_>],
) -> Option<Finding> {
    let (what, name) = (
        context.class(site, class),
        said(&twice.first()?.enrolment.name),
    );
    let count = twice.len();
    let text = Text::of(
        format_args!("{}有{count}条“{name}”的报名，像是同一个人", what.zh),
        format_args!(
            "{} has {count} enrolments of {name}, who seem to be one person",
            what.en
        ),
    );
    let give_up = twice.iter().rev().map(|enrolled| {
        let enrolment = enrolled.enrolment;
        let label = match enrolment.phone.as_str() {
            "" => Text::new(
                "退掉没写电话的那条",
                "withdraw the one without a phone number",
            ),
            phone => Text::of(
                format_args!("退掉电话为 {} 的那条", said(phone)),
                format_args!("withdraw the one with phone {}", said(phone)),
            ),
        };
        let withdrawn = EnrolmentState::Withdrawn.as_str();
        let edit = set(
            site,
            Collection::Enrolments,
            enrolment.id,
            "state",
            withdrawn,
        );
        Repair::new(label, vec![edit])
    });
    let records = twice.iter().map(|enrolled| enrolled.enrolment.id);
    let records = records.map(|id| reference(site, Collection::Enrolments, id));
    let records = records.collect();
    Some(
        Finding::new(Rule::EnrolledTwice, Severity::Warning, records, None, text)
            .on(class.begins().map(|begins| begins.date()))
            .with_repairs(give_up.collect()),
    )
}
