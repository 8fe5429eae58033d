use jiff::civil::DateTime;
use serde::Serialize;

use super::fields::Fields;
use super::record::choices;
use super::{
    Collection, Field, FieldReader, Form, Hours, Label, Record, RecordId, RecordKind, Typed, Value,
};
use crate::document::SiteKey;
use crate::ordered::BTreeSet;

choices! {
    /// How large a site is.
    Level {
        /// A shared home.
        Home = "home", "家", "home";
        /// A station under a home.
        Station = "station", "站", "station";
        /// A point under a station.
        Point = "point", "点", "point";
    }
}

/// A home, a station or a point of the network.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Site {
    /// Its id: that of its key.
    pub id: RecordId,
    /// Its key; [`SiteKey::unreadable`] when unreadable.
    pub key: SiteKey,
    /// Its name.
    pub name: String,
    /// How large it is; a point when unreadable.
    pub level: Level,
    /// The site it belongs to.
    pub parent: Option<SiteKey>,
    /// Where it is.
    pub address: String,
    /// When it is open, where stated.
    pub hours: Option<Hours>,
    /// What it offers, such as `charging` or `hot-meals`.
    pub amenities: BTreeSet<String>,
    /// Its telephone number.
    pub phone: String,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lng: Option<f64>,
    /// When it was removed, if it was.
    #[serde(serialize_with = "super::time::serialize::maybe")]
    pub removed_at: Option<DateTime>,
}

impl Site {
    /// The id of the site of a key.
    pub fn id_of(key: &SiteKey) -> RecordId {
        RecordId::natural(Collection::Sites, &[key.as_str()])
    }
}

impl Typed for Site {
    const KIND: RecordKind = RecordKind {
        collection: Collection::Sites,
        label: Label {
            zh: "站点",
            en: "site",
        },
        fields: &[
            Field {
                name: "key",
                label: Label {
                    zh: "代码",
                    en: "key",
                },
                form: Form::Site,
                required: true,
            },
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
                name: "level",
                label: Label {
                    zh: "级别",
                    en: "level",
                },
                form: Form::Choice(Level::CHOICES),
                required: true,
            },
            Field {
                name: "parent",
                label: Label {
                    zh: "上级",
                    en: "parent",
                },
                form: Form::Site,
                required: false,
            },
            Field {
                name: "address",
                label: Label {
                    zh: "地址",
                    en: "address",
                },
                form: Form::Text,
                required: false,
            },
            Field {
                name: "hours",
                label: Label {
                    zh: "开放时间",
                    en: "hours",
                },
                form: Form::Hours,
                required: false,
            },
            Field {
                name: "amenities",
                label: Label {
                    zh: "设施",
                    en: "amenities",
                },
                form: Form::Words,
                required: false,
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
            Field {
                name: "lat",
                label: Label {
                    zh: "纬度",
                    en: "latitude",
                },
                form: Form::Number { min: -90, max: 90 },
                required: false,
            },
            Field {
                name: "lng",
                label: Label {
                    zh: "经度",
                    en: "longitude",
                },
                form: Form::Number {
                    min: -180,
                    max: 180,
                },
                required: false,
            },
        ],
    };

    fn read(id: RecordId, fields: &FieldReader<'_>) -> Self {
        Self {
            id,
            key: fields.site("key").unwrap_or_else(SiteKey::unreadable),
            name: fields.text("name"),
            level: fields
                .str("level")
                .and_then(Level::from_stored)
                .unwrap_or(Level::Point),
            parent: fields.site("parent"),
            address: fields.text("address"),
            hours: fields.hours("hours"),
            amenities: fields.words("amenities"),
            phone: fields.text("phone"),
            lat: fields.number("lat"),
            lng: fields.number("lng"),
            removed_at: fields.removed_at(),
        }
    }

    fn id(&self) -> RecordId {
        self.id
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        let amenities: Vec<_> = self.amenities.iter().map(String::as_str).collect();
        let mut fields = Fields::default();
        fields
            .text("key", self.key.as_str())
            .text("name", &self.name)
            .text("level", self.level.as_str())
            .shown("parent", self.parent.as_ref())
            .text("address", &self.address)
            .shown("hours", self.hours.as_ref())
            .text("amenities", &amenities.join(" "))
            .text("phone", &self.phone)
            .value("lat", self.lat)
            .value("lng", self.lng)
            .time("removed_at", self.removed_at);
        fields.into_vec()
    }

    fn of(record: &Record) -> Option<&Self> {
        match record {
            Record::Site(site) => Some(site),
            _ => None,
        }
    }
}
