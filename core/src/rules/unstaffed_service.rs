//! A service is offered at a time at which nobody is on its post.
//!
//! Reads `sites` (services that name a post, and their hours) and the rosters of their sites, from today on for two weeks. A day whose
//! roster is not held is not checked. One finding for a service.

use jiff::civil::Date;

use super::context::{Context, not_checked};
use super::wording::{list, period, said};
use super::{Finding, NotChecked, RecordRef, Repair, Rule, Severity, Text};
use crate::civil;
use crate::document::{Month, Name, SiteKey};
use crate::import::name_key;
use crate::matrix::Slot;
use crate::ordered::{self, BTreeMap, BTreeSet};
use crate::records::{Availability, Collection, Edit, Service};

/// As many days are looked at, today among them.
const DAYS: usize = 14;

/// The working shifts of each site and post.
type OnDuty<'a> = BTreeMap<(&'a SiteKey, String), Vec<Slot>>;

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut on_duty: Option<OnDuty<'_>> = None;
    for service in staffed(context) {
        let on_duty = on_duty.get_or_insert_with(|| on_duty_at(context));
        let post = (&service.site, name_key(&service.post));
        let shifts = on_duty.get(&post).map_or(&[][..], Vec::as_slice);
        let hours = context.directory.service_hours(service);
        let days = days(context).filter(|date| {
            let rosters = rosters(&service.site, *date);
            !rosters.iter().any(|name| context.holdings.is_missing(name))
        });
        let gaps: Vec<Slot> = days
            .flat_map(|date| hours.spans(date))
            .flat_map(|span| gaps(span, shifts))
            .collect();
        if !gaps.is_empty() {
            findings.push(report(context, service, &gaps));
        }
    }
}

/// The services that need somebody.
fn staffed<'a>(context: &'a Context<'_>) -> impl Iterator<Item = &'a Service> {
    let directory = &context.directory;
    let services = directory
        .sites()
        .flat_map(|site| directory.services_of(&site.key).iter().copied());
    services.filter(|service| !name_key(&service.post).is_empty())
}

fn days(context: &Context<'_>) -> impl Iterator<Item = Date> {
    let today = context.holdings.now.date();
    civil::days_from(today).take(DAYS)
}

/// The rosters whose shifts may be on duty on a day: a night shift may have begun the month before.
fn rosters(site: &SiteKey, date: Date) -> BTreeSet<Name> {
    let before = date.yesterday().unwrap_or(date);
    let months = [before, date].map(Month::of);
    let roster = |month| Name::Roster {
        site: site.clone(),
        month,
    };
    months.into_iter().flatten().map(roster).collect()
}

/// The working shifts that may matter, by start.
fn on_duty_at<'a>(context: &'a Context<'_>) -> OnDuty<'a> {
    let first = context.holdings.now.date().yesterday();
    let first = first.unwrap_or(context.holdings.now.date());
    let mut on_duty: OnDuty<'_> = BTreeMap::new();
    for (placed, start, end) in context.working() {
        if end.date() >= first {
            let post = (placed.site, name_key(&placed.shift.post));
            on_duty.entry(post).or_default().push(Slot { start, end });
        }
    }
    for shifts in on_duty.values_mut() {
        ordered::sort(shifts);
    }
    on_duty
}

/// What of a span no shift covers.
fn gaps(span: Slot, shifts: &[Slot]) -> Vec<Slot> {
    let (mut gaps, mut at) = (Vec::new(), span.start);
    for shift in shifts.iter().filter(|shift| shift.overlaps(&span)) {
        if at < shift.start {
            gaps.push(Slot {
                start: at,
                end: shift.start,
            });
        }
        at = at.max(shift.end);
    }
    if at < span.end {
        gaps.push(Slot {
            start: at,
            end: span.end,
        });
    }
    gaps
}

fn report(context: &Context<'_>, service: &Service, gaps: &[Slot]) -> Finding {
    let (name, at) = (said(&service.name), context.site_name(&service.site));
    let post = said(&service.post);
    let times: Vec<Text> = gaps
        .iter()
        .map(|gap| period(gap.start, gap.end, context.year()))
        .collect();
    let times = list(&times, "段");
    let text = Text::of(
        format_args!("{at}的“{name}”没有人在“{post}”岗位：{}", times.zh),
        format_args!("{name} at {at} has nobody on {post}: {}", times.en),
    );
    let record = RecordRef {
        document: Name::Sites,
        collection: Collection::Services,
        record: service.id,
    };
    let edit = |field: &str, value: &str| {
        vec![Edit::set(
            &Name::Sites,
            Collection::Services,
            service.id,
            field,
            value,
        )]
    };
    let repairs = vec![
        Repair::new(
            Text::of(format_args!("暂停“{name}”"), format_args!("pause {name}")),
            edit("state", Availability::Paused.as_str()),
        ),
        Repair::new(
            Text::of(
                format_args!("“{name}”不需要人值守"),
                format_args!("{name} needs nobody"),
            ),
            edit("post", ""),
        ),
    ];
    Finding::new(
        Rule::UnstaffedService,
        Severity::Warning,
        vec![record],
        None,
        text,
    )
    .on(gaps.first().map(|gap| gap.start.date()))
    .with_repairs(repairs)
}

pub(super) fn missing(context: &Context<'_>, month: Option<Month>, out: &mut Vec<NotChecked>) {
    let mut missing = BTreeSet::new();
    for service in staffed(context) {
        let hours = context.directory.service_hours(service);
        let days = days(context).filter(|date| month.is_none_or(|month| month.contains(*date)));
        let offered = days.filter(|date| !hours.spans(*date).is_empty());
        let rosters = offered.flat_map(|date| rosters(&service.site, date));
        missing.extend(rosters.filter(|name| context.holdings.is_missing(name)));
    }
    let text = Text::of(
        format_args!("没有核对服务有没有人值守：本机没有{}份排班", missing.len()),
        format_args!(
            "whether services are staffed was not checked: rosters not held here: {}",
            missing.len()
        ),
    );
    out.extend(not_checked(
        Rule::UnstaffedService,
        missing.into_iter().collect(),
        text,
    ));
}
