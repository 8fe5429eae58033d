use jiff::civil::DateTime;

use super::define::{choices, record};
use super::{Collection, RecordId, write_date_time};
use crate::document::SiteKey;

choices! {
    /// How far a shift has come.
    ShiftState else Planned {
        /// It is on the roster.
        Planned = "planned", "计划", "planned";
        /// The person said yes.
        Confirmed = "confirmed", "已确认", "confirmed";
        /// Someone else took it.
        Swapped = "swapped", "已调班", "swapped";
        /// The person did not come.
        Absent = "absent", "缺勤", "absent";
    }
}

record! {
    /// One person on one post from a start to an end.
    Shift: Shifts = "班次", "shift";
    rows by [site, start, post, name];
    lasts [start, end];
    {
        /// The site it is at.
        site: SiteKey = "站点", "site", required;
        /// The person's name as written, so that showing who is on duty needs nothing else.
        name: String = "姓名", "name", required;
        /// The person, where known.
        person: Option<RecordId> = "人员", "person" -> Persons;
        /// The site that lent the person, if another did.
        lent_by: Option<SiteKey> = "借调自", "lent by";
        /// The post.
        post: String = "岗位", "post", required;
        /// When it starts; see [`Shift::period`].
        start: DateTime = "开始", "start", required;
        /// When it ends, perhaps the next day.
        end: DateTime = "结束", "end", required;
        /// How far it has come.
        state: ShiftState = "状态", "state", required;
        /// A remark.
        note: String = "备注", "note";
    }
}

impl Shift {
    /// From when to when, if both could be read.
    pub fn period(&self) -> Option<(DateTime, DateTime)> {
        let readable = self.start != DateTime::ZERO && self.end != DateTime::ZERO;
        readable.then_some((self.start, self.end))
    }

    /// The id of a shift that a row of a site's roster describes: by date and time of its start,
    /// post, and the person's name as written.
    ///
    /// Importing the same row anywhere gives the same shift, whatever else the row says.
    pub fn id_of_row(site: &SiteKey, start: DateTime, post: &str, name: &str) -> RecordId {
        let start = write_date_time(start);
        RecordId::natural(Collection::Shifts, &[site.as_str(), &start, post, name])
    }
}
