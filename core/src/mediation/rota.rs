use jiff::civil::DateTime;

use super::Proceedings;
use crate::document::{Name, SiteKey};
use crate::import::name_key;
use crate::matrix::Directory;
use crate::ordered::{self, BTreeMap};
use crate::records::{RecordId, Shift, ShiftState, View};

/// A specialist who is on duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Specialist<'a> {
    /// Their name, as the roster writes it.
    pub name: &'a str,
    /// Their post.
    pub post: &'a str,
    /// The site on whose roster they are.
    pub site: &'a SiteKey,
    /// The person, where known.
    pub person: Option<RecordId>,
    /// Until when they are.
    pub until: DateTime,
    /// How many open cases they mediate, of those that are at hand.
    pub cases: usize,
}

/// Who of the specialists' rota is on duty at a time for a case of `site`: at that site, else at the one it belongs to, and so on up to the
/// hub. The likeliest first: who is nearest, then who has the fewest open cases.
///
/// `rosters` are those of the month and, for the nights, of the month before; `load` is how many cases each name has, see [`load`].
pub fn on_duty<'a>(
    rosters: impl IntoIterator<Item = (&'a Name, &'a View)>,
    directory: &Directory<'_>,
    site: &SiteKey,
    at: DateTime,
    load: &BTreeMap<String, usize>,
) -> Vec<Specialist<'a>> {
    let path = directory.path(site);
    let far = |of: &SiteKey| match of == site {
        true => Some(0),
        false => path.iter().position(|key| *key == of),
    };
    let mut found = Vec::new();
    for (name, view) in rosters {
        let Name::Roster { site: of, .. } = name else {
            continue;
        };
        let Some(far) = far(of) else { continue };
        for (shift, _) in view.present::<Shift>() {
            if is_on(shift, at) && directory.mediates(&shift.post) {
                let cases = load.get(&name_key(&shift.name)).copied();
                found.push((far, cases.unwrap_or(0), of, shift));
            }
        }
    }
    ordered::sort_by_key(&mut found, |(far, cases, _, shift)| {
        (*far, *cases, &shift.name, shift.id)
    });
    let specialist = |(_, cases, site, shift): (usize, usize, &'a SiteKey, &'a Shift)| Specialist {
        name: &shift.name,
        post: &shift.post,
        site,
        person: shift.person,
        until: shift.end,
        cases,
    };
    found.into_iter().map(specialist).collect()
}

fn is_on(shift: &Shift, at: DateTime) -> bool {
    let works = matches!(shift.state, ShiftState::Planned | ShiftState::Confirmed);
    let period = shift.period().filter(|_| works && !shift.name.is_empty());
    period.is_some_and(|(start, end)| start <= at && at < end)
}

/// How many open cases each name mediates.
pub fn load<'a>(cases: impl IntoIterator<Item = &'a Proceedings<'a>>) -> BTreeMap<String, usize> {
    let mut load = BTreeMap::new();
    for proceedings in cases {
        if proceedings.outcome().is_some() || proceedings.is_over() {
            continue;
        }
        for mediator in &proceedings.mediators {
            *load.entry(name_key(&mediator.name)).or_default() += 1;
        }
    }
    load
}
