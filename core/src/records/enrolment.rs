use super::define::{choices, record};
use super::{Collection, RecordId};
use crate::document::SiteKey;
use crate::import::phone_key;

choices! {
    /// Whether an enrolment still holds.
    EnrolmentState else Enrolled {
        /// It does, once there is room.
        Enrolled = "enrolled", "已报名", "enrolled";
        /// Whoever enrolled does not want to take part any more.
        Withdrawn = "withdrawn", "已退出", "withdrawn";
    }
}

record! {
    /// Somebody asks to take part in a course. Whether there is room is worked out from all enrolments in the course: see
    /// [`crate::school::Seat`].
    ///
    /// It is known by the course, the name and the telephone number: whoever enters it twice, at two computers without a
    /// network, has entered it once.
    Enrolment: Enrolments = "报名", "enrolment";
    known by [course, name, phone];
    claims [course];
    {
        /// The course.
        course: Option<RecordId> = "课程", "course", required -> Courses;
        /// Who takes part.
        name: String = "姓名", "name", required;
        /// Their telephone number, which tells namesakes apart.
        phone: String = "电话", "phone";
        /// The site they work at, where that is another than the school's.
        home: Option<SiteKey> = "所属站点", "home";
        /// Which of the people of a site they are, where that is known.
        person: Option<RecordId> = "人员", "person" -> Persons;
        /// Whether it still holds.
        state: EnrolmentState = "状态", "state";
        /// The author, `<site>/<name>`, who promised a seat: only one of the school's site or of the hub can.
        confirmed_by: String = "确认人", "confirmed by";
        /// A remark.
        note: String = "备注", "note";
    }
}

impl Enrolment {
    /// The id of the enrolment of somebody in a course.
    pub fn id_of(course: RecordId, name: &str, phone: &str) -> RecordId {
        let parts = [&course.to_string(), name, &phone_key(phone)];
        RecordId::natural(Collection::Enrolments, &parts)
    }
}
