use jiff::civil::DateTime;

use super::RecordId;
use super::define::{choices, record};

choices! {
    /// How far something has come that people wait for: what was sent to a site, or a case. Each goes through the stages of its own
    /// flow: [`crate::inbox::FLOW`], [`crate::mediation::FLOW`].
    Stage else Submitted {
        /// It was sent.
        Submitted = "submitted", "已提交", "submitted";
        /// The site has taken it up.
        Accepted = "accepted", "已受理", "accepted";
        /// Somebody sees to it.
        Assigned = "assigned", "已派办", "assigned";
        /// The site says that it is done.
        Done = "done", "已办结", "done";
        /// Whoever sent it says so too.
        Confirmed = "confirmed", "已确认", "confirmed";
        /// The site cannot do it.
        Declined = "declined", "未受理", "declined";
        /// Whoever sent it took it back.
        Withdrawn = "withdrawn", "已撤回", "withdrawn";
        /// A case is on the register.
        Registered = "registered", "已登记", "registered";
        /// The parties of a case are being heard.
        Mediating = "mediating", "调解中", "mediating";
        /// They came to an agreement.
        Agreed = "agreed", "已达成协议", "agreed";
        /// They did not.
        Failed = "failed", "调解不成", "failed";
        /// The agreement is with a court or a tribunal, to be confirmed.
        Referred = "referred", "已提请确认", "referred for confirmation";
        /// It was confirmed, and can be enforced.
        Ratified = "ratified", "已司法确认", "confirmed judicially";
        /// It was not.
        Unratified = "unratified", "未获确认", "not confirmed";
        /// Nothing more is to be done.
        Closed = "closed", "已结案", "closed";
    }
}

record! {
    /// One step of something that people wait for: written once, and never changed.
    Step: Timeline = "进展", "step";
    written once;
    {
        /// What it is a step of.
        about: Option<RecordId> = "对象", "about", required;
        /// The step that it follows on: whoever wrote it knew that one, and what came before.
        after: Option<RecordId> = "前一步", "after" -> Timeline;
        /// How far that came.
        stage: Stage = "阶段", "stage", required;
        /// When.
        at: DateTime = "时间", "at", required;
        /// Who did it.
        by: String = "经办人", "by";
        /// What they say.
        note: String = "说明", "note";
        /// What came of it, such as the booking that was made.
        made: Option<RecordId> = "结果", "made";
    }
}
