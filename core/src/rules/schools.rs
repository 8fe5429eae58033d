//! The night schools held, and what the rules about them have in common: how a class is said, and how somebody is enrolled.

use core::cell::OnceCell;

use super::context::Context;
use super::wording::{day, said};
use super::{Finding, Holdings, RecordRef, Repair, Rule, Severity, Text};
use crate::document::SiteKey;
use crate::matrix::Directory;
use crate::ordered::BTreeMap;
use crate::records::{CONFIRMED_BY, Collection, Edit, RecordId, Typed};
use crate::school::{
    Applicant, Class, Credentials, Opening, School, Seat, document, enrol, openings,
};

/// The school of every `courses/<site>` and `school/<site>` held.
#[derive(Debug, Default)]
pub(super) struct Schools<'a> {
    schools: BTreeMap<&'a SiteKey, School<'a>>,
    /// Made once somebody asks: most networks have people by the thousand, and few posts that take a certificate.
    credentials: OnceCell<Credentials<'a>>,
}

impl<'a> Schools<'a> {
    pub(super) fn new(holdings: &'a Holdings<'_>, directory: &Directory<'a>) -> Self {
        let all = School::all(holdings.views(), directory.hub()).into_iter();
        Self {
            schools: all.map(|school| (school.site(), school)).collect(),
            credentials: OnceCell::new(),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &School<'a>> {
        self.schools.values()
    }

    /// The school of a site.
    pub(super) fn of(&self, site: &SiteKey) -> Option<&School<'a>> {
        self.schools.get(site)
    }

    /// Every class, with the site whose it is.
    pub(super) fn classes(&self) -> impl Iterator<Item = (&'a SiteKey, &Class<'a>)> {
        self.iter()
            .flat_map(|school| school.classes().map(|class| (school.site(), class)))
    }
}

impl<'a> Context<'a> {
    pub(super) fn credentials(&self) -> &Credentials<'a> {
        let make = || Credentials::new(self.holdings.views());
        self.schools.credentials.get_or_init(make)
    }

    /// What people call a class: `“急救员第3期”（客运总站）`.
    pub(super) fn class(&self, site: &SiteKey, class: &Class<'_>) -> Text {
        let (name, at) = (said(&class.course.name), self.site_name(site));
        Text::of(
            format_args!("“{name}”（{at}）"),
            format_args!("{name} ({at})"),
        )
    }

    /// The courses that lead to a certificate and have a free seat, the next first. Who has a seat is known where `school/<site>` is
    /// held.
    pub(super) fn openings(&self, certificate: &str) -> Vec<Opening<'_, 'a>> {
        let mut openings = openings(self.schools.iter(), certificate, self.holdings.now);
        openings.retain(|opening| {
            let school = document(opening.site, Collection::Enrolments);
            let is_free = opening.class.free().is_none_or(|free| free > 0);
            is_free && !self.holdings.is_missing(&school)
        });
        openings
    }

    /// Enrols somebody in a course.
    pub(super) fn enrol(&self, opening: &Opening<'_, '_>, who: &Applicant) -> Option<Repair> {
        let class = self.class(opening.site, opening.class);
        let (from_zh, from_en) = match opening.begins {
            Some(begins) => {
                let day = day(begins.date(), self.year());
                (format!("，{}开始", day.zh), format!(", from {}", day.en))
            }
            None => Default::default(),
        };
        let name = said(&who.name);
        let label = Text::of(
            format_args!("给{name}报名{}{from_zh}", class.zh),
            format_args!("enrol {name} in {}{from_en}", class.en),
        );
        let edits = self.enrolment(opening.site, opening.class.course.id, who)?;
        Some(Repair::new(label, edits))
    }

    /// The edits that enrol somebody in a course of a site's school.
    pub(super) fn enrolment(
        &self,
        site: &SiteKey,
        course: RecordId,
        who: &Applicant,
    ) -> Option<Vec<Edit>> {
        let who = Applicant {
            home: who.home.clone().filter(|home| home != site),
            ..who.clone()
        };
        let enrolment = enrol(course, &who, None).ok()?;
        let document = document(site, Collection::Enrolments);
        let view = self.holdings.view(&document);
        let there = view.and_then(|view| view.entry(Collection::Enrolments, enrolment.id));
        let mut edits = enrolment.create(&document);
        if there.is_some() {
            edits.push(Edit::restore(
                &document,
                Collection::Enrolments,
                enrolment.id,
            ));
        }
        Some(edits)
    }
}

/// Seats that were promised by someone who may not.
pub(super) fn unentitled_seats(context: &Context<'_>, findings: &mut Vec<Finding>) {
    // Which site is the hub is not known without the directory.
    if context.sites.is_empty() {
        return;
    }
    for (site, class) in context.schools.classes() {
        for enrolled in class.enrolled() {
            let enrolment = enrolled.enrolment;
            let counts = matches!(enrolled.seat, Seat::Confirmed | Seat::Withdrawn);
            if counts || enrolment.confirmed_by.is_empty() {
                continue;
            }
            let (name, by) = (said(&enrolment.name), said(&enrolment.confirmed_by));
            let what = context.class(site, class);
            let text = Text::of(
                format_args!(
                    "{name}在{}的名额由“{by}”确认，不算数：只有{}或中心能确认",
                    what.zh,
                    context.site_name(site)
                ),
                format_args!(
                    "the seat of {name} in {} was confirmed by \"{by}\", which does not count: only {} or the hub can",
                    what.en,
                    context.site_name(site)
                ),
            );
            let label = Text::of(
                format_args!("撤回对 {name} 的确认"),
                format_args!("take back the confirmation of {name}"),
            );
            let edit = set(site, Collection::Enrolments, enrolment.id, CONFIRMED_BY, "");
            let record = reference(site, Collection::Enrolments, enrolment.id);
            findings.push(
                Finding::new(
                    Rule::UnentitledConfirmation,
                    Severity::Warning,
                    vec![record],
                    None,
                    text,
                )
                .with_repairs(vec![Repair::new(label, vec![edit])]),
            );
        }
    }
}

/// A record of a school.
pub(super) fn reference(site: &SiteKey, collection: Collection, record: RecordId) -> RecordRef {
    RecordRef {
        document: document(site, collection),
        collection,
        record,
    }
}

/// The edit that sets a field of a record of a school.
pub(super) fn set(
    site: &SiteKey,
    collection: Collection,
    record: RecordId,
    field: &str,
    value: &str,
) -> Edit {
    let document = document(site, collection);
    Edit::set(&document, collection, record, field, value)
}
