//! Somebody has waited for a site for too long.
//!
//! Reads each `inbox/<site>/<code>` by itself, and the time.

use super::context::Context;
use super::{Finding, Repair, Rule, Severity, Text};
use crate::document::Name;
use crate::inbox::{Overdue, Party, Progress, step};
use crate::records::{Collection, RecordId, Stage, Step, SubmissionKind};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (name, progress) in context.submissions() {
        if let Some(overdue) = progress.overdue(context.holdings.now) {
            findings.push(report(context, name, progress, overdue));
        }
    }
}

fn report(
    context: &Context<'_>,
    name: &Name,
    progress: &Progress<'_>,
    overdue: Overdue,
) -> Finding {
    let what = context.submission(name, progress);
    let waited = progress.waits_since().duration_until(context.holdings.now);
    let days = waited.as_hours() / 24;
    let (text, repairs) = match overdue {
        Overdue::Acceptance => (
            Text::of(
                format_args!(
                    "{}已等了 {days} 天，还没有受理（应在 {} 天内）",
                    what.zh,
                    Overdue::ACCEPTANCE_DAYS
                ),
                format_args!(
                    "{} has waited for {days} days and is not accepted; it should be within {}",
                    what.en,
                    Overdue::ACCEPTANCE_DAYS
                ),
            ),
            accept(context, name, progress).into_iter().collect(),
        ),
        Overdue::Completion => {
            let by = progress.assignee();
            let (by_zh, by_en) = by.map_or_else(Default::default, |by| {
                let by = super::wording::said(by);
                (format!("，由 {by} 办理"), format!(", with {by}"))
            });
            let text = Text::of(
                format_args!(
                    "{}已等了 {days} 天{by_zh}，还没有办结（应在 {} 天内）",
                    what.zh,
                    Overdue::COMPLETION_DAYS
                ),
                format_args!(
                    "{} has waited for {days} days{by_en} and is not done; it should be within {}",
                    what.en,
                    Overdue::COMPLETION_DAYS
                ),
            );
            (text, Vec::new())
        }
    };
    Finding::new(
        Rule::WaitingSubmission,
        Severity::Warning,
        vec![context.submission_ref(name, progress)],
        None,
        text,
    )
    .on(context.sent_on(progress))
    .with_repairs(repairs)
}

/// A request is accepted by saying so; what asks for a venue or for goods takes somebody who gives them.
fn accept(context: &Context<'_>, name: &Name, progress: &Progress<'_>) -> Option<Repair> {
    if progress.submission.kind != SubmissionKind::Request {
        return None;
    }
    let view = context.holdings.view(name)?;
    let last = progress
        .last()
        .map_or(progress.submission.id, |last| last.id);
    let accepted = Step {
        // The same wherever the repair is made: made twice, it is one step.
        id: RecordId::natural(
            Collection::Timeline,
            &[&last.to_string(), Stage::Accepted.as_str()],
        ),
        about: None,
        after: None,
        stage: Stage::Accepted,
        at: context.holdings.now,
        by: String::new(),
        note: String::new(),
        made: None,
        removed_at: None,
    };
    let edits = step(name, view, Party::Site, accepted, None).ok()?;
    let label = Text::new("受理", "accept it");
    Some(Repair::new(label, edits))
}
