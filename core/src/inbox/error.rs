use jiff::civil::DateTime;

use super::Party;
use crate::records::{Label, Stage, write_date_time};
use crate::rules::Text;

/// Why a submission was not sent, or a step not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InboxError {
    /// It ends no later than it starts.
    #[error("it should end after it starts")]
    Backwards,
    /// The number is out of range.
    #[error("how many should be from 1 to {max}")]
    Count {
        /// The greatest that there may be.
        max: i64,
    },
    /// Nothing was sent under this code, or nothing of it is here yet.
    #[error("there is no submission here")]
    Empty,
    /// A field is missing.
    #[error("{} is needed", .0.en)]
    Missing(Label),
    /// It asks for something else than a venue.
    #[error("it asks for no venue")]
    NoBooking,
    /// The course is not there.
    #[error("there is no such course: to say so, decline it")]
    NoCourse,
    /// It asks for something else than a seat in a course.
    #[error("it asks for no course")]
    NoEnrolment,
    /// That does not follow on the stage it is at.
    #[error("what is {} cannot be {} by {}", .from.label().en, .to.label().en, party(*.by).en)]
    Step {
        /// The stage it is at.
        from: Stage,
        /// The stage that was asked for.
        to: Stage,
        /// Who asked.
        by: Party,
    },
    /// The venue is promised to somebody else then.
    #[error("the venue is promised to {name} from {} to {}", write_date_time(*.start), write_date_time(*.end))]
    Taken {
        /// To whom.
        name: String,
        /// From when.
        start: DateTime,
        /// Until when.
        end: DateTime,
    },
    /// A text is too long.
    #[error("{} should have {max} characters at most", .field.en)]
    TooLong {
        /// Which.
        field: Label,
        /// How many characters it may have.
        max: usize,
    },
}

const fn party(by: Party) -> Label {
    match by {
        Party::Sender => Label {
            zh: "提交人",
            en: "its sender",
        },
        Party::Site => Label {
            zh: "站点",
            en: "the site",
        },
    }
}

impl InboxError {
    /// What is wrong, for people.
    pub fn text(&self) -> Text {
        let zh = match self {
            Self::Backwards => "结束时间应在开始时间之后".to_owned(),
            Self::Count { max } => format!("数量应为 1 到 {max}"),
            Self::Empty => "这里没有这件来件".to_owned(),
            Self::Missing(field) => format!("还缺{}", field.zh),
            Self::NoBooking => "它不是场地预订".to_owned(),
            Self::NoCourse => "这里没有要报的课程；不能受理的，请说明原因退回".to_owned(),
            Self::NoEnrolment => "它不是课程报名".to_owned(),
            Self::Step { from, to, by } => format!(
                "现在是“{}”，{}不能改为“{}”",
                from.label().zh,
                party(*by).zh,
                to.label().zh
            ),
            Self::Taken { name, start, end } => format!(
                "该场地 {} 至 {} 已答应给 {name}",
                write_date_time(*start).replace('T', " "),
                write_date_time(*end).replace('T', " "),
            ),
            Self::TooLong { field, max } => format!("{}最多 {max} 个字", field.zh),
        };
        Text::new(zh, self.to_string())
    }
}
