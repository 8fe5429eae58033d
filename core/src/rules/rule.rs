use core::fmt;

use serde::{Deserialize, Serialize, Serializer};

use super::context::Context;
use super::{Finding, NotChecked};
use crate::document::Month;

type Find = fn(&Context<'_>, &mut Vec<Finding>);
type Missing = fn(&Context<'_>, Option<Month>, &mut Vec<NotChecked>);

/// What the module of a rule does.
#[derive(Clone, Copy)]
pub(super) struct Check {
    /// Says what it finds.
    pub(super) find: Option<Find>,
    /// Says what it could not look at.
    pub(super) missing: Option<Missing>,
}

impl Check {
    const NONE: Self = Self {
        find: None,
        missing: None,
    };
}

macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident = $name:literal $(=> $module:ident: $($does:ident),+)?;)*) => {
        /// The rules there are. Each names what it reads in its module.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[$doc])* #[serde(rename = $name)] $rule,)*
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$rule),*];

            /// The rule's name, part of its findings' ids: it never changes.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$rule => $name,)*
                }
            }
        }

        /// What every rule does.
        #[allow(clippy::needless_update, reason = "not every rule can miss something")]
        pub(super) const CHECKS: &[Check] = &[
            $($(Check { $($does: Some(super::$module::$does),)+ ..Check::NONE },)?)*
        ];
    };
}

// A new rule: its module, and its line here.
rules! {
    /// A booking ends no later than it starts.
    BackwardBooking = "backward-booking" => backward_booking: find;
    /// A shift ends no later than it starts.
    BackwardShift = "backward-shift" => backward_shift: find;
    /// A booking runs while its venue is closed.
    BookingOutsideHours = "booking-outside-hours" => booking_outside_hours: find;
    /// A booking has to make way for another.
    BumpedBooking = "bumped-booking" => bumped_booking: find, missing;
    /// A venue is promised to two bookings at once.
    DoubleBooking = "double-booking" => double_booking: find;
    /// A claim on goods was answered twice.
    DoubleGift = "double-gift" => double_gift: find;
    /// A line of a ledger of goods is not as it was written, or not whole.
    EditedLedgerLine = "edited-ledger-line" => edited_ledger_line: find;
    /// A step of a submission or a case is not as it was written.
    EditedStep = "edited-step" => edited_step: find;
    /// Somebody seems to be enrolled in a course twice.
    EnrolledTwice = "enrolled-twice" => enrolled_twice: find;
    /// Somebody's certificate is valid for less than a month.
    ExpiringCertificate = "expiring-certificate" => expiring_certificate: find;
    /// One field was set to several values by people who did not know of each other.
    FieldConflict = "field-conflict" => field_conflict: find;
    /// A step of a submission or a case does not follow on those that others took, or ended what its writer did not know of.
    IllegalStep = "illegal-step" => illegal_step: find;
    /// A removed record was edited by someone who did not know, or later.
    LateEdit = "late-edit" => late_edit: find;
    /// A device that was declared lost had given out what was taken back.
    LateSpend = "late-spend" => late_spend: find;
    /// Goods are on their way for more than a week.
    LongInTransit = "long-in-transit" => long_in_transit: find;
    /// A site has less of an item than it wants to have.
    LowStock = "low-stock" => low_stock: find;
    /// Whoever mediates a case was on no such post.
    MediatorOffRota = "mediator-off-rota" => mediator_off_rota: find, missing;
    /// A case was settled, and its agreement is not on the record.
    MissingAgreement = "missing-agreement" => missing_agreement: find;
    /// A submission is over, and the booking that was made for it still stands.
    MootBooking = "moot-booking" => moot_booking: find, missing;
    /// A submission is over, and the enrolment that was made for it still stands.
    MootEnrolment = "moot-enrolment" => moot_enrolment: find, missing;
    /// A name on a roster is that of several people of the site.
    Namesakes = "namesakes";
    /// A site belongs to none, and is not the hub.
    OrphanSite = "orphan-site" => orphan_site: find;
    /// A shift runs while its site is closed.
    OutsideHours = "outside-hours" => outside_hours: find, missing;
    /// More people are booked in than a venue holds.
    OverCapacity = "over-capacity" => over_capacity: find;
    /// More seats of a course were promised than there are.
    OverFullCourse = "over-full-course" => over_full_course: find;
    /// A device gave out more than it held.
    Overdrawn = "overdrawn" => overdrawn: find;
    /// A site is late with a case.
    OverdueCase = "overdue-case" => overdue_case: find, missing;
    /// A person is on two shifts at once.
    Overlap = "overlap" => overlap: find, missing;
    /// Sites belong to each other in a circle.
    ParentCycle = "parent-cycle" => parent_cycle: find;
    /// A party to a case mediates it.
    PartyMediates = "party-mediates" => party_mediates: find;
    /// Two lessons have one teacher or one venue at once.
    SessionClash = "session-clash" => session_clash: find;
    /// A lesson takes place while its venue or its site is closed.
    SessionOutsideHours = "session-outside-hours" => session_outside_hours: find;
    /// A booking was confirmed for another venue or time than it asks for.
    StaleConfirmation = "stale-confirmation" => stale_confirmation: find;
    /// A lesson that is to come does not have its venue.
    UnbookedSession = "unbooked-session" => unbooked_session: find, missing;
    /// Somebody is rostered on a post without a valid certificate that it takes.
    UncertifiedShift = "uncertified-shift" => uncertified_shift: find, missing;
    /// Whoever enrolled by what they sent does not find the proof of their certificate there.
    UndeliveredCertificate = "undelivered-certificate" => undelivered_certificate: find;
    /// A certificate was issued to somebody who did not pass.
    UnearnedCertificate = "unearned-certificate" => unearned_certificate: find;
    /// Somebody was there or was assessed who is not enrolled.
    UnenrolledLearner = "unenrolled-learner" => unenrolled_learner: find;
    /// A booking was confirmed by someone who may not.
    UnentitledConfirmation = "unentitled-confirmation" => unentitled_confirmation: find;
    /// Whoever enrolled is said to be of a site that has nobody of that name.
    UnknownLearner = "unknown-learner" => unknown_learner: find, missing;
    /// A name on a roster is nobody's of the site.
    UnknownPerson = "unknown-person" => unknown_person: find, missing;
    /// A key is no site's.
    UnknownSite = "unknown-site" => unknown_site: find, missing;
    /// What is booked, or where a service takes place, is no venue.
    UnknownVenue = "unknown-venue" => unknown_venue: find, missing;
    /// Goods were received that nobody sent there.
    UnmatchedReceipt = "unmatched-receipt" => unmatched_receipt: find, missing;
    /// A case is mediated by nobody.
    UnmediatedCase = "unmediated-case" => unmediated_case: find;
    /// The day is over by which an agreement was to be performed.
    UnperformedAgreement = "unperformed-agreement" => unperformed_agreement: find;
    /// What everybody can check is not what a school has on record.
    UnpublishedCertificate = "unpublished-certificate" => unpublished_certificate: find;
    /// A field is missing or holds what no such field can hold.
    UnreadableField = "unreadable-field" => unreadable_field: find;
    /// An agreement that is to be confirmed is with nobody who can.
    UnreferredAgreement = "unreferred-agreement" => unreferred_agreement: find;
    /// A service is offered at a time at which nobody is on its post.
    UnstaffedService = "unstaffed-service" => unstaffed_service: find, missing;
    /// Somebody has waited for a site for too long.
    WaitingSubmission = "waiting-submission" => waiting_submission: find;
}

// What is derived names each rule once more, in every browser.
impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
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
