use super::{Holdings, findings};
use crate::document::{LiveDocument, Name};
use crate::inbox::{Progress, progress};
use crate::mediation::{Proceedings, proceedings};
use crate::records::{Stage, SubmissionKind};

/// Whether no rule says anything about a document, nor will before the document changes, however much time passes and whatever else
/// is held: for findings, its name is then enough (see [`Holdings::add_settled`]).
///
/// So it is with submissions that nobody waits for any more: one that is done, confirmed, declined or withdrawn, without a step that
/// crossed another. One that waits will be late some day; one that is over, and of which a booking was made, may still have that;
/// whoever was enrolled may be certified, and is then to find the proof.
/// So it is with cases that are over, unless an agreement is still to be performed, and with what tells a site of a case that was handed
/// to it. Of other documents it is never said.
#[must_use]
pub fn is_settled(document: &LiveDocument) -> bool {
    let waits = match document.name() {
        Some(Name::Inbox { .. }) => progress(document.view()).is_some_and(|of| is_awaited(&of)),
        Some(Name::Case { .. }) => proceedings(document.view()).is_some_and(|of| is_due(&of)),
        _ => return false,
    };
    if waits {
        return false;
    }
    // Nothing but what waits depends on the time.
    let mut alone = Holdings::new(jiff::civil::DateTime::ZERO);
    alone.add(document);
    findings(&alone, None).findings.is_empty()
}

/// Whether documents of a name can be settled at all.
#[must_use]
pub const fn may_settle(name: &Name) -> bool {
    matches!(name, Name::Inbox { .. } | Name::Case { .. })
}

fn is_awaited(progress: &Progress<'_>) -> bool {
    let stage = progress.stage;
    let over = matches!(stage, Stage::Declined | Stage::Withdrawn);
    let waits = matches!(stage, Stage::Submitted | Stage::Accepted | Stage::Assigned);
    let submission = progress.submission;
    let enrols = submission.kind == SubmissionKind::Enrolment && submission.proof.is_empty();
    waits || (over || enrols) && progress.made().is_some()
}

fn is_due(case: &Proceedings<'_>) -> bool {
    let performs = matches!(case.outcome(), Some((Stage::Agreed, _)));
    let agreements = case.agreements.iter();
    let due =
        agreements.filter(|agreement| agreement.due.is_some() && agreement.performed.is_none());
    !case.is_over() || performs && due.count() > 0
}
