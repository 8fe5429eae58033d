//! `supplies/<site>`: what a site has to give out, who may, and where it went.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::DateTime;
use yilian_core::document::{Author, Month, Name, SiteKey};
use yilian_core::records::{
    Collection, Device, Edit, EntryKind, Item, LedgerEntry, RecordId, Typed as _,
};

use super::desk::{Desk, drawn};
use super::dice::Dice;
use super::directory::drive;
use super::place::Place;
use super::words::ITEMS;
use super::{County, Document, Mess};

/// The stock below which a site wants more.
const LOW: i64 = 6;

/// Goods that one site sends the next.
struct Transfer {
    id: RecordId,
    item: usize,
    count: i64,
    sent: DateTime,
    received: bool,
}

/// What a site sends in a month, if anything: told to sender and receiver alike.
fn transfer(county: &County, from: &Place, month: Month) -> Option<Transfer> {
    let mut dice = Dice::of(county.seed, &format!("transfer {} {month}", from.key));
    let sends = dice.percent(40);
    let sent = month
        .first_day()
        .at(15, 0, 0, 0)
        .checked_add(9.days())
        .unwrap();
    let transfer = Transfer {
        id: drawn(sent, &mut dice),
        item: dice.below(ITEMS.len()),
        count: dice.between(3, 8),
        sent,
        received: !dice.percent(30),
    };
    sends.then_some(transfer)
}

/// A device of a site: what it holds rights as.
fn holder(county: &County, place: &Place, number: usize) -> String {
    let mut dice = Dice::of(county.seed, &format!("device {} {number}", place.key));
    format!(
        "{}.00000001",
        RecordId::new(1_735_689_600_000, dice.bytes())
    )
}

/// A site's ledger.
struct Ledger<'a> {
    county: &'a County,
    place: &'a Place,
    name: Name,
    dice: Dice,
    holders: [String; 2],
    /// What each device may give out of each item: nobody spends what they do not have.
    rights: BTreeMap<(usize, usize), i64>,
}

pub(super) fn document(county: &County, place: &Place) -> Document {
    let name = Name::Supplies {
        site: place.key.clone(),
    };
    let roll = place.roll(county);
    let [desktop, tablet] = [0, 1].map(|member| place.author(&roll, member));
    let mut ledger = Ledger {
        county,
        place,
        dice: Dice::of(county.seed, &name.to_string()),
        holders: [0, 1].map(|number| holder(county, place, number)),
        rights: BTreeMap::new(),
        name,
    };
    let mut desk = Desk::begin(county, &ledger.name, &desktop);
    let begun = county.first().first_day().at(9, 0, 0, 0);
    desk.write(&ledger.set_up(), "", begun);
    for month in county.months() {
        let edits = ledger.comes_in(month, &mut desk);
        desk.write(&edits, "", month.first_day().at(10, 0, 0, 0));
        let edits = ledger.sent(month);
        desk.write(&edits, "", month.first_day().at(15, 0, 0, 0));
        // Both give out, and neither has a network.
        let mut branch = desk.branch(&tablet);
        for (device, desk) in [&mut desk, &mut branch].into_iter().enumerate() {
            let edits = ledger.given(month, device);
            desk.write(&edits, "", month.first_day().at(18, 0, 0, 0));
        }
        desk.merge(branch);
    }
    ledger.overdrawn(&mut desk, &tablet);
    for _ in 0..ledger.running_low() {
        desk.wrong(Mess::LowStock);
    }
    desk.finish()
}

impl Ledger<'_> {
    fn set_up(&self) -> Vec<Edit> {
        let items = ITEMS.iter().map(|(name, unit, category)| Item {
            id: Item::id_of(name),
            name: (*name).to_owned(),
            unit: (*unit).to_owned(),
            category: (*category).to_owned(),
            at_once: Some(2),
            low: Some(LOW),
            note: String::new(),
            removed_at: None,
        });
        let devices = self
            .holders
            .iter()
            .zip(["值班电脑", "平板"])
            .map(|(holder, name)| Device {
                id: Device::id_of(holder),
                holder: holder.clone(),
                site: self.place.key.clone(),
                name: name.to_owned(),
                keeps: Some(20),
                lost_at: None,
                removed_at: None,
            });
        let mut edits: Vec<Edit> = items.flat_map(|item| item.create(&self.name)).collect();
        edits.extend(devices.flat_map(|device| device.create(&self.name)));
        edits
    }

    fn line(
        &mut self,
        kind: EntryKind,
        device: usize,
        item: usize,
        count: i64,
        at: DateTime,
    ) -> LedgerEntry {
        LedgerEntry {
            id: drawn(at, &mut self.dice),
            item: Some(Item::id_of(ITEMS[item].0)),
            kind,
            count: Some(count),
            holder: self.holders[device].clone(),
            to: String::new(),
            to_site: None,
            about: None,
            drive: None,
            party: String::new(),
            phone: String::new(),
            at,
            note: String::new(),
            removed_at: None,
        }
    }

    fn move_rights(&mut self, device: usize, item: usize, count: i64) {
        *self.rights.entry((device, item)).or_default() += count;
    }

    /// Goods are given to the site, some for an event, and the tablet gets its share.
    fn comes_in(&mut self, month: Month, desk: &mut Desk) -> Vec<Edit> {
        let at = month.first_day().at(10, 0, 0, 0);
        let mut edits = Vec::new();
        let wanted = transfer(self.county, self.place, month).map(|transfer| transfer.item);
        let second = self.dice.below(ITEMS.len());
        for item in [wanted.unwrap_or(0), second] {
            let count = self.dice.between(30, 60);
            let mut line = self.line(EntryKind::Contribution, 0, item, count, at);
            line.party = "县总工会".to_owned();
            if month.month() >= 11 {
                line.drive = Some(drive(self.county, month.year()).id);
            }
            edits.extend(line.create(&self.name));
            self.move_rights(0, item, count);
        }
        let mut grant = self.line(EntryKind::Grant, 0, second, 12, at);
        grant.to = self.holders[1].clone();
        edits.extend(grant.create(&self.name));
        self.move_rights(0, second, -12);
        self.move_rights(1, second, 12);
        edits.extend(self.received(month, desk));
        edits
    }

    /// What the site before sent last month has come, or not.
    fn received(&mut self, month: Month, desk: &mut Desk) -> Vec<Edit> {
        let places = &self.county.places;
        let before = &places[(self.place.index + places.len() - 1) % places.len()];
        let sent = month.prev().filter(|month| *month >= self.county.first());
        let Some(transfer) = sent.and_then(|month| transfer(self.county, before, month)) else {
            return Vec::new();
        };
        if !transfer.received {
            desk.wrong(Mess::TransferLost);
            return Vec::new();
        }
        let at = month.first_day().at(11, 0, 0, 0);
        let mut line = self.line(EntryKind::Receipt, 0, transfer.item, transfer.count, at);
        let id = transfer.id.to_string();
        line.id = RecordId::natural(Collection::Ledger, &["receipt", &id]);
        line.about = Some(transfer.id);
        line.to = holder(self.county, before, 0);
        line.to_site = Some(before.key.clone());
        self.move_rights(0, transfer.item, transfer.count);
        line.create(&self.name)
    }

    /// What goes to the next site.
    fn sent(&mut self, month: Month) -> Vec<Edit> {
        let Some(transfer) = transfer(self.county, self.place, month) else {
            return Vec::new();
        };
        let places = &self.county.places;
        let next = &places[(self.place.index + 1) % places.len()];
        let mut line = self.line(
            EntryKind::Transfer,
            0,
            transfer.item,
            transfer.count,
            transfer.sent,
        );
        line.id = transfer.id;
        line.to = holder(self.county, next, 0);
        line.to_site = Some::<SiteKey>(next.key.clone());
        self.move_rights(0, transfer.item, -transfer.count);
        line.create(&self.name)
    }

    fn given(&mut self, month: Month, device: usize) -> Vec<Edit> {
        let mut edits = Vec::new();
        for number in 0..5 {
            let item = self.dice.below(ITEMS.len());
            let count = self.dice.between(1, 2);
            if self.rights.get(&(device, item)).copied().unwrap_or(0) < count {
                continue;
            }
            let day = month
                .first_day()
                .checked_add((12 + 3 * number).days())
                .unwrap();
            let mut line = self.line(EntryKind::Gift, device, item, count, day.at(18, 0, 0, 0));
            line.party = format!("环卫工{}", self.dice.between(1, 900));
            edits.extend(line.create(&self.name));
            self.move_rights(device, item, -count);
        }
        edits
    }

    /// A tablet whose store was put back from a copy gives out what it has given out already.
    fn overdrawn(&mut self, desk: &mut Desk, tablet: &Author) {
        if !self.dice.percent(12) {
            return;
        }
        let item = self.dice.below(ITEMS.len());
        let at = self.county.now();
        let count = self.rights.get(&(1, item)).copied().unwrap_or(0) + 2;
        let line = self.line(EntryKind::Gift, 1, item, count, at);
        self.move_rights(1, item, -count);
        desk.sign(tablet);
        desk.write(&line.create(&self.name), "", at);
        desk.wrong(Mess::Overdrawn);
    }

    /// How many items there are too few of, what is under way included.
    fn running_low(&self) -> usize {
        let places = &self.county.places;
        let before = &places[(self.place.index + places.len() - 1) % places.len()];
        let mut there = [0; ITEMS.len()];
        for ((_, item), count) in &self.rights {
            there[*item] += count;
        }
        for month in self.county.months() {
            if let Some(transfer) = transfer(self.county, before, month)
                && (!transfer.received || month == self.county.last())
            {
                there[transfer.item] += transfer.count;
            }
        }
        there.iter().filter(|count| **count < LOW).count()
    }
}
