use jiff::civil::DateTime;

use super::define::{choices, record};
use super::{Collection, RecordId};
use crate::document::SiteKey;

choices! {
    /// What a case is handed to somebody else for.
    ReferralKind else Confirmation {
        /// To confirm its agreement.
        Confirmation = "confirmation", "司法确认", "judicial confirmation";
        /// To arbitrate what could not be mediated.
        Arbitration = "arbitration", "引导仲裁", "arbitration";
        /// To judge what could not be mediated.
        Court = "court", "引导诉讼", "court";
        /// To mediate it there, or together: the other site reads the case from then on.
        Site = "site", "转交站点", "site";
    }
}

record! {
    /// A case, or its agreement, is handed to somebody else.
    Referral: Referrals = "移送", "referral";
    rows by [site, case, kind, to];
    {
        /// The site of the case.
        site: SiteKey = "站点", "site", required;
        /// The case's number.
        case: String = "案件编号", "number", required;
        /// What for.
        kind: ReferralKind = "事由", "kind", required;
        /// To which court, commission or authority.
        to: String = "移送至", "to";
        /// To which site.
        to_site: Option<SiteKey> = "转交站点", "to site";
        /// When.
        sent: DateTime = "移送时间", "sent", required;
        /// The number under which they have it.
        reference: String = "受理案号", "reference";
        /// A remark.
        note: String = "备注", "note";
    }
}

impl Referral {
    /// The id of the referral of a case to another site: there is one, whoever makes it.
    pub fn id_of_share(site: &SiteKey, case: &str, to: &SiteKey) -> RecordId {
        let kind = ReferralKind::Site.as_str();
        RecordId::natural(
            Collection::Referrals,
            &[site.as_str(), case, kind, to.as_str()],
        )
    }
}
