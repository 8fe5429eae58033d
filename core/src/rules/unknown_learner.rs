//! Whoever enrolled is said to be of a site that has nobody of that name, or to be somebody who is not there.
//!
//! Reads each `school/<site>` with its `courses/<site>`, and `people/<site>` of the site that is named. Whoever is of no site, such as a driver who saw the
//! poster, is not looked for. One finding for an enrolment.

use super::context::{Context, not_checked};
use super::schools::{reference, set};
use super::wording::said;
use super::{Finding, NotChecked, Repair, Rule, Severity, Text};
use crate::document::{Month, Name, SiteKey};
use crate::import::name_key;
use crate::records::{Collection, Enrolment};
use crate::school::Seat;

/// As many people of other sites are offered.
const OFFERED_MAX: usize = 3;

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (site, home, enrolment) in named(context) {
        if context.people.are_held(home) && !is_there(context, home, enrolment) {
            findings.push(report(context, site, home, enrolment));
        }
    }
}

/// The enrolments that say whose somebody is.
fn named<'a>(
    context: &'a Context<'_>,
) -> impl Iterator<Item = (&'a SiteKey, &'a SiteKey, &'a Enrolment)> {
    context.schools.classes().flat_map(|(site, class)| {
        let enrolled = class.enrolled().filter(|one| one.seat != Seat::Withdrawn);
        enrolled.filter_map(move |one| {
            let enrolment = one.enrolment;
            let says = enrolment.home.is_some() || enrolment.person.is_some();
            let home = enrolment.home.as_ref().unwrap_or(site);
            says.then_some((site, home, enrolment))
        })
    })
}

fn is_there(context: &Context<'_>, home: &SiteKey, enrolment: &Enrolment) -> bool {
    match enrolment.person {
        Some(person) => context.people.by_id(person).is_some(),
        None => context.people.has(home, &enrolment.name),
    }
}

fn report(context: &Context<'_>, site: &SiteKey, home: &SiteKey, enrolment: &Enrolment) -> Finding {
    let (name, at) = (said(&enrolment.name), context.site_name(home));
    let text = Text::of(
        format_args!("报名的“{name}”不在{at}的人员里"),
        format_args!("{name}, who enrolled, is not among the people of {at}"),
    );
    let edit = |field, value: &str| set(site, Collection::Enrolments, enrolment.id, field, value);
    let own = match context.people.elsewhere(&enrolment.name, home) {
        others if name_key(&enrolment.name).is_empty() => others.into_iter().take(0),
        others => others.into_iter().take(OFFERED_MAX),
    };
    let mut repairs: Vec<Repair> = own
        .map(|(other, person)| {
            let at = context.site_name(other);
            let label = Text::of(
                format_args!("是{at}的{name}"),
                format_args!("it is {name} of {at}"),
            );
            let home = if other == site { "" } else { other.as_str() };
            let edits = vec![edit("home", home), edit("person", &person.id.to_string())];
            Repair::new(label, edits)
        })
        .collect();
    let label = Text::of(
        format_args!("{name}不是站点的人员"),
        format_args!("{name} works at no site"),
    );
    repairs.push(Repair::new(
        label,
        vec![edit("home", ""), edit("person", "")],
    ));
    Finding::new(
        Rule::UnknownLearner,
        Severity::Notice,
        vec![reference(site, Collection::Enrolments, enrolment.id)],
        None,
        text,
    )
    .with_repairs(repairs)
}

pub(super) fn missing(context: &Context<'_>, _: Option<Month>, out: &mut Vec<NotChecked>) {
    let documents = named(context)
        .filter(|(_, home, enrolment)| {
            let found = enrolment.person.and_then(|id| context.people.by_id(id));
            found.is_none() && !context.people.are_held(home)
        })
        .map(|(_, home, _)| Name::People { site: home.clone() })
        .filter(|name| context.holdings.is_missing(name));
    let text = Text::new(
        "没有核对报名的人是不是所写站点的：本机没有那些站点的人员",
        "whether those who enrolled are of the sites they name was not checked: the people of these are not held",
    );
    out.extend(not_checked(Rule::UnknownLearner, documents.collect(), text));
}
