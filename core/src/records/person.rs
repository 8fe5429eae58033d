use jiff::civil::DateTime;
use serde::Serialize;

use super::fields::Fields;
use super::record::choices;
use super::{
    Collection, Field, FieldReader, Form, Label, Record, RecordId, RecordKind, Typed, Value,
};
use crate::document::SiteKey;

choices! {
    /// What a person is to their site.
    Role {
        /// Employed there.
        Staff = "staff", "员工", "staff";
        /// Runs it.
        Coordinator = "coordinator", "负责人", "coordinator";
        /// Helps out.
        Volunteer = "volunteer", "志愿者", "volunteer";
    }
}

/// Someone who works at a site.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Person {
    /// Their id.
    pub id: RecordId,
    /// Their site; [`SiteKey::unreadable`] when unreadable.
    pub site: SiteKey,
    /// Their name.
    pub name: String,
    /// What they are to their site; staff when unreadable.
    pub role: Role,
    /// Their telephone number.
    pub phone: String,
    /// When they were removed, if they were.
    #[serde(serialize_with = "super::time::serialize::maybe")]
    pub removed_at: Option<DateTime>,
}

impl Person {
    /// The id of a person that a row of a file describes: by site, name, and what tells namesakes
    /// apart (their number in the file's order, or nothing).
    pub fn id_of_row(site: &SiteKey, name: &str, distinct: &str) -> RecordId {
        RecordId::natural(Collection::Persons, &[site.as_str(), name, distinct])
    }
}

impl Typed for Person {
    const KIND: RecordKind = RecordKind {
        collection: Collection::Persons,
        label: Label {
            zh: "人员",
            en: "person",
        },
        fields: &[
            Field {
                name: "site",
                label: Label {
                    zh: "站点",
                    en: "site",
                },
                form: Form::Site,
                required: true,
            },
            Field {
                name: "name",
                label: Label {
                    zh: "姓名",
                    en: "name",
                },
                form: Form::Text,
                required: true,
            },
            Field {
                name: "role",
                label: Label {
                    zh: "身份",
                    en: "role",
                },
                form: Form::Choice(Role::CHOICES),
                required: true,
            },
            Field {
                name: "phone",
                label: Label {
                    zh: "电话",
                    en: "phone",
                },
                form: Form::Text,
                required: false,
            },
        ],
    };

    fn read(id: RecordId, fields: &FieldReader<'_>) -> Self {
        Self {
            id,
            site: fields.site("site").unwrap_or_else(SiteKey::unreadable),
            name: fields.text("name"),
            role: fields
                .str("role")
                .and_then(Role::from_stored)
                .unwrap_or(Role::Staff),
            phone: fields.text("phone"),
            removed_at: fields.removed_at(),
        }
    }

    fn id(&self) -> RecordId {
        self.id
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        let mut fields = Fields::default();
        fields
            .text("site", self.site.as_str())
            .text("name", &self.name)
            .text("role", self.role.as_str())
            .text("phone", &self.phone)
            .time("removed_at", self.removed_at);
        fields.into_vec()
    }

    fn of(record: &Record) -> Option<&Self> {
        match record {
            Record::Person(person) => Some(person),
            _ => None,
        }
    }
}
