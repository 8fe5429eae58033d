use jiff::civil::DateTime;

use super::{Code, InboxError};
use crate::document::Name;
use crate::import::blanks;
use crate::records::{Collection, Edit, Label, RecordId, Submission, SubmissionKind, Typed};

/// How much people may send.
#[derive(Debug)]
pub struct Limits;

impl Limits {
    /// Characters of a name.
    pub const NAME_CHARS: usize = 60;
    /// Characters of a telephone number.
    pub const PHONE_CHARS: usize = 40;
    /// Characters of what they say.
    pub const TEXT_CHARS: usize = 2_000;
    /// Characters of a step's note, and of whoever takes it.
    pub const NOTE_CHARS: usize = 500;
    /// Goods, or people who will come.
    pub const COUNT: i64 = 100_000;
}

/// The edits that send a submission under a new code. Its id, its site and its time are those of the code and of `at`.
///
/// # Errors
///
/// When something is missing that a submission of its kind needs, or is more than [`Limits`] allows.
pub fn send(
    submission: Submission,
    code: &Code,
    at: DateTime,
) -> Result<(Name, Vec<Edit>), InboxError> {
    let submission = Submission {
        id: id_of(code),
        site: code.site().clone(),
        name: blanks(&submission.name),
        phone: blanks(&submission.phone),
        text: submission.text.trim().to_owned(),
        at,
        removed_at: None,
        ..submission
    };
    check(&submission)?;
    let document = code.name();
    let edits = submission.create(&document);
    Ok((document, edits))
}

/// The id of the submission that was sent under a code.
fn id_of(code: &Code) -> RecordId {
    let parts = [code.site().as_str(), &code.characters()];
    RecordId::natural(Collection::Submission, &parts)
}

fn check(submission: &Submission) -> Result<(), InboxError> {
    let Submission {
        name, phone, text, ..
    } = submission;
    fits("name", name, Limits::NAME_CHARS)?;
    fits("phone", phone, Limits::PHONE_CHARS)?;
    fits("text", text, Limits::TEXT_CHARS)?;
    needs("name", !name.is_empty())?;
    match submission.kind {
        SubmissionKind::Booking => {
            needs("venue", submission.venue.is_some())?;
            needs("start", submission.start.is_some())?;
            needs("end", submission.end.is_some())?;
        }
        SubmissionKind::Claim => {
            needs("item", submission.item.is_some())?;
            needs("count", submission.count.is_some())?;
        }
        SubmissionKind::Enrolment => needs("course", submission.course.is_some())?,
        SubmissionKind::Request => needs("text", !text.is_empty())?,
    }
    if submission.start.is_some() && submission.end.is_some() && submission.start >= submission.end
    {
        return Err(InboxError::Backwards);
    }
    let in_range = |count| (1..=Limits::COUNT).contains(&count);
    match submission.count {
        Some(count) if !in_range(count) => Err(InboxError::Count { max: Limits::COUNT }),
        _ => Ok(()),
    }
}

fn label(field: &'static str) -> Label {
    let of = Submission::KIND.fields.iter().find(|of| of.name == field);
    of.map_or(
        Label {
            zh: field,
            en: field,
        },
        |of| of.label,
    )
}

fn needs(field: &'static str, there: bool) -> Result<(), InboxError> {
    there
        .then_some(())
        .ok_or_else(|| InboxError::Missing(label(field)))
}

fn fits(field: &'static str, text: &str, max: usize) -> Result<(), InboxError> {
    match text.chars().nth(max) {
        Some(_) => Err(InboxError::TooLong {
            field: label(field),
            max,
        }),
        None => Ok(()),
    }
}
