use jiff::civil::DateTime;

use super::define::record;
use super::{Collection, RecordId};
use crate::document::SiteKey;

record! {
    /// A device that can hold rights to give out goods: see [`crate::supplies`].
    Device: Devices = "设备", "device";
    known by [holder];
    {
        /// What it holds rights as: its id and its incarnation, `<device>.<incarnation>`.
        holder: String = "持有者", "holder", required;
        /// Its site.
        site: SiteKey = "站点", "site", required;
        /// What people call it.
        name: String = "名称", "name";
        /// How many rights of each item it wants to have at hand.
        keeps: Option<i64> = "常备数", "keeps" in 0 to 1_000_000;
        /// When the hub declared it lost: what it holds is no longer its own.
        lost_at: Option<DateTime> = "报失时间", "lost at";
    }
}

impl Device {
    /// The id of the record of a holder.
    pub fn id_of(holder: &str) -> RecordId {
        RecordId::natural(Collection::Devices, &[holder])
    }
}
