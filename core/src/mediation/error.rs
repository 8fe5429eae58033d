use crate::document::SiteKey;
use crate::records::{Label, Stage};
use crate::rules::Text;

/// Why a case was not registered, or a step not taken with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MediationError {
    /// A sitting ends no later than it starts: give another time.
    #[error("a sitting ends later than it starts")]
    Backward,
    /// A document's name cannot end so: give other characters.
    #[error("a case's number is 1 to 64 letters a-z or A-Z, digits and hyphens, not {0:?}")]
    Code(String),
    /// The document holds no case, or none of it is here yet.
    #[error("there is no case here")]
    Empty,
    /// Something has to be said first.
    #[error("{} is needed", .0.en)]
    Missing(Label),
    /// Nobody can be given a case by being on duty: name somebody, or put them on the roster.
    #[error("nobody is on duty to mediate: name somebody, or put them on the roster")]
    NobodyOnDuty,
    /// Nothing more happens in a case that is over: register another.
    #[error("the case is {}: register another", .0.label().en)]
    Over(Stage),
    /// Nobody mediates their own dispute: name somebody else.
    #[error("{0} is a party to this case and cannot mediate it")]
    Party(String),
    /// The site has the case already.
    #[error("{0} has this case already")]
    Shared(SiteKey),
    /// That does not follow on the stage the case is at.
    #[error("what is {} cannot be {}", .from.label().en, .to.label().en)]
    Step {
        /// The stage it is at.
        from: Stage,
        /// The stage that was asked for.
        to: Stage,
    },
    /// A text is too long: say it more briefly.
    #[error("{} should have {max} characters at most", .field.en)]
    TooLong {
        /// Which.
        field: Label,
        /// How many characters it may have.
        max: usize,
    },
}

impl MediationError {
    /// What is wrong, for people.
    pub fn text(&self) -> Text {
        let zh = match self {
            Self::Backward => "调解会的结束时间应晚于开始时间".to_owned(),
            Self::Code(code) => {
                format!("案件编号应为 1 到 64 个英文字母、数字或连字符，不能是“{code}”")
            }
            Self::Empty => "这里没有这件案件".to_owned(),
            Self::Missing(field) => format!("还缺{}", field.zh),
            Self::NobodyOnDuty => "现在没有人在调解岗位上值班：请写明调解员，或先排班".to_owned(),
            Self::Over(stage) => format!("案件{}，不再办理：请另行登记", stage.label().zh),
            Self::Party(name) => format!("{name} 是本案当事人，不能调解本案"),
            Self::Shared(site) => format!("{site} 已经有这件案件"),
            Self::Step { from, to } => format!(
                "案件现在是“{}”，不能改为“{}”",
                from.label().zh,
                to.label().zh
            ),
            Self::TooLong { field, max } => format!("{}最多 {max} 个字", field.zh),
        };
        Text::new(zh, self.to_string())
    }
}
