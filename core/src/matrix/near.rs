use jiff::civil::DateTime;

use super::{Directory, distance};
use crate::import::name_key;
use crate::ordered::{self, BTreeSet};
use crate::records::{Availability, Service, Site, Venue};

/// What somebody is looking for. As it begins, everything will do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// The site must offer all of these.
    pub amenities: BTreeSet<String>,
    /// The site must offer a service of this name or category; open at that time, unless closed ones are wanted too.
    pub service: Option<String>,
    /// The site must have a venue for as many people.
    pub capacity: Option<i64>,
    /// Closed sites too, which then say when they open.
    pub closed_too: bool,
}

/// A site that was looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Near<'a> {
    /// The site.
    pub site: &'a Site,
    /// How far it is, where both places are known.
    pub distance_m: Option<u32>,
    /// Whether it is open.
    pub is_open: bool,
    /// Until when; two weeks on where it never closes.
    pub open_until: Option<DateTime>,
    /// When it opens, where it is closed and will within two months.
    pub opens_next: Option<DateTime>,
    /// The services that are offered there at the time.
    pub services: Vec<&'a Service>,
    /// The venues for as many people as were asked for, free or not.
    pub venues: Vec<&'a Venue>,
}

/// The sites that have what is wanted and are open at a time: the nearest first, those of unknown places last, then by key.
///
/// A site whose hours are not stated is not known to be open.
pub fn open_near<'a>(
    directory: &Directory<'a>,
    at: DateTime,
    near: Option<(f64, f64)>,
    wanted: &Wanted,
    max: usize,
) -> Vec<Near<'a>> {
    let near = near.and_then(|(lat, lng)| distance::place(lat, lng));
    let far = |site: &Site| Some(distance::metres(near?, directory.place(&site.key)?));
    let offers_all = |site: &&Site| {
        wanted
            .amenities
            .iter()
            .all(|one| site.amenities.contains(one))
    };
    let mut sites: Vec<_> = directory
        .sites()
        .filter(offers_all)
        .map(|site| (far(site), site))
        .collect();
    // The directory has them by key already.
    ordered::sort_by_key(&mut sites, |(distance, _)| (distance.is_none(), *distance));
    let seen = sites
        .into_iter()
        .filter_map(|(distance_m, site)| look(directory, at, wanted, site, distance_m));
    seen.take(max).collect()
}

fn look<'a>(
    directory: &Directory<'a>,
    at: DateTime,
    wanted: &Wanted,
    site: &'a Site,
    distance_m: Option<u32>,
) -> Option<Near<'a>> {
    let hours = directory.site_hours(&site.key);
    let open_until = hours.open_until(at);
    if open_until.is_none() && !wanted.closed_too {
        return None;
    }
    let services = directory.services_of(&site.key).iter().copied();
    let is_on = |service: &&Service| directory.service_hours(service).is_open(at);
    let on: Vec<&Service> = services.clone().filter(is_on).collect();
    if let Some(asked) = &wanted.service {
        let asked = name_key(asked);
        let is_asked = |service: &&Service| {
            name_key(&service.name) == asked || name_key(&service.category) == asked
        };
        let is_there = match wanted.closed_too {
            true => services
                .filter(|service| service.state == Availability::Open)
                .any(|service| is_asked(&service)),
            false => on.iter().any(is_asked),
        };
        if !is_there {
            return None;
        }
    }
    let venues = directory.venues_of(&site.key).iter().copied();
    let holds = |venue: &&Venue| match wanted.capacity {
        Some(people) => venue.capacity.is_some_and(|capacity| people <= capacity),
        None => true,
    };
    let venues: Vec<&Venue> = venues
        .filter(|venue| venue.state == Availability::Open)
        .filter(holds)
        .collect();
    if wanted.capacity.is_some() && venues.is_empty() {
        return None;
    }
    let is_open = open_until.is_some();
    Some(Near {
        site,
        distance_m,
        is_open,
        open_until,
        opens_next: match is_open {
            true => None,
            false => hours.opens_next(at),
        },
        services: on,
        venues,
    })
}
