//! Disputes that sites mediate: how far a case has come, what is late, who is on duty, and what the figures say.
//!
//! Each case is alone in its document, `cases/<site>/<code>`, which its site, the hub and the sites that it was handed to read. What
//! happened to it is told by [`step`]s, written once; [`proceedings`] says where they led, the same on every replica. Nothing of this
//! is stored: deadlines and figures follow from the steps and the network's [`WorkCalendar`](crate::civil::WorkCalendar).

mod assign;
mod code;
mod counted;
mod deadline;
mod error;
mod figures;
mod proceedings;
mod rota;
mod share;
mod step;

use crate::flow::{Flow, Move};
use crate::records::Stage;

pub use assign::{Assignment, assign};
pub use code::code;
pub use counted::Counted;
pub use deadline::{Deadline, Duty, LIMITS, Limits, Term};
pub use error::MediationError;
pub(crate) use figures::fen;
pub use figures::{Cycle, Tally};
pub use proceedings::{Proceedings, proceedings};
pub use rota::{Specialist, load, on_duty};
pub use share::{may_point, share, shared_with};
pub(crate) use step::shared_id;
pub use step::{agree, refer, register, sit, step, take};

/// How a case goes on.
///
/// It is registered, taken up, given to mediators and heard. An agreement may go to a court or a tribunal to be confirmed; where that
/// refuses, the parties are heard again or the case is closed. What was declined, withdrawn or closed is over for good: another
/// dispute is another case.
pub static FLOW: Flow<Stage, ()> = Flow {
    stages: &[
        Stage::Registered,
        Stage::Accepted,
        Stage::Assigned,
        Stage::Mediating,
        Stage::Agreed,
        Stage::Failed,
        Stage::Referred,
        Stage::Ratified,
        Stage::Unratified,
        Stage::Declined,
        Stage::Withdrawn,
        Stage::Closed,
    ],
    over: &[Stage::Declined, Stage::Withdrawn, Stage::Closed],
    moves: &[
        to(Stage::Accepted, &[Stage::Registered]),
        to(Stage::Declined, &[Stage::Registered]),
        to(
            Stage::Assigned,
            &[Stage::Accepted, Stage::Assigned, Stage::Mediating],
        ),
        to(Stage::Mediating, &[Stage::Assigned, Stage::Unratified]),
        to(Stage::Agreed, &[Stage::Assigned, Stage::Mediating]),
        to(Stage::Failed, &[Stage::Assigned, Stage::Mediating]),
        to(
            Stage::Withdrawn,
            &[
                Stage::Registered,
                Stage::Accepted,
                Stage::Assigned,
                Stage::Mediating,
            ],
        ),
        to(Stage::Referred, &[Stage::Agreed]),
        to(Stage::Ratified, &[Stage::Referred]),
        to(Stage::Unratified, &[Stage::Referred]),
        to(
            Stage::Closed,
            &[
                Stage::Agreed,
                Stage::Failed,
                Stage::Ratified,
                Stage::Unratified,
            ],
        ),
    ],
};

/// Whoever holds a case may take any step: what tells them apart is what they sign with.
const fn to(to: Stage, from: &'static [Stage]) -> Move<Stage, ()> {
    Move { from, to, by: () }
}

#[cfg(test)]
mod tests;
