use jiff::civil::DateTime;

use super::names::Names;
use super::{COUNT_MAX, receipt_id};
use crate::document::SiteKey;
use crate::records::{Entry, EntryKind, LedgerEntry, RecordId};

/// Why a line gives nobody any rights. What it takes away it takes away all the same: that way errs on the safe side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trouble {
    /// Its fields were not all written at once: somebody edited it.
    Edited,
    /// It was removed; lines stay.
    Removed,
    /// It lacks what a line of its kind needs.
    Malformed,
}

/// A line of the ledger as it counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line<'a> {
    /// Its record.
    pub id: RecordId,
    /// The site whose ledger it is in.
    pub site: &'a str,
    /// What it does.
    pub kind: EntryKind,
    /// The item.
    pub item: RecordId,
    /// How many.
    pub count: i64,
    /// Whose rights it is about.
    pub holder: &'a str,
    /// The holder at the other end.
    pub to: &'a str,
    /// The site at the other end.
    pub to_site: &'a str,
    /// The line it answers.
    pub about: Option<RecordId>,
    /// The event.
    pub drive: Option<RecordId>,
    /// Who gave, or who received.
    pub party: &'a str,
    /// When.
    pub at: DateTime,
    /// Why it gives no rights.
    pub trouble: Option<Trouble>,
    /// Of a receipt and its transfer: whether the two match.
    pub is_settled: bool,
}

/// A line, with numbers for texts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) id: RecordId,
    pub(super) site: u32,
    pub(super) kind: EntryKind,
    pub(super) item: RecordId,
    pub(super) count: i64,
    pub(super) holder: u32,
    pub(super) to: u32,
    pub(super) to_site: u32,
    pub(super) about: Option<RecordId>,
    pub(super) drive: Option<RecordId>,
    pub(super) party: u32,
    pub(super) at: DateTime,
    pub(super) trouble: Option<Trouble>,
    pub(super) is_settled: bool,
}

impl Row {
    /// None where it is not known what it is about.
    pub(super) fn read(
        site: &SiteKey,
        line: &LedgerEntry,
        entry: &Entry,
        names: &mut Names,
    ) -> Option<Self> {
        let (item, count) = (line.item?, line.count?);
        if line.holder.is_empty() || !entry.is_readable("kind") {
            return None;
        }
        let to_site = line.to_site.as_ref().map_or("", SiteKey::as_str);
        Some(Self {
            id: line.id,
            site: names.number(site.as_str()),
            kind: line.kind,
            item,
            count,
            holder: names.number(&line.holder),
            to: names.number(&line.to),
            to_site: names.number(to_site),
            about: line.about,
            drive: line.drive,
            party: names.number(&line.party),
            at: line.at,
            trouble: trouble(site, line, entry),
            is_settled: false,
        })
    }

    /// Whether it is the same line, settled or not.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        let settled = |row: &Self| Self {
            is_settled: true,
            ..row.clone()
        };
        settled(self) == settled(other)
    }

    /// What it takes from its holder, whether or not it is sound.
    pub(super) fn taken(&self) -> i64 {
        match self.kind {
            EntryKind::Gift | EntryKind::Grant | EntryKind::Return | EntryKind::Transfer => {
                self.count.clamp(0, COUNT_MAX)
            }
            EntryKind::Correction => self.count.clamp(-COUNT_MAX, 0).abs(),
            _ => 0,
        }
    }

    /// Who gains how much by it, receipts aside: these need their transfer.
    pub(super) fn gained(&self) -> Option<(u32, i64)> {
        if self.trouble.is_some() {
            return None;
        }
        match self.kind {
            EntryKind::Contribution => Some((self.holder, self.count)),
            EntryKind::Correction if self.count > 0 => Some((self.holder, self.count)),
            EntryKind::Grant | EntryKind::Return => Some((self.to, self.count)),
            _ => None,
        }
    }

    /// By how much its site holds more after it, or fewer.
    pub(super) fn effect(&self) -> i64 {
        let received = match self.kind {
            EntryKind::Receipt if self.is_settled => self.count,
            _ => 0,
        };
        let gained = self.gained().map_or(0, |(_, count)| count);
        gained + received - self.taken()
    }

    /// Whether it is the receipt of a transfer, whoever that was for.
    pub(super) fn receives(&self, transfer: &Self) -> bool {
        let sound = self.trouble.is_none() && transfer.trouble.is_none();
        sound
            && (self.kind, transfer.kind) == (EntryKind::Receipt, EntryKind::Transfer)
            && self.id == receipt_id(transfer.id)
            && self.about == Some(transfer.id)
            && (self.site, self.to_site) == (transfer.to_site, transfer.site)
            && (self.item, self.count) == (transfer.item, transfer.count)
    }

    pub(super) fn line<'a>(&self, names: &'a Names) -> Line<'a> {
        Line {
            id: self.id,
            site: names.text(self.site),
            kind: self.kind,
            item: self.item,
            count: self.count,
            holder: names.text(self.holder),
            to: names.text(self.to),
            to_site: names.text(self.to_site),
            about: self.about,
            drive: self.drive,
            party: names.text(self.party),
            at: self.at,
            trouble: self.trouble,
            is_settled: self.is_settled,
        }
    }
}

/// What is wrong with a line by itself.
pub(super) fn trouble(site: &SiteKey, line: &LedgerEntry, entry: &Entry) -> Option<Trouble> {
    if !is_whole(site, line) || !entry.problems().is_empty() {
        return Some(Trouble::Malformed);
    }
    if line.removed_at.is_some() {
        return Some(Trouble::Removed);
    }
    entry.is_patched().then_some(Trouble::Edited)
}

fn is_whole(site: &SiteKey, line: &LedgerEntry) -> bool {
    let Some(count) = line.count else {
        return false;
    };
    let counts = match line.kind {
        // A stocktaking may find that there is what there should be.
        EntryKind::Correction => count.abs() <= COUNT_MAX,
        _ => (1..=COUNT_MAX).contains(&count),
    };
    let to = !line.to.is_empty() && line.to != line.holder;
    let abroad = line.to_site.as_ref().is_some_and(|other| other != site);
    counts
        && !line.holder.is_empty()
        && match line.kind {
            EntryKind::Claim | EntryKind::Grant | EntryKind::Return => to,
            EntryKind::Transfer => to && abroad,
            EntryKind::Receipt => abroad && line.about.is_some(),
            EntryKind::Withdrawal => line.about.is_some(),
            EntryKind::Contribution | EntryKind::Correction | EntryKind::Gift => true,
        }
}
