use jiff::civil::Date;

use super::validity::months_after;
use super::{Class, Enrolled, SchoolError, Seat, document};
use crate::document::{Author, SiteKey};
use crate::import::blanks;
use crate::records::{
    CONFIRMED_BY, Certificate, Collection, Edit, Enrolment, EnrolmentState, RecordId, Typed, View,
};

/// Who wants to take a course.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applicant {
    /// Their name.
    pub name: String,
    /// Their telephone number; may be empty.
    pub phone: String,
    /// The site they work at, where that is another than the school's.
    pub home: Option<SiteKey>,
    /// Which of the people of a site they are, where that is known.
    pub person: Option<RecordId>,
}

/// The enrolment of somebody in a course; `confirmed_by` promises a seat. Its id follows from the course, the name and the number:
/// made twice, it is one.
///
/// It can be made where the course is not held, as it is where somebody without an account sends it.
///
/// # Errors
/// There is no name.
pub fn enrol(
    course: RecordId,
    applicant: &Applicant,
    confirmed_by: Option<&Author>,
) -> Result<Enrolment, SchoolError> {
    let (name, phone) = (blanks(&applicant.name), blanks(&applicant.phone));
    if name.is_empty() {
        return Err(SchoolError::NoName);
    }
    Ok(Enrolment {
        id: Enrolment::id_of(course, &name, &phone),
        course: Some(course),
        name,
        phone,
        home: applicant.home.clone(),
        person: applicant.person,
        state: EnrolmentState::Enrolled,
        confirmed_by: confirmed_by.map_or_else(String::new, Author::to_string),
        note: String::new(),
        removed_at: None,
    })
}

/// The edits that enrol somebody in a class at the desk, on a day, and the enrolment's id. Whoever withdrew is enrolled again, and one
/// that was removed is there again. `school` is what is held of `school/<site>`.
///
/// # Errors
/// There is no name, enrolment is over, or they are enrolled already.
pub fn enter(
    site: &SiteKey,
    class: &Class<'_>,
    school: Option<&View>,
    applicant: &Applicant,
    day: Date,
) -> Result<(RecordId, Vec<Edit>), SchoolError> {
    let made = enrol(class.course.id, applicant, None)?;
    let own = document(site, Collection::Enrolments);
    if let Some(there) = class.find(&made.name, &made.phone) {
        return match there.seat {
            Seat::Withdrawn => {
                let (id, enrolled) = (there.enrolment.id, EnrolmentState::Enrolled.as_str());
                let again = Edit::set(&own, Collection::Enrolments, id, "state", enrolled);
                Ok((id, vec![again]))
            }
            _ => Err(SchoolError::There { name: made.name }),
        };
    }
    if !class.is_open(day) {
        let course = class.course.name.clone();
        return Err(SchoolError::Closed { course });
    }
    let mut edits = made.create(&own);
    let held = school.and_then(|view| view.entry(Collection::Enrolments, made.id));
    edits.extend(held.map(|_| Edit::restore(&own, Collection::Enrolments, made.id)));
    Ok((made.id, edits))
}

/// The edits that promise somebody a seat: none where they were promised one.
///
/// # Errors
/// They withdrew, or all seats are promised.
pub fn promise(
    site: &SiteKey,
    class: &Class<'_>,
    enrolled: &Enrolled<'_>,
    by: &Author,
) -> Result<Vec<Edit>, SchoolError> {
    let (enrolment, own) = (enrolled.enrolment, document(site, Collection::Enrolments));
    match enrolled.seat {
        Seat::Withdrawn => {
            let name = enrolment.name.clone();
            return Err(SchoolError::Withdrawn { name });
        }
        Seat::Confirmed => return Ok(Vec::new()),
        Seat::Granted | Seat::Waiting { .. } => {}
    }
    let promised = class.enrolled().filter(|one| one.seat == Seat::Confirmed);
    let seats = class
        .course
        .capacity
        .and_then(|seats| usize::try_from(seats).ok());
    match seats {
        Some(seats) if promised.count() >= seats => Err(SchoolError::Full {
            course: class.course.name.clone(),
            seats,
        }),
        _ => Ok(vec![Edit::set(
            &own,
            Collection::Enrolments,
            enrolment.id,
            CONFIRMED_BY,
            by.as_str(),
        )]),
    }
}

/// The certificate of somebody who may have one, valid from `on` for as long as the course says.
///
/// # Errors
/// What [`Class::may_certify`] has against it.
pub fn certify(
    class: &Class<'_>,
    enrolled: &Enrolled<'_>,
    on: Date,
    issued_by: &str,
) -> Result<Certificate, SchoolError> {
    class.may_certify(enrolled, on.at(23, 59, 59, 0))?;
    let (course, enrolment) = (class.course, enrolled.enrolment);
    let months = course.valid_months;
    Ok(Certificate {
        id: Certificate::id_of(course.id, &enrolment.name, &enrolment.phone),
        course: Some(course.id),
        name: enrolment.name.clone(),
        phone: enrolment.phone.clone(),
        home: enrolment.home.clone(),
        person: enrolment.person,
        certificate: course.certificate.clone(),
        number: String::new(),
        issued_on: Some(on),
        expires_on: months.and_then(|months| months_after(on, months)),
        issued_by: issued_by.to_owned(),
        revoked_on: None,
        note: String::new(),
        removed_at: None,
    })
}
