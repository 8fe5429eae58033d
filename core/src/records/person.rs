use super::define::{choices, record};
use super::{Collection, RecordId};
use crate::document::SiteKey;

choices! {
    /// What a person is to their site.
    Role else Staff {
        /// Employed there.
        Staff = "staff", "员工", "staff";
        /// Runs it.
        Coordinator = "coordinator", "负责人", "coordinator";
        /// Helps out.
        Volunteer = "volunteer", "志愿者", "volunteer";
    }
}

record! {
    /// Someone who works at a site.
    Person: Persons = "人员", "person";
    {
        /// Their site.
        site: SiteKey = "站点", "site", required;
        /// Their name.
        name: String = "姓名", "name", required;
        /// What they are to their site.
        role: Role = "身份", "role", required;
        /// Their telephone number.
        phone: String = "电话", "phone";
    }
}

impl Person {
    /// The id of a person that a row of a file describes: by site, name, and what tells namesakes
    /// apart (their number in the file's order, or nothing).
    pub fn id_of_row(site: &SiteKey, name: &str, distinct: &str) -> RecordId {
        RecordId::natural(Collection::Persons, &[site.as_str(), name, distinct])
    }
}
