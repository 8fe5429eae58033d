use crate::rules::Text;

/// Why nobody was enrolled or certified, or nobody goes on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchoolError {
    /// They were in too few lessons: note what was missed, or lower what the course asks for.
    #[error("{name} was in {there} of {held} sessions, and {needed} % are asked for")]
    Attendance {
        /// Who.
        name: String,
        /// In how many.
        there: usize,
        /// Of how many.
        held: usize,
        /// How many per cent the course asks for.
        needed: usize,
    },
    /// Enrolment is over: choose another course, or reopen this one.
    #[error("nobody can enrol in {course} any more")]
    Closed {
        /// The course.
        course: String,
    },
    /// They failed: assess them again.
    #[error("{name} has not passed")]
    Failed {
        /// Who.
        name: String,
    },
    /// All seats are promised: take a promise back, or make it more seats.
    #[error("all {seats} seats of {course} are promised")]
    Full {
        /// The course.
        course: String,
        /// How many there are.
        seats: usize,
    },
    /// The course leads to none: say which.
    #[error("{course} leads to no certificate")]
    NoCertificate {
        /// The course.
        course: String,
    },
    /// A name is missing.
    #[error("a name is needed")]
    NoName,
    /// The contest leads to no other, or does not say how many go on.
    #[error("{contest} does not say how many go on, and to which contest")]
    NoNext {
        /// The contest.
        contest: String,
    },
    /// They have no seat: enrol them, or confirm their enrolment.
    #[error("{name} has no seat in the course")]
    NoSeat {
        /// Who.
        name: String,
    },
    /// Nobody has assessed them.
    #[error("{name} was not assessed")]
    NotAssessed {
        /// Who.
        name: String,
    },
    /// They have enrolled before.
    #[error("{name} is enrolled already")]
    There {
        /// Who.
        name: String,
    },
    /// They do not want a seat any more: enrol them again.
    #[error("{name} has withdrawn")]
    Withdrawn {
        /// Who.
        name: String,
    },
}

impl SchoolError {
    /// What is wrong, for people.
    #[must_use]
    pub fn text(&self) -> Text {
        let zh = match self {
            Self::Attendance {
                name,
                there,
                held,
                needed,
            } => format!("{name} {held} 次课到了 {there} 次，达不到 {needed}% 的出勤率"),
            Self::Closed { course } => format!("“{course}”已停止报名"),
            Self::Failed { name } => format!("{name} 考核没有合格"),
            Self::Full { course, seats } => format!("“{course}”的 {seats} 个名额已经全部确认"),
            Self::NoCertificate { course } => format!("“{course}”没有写可得什么证书"),
            Self::NoName => "还缺姓名".to_owned(),
            Self::NoNext { contest } => format!("“{contest}”没有写明几人晋级、晋级到哪个竞赛"),
            Self::NoSeat { name } => format!("{name} 在这门课没有名额"),
            Self::NotAssessed { name } => format!("{name} 还没有考核"),
            Self::There { name } => format!("{name} 已经报过名了"),
            Self::Withdrawn { name } => format!("{name} 已退出"),
        };
        Text::new(zh, self.to_string())
    }
}
