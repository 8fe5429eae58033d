use std::cell::RefCell;
use std::rc::Rc;

use super::Directory;
use crate::document::SiteKey;
use crate::ordered::{self, BTreeMap};

/// As many sites nearby are looked at.
const SITES_MAX: usize = 20;

/// A site that has venues.
#[derive(Clone, Copy, Debug)]
pub(super) struct Neighbour<'a> {
    pub(super) site: &'a SiteKey,
    /// Metres, where it is another site than the one asked about and both places are known.
    pub(super) distance_m: Option<u32>,
}

/// The sites with venues around a site, the nearest first: worked out once for each that is asked about.
#[derive(Debug, Default)]
pub(crate) struct Nearby<'a>(RefCell<BTreeMap<SiteKey, Rc<[Neighbour<'a>]>>>);

impl<'a> Nearby<'a> {
    /// The site itself, then the others; those whose distance is not known come last.
    pub(super) fn of(&self, directory: &Directory<'a>, site: &SiteKey) -> Rc<[Neighbour<'a>]> {
        if let Some(known) = self.0.borrow().get(site) {
            return known.clone();
        }
        let found: Rc<[_]> = look(directory, site).into();
        self.0.borrow_mut().insert(site.clone(), found.clone());
        found
    }
}

/// The same, worked out now.
pub(super) fn look<'a>(directory: &Directory<'a>, site: &SiteKey) -> Vec<Neighbour<'a>> {
    let with_venues = directory
        .sites()
        .filter(|other| !directory.venues_of(&other.key).is_empty());
    let mut sites: Vec<_> = with_venues
        .map(|other| {
            let distance = directory.distance_m(site, &other.key);
            let elsewhere = other.key != *site;
            (elsewhere, distance.is_none(), distance, &other.key)
        })
        .collect();
    ordered::sort(&mut sites);
    let nearest = sites.into_iter().take(SITES_MAX + 1);
    let neighbour = |(elsewhere, _, distance, site): (bool, _, Option<u32>, _)| Neighbour {
        site,
        distance_m: distance.filter(|_| elsewhere),
    };
    nearest.map(neighbour).collect()
}
