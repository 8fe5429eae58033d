use jiff::civil::DateTime;
use serde::Serialize;

use super::Ledger;
use super::ledger::of_site;
use super::line::Row;
use crate::document::SiteKey;
use crate::ordered::{self, BTreeMap};
use crate::records::{Device, EntryKind, Item, RecordId};

/// How much of an item there is at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Stock {
    /// The item.
    pub item: RecordId,
    /// What its devices may give out, together. Below zero where more was given out than there was: a finding says so.
    pub held: i64,
    /// On the way here.
    pub arriving: i64,
    /// On the way to other sites.
    pub leaving: i64,
    /// What people put in, ever.
    pub contributed: i64,
    /// What was given out, ever.
    pub given: i64,
}

/// Goods between two sites.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transit<'a> {
    /// The transfer.
    pub id: RecordId,
    /// The item.
    pub item: RecordId,
    /// How many.
    pub count: i64,
    /// The site they left.
    pub from_site: &'a str,
    /// The device that sent them.
    pub from: &'a str,
    /// The site they are for.
    pub to_site: &'a str,
    /// The device that may receive them.
    pub to: &'a str,
    /// When they left.
    pub at: DateTime,
}

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ClaimState {
    /// The device that is asked has enough, and has not answered.
    Waiting,
    /// It was given.
    Given,
    /// As things stand the device that is asked has not enough, or was lost.
    Bumped,
    /// Whoever claimed took it back.
    Withdrawn,
}

/// A claim on goods that another device holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Claim<'a> {
    /// Its line.
    pub id: RecordId,
    /// The item.
    pub item: RecordId,
    /// How many.
    pub count: i64,
    /// The device that claims.
    pub holder: &'a str,
    /// The device that is asked.
    pub to: &'a str,
    /// Who is to receive them.
    pub party: &'a str,
    /// The event.
    pub drive: Option<RecordId>,
    /// When.
    pub at: DateTime,
    /// What became of it.
    pub state: ClaimState,
}

impl Ledger {
    /// How much of an item a device of a site may give out.
    #[must_use]
    pub fn rights(&self, site: &SiteKey, item: RecordId, holder: &str) -> i64 {
        let numbers = self.names.find(site.as_str()).zip(self.names.find(holder));
        let rights = numbers.and_then(|(site, holder)| self.rights.get(&(site, item, holder)));
        rights.copied().unwrap_or(0)
    }

    /// The devices that have, or had, rights of an item at a site: the one with the most first, then by holder.
    #[must_use]
    pub fn holders(&self, site: &SiteKey, item: RecordId) -> Vec<(&str, i64)> {
        let Some(site) = self.names.find(site.as_str()) else {
            return Vec::new();
        };
        let range = (site, item, 0)..=(site, item, u32::MAX);
        let rights = self.rights.range(range);
        let mut holders: Vec<_> = rights
            .map(|((_, _, holder), rights)| (self.names.text(*holder), *rights))
            .collect();
        ordered::sort_by_key(&mut holders, |(holder, rights)| (-rights, *holder));
        holders
    }

    /// Every balance: site, item, holder, rights; in no order that means anything.
    pub fn balances(&self) -> impl Iterator<Item = (&str, RecordId, &str, i64)> {
        self.rights.iter().map(|((site, item, holder), rights)| {
            let (site, holder) = (self.names.text(*site), self.names.text(*holder));
            (site, *item, holder, *rights)
        })
    }

    /// The stock of an item at a site.
    #[must_use]
    pub fn stock(&self, site: &SiteKey, item: RecordId) -> Stock {
        self.count_stocks(site, Some(item))
            .remove(&item)
            .unwrap_or(Stock::none(item))
    }

    /// The stock of every item that a site knows of, by item.
    #[must_use]
    pub fn stocks(&self, site: &SiteKey) -> Vec<Stock> {
        self.count_stocks(site, None).into_values().collect()
    }

    fn count_stocks(&self, site: &SiteKey, only: Option<RecordId>) -> BTreeMap<RecordId, Stock> {
        let mut stocks = BTreeMap::new();
        let Some(site) = self.names.find(site.as_str()) else {
            return stocks;
        };
        let wanted = |item: RecordId| only.is_none_or(|only| only == item);
        for ((_, item), _) in self.items.range(of_site(site)) {
            if wanted(*item) {
                stocks.insert(*item, Stock::none(*item));
            }
        }
        let (first, last) = of_site(site).into_inner();
        let rights = (site, first.1, 0)..=(site, last.1, u32::MAX);
        for ((_, item, _), rights) in self.rights.range(rights) {
            if wanted(*item) {
                stocks.entry(*item).or_insert(Stock::none(*item)).held += rights;
            }
        }
        let arriving = self.on_their_way();
        let arriving = arriving.filter(|row| row.to_site == site && row.site != site);
        let rows = self.rows_of(site).chain(arriving);
        for row in rows.filter(|row| wanted(row.item)) {
            let stock = stocks.entry(row.item).or_insert(Stock::none(row.item));
            match row.kind {
                EntryKind::Transfer if !row.is_in_transit() => {}
                EntryKind::Transfer if row.site == site => stock.leaving += row.count,
                EntryKind::Transfer => stock.arriving += row.count,
                EntryKind::Contribution if row.trouble.is_none() => stock.contributed += row.count,
                EntryKind::Gift => stock.given += row.taken(),
                _ => {}
            }
        }
        stocks
    }

    /// What the devices of a site could give out of an item, together, after the lines up to and with `until`.
    #[must_use]
    pub fn held_at(&self, site: &SiteKey, item: RecordId, until: DateTime) -> i64 {
        let Some(site) = self.names.find(site.as_str()) else {
            return 0;
        };
        let rows = self.rows_of(site);
        let rows = rows.filter(|row| row.item == item && row.at <= until);
        rows.map(Row::effect).sum()
    }

    /// An item as a site has it; else as any site has it.
    #[must_use]
    pub fn item(&self, site: &SiteKey, item: RecordId) -> Option<&Item> {
        let own = self.names.find(site.as_str());
        let own = own.and_then(|site| self.items.get(&(site, item)));
        let mut all = self.items.iter();
        own.or_else(|| all.find(|((_, id), _)| *id == item).map(|(_, item)| item))
    }

    /// Whether a site has an item's record.
    #[must_use]
    pub fn knows_item(&self, site: &SiteKey, item: RecordId) -> bool {
        let site = self.names.find(site.as_str());
        site.is_some_and(|site| self.items.contains_key(&(site, item)))
    }

    /// The devices of a site that say they are its, lost ones included, by holder.
    #[must_use]
    pub fn devices(&self, site: &SiteKey) -> Vec<&Device> {
        let Some(site) = self.names.find(site.as_str()) else {
            return Vec::new();
        };
        let devices = self.devices.range((site, 0)..=(site, u32::MAX));
        let mut devices: Vec<_> = devices.map(|(_, device)| device).collect();
        ordered::sort_by_key(&mut devices, |device| device.holder.as_str());
        devices
    }

    /// The record of a holder at a site.
    #[must_use]
    pub fn device(&self, site: &SiteKey, holder: &str) -> Option<&Device> {
        let site = self.names.find(site.as_str())?;
        self.devices.get(&(site, self.names.find(holder)?))
    }

    /// What people call a holder of a site: its device's name, or the end of what it holds rights as.
    #[must_use]
    pub fn device_name<'a>(&'a self, site: &SiteKey, holder: &'a str) -> &'a str {
        let device = self.device(site, holder);
        match device.map(|device| device.name.as_str()) {
            None | Some("") => holder.rsplit_once('.').map_or(holder, |(_, end)| end),
            Some(name) => name,
        }
    }

    /// The goods on their way from or to a site, the first to leave first.
    #[must_use]
    pub fn in_transit(&self, site: &SiteKey) -> Vec<Transit<'_>> {
        let site = site.as_str();
        let mut transits: Vec<_> = self
            .all_in_transit()
            .filter(|transit| transit.from_site == site || transit.to_site == site)
            .collect();
        ordered::sort_by_key(&mut transits, |transit| (transit.at, transit.id));
        transits
    }

    /// All goods on their way.
    pub fn all_in_transit(&self) -> impl Iterator<Item = Transit<'_>> {
        self.on_their_way().map(|row| Transit {
            id: row.id,
            item: row.item,
            count: row.count,
            from_site: self.names.text(row.site),
            from: self.names.text(row.holder),
            to_site: self.names.text(row.to_site),
            to: self.names.text(row.to),
            at: row.at,
        })
    }

    /// The claims of a site with what became of them, the first to come first.
    #[must_use]
    pub fn claims(&self, site: &SiteKey) -> Vec<Claim<'_>> {
        let Some(site) = self.names.find(site.as_str()) else {
            return Vec::new();
        };
        let is_claim = |row: &&Row| row.kind == EntryKind::Claim && row.trouble.is_none();
        let mut rows: Vec<_> = self.rows_of(site).filter(is_claim).collect();
        ordered::sort_by_key(&mut rows, |row| (row.at, row.id));
        // What is left for later claims when the earlier ones are given.
        let mut left: BTreeMap<(RecordId, u32), i64> = BTreeMap::new();
        let claim = |row: &Row| {
            let settled = self.claim_settled(row);
            let state = settled.unwrap_or_else(|| {
                let rights = self.rights.get(&(row.site, row.item, row.to));
                let left = left
                    .entry((row.item, row.to))
                    .or_insert(rights.copied().unwrap_or(0));
                if *left < row.count || self.is_lost(row.site, row.to) {
                    return ClaimState::Bumped;
                }
                *left -= row.count;
                ClaimState::Waiting
            });
            Claim {
                id: row.id,
                item: row.item,
                count: row.count,
                holder: self.names.text(row.holder),
                to: self.names.text(row.to),
                party: self.names.text(row.party),
                drive: row.drive,
                at: row.at,
                state,
            }
        };
        rows.into_iter().map(claim).collect()
    }

    fn claim_settled(&self, claim: &Row) -> Option<ClaimState> {
        let answers = self.answers.get(&claim.id)?;
        let rows = || answers.iter().filter_map(|index| self.rows.get(*index));
        let mut here = rows().filter(|row| row.site == claim.site);
        let given = |row: &Row| row.kind == EntryKind::Gift;
        let withdrawn = |row: &Row| {
            row.kind == EntryKind::Withdrawal && row.trouble.is_none() && row.holder == claim.holder
        };
        if here.clone().any(given) {
            return Some(ClaimState::Given);
        }
        here.any(withdrawn).then_some(ClaimState::Withdrawn)
    }
}

impl Stock {
    fn none(item: RecordId) -> Self {
        Self {
            item,
            held: 0,
            arriving: 0,
            leaving: 0,
            contributed: 0,
            given: 0,
        }
    }
}

impl Row {
    /// Whether it is a transfer that nobody has received. One that was edited cannot be received.
    pub(super) fn is_in_transit(&self) -> bool {
        self.kind == EntryKind::Transfer && self.trouble.is_none() && !self.is_settled
    }
}
