use jiff::civil::Date;

use super::Typed as _;
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

impl Drive {
    /// An event of which nothing but the name is known. Its id follows from that, so whoever names it first may be offline.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self {
            id: Self::KIND.natural_id(&[name]),
            name: name.to_owned(),
            site: None,
            from: None,
            until: None,
            note: String::new(),
            removed_at: None,
        }
    }
}
