use core::fmt;

use serde::{Deserialize, Serialize};

/// The rules there are. Each names what it reads in its module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Rule {
    /// A shift ends no later than it starts.
    BackwardShift,
    /// A claim on goods was answered twice.
    DoubleGift,
    /// A line of a ledger of goods is not as it was written, or not whole.
    EditedLedgerLine,
    /// One field was set to several values by people who did not know of each other.
    FieldConflict,
    /// A step of a submission does not follow on those that others took, or ended what its writer did not know of.
    IllegalStep,
    /// A removed record was edited by someone who did not know, or later.
    LateEdit,
    /// A device that was declared lost had given out what was taken back.
    LateSpend,
    /// Goods are on their way for more than a week.
    LongInTransit,
    /// A site has less of an item than it wants to have.
    LowStock,
    /// A submission is over, and the booking that was made for it still stands.
    MootBooking,
    /// A name on a roster is that of several people of the site.
    Namesakes,
    /// A shift runs while its site is closed.
    OutsideHours,
    /// A device gave out more than it held.
    Overdrawn,
    /// A person is on two shifts at once.
    Overlap,
    /// A name on a roster is nobody's of the site.
    UnknownPerson,
    /// A key is no site's.
    UnknownSite,
    /// Goods were received that nobody sent there.
    UnmatchedReceipt,
    /// A field is missing or holds what no such field can hold.
    UnreadableField,
    /// Somebody has waited for a site for too long.
    WaitingSubmission,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 19] = [
        Self::BackwardShift,
        Self::DoubleGift,
        Self::EditedLedgerLine,
        Self::FieldConflict,
        Self::IllegalStep,
        Self::LateEdit,
        Self::LateSpend,
        Self::LongInTransit,
        Self::LowStock,
        Self::MootBooking,
        Self::Namesakes,
        Self::OutsideHours,
        Self::Overdrawn,
        Self::Overlap,
        Self::UnknownPerson,
        Self::UnknownSite,
        Self::UnmatchedReceipt,
        Self::UnreadableField,
        Self::WaitingSubmission,
    ];

    /// The rule's name, part of its findings' ids: it never changes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BackwardShift => "backward-shift",
            Self::DoubleGift => "double-gift",
            Self::EditedLedgerLine => "edited-ledger-line",
            Self::FieldConflict => "field-conflict",
            Self::IllegalStep => "illegal-step",
            Self::LateEdit => "late-edit",
            Self::LateSpend => "late-spend",
            Self::LongInTransit => "long-in-transit",
            Self::LowStock => "low-stock",
            Self::MootBooking => "moot-booking",
            Self::Namesakes => "namesakes",
            Self::OutsideHours => "outside-hours",
            Self::Overdrawn => "overdrawn",
            Self::Overlap => "overlap",
            Self::UnknownPerson => "unknown-person",
            Self::UnknownSite => "unknown-site",
            Self::UnmatchedReceipt => "unmatched-receipt",
            Self::UnreadableField => "unreadable-field",
            Self::WaitingSubmission => "waiting-submission",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How bad a finding is; the worst sorts first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It cannot be so.
    Error,
    /// It is probably not meant so.
    Warning,
    /// Worth knowing.
    Notice,
}
