//! What is wrong with a county, counted by the generator that did it.

use std::collections::BTreeMap;

use yilian_core::document::Month;

/// A kind of thing that goes wrong in real offices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Mess {
    /// A shift ends before it starts.
    BackwardShift,
    /// A booking that another one, granted before it, keeps from its venue.
    BookingBumped,
    /// Two promised bookings of one venue at once.
    BookingDouble,
    /// A booking while the venue is closed.
    BookingOutsideHours,
    /// More people than the venue holds.
    BookingOverCapacity,
    /// A booking confirmed by a site that the venue is not of.
    BookingUnentitled,
    /// An agreement was taken off the record of a case that was settled by it.
    CaseAgreementGone,
    /// A case at which a site is late.
    CaseOverdue,
    /// A party to a case mediates it.
    CasePartyMediates,
    /// A step of a case was edited after it was written.
    CaseStepEdited,
    /// A step of a case was taken by somebody who did not know of another's.
    CaseStepIllegal,
    /// A case that is being heard is mediated by nobody.
    CaseUnmediated,
    /// An agreement was not performed in time.
    CaseUnperformed,
    /// An agreement that is to be confirmed is with no court.
    CaseUnreferred,
    /// A case that is being heard is mediated by somebody who is on no rota.
    CaseOffRota,
    /// A certificate that expires within a month.
    CertificateExpiring,
    /// A certificate of somebody who failed.
    CertificateUnearned,
    /// More seats of a course are promised than there are.
    ClassOverFull,
    /// Somebody is enrolled in a course twice.
    EnrolledTwice,
    /// Two sites set one field, each without knowing of the other.
    FieldConflict,
    /// A removed record was edited by somebody who did not know.
    LateEdit,
    /// Somebody was in a lesson who is not enrolled.
    LearnerStrange,
    /// A lesson while the site is closed.
    LessonLate,
    /// Less of an item than the site wants to have.
    LowStock,
    /// A roster names one of two people of one name.
    Namesakes,
    /// A site below nothing, though it is not the county's home.
    OrphanSite,
    /// A shift while the site is closed.
    OutsideHours,
    /// More given out than was there.
    Overdrawn,
    /// One person on two shifts at once.
    Overlap,
    /// Sites, each of which is below the other.
    ParentCycle,
    /// A submission that nobody has taken up for days.
    SubmissionLeft,
    /// Goods that were sent and never received.
    TransferLost,
    /// Somebody is on a post without the certificate that it takes.
    Uncertified,
    /// A roster names somebody whom the site does not have.
    UnknownPerson,
    /// A key that no site has.
    UnknownSite,
    /// A field that holds what no such field can.
    Unreadable,
    /// A service whose post nobody is rostered on.
    UnstaffedService,
}

/// How often each went wrong, by the month of its document; none for documents that belong to no month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    counts: BTreeMap<(Mess, Option<Month>), usize>,
}

impl Tally {
    pub(super) fn add(&mut self, mess: Mess, month: Option<Month>) {
        *self.counts.entry((mess, month)).or_default() += 1;
    }

    /// Adds what another counted.
    pub fn extend(&mut self, other: &Tally) {
        for (place, count) in &other.counts {
            *self.counts.entry(*place).or_default() += count;
        }
    }

    /// How often something went wrong, in whatever month.
    pub fn all(&self, mess: Mess) -> usize {
        let counts = self.counts.iter();
        let of = counts.filter(|((of, _), _)| *of == mess);
        of.map(|(_, count)| count).sum()
    }

    /// How often it did in the documents of a month; none asks for those that belong to no month.
    pub fn of(&self, mess: Mess, month: Option<Month>) -> usize {
        self.counts.get(&(mess, month)).copied().unwrap_or(0)
    }
}
