use jiff::civil::Date;

use super::define::record;
use crate::document::SiteKey;

record! {
    /// What the parties of a case agreed on.
    Agreement: Agreements = "调解协议", "agreement";
    rows by [site, case, signed];
    {
        /// The site of the case.
        site: SiteKey = "站点", "site", required;
        /// The case's number.
        case: String = "案件编号", "number", required;
        /// The day on which they signed.
        signed: Option<Date> = "签订日期", "signed", required;
        /// How much is to be paid, in yuan.
        amount: Option<f64> = "协议金额", "amount" in 0 to 2_000_000_000;
        /// What they agreed on.
        terms: String = "协议内容", "terms";
        /// Whether they ask a court or a tribunal to confirm it.
        confirm: bool = "申请司法确认", "to be confirmed";
        /// The day by which it is to be performed.
        due: Option<Date> = "履行期限", "due";
        /// The day on which it was.
        performed: Option<Date> = "履行日期", "performed";
        /// A remark.
        note: String = "备注", "note";
    }
}
