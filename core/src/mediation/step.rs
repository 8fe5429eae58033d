use super::{FLOW, MediationError, Proceedings, proceedings};
use crate::document::Name;
use crate::records::{
    Agreement, Case, Collection, Edit, Label, RecordId, Referral, ReferralKind, Sitting, Stage,
    Step, Typed, View,
};

/// The most characters of a step's note, and of whoever takes it.
const NOTE_CHARS: usize = 500;

/// The edits that put a case on the register, in a document of its own. Its id follows from its site and its number.
///
/// # Errors
/// Its number cannot be the end of a document's name.
pub fn register(case: Case) -> Result<(Name, Vec<Edit>), MediationError> {
    let document = Name::case(case.site.clone(), &case.case);
    let document = document.ok_or_else(|| MediationError::Code(case.case.clone()))?;
    let case = Case {
        id: Case::id_of(&case.site, &case.case),
        removed_at: None,
        ..case
    };
    let edits = case.create(&document);
    Ok((document, edits))
}

/// The edits with which a step is taken with the case of a document, `view` being what that holds.
///
/// What the step is about and what it follows on is filled in.
///
/// # Errors
/// There is no case, the step does not follow on the stage that it is at, or something is missing that goes with it: why it was
/// declined, failed or was not confirmed; who mediates; the agreement that was reached.
pub fn step(document: &Name, view: &View, step: Step) -> Result<Vec<Edit>, MediationError> {
    let proceedings = proceedings(view).ok_or(MediationError::Empty)?;
    take(document, &proceedings, vec![step])
}

/// The edits with which several steps are taken, one after the other; see [`step`].
///
/// # Errors
/// As there. Then none of them is taken.
pub fn take(
    document: &Name,
    proceedings: &Proceedings<'_>,
    steps: Vec<Step>,
) -> Result<Vec<Edit>, MediationError> {
    let mut stage = proceedings.stage;
    let mut after = proceedings.last().map(|last| last.id);
    let mut edits = Vec::new();
    for step in steps {
        if !FLOW.allows(stage, step.stage) {
            let to = step.stage;
            return Err(MediationError::Step { from: stage, to });
        }
        check(proceedings, &step)?;
        let step = Step {
            about: Some(proceedings.case.id),
            after,
            removed_at: None,
            ..step
        };
        (stage, after) = (step.stage, Some(step.id));
        edits.extend(step.create(document));
    }
    Ok(edits)
}

/// The edits with which the parties agree: the agreement, and the step to it. Whose it is is filled in; it is signed on the day of the step
/// where it does not say when.
///
/// # Errors
/// See [`step`].
pub fn agree(
    document: &Name,
    proceedings: &Proceedings<'_>,
    agreement: Agreement,
    step: Step,
) -> Result<Vec<Edit>, MediationError> {
    let case = proceedings.case;
    let agreement = Agreement {
        site: case.site.clone(),
        case: case.case.clone(),
        signed: agreement.signed.or(Some(step.at.date())),
        removed_at: None,
        ..agreement
    };
    let mut with = proceedings.clone();
    with.agreements.push(&agreement);
    let mut edits = agreement.create(document);
    edits.extend(take(document, &with, vec![step])?);
    Ok(edits)
}

/// The edits with which an agreement goes to be confirmed: the referral, and the step to it. Whose it is, what for and when is filled in.
///
/// # Errors
/// See [`step`].
pub fn refer(
    document: &Name,
    proceedings: &Proceedings<'_>,
    referral: Referral,
    step: Step,
) -> Result<Vec<Edit>, MediationError> {
    let case = proceedings.case;
    let referral = Referral {
        site: case.site.clone(),
        case: case.case.clone(),
        kind: ReferralKind::Confirmation,
        to_site: None,
        sent: step.at,
        removed_at: None,
        ..referral
    };
    let step = Step {
        made: Some(referral.id),
        ..step
    };
    let mut edits = take(document, proceedings, vec![step])?;
    edits.extend(referral.create(document));
    Ok(edits)
}

/// The edits that enter a sitting. Whose it is is filled in.
///
/// # Errors
/// It ends no later than it starts, or the case is over.
pub fn sit(
    document: &Name,
    proceedings: &Proceedings<'_>,
    sitting: Sitting,
) -> Result<Vec<Edit>, MediationError> {
    let case = proceedings.case;
    if proceedings.is_over() {
        return Err(MediationError::Over(proceedings.stage));
    }
    if sitting.end <= sitting.start {
        return Err(MediationError::Backward);
    }
    let sitting = Sitting {
        site: case.site.clone(),
        case: case.case.clone(),
        removed_at: None,
        ..sitting
    };
    Ok(sitting.create(document))
}

fn check(proceedings: &Proceedings<'_>, step: &Step) -> Result<(), MediationError> {
    const NOTE: Label = Label {
        zh: "说明",
        en: "a note",
    };
    const BY: Label = Label {
        zh: "调解员",
        en: "a mediator",
    };
    const AGREEMENT: Label = Label {
        zh: "调解协议（先用 agreement 登记）",
        en: "an agreement on the record",
    };
    for (text, field) in [(&step.by, BY), (&step.note, NOTE)] {
        if text.chars().nth(NOTE_CHARS).is_some() {
            let max = NOTE_CHARS;
            return Err(MediationError::TooLong { field, max });
        }
    }
    let blank = |text: &str| text.trim().is_empty();
    match step.stage {
        Stage::Declined | Stage::Failed | Stage::Unratified if blank(&step.note) => {
            Err(MediationError::Missing(NOTE))
        }
        Stage::Assigned if blank(&step.by) => Err(MediationError::Missing(BY)),
        Stage::Assigned if proceedings.is_party(&step.by) => {
            Err(MediationError::Party(step.by.clone()))
        }
        Stage::Agreed if proceedings.agreements.is_empty() => {
            Err(MediationError::Missing(AGREEMENT))
        }
        _ => Ok(()),
    }
}

/// The id of a step that anybody may take who sees the same: taken twice, it is one step.
pub(crate) fn shared_id(proceedings: &Proceedings<'_>, stage: Stage) -> RecordId {
    let last = proceedings.last().map(|last| last.id);
    let last = last.unwrap_or(proceedings.case.id).to_string();
    RecordId::natural(Collection::Timeline, &[&last, stage.as_str()])
}
