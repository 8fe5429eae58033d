use jiff::civil::Date;

use super::define::{choices, record};
use super::{Collection, RecordId};
use crate::document::SiteKey;

choices! {
    /// How far up a contest is.
    Tier else Site {
        /// Among the people of a site.
        Site = "site", "站点初赛", "site";
        /// Among the sites of a district.
        District = "district", "片区复赛", "district";
        /// Among all.
        County = "county", "县级决赛", "county";
    }
}

choices! {
    /// Which score is the best.
    Best else Highest {
        /// The highest: points.
        Highest = "highest", "高者为先", "highest";
        /// The lowest: seconds, mistakes.
        Lowest = "lowest", "低者为先", "lowest";
    }
}

record! {
    /// A contest of skill; the best go on to another, up to the county's. See [`crate::school::ranking`].
    Contest: Contests = "竞赛", "contest";
    known by [site, name];
    {
        /// The site that holds it.
        site: SiteKey = "站点", "site", required;
        /// Its name.
        name: String = "名称", "name", required;
        /// How far up it is.
        tier: Tier = "级别", "tier";
        /// On which day.
        on: Option<Date> = "日期", "on";
        /// Which score is the best.
        best: Best = "名次", "best";
        /// How many go on; with those who are level with the last of them.
        advance: Option<i64> = "晋级人数", "advance" in 1 to 100_000;
        /// The name of the contest that they go on to.
        leads_to: String = "晋级到", "leads to";
        /// The site that holds that contest, where it is another.
        leads_to_site: Option<SiteKey> = "晋级到站点", "leads to site";
        /// What it is about.
        note: String = "说明", "note";
    }
}

impl Contest {
    /// The id of the contest of a name at a site.
    pub fn id_of(site: &SiteKey, name: &str) -> RecordId {
        RecordId::natural(Collection::Contests, &[site.as_str(), name])
    }

    /// Whose and which contest the best go on to, if they do.
    pub fn next(&self) -> Option<(&SiteKey, RecordId)> {
        let site = self.leads_to_site.as_ref().unwrap_or(&self.site);
        (!self.leads_to.is_empty()).then(|| (site, Self::id_of(site, &self.leads_to)))
    }
}
