use super::define::record;
use super::{Availability, Hours, RecordId, Weekdays};
use crate::document::SiteKey;

record! {
    /// What a site does for people: a haircut on Wednesdays, legal advice, a health check.
    Service: Services = "服务", "service";
    known by [site, name];
    {
        /// The site that offers it.
        site: SiteKey = "站点", "site", required;
        /// Its name.
        name: String = "名称", "name", required;
        /// What sort of service it is, such as `legal-aid`, by which people look for it.
        category: String = "类别", "category";
        /// The days it is offered on; none stands for every day.
        days: Weekdays = "星期", "days";
        /// When on these days, where that is not the site's hours.
        hours: Option<Hours> = "时间", "hours";
        /// The post whose shifts staff it; none where it needs nobody.
        post: String = "值守岗位", "post";
        /// Where it takes place.
        venue: Option<RecordId> = "场地", "venue" -> Venues;
        /// Whether it is offered.
        state: Availability = "状态", "state";
        /// A remark.
        note: String = "备注", "note";
    }
}
