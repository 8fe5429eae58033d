use jiff::civil::Date;

use super::define::{choices, record};
use super::{Collection, RecordId};
use crate::document::SiteKey;

choices! {
    /// Whether people can enrol in a course.
    CourseState else Open {
        /// They can, as long as there is room.
        Open = "open", "招生中", "open";
        /// Not any more; it takes place.
        Closed = "closed", "停止报名", "closed";
        /// It does not take place.
        Cancelled = "cancelled", "已取消", "cancelled";
    }
}

record! {
    /// A course of a site's night school. What has become of it is worked out from what belongs to it: see [`crate::school`].
    Course: Courses = "课程", "course";
    known by [site, name];
    {
        /// The site that gives it.
        site: SiteKey = "站点", "site", required;
        /// Its name, with its term where it is given again and again: `急救员第3期`.
        name: String = "名称", "name", required;
        /// The certificate that it leads to, as posts ask for it; empty where it leads to none.
        certificate: String = "可得证书", "certificate";
        /// For how many months the certificate is valid; for ever, where not stated.
        valid_months: Option<i64> = "证书有效月数", "valid months" in 1 to 1_200;
        /// How many may take part.
        capacity: Option<i64> = "名额", "capacity" in 1 to 100_000;
        /// The score from which an assessment is passed; see [`Course::PASS_MARK`].
        pass_mark: Option<f64> = "合格分", "pass mark" in 0 to 1_000;
        /// The share of its sessions, in per cent, that whoever is certified has to have attended.
        attendance: Option<i64> = "出勤率要求", "attendance" in 0 to 100;
        /// The last day on which people can enrol.
        enrol_until: Option<Date> = "报名截止", "enrol until";
        /// Who teaches.
        teacher: String = "讲师", "teacher";
        /// Whether people can enrol.
        state: CourseState = "状态", "state";
        /// What it is about.
        note: String = "说明", "note";
    }
}

impl Course {
    /// The score from which an assessment is passed where the course does not say.
    pub const PASS_MARK: f64 = 60.0;

    /// The id of the course of a name at a site.
    pub fn id_of(site: &SiteKey, name: &str) -> RecordId {
        RecordId::natural(Collection::Courses, &[site.as_str(), name])
    }
}
