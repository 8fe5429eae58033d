use jiff::civil::Date;

use super::RecordId;
use super::define::{choices, record};

choices! {
    /// What came of an assessment.
    AssessmentResult else ByScore {
        /// What the score says.
        ByScore = "by-score", "按成绩", "by score";
        /// Passed, whatever the score.
        Passed = "passed", "合格", "passed";
        /// Not passed, whatever the score.
        Failed = "failed", "不合格", "failed";
    }
}

record! {
    /// Somebody was assessed in a course; whoever fails may be again on another day.
    Assessment: Assessments = "考核", "assessment";
    known by [course, name, phone, on];
    {
        /// The course.
        course: Option<RecordId> = "课程", "course", required -> Courses;
        /// Who, as their enrolment has it.
        name: String = "姓名", "name", required;
        /// Their telephone number, where several of that name are enrolled.
        phone: String = "电话", "phone";
        /// On which day.
        on: Option<Date> = "考核日期", "on", required;
        /// How well they did.
        score: Option<f64> = "成绩", "score" in 0 to 1_000;
        /// What came of it.
        result: AssessmentResult = "结果", "result";
        /// Who assessed them.
        assessor: String = "考核人", "assessor";
        /// A remark.
        note: String = "备注", "note";
    }
}
