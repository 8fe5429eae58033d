use jiff::civil::DateTime;

use super::taken::Taken;
use super::{Claim, Directory, Slot};
use crate::document::SiteKey;
use crate::ordered::{self, BTreeMap};
use crate::records::{Booking, Entry, Label, OpId, RecordId, Typed};

/// What became of a booking. It follows from all bookings of the venue and is stored nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// The venue's site or the hub promised it. Two promises for one time both stand, and are an error that people must settle.
    Confirmed,
    /// The venue is its own until somebody confirms another.
    Granted,
    /// Another has the venue at that time.
    Bumped {
        /// The booking that has it.
        by: RecordId,
    },
    /// Nobody asks for it any more.
    Cancelled,
    /// It names no venue, or no time that ends after it starts.
    Unplaced,
}

impl Grant {
    /// What programs call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Granted => "granted",
            Self::Bumped { .. } => "bumped",
            Self::Cancelled => "cancelled",
            Self::Unplaced => "unplaced",
        }
    }

    /// What people call it.
    pub const fn label(self) -> Label {
        let (zh, en) = match self {
            Self::Confirmed => ("已确认", "confirmed"),
            Self::Granted => ("可用", "granted"),
            Self::Bumped { .. } => ("让位于", "bumped by"),
            Self::Cancelled => ("已取消", "cancelled"),
            Self::Unplaced => ("无法安排", "unplaced"),
        };
        Label { zh, en }
    }

    /// Whether the booking has the venue.
    pub const fn stands(self) -> bool {
        matches!(self, Self::Confirmed | Self::Granted)
    }
}

/// What became of each of the bookings of one venue, given those of all months that might overlap.
///
/// Confirmed ones come before the others, then whoever claimed venue and time first, by the ids of the operations that wrote what
/// shows of it: never by a clock, and in no order of arrival. Bookings of several venues are told apart. Costs a sort.
pub fn grants<'e>(
    bookings: impl Iterator<Item = &'e Entry>,
    directory: &Directory<'_>,
) -> BTreeMap<RecordId, Grant> {
    let claims: Vec<Claim> = bookings.filter_map(Claim::of).collect();
    let mut venues: BTreeMap<Option<RecordId>, Vec<&Claim>> = BTreeMap::new();
    for claim in &claims {
        venues.entry(claim.venue).or_default().push(claim);
    }
    let settled = venues.into_values();
    settled
        .flat_map(|claims| Settled::of(claims, directory).grants)
        .collect()
}

/// The booking that was promised its venue at a time for which another asks, if one was: the first by time.
///
/// `asking` need not be made yet. What somebody confirmed who may not is no promise, and nothing stands in its own way.
pub fn promised<'e>(
    asking: &Booking,
    bookings: impl Iterator<Item = &'e Entry>,
    directory: &Directory<'_>,
) -> Option<&'e Booking> {
    let (start, end) = asking.period().filter(|(start, end)| start < end)?;
    let others = bookings.filter_map(|entry| {
        let booking = Booking::of(entry.record())?;
        let other = booking.id != asking.id && booking.venue == asking.venue;
        Some((booking, Claim::of(entry).filter(|_| other)?))
    });
    let others: Vec<(&Booking, Claim)> = others.collect();
    let claims = others.iter().map(|(_, claim)| claim);
    let settled = Settled::of(claims.collect(), directory);
    let wanted = Slot { start, end };
    let mut over = settled.taken.over(&wanted);
    let (slot, by) =
        over.find(|(_, by)| settled.grants.get(by).copied() == Some(Grant::Confirmed))?;
    let is_it =
        |claim: &Claim| claim.booking == *by && claim.asks().map(|(_, at)| at) == Some(*slot);
    let mut others = others.iter();
    others
        .find(|(_, claim)| is_it(claim))
        .map(|(booking, _)| *booking)
}

/// The site that confirmed a claim, if it may: it is the venue's or the hub.
pub(crate) fn confirmer<'c>(claim: &'c Claim, directory: &Directory<'_>) -> Option<&'c SiteKey> {
    let by = claim.confirmed_by.as_ref()?;
    let venue = claim.venue.and_then(|id| directory.venue(id));
    let is_venues = venue.is_some_and(|venue| venue.site == *by);
    (is_venues || directory.hub() == Some(by)).then_some(by)
}

/// The bookings of one venue, settled.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    pub(crate) grants: BTreeMap<RecordId, Grant>,
    /// When the venue is taken.
    pub(crate) taken: Taken,
}

/// What comes first is settled first.
type Turn<'c> = (bool, Option<&'c OpId>, RecordId);

fn turn<'c>(claim: &'c Claim, directory: &Directory<'_>) -> Turn<'c> {
    let confirmed = confirmer(claim, directory).is_some();
    let by = match confirmed {
        true => claim.confirmed.as_ref(),
        false => claim.claimed.as_ref(),
    };
    (!confirmed, by, claim.booking)
}

impl Settled {
    /// Settles the claims to one venue.
    pub(crate) fn of(claims: Vec<&Claim>, directory: &Directory<'_>) -> Self {
        let mut turns: Vec<(Turn<'_>, &Claim)> = one_each(claims)
            .into_iter()
            .map(|claim| (turn(claim, directory), claim))
            .collect();
        ordered::sort_by_key(&mut turns, |(turn, _)| *turn);
        let mut grants = BTreeMap::new();
        let mut taken = Vec::new();
        let mut promised = Promised::default();
        let mut asking = Vec::new();
        for ((unconfirmed, ..), claim) in turns {
            let grant = match claim.asks() {
                None if claim.cancelled => Grant::Cancelled,
                None => Grant::Unplaced,
                Some((_, slot)) if unconfirmed => {
                    asking.push((slot, claim.booking));
                    continue;
                }
                Some((_, slot)) => {
                    promised.push(slot, claim.booking);
                    taken.push((slot, claim.booking));
                    Grant::Confirmed
                }
            };
            grants.insert(claim.booking, grant);
        }
        promised.sort();
        // What is granted overlaps nothing that is, so the last that starts before another ends is the only one to look at.
        let mut granted: BTreeMap<DateTime, (Slot, RecordId)> = BTreeMap::new();
        for (slot, booking) in asking {
            let last = granted.range(..slot.end).next_back();
            let last = last.filter(|(_, (other, _))| other.overlaps(&slot));
            let by = promised.over(&slot).or(last.map(|(_, (_, by))| *by));
            let grant = match by {
                Some(by) => Grant::Bumped { by },
                None => {
                    granted.insert(slot.start, (slot, booking));
                    taken.push((slot, booking));
                    Grant::Granted
                }
            };
            grants.insert(booking, grant);
        }
        Self {
            grants,
            taken: Taken::of(taken),
        }
    }
}

/// The confirmed bookings, which may overlap each other.
#[derive(Debug, Default)]
struct Promised(Vec<(Slot, RecordId)>);

impl Promised {
    fn push(&mut self, slot: Slot, booking: RecordId) {
        self.0.push((slot, booking));
    }

    /// By start; from here on each stands for the one of those up to it that ends last.
    fn sort(&mut self) {
        ordered::sort(&mut self.0);
        let mut longest: Option<(Slot, RecordId)> = None;
        for (slot, booking) in &mut self.0 {
            match longest {
                Some((end, by)) if end.end >= slot.end => {
                    slot.end = end.end;
                    *booking = by;
                }
                _ => longest = Some((*slot, *booking)),
            }
        }
    }

    /// One that overlaps a time.
    fn over(&self, slot: &Slot) -> Option<RecordId> {
        let before = self.0.partition_point(|(other, _)| other.start < slot.end);
        let (longest, by) = self.0.get(before.checked_sub(1)?)?;
        (longest.end > slot.start).then_some(*by)
    }
}

/// One claim of each booking: where a booking is in two documents it has moved, and the one that still asks counts, or else the
/// later one.
fn one_each(mut claims: Vec<&Claim>) -> Vec<&Claim> {
    ordered::sort_by_key(&mut claims, |claim| {
        (
            claim.booking,
            claim.asks().is_none(),
            std::cmp::Reverse(&claim.claimed),
        )
    });
    claims.dedup_by_key(|claim| claim.booking);
    claims
}
