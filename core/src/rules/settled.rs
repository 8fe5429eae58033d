use super::{Holdings, findings};
use crate::document::{LiveDocument, Name};
use crate::inbox::progress;
use crate::records::{Stage, SubmissionKind};

/// Whether no rule says anything about a document, nor will before the document changes, however much time passes and whatever else
/// is held: for findings, its name is then enough (see [`Holdings::add_settled`]).
///
/// So it is with submissions that nobody waits for any more: one that is done, confirmed, declined or withdrawn, without a step that
/// crossed another. One that waits will be late some day; one that is over, and of which a booking was made, may still have that;
/// whoever was enrolled may be certified, and is then to find the proof.
/// Of other documents it is never said.
#[must_use]
pub fn is_settled(document: &LiveDocument) -> bool {
    if !matches!(document.name(), Some(Name::Inbox { .. })) {
        return false;
    }
    let progress = progress(document.view());
    let waits = progress.as_ref().is_some_and(|progress| {
        let stage = progress.stage;
        let over = matches!(stage, Stage::Declined | Stage::Withdrawn);
        let waits = matches!(stage, Stage::Submitted | Stage::Accepted | Stage::Assigned);
        let submission = progress.submission;
        let enrols = submission.kind == SubmissionKind::Enrolment && submission.proof.is_empty();
        waits || (over || enrols) && progress.made().is_some()
    });
    if waits {
        return false;
    }
    // Nothing but what waits depends on the time.
    let mut alone = Holdings::new(jiff::civil::DateTime::ZERO);
    alone.add(document);
    findings(&alone, None).findings.is_empty()
}
