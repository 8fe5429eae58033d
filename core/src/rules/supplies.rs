//! What the rules about goods have in common.

use super::context::Context;
use super::wording::{day, said};
use super::{Holdings, RecordRef, Repair, Text};
use crate::document::{Name, SiteKey};
use crate::ordered::BTreeMap;
use crate::records::{Collection, Device, EntryKind, RecordId, Typed};
use crate::supplies::{self, Desk, Ledger, Line};

/// More was given out than was there.
#[derive(Debug)]
pub(super) struct Debt<'a> {
    pub(super) site: SiteKey,
    pub(super) item: RecordId,
    pub(super) holder: &'a str,
    pub(super) over: i64,
    /// What tells this state of the balance from a later one: the holder, the item, and how many lines are about them.
    pub(super) mark: RecordId,
}

/// The ledgers that are held, counted.
pub(super) fn ledger(holdings: &Holdings<'_>) -> Ledger {
    let documents = holdings.documents.iter();
    Ledger::new(documents.filter_map(|(name, holding)| match name {
        Name::Supplies { site } => Some((site, holding.view)),
        _ => None,
    }))
}

pub(super) fn line_reference(site: &SiteKey, line: RecordId) -> RecordRef {
    reference(site, Collection::Ledger, line)
}

pub(super) fn item_reference(site: &SiteKey, item: RecordId) -> RecordRef {
    reference(site, Collection::Items, item)
}

pub(super) fn device_reference(site: &SiteKey, holder: &str) -> RecordRef {
    reference(site, Collection::Devices, Device::id_of(holder))
}

fn reference(site: &SiteKey, collection: Collection, record: RecordId) -> RecordRef {
    RecordRef {
        document: supplies::document(site),
        collection,
        record,
    }
}

impl Context<'_> {
    /// What people call an item.
    pub(super) fn item_name(&self, site: &SiteKey, item: RecordId) -> String {
        let item = self.ledger.item(site, item);
        item.map_or_else(|| "—".to_owned(), |item| said(&item.name))
    }

    /// What people call a device: `前台电脑（解放区快递驿站）`.
    pub(super) fn device_name(&self, site: &SiteKey, holder: &str) -> Text {
        let name = said(self.ledger.device_name(site, holder));
        let at = self.site_name(site);
        Text::of(
            format_args!("{name}（{at}）"),
            format_args!("{name} ({at})"),
        )
    }

    /// A line as messages say it: `12月3日 发放 手套 5`.
    pub(super) fn line(&self, site: &SiteKey, line: &Line<'_>) -> Text {
        let (item, count) = (self.item_name(site, line.item), line.count);
        let (date, kind) = (day(line.at.date(), self.year()), line.kind.label());
        let (to_zh, to_en) = match line.party {
            "" => (String::new(), String::new()),
            party => (format!("，{}", said(party)), format!(", {}", said(party))),
        };
        Text::of(
            format_args!("{} {} {item} {count}{to_zh}", date.zh, kind.zh),
            format_args!("{} of {item}, {count}, on {}{to_en}", kind.en, date.en),
        )
    }

    /// The repair that adds to what a holder has, as a stocktaking would. Doing it on several replicas does it once.
    pub(super) fn credit(
        &self,
        label: Text,
        site: &SiteKey,
        holder: &str,
        (item, count): (RecordId, i64),
        because: RecordId,
    ) -> Repair {
        let parts = ["credit", &because.to_string(), holder, &count.to_string()];
        let line = crate::records::LedgerEntry {
            id: RecordId::natural(Collection::Ledger, &parts),
            item: Some(item),
            kind: EntryKind::Correction,
            count: Some(count),
            holder: holder.to_owned(),
            to: String::new(),
            to_site: None,
            about: None,
            drive: None,
            party: String::new(),
            phone: String::new(),
            at: self.holdings.now,
            note: label.zh.clone(),
            removed_at: None,
        };
        Repair::new(label, line.create(&supplies::document(site)))
    }

    /// The balances below zero.
    pub(super) fn debts(&self) -> Vec<Debt<'_>> {
        let balances = self.ledger.balances();
        let below: Vec<_> = balances.filter(|(_, _, _, rights)| *rights < 0).collect();
        let mut lines: BTreeMap<(&str, &str, RecordId), usize> = below
            .iter()
            .map(|(site, item, holder, _)| ((*site, *holder, *item), 0))
            .collect();
        if !lines.is_empty() {
            for line in self.ledger.lines() {
                let other = (line.to != line.holder).then_some(line.to);
                for holder in [line.holder].into_iter().chain(other) {
                    if let Some(count) = lines.get_mut(&(line.site, holder, line.item)) {
                        *count += 1;
                    }
                }
            }
        }
        let debt = |(site, item, holder, rights): (&str, RecordId, _, i64)| {
            let lines = lines.get(&(site, holder, item)).copied();
            let lines = lines.unwrap_or(0).to_string();
            let parts = ["balance", site, holder, &item.to_string(), &lines];
            Some(Debt {
                site: site.parse().ok()?,
                item,
                holder,
                over: -rights,
                mark: RecordId::natural(Collection::Ledger, &parts),
            })
        };
        below.into_iter().filter_map(debt).collect()
    }

    /// The desk at which a repair is made for a holder.
    pub(super) fn desk<'b>(&self, site: &'b SiteKey, holder: &'b str) -> Desk<'b> {
        Desk {
            site,
            holder,
            at: self.holdings.now,
        }
    }
}
