//! A submission is over, and the enrolment that was made for it still stands.
//!
//! Reads each `inbox/<site>/<code>`, and the `school/<site>` that its enrolment is in. A sender who takes a wish back cannot withdraw
//! the enrolment: the site does.

use super::context::{Context, not_checked};
use super::schools::{reference, set};
use super::{Finding, NotChecked, Repair, Rule, Severity, Text};
use crate::document::{Month, Name, SiteKey};
use crate::inbox::Progress;
use crate::records::{Collection, Enrolment, EnrolmentState, RecordId, Stage, SubmissionKind};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (name, progress, site, enrolment) in moot(context) {
        let document = Name::School { site: site.clone() };
        let made = context.holdings.view(&document);
        let made = made.and_then(|view| view.get::<Enrolment>(enrolment));
        let stands = made.is_some_and(|made| {
            made.removed_at.is_none() && made.state == EnrolmentState::Enrolled
        });
        if stands {
            findings.push(report(context, name, progress, site, enrolment));
        }
    }
}

/// Submissions that are over, and the enrolment that was made for them.
fn moot<'a>(
    context: &'a Context<'_>,
) -> impl Iterator<Item = (&'a Name, &'a Progress<'a>, &'a SiteKey, RecordId)> {
    context.submissions().filter_map(|(name, progress)| {
        let over = matches!(progress.stage, Stage::Declined | Stage::Withdrawn);
        let enrols = progress.submission.kind == SubmissionKind::Enrolment;
        let made = progress.made().filter(|_| over && enrols)?;
        Some((name, progress, name.site()?, made))
    })
}

fn report(
    context: &Context<'_>,
    name: &Name,
    progress: &Progress<'_>,
    site: &SiteKey,
    enrolment: RecordId,
) -> Finding {
    let (what, stage) = (context.submission(name, progress), progress.stage.label());
    let text = Text::of(
        format_args!("{}{}，为它做的报名却还在", what.zh, stage.zh),
        format_args!(
            "{} is {}, and the enrolment that was made for it still stands",
            what.en, stage.en
        ),
    );
    let withdrawn = EnrolmentState::Withdrawn.as_str();
    let edit = set(site, Collection::Enrolments, enrolment, "state", withdrawn);
    let repairs = vec![Repair::new(
        Text::new("退掉这个报名", "withdraw the enrolment"),
        vec![edit],
    )];
    let records = vec![
        context.submission_ref(name, progress),
        reference(site, Collection::Enrolments, enrolment),
    ];
    Finding::new(Rule::MootEnrolment, Severity::Warning, records, None, text)
        .on(context.sent_on(progress))
        .with_repairs(repairs)
}

pub(super) fn missing(context: &Context<'_>, _: Option<Month>, out: &mut Vec<NotChecked>) {
    let documents = moot(context)
        .map(|(_, _, site, _)| Name::School { site: site.clone() })
        .filter(|document| context.holdings.is_missing(document));
    let text = Text::new(
        "没有核对撤回的来件是否还占着名额：本机没有那个夜校的记录",
        "whether submissions that are over still have a seat was not checked: those schools are not held",
    );
    out.extend(not_checked(Rule::MootEnrolment, documents.collect(), text));
}
