use super::define::{choices, record};
use super::{Collection, Hours, RecordId};
use crate::document::SiteKey;
use crate::ordered::BTreeSet;

choices! {
    /// How large a site is.
    Level else Point {
        /// A shared home.
        Home = "home", "家", "home";
        /// A station under a home.
        Station = "station", "站", "station";
        /// A point under a station.
        Point = "point", "点", "point";
    }
}

choices! {
    /// Whether a site, a venue or a service is there to be used.
    Availability else Open {
        /// It is, within its hours.
        Open = "open", "开放", "open";
        /// Not for a while: building works, a stocktaking.
        Paused = "paused", "暂停", "paused";
        /// Not any more.
        Closed = "closed", "关闭", "closed";
    }
}

record! {
    /// A home, a station or a point of the network.
    Site: Sites = "站点", "site";
    known by [key];
    {
        /// Its key.
        key: SiteKey = "代码", "key", required;
        /// Its name.
        name: String = "名称", "name", required;
        /// How large it is.
        level: Level = "级别", "level", required;
        /// The site it belongs to.
        parent: Option<SiteKey> = "上级", "parent";
        /// Where it is.
        address: String = "地址", "address";
        /// When it is open, where stated.
        hours: Option<Hours> = "开放时间", "hours";
        /// What it offers, such as `charging` or `hot-meals`.
        amenities: BTreeSet<String> = "设施", "amenities";
        /// Its telephone number.
        phone: String = "电话", "phone";
        /// Degrees north.
        lat: Option<f64> = "纬度", "latitude" in -90 to 90;
        /// Degrees east.
        lng: Option<f64> = "经度", "longitude" in -180 to 180;
        /// Whether it can be used.
        state: Availability = "状态", "state";
        /// What its visitors should know now.
        notice: String = "公告", "notice";
    }
}

impl Site {
    /// The id of the site of a key.
    pub fn id_of(key: &SiteKey) -> RecordId {
        RecordId::natural(Collection::Sites, &[key.as_str()])
    }
}
