use jiff::civil::DateTime;

use super::plan::{Planned, line};
use super::{COUNT_MAX, Desk, Ledger, Order, SupplyError};
use crate::records::{EntryKind, Item, RecordId};

impl Ledger {
    /// A stocktaking: this device holds `order.count` more, or fewer, than thought.
    ///
    /// # Errors
    /// [`SupplyError::Short`] where it would hold less than nothing, the number, a lost device.
    pub fn plan_correction(&self, desk: &Desk<'_>, id: RecordId, order: &Order<'_>) -> Planned {
        if order.count == 0 {
            return Err(SupplyError::Count(0));
        }
        self.check(desk, order.count.saturating_abs())?;
        let mut edits = self.adopt_item(desk.site, order.item)?;
        let taken = Order {
            count: order.count.saturating_neg(),
            ..*order
        };
        if taken.count > 0 {
            self.check_held(desk, &taken)?;
        }
        edits.extend(line(desk, id, EntryKind::Correction, order, |_| {}));
        Ok(edits)
    }

    /// A stocktaking of the whole site: at `until` there were `order.count` on its shelves, whoever may give them out. What there
    /// are more or fewer than the ledger says is this device's to give out, or no longer. `new` is as for a contribution. The line
    /// is written even where nothing differs: that it was counted is worth knowing.
    ///
    /// # Errors
    /// [`SupplyError::Short`] where more is missing than this device holds, and as for a contribution.
    pub fn plan_count(
        &self,
        desk: &Desk<'_>,
        id: RecordId,
        order: &Order<'_>,
        until: DateTime,
        new: Option<&Item>,
    ) -> Planned {
        if !(0..=COUNT_MAX).contains(&order.count) {
            return Err(SupplyError::Count(order.count));
        }
        let mut edits = self.take_up_item(desk.site, order.item, new)?;
        let thought = self.held_at(desk.site, order.item, until);
        let found = Order {
            count: order.count.saturating_sub(thought),
            ..*order
        };
        self.check(desk, found.count.saturating_abs().max(1))?;
        if found.count < 0 {
            let missing = found.count.saturating_neg();
            self.check_held(
                desk,
                &Order {
                    count: missing,
                    ..found
                },
            )?;
        }
        edits.extend(line(desk, id, EntryKind::Correction, &found, |_| {}));
        Ok(edits)
    }
}
