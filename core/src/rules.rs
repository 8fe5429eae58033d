//! Rules: what a merge may break, said aloud.
//!
//! Merging never fails, and what comes out may still make no sense: one person on two shifts at once, a shift of a removed
//! site, two values for one field. [`findings`] says so, and changes nothing. It is a pure function of the documents
//! held and of the time handed in: replicas that hold the same say the same, in the same order, under the same ids.
//!
//! Every rule has a module, which begins with what the rule reads, and a line in the list of `rule.rs`. Where that is not held, the rule is silent and
//! [`Findings::not_checked`] says what is missing: an unknown is not a fault.

mod backward_booking;
mod backward_shift;
mod booking_outside_hours;
mod bookings;
mod bumped_booking;
mod cases;
mod contest;
mod context;
mod double_booking;
mod double_gift;
mod edited_ledger_line;
mod edited_step;
mod enrolled_twice;
mod expiring_certificate;
mod field_conflict;
mod finding;
mod holdings;
mod illegal_step;
mod late_edit;
mod late_spend;
mod long_in_transit;
mod low_stock;
mod mediator_off_rota;
mod missing_agreement;
mod moot_booking;
mod moot_enrolment;
mod not_checked;
mod orphan_site;
mod outside_hours;
mod over_capacity;
mod over_full_course;
mod overdrawn;
mod overdue_case;
mod overlap;
mod parent_cycle;
mod party_mediates;
mod people;
mod rule;
mod schools;
mod session_clash;
mod session_outside_hours;
mod settled;
mod stale_confirmation;
mod steps;
mod supplies;
mod text;
mod unbooked_session;
mod uncertified_shift;
mod undelivered_certificate;
mod unearned_certificate;
mod unenrolled_learner;
mod unentitled_confirmation;
mod unknown_learner;
mod unknown_person;
mod unknown_site;
mod unknown_venue;
mod unmatched_receipt;
mod unmediated_case;
mod unperformed_agreement;
mod unpublished_certificate;
mod unreadable_field;
mod unreferred_agreement;
mod unstaffed_service;
mod waiting_submission;
mod wording;

use serde::Serialize;

use crate::document::Month;
use crate::ordered;

pub use self::finding::{Finding, FindingId, RecordRef, Repair};
pub use self::holdings::{Holdings, reads};
pub use self::not_checked::NotChecked;
pub(crate) use self::people::{People, Whom};
use self::rule::CHECKS;
pub use self::rule::{Rule, Severity};
pub use self::settled::{is_settled, may_settle};
pub use self::text::{Language, Text};

/// What [`findings`] found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Findings {
    /// The worst first, then by day, then by id.
    pub findings: Vec<Finding>,
    /// What could not be looked at, sorted.
    pub not_checked: Vec<NotChecked>,
}

/// Looks at everything held; with a `month`, tells only what concerns that month, and what belongs to none.
///
/// The cost is that of sorting the shifts and the bookings held, and of putting what is found into words: call it after each batch
/// of changes, not for each change.
#[must_use]
pub fn findings(holdings: &Holdings<'_>, month: Option<Month>) -> Findings {
    let context = context::Context::new(holdings, month);
    let mut findings = Vec::new();
    for check in CHECKS {
        if let Some(find) = check.find {
            find(&context, &mut findings);
        }
    }
    findings.retain(|finding| month.is_none_or(|month| finding.concerns(month)));
    ordered::sort_by_key(&mut findings, |finding| {
        (
            finding.severity,
            finding.date.is_none(),
            finding.date,
            finding.id,
        )
    });

    let mut not_checked = Vec::new();
    for check in CHECKS {
        if let Some(missing) = check.missing {
            missing(&context, month, &mut not_checked);
        }
    }
    ordered::sort(&mut not_checked);
    Findings {
        findings,
        not_checked,
    }
}

#[cfg(test)]
pub(crate) mod replica;
#[cfg(test)]
mod tests;
