use serde::Serialize;

use super::{
    Collection, Hours, RecordId, Value, Weekdays, parse_date, parse_date_time, write_date,
    write_date_time,
};
use crate::document::SiteKey;

/// A word for people, in Chinese and in English.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

/// One of the values a field may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// As stored.
    pub value: &'static str,
    /// As shown; also understood where a person types it.
    pub label: Label,
}

/// What a field holds, and so how it is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One of some words.
    Choice(&'static [Choice]),
    /// A day, `2026-12-03`.
    Date,
    /// A civil time, `2026-12-03T08:00`.
    DateTime,
    /// Yes or no.
    Flag,
    /// Opening hours, `07:00-22:00`.
    Hours,
    /// A number between two bounds.
    Number {
        /// The smallest.
        min: i32,
        /// The greatest.
        max: i32,
    },
    /// The id of another record.
    Record,
    /// The key of a site.
    Site,
    /// A text of at most [`Form::TEXT_CHARS_MAX`] characters.
    Text,
    /// Days of the week, `1 3 5` from Monday.
    Weekdays,
    /// A set of words, sorted, with blanks between.
    Words,
}

/// A field of a kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in documents, files and commands.
    pub name: &'static str,
    /// What people call it.
    pub label: Label,
    /// What it holds.
    pub form: Form,
    /// Whether a record without it is incomplete.
    pub required: bool,
    /// Whether the typed record can say that it is missing or unreadable.
    pub nullable: bool,
    /// Where the record is that it names.
    pub refers_to: Option<Collection>,
}

/// The field that every kind of record has: when it was removed.
pub const REMOVED_AT: Field = Field {
    name: "removed_at",
    label: Label {
        zh: "移除时间",
        en: "removed at",
    },
    form: Form::DateTime,
    required: false,
    nullable: true,
    refers_to: None,
};

/// Why a text a person typed cannot be the value of a field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FieldError {
    /// The kind of record has no such field.
    #[error("no field {field:?}: the fields are {known}")]
    Unknown {
        /// As typed.
        field: String,
        /// The names of the fields there are.
        known: String,
    },
    /// The field may not be left empty.
    #[error("{field} may not be empty")]
    Empty {
        /// The field's name.
        field: &'static str,
    },
    /// The text is not of the field's form.
    #[error("{text:?} cannot be {field}: expected {}", expected.en)]
    Malformed {
        /// The field's name.
        field: &'static str,
        /// As typed.
        text: String,
        /// What the field holds.
        expected: Expected,
    },
}

/// What a field holds, said to people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Expected {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What is wrong with a field of a record that was read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldProblem {
    /// The field's name.
    pub field: String,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What can be wrong with a field of a record.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// The field is required and not there.
    Missing,
    /// The field holds something that no field can hold, such as bytes or a list.
    NotAValue,
    /// The field holds a value that is not of its form.
    Malformed {
        /// What it holds.
        value: Value,
        /// What it should hold.
        expected: Expected,
    },
}

impl Form {
    /// The longest text, in characters.
    pub const TEXT_CHARS_MAX: usize = 2_000;

    /// What a field of this form holds, said to people.
    pub fn expected(self) -> Expected {
        let (zh, en) = match self {
            Self::Choice(choices) => {
                let all = |word: fn(&Choice) -> &str, blank| {
                    choices.iter().map(word).collect::<Vec<_>>().join(blank)
                };
                return Expected {
                    zh: format!("{} 之一", all(|choice| choice.label.zh, "、")),
                    en: format!("one of {}", all(|choice| choice.value, ", ")),
                };
            }
            Self::Number { min, max } => {
                return Expected {
                    zh: format!("{min} 到 {max} 的数"),
                    en: format!("a number from {min} to {max}"),
                };
            }
            Self::Text => {
                let max = Self::TEXT_CHARS_MAX;
                return Expected {
                    zh: format!("不超过 {max} 字的文字"),
                    en: format!("a text of at most {max} characters"),
                };
            }
            Self::DateTime => (
                "形如 2026-12-03T08:00 的时间",
                "a time like 2026-12-03T08:00",
            ),
            Self::Date => ("形如 2026-12-03 的日期", "a date like 2026-12-03"),
            Self::Flag => ("是 或 否", "yes or no"),
            Self::Hours => ("形如 07:00-22:00 的时段", "hours like 07:00-22:00"),
            Self::Record => ("一条记录的编号", "the id of a record"),
            Self::Site => ("站点代码（小写字母、数字、连字符）", "the key of a site"),
            Self::Weekdays => ("形如 1-5 或 6 7 的星期", "days of the week like 1-5 or 6 7"),
            Self::Words => ("以空格分开的词", "words with blanks between"),
        };
        Expected {
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }

    /// Reads what a person typed (not empty, trimmed) into the stored form.
    fn parse(self, text: &str) -> Option<Value> {
        Some(match self {
            Self::Choice(choices) => {
                let typed = |choice: &&Choice| {
                    choice.value.eq_ignore_ascii_case(text)
                        || choice.label.en.eq_ignore_ascii_case(text)
                        || choice.label.zh == text
                };
                choices.iter().find(typed)?.value.into()
            }
            Self::Date => write_date(parse_date(text)?).into(),
            Self::DateTime => write_date_time(parse_date_time(text)?).into(),
            Self::Flag => match text.to_ascii_lowercase().as_str() {
                "yes" | "true" | "1" | "是" => Value::Bool(true),
                "no" | "false" | "0" | "否" => Value::Bool(false),
                _ => return None,
            },
            Self::Hours => text.parse::<Hours>().ok()?.to_string().into(),
            Self::Number { .. } => match text.parse::<i64>() {
                Ok(number) => Value::Int(number),
                Err(_) => Value::Float(text.parse().ok()?),
            },
            Self::Record => text.parse::<RecordId>().ok()?.to_string().into(),
            Self::Site => text.parse::<SiteKey>().ok()?.to_string().into(),
            Self::Text => text.into(),
            Self::Weekdays => text.parse::<Weekdays>().ok()?.to_string().into(),
            Self::Words => {
                let words: crate::ordered::BTreeSet<_> = text.split_whitespace().collect();
                words.into_iter().collect::<Vec<_>>().join(" ").into()
            }
        })
    }

    /// Whether a stored value is of this form.
    pub fn accepts(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Choice(choices), Value::Text(text)) => {
                choices.iter().any(|choice| choice.value == text)
            }
            (Self::DateTime, Value::Text(text)) => parse_date_time(text).is_some(),
            (Self::Date, Value::Text(text)) => parse_date(text).is_some(),
            (Self::Flag, Value::Bool(_)) => true,
            (Self::Hours, Value::Text(text)) => text.parse::<Hours>().is_ok(),
            (Self::Number { min, max }, Value::Int(_) | Value::Float(_)) => value
                .as_float()
                .is_some_and(|number| (f64::from(min)..=f64::from(max)).contains(&number)),
            (Self::Record, Value::Text(text)) => text.parse::<RecordId>().is_ok(),
            (Self::Site, Value::Text(text)) => text.parse::<SiteKey>().is_ok(),
            (Self::Weekdays, Value::Text(text)) => text.parse::<Weekdays>().is_ok(),
            (Self::Text | Self::Words, Value::Text(text)) => {
                text.len() <= Self::TEXT_CHARS_MAX || text.chars().count() <= Self::TEXT_CHARS_MAX
            }
            _ => false,
        }
    }
}

impl Field {
    /// Reads what a person typed into the value to store.
    ///
    /// A field is emptied by storing an empty text, not by deleting its key, so that emptying it
    /// and setting it at once is a conflict people get to see.
    ///
    /// # Errors
    ///
    /// When the text is not of the field's form, or empty where a value is required. The message
    /// says what was expected.
    pub fn parse(&self, text: &str) -> Result<Value, FieldError> {
        let text = text.trim();
        match (text.is_empty(), self.required) {
            (true, true) => return Err(FieldError::Empty { field: self.name }),
            (true, false) => return Ok(Value::from("")),
            (false, _) => {}
        }
        self.form
            .parse(text)
            .filter(|value| self.form.accepts(value))
            .ok_or_else(|| FieldError::Malformed {
                field: self.name,
                text: text.chars().take(64).collect(),
                expected: self.form.expected(),
            })
    }
}
