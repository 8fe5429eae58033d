//! Supplies: goods that stations share, given out without a network and never twice.
//!
//! Stock is **escrow** (a bounded counter). A right to give out one piece belongs to one **holder**, a device, and a device
//! without a network gives out only what it holds. What there is follows from a ledger: each line is written once, by the
//! device whose rights it is about, and never changed, so replicas that hold the same lines count the same stock, whatever
//! order these came in.
//!
//! A holder is [`holder`]`(device, incarnation)`. The incarnation is kept outside the database as well: where the two differ,
//! the store is a copy or was restored, and it goes on under a new incarnation, which holds nothing. What the old one held comes
//! back when the hub declares it lost.
//!
//! [`Ledger`] counts, its `plan_…` functions make the lines, [`clerk`] is what a device does by itself while it is
//! connected, [`giving`] is the report. What cannot be so is a finding: see [`Ledger::faults`] and the rules.

pub mod clerk;
mod error;
mod fault;
mod giving;
mod ledger;
mod line;
mod names;
mod plan;
mod stock;
mod stocktaking;

use crate::document::{Name, SiteKey};
use crate::ordered::BTreeSet;
use crate::records::{Collection, EntryKind, LedgerEntry, RecordId, View};

pub use self::error::{Holding, SupplyError};
pub use self::fault::{Fault, FaultKind};
pub use self::giving::{Giving, GivingBy, GivingRow, PartyRow, giving};
pub use self::ledger::Ledger;
pub use self::line::{Line, Trouble};
pub use self::plan::{Desk, Order};
pub use self::stock::{Claim, ClaimState, Stock, Transit};

/// The most of an item that one line can be about.
pub const COUNT_MAX: i64 = 1_000_000;

/// What a device holds rights as.
#[must_use]
pub fn holder(device: &uuid::Uuid, incarnation: u32) -> String {
    format!("{device}.{incarnation:08x}")
}

/// The ledger's document of a site.
#[must_use]
pub fn document(site: &SiteKey) -> Name {
    Name::Supplies { site: site.clone() }
}

/// The id of the gift that answers a claim: so it is given at most once, by the one who is asked.
#[must_use]
pub fn gift_id(claim: RecordId) -> RecordId {
    answer("gift", claim)
}

/// The id of the gift that a claim sent without an account comes to: so it is given at most once, whoever marks it done.
#[must_use]
pub fn handover_id(submission: RecordId) -> RecordId {
    answer("handover", submission)
}

/// The id of the receipt of a transfer: so it is received at most once.
#[must_use]
pub fn receipt_id(transfer: RecordId) -> RecordId {
    answer("receipt", transfer)
}

fn answer(what: &str, about: RecordId) -> RecordId {
    RecordId::natural(Collection::Ledger, &[what, &about.to_string()])
}

/// The edits of a grant that nothing was checked of: what a repair does.
pub(crate) fn grant(
    desk: &Desk<'_>,
    id: RecordId,
    order: &Order<'_>,
    to: &str,
) -> Vec<crate::records::Edit> {
    plan::line(desk, id, EntryKind::Grant, order, |line| {
        to.clone_into(&mut line.to);
    })
}

/// The sites whose ledgers are needed to count that of a site: those it received goods from.
#[must_use]
pub fn sources(view: &View) -> BTreeSet<SiteKey> {
    view.all::<LedgerEntry>()
        .filter(|(line, _)| line.kind == EntryKind::Receipt)
        .filter_map(|(line, _)| line.to_site.clone())
        .collect()
}

#[cfg(test)]
mod tests;
