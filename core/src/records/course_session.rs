use jiff::civil::DateTime;

use super::RecordId;
use super::define::record;

record! {
    /// One lesson of a course.
    CourseSession: Sessions = "课次", "session";
    known by [course, name];
    lasts [start, end];
    {
        /// The course.
        course: Option<RecordId> = "课程", "course", required -> Courses;
        /// Its name, which no other of the course has: `第一课`.
        name: String = "名称", "name", required;
        /// When it starts.
        start: DateTime = "开始", "start", required;
        /// When it ends.
        end: DateTime = "结束", "end", required;
        /// Where it takes place.
        venue: Option<RecordId> = "场地", "venue" -> Venues;
        /// Who teaches, where that is not the course's teacher.
        teacher: String = "讲师", "teacher";
        /// A remark.
        note: String = "备注", "note";
    }
}

impl CourseSession {
    /// From when to when, if both could be read and it lasts.
    pub fn period(&self) -> Option<(DateTime, DateTime)> {
        let readable = self.start != DateTime::ZERO && self.end != DateTime::ZERO;
        (readable && self.start < self.end).then_some((self.start, self.end))
    }
}
