//! Somebody is rostered on a post without a valid certificate that it takes.
//!
//! Reads `sites` (the posts and the certificates they take), the rosters held and, for whoever is on such a post, what there is on
//! file: `people/<site>` and `school/<site>` of the site they work at, and `school/<site>` of the roster's. What another school issued
//! counts once their site has it on file, so that the site and the hub say the same; whoever holds that school can put it on file. Where
//! one of the three is not held, nothing is said. One finding for a person, a certificate and a roster, however many shifts.

use jiff::civil::Date;

use super::context::{Context, PlacedShift, not_checked};
use super::people::Who;
use super::wording::{day, list, said};
use super::{Finding, NotChecked, RecordRef, Repair, Rule, Severity, Text};
use crate::document::{Month, Name, SiteKey};
use crate::import::word;
use crate::ordered::{self, BTreeMap};
use crate::records::{Collection, Edit, Post, Qualification, RecordId, Typed};
use crate::school::{Applicant, Credential, Source};

/// As many courses are offered.
const OFFERED_MAX: usize = 2;

/// Roster, person, and the certificate that they lack.
type Lacking<'a> = (&'a Name, RecordId, String);

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut lacking: BTreeMap<Lacking<'_>, (&str, Vec<PlacedShift<'_>>)> = BTreeMap::new();
    for (placed, post) in demanding(context) {
        let Some((start, _)) = placed.shift.period() else {
            continue;
        };
        // Of namesakes it is asked elsewhere which is meant.
        let person = context.credentials().on_duty(placed.shift, placed.site);
        let Some(person) =
            person.filter(|_| files(context, &placed).all(|file| held(context, &file)))
        else {
            continue;
        };
        for certificate in &post.certificates {
            let on_file = valid(context, person, certificate, start.date())
                .any(|one| files(context, &placed).any(|file| file == *one.document));
            if !on_file {
                let key = (placed.document, person, word(certificate));
                let (_, shifts) = lacking.entry(key).or_insert((certificate, Vec::new()));
                shifts.push(placed);
            }
        }
    }
    for ((_, person, _), (certificate, mut shifts)) in lacking {
        ordered::sort_by_key(&mut shifts, |placed| (placed.shift.start, placed.shift.id));
        findings.extend(report(context, person, certificate, &shifts));
    }
}

/// The shifts on posts that take a certificate.
fn demanding<'a>(context: &'a Context<'_>) -> Vec<(PlacedShift<'a>, &'a Post)> {
    let mut posts: BTreeMap<&str, Option<&Post>> = BTreeMap::new();
    if !context
        .directory
        .posts()
        .any(|post| !post.certificates.is_empty())
    {
        return Vec::new();
    }
    let working = context.shifts.iter().filter(|placed| placed.is_working());
    working
        .filter_map(|placed| {
            let post = placed.shift.post.as_str();
            // There are few posts and many shifts.
            let post = posts.entry(post).or_insert_with(|| {
                let post = context.directory.post(post);
                post.filter(|post| !post.certificates.is_empty())
            });
            Some((*placed, (*post)?))
        })
        .collect()
}

/// The site that whoever is on a shift works at.
fn home<'a>(context: &'a Context<'_>, placed: &PlacedShift<'a>) -> &'a SiteKey {
    let person = placed.shift.person.and_then(|id| context.people.by_id(id));
    let lender = placed.shift.lent_by.as_ref();
    person.map_or(lender.unwrap_or(placed.site), |person| &person.site)
}

/// Where a certificate is on file for a shift.
fn files<'a>(
    context: &'a Context<'_>,
    placed: &PlacedShift<'a>,
) -> impl Iterator<Item = Name> + use<'a> {
    let (home, site) = (home(context, placed).clone(), placed.site.clone());
    let own = (home != site).then_some(Name::School { site });
    let home = [
        Name::People { site: home.clone() },
        Name::School { site: home },
    ];
    home.into_iter().chain(own)
}

fn held(context: &Context<'_>, file: &Name) -> bool {
    !context.holdings.is_missing(file)
}

fn valid<'a>(
    context: &'a Context<'_>,
    person: RecordId,
    certificate: &str,
    on: Date,
) -> impl Iterator<Item = &'a Credential<'a>> {
    let of_name = context.credentials().of_name(person, certificate);
    of_name.filter(move |one| one.is_valid(on))
}

fn report(
    context: &Context<'_>,
    person: RecordId,
    certificate: &str,
    shifts: &[PlacedShift<'_>],
) -> Option<Finding> {
    let first = shifts.first()?;
    let (start, _) = first.shift.period()?;
    let (name, at, what) = (
        first.name(),
        context.site_name(first.site),
        said(certificate),
    );
    let days: Vec<Text> = shifts
        .iter()
        .filter_map(|placed| {
            let (start, _) = placed.shift.period()?;
            let (day, post) = (day(start.date(), context.year()), placed.post());
            Some(Text::of(
                format_args!("{} {post}", day.zh),
                format_args!("{} {post}", day.en),
            ))
        })
        .collect();
    let days = list(&days, "班");
    // Whoever is certified by a school that their site has nothing of is not without a certificate.
    let elsewhere = valid(context, person, certificate, start.date()).next();
    let why = why(context, person, certificate, elsewhere);
    let text = Text::of(
        format_args!(
            "{at}排了{name}，存档里没有有效的“{what}”{}：{}",
            why.zh, days.zh
        ),
        format_args!(
            "{name} is rostered at {at} without a valid {what} on file{}: {}",
            why.en, days.en
        ),
    );
    let who = applicant(context, first);
    let file = elsewhere.and_then(|one| put_on_file(context, first, one));
    let repairs: Vec<Repair> = match elsewhere {
        Some(_) => file.into_iter().collect(),
        None => courses(context, certificate, &who),
    };
    let severity = match elsewhere {
        Some(_) => Severity::Notice,
        None => Severity::Error,
    };
    let records: Vec<RecordRef> = shifts.iter().map(PlacedShift::reference).collect();
    let field = format!("certificate {}", word(certificate));
    Some(
        Finding::new(
            Rule::UncertifiedShift,
            severity,
            records,
            Some(&field),
            text,
        )
        .on(Some(start.date()))
        .with_repairs(repairs),
    )
}

/// Seats in the courses that lead to a certificate; none where they have one already.
pub(super) fn courses(context: &Context<'_>, certificate: &str, who: &Applicant) -> Vec<Repair> {
    let openings = context.openings(certificate);
    let takes_one = openings.iter().any(|opening| takes(opening.class, who));
    let offered = openings.iter().take(OFFERED_MAX).filter(|_| !takes_one);
    let offered = offered.filter_map(|opening| context.enrol(opening, who));
    offered.collect()
}

/// Whether somebody takes part in a class, or waits to.
fn takes(class: &crate::school::Class<'_>, who: &Applicant) -> bool {
    let enrolled = class.find(&who.name, &who.phone);
    enrolled.is_some_and(|one| one.seat != crate::school::Seat::Withdrawn)
}

/// What is known of why there is none: it expired, is another school's, or will be earned in a course.
fn why(
    context: &Context<'_>,
    person: RecordId,
    certificate: &str,
    elsewhere: Option<&Credential<'_>>,
) -> Text {
    if let Some(site) = elsewhere.and_then(|one| one.document.site()) {
        let at = context.site_name(site);
        return Text::of(
            format_args!("（{at}发过，没有存档）"),
            format_args!(" ({at} issued one)"),
        );
    }
    let last = context
        .credentials()
        .of_name(person, certificate)
        .next_back();
    match last.and_then(Credential::until) {
        Some(until) => {
            let until = day(until, context.year());
            Text::of(
                format_args!("（{}已到期）", until.zh),
                format_args!(" (it expired on {})", until.en),
            )
        }
        None => Text::new("", ""),
    }
}

fn applicant(context: &Context<'_>, placed: &PlacedShift<'_>) -> Applicant {
    let known = match placed.who {
        Who::Known(person) => Some(person),
        Who::Namesakes | Who::NotHeld | Who::Unknown => None,
    };
    Applicant {
        name: placed.shift.name.clone(),
        phone: known.map_or_else(String::new, |person| person.phone.clone()),
        home: Some(home(context, placed).clone()),
        person: known.map(|person| person.id),
    }
}

/// Has the site where they work note what another school issued.
fn put_on_file(
    context: &Context<'_>,
    placed: &PlacedShift<'_>,
    one: &Credential<'_>,
) -> Option<Repair> {
    let Source::Certificate(certificate) = one.source else {
        return None;
    };
    let who = applicant(context, placed);
    let (person, site) = (who.person?, who.home?);
    let document = Name::People { site: site.clone() };
    let issued_by = one.document.site().map(|site| context.site_name(site));
    let mut filed = Qualification {
        id: certificate.id,
        person: Some(person),
        certificate: certificate.certificate.clone(),
        issued_on: certificate.issued_on,
        expires_on: one.until(),
        number: certificate.shown_number(),
        issued_by: issued_by.unwrap_or_default(),
        note: String::new(),
        removed_at: None,
    };
    filed.id = Qualification::id_of(person, &filed.certificate, filed.issued_on);
    let at = context.site_name(&site);
    let label = Text::of(
        format_args!("存入{at}的资质档案"),
        format_args!("put it on file at {at}"),
    );
    let mut edits = filed.create(&document);
    let view = context.holdings.view(&document)?;
    if view.entry(Collection::Qualifications, filed.id).is_some() {
        edits.push(Edit::restore(
            &document,
            Collection::Qualifications,
            filed.id,
        ));
    }
    Some(Repair::new(label, edits))
}

pub(super) fn missing(context: &Context<'_>, month: Option<Month>, out: &mut Vec<NotChecked>) {
    let demanding = demanding(context).into_iter();
    let of_month =
        demanding.filter(|(placed, _)| month.is_none() || placed.document.month() == month);
    let documents = of_month
        .flat_map(|(placed, _)| files(context, &placed))
        .filter(|file| !held(context, file));
    let mut documents: Vec<Name> = documents.collect();
    ordered::sort(&mut documents);
    documents.dedup();
    let sites: Vec<Text> = documents
        .iter()
        .map(|name| {
            let of = name.site().map(|site| context.site_name(site));
            let of = of.unwrap_or_default();
            match name {
                Name::School { .. } => Text::of(
                    format_args!("{of}的夜校"),
                    format_args!("the school of {of}"),
                ),
                _ => Text::of(
                    format_args!("{of}的人员"),
                    format_args!("the people of {of}"),
                ),
            }
        })
        .collect();
    let said = list(&sites, "份");
    let text = Text::of(
        format_args!("没有核对上岗证书：本机没有{}", said.zh),
        format_args!(
            "certificates for duty were not checked: not held here: {}",
            said.en
        ),
    );
    out.extend(not_checked(Rule::UncertifiedShift, documents, text));
}
