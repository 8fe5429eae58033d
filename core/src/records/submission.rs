use jiff::civil::DateTime;

use super::RecordId;
use super::define::{choices, record};
use crate::document::SiteKey;

choices! {
    /// What somebody without an account asks for.
    SubmissionKind else Request {
        /// A venue.
        Booking = "booking", "预订", "booking";
        /// Goods.
        Claim = "claim", "领物", "claim";
        /// That a trouble is seen to.
        Request = "request", "诉求", "request";
        /// A seat in a course.
        Enrolment = "enrolment", "报名", "enrolment";
    }
}

record! {
    /// What somebody without an account sent, alone in its document: whoever knows the document's code follows it. How far it
    /// has come is told by its [`Step`](super::Step)s.
    Submission: Submission = "来件", "submission";
    {
        /// The site that receives it.
        site: SiteKey = "站点", "site", required;
        /// What it asks for.
        kind: SubmissionKind = "类型", "kind", required;
        /// Who sent it.
        name: String = "姓名", "name", required;
        /// Their telephone number.
        phone: String = "电话", "phone";
        /// What they say.
        text: String = "内容", "text";
        /// The venue they wish for.
        venue: Option<RecordId> = "场地", "venue" -> Venues;
        /// From when.
        start: Option<DateTime> = "开始", "start";
        /// Until when.
        end: Option<DateTime> = "结束", "end";
        /// The item they ask for.
        item: Option<RecordId> = "物资", "item" -> Items;
        /// How many: goods, or people who will come.
        count: Option<i64> = "数量", "count" in 1 to 100_000;
        /// The course they want to take.
        course: Option<RecordId> = "课程", "course" -> Courses;
        /// The proof of the certificate that its sender has earned, which the site puts there: see [`crate::school::Proof`].
        proof: String = "证书核验码", "proof";
        /// When it was sent.
        at: DateTime = "时间", "at", required;
    }
}
