use jiff::civil::Date;
use serde::Serialize;

use super::{Ledger, Line, Stock};
use crate::document::SiteKey;
use crate::ordered::{self, BTreeMap};
use crate::records::{EntryKind, RecordId};

/// What a report of giving is about; all that is held, where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GivingBy {
    /// Of one event only.
    pub drive: Option<RecordId>,
    /// Of one site only.
    pub site: Option<SiteKey>,
    /// From this day on.
    pub from: Option<Date>,
    /// Up to and with this day.
    pub until: Option<Date>,
}

/// What one site did with one item for one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GivingRow {
    /// The site.
    pub site: String,
    /// The event; none for what belongs to none.
    pub drive: Option<RecordId>,
    /// The item.
    pub item: RecordId,
    /// What people put in.
    pub contributed: i64,
    /// What was given out.
    pub given: i64,
    /// What was sent to other sites, received there or not.
    pub sent: i64,
    /// What was received from other sites.
    pub received: i64,
    /// What stocktaking found, or found missing.
    pub corrected: i64,
}

/// What one person or body put in or received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartyRow {
    /// The site.
    pub site: String,
    /// The event.
    pub drive: Option<RecordId>,
    /// The item.
    pub item: RecordId,
    /// Who; empty where nobody was named.
    pub party: String,
    /// What they put in.
    pub contributed: i64,
    /// What they received.
    pub given: i64,
}

/// Who gave, what went where, and what is left.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Giving {
    /// By site, event and item.
    pub rows: Vec<GivingRow>,
    /// By site, event, item and party.
    pub parties: Vec<PartyRow>,
    /// What is left now at each site, of everything: rights belong to no event.
    pub left: Vec<(String, Stock)>,
}

/// The report of giving.
#[must_use]
pub fn giving(ledger: &Ledger, by: &GivingBy) -> Giving {
    let mut rows: BTreeMap<(String, Option<RecordId>, RecordId), GivingRow> = BTreeMap::new();
    let mut parties: BTreeMap<(String, Option<RecordId>, RecordId, String), PartyRow> =
        BTreeMap::new();
    let of_site = by.site.as_ref().map(|site| ledger.lines_of(site));
    let all = of_site.is_none().then(|| ledger.lines());
    let lines = of_site.into_iter().flatten();
    let lines = lines.chain(all.into_iter().flatten());
    for line in lines.filter(|line| by.covers(line)) {
        let Some(moved) = Moved::by(&line) else {
            continue;
        };
        let key = (line.site.to_owned(), line.drive, line.item);
        let row = rows.entry(key).or_insert_with(|| GivingRow {
            site: line.site.to_owned(),
            drive: line.drive,
            item: line.item,
            contributed: 0,
            given: 0,
            sent: 0,
            received: 0,
            corrected: 0,
        });
        row.contributed += moved.contributed;
        row.given += moved.given;
        row.sent += moved.sent;
        row.received += moved.received;
        row.corrected += moved.corrected;
        if moved.contributed == 0 && moved.given == 0 {
            continue;
        }
        let party = line.party.to_owned();
        let key = (line.site.to_owned(), line.drive, line.item, party.clone());
        let row = parties.entry(key).or_insert_with(|| PartyRow {
            site: line.site.to_owned(),
            drive: line.drive,
            item: line.item,
            party,
            contributed: 0,
            given: 0,
        });
        row.contributed += moved.contributed;
        row.given += moved.given;
    }
    let mut sites: Vec<&SiteKey> = ledger.sites().filter(|site| by.includes(site)).collect();
    ordered::sort(&mut sites);
    let left = sites.into_iter().flat_map(|site| {
        let stocks = ledger.stocks(site).into_iter();
        stocks.map(|stock| (site.to_string(), stock))
    });
    Giving {
        rows: rows.into_values().collect(),
        parties: parties.into_values().collect(),
        left: left.collect(),
    }
}

impl GivingBy {
    fn includes(&self, site: &SiteKey) -> bool {
        self.site.as_ref().is_none_or(|only| only == site)
    }

    pub(crate) fn covers(&self, line: &Line<'_>) -> bool {
        let day = line.at.date();
        self.site
            .as_ref()
            .is_none_or(|site| site.as_str() == line.site)
            && (self.drive.is_none() || self.drive == line.drive)
            && self.from.is_none_or(|from| from <= day)
            && self.until.is_none_or(|until| day <= until)
    }
}

#[derive(Default)]
struct Moved {
    contributed: i64,
    given: i64,
    sent: i64,
    received: i64,
    corrected: i64,
}

impl Moved {
    /// What a line moved, as far as it counts: what takes away counts though it was edited.
    fn by(line: &Line<'_>) -> Option<Self> {
        let mut moved = Self::default();
        let (count, sound) = (line.count, line.trouble.is_none());
        match line.kind {
            EntryKind::Contribution if sound => moved.contributed = count,
            EntryKind::Gift if count > 0 => moved.given = count,
            EntryKind::Transfer if count > 0 => moved.sent = count,
            EntryKind::Receipt if line.is_settled => moved.received = count,
            EntryKind::Correction if sound || count < 0 => moved.corrected = count,
            _ => return None,
        }
        Some(moved)
    }
}
