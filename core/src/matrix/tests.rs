//! Goal: every replica gives the same answer, and the answers are true: what is granted can be had, what is free is free.
//!
//! Method: documents edited and merged as replicas do, in chosen and in random orders; hours and trees as tables.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod bookings;
mod granting;
mod hours;
mod near;
mod next;
mod searching;
mod tree;

use jiff::civil::DateTime;

use super::*;
use crate::document::Name;
use crate::records::{
    Collection, Edit, HoursException, RecordId, Service, Site, Typed, Value, Venue, View,
};
use crate::rules::replica::{Replica, key};

/// The directory's document with a hub, two sites under it and their venues.
struct County {
    replica: Replica,
}

impl County {
    fn bare() -> Self {
        let mut county = Self {
            replica: Replica::numbered(1),
        };
        county.site("keyun", &[("level", "home".into())]);
        county
    }

    fn new() -> Self {
        let mut county = Self::bare();
        for (site, lat, lng) in [("jiefang-1", 35.23, 113.25), ("zhanqian", 35.20, 113.26)] {
            let fields = [
                ("level", "station".into()),
                ("parent", "keyun".into()),
                ("hours", "08:00-20:00".into()),
                ("amenities", "wifi rest".into()),
                ("lat", lat.into()),
                ("lng", lng.into()),
            ];
            county.site(site, &fields);
        }
        county.venue("jiefang-1", "会议室", &[("capacity", 20.into())]);
        county
    }

    fn put(&mut self, collection: Collection, record: RecordId, fields: &[(&str, Value)]) {
        let edit = |(field, value): &(&str, Value)| {
            Edit::set(&Name::Sites, collection, record, field, value.clone())
        };
        self.replica
            .apply(&fields.iter().map(edit).collect::<Vec<_>>());
    }

    fn site(&mut self, site: &str, fields: &[(&str, Value)]) {
        let id = Site::id_of(&key(site));
        self.put(
            Collection::Sites,
            id,
            &[("key", site.into()), ("name", site.into())],
        );
        self.put(Collection::Sites, id, fields);
    }

    fn venue(&mut self, site: &str, name: &str, fields: &[(&str, Value)]) -> RecordId {
        let id = Venue::id_of(&key(site), name);
        self.put(
            Collection::Venues,
            id,
            &[("site", site.into()), ("name", name.into())],
        );
        self.put(Collection::Venues, id, fields);
        id
    }

    fn service(&mut self, site: &str, name: &str, fields: &[(&str, Value)]) {
        let id = Service::KIND.natural_id(&[site, name]);
        self.put(
            Collection::Services,
            id,
            &[("site", site.into()), ("name", name.into())],
        );
        self.put(Collection::Services, id, fields);
    }

    fn exception(&mut self, site: &str, from: &str, fields: &[(&str, Value)]) {
        let id = HoursException::KIND.natural_id(&[site, from]);
        self.put(
            Collection::Exceptions,
            id,
            &[("site", site.into()), ("from", from.into())],
        );
        self.put(Collection::Exceptions, id, fields);
    }

    fn view(&self) -> &View {
        self.replica.view(&Name::Sites)
    }

    fn directory(&self) -> Directory<'_> {
        Directory::new(self.view())
    }
}

/// A time in December 2026: `03T08:00`.
fn at(text: &str) -> DateTime {
    format!("2026-12-{text}").parse().unwrap()
}
