use std::borrow::Cow;
use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::DateTime;

use super::alternatives::{Search, free};
use super::nearby::Nearby;
use super::{Alternative, Claim, Directory, Grant, Settled, Slot, Wish, alternatives};
use crate::document::Name;
use crate::ordered::{BTreeMap, BTreeSet};
use crate::records::{Booking, RecordId, View};

/// The bookings of many months and sites, by venue; kept up by handing in each document that changed.
#[derive(Clone, Debug, Default)]
pub struct Board {
    venues: BTreeMap<RecordId, Vec<(Arc<Name>, Claim)>>,
    /// The venues that the bookings of a document are of.
    documents: BTreeMap<Arc<Name>, BTreeSet<RecordId>>,
}

impl Board {
    /// One without bookings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts the bookings of a document in the place of those that it had. Those of other documents are not looked at.
    pub fn update(&mut self, document: &Name, view: &View) {
        self.remove(document);
        let name = Arc::new(document.clone());
        let mut venues = BTreeSet::new();
        for (_, entry) in view.all::<Booking>() {
            if let Some((venue, claim)) =
                Claim::of(entry).and_then(|claim| Some((claim.venue?, claim)))
            {
                venues.insert(venue);
                let of_venue = self.venues.entry(venue).or_default();
                of_venue.push((name.clone(), claim));
            }
        }
        self.documents.insert(name, venues);
    }

    /// Forgets the bookings of a document.
    pub fn remove(&mut self, document: &Name) {
        for venue in self.documents.remove(document).unwrap_or_default() {
            let Some(claims) = self.venues.get_mut(&venue) else {
                continue;
            };
            claims.retain(|(of, _)| **of != *document);
            if claims.is_empty() {
                self.venues.remove(&venue);
            }
        }
    }

    /// What became of the bookings of a venue.
    pub fn grants(&self, directory: &Directory<'_>, venue: RecordId) -> BTreeMap<RecordId, Grant> {
        self.settled(directory, venue).grants
    }

    /// When a venue is open and nobody has it, from `from` until `until`, each time at least `length` long: any such time in it can
    /// be booked. In order; nothing where the venue is unknown, and no more than 400 days are looked at.
    pub fn free_slots(
        &self,
        directory: &Directory<'_>,
        venue: RecordId,
        from: DateTime,
        until: DateTime,
        length: SignedDuration,
    ) -> Vec<Slot> {
        let Some(venue) = directory.venue(venue) else {
            return Vec::new();
        };
        let taken = self.settled(directory, venue.id).taken;
        let hours = directory.venue_hours(venue);
        let range = Slot {
            start: from,
            end: until,
        };
        free(&hours, &taken, |_| true, range, length)
    }

    /// Where and when else a booking could be had, no earlier than `from`: the nearest free times of its venue, those of the same
    /// day first, and at its own time other venues of the site, then of the sites nearby, that hold as many people and offer what the
    /// venue does.
    ///
    /// The booking need not be made yet.
    pub fn alternatives<'a>(
        &self,
        directory: &Directory<'a>,
        booking: &Booking,
        from: DateTime,
        max: usize,
    ) -> Vec<Alternative<'a>> {
        let Some(wish) = Wish::of(booking, from) else {
            return Vec::new();
        };
        let search = Search {
            directory,
            nearby: &Nearby::default(),
            taken: &|venue| Cow::Owned(self.settled(directory, venue).taken),
        };
        alternatives(&search, &wish, max)
    }

    fn settled(&self, directory: &Directory<'_>, venue: RecordId) -> Settled {
        let claims = self.venues.get(&venue).map_or(&[][..], Vec::as_slice);
        Settled::of(claims.iter().map(|(_, claim)| claim).collect(), directory)
    }
}
