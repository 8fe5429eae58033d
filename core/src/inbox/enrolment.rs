use super::{InboxError, Made};
use crate::document::{Author, Name, SiteKey};
use crate::records::{Collection, Edit, Enrolment, Submission, SubmissionKind, Typed, View};
use crate::school::{Applicant, enrol};

/// The enrolment that a wish for a course of `site` becomes; `confirmed_by` promises a seat. `school` is the view of `school/<site>`,
/// where that is held: an enrolment that is there and was given up is taken up again.
///
/// Its id follows from the course and whoever sent it, so a wish accepted at two computers without a network, or entered at the
/// desk as well, makes one enrolment.
///
/// # Errors
///
/// When the submission asks for something else, or does not say for which course.
pub fn enrolment(
    site: &SiteKey,
    submission: &Submission,
    confirmed_by: Option<&Author>,
    school: Option<&View>,
) -> Result<(Enrolment, Made), InboxError> {
    let (SubmissionKind::Enrolment, Some(course)) = (submission.kind, submission.course) else {
        return Err(InboxError::NoEnrolment);
    };
    let applicant = Applicant {
        name: submission.name.clone(),
        phone: submission.phone.clone(),
        ..Applicant::default()
    };
    let enrolment = enrol(course, &applicant, confirmed_by).map_err(|_| InboxError::NoEnrolment)?;
    let document = Name::School { site: site.clone() };
    let there = school.and_then(|view| view.entry(Collection::Enrolments, enrolment.id));
    let mut edits = enrolment.create(&document);
    if there.is_some_and(|entry| entry.removed_at().is_some()) {
        edits.push(Edit::restore(
            &document,
            Collection::Enrolments,
            enrolment.id,
        ));
    }
    let record = enrolment.id;
    Ok((enrolment, Made { record, edits }))
}
