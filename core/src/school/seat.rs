use crate::document::SiteKey;
use crate::matrix::confirming_site;
use crate::ordered;
use crate::records::{Course, Enrolment, EnrolmentState, Entry, Label, OpId, RecordId};

/// Whether somebody who enrolled has a seat. It follows from all enrolments in the course and is stored nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seat {
    /// The school's site or the hub promised it. All promised seats stand; too many are an error that people must settle.
    Confirmed,
    /// It is theirs until somebody promises it to another.
    Granted,
    /// There is no room yet.
    Waiting {
        /// How many would have to give up a seat: 1 for whoever is next.
        position: usize,
    },
    /// They do not want one any more.
    Withdrawn,
}

impl Seat {
    /// What programs call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Granted => "granted",
            Self::Waiting { .. } => "waiting",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// What people call it.
    pub const fn label(self) -> Label {
        let (zh, en) = match self {
            Self::Confirmed => ("已确认", "confirmed"),
            Self::Granted => ("有名额", "has a seat"),
            Self::Waiting { .. } => ("候补", "waiting"),
            Self::Withdrawn => ("已退出", "withdrawn"),
        };
        Label { zh, en }
    }

    /// Whether they have a seat.
    pub const fn stands(self) -> bool {
        matches!(self, Self::Confirmed | Self::Granted)
    }
}

/// What comes first is seated first.
type Turn<'a> = (bool, Option<&'a OpId>, RecordId);

/// The seats of a course: promised ones first, then whoever enrolled first, by the ids of the operations that wrote it and by no
/// clock. In the order of turns.
/// Those of one imported list were written at once, and follow each other as in the list. Only the school's site and the hub can promise one.
pub(super) fn seats<'a>(
    course: &Course,
    site: &SiteKey,
    hub: Option<&SiteKey>,
    enrolments: impl Iterator<Item = (&'a Enrolment, &'a Entry)>,
) -> Vec<(RecordId, Seat)> {
    let mut turns: Vec<(Turn<'a>, &'a Enrolment)> = enrolments
        .map(|(enrolment, entry)| {
            let by = confirming_site(&enrolment.confirmed_by);
            let confirmed = by.is_some_and(|by| by == *site || Some(&by) == hub);
            let written = match confirmed {
                true => entry.confirmed(),
                false => entry.claimed(),
            };
            ((!confirmed, written, enrolment.id), enrolment)
        })
        .collect();
    ordered::sort_by_key(&mut turns, |(turn, _)| *turn);
    let capacity = course
        .capacity
        .and_then(|capacity| usize::try_from(capacity).ok());
    let mut seats = Vec::with_capacity(turns.len());
    let (mut taken, mut waiting) = (0_usize, 0_usize);
    for ((unconfirmed, ..), enrolment) in turns {
        let seat = match () {
            () if enrolment.state == EnrolmentState::Withdrawn => Seat::Withdrawn,
            () if !unconfirmed => Seat::Confirmed,
            () if capacity.is_none_or(|capacity| taken < capacity) => Seat::Granted,
            () => {
                waiting += 1;
                Seat::Waiting { position: waiting }
            }
        };
        taken += usize::from(seat.stands());
        seats.push((enrolment.id, seat));
    }
    seats
}
