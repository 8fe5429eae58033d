//! A name on a roster is nobody's of the site, or that of several people.
//!
//! Reads the rosters held, and `people/<site>` of each site or of the one that lends. One finding for a name in a roster, however many
//! shifts it has.

use super::context::{Context, PlacedShift, not_checked};
use super::people::Who;
use super::wording::{day, list, said};
use super::{Finding, NotChecked, RecordRef, Repair, Rule, Severity, Text};
use crate::document::{Month, Name, SiteKey};
use crate::import::name_key;
use crate::ordered::{self, BTreeMap};
use crate::records::{Collection, Edit, Person, RecordId, Role, Typed};

/// How many people of other sites are offered as the one meant.
const LENDERS_MAX: usize = 3;

/// Roster, home site, name, and the id that leads nowhere.
type Stranger<'a> = (&'a Name, &'a SiteKey, String, Option<RecordId>);

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut unknown: BTreeMap<Stranger<'_>, Vec<PlacedShift<'_>>> = BTreeMap::new();
    let mut namesakes: BTreeMap<Stranger<'_>, Vec<PlacedShift<'_>>> = BTreeMap::new();
    let working = context.shifts.iter().filter(|placed| placed.is_working());
    for placed in working.filter(|placed| context.concerns([placed.document])) {
        let shift = placed.shift;
        // Without a name there is a missing field, which is said as such.
        if shift.name.is_empty() && shift.person.is_none() {
            continue;
        }
        let home = shift.lent_by.as_ref().unwrap_or(placed.site);
        // Most are known: only for the others is a key worth making.
        let key = || (placed.document, home, name_key(&shift.name), shift.person);
        match placed.who {
            Who::Unknown => unknown.entry(key()).or_default().push(*placed),
            Who::Namesakes => namesakes.entry(key()).or_default().push(*placed),
            Who::Known(_) | Who::NotHeld => {}
        }
    }
    for (key, mut shifts) in unknown {
        sort(&mut shifts);
        findings.extend(stranger(context, &key, &shifts));
    }
    for ((_, home, ..), mut shifts) in namesakes {
        sort(&mut shifts);
        findings.extend(several(context, home, &shifts));
    }
}

fn sort(shifts: &mut [PlacedShift<'_>]) {
    ordered::sort_by_key(shifts, |placed| (placed.shift.start, placed.shift.id));
}

fn stranger(
    context: &Context<'_>,
    key: &Stranger<'_>,
    shifts: &[PlacedShift<'_>],
) -> Option<Finding> {
    let (_, home, _, id) = key;
    let first = shifts.first()?;
    let (name, at) = (first.name(), context.site_name(home));
    let days = days(context, shifts);
    let text = Text::of(
        format_args!("“{name}”不在{at}的人员里：{}", days.zh),
        format_args!("{name} is not among the people of {at}: {}", days.en),
    );
    let mut repairs = Vec::new();
    if !first.shift.name.is_empty() {
        for (site, person) in context
            .people
            .elsewhere(&first.shift.name, home)
            .into_iter()
            .take(LENDERS_MAX)
        {
            let lender = context.site_name(site);
            let label = if site == first.site {
                Text::of(
                    format_args!("是本站的{name}"),
                    format_args!("it is this site's own {name}"),
                )
            } else {
                Text::of(
                    format_args!("是{lender}借调来的{name}"),
                    format_args!("it is {name}, lent by {lender}"),
                )
            };
            let lent_by = if site == first.site {
                ""
            } else {
                site.as_str()
            };
            repairs.push(Repair::new(
                label,
                name_them(shifts, person.id, Some(lent_by)),
            ));
        }
        let person = Person {
            id: id.unwrap_or_else(|| Person::id_of_row(home, &name_key(&first.shift.name), "")),
            site: (*home).clone(),
            name: first.shift.name.clone(),
            role: Role::Staff,
            phone: String::new(),
            removed_at: None,
        };
        let document = Name::People {
            site: (*home).clone(),
        };
        let label = Text::of(
            format_args!("把{name}加入{at}的人员"),
            format_args!("add {name} to the people of {at}"),
        );
        // Somebody removed is not made anew: their other fields are still there.
        let there = context
            .holdings
            .view(&document)
            .and_then(|view| view.entry(Collection::Persons, person.id));
        let edits = match there {
            Some(_) => vec![Edit::restore(&document, Collection::Persons, person.id)],
            None => person.create(&document),
        };
        repairs.push(Repair::new(label, edits));
    }
    Some(finding(Rule::UnknownPerson, shifts, text, repairs))
}

fn several(context: &Context<'_>, home: &SiteKey, shifts: &[PlacedShift<'_>]) -> Option<Finding> {
    let first = shifts.first()?;
    let mut people = context.people.namesakes(&first.shift.name, home).to_vec();
    let (name, at, count) = (first.name(), context.site_name(home), people.len());
    let days = days(context, shifts);
    let text = Text::of(
        format_args!("{at}有{count}位“{name}”，不知是哪一位：{}", days.zh),
        format_args!(
            "{at} has {count} people named {name}, and it is not said which: {}",
            days.en
        ),
    );
    ordered::sort_by_key(&mut people, |person| (&person.phone, person.id));
    let repairs = people.iter().map(|person| {
        let label = Text::of(
            format_args!(
                "是电话 {} 的{name}（{}）",
                said(&person.phone),
                person.role.label().zh
            ),
            format_args!(
                "it is the {name} with phone {} ({})",
                said(&person.phone),
                person.role.label().en
            ),
        );
        Repair::new(label, name_them(shifts, person.id, None))
    });
    Some(finding(Rule::Namesakes, shifts, text, repairs.collect()))
}

/// Says of each shift whom it means.
fn name_them(shifts: &[PlacedShift<'_>], person: RecordId, lent_by: Option<&str>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for placed in shifts {
        let mut set = |field, value: &str| {
            edits.push(Edit::set(
                placed.document,
                Collection::Shifts,
                placed.shift.id,
                field,
                value,
            ));
        };
        set("person", &person.to_string());
        if let Some(site) = lent_by {
            set("lent_by", site);
        }
    }
    edits
}

fn finding(rule: Rule, shifts: &[PlacedShift<'_>], text: Text, repairs: Vec<Repair>) -> Finding {
    let records: Vec<RecordRef> = shifts.iter().map(PlacedShift::reference).collect();
    let date = shifts
        .iter()
        .find_map(|placed| Some(placed.shift.period()?.0.date()));
    Finding::new(rule, Severity::Warning, records, None, text)
        .on(date)
        .with_repairs(repairs)
}

/// `12月3日 前台、12月5日 值守 等7班`.
fn days(context: &Context<'_>, shifts: &[PlacedShift<'_>]) -> Text {
    let days: Vec<Text> = shifts
        .iter()
        .map(|placed| match placed.shift.period() {
            Some((start, _)) => {
                let (date, post) = (day(start.date(), context.year()), placed.post());
                Text::of(
                    format_args!("{} {post}", date.zh),
                    format_args!("{} {post}", date.en),
                )
            }
            None => Text::new(placed.post(), placed.post()),
        })
        .collect();
    list(&days, "班")
}

pub(super) fn missing(context: &Context<'_>, month: Option<Month>, out: &mut Vec<NotChecked>) {
    let homes = context
        .shifts
        .iter()
        .filter(|placed| placed.is_working())
        .filter(|placed| month.is_none() || placed.document.month() == month)
        .filter(|placed| placed.who == Who::NotHeld)
        .map(|placed| placed.shift.lent_by.as_ref().unwrap_or(placed.site));
    let mut documents: Vec<Name> = homes
        .map(|site| Name::People { site: site.clone() })
        .collect();
    ordered::sort(&mut documents);
    documents.dedup();
    let sites: Vec<Text> = documents
        .iter()
        .filter_map(Name::site)
        .map(|site| context.site_name(site))
        .map(|name| Text::new(name.clone(), name))
        .collect();
    let sites = list(&sites, "个站点");
    let text = Text::of(
        format_args!("没有核对姓名：本机没有这些站点的人员：{}", sites.zh),
        format_args!(
            "names were not checked: the people of these sites are not held: {}",
            sites.en
        ),
    );
    out.extend(not_checked(Rule::UnknownPerson, documents, text));
}
