//! When an answer is another although nothing was written: what opens, closes or has begun, and nothing else.

use jiff::SignedDuration;
use jiff::civil::{DateTime, Time};

use super::alternatives::DAYS_AROUND;
use super::nearby::look;
use super::{Board, Day, Directory, Timetable, Wanted};
use crate::civil;
use crate::document::SiteKey;
use crate::records::{Booking, Site};

impl Timetable<'_> {
    /// When what it says of a time may be another than at `at`: the next opening or closing, exceptions heeded. None where that
    /// is never so.
    pub fn next_change(&self, at: DateTime) -> Option<DateTime> {
        match self.open_until(at) {
            // It does not close as far as is looked, and that moves on with each span that ends.
            Some(until) if self.is_open(until) => self.span_end(at),
            Some(until) => Some(until),
            None => self.opens_next(at).or_else(|| self.looks_again(at)),
        }
    }

    /// When the span that is open at a time ends, though another may begin then.
    fn span_end(&self, at: DateTime) -> Option<DateTime> {
        let before = at.date().yesterday().ok();
        let days = before.into_iter().chain([at.date()]);
        days.flat_map(|date| self.spans(date))
            .filter(|span| (span.start..span.end).contains(&at))
            .map(|span| span.end)
            .max()
    }

    /// What does not open as far as is looked may with the next day, unless it is closed whatever the day.
    fn looks_again(&self, at: DateTime) -> Option<DateTime> {
        match self.on(at.date()) {
            Day::Shut(_) => None,
            _ => at.date().tomorrow().ok().map(midnight),
        }
    }
}

/// When [`super::open_near`] may find something else than at `at` although nothing was written: the next time at which one of the
/// sites that come into question, or a service there, opens or closes.
pub fn near_changes(directory: &Directory<'_>, at: DateTime, wanted: &Wanted) -> Option<DateTime> {
    let offers_all = |site: &&Site| {
        let mut all = wanted.amenities.iter();
        all.all(|one| site.amenities.contains(one))
    };
    let sites = directory.sites().filter(offers_all);
    let changes = sites.filter_map(|site| {
        let hours = directory.site_hours(&site.key);
        // What a closed site offers is not looked at.
        let is_shown = wanted.closed_too || hours.is_open(at);
        let services = directory.services_of(&site.key).iter();
        let services = services.filter(|_| is_shown);
        let services =
            services.filter_map(|service| directory.service_hours(service).next_change(at));
        hours.next_change(at).into_iter().chain(services).min()
    });
    changes.min()
}

impl<'a> Directory<'a> {
    /// The sites whose venues are looked at for [`Board::alternatives`] to a booking of a site's venue: the site first, then the
    /// nearest.
    pub fn around(&self, asked: &SiteKey) -> Vec<&'a SiteKey> {
        let nearest = look(self, asked).into_iter();
        nearest.map(|neighbour| neighbour.site).collect()
    }
}

impl Board {
    /// When [`Board::alternatives`] to a booking may be others than at `from` although nothing was written: each minute while the
    /// venue is free but the time of day asked for has passed, and else when the next time that is offered begins.
    pub fn alternatives_change(
        &self,
        directory: &Directory<'_>,
        booking: &Booking,
        from: DateTime,
    ) -> Option<DateTime> {
        let (start, end) = booking.period().filter(|(start, end)| start < end)?;
        let length = end.duration_since(start);
        let [.., days] = DAYS_AROUND;
        let first = civil::add_days(start, -days)?;
        if from < first {
            return Some(first);
        }
        // Other venues are offered until the time asked for has come.
        let asked = civil::add(start, SignedDuration::from_secs(1)).filter(|asked| from < *asked);
        let last = civil::add_days(end, days)?;
        let free = booking.venue.and_then(|venue| {
            let free = self.free_slots(directory, venue, from, last, length);
            free.first().copied()
        });
        let moves = free.and_then(|free| {
            if from < free.start {
                return Some(free.start);
            }
            let latest = civil::add(free.end, -length)?;
            let same_time = from.date().to_datetime(start.time()).min(latest);
            match from < same_time {
                true => Some(same_time),
                false => next_minute(from),
            }
        });
        asked.into_iter().chain(moves).min()
    }
}

fn next_minute(at: DateTime) -> Option<DateTime> {
    let passed = i64::from(at.second());
    civil::add(at, SignedDuration::from_secs(60 - passed))
}

fn midnight(date: jiff::civil::Date) -> DateTime {
    date.to_datetime(Time::midnight())
}
