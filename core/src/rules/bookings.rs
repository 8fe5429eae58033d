//! The bookings held: what they ask for, what became of them, and how one is said, moved and given up.

use std::borrow::Cow;
use std::cmp::Reverse;

use jiff::civil::DateTime;

use super::context::Context;
use super::wording::{period, said};
use super::{Holdings, RecordRef, Repair, Text};
use crate::document::{Month, Name};
use crate::matrix::{
    Alternative, Claim, Directory, Grant, Search, Settled, Taken, Wish, alternatives,
};
use crate::ordered::{self, BTreeMap};
use crate::records::{
    Booking, BookingState, CONFIRMED_BY, CONFIRMED_FOR, Collection, Edit, Entry, REMOVED_AT,
    RecordId, Value, View, write_date_time,
};

/// The bookings of every document held, and what became of them.
#[derive(Debug, Default)]
pub(super) struct Bookings<'a> {
    /// Those that were not removed, by id, one of each: that which holds, or the later claim, where one has moved.
    placed: Vec<PlacedBooking<'a>>,
    /// By venue. Empty where no site is known: then nothing is known of who may confirm.
    venues: BTreeMap<RecordId, Settled>,
}

/// A booking and the document it is in.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlacedBooking<'a> {
    pub(super) document: &'a Name,
    pub(super) booking: &'a Booking,
    pub(super) entry: &'a Entry,
}

impl<'a> Bookings<'a> {
    pub(super) fn of(holdings: &'a Holdings<'_>, directory: &Directory<'a>) -> Self {
        let mut placed = Vec::new();
        for (document, holding) in &holdings.documents {
            if !matches!(document, Name::Bookings { .. }) {
                continue;
            }
            let present = View::present::<Booking>(holding.view);
            placed.extend(present.map(|(booking, entry)| PlacedBooking {
                document,
                booking,
                entry,
            }));
        }
        // Of one booking, that which counts comes first.
        ordered::sort_by_key(&mut placed, |placed| {
            let (booking, entry) = (placed.booking, placed.entry);
            let holds = booking.state == BookingState::Booked;
            (booking.id, Reverse((holds, entry.claimed())))
        });
        placed.dedup_by_key(|placed| placed.booking.id);
        let mut bookings = Self {
            placed,
            venues: BTreeMap::new(),
        };
        if directory.sites().next().is_some() {
            bookings.settle(directory);
        }
        bookings
    }

    fn settle(&mut self, directory: &Directory<'_>) {
        let claims = self.placed.iter();
        let claims: Vec<Claim> = claims
            .filter_map(|placed| Claim::of(placed.entry))
            .collect();
        let mut venues: BTreeMap<RecordId, Vec<&Claim>> = BTreeMap::new();
        for claim in &claims {
            if let Some(venue) = claim.venue {
                venues.entry(venue).or_default().push(claim);
            }
        }
        let settled = venues.into_iter();
        self.venues = settled
            .map(|(venue, claims)| (venue, Settled::of(claims, directory)))
            .collect();
    }

    pub(super) fn get(&self, id: RecordId) -> Option<&PlacedBooking<'a>> {
        let by_id = |placed: &PlacedBooking<'_>| placed.booking.id;
        let place = self.placed.binary_search_by_key(&id, by_id).ok()?;
        self.placed.get(place)
    }

    /// Those that still hold, in the order of their ids.
    pub(super) fn booked(&self) -> impl Iterator<Item = &PlacedBooking<'a>> {
        self.placed
            .iter()
            .filter(|placed| placed.booking.state == BookingState::Booked)
    }

    pub(super) fn venues(&self) -> impl Iterator<Item = (RecordId, &Settled)> {
        self.venues.iter().map(|(venue, settled)| (*venue, settled))
    }

    pub(super) fn grant(&self, booking: &Booking) -> Option<Grant> {
        let venue = self.venues.get(&booking.venue?)?;
        venue.grants.get(&booking.id).copied()
    }
}

impl PlacedBooking<'_> {
    pub(super) fn reference(&self) -> RecordRef {
        RecordRef {
            document: self.document.clone(),
            collection: Collection::Bookings,
            record: self.booking.id,
        }
    }

    pub(super) fn set(&self, field: &str, value: impl Into<Value>) -> Edit {
        Edit::set(
            self.document,
            Collection::Bookings,
            self.booking.id,
            field,
            value,
        )
    }

    /// Takes back who confirmed it, and for what: what was promised is not what is asked for any more.
    fn unconfirm(&self) -> impl Iterator<Item = Edit> {
        let written = [CONFIRMED_BY, CONFIRMED_FOR].into_iter();
        let written = written.filter(|field| self.entry.fields().contains_key(*field));
        written.map(|field| self.set(field, ""))
    }

    /// The edits that move it to another venue and time: into another document where that is of another site or month.
    fn rebook(&self, to: &Alternative<'_>, now: DateTime) -> Option<Vec<Edit>> {
        let document = Name::Bookings {
            site: to.venue.site.clone(),
            month: Month::of(to.slot.start.date()).ok()?,
        };
        let moved: [(&str, Value); 4] = [
            ("site", to.venue.site.as_str().into()),
            ("venue", to.venue.id.to_string().into()),
            ("start", write_date_time(to.slot.start).into()),
            ("end", write_date_time(to.slot.end).into()),
        ];
        let fields = self.entry.fields();
        if document == *self.document {
            let changed = moved
                .into_iter()
                .filter(|(field, value)| fields.get(*field) != Some(value));
            let edits = changed.map(|(field, value)| self.set(field, value));
            return Some(edits.chain(self.unconfirm()).collect());
        }
        let left = [
            "site",
            "venue",
            "start",
            "end",
            CONFIRMED_BY,
            CONFIRMED_FOR,
            REMOVED_AT.name,
        ];
        let kept = fields
            .iter()
            .filter(|(field, _)| !left.contains(&field.as_str()))
            .map(|(field, value)| (field.as_str(), value.clone()));
        let set = |(field, value): (&str, Value)| {
            Edit::set(
                &document,
                Collection::Bookings,
                self.booking.id,
                field,
                value,
            )
        };
        let mut edits: Vec<Edit> = kept.chain(moved).map(set).collect();
        // It may have been there before.
        edits.push(Edit::restore(
            &document,
            Collection::Bookings,
            self.booking.id,
        ));
        edits.push(Edit::remove(
            self.document,
            Collection::Bookings,
            self.booking.id,
            now,
        ));
        Some(edits)
    }
}

impl<'a> Context<'a> {
    /// The bookings that still hold and that are asked about.
    pub(super) fn booked(&self) -> impl Iterator<Item = &PlacedBooking<'a>> {
        let booked = self.bookings.booked();
        booked.filter(|placed| self.concerns([placed.document]))
    }

    /// What people call a venue; its id where it is not known.
    pub(super) fn venue_name(&self, id: RecordId) -> String {
        let venue = self.directory.venue(id);
        venue.map_or_else(|| id.to_string(), |venue| said(&venue.name))
    }

    /// Who booked and when: `工会小组 12月3日 09:00–11:00`.
    pub(super) fn party(&self, placed: &PlacedBooking<'_>) -> Text {
        let name = said(&placed.booking.name);
        match placed.booking.period() {
            Some((start, end)) if start < end => {
                let when = period(start, end, self.year());
                Text::of(
                    format_args!("{name} {}", when.zh),
                    format_args!("{name} {}", when.en),
                )
            }
            _ => Text::new(name.clone(), name),
        }
    }

    /// What is booked: `会议室（解放区快递驿站）`.
    pub(super) fn booked_venue(&self, placed: &PlacedBooking<'_>) -> Text {
        let venue = placed.booking.venue;
        let name = venue.map_or_else(|| "—".to_owned(), |venue| self.venue_name(venue));
        let known = venue.and_then(|id| self.directory.venue(id));
        let site = known.map(|venue| &venue.site).or(placed.document.site());
        let at = site.map_or_else(String::new, |site| self.site_name(site));
        Text::of(
            format_args!("{name}（{at}）"),
            format_args!("{name} ({at})"),
        )
    }

    /// Where and when else it could be had.
    pub(super) fn alternatives(
        &self,
        placed: &PlacedBooking<'_>,
        max: usize,
    ) -> Vec<Alternative<'a>> {
        let Some(wish) = Wish::of(placed.booking, self.holdings.now) else {
            return Vec::new();
        };
        let taken = |venue: RecordId| match self.bookings.venues.get(&venue) {
            Some(settled) => Cow::Borrowed(&settled.taken),
            None => Cow::Owned(Taken::default()),
        };
        let search = Search {
            directory: &self.directory,
            nearby: &self.nearby,
            taken: &taken,
        };
        alternatives(&search, &wish, max)
    }

    /// Moves a booking to another time or venue.
    pub(super) fn move_to(
        &self,
        placed: &PlacedBooking<'_>,
        to: &Alternative<'_>,
    ) -> Option<Repair> {
        let when = period(to.slot.start, to.slot.end, self.year());
        let who = said(&placed.booking.name);
        let label = if placed.booking.venue == Some(to.venue.id) {
            Text::of(
                format_args!("把 {who} 改到 {}", when.zh),
                format_args!("move {who} to {}", when.en),
            )
        } else {
            let (venue, at) = (said(&to.venue.name), self.site_name(&to.venue.site));
            let far = to.distance_m.map_or_else(String::new, kilometres);
            Text::of(
                format_args!("把 {who} 改到 {venue}（{at}）{far}"),
                format_args!("move {who} to {venue} ({at}){far}"),
            )
        };
        let edits = placed.rebook(to, self.holdings.now)?;
        Some(Repair::new(label, edits))
    }

    /// Gives a booking up.
    pub(super) fn cancel(&self, placed: &PlacedBooking<'_>) -> Repair {
        let party = self.party(placed);
        let label = Text::of(
            format_args!("取消 {} 的预订", party.zh),
            format_args!("cancel the booking of {}", party.en),
        );
        let edit = placed.set("state", BookingState::Cancelled.as_str());
        Repair::new(label, vec![edit])
    }

    /// Takes the confirmation of a booking back.
    pub(super) fn withdraw(&self, placed: &PlacedBooking<'_>) -> Repair {
        let party = self.party(placed);
        let label = Text::of(
            format_args!("撤回对 {} 的确认", party.zh),
            format_args!("take back the confirmation of {}", party.en),
        );
        Repair::new(label, placed.unconfirm().collect())
    }
}

/// ` 1.2 km`.
fn kilometres(metres: u32) -> String {
    format!(" {}.{} km", metres / 1_000, metres % 1_000 / 100)
}
