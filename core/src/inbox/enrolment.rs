use super::{InboxError, Made};
use crate::document::{Author, Name, SiteKey};
use crate::records::{
    CONFIRMED_BY, Collection, Edit, Enrolment, EnrolmentState, Submission, SubmissionKind, Typed,
    View,
};
use crate::school::{Applicant, Enrolled, School, document, enrol};

/// What comes of a wish for a course of `site`, whose `courses/<site>` and `school/<site>` the views
/// show, as far as they are begun: an enrolment, with the promise of `by` where a
/// seat is free, else in the queue. `hub` is the hub's site; see [`School::new`].
///
/// The enrolment's id follows from the course and whoever sent the wish, so one that is accepted at two computers without a network
/// makes one enrolment. Somebody who was entered at the desk before, perhaps without a telephone number, keeps that enrolment.
///
/// # Errors
///
/// When the submission asks for something else, or for a course that there is not.
pub fn enrolment(
    site: &SiteKey,
    submission: &Submission,
    by: &Author,
    (courses, school): (Option<&View>, Option<&View>),
    hub: Option<&SiteKey>,
) -> Result<Made, InboxError> {
    let (SubmissionKind::Enrolment, Some(course)) = (submission.kind, submission.course) else {
        return Err(InboxError::NoEnrolment);
    };
    let of_site = School::new(site, courses, school, hub);
    let class = of_site.class(course).ok_or(InboxError::NoCourse)?;
    let there = class.find(&submission.name, &submission.phone);
    let has_seat = there.is_some_and(|one| one.seat.stands());
    let is_free = class.free().is_none_or(|free| free > 0);
    let promise = (is_free || has_seat).then_some(by);
    let document = document(site, Collection::Enrolments);
    if let Some(there) = there {
        return Ok(take_up(&document, there, submission, promise));
    }
    let applicant = Applicant {
        name: submission.name.clone(),
        phone: submission.phone.clone(),
        ..Applicant::default()
    };
    let made = enrol(course, &applicant, promise).map_err(|_| InboxError::NoEnrolment)?;
    let mut edits = made.create(&document);
    let held = school.and_then(|view| view.entry(Collection::Enrolments, made.id));
    if held.is_some() {
        edits.push(Edit::restore(&document, Collection::Enrolments, made.id));
    }
    Ok(Made {
        record: made.id,
        edits,
    })
}

/// Takes up an enrolment that is there, and says in it what only the wish does.
fn take_up(
    document: &Name,
    there: &Enrolled<'_>,
    submission: &Submission,
    promise: Option<&Author>,
) -> Made {
    let Enrolment {
        id,
        state,
        phone,
        confirmed_by,
        ..
    } = there.enrolment;
    let mut edits = Vec::new();
    let mut set = |field: &str, value: &str| {
        let edit = Edit::set(document, Collection::Enrolments, *id, field, value);
        edits.push(edit);
    };
    if *state == EnrolmentState::Withdrawn {
        set("state", EnrolmentState::Enrolled.as_str());
    }
    if phone.is_empty() && !submission.phone.is_empty() {
        set("phone", &submission.phone);
    }
    if let Some(by) = promise.filter(|_| confirmed_by.is_empty()) {
        set(CONFIRMED_BY, by.as_str());
    }
    Made { record: *id, edits }
}
