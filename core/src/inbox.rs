//! What people without an account send to a site: a wish for a venue, a claim of goods, a request.
//!
//! Each is alone in its document, `inbox/<site>/<code>`. Its sender keeps the [`Code`]: who knows it may open the document, see
//! how far it has come, take it back and confirm it. The site takes [`step`]s, and so does the sender; [`progress`] says where they
//! led, the same on every replica.

mod booking;
mod code;
mod error;
mod figures;
mod progress;
mod send;
mod step;

use crate::flow::{Flow, Move};
use crate::records::Stage;

pub(crate) use booking::document as booking_document;
pub use booking::{Made, booking, taken};
pub use code::{Code, ParseCodeError};
pub use error::InboxError;
pub use figures::{Counted, Figures, Tally, count, figures};
pub use progress::{Overdue, PlacedStep, Progress, progress};
pub use send::{Limits, send};
pub use step::step;

/// Who takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// Whoever sent it, and knows the code.
    Sender,
    /// The site that received it.
    Site,
}

/// How a submission goes on.
///
/// A stage is led to by one party only, so whose a step was is read off its stage. What is done is confirmed by the sender, or
/// sent again where it is not; what was declined may be sent again too. What was confirmed or withdrawn is over for good: for
/// more, send something new.
pub static FLOW: Flow<Stage, Party> = Flow {
    stages: &[
        Stage::Submitted,
        Stage::Accepted,
        Stage::Assigned,
        Stage::Done,
        Stage::Confirmed,
        Stage::Declined,
        Stage::Withdrawn,
    ],
    over: &[Stage::Confirmed, Stage::Declined, Stage::Withdrawn],
    moves: &[
        Move {
            from: &[Stage::Done, Stage::Declined],
            to: Stage::Submitted,
            by: Party::Sender,
        },
        Move {
            from: &[Stage::Submitted],
            to: Stage::Accepted,
            by: Party::Site,
        },
        Move {
            from: &[Stage::Accepted, Stage::Assigned],
            to: Stage::Assigned,
            by: Party::Site,
        },
        Move {
            from: &[Stage::Accepted, Stage::Assigned],
            to: Stage::Done,
            by: Party::Site,
        },
        Move {
            from: &[Stage::Done],
            to: Stage::Confirmed,
            by: Party::Sender,
        },
        Move {
            from: &[Stage::Submitted, Stage::Accepted, Stage::Assigned],
            to: Stage::Declined,
            by: Party::Site,
        },
        Move {
            from: &[Stage::Submitted, Stage::Accepted, Stage::Assigned],
            to: Stage::Withdrawn,
            by: Party::Sender,
        },
    ],
};

#[cfg(test)]
mod tests;
