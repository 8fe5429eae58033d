use super::line::Row;
use super::{Ledger, Line, Trouble};
use crate::document::SiteKey;
use crate::ordered::{self, BTreeMap};
use crate::records::{EntryKind, RecordId};

/// What is wrong in a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// A claim was answered by more than one gift.
    GivenTwice,
    /// A line gives no rights by itself, and why.
    Line(Trouble),
    /// A receipt is not that of a transfer to its device.
    Unmatched,
    /// Not even the holder, the item or the number of a line can be read.
    Unreadable,
}

/// A line that something is wrong with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fault {
    /// The site whose ledger it is in.
    pub site: SiteKey,
    /// The line.
    pub line: RecordId,
    /// What is wrong.
    pub kind: FaultKind,
}

impl Ledger {
    /// The lines that something is wrong with, by site and line: the same on every replica that holds the same ledgers.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let sites = self.sites();
        let sites: BTreeMap<u32, &SiteKey> = sites
            .filter_map(|site| Some((self.names.find(site.as_str())?, site)))
            .collect();
        let rows = self.rows.iter();
        let faults = rows.filter_map(|row| {
            let kind = self.fault(row)?;
            Some(Fault {
                site: (*sites.get(&row.site)?).clone(),
                line: row.id,
                kind,
            })
        });
        let mut faults: Vec<Fault> = faults.collect();
        let unreadable = self.unreadable.iter().map(|(site, line)| Fault {
            site: site.clone(),
            line: *line,
            kind: FaultKind::Unreadable,
        });
        faults.extend(unreadable);
        ordered::sort(&mut faults);
        faults
    }

    fn fault(&self, row: &Row) -> Option<FaultKind> {
        if let Some(trouble) = row.trouble {
            return Some(FaultKind::Line(trouble));
        }
        match row.kind {
            EntryKind::Receipt if !row.is_settled => Some(FaultKind::Unmatched),
            EntryKind::Claim if self.gifts(row).nth(1).is_some() => Some(FaultKind::GivenTwice),
            _ => None,
        }
    }

    fn gifts<'a>(&'a self, claim: &'a Row) -> impl Iterator<Item = &'a Row> {
        let answers = self.answers.get(&claim.id).into_iter().flatten();
        let rows = answers.filter_map(|index| self.rows.get(*index));
        rows.filter(|row| row.kind == EntryKind::Gift && row.site == claim.site)
    }

    /// The gifts that answer a claim, by id.
    #[must_use]
    pub fn gifts_for(&self, site: &SiteKey, claim: RecordId) -> Vec<Line<'_>> {
        let claim = self.row(site, claim);
        let gifts = claim.into_iter().flat_map(|claim| self.gifts(claim));
        let mut gifts: Vec<_> = gifts.map(|row| row.line(&self.names)).collect();
        ordered::sort_by_key(&mut gifts, |line| line.id);
        gifts
    }
}
