use jiff::civil::DateTime;
use serde::Serialize;

use super::fields::Fields;
use super::{
    Collection, Field, FieldReader, Form, Label, Record, RecordId, RecordKind, Typed, Value,
};

/// A post that people are rostered on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Post {
    /// Its id: that of its name.
    pub id: RecordId,
    /// Its name, as rosters write it.
    pub name: String,
    /// Whether its shifts may run while the site is closed, like a night hotline's.
    pub any_hours: bool,
    /// When it was removed, if it was.
    #[serde(serialize_with = "super::time::serialize::maybe")]
    pub removed_at: Option<DateTime>,
}

impl Post {
    /// The id of the post of a name.
    pub fn id_of(name: &str) -> RecordId {
        RecordId::natural(Collection::Posts, &[name])
    }
}

impl Typed for Post {
    const KIND: RecordKind = RecordKind {
        collection: Collection::Posts,
        label: Label {
            zh: "岗位",
            en: "post",
        },
        fields: &[
            Field {
                name: "name",
                label: Label {
                    zh: "名称",
                    en: "name",
                },
                form: Form::Text,
                required: true,
            },
            Field {
                name: "any_hours",
                label: Label {
                    zh: "不限开放时间",
                    en: "any hours",
                },
                form: Form::Flag,
                required: false,
            },
        ],
    };

    fn read(id: RecordId, fields: &FieldReader<'_>) -> Self {
        Self {
            id,
            name: fields.text("name"),
            any_hours: fields.flag("any_hours").unwrap_or(false),
            removed_at: fields.removed_at(),
        }
    }

    fn id(&self) -> RecordId {
        self.id
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        let mut fields = Fields::default();
        fields
            .text("name", &self.name)
            .value("any_hours", Some(self.any_hours))
            .time("removed_at", self.removed_at);
        fields.into_vec()
    }

    fn of(record: &Record) -> Option<&Self> {
        match record {
            Record::Post(post) => Some(post),
            _ => None,
        }
    }
}
