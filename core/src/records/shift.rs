use jiff::civil::DateTime;
use serde::Serialize;

use super::record::choices;
use super::{
    Collection, Field, FieldReader, Form, Label, Record, RecordId, RecordKind, Typed, Value,
    write_date_time,
};
use crate::document::SiteKey;

choices! {
    /// How far a shift has come.
    ShiftState {
        /// It is on the roster.
        Planned = "planned", "计划", "planned";
        /// The person said yes.
        Confirmed = "confirmed", "已确认", "confirmed";
        /// Someone else took it.
        Swapped = "swapped", "已调班", "swapped";
        /// The person did not come.
        Absent = "absent", "缺勤", "absent";
    }
}

/// One person on one post from a start to an end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shift {
    /// Its id.
    pub id: RecordId,
    /// The site it is at; [`SiteKey::unreadable`] when unreadable.
    pub site: SiteKey,
    /// The person, where known.
    pub person: Option<RecordId>,
    /// The person's name as written, so that showing who is on duty needs nothing else.
    pub name: String,
    /// The site that lent the person, if another did.
    pub lent_by: Option<SiteKey>,
    /// The post.
    pub post: String,
    /// When it starts; [`DateTime::ZERO`] when unreadable: see [`Shift::period`].
    #[serde(serialize_with = "super::time::serialize::at")]
    pub start: DateTime,
    /// When it ends, perhaps the next day; [`DateTime::ZERO`] when unreadable.
    #[serde(serialize_with = "super::time::serialize::at")]
    pub end: DateTime,
    /// How far it has come; planned when unreadable.
    pub state: ShiftState,
    /// A remark.
    pub note: String,
    /// When it was removed, if it was.
    #[serde(serialize_with = "super::time::serialize::maybe")]
    pub removed_at: Option<DateTime>,
}

impl Shift {
    /// From when to when, if both could be read.
    pub fn period(&self) -> Option<(DateTime, DateTime)> {
        let readable = self.start != DateTime::ZERO && self.end != DateTime::ZERO;
        readable.then_some((self.start, self.end))
    }

    /// The id of a shift that a row of a site's roster describes: by date and time of its start,
    /// post, and the person's name as written.
    ///
    /// Importing the same row anywhere gives the same shift, whatever else the row says.
    pub fn id_of_row(site: &SiteKey, start: DateTime, post: &str, name: &str) -> RecordId {
        let start = write_date_time(start);
        RecordId::natural(Collection::Shifts, &[site.as_str(), &start, post, name])
    }
}

impl Typed for Shift {
    const KIND: RecordKind = RecordKind {
        collection: Collection::Shifts,
        label: Label {
            zh: "班次",
            en: "shift",
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
                name: "person",
                label: Label {
                    zh: "人员",
                    en: "person",
                },
                form: Form::Record,
                required: false,
            },
            Field {
                name: "lent_by",
                label: Label {
                    zh: "借调自",
                    en: "lent by",
                },
                form: Form::Site,
                required: false,
            },
            Field {
                name: "post",
                label: Label {
                    zh: "岗位",
                    en: "post",
                },
                form: Form::Text,
                required: true,
            },
            Field {
                name: "start",
                label: Label {
                    zh: "开始",
                    en: "start",
                },
                form: Form::DateTime,
                required: true,
            },
            Field {
                name: "end",
                label: Label {
                    zh: "结束",
                    en: "end",
                },
                form: Form::DateTime,
                required: true,
            },
            Field {
                name: "state",
                label: Label {
                    zh: "状态",
                    en: "state",
                },
                form: Form::Choice(ShiftState::CHOICES),
                required: true,
            },
            Field {
                name: "note",
                label: Label {
                    zh: "备注",
                    en: "note",
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
            person: fields.record("person"),
            name: fields.text("name"),
            lent_by: fields.site("lent_by"),
            post: fields.text("post"),
            start: fields.time("start").unwrap_or(DateTime::ZERO),
            end: fields.time("end").unwrap_or(DateTime::ZERO),
            state: fields
                .str("state")
                .and_then(ShiftState::from_stored)
                .unwrap_or(ShiftState::Planned),
            note: fields.text("note"),
            removed_at: fields.removed_at(),
        }
    }

    fn id(&self) -> RecordId {
        self.id
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        let mut fields = super::fields::Fields::default();
        fields
            .text("site", self.site.as_str())
            .text("name", &self.name)
            .shown("person", self.person.as_ref())
            .shown("lent_by", self.lent_by.as_ref())
            .text("post", &self.post)
            .time("start", Some(self.start))
            .time("end", Some(self.end))
            .text("state", self.state.as_str())
            .text("note", &self.note)
            .time("removed_at", self.removed_at);
        fields.into_vec()
    }

    fn of(record: &Record) -> Option<&Self> {
        match record {
            Record::Shift(shift) => Some(shift),
            _ => None,
        }
    }
}
