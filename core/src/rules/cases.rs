//! The cases held, and how one is said and given to somebody.

use jiff::civil::{Date, DateTime};

use super::context::Context;
use super::wording::said;
use super::{Finding, Holdings, RecordRef, Repair, Rule, Severity, Text};
use crate::document::{Month, Name, SiteKey};
use crate::mediation::{
    Assignment, Proceedings, Specialist, assign, on_duty, proceedings, shared_id, take,
};
use crate::records::{Collection, RecordId, Stage, Step};

/// A case and the document it is in. The document's name says whose it is.
#[derive(Debug, Clone)]
pub(super) struct PlacedCase<'a> {
    pub(super) document: &'a Name,
    pub(super) site: &'a SiteKey,
    pub(super) proceedings: Proceedings<'a>,
}

impl<'a> PlacedCase<'a> {
    pub(super) fn all(holdings: &'a Holdings<'_>) -> Vec<Self> {
        let documents = holdings.documents.iter();
        documents
            .filter_map(|(document, holding)| {
                let Name::Case { site, .. } = document else {
                    return None;
                };
                Some(Self {
                    document,
                    site,
                    proceedings: proceedings(holding.view)?,
                })
            })
            .collect()
    }

    /// What is of it in a collection.
    pub(super) fn record(&self, collection: Collection, record: RecordId) -> RecordRef {
        RecordRef {
            document: self.document.clone(),
            collection,
            record,
        }
    }

    pub(super) fn reference(&self) -> RecordRef {
        self.record(Collection::Case, self.proceedings.case.id)
    }

    /// A finding about the case, and about more records of it.
    pub(super) fn finding(
        &self,
        rule: Rule,
        severity: Severity,
        more: Option<RecordRef>,
        text: Text,
        on: Option<Date>,
    ) -> Finding {
        let records = more.into_iter().chain([self.reference()]).collect();
        Finding::new(rule, severity, records, None, text).on(on)
    }

    /// Whether somebody is to hear its parties, or will be.
    pub(super) fn is_heard(&self) -> bool {
        matches!(self.proceedings.stage, Stage::Assigned | Stage::Mediating)
    }
}

/// The day of a time, where that could be read.
pub(super) fn day_of(at: DateTime) -> Option<Date> {
    (at != DateTime::ZERO).then(|| at.date())
}

impl Context<'_> {
    /// What people call a case: `张三 与 某物流公司 的欠薪案件（客运总站）`.
    pub(super) fn case(&self, placed: &PlacedCase<'_>) -> Text {
        let (zh, en) = placed.proceedings.title();
        let claim = placed.proceedings.case.claim.label();
        let at = self.site_name(placed.site);
        Text::of(
            format_args!("{}的{}案件（{at}）", said(&zh), claim.zh),
            format_args!("the {} case of {} ({at})", claim.en, said(&en)),
        )
    }

    /// A step that follows from what a case is, as a repair: made twice, it is one step.
    pub(super) fn step_repair(
        &self,
        placed: &PlacedCase<'_>,
        stage: Stage,
        label: Text,
    ) -> Option<Repair> {
        let step = Step {
            id: shared_id(&placed.proceedings, stage),
            about: None,
            after: None,
            stage,
            at: self.holdings.now,
            by: String::new(),
            note: String::new(),
            made: None,
            removed_at: None,
        };
        let edits = take(placed.document, &placed.proceedings, vec![step]).ok()?;
        Some(Repair::new(label, edits))
    }

    /// Gives a case to who is on duty now, as a repair; none where nobody is, or where it is past that.
    pub(super) fn assign_repair(&self, placed: &PlacedCase<'_>) -> Option<Repair> {
        let specialist = self.specialist(placed)?;
        let case = &placed.proceedings;
        let assignment = Assignment {
            name: specialist.name.to_owned(),
            post: specialist.post.to_owned(),
            of: Some(specialist.site.clone()),
            person: specialist.person,
            at: self.holdings.now,
            note: String::new(),
        };
        let ids = [Stage::Accepted, Stage::Assigned].map(|stage| shared_id(case, stage));
        let edits = assign(placed.document, case, assignment, ids, "").ok()?;
        let (name, post) = (said(specialist.name), said(specialist.post));
        let label = Text::of(
            format_args!("指派正在值班的 {name}（{post}）"),
            format_args!("give it to {name} ({post}), who is on duty"),
        );
        Some(Repair::new(label, edits))
    }

    fn specialist(&self, placed: &PlacedCase<'_>) -> Option<Specialist<'_>> {
        let (now, directory) = (self.holdings.now, &self.directory);
        // A night may have begun the month before.
        let month = Month::of(now.date()).ok()?;
        let months = [Some(month), month.prev()];
        let above = directory.path(placed.site).into_iter();
        let above = above.filter(|site| *site != placed.site);
        let sites = [placed.site].into_iter().chain(above);
        let names = sites.flat_map(|site| {
            let roster = |month| Name::Roster {
                site: site.clone(),
                month,
            };
            months.into_iter().flatten().map(roster)
        });
        let rosters = names.filter_map(|name| {
            let mut held = self.holdings.documents.range(name.clone()..=name);
            held.next().map(|(name, holding)| (name, holding.view))
        });
        let on_duty = on_duty(rosters, directory, placed.site, now, &self.load);
        let mut free = on_duty.into_iter();
        free.find(|specialist| !placed.proceedings.is_party(specialist.name))
    }
}
