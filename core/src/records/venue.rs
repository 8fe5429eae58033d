use super::define::record;
use super::{Availability, Collection, Hours, RecordId};
use crate::document::SiteKey;
use crate::ordered::BTreeSet;

record! {
    /// A room or a place of a site that can be booked.
    Venue: Venues = "场地", "venue";
    known by [site, name];
    {
        /// The site it belongs to.
        site: SiteKey = "站点", "site", required;
        /// Its name.
        name: String = "名称", "name", required;
        /// How many people fit in.
        capacity: Option<i64> = "容量", "capacity" in 1 to 100_000;
        /// When it can be used, where that is not the site's hours.
        hours: Option<Hours> = "开放时间", "hours";
        /// What it offers, such as `projector`.
        amenities: BTreeSet<String> = "设施", "amenities";
        /// Whether it can be used.
        state: Availability = "状态", "state";
        /// A remark.
        note: String = "备注", "note";
    }
}

impl Venue {
    /// The id of the venue of a name at a site.
    pub fn id_of(site: &SiteKey, name: &str) -> RecordId {
        RecordId::natural(Collection::Venues, &[site.as_str(), name])
    }
}
