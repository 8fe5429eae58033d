use jiff::civil::Date;

use super::validity::months_after;
use super::{Class, Enrolled, SchoolError};
use crate::document::{Author, SiteKey};
use crate::import::blanks;
use crate::records::{Certificate, Enrolment, EnrolmentState, RecordId};

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
