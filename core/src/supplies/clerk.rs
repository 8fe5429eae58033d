//! What a device does with its rights by itself while it is connected: it gives out what claims ask of it, and sees to it that
//! the other devices of its site have something to give out. It never receives goods: that takes somebody who counts them.
//!
//! It decides from the ledger alone, so running it again finds nothing left to do, and of all devices of a site one only tops
//! up an item.

use super::{ClaimState, Desk, Ledger, Order};
use crate::document::SiteKey;
use crate::ordered::{self, BTreeMap};
use crate::records::{Device, Edit, RecordId};

/// What the clerk wants written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Duties {
    /// The lines.
    pub edits: Vec<Edit>,
    /// How many claims are answered.
    pub answered: usize,
    /// How many grants are made.
    pub granted: usize,
}

/// What the clerk of the device at `desk` has to do; `new_id` gives an id that was never used, each time.
///
/// Call it only while connected, with all that the relay has: what others hold is known then. Call it again after its
/// edits were made and when something new arrives.
pub fn duties(ledger: &Ledger, desk: &Desk<'_>, mut new_id: impl FnMut() -> RecordId) -> Duties {
    let mut duties = Duties::default();
    let own = ledger.device(desk.site, desk.holder);
    // A lost device has nothing to hand on, and an unknown one never had.
    if own.is_none_or(|device| device.lost_at.is_some()) {
        return duties;
    }
    let mut spent: BTreeMap<RecordId, i64> = BTreeMap::new();
    for claim in ledger.claims(desk.site) {
        if claim.to != desk.holder || claim.state != ClaimState::Waiting {
            continue;
        }
        if let Ok(edits) = ledger.plan_answer(desk, claim.id) {
            *spent.entry(claim.item).or_default() += claim.count;
            duties.edits.extend(edits);
            duties.answered += 1;
        }
    }
    for stock in ledger.stocks(desk.site) {
        let spent = spent.get(&stock.item).copied().unwrap_or(0);
        for (to, count) in grants(ledger, desk, stock.item, spent) {
            let order = Order::of(stock.item, count);
            let grant = super::grant(desk, new_id(), &order, to);
            duties.edits.extend(grant);
            duties.granted += 1;
        }
    }
    duties
}

struct Shelf<'a> {
    device: &'a Device,
    rights: i64,
}

impl Shelf<'_> {
    fn keeps(&self) -> i64 {
        self.device.keeps.unwrap_or(0)
    }
}

/// Whom to grant how much of an item.
fn grants<'a>(
    ledger: &'a Ledger,
    desk: &Desk<'_>,
    item: RecordId,
    spent: i64,
) -> Vec<(&'a str, i64)> {
    let shelves = shelves(ledger, desk.site, item);
    // Everybody agrees who it is: the first of those with the most.
    let mut able: Vec<_> = shelves
        .iter()
        .filter(|shelf| shelf.rights > shelf.keeps())
        .collect();
    ordered::sort_by_key(&mut able, |shelf| {
        (-shelf.rights, shelf.device.holder.as_str())
    });
    let Some(granter) = able
        .first()
        .filter(|shelf| shelf.device.holder == desk.holder)
    else {
        return Vec::new();
    };
    let spare = granter.rights - granter.keeps() - spent;
    let needy: Vec<_> = shelves
        .iter()
        .filter(|shelf| shelf.rights < shelf.keeps() && shelf.device.holder != desk.holder)
        .collect();
    let lacks = needy
        .iter()
        .map(|shelf| shelf.keeps() - shelf.rights.max(0));
    let shares = share(spare, &lacks.collect::<Vec<_>>());
    let shares = needy.iter().zip(shares).filter(|(_, count)| *count > 0);
    shares
        .map(|(shelf, count)| (shelf.device.holder.as_str(), count))
        .collect()
}

fn shelves<'a>(ledger: &'a Ledger, site: &SiteKey, item: RecordId) -> Vec<Shelf<'a>> {
    let devices = ledger.devices(site).into_iter();
    devices
        .filter(|device| device.lost_at.is_none())
        .map(|device| Shelf {
            device,
            rights: ledger.rights(site, item, &device.holder),
        })
        .collect()
}

/// Shares out what there is among those who lack something: nobody gets more than they lack, and of two who both go short
/// neither gets more than one piece more than the other.
fn share(spare: i64, lacks: &[i64]) -> Vec<i64> {
    let mut spare = spare.max(0);
    let mut shares = vec![0; lacks.len()];
    let mut order: Vec<usize> = (0..lacks.len()).collect();
    ordered::sort_by_key(&mut order, |index| {
        (lacks.get(*index).copied().unwrap_or(0), *index)
    });
    let mut left = i64::try_from(order.len()).unwrap_or(i64::MAX);
    for index in order {
        let lack = lacks.get(index).copied().unwrap_or(0);
        // Rounded up: the first of those who go short get the odd pieces.
        let fair = spare.saturating_add(left - 1) / left;
        let count = lack.min(fair).min(spare);
        if let Some(share) = shares.get_mut(index) {
            *share = count;
        }
        spare -= count;
        left -= 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn goods_are_shared_fairly() {
        for (spare, lacks, shares) in [
            (10, &[3, 4][..], &[3, 4][..]),
            (5, &[3, 4], &[3, 2]),
            (5, &[9, 1, 9], &[2, 1, 2]),
            (1, &[2, 2], &[1, 0]),
            (0, &[2], &[0]),
            (-3, &[2], &[0]),
            (7, &[], &[]),
        ] {
            assert_eq!(share(spare, lacks), shares, "{spare} among {lacks:?}");
        }
    }
}
