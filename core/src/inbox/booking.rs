use super::InboxError;
use crate::document::{Author, Month, Name, SiteKey};
use crate::matrix::{Directory, promised};
use crate::records::{
    Booking, BookingState, Collection, Edit, Entry, RecordId, Submission, SubmissionKind, Typed,
};

/// What comes of a submission elsewhere: the record that its step names, and the edits that make it.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// The record.
    pub record: RecordId,
    /// The edits, in whatever documents.
    pub edits: Vec<Edit>,
}

/// The booking that a wish for a venue of `site` becomes, and its document; `confirmed_by` promises the venue.
///
/// Its id follows from the submission's, so two computers of a site that accept it without knowing of each other make one booking.
///
/// # Errors
///
/// When the submission asks for something else, or not for a venue and a time.
pub fn booking(
    site: &SiteKey,
    submission: &Submission,
    confirmed_by: Option<&Author>,
) -> Result<(Name, Booking), InboxError> {
    let asked = (submission.venue, submission.start, submission.end);
    let (SubmissionKind::Booking, (Some(venue), Some(start), Some(end))) = (submission.kind, asked)
    else {
        return Err(InboxError::NoBooking);
    };
    let mut booking = Booking {
        id: RecordId::natural(Collection::Bookings, &[&submission.id.to_string()]),
        site: site.clone(),
        venue: Some(venue),
        start,
        end,
        name: submission.name.clone(),
        phone: submission.phone.clone(),
        borrower: None,
        people: submission.count,
        purpose: submission.text.clone(),
        state: BookingState::Booked,
        confirmed_by: confirmed_by.map_or_else(String::new, Author::to_string),
        confirmed_for: String::new(),
        note: String::new(),
        removed_at: None,
    };
    if confirmed_by.is_some() {
        booking.confirmed_for = booking.claimed();
    }
    let document = document(site, submission).ok_or(InboxError::NoBooking)?;
    Ok((document, booking))
}

/// The document that a wish's booking is in.
pub(crate) fn document(site: &SiteKey, submission: &Submission) -> Option<Name> {
    Some(Name::Bookings {
        site: site.clone(),
        month: Month::of(submission.start?.date()).ok()?,
    })
}

impl Made {
    /// A booking in its document, as [`booking`] answers them.
    pub fn booking((document, booking): &(Name, Booking)) -> Self {
        Self {
            record: booking.id,
            edits: booking.create(document),
        }
    }
}

/// Checks that a venue is not promised to somebody else when a booking wants it, among `others` and by those who may.
///
/// # Errors
///
/// [`InboxError::Taken`], saying by whom.
pub fn taken<'e>(
    booking: &Booking,
    others: impl Iterator<Item = &'e Entry>,
    directory: &Directory<'_>,
) -> Result<(), InboxError> {
    match promised(booking, others, directory) {
        Some(other) => Err(InboxError::Taken {
            name: other.name.clone(),
            start: other.start,
            end: other.end,
        }),
        None => Ok(()),
    }
}
