use jiff::civil::DateTime;

use super::{Class, School};
use crate::document::SiteKey;
use crate::ordered;

/// A course that people can still enrol in.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'s, 'a> {
    /// Whose it is.
    pub site: &'a SiteKey,
    /// The course and what belongs to it.
    pub class: &'s Class<'a>,
    /// When it begins, where that is planned.
    pub begins: Option<DateTime>,
}

/// The courses that lead to a certificate, that have not begun, and that people can enrol in: the one that begins first is first,
/// those that do not say when are last.
pub fn openings<'s, 'a: 's>(
    schools: impl IntoIterator<Item = &'s School<'a>>,
    certificate: &str,
    now: DateTime,
) -> Vec<Opening<'s, 'a>> {
    let mut openings = Vec::new();
    for school in schools {
        for class in school.classes() {
            let begins = class.begins();
            let to_come = begins.is_none_or(|begins| begins > now);
            if to_come && class.is_open(now.date()) && class.leads_to(certificate) {
                openings.push(Opening {
                    site: school.site(),
                    class,
                    begins,
                });
            }
        }
    }
    ordered::sort_by_key(&mut openings, |opening| {
        let unknown = opening.begins.is_none();
        (
            unknown,
            opening.begins,
            opening.site,
            opening.class.course.id,
        )
    });
    openings
}

/// The next course that leads to a certificate and has a free seat.
pub fn next_course<'s, 'a: 's>(
    schools: impl IntoIterator<Item = &'s School<'a>>,
    certificate: &str,
    now: DateTime,
) -> Option<Opening<'s, 'a>> {
    let openings = openings(schools, certificate, now).into_iter();
    let is_free = |opening: &Opening<'_, '_>| opening.class.free().is_none_or(|free| free > 0);
    openings.into_iter().find(is_free)
}
