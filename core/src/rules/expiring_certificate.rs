//! Somebody's certificate is valid for less than a month.
//!
//! Reads `people/<site>` (what is on file) and the `school/<site>` held. Silent where they have another of that name that is valid for
//! longer. One finding for a certificate.

use jiff::civil::Date;

use super::context::Context;
use super::uncertified_shift::courses;
use super::wording::{day, said};
use super::{Finding, RecordRef, Rule, Severity, Text};
use crate::civil;
use crate::document::SiteKey;
use crate::import::word;
use crate::ordered::BTreeSet;
use crate::records::{Collection, Person, RecordId};
use crate::school::{Applicant, Credential, Source};

/// So many days before it expires it is said.
const DAYS: i32 = 30;

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let now = context.holdings.now;
    let Some(soon) = civil::add_days(now, DAYS) else {
        return;
    };
    let (today, soon) = (now.date(), soon.date());
    let credentials = context.credentials();
    for (person, of_person) in credentials.all() {
        let names: BTreeSet<String> = of_person.iter().map(|one| word(one.name())).collect();
        for name in names {
            let valid = credentials.valid(person, &name, today);
            let later = credentials.of_name(person, &name);
            let is_renewed = later.into_iter().any(|one| {
                let until = one.until();
                one.from().is_some_and(|from| from > today)
                    && until.is_none_or(|until| until > soon)
            });
            let expires = valid.and_then(|one| Some((one, one.until()?)));
            if let Some((one, until)) = expires.filter(|(_, until)| *until <= soon && !is_renewed) {
                findings.extend(report(context, person, one, until));
            }
        }
    }
}

fn report(
    context: &Context<'_>,
    person: RecordId,
    one: &Credential<'_>,
    until: Date,
) -> Option<Finding> {
    let who = applicant(context, person, one)?;
    let collection = match one.source {
        Source::Certificate(_) => Collection::Certificates,
        Source::Qualification(_) => Collection::Qualifications,
    };
    let (name, what) = (said(&who.name), said(one.name()));
    let at = who.home.as_ref().map(|site| context.site_name(site));
    let (at, expires) = (at.unwrap_or_default(), day(until, context.year()));
    let text = Text::of(
        format_args!("{name}（{at}）的“{what}”{}到期", expires.zh),
        format_args!("{what} of {name} ({at}) expires on {}", expires.en),
    );
    let record = RecordRef {
        document: one.document.clone(),
        collection,
        record: one.record(),
    };
    let finding = Finding::new(
        Rule::ExpiringCertificate,
        Severity::Notice,
        vec![record],
        None,
        text,
    );
    let repairs = courses(context, one.name(), &who);
    Some(finding.on(Some(until)).with_repairs(repairs))
}

/// Whose a certificate is, as they enrol in the next course.
fn applicant(context: &Context<'_>, person: RecordId, one: &Credential<'_>) -> Option<Applicant> {
    let known: Option<&Person> = context.people.by_id(person);
    let site: &SiteKey = one.document.site()?;
    let (name, phone, home) = match (one.source, known) {
        (_, Some(known)) => (&known.name, &known.phone, &known.site),
        (Source::Certificate(one), None) => {
            (&one.name, &one.phone, one.home.as_ref().unwrap_or(site))
        }
        // Of somebody who was removed.
        (Source::Qualification(_), None) => return None,
    };
    Some(Applicant {
        name: name.clone(),
        phone: phone.clone(),
        home: Some(home.clone()),
        person: known.map(|known| known.id),
    })
}
