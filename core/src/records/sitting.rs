use jiff::civil::DateTime;

use super::RecordId;
use super::define::record;
use crate::document::SiteKey;

record! {
    /// The parties of a case meet with its mediators.
    Sitting: Sittings = "调解会", "sitting";
    rows by [site, case, start];
    lasts [start, end];
    {
        /// The site of the case.
        site: SiteKey = "站点", "site", required;
        /// The case's number.
        case: String = "案件编号", "number", required;
        /// When it starts.
        start: DateTime = "开始", "start", required;
        /// When it ends.
        end: DateTime = "结束", "end", required;
        /// The venue it is in.
        venue: Option<RecordId> = "场地", "venue" -> Venues;
        /// Where else it is, such as at the employer's.
        place: String = "地点", "place";
        /// What came of it.
        minutes: String = "记录", "minutes";
    }
}
