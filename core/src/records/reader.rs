use jiff::civil::DateTime;

use super::{Hours, REMOVED_AT, RecordId, Value, Weekdays, parse_date_time};
use crate::document::SiteKey;
use crate::ordered::{BTreeMap, BTreeSet};

/// Reads the stored fields of one record into a struct.
///
/// Each reader gives none for what is missing or unreadable: the kind's table says what is wrong.
#[derive(Clone, Copy, Debug)]
pub struct FieldReader<'a> {
    fields: &'a BTreeMap<String, Value>,
}

impl<'a> FieldReader<'a> {
    /// A reader of these fields.
    pub const fn new(fields: &'a BTreeMap<String, Value>) -> Self {
        Self { fields }
    }

    /// The text of a field; empty where there is none.
    pub fn text(&self, field: &str) -> String {
        self.str(field).unwrap_or_default().to_owned()
    }

    /// The text of a field, if there is one that is not empty.
    pub fn str(&self, field: &str) -> Option<&'a str> {
        self.fields
            .get(field)
            .and_then(Value::as_text)
            .filter(|text| !text.is_empty())
    }

    /// A number.
    pub fn number(&self, field: &str) -> Option<f64> {
        self.fields.get(field).and_then(Value::as_float)
    }

    /// A whole number.
    pub fn count(&self, field: &str) -> Option<i64> {
        match self.fields.get(field) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        }
    }

    /// Days of the week; every day where there are none.
    pub fn weekdays(&self, field: &str) -> Weekdays {
        self.str(field)
            .and_then(|text| text.parse().ok())
            .unwrap_or_default()
    }

    /// A flag.
    pub fn flag(&self, field: &str) -> Option<bool> {
        match self.fields.get(field) {
            Some(Value::Bool(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// A civil time.
    pub fn time(&self, field: &str) -> Option<DateTime> {
        self.str(field).and_then(parse_date_time)
    }

    /// A site's key.
    pub fn site(&self, field: &str) -> Option<SiteKey> {
        self.str(field)?.parse().ok()
    }

    /// Another record's id.
    pub fn record(&self, field: &str) -> Option<RecordId> {
        self.str(field)?.parse().ok()
    }

    /// Opening hours.
    pub fn hours(&self, field: &str) -> Option<Hours> {
        self.str(field)?.parse().ok()
    }

    /// A set of words.
    pub fn words(&self, field: &str) -> BTreeSet<String> {
        let words = self.str(field).unwrap_or_default().split_whitespace();
        words.map(str::to_owned).collect()
    }

    /// When the record was removed.
    pub fn removed_at(&self) -> Option<DateTime> {
        self.time(REMOVED_AT.name)
    }
}
