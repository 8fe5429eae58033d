use super::RecordId;
use super::define::{choices, record};

choices! {
    /// Whether somebody was there.
    Presence else Present {
        /// They were.
        Present = "present", "出勤", "present";
        /// They were, though not from the start.
        Late = "late", "迟到", "late";
        /// They were not, and had said so.
        Leave = "leave", "请假", "leave";
        /// They were not.
        Absent = "absent", "缺勤", "absent";
    }
}

record! {
    /// Whether somebody was there in a lesson.
    Attendance: Attendance = "考勤", "attendance";
    known by [session, name, phone];
    {
        /// The lesson.
        session: Option<RecordId> = "课次", "session", required -> Sessions;
        /// Who, as their enrolment has it.
        name: String = "姓名", "name", required;
        /// Their telephone number, where several of that name are enrolled.
        phone: String = "电话", "phone";
        /// Whether they were there.
        state: Presence = "出勤", "presence";
        /// A remark.
        note: String = "备注", "note";
    }
}

impl Presence {
    /// Whether somebody was there.
    pub const fn was_there(self) -> bool {
        matches!(self, Self::Present | Self::Late)
    }
}
