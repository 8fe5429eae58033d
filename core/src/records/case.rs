use jiff::civil::{Date, DateTime};

use super::define::{choices, record};
use super::{Collection, RecordId};
use crate::document::SiteKey;

choices! {
    /// How a dispute is mediated.
    Mode else Clinic {
        /// Whoever comes is heard by one mediator, as at a clinic.
        Clinic = "clinic", "门诊式", "clinic";
        /// Several specialists look at it together.
        Consultation = "consultation", "会诊式", "consultation";
        /// At once, at any hour: many people, or danger.
        Emergency = "emergency", "急诊式", "emergency";
    }
}

choices! {
    /// How a dispute came in.
    Origin else WalkIn {
        /// Somebody came.
        WalkIn = "walk-in", "来访", "walk-in";
        /// Somebody rang.
        Hotline = "hotline", "热线", "hotline";
        /// A court asked for mediation before or during a suit.
        Court = "court", "法院委派", "court";
        /// An arbitration commission did.
        Arbitration = "arbitration", "仲裁委托", "arbitration";
        /// Another authority, a union or a site passed it on.
        Passed = "passed", "部门转交", "passed on";
    }
}

choices! {
    /// What a dispute is about.
    Dispute else Other {
        /// Wages that were not paid.
        Wages = "wages", "欠薪", "wage arrears";
        /// An injury at work.
        Injury = "injury", "工伤", "work injury";
        /// Whether there is a contract, and what it says.
        Contract = "contract", "劳动合同", "contract";
        /// A dismissal, and what is owed for it.
        Dismissal = "dismissal", "解除与补偿", "dismissal";
        /// Social insurance.
        Insurance = "insurance", "社会保险", "social insurance";
        /// Working hours, rest and leave.
        Hours = "hours", "工时休假", "working hours";
        /// Something else.
        Other = "other", "其他", "other";
    }
}

record! {
    /// A dispute that a site mediates, in a document of its own. How far it has come is told by its [`Step`](super::Step)s: see
    /// [`crate::mediation`].
    Case: Case = "案件", "case";
    known by [site, case];
    {
        /// The site that registered it.
        site: SiteKey = "站点", "site", required;
        /// Its code, the end of its document's name: 1 to 64 letters of ASCII, digits and hyphens.
        case: String = "案件编号", "number", required;
        /// How it is mediated.
        mode: Mode = "方式", "mode", required;
        /// How it came in.
        origin: Origin = "来源", "origin", required;
        /// What it is about.
        claim: Dispute = "争议类型", "claim", required;
        /// How much is claimed, in yuan.
        amount: Option<f64> = "金额", "amount" in 0 to 2_000_000_000;
        /// How many people it is about.
        people: Option<i64> = "人数", "people" in 1 to 100_000;
        /// When it came in.
        received: DateTime = "登记时间", "received", required;
        /// The number under which a court or a commission has it.
        reference: String = "来文号", "reference";
        /// What happened.
        facts: String = "案情", "facts";
        /// Until when the parties let it take, where they agreed on more time.
        extended_to: Option<Date> = "延期至", "extended to";
        /// A remark.
        note: String = "备注", "note";
    }
}

impl Case {
    /// The id of a site's case.
    pub fn id_of(site: &SiteKey, case: &str) -> RecordId {
        RecordId::natural(Collection::Case, &[site.as_str(), case])
    }
}
