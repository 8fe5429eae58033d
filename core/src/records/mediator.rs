use super::define::record;
use super::{Collection, RecordId};
use crate::document::SiteKey;

record! {
    /// Somebody who mediates a case. Whoever is taken off it is removed.
    Mediator: Mediators = "调解员", "mediator";
    known by [site, case, name];
    {
        /// The site of the case.
        site: SiteKey = "站点", "site", required;
        /// The case's number.
        case: String = "案件编号", "number", required;
        /// Their name, as rosters write it.
        name: String = "姓名", "name", required;
        /// Their post, such as judge or arbitrator.
        post: String = "岗位", "post";
        /// The site on whose roster they are.
        of: Option<SiteKey> = "所属站点", "of";
        /// The person, where known.
        person: Option<RecordId> = "人员", "person" -> Persons;
        /// A remark.
        note: String = "备注", "note";
    }
}

impl Mediator {
    /// The id of a mediator of a site's case.
    pub fn id_of(site: &SiteKey, case: &str, name: &str) -> RecordId {
        RecordId::natural(Collection::Mediators, &[site.as_str(), case, name])
    }
}
