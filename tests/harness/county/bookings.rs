//! `bookings/<site>/<month>`: who asks for a site's venues, and who was promised them.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use yilian_core::document::{Month, Name};
use yilian_core::records::{Booking, BookingState, Collection, Edit, RecordId, Typed as _, Venue};

use super::desk::{Desk, drawn};
use super::dice::Dice;
use super::directory::venues;
use super::place::Place;
use super::words::PURPOSES;
use super::{County, Document, Mess};

/// The times for which venues are booked: within every site's hours.
const TIMES: [(i8, i8); 3] = [(9, 11), (14, 16), (18, 19)];

/// A site's venues in a month.
struct Book<'a> {
    place: &'a Place,
    name: Name,
    dice: Dice,
    /// Who can promise venues.
    promiser: String,
    askers: Vec<(String, String)>,
    days: Vec<Date>,
}

/// None where the site has no venue.
pub(super) fn document(county: &County, place: &Place, month: Month) -> Option<Document> {
    let mut venues = venues(place);
    // The last of three has been given up: see `directory`.
    venues.truncate(2);
    if venues.is_empty() {
        return None;
    }
    let roll = place.roll(county);
    let name = Name::Bookings {
        site: place.key.clone(),
        month,
    };
    let coordinator = place.author(&roll, 0);
    let (closed, days) = (place.closed(month), month.first_day().series(1.day()));
    let days = days.take_while(|day| month.contains(*day));
    let mut book = Book {
        place,
        dice: Dice::of(county.seed, &name.to_string()),
        promiser: coordinator.to_string(),
        askers: roll
            .members
            .iter()
            .map(|member| (member.name.clone(), member.phone.clone()))
            .collect(),
        days: days.filter(|day| Some(*day) != closed).collect(),
        name,
    };
    let mut desk = Desk::begin(county, &book.name, &coordinator);
    for venue in &venues {
        book.usual(&mut desk, venue);
    }
    let clerk = place.author(&roll, 1);
    let mut branch = desk.branch(&clerk);
    book.odd(&mut desk, &mut branch, &venues[0]);
    desk.merge(branch);
    Some(desk.finish())
}

impl Book<'_> {
    fn booking(&mut self, venue: &Venue, start: DateTime, hours: i64) -> Booking {
        let asked = start.checked_sub(3.days()).unwrap();
        let (name, phone) = self.dice.pick(&self.askers).clone();
        let capacity = venue.capacity.unwrap_or(1);
        Booking {
            id: drawn(asked, &mut self.dice),
            site: self.place.key.clone(),
            venue: Some(venue.id),
            start,
            end: start.checked_add(hours.hours()).unwrap(),
            name,
            phone,
            borrower: None,
            people: Some(self.dice.between(3, capacity)),
            purpose: (*self.dice.pick(&PURPOSES)).to_owned(),
            state: BookingState::Booked,
            confirmed_by: String::new(),
            confirmed_for: String::new(),
            note: String::new(),
            removed_at: None,
        }
    }

    /// Bookings that get along: asked for day by day, a third of them promised at once.
    fn usual(&mut self, desk: &mut Desk, venue: &Venue) {
        for day in self.days.clone() {
            let mut edits = Vec::new();
            for (from, to) in TIMES {
                // The third day of each week is for what is odd: see below.
                if day.day() % 7 == 3 || !self.dice.percent(25) {
                    continue;
                }
                let mut booking = self.booking(venue, day.at(from, 0, 0, 0), i64::from(to - from));
                if self.dice.percent(33) {
                    booking.confirmed_by = self.promiser.clone();
                } else if self.dice.percent(8) {
                    booking.state = BookingState::Cancelled;
                }
                edits.extend(booking.create(&self.name));
            }
            if !edits.is_empty() {
                desk.write(
                    &edits,
                    "",
                    day.at(8, 0, 0, 0).checked_sub(3.days()).unwrap(),
                );
            }
        }
    }

    fn add(&self, desk: &mut Desk, booking: &Booking) -> RecordId {
        let asked = booking.start.checked_sub(3.days()).unwrap();
        desk.write(&booking.create(&self.name), "", asked);
        booking.id
    }

    /// What goes wrong, each on a day of its own, at one computer or at two that do not know of each other.
    fn odd(&mut self, desk: &mut Desk, apart: &mut Desk, venue: &Venue) {
        let days: Vec<Date> = self
            .days
            .iter()
            .copied()
            .filter(|day| day.day() % 7 == 3)
            .collect();
        let mut days = days.into_iter();
        let mut day = || days.next().expect("a month has four weeks");
        if self.dice.percent(50) {
            let start = day().at(9, 0, 0, 0);
            let double = self.dice.percent(40);
            for desk in [&mut *desk, &mut *apart] {
                let mut booking = self.booking(venue, start, 2);
                if double {
                    booking.confirmed_by = self.promiser.clone();
                }
                self.add(desk, &booking);
            }
            desk.wrong(if double {
                Mess::BookingDouble
            } else {
                Mess::BookingBumped
            });
        }
        if self.dice.percent(20) {
            let booking = self.booking(venue, day().at(4, 0, 0, 0), 1);
            self.add(desk, &booking);
            desk.wrong(Mess::BookingOutsideHours);
        }
        if self.dice.percent(20) {
            let mut booking = self.booking(venue, day().at(14, 0, 0, 0), 2);
            booking.people = venue.capacity.map(|capacity| capacity * 2);
            self.add(desk, &booking);
            desk.wrong(Mess::BookingOverCapacity);
        }
        if self.dice.percent(10) {
            let mut booking = self.booking(venue, day().at(18, 0, 0, 0), 1);
            booking.confirmed_by = "linxian/刘主任".to_owned();
            self.add(desk, &booking);
            desk.wrong(Mess::BookingUnentitled);
        } else if self.dice.percent(12) {
            let booking = self.booking(venue, day().at(14, 0, 0, 0), 2);
            let id = self.add(desk, &booking);
            let at = booking.start;
            desk.write(
                &[Edit::set(
                    &self.name,
                    Collection::Bookings,
                    id,
                    "people",
                    "二十来人",
                )],
                "",
                at,
            );
            desk.wrong(Mess::Unreadable);
        }
    }
}
