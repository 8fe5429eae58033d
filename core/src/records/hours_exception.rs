use jiff::civil::Date;

use super::Hours;
use super::define::record;
use crate::document::SiteKey;

record! {
    /// Days on which a site keeps other hours than usual: a holiday, closed today.
    HoursException: Exceptions = "例外时间", "hours exception";
    known by [site, from];
    {
        /// The site.
        site: SiteKey = "站点", "site", required;
        /// The first day.
        from: Option<Date> = "开始日期", "from", required;
        /// The last day, where that is another.
        until: Option<Date> = "结束日期", "until";
        /// When it is open on these days; closed where that is not said.
        hours: Option<Hours> = "开放时间", "hours";
        /// Why.
        reason: String = "原因", "reason";
    }
}

impl HoursException {
    /// Whether it holds on `date`.
    pub fn covers(&self, date: Date) -> bool {
        self.from
            .is_some_and(|from| (from..=self.until.unwrap_or(from)).contains(&date))
    }
}
