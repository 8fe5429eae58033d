//! Rules: what a merge may break, said aloud.
//!
//! Merging never fails, and what comes out may still make no sense: one person on two shifts at once, a shift of a removed
//! site, two values for one field. [`findings`] says so, and changes nothing. It is a pure function of the documents
//! held and of the time handed in: replicas that hold the same say the same, in the same order, under the same ids.
//!
//! Every rule has a module, which begins with what the rule reads. Where that is not held, the rule is silent and
//! [`Findings::not_checked`] says what is missing: an unknown is not a fault.

mod backward_shift;
mod contest;
mod context;
mod double_gift;
mod edited_ledger_line;
mod field_conflict;
mod finding;
mod holdings;
mod illegal_step;
mod late_edit;
mod late_spend;
mod long_in_transit;
mod low_stock;
mod moot_booking;
mod not_checked;
mod outside_hours;
mod overdrawn;
mod overlap;
mod people;
mod rule;
mod supplies;
mod text;
mod unknown_person;
mod unknown_site;
mod unmatched_receipt;
mod unreadable_field;
mod waiting_submission;
mod wording;

use serde::Serialize;

use crate::document::Month;
use crate::ordered;

pub use self::finding::{Finding, FindingId, RecordRef, Repair};
pub use self::holdings::Holdings;
pub use self::not_checked::NotChecked;
pub use self::rule::{Rule, Severity};
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
/// The cost is that of sorting the shifts held: call it after each batch of changes, not for each change.
#[must_use]
pub fn findings(holdings: &Holdings<'_>, month: Option<Month>) -> Findings {
    let context = context::Context::new(holdings);
    let mut findings = Vec::new();
    backward_shift::find(&context, &mut findings);
    double_gift::find(&context, &mut findings);
    edited_ledger_line::find(&context, &mut findings);
    field_conflict::find(&context, &mut findings);
    illegal_step::find(&context, &mut findings);
    late_edit::find(&context, &mut findings);
    late_spend::find(&context, &mut findings);
    long_in_transit::find(&context, &mut findings);
    low_stock::find(&context, &mut findings);
    moot_booking::find(&context, &mut findings);
    outside_hours::find(&context, &mut findings);
    overdrawn::find(&context, &mut findings);
    overlap::find(&context, &mut findings);
    unknown_person::find(&context, &mut findings);
    unknown_site::find(&context, &mut findings);
    unmatched_receipt::find(&context, &mut findings);
    unreadable_field::find(&context, &mut findings);
    waiting_submission::find(&context, &mut findings);
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
    moot_booking::missing(&context, &mut not_checked);
    outside_hours::missing(&context, &mut not_checked);
    overlap::missing(&context, month, &mut not_checked);
    unknown_person::missing(&context, month, &mut not_checked);
    unknown_site::missing(&context, &mut not_checked);
    unmatched_receipt::missing(&context, &mut not_checked);
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
