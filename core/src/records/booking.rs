use jiff::civil::DateTime;

use super::define::{choices, record};
use super::{RecordId, Typed, parse_date_time};
use crate::document::SiteKey;

choices! {
    /// Whether a booking still holds.
    BookingState else Booked {
        /// It does, once it is granted.
        Booked = "booked", "已预订", "booked";
        /// Whoever asked for it does not need it any more.
        Cancelled = "cancelled", "已取消", "cancelled";
    }
}

record! {
    /// Somebody asks for a venue from a start to an end. Whether they have it is worked out from all bookings of the venue:
    /// see [`crate::matrix::grants`].
    Booking: Bookings = "预订", "booking";
    rows by [venue, start, name];
    lasts [start, end];
    claims [venue, start, end];
    {
        /// The site whose venue it is.
        site: SiteKey = "站点", "site", required;
        /// The venue.
        venue: Option<RecordId> = "场地", "venue", required -> Venues;
        /// When it starts.
        start: DateTime = "开始", "start", required;
        /// When it ends.
        end: DateTime = "结束", "end", required;
        /// Who asks for it.
        name: String = "预订人", "name", required;
        /// Their telephone number.
        phone: String = "电话", "phone";
        /// The site they ask for, where it is another than the venue's.
        borrower: Option<SiteKey> = "借用站点", "borrower";
        /// How many people will come.
        people: Option<i64> = "人数", "people" in 1 to 100_000;
        /// What for.
        purpose: String = "用途", "purpose";
        /// Whether it still holds.
        state: BookingState = "状态", "state";
        /// The author, `<site>/<name>`, who promised the venue: only one of the venue's site or of the hub can.
        confirmed_by: String = "确认人", "confirmed by";
        /// What was promised, as [`RecordKind::claimed`](super::RecordKind::claimed) writes it: a booking that moved meanwhile, on a
        /// computer that did not know of the promise, has none for where it is now. Empty where a release before this field wrote it.
        confirmed_for: String = "确认内容", "confirmed for";
        /// A remark.
        note: String = "备注", "note";
    }
}

impl Booking {
    /// What it asks for, as a confirmation repeats it.
    pub fn claimed(&self) -> String {
        let fields = self.fields().into_iter();
        let fields = fields.map(|(field, value)| (field.to_owned(), value));
        Self::KIND.claimed(&fields.collect())
    }

    /// Whether it says that it was confirmed, for another venue or time than it asks for: that promises nothing.
    pub fn is_stale(&self) -> bool {
        if self.confirmed_by.is_empty() || self.confirmed_for.is_empty() {
            return false;
        }
        let mut parts = self.confirmed_for.split('/');
        let venue = parts.next().and_then(|text| text.parse().ok());
        let mut time = || parts.next().and_then(parse_date_time);
        let promised = (venue, time(), time());
        promised != (self.venue, Some(self.start), Some(self.end))
    }

    /// From when to when, if both could be read.
    pub fn period(&self) -> Option<(DateTime, DateTime)> {
        let readable = self.start != DateTime::ZERO && self.end != DateTime::ZERO;
        readable.then_some((self.start, self.end))
    }
}
