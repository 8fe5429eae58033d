use jiff::civil::DateTime;

use super::{
    COUNT_MAX, ClaimState, Holding, Ledger, SupplyError, Trouble, document, gift_id, handover_id,
    receipt_id,
};
use crate::document::SiteKey;
use crate::records::{
    Collection, Device, Edit, EntryKind, Item, LedgerEntry, RecordId, Submission, Typed,
    write_date_time,
};

/// The device that goods are handled at, and when.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// Its site, or the one whose ledger the hub writes.
    pub site: &'a SiteKey,
    /// What it holds rights as.
    pub holder: &'a str,
    /// The time on the wall.
    pub at: DateTime,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The item.
    pub item: RecordId,
    /// How many.
    pub count: i64,
    /// Who gives, or who receives.
    pub party: &'a str,
    /// Their telephone number.
    pub phone: &'a str,
    /// The event.
    pub drive: Option<RecordId>,
    /// A remark.
    pub note: &'a str,
}

impl Order<'_> {
    /// So many of an item, and nothing else said.
    #[must_use]
    pub const fn of(item: RecordId, count: i64) -> Self {
        Self {
            item,
            count,
            party: "",
            phone: "",
            drive: None,
            note: "",
        }
    }
}

pub(super) type Planned = Result<Vec<Edit>, SupplyError>;

/// Every plan takes the id of the line to write where that does not follow from the line it answers: a new one each time.
impl Ledger {
    /// Goods come in. `new` is the item where the site may not know it yet.
    ///
    /// # Errors
    /// The number, another unit than the item's, an unknown item, or a lost device.
    pub fn plan_contribution(
        &self,
        desk: &Desk<'_>,
        id: RecordId,
        order: &Order<'_>,
        new: Option<&Item>,
    ) -> Planned {
        self.check(desk, order.count)?;
        let mut edits = self.take_up_item(desk.site, order.item, new)?;
        edits.extend(line(desk, id, EntryKind::Contribution, order, |_| {}));
        Ok(edits)
    }

    /// Goods are given out, of what this device holds.
    ///
    /// # Errors
    /// [`SupplyError::Short`] where it holds too little, the number, a lost device.
    pub fn plan_gift(&self, desk: &Desk<'_>, id: RecordId, order: &Order<'_>) -> Planned {
        self.check_held(desk, order)?;
        Ok(line(desk, id, EntryKind::Gift, order, |_| {}))
    }

    /// Hands over what somebody without an account claimed, of what this device holds: the gift's id is [`handover_id`]. Nothing
    /// where it was handed over before.
    ///
    /// # Errors
    /// As for a gift; a claim that says no item.
    pub fn plan_handover(&self, desk: &Desk<'_>, submission: &Submission) -> Planned {
        let id = handover_id(submission.id);
        // A gift that counts for nothing stands in the way of another all the same: it has the same id.
        if self.row(desk.site, id).is_some() {
            return Ok(Vec::new());
        }
        let item = submission.item.ok_or(SupplyError::UnknownItem)?;
        let order = Order {
            party: &submission.name,
            phone: &submission.phone,
            ..Order::of(item, submission.count.unwrap_or(0))
        };
        self.plan_gift(desk, id, &order)
    }

    /// Hands rights to another device of the site.
    ///
    /// # Errors
    /// As for a gift; an unknown device.
    pub fn plan_grant(
        &self,
        desk: &Desk<'_>,
        id: RecordId,
        order: &Order<'_>,
        to: &str,
    ) -> Planned {
        self.check_held(desk, order)?;
        let device = self.device(desk.site, to);
        if to == desk.holder || device.is_none_or(|device| device.lost_at.is_some()) {
            return Err(SupplyError::UnknownDevice(to.to_owned()));
        }
        Ok(super::grant(desk, id, order, to))
    }

    /// Sends goods to another site: to the device there that has the most of the item.
    ///
    /// # Errors
    /// As for a gift; a site without devices.
    pub fn plan_transfer(
        &self,
        desk: &Desk<'_>,
        id: RecordId,
        order: &Order<'_>,
        to_site: &SiteKey,
    ) -> Planned {
        if to_site == desk.site {
            return Err(SupplyError::OwnSite);
        }
        self.check_held(desk, order)?;
        let to = self.keeper(to_site, order.item, None);
        let to = to.ok_or_else(|| SupplyError::NoDevice(to_site.to_string()))?;
        Ok(line(desk, id, EntryKind::Transfer, order, |line| {
            line.to = to.to_owned();
            line.to_site = Some(to_site.clone());
        }))
    }

    /// Goods that were sent to this device have arrived, all of them. What is missing is a correction.
    ///
    /// # Errors
    /// No such transfer, one for another device, or one that was received.
    pub fn plan_receipt(&self, desk: &Desk<'_>, transfer: RecordId) -> Planned {
        self.check(desk, 1)?;
        let mut sent = self.rows.iter().filter(|row| {
            row.id == transfer
                && row.kind == EntryKind::Transfer
                && row.trouble.is_none()
                && self.names.text(row.to_site) == desk.site.as_str()
        });
        let sent = sent.next().ok_or(SupplyError::UnknownTransfer)?;
        // A receipt that counts for nothing stands in the way of another all the same: it has the same id.
        if sent.is_settled || self.row(desk.site, receipt_id(transfer)).is_some() {
            return Err(SupplyError::Answered);
        }
        let sent = sent.line(&self.names);
        let device = self.device(desk.site, sent.to);
        let lost = device.is_some_and(|device| device.lost_at.is_some());
        if sent.to != desk.holder && !lost {
            return Err(SupplyError::NotYourTransfer {
                device: self.device_name(desk.site, sent.to).to_owned(),
            });
        }
        let from: SiteKey = sent
            .site
            .parse()
            .map_err(|_| SupplyError::UnknownTransfer)?;
        let mut edits = self.adopt_item(desk.site, sent.item)?;
        let order = Order {
            drive: sent.drive,
            ..Order::of(sent.item, sent.count)
        };
        let id = receipt_id(transfer);
        edits.extend(line(desk, id, EntryKind::Receipt, &order, |line| {
            line.to = sent.holder.to_owned();
            line.to_site = Some(from);
            line.about = Some(transfer);
        }));
        Ok(edits)
    }

    /// Asks the device of the site that holds the most to give goods out, for whom this device has too little.
    ///
    /// # Errors
    /// [`SupplyError::Short`] where no other device holds any, the number, a lost device.
    pub fn plan_claim(&self, desk: &Desk<'_>, id: RecordId, order: &Order<'_>) -> Planned {
        self.check(desk, order.count)?;
        self.check_item(desk.site, order.item)?;
        let holders = self.holders(desk.site, order.item);
        let mut able = holders.into_iter().filter(|(holder, rights)| {
            let device = self.device(desk.site, holder);
            *holder != desk.holder
                && *rights > 0
                && device.is_none_or(|device| device.lost_at.is_none())
        });
        let Some((to, _)) = able.next() else {
            return Err(self.short(desk, order));
        };
        Ok(line(desk, id, EntryKind::Claim, order, |line| {
            line.to = to.to_owned();
        }))
    }

    /// Takes a claim of this device back.
    ///
    /// # Errors
    /// No such claim, another device's, or one that was answered.
    pub fn plan_withdrawal(&self, desk: &Desk<'_>, id: RecordId, claim: RecordId) -> Planned {
        let claim = self.open_claim(desk, claim)?;
        if claim.holder != desk.holder {
            return Err(self.not_yours(desk, claim.holder));
        }
        let order = Order::of(claim.item, claim.count);
        Ok(line(desk, id, EntryKind::Withdrawal, &order, |line| {
            line.about = Some(claim.id);
        }))
    }

    /// Gives out what a claim on this device asks for.
    ///
    /// # Errors
    /// No such claim, one on another device, one that was answered, or [`SupplyError::Short`].
    pub fn plan_answer(&self, desk: &Desk<'_>, claim: RecordId) -> Planned {
        let claim = self.open_claim(desk, claim)?;
        if claim.to != desk.holder {
            return Err(self.not_yours(desk, claim.to));
        }
        let order = Order {
            party: claim.party,
            drive: claim.drive,
            ..Order::of(claim.item, claim.count)
        };
        self.check_held(desk, &order)?;
        let id = gift_id(claim.id);
        Ok(line(desk, id, EntryKind::Gift, &order, |line| {
            line.about = Some(claim.id);
        }))
    }

    /// The hub declares a device lost: what it holds, as far as the hub has seen, goes to another device of the site, `to` or the
    /// one with the most. What the lost one gave out unseen becomes a finding.
    ///
    /// # Errors
    /// An unknown device, or none that could take over what it holds.
    pub fn plan_loss(&self, desk: &Desk<'_>, lost: &str, to: Option<&str>) -> Planned {
        let number = self.names.find(desk.site.as_str());
        let numbers = number.zip(self.names.find(lost));
        let (site, holder) = numbers.ok_or_else(|| SupplyError::UnknownDevice(lost.to_owned()))?;
        let mut edits = Vec::new();
        let id = Device::id_of(lost);
        let name = document(desk.site);
        if self.device(desk.site, lost).is_none() {
            edits.extend(self.plan_device(desk.site, lost, ""));
        }
        let at = write_date_time(desk.at);
        edits.push(Edit::set(&name, Collection::Devices, id, "lost_at", at));
        for ((of, item, by), rights) in &self.rights {
            if (*of, *by) != (site, holder) || *rights <= 0 {
                continue;
            }
            let to = to
                .filter(|to| *to != lost)
                .or_else(|| self.keeper(desk.site, *item, Some(lost)))
                .ok_or_else(|| SupplyError::NoDevice(desk.site.to_string()))?;
            // What a lost device that was found, or was heard of late, holds after it is taken with the next.
            let returns = self.rows.iter().filter(|row| {
                row.kind == EntryKind::Return
                    && (row.site, row.item, row.holder) == (site, *item, holder)
            });
            let number = returns.count().to_string();
            let parts = ["return", lost, &item.to_string(), &number];
            let id = RecordId::natural(Collection::Ledger, &parts);
            let mut left = *rights;
            let mut part = 0_u32;
            while left > 0 {
                let count = left.min(COUNT_MAX);
                let id = match part {
                    0 => id,
                    part => {
                        let parts = ["return part", &id.to_string(), &part.to_string()];
                        RecordId::natural(Collection::Ledger, &parts)
                    }
                };
                let order = Order::of(*item, count);
                let from = Desk {
                    holder: lost,
                    ..*desk
                };
                edits.extend(line(&from, id, EntryKind::Return, &order, |line| {
                    line.to = to.to_owned();
                }));
                left -= count;
                part += 1;
            }
        }
        Ok(edits)
    }

    /// Makes a device known to its site, if it is not, so that others can send it goods.
    #[must_use]
    pub fn plan_device(&self, site: &SiteKey, holder: &str, name: &str) -> Vec<Edit> {
        if self.device(site, holder).is_some() {
            return Vec::new();
        }
        let device = Device {
            id: Device::id_of(holder),
            holder: holder.to_owned(),
            site: site.clone(),
            name: name.to_owned(),
            keeps: None,
            lost_at: None,
            removed_at: None,
        };
        device.create(&document(site))
    }

    /// The device of a site to send an item to: not lost, with the most of it, then the first by holder.
    fn keeper(&self, site: &SiteKey, item: RecordId, but: Option<&str>) -> Option<&str> {
        let devices = self.devices(site).into_iter();
        let able = devices
            .filter(|device| device.lost_at.is_none() && Some(device.holder.as_str()) != but);
        let mut best: Option<(&str, i64)> = None;
        for device in able {
            let rights = self.rights(site, item, &device.holder);
            if best.is_none_or(|(_, most)| rights > most) {
                best = Some((&device.holder, rights));
            }
        }
        best.map(|(holder, _)| holder)
    }

    pub(super) fn check(&self, desk: &Desk<'_>, count: i64) -> Result<(), SupplyError> {
        if !(1..=COUNT_MAX).contains(&count) {
            return Err(SupplyError::Count(count));
        }
        match self.device(desk.site, desk.holder) {
            Some(device) if device.lost_at.is_some() => Err(SupplyError::Lost),
            _ => Ok(()),
        }
    }

    pub(super) fn check_held(&self, desk: &Desk<'_>, order: &Order<'_>) -> Result<(), SupplyError> {
        self.check(desk, order.count)?;
        self.check_item(desk.site, order.item)?;
        if self.rights(desk.site, order.item, desk.holder) < order.count {
            return Err(self.short(desk, order));
        }
        Ok(())
    }

    fn check_item(&self, site: &SiteKey, item: RecordId) -> Result<(), SupplyError> {
        match self.item(site, item) {
            Some(_) => Ok(()),
            None => Err(SupplyError::UnknownItem),
        }
    }

    /// The edits after which a site has an item's record, `new` where nobody has one.
    pub(super) fn take_up_item(
        &self,
        site: &SiteKey,
        item: RecordId,
        new: Option<&Item>,
    ) -> Planned {
        let (Some(new), Some(known)) = (new, self.item(site, item)) else {
            return match new {
                Some(new) => Ok(new.create(&document(site))),
                None => self.adopt_item(site, item),
            };
        };
        if !new.unit.is_empty() && !known.unit.is_empty() && new.unit != known.unit {
            return Err(SupplyError::Unit {
                item: known.name.clone(),
                known: known.unit.clone(),
                given: new.unit.clone(),
            });
        }
        let mut edits = self.adopt_item(site, item)?;
        // Nobody had said it.
        if known.unit.is_empty() && !new.unit.is_empty() {
            let unit = new.unit.as_str();
            edits.push(Edit::set(
                &document(site),
                Collection::Items,
                item,
                "unit",
                unit,
            ));
        }
        Ok(edits)
    }

    /// The edits after which a site has an item's record.
    pub(super) fn adopt_item(&self, site: &SiteKey, item: RecordId) -> Planned {
        if self.knows_item(site, item) {
            return Ok(Vec::new());
        }
        let known = self.item(site, item).ok_or(SupplyError::UnknownItem)?;
        let own = Item {
            low: None,
            ..known.clone()
        };
        Ok(own.create(&document(site)))
    }

    fn open_claim(&self, desk: &Desk<'_>, id: RecordId) -> Result<super::Claim<'_>, SupplyError> {
        self.check(desk, 1)?;
        let mut claims = self.claims(desk.site).into_iter();
        let claim = claims.find(|claim| claim.id == id);
        let claim = claim.ok_or(SupplyError::UnknownClaim)?;
        match claim.state {
            ClaimState::Waiting | ClaimState::Bumped => Ok(claim),
            ClaimState::Given | ClaimState::Withdrawn => Err(SupplyError::Answered),
        }
    }

    fn not_yours(&self, desk: &Desk<'_>, holder: &str) -> SupplyError {
        SupplyError::NotYourClaim {
            device: self.device_name(desk.site, holder).to_owned(),
        }
    }

    fn short(&self, desk: &Desk<'_>, order: &Order<'_>) -> SupplyError {
        let others = self.holders(desk.site, order.item).into_iter();
        let others = others.filter(|(holder, rights)| *holder != desk.holder && *rights > 0);
        let item = self.item(desk.site, order.item);
        SupplyError::Short {
            item: item.map_or_else(String::new, |item| item.name.clone()),
            asked: order.count,
            here: self.rights(desk.site, order.item, desk.holder),
            others: others
                .map(|(holder, count)| Holding {
                    device: self.device_name(desk.site, holder).to_owned(),
                    count,
                })
                .collect(),
            arriving: self.stock(desk.site, order.item).arriving,
        }
    }

    /// Whether a line is as it was written.
    #[must_use]
    pub fn trouble(&self, site: &SiteKey, id: RecordId) -> Option<Trouble> {
        self.row(site, id)?.trouble
    }
}

/// The edits that write a line, `and` what is special about it.
pub(super) fn line(
    desk: &Desk<'_>,
    id: RecordId,
    kind: EntryKind,
    order: &Order<'_>,
    and: impl FnOnce(&mut LedgerEntry),
) -> Vec<Edit> {
    let mut line = LedgerEntry {
        id,
        item: Some(order.item),
        kind,
        count: Some(order.count),
        holder: desk.holder.to_owned(),
        to: String::new(),
        to_site: None,
        about: None,
        drive: order.drive,
        party: order.party.to_owned(),
        phone: order.phone.to_owned(),
        at: desk.at,
        note: order.note.to_owned(),
        removed_at: None,
    };
    and(&mut line);
    line.create(&document(desk.site))
}
