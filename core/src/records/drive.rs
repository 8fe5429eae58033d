use jiff::civil::Date;

use super::define::record;
use crate::document::SiteKey;

record! {
    /// An event that contributions are gathered for, such as 爱心互献: ten stations put in, and what each gave can be told.
    Drive: Drives = "活动", "drive";
    known by [name];
    {
        /// Its name.
        name: String = "名称", "name", required;
        /// The site that runs it.
        site: Option<SiteKey> = "主办站点", "site";
        /// The first day.
        from: Option<Date> = "开始日期", "from";
        /// The last day.
        until: Option<Date> = "结束日期", "until";
        /// What it is about.
        note: String = "说明", "note";
    }
}
