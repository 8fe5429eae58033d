use super::{FLOW, InboxError, Limits, Made, Party, progress};
use crate::document::Name;
use crate::records::{Edit, Label, Stage, Step, Typed, View};

/// The edits with which a party takes a step in a submission's document, `view` being what that holds.
///
/// What the step is about and what it follows on is filled in. `made` is what comes of it elsewhere: the booking that
/// [`booking`](super::booking()) makes, or whatever another module makes of a claim; its edits are made along with the step.
///
/// # Errors
///
/// When nothing was sent, or the step does not follow on the stage that the submission is at, or is not that party's.
pub fn step(
    document: &Name,
    view: &View,
    party: Party,
    step: Step,
    made: Option<Made>,
) -> Result<Vec<Edit>, InboxError> {
    let progress = progress(view).ok_or(InboxError::Empty)?;
    if !FLOW.lets(party, progress.stage, step.stage) {
        return Err(InboxError::Step {
            from: progress.stage,
            to: step.stage,
            by: party,
        });
    }
    check(&step)?;
    let step = Step {
        about: Some(progress.submission.id),
        after: progress.last().map(|last| last.id),
        made: made.as_ref().map(|made| made.record),
        ..step
    };
    let elsewhere = made.into_iter().flat_map(|made| made.edits);
    Ok(step.create(document).into_iter().chain(elsewhere).collect())
}

/// Whoever is told no, or that work is given to them, wants to know why, or who.
fn check(step: &Step) -> Result<(), InboxError> {
    const NOTE: Label = Label {
        zh: "说明",
        en: "a note",
    };
    const BY: Label = Label {
        zh: "经办人",
        en: "who does it",
    };
    for (text, field) in [(&step.by, BY), (&step.note, NOTE)] {
        if text.chars().nth(Limits::NOTE_CHARS).is_some() {
            let max = Limits::NOTE_CHARS;
            return Err(InboxError::TooLong { field, max });
        }
    }
    match step.stage {
        Stage::Assigned if step.by.trim().is_empty() => Err(InboxError::Missing(BY)),
        Stage::Declined if step.note.trim().is_empty() => Err(InboxError::Missing(NOTE)),
        _ => Ok(()),
    }
}
