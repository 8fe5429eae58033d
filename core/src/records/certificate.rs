use jiff::civil::Date;

use super::define::record;
use super::{Collection, RecordId};
use crate::document::SiteKey;
use crate::import::phone_key;

record! {
    /// A certificate that a site's night school issued to somebody who took a course of it. One that somebody brought along is a
    /// [`Qualification`](super::Qualification); what is valid on a day follows from both: see [`crate::school::Credentials`].
    Certificate: Certificates = "证书", "certificate";
    known by [course, name, phone];
    {
        /// The course.
        course: Option<RecordId> = "课程", "course", required -> Courses;
        /// Who has it.
        name: String = "姓名", "name", required;
        /// Their telephone number.
        phone: String = "电话", "phone";
        /// The site they work at, where that is another than the school's.
        home: Option<SiteKey> = "所属站点", "home";
        /// Which of the people of a site they are, where that is known.
        person: Option<RecordId> = "人员", "person" -> Persons;
        /// What it certifies, as posts ask for it.
        certificate: String = "证书名称", "certificate name", required;
        /// Its number on paper; its id stands for one where it has none.
        number: String = "证书编号", "number";
        /// The first day on which it is valid.
        issued_on: Option<Date> = "发证日期", "issued on", required;
        /// The last day on which it is valid.
        expires_on: Option<Date> = "有效期至", "expires on";
        /// Who issued it.
        issued_by: String = "发证人", "issued by";
        /// The first day on which it is valid no more although it has not expired.
        revoked_on: Option<Date> = "吊销日期", "revoked on";
        /// A remark, such as why it was revoked.
        note: String = "备注", "note";
    }
}

impl Certificate {
    /// The id of the certificate of somebody who took a course.
    pub fn id_of(course: RecordId, name: &str, phone: &str) -> RecordId {
        let parts = [&course.to_string(), name, &phone_key(phone)];
        RecordId::natural(Collection::Certificates, &parts)
    }

    /// The number that is printed on it: its own, or the first digits of its id.
    pub fn shown_number(&self) -> String {
        match self.number.trim() {
            "" => self.id.to_string().chars().take(8).collect(),
            number => number.to_owned(),
        }
    }
}
