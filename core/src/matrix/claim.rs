use jiff::civil::DateTime;

use super::Slot;
use crate::document::{Author, SiteKey};
use crate::records::{Booking, BookingState, Entry, OpId, RecordId, Typed};

/// What a booking asks for, as far as it decides who has it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Claim {
    pub(crate) booking: RecordId,
    pub(crate) venue: Option<RecordId>,
    /// None where it cannot be read, or ends no later than it starts.
    pub(crate) slot: Option<Slot>,
    pub(crate) cancelled: bool,
    /// The site whose author confirmed it, where it was for what it asks for now.
    pub(crate) confirmed_by: Option<SiteKey>,
    pub(crate) claimed: Option<OpId>,
    pub(crate) confirmed: Option<OpId>,
}

impl Claim {
    /// The claim of a booking's entry.
    pub(crate) fn of(entry: &Entry) -> Option<Self> {
        let booking = Booking::of(entry.record())?;
        let slot =
            |(start, end): (DateTime, DateTime)| (start < end).then_some(Slot { start, end });
        let cancelled = booking.state == BookingState::Cancelled || booking.removed_at.is_some();
        Some(Self {
            booking: booking.id,
            venue: booking.venue,
            slot: booking.period().and_then(slot),
            cancelled,
            confirmed_by: (!booking.is_stale())
                .then(|| confirming_site(&booking.confirmed_by))
                .flatten(),
            claimed: entry.claimed().cloned(),
            confirmed: entry.confirmed().cloned(),
        })
    }

    /// The venue and the time, while it asks for them.
    pub(crate) fn asks(&self) -> Option<(RecordId, Slot)> {
        let asks = !self.cancelled;
        asks.then_some((self.venue?, self.slot?))
    }
}

/// The site in `<site>/<name>`; none for any other text.
pub(crate) fn confirming_site(text: &str) -> Option<SiteKey> {
    let author: Author = text.parse().ok()?;
    let site = author.site()?;
    (!author.name().trim().is_empty()).then_some(site)
}
