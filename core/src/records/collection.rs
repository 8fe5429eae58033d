use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};

/// A collection of records of one kind: one flat map in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "each is named for the records it holds")]
pub enum Collection {
    Agreements,
    Assessments,
    Attendance,
    Bookings,
    Case,
    Certificates,
    Contests,
    Courses,
    Days,
    Devices,
    Drives,
    Enrolments,
    Entries,
    Exceptions,
    Issues,
    Items,
    Ledger,
    Mediators,
    Parties,
    Persons,
    Posts,
    Qualifications,
    Referrals,
    Requests,
    Services,
    Sessions,
    Shifts,
    Sites,
    Sittings,
    Submission,
    Timeline,
    Venues,
}

impl Collection {
    /// Every collection.
    pub const ALL: [Self; 32] = [
        Self::Agreements,
        Self::Assessments,
        Self::Attendance,
        Self::Bookings,
        Self::Case,
        Self::Certificates,
        Self::Contests,
        Self::Courses,
        Self::Days,
        Self::Devices,
        Self::Drives,
        Self::Enrolments,
        Self::Entries,
        Self::Exceptions,
        Self::Issues,
        Self::Items,
        Self::Ledger,
        Self::Mediators,
        Self::Parties,
        Self::Persons,
        Self::Posts,
        Self::Qualifications,
        Self::Referrals,
        Self::Requests,
        Self::Services,
        Self::Sessions,
        Self::Shifts,
        Self::Sites,
        Self::Sittings,
        Self::Submission,
        Self::Timeline,
        Self::Venues,
    ];

    /// The key of its map in the root of a document.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agreements => "agreements",
            Self::Assessments => "assessments",
            Self::Attendance => "attendance",
            Self::Bookings => "bookings",
            Self::Case => "case",
            Self::Certificates => "certificates",
            Self::Contests => "contests",
            Self::Courses => "courses",
            Self::Days => "days",
            Self::Devices => "devices",
            Self::Drives => "drives",
            Self::Enrolments => "enrolments",
            Self::Entries => "entries",
            Self::Exceptions => "exceptions",
            Self::Issues => "issues",
            Self::Items => "items",
            Self::Ledger => "ledger",
            Self::Mediators => "mediators",
            Self::Parties => "parties",
            Self::Persons => "persons",
            Self::Posts => "posts",
            Self::Qualifications => "qualifications",
            Self::Referrals => "referrals",
            Self::Requests => "requests",
            Self::Services => "services",
            Self::Sessions => "sessions",
            Self::Shifts => "shifts",
            Self::Sites => "sites",
            Self::Sittings => "sittings",
            Self::Submission => "submission",
            Self::Timeline => "timeline",
            Self::Venues => "venues",
        }
    }
}

/// A text that names no collection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a collection")]
pub struct ParseCollectionError(String);

impl FromStr for Collection {
    type Err = ParseCollectionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|collection| collection.as_str() == text)
            .ok_or_else(|| ParseCollectionError(text.to_owned()))
    }
}

// What is derived names each collection once more, in every browser.
impl Serialize for Collection {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl fmt::Display for Collection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
