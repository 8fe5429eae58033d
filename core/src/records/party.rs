use super::define::{choices, record};
use super::{Collection, RecordId};
use crate::document::SiteKey;

choices! {
    /// The side of a party to a dispute.
    Side else Applicant {
        /// Whoever asks for mediation.
        Applicant = "applicant", "申请人", "applicant";
        /// Whom they have the dispute with.
        Respondent = "respondent", "被申请人", "respondent";
        /// Somebody else whom it concerns.
        Third = "third", "第三人", "third party";
    }
}

record! {
    /// Somebody whose dispute a case is.
    Party: Parties = "当事人", "party";
    known by [site, case, name];
    {
        /// The site of the case.
        site: SiteKey = "站点", "site", required;
        /// The case's number.
        case: String = "案件编号", "number", required;
        /// A person's name, or an employer's.
        name: String = "姓名或名称", "name", required;
        /// Their side.
        side: Side = "身份", "side", required;
        /// Their telephone number.
        phone: String = "电话", "phone";
        /// How many people they stand for, where they stand for several.
        people: Option<i64> = "代表人数", "people" in 1 to 100_000;
        /// Who speaks for them.
        agent: String = "代理人", "agent";
        /// A remark.
        note: String = "备注", "note";
    }
}

impl Party {
    /// A party to a site's case, of whom nothing else is known.
    pub fn new(site: &SiteKey, case: &str, name: &str, side: Side) -> Self {
        Self {
            id: Self::id_of(site, case, name),
            site: site.clone(),
            case: case.to_owned(),
            name: name.to_owned(),
            side,
            phone: String::new(),
            people: None,
            agent: String::new(),
            note: String::new(),
            removed_at: None,
        }
    }

    /// The id of a party to a site's case.
    pub fn id_of(site: &SiteKey, case: &str, name: &str) -> RecordId {
        RecordId::natural(Collection::Parties, &[site.as_str(), case, name])
    }
}
