use std::fmt;

use serde::{Deserialize, Serialize};

use crate::records::Collection;

/// What a document holds; the first word of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Sites, posts, venues, services, hours exceptions and drives of the whole network, and its civil calendar.
    Sites,
    /// One site's persons and their qualifications.
    People,
    /// One site's shifts in one month.
    Roster,
    /// The bookings of one site's venues in one month.
    Bookings,
    /// One site's items, their ledger and the devices that hold rights.
    Supplies,
    /// One site's service requests in one month.
    Requests,
    /// One mediation case.
    Cases,
    /// One site's enrolments, attendance, assessments, certificates and contests.
    School,
    /// What a site's school offers: courses, their lessons, and that it issued certificates. It names nobody who takes part.
    Courses,
    /// One submission by someone without an account.
    Inbox,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Sites,
        Self::People,
        Self::Roster,
        Self::Bookings,
        Self::Supplies,
        Self::Requests,
        Self::Cases,
        Self::School,
        Self::Courses,
        Self::Inbox,
    ];

    /// The first word of the names of this kind.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sites => "sites",
            Self::People => "people",
            Self::Roster => "roster",
            Self::Bookings => "bookings",
            Self::Supplies => "supplies",
            Self::Requests => "requests",
            Self::Cases => "cases",
            Self::School => "school",
            Self::Courses => "courses",
            Self::Inbox => "inbox",
        }
    }

    /// Whether records of a collection are kept in documents of this kind. Some first changes made maps in which nothing is kept.
    #[must_use]
    pub fn keeps(self, collection: Collection) -> bool {
        use Collection as C;
        let is_left_empty = match self {
            Self::Cases => collection == C::Sessions,
            Self::School => matches!(collection, C::Courses | C::Sessions),
            _ => false,
        };
        !is_left_empty && self.collections().contains(&collection)
    }

    /// The collections of a document of this kind: made by its fixed first changes, in this order.
    pub const fn collections(self) -> &'static [Collection] {
        use Collection as C;
        match self {
            Self::Sites => &[
                C::Sites,
                C::Posts,
                C::Venues,
                C::Services,
                C::Exceptions,
                C::Drives,
                C::Days,
            ],
            Self::People => &[C::Persons, C::Qualifications],
            Self::Roster => &[C::Shifts],
            Self::Bookings => &[C::Bookings],
            Self::Supplies => &[C::Items, C::Ledger, C::Devices],
            Self::Requests => &[C::Requests, C::Timeline],
            Self::Cases => &[
                C::Case,
                C::Parties,
                C::Sessions,
                C::Referrals,
                C::Agreements,
                C::Timeline,
                C::Mediators,
                C::Sittings,
            ],
            Self::School => &[
                C::Courses,
                C::Sessions,
                C::Enrolments,
                C::Attendance,
                C::Assessments,
                C::Certificates,
                C::Contests,
                C::Entries,
            ],
            Self::Courses => &[C::Courses, C::Sessions, C::Issues],
            Self::Inbox => &[C::Submission, C::Timeline],
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
