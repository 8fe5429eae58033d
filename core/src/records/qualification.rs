use jiff::civil::Date;

use super::define::record;
use super::{Collection, RecordId, write_date};

record! {
    /// A certificate that somebody of a site has from elsewhere, such as an electrician's licence: what their site has on file.
    Qualification: Qualifications = "资质", "qualification";
    known by [person, certificate, issued_on];
    {
        /// Whose it is.
        person: Option<RecordId> = "人员", "person", required -> Persons;
        /// What it certifies, as posts ask for it.
        certificate: String = "证书名称", "certificate name", required;
        /// The first day on which it is valid.
        issued_on: Option<Date> = "发证日期", "issued on";
        /// The last day on which it is valid.
        expires_on: Option<Date> = "有效期至", "expires on";
        /// Its number.
        number: String = "证书编号", "number";
        /// Who issued it.
        issued_by: String = "发证单位", "issued by";
        /// A remark.
        note: String = "备注", "note";
    }
}

impl Qualification {
    /// The id of what somebody is certified for since a day.
    pub fn id_of(person: RecordId, certificate: &str, issued_on: Option<Date>) -> RecordId {
        let issued_on = issued_on.map_or_else(String::new, write_date);
        let parts = [&person.to_string(), certificate, &issued_on];
        RecordId::natural(Collection::Qualifications, &parts)
    }
}
