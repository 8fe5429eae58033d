//! `sites`: the directory that all share, and what is wrong with it.

use jiff::civil::{DateTime, date};
use yilian_core::document::{Name, SiteKey};
use yilian_core::records::{
    Availability, Collection, Drive, Edit, HoursException, Level, Post, RecordId, Service, Site,
    Typed as _, Venue, Weekdays,
};

use super::desk::Desk;
use super::dice::Dice;
use super::place::Place;
use super::school::duty;
use super::words::{AMENITIES, POSTS, SERVICES, UNSTAFFED, VENUES};
use super::{County, Document, Mess, rota, work_days};

pub(super) fn document(county: &County) -> Document {
    let begun = county.first().first_day().at(9, 0, 0, 0);
    let mut desk = Desk::begin(county, &Name::Sites, &county.hub());
    let mut dice = Dice::of(county.seed, "sites");
    posts_and_drives(county, &mut desk, begun);
    for place in &county.places {
        let mut edits = sites_own(county, place, &mut dice).create(&Name::Sites);
        edits.extend(
            venues(place)
                .iter()
                .flat_map(|venue| venue.create(&Name::Sites)),
        );
        edits.extend(
            services(place)
                .iter()
                .flat_map(|service| service.create(&Name::Sites)),
        );
        edits.extend(exceptions(county, place));
        desk.write(&edits, "import sites", begun);
    }
    tree(county, &mut desk);
    for place in &county.places {
        if place.level == Level::Home && place.index % 2 == 0 {
            desk.wrong(Mess::UnstaffedService);
        }
    }
    edited_apart(county, &mut desk);
    desk.finish()
}

fn posts_and_drives(county: &County, desk: &mut Desk, at: DateTime) {
    let posts = POSTS.iter().map(|(name, any_hours)| Post {
        id: Post::id_of(name),
        name: (*name).to_owned(),
        any_hours: *any_hours,
        certificates: yilian_core::ordered::BTreeSet::new(),
        mediates: false,
        removed_at: None,
    });
    let posts = posts.chain(rota::posts()).chain(duty::posts());
    let edits: Vec<Edit> = posts.flat_map(|post| post.create(&Name::Sites)).collect();
    desk.write(&edits, "import posts", at);
    desk.write(&work_days::records(), "import calendar-days", at);
    let years = county.first().year()..=county.last().year();
    let drives = years.map(|year| drive(county, year));
    let edits: Vec<Edit> = drives
        .flat_map(|drive| drive.create(&Name::Sites))
        .collect();
    desk.write(&edits, "", at);
}

/// The winter's event of a year.
pub(super) fn drive(county: &County, year: i16) -> Drive {
    let name = format!("{year} 年冬爱心互献");
    Drive {
        id: Drive::KIND.natural_id(&[&name]),
        name,
        site: Some(county.places[0].key.clone()),
        from: Some(date(year, 11, 1)),
        until: Some(date(year, 12, 31)),
        note: String::new(),
        removed_at: None,
    }
}

fn sites_own(county: &County, place: &Place, dice: &mut Dice) -> Site {
    let amenities = AMENITIES.iter().filter(|_| dice.percent(60));
    let jitter = |dice: &mut Dice| (dice.below(4_000) as f64 - 2_000.0) / 10_000.0;
    Site {
        id: Site::id_of(&place.key),
        key: place.key.clone(),
        name: place.name.clone(),
        level: place.level,
        parent: place.parent.map(|parent| county.places[parent].key.clone()),
        address: format!("焦作市{}区和平路{}号", place.town, place.index + 1),
        hours: Some(place.hours.parse().unwrap()),
        amenities: amenities.map(|amenity| (*amenity).to_owned()).collect(),
        phone: if dice.percent(8) {
            String::new()
        } else {
            format!("0391-{:07}", dice.below(10_000_000))
        },
        lat: Some(35.24 + jitter(dice)),
        lng: Some(113.24 + jitter(dice)),
        state: Availability::Open,
        notice: String::new(),
        removed_at: None,
    }
}

/// The venues of a site: homes have three, stations one.
pub(super) fn venues(place: &Place) -> Vec<Venue> {
    let count = match place.level {
        Level::Home => 3,
        Level::Station => 1,
        Level::Point => 0,
    };
    let venue = |(name, capacity): &(&str, i64)| Venue {
        id: Venue::id_of(&place.key, name),
        site: place.key.clone(),
        name: (*name).to_owned(),
        capacity: Some(*capacity),
        hours: None,
        amenities: ["projector".to_owned()].into_iter().collect(),
        state: Availability::Open,
        note: String::new(),
        removed_at: None,
    };
    VENUES.iter().take(count).map(venue).collect()
}

/// The services of a site.
pub(super) fn services(place: &Place) -> Vec<Service> {
    let count = match place.level {
        Level::Home => 3,
        Level::Station => 1,
        Level::Point => 0,
    };
    let more = (place.level == Level::Home && place.index.is_multiple_of(2)).then_some(&UNSTAFFED);
    let service = |(name, category, post): &(&str, &str, &str)| Service {
        id: Service::KIND.natural_id(&[place.key.as_str(), name]),
        site: place.key.clone(),
        name: (*name).to_owned(),
        category: (*category).to_owned(),
        days: Weekdays::default(),
        hours: Some("09:00-12:00".parse().unwrap()),
        post: (*post).to_owned(),
        venue: None,
        state: Availability::Open,
        note: String::new(),
        removed_at: None,
    };
    SERVICES
        .iter()
        .take(count)
        .chain(more)
        .map(service)
        .collect()
}

fn exceptions(county: &County, place: &Place) -> Vec<Edit> {
    let closed = county.months().filter_map(|month| place.closed(month));
    let exception = |day: jiff::civil::Date| HoursException {
        id: HoursException::KIND.natural_id(&[place.key.as_str(), &day.to_string()]),
        site: place.key.clone(),
        from: Some(day),
        until: None,
        hours: None,
        reason: "盘点".to_owned(),
        removed_at: None,
    };
    closed
        .flat_map(|day| exception(day).create(&Name::Sites))
        .collect()
}

fn set(record: RecordId, collection: Collection, field: &str, value: &str) -> Edit {
    Edit::set(&Name::Sites, collection, record, field, value)
}

/// A site without a parent, one below a site that there is none of, and two below each other: for each hundred sites.
fn tree(county: &County, desk: &mut Desk) {
    let at = county.first().first_day().at(10, 0, 0, 0);
    let id = |place: &Place| Site::id_of(&place.key);
    let of = |level: Level| {
        county
            .places
            .iter()
            .rev()
            .filter(move |place| place.level == level)
    };
    let times = (county.places.len() / 100).max(1);
    for station in of(Level::Station).take(times) {
        desk.write(
            &[Edit::clear(
                &Name::Sites,
                Collection::Sites,
                id(station),
                "parent",
            )],
            "",
            at,
        );
        desk.wrong(Mess::OrphanSite);
    }
    let points: Vec<&Place> = of(Level::Point).take(3 * times).collect();
    for three in points.chunks_exact(3) {
        let parent =
            |of: &Place, key: &SiteKey| set(id(of), Collection::Sites, "parent", key.as_str());
        let gone: SiteKey = format!("chezhan-{}", three[2].index).parse().unwrap();
        let edits = [
            parent(three[0], &three[1].key),
            parent(three[1], &three[0].key),
            parent(three[2], &gone),
        ];
        desk.write(&edits, "", at);
        desk.wrong(Mess::ParentCycle);
        desk.wrong(Mess::UnknownSite);
    }
}

/// Each site says something of itself, without a network; the hub corrects the directory meanwhile.
fn edited_apart(county: &County, desk: &mut Desk) {
    let at = county.now().date().at(8, 0, 0, 0);
    let apart = 2 + county.places.len() / 20;
    let mut branches = Vec::new();
    let hub = county.hub();
    for place in county.places.iter().take(apart) {
        let roll = place.roll(county);
        let id = Site::id_of(&place.key);
        let mut branch = desk.branch(&place.author(&roll, 0));
        branch.write(
            &[set(id, Collection::Sites, "notice", "周末有义诊")],
            "",
            at,
        );
        if place.index % 3 == 1 {
            branch.write(
                &[set(id, Collection::Sites, "phone", "0391-2220001")],
                "",
                at,
            );
        }
        if let Some(venue) = venues(place).get(2) {
            branch.write(
                &[set(venue.id, Collection::Venues, "note", "新换了投影仪")],
                "",
                at,
            );
        }
        branches.push(branch);
    }
    let mut office = desk.branch(&hub);
    for place in county.places.iter().take(apart) {
        if place.index % 3 == 1 {
            let id = Site::id_of(&place.key);
            office.write(
                &[set(id, Collection::Sites, "phone", "0391-3330001")],
                "",
                at,
            );
            office.wrong(Mess::FieldConflict);
        }
        // Nobody books this one: see `bookings`.
        if let Some(venue) = venues(place).get(2) {
            office.write(
                &[Edit::remove(&Name::Sites, Collection::Venues, venue.id, at)],
                "",
                at,
            );
            office.wrong(Mess::LateEdit);
        }
    }
    branches.push(office);
    for branch in branches {
        desk.merge(branch);
    }
}
