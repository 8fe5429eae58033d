use jiff::civil::DateTime;
use serde::Serialize;
use serde::Serializer;
use serde::ser::SerializeMap;

use super::{
    Agreement, Assessment, Attendance, Booking, CalendarDay, Case, Certificate, Collection,
    Contest, ContestEntry, Course, CourseSession, Device, Drive, Edit, Enrolment, FieldError,
    FieldReader, Form, HoursException, Issue, Item, LedgerEntry, Mediator, Party, Person, Post,
    Qualification, REMOVED_AT, RecordId, RecordKind, Referral, Service, Shift, Site, Sitting, Step,
    Submission, Value, Venue, write_date_time,
};
use crate::document::Name;

/// A record that has a struct of its own.
pub trait Typed: Sized + 'static {
    /// Its table of fields.
    const KIND: RecordKind;

    /// Reads it from stored fields: never fails, what cannot be read is left empty.
    fn read(id: RecordId, fields: &FieldReader<'_>) -> Self;

    /// Its id.
    fn id(&self) -> RecordId;

    /// The fields to store: those that are not empty.
    fn fields(&self) -> Vec<(&'static str, Value)>;

    /// The record as this type, if it is one.
    fn of(record: &Record) -> Option<&Self>;

    /// Reads what a person typed for a field, by its name or label: the field's name and the
    /// value to store.
    ///
    /// # Errors
    ///
    /// When there is no such field, or the text is not what it holds.
    fn parse_field(field: &str, text: &str) -> Result<(&'static str, Value), FieldError> {
        let (field, value) = Self::KIND.parse(field, text)?;
        Ok((field.name, value))
    }

    /// The edits that create it in `document`.
    fn create(&self, document: &Name) -> Vec<Edit> {
        let set = |(field, value): (&str, Value)| {
            Edit::set(document, Self::KIND.collection, self.id(), field, value)
        };
        self.fields().into_iter().map(set).collect()
    }
}

/// A record of a collection that has no struct yet: its fields are those of its entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Untyped {
    /// Its id.
    pub id: RecordId,
    /// Where it is.
    pub collection: Collection,
}

macro_rules! registry {
    ($($record:ident,)*) => {
        /// A record of any kind.
        #[derive(Clone, Debug, PartialEq)]
        #[expect(missing_docs, reason = "each holds the struct of its name")]
        pub enum Record {
            $($record($record),)*
            Untyped(Untyped),
        }

        impl Record {
            /// Every kind of record that has a table of fields.
            pub const KINDS: &'static [RecordKind] = &[$($record::KIND),*];

            /// Reads a record of `collection` from its stored fields.
            pub fn read(collection: Collection, id: RecordId, fields: &FieldReader<'_>) -> Self {
                match collection {
                    $(_ if collection == $record::KIND.collection => {
                        Self::$record($record::read(id, fields))
                    })*
                    _ => Self::Untyped(Untyped { id, collection }),
                }
            }

            /// The fields to store: those that are not empty.
            pub fn fields(&self) -> Vec<(&'static str, Value)> {
                match self {
                    $(Self::$record(record) => record.fields(),)*
                    Self::Untyped(_) => Vec::new(),
                }
            }

            /// Its id.
            pub fn id(&self) -> RecordId {
                match self {
                    $(Self::$record(record) => record.id(),)*
                    Self::Untyped(record) => record.id,
                }
            }

            /// Its table of fields.
            pub const fn kind(&self) -> Option<&'static RecordKind> {
                match self {
                    $(Self::$record(_) => Some(const { &$record::KIND }),)*
                    Self::Untyped(_) => None,
                }
            }

            /// Where it is.
            pub const fn collection(&self) -> Collection {
                match self {
                    $(Self::$record(_) => $record::KIND.collection,)*
                    Self::Untyped(record) => record.collection,
                }
            }
        }
    };
}

// A new kind of record: its module, and its line here.
registry! {
    Agreement,
    Assessment,
    Attendance,
    Booking,
    CalendarDay,
    Case,
    Certificate,
    Contest,
    ContestEntry,
    Course,
    CourseSession,
    Device,
    Drive,
    Enrolment,
    HoursException,
    Issue,
    Item,
    LedgerEntry,
    Mediator,
    Party,
    Person,
    Post,
    Qualification,
    Referral,
    Service,
    Shift,
    Site,
    Sitting,
    Step,
    Submission,
    Venue,
}

impl Record {
    /// The table of fields of the records in a collection.
    pub fn kind_of(collection: Collection) -> Option<&'static RecordKind> {
        Self::KINDS
            .iter()
            .find(|kind| kind.collection == collection)
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match (self, self.kind()) {
            (Self::Untyped(record), _) => record.serialize(to),
            (_, None) => to.serialize_none(),
            (_, Some(kind)) => serialize(kind, self.id(), &self.fields(), to),
        }
    }
}

/// Serializes a record as its table says: one function for all kinds, which are many.
pub(super) fn serialize<S: Serializer>(
    kind: &RecordKind,
    id: RecordId,
    fields: &[(&'static str, Value)],
    to: S,
) -> Result<S::Ok, S::Error> {
    let mut object = to.serialize_map(None)?;
    object.serialize_entry("id", &id)?;
    for field in kind.fields.iter().chain([&REMOVED_AT]) {
        let stored = fields.iter().find(|(name, _)| *name == field.name);
        let value = stored.map(|(_, value)| value);
        let text = value.and_then(Value::as_text).unwrap_or_default();
        object.serialize_key(field.name)?;
        match field.form {
            Form::Text => object.serialize_value(text)?,
            Form::Words => {
                object.serialize_value(&text.split_whitespace().collect::<Vec<_>>())?;
            }
            Form::Weekdays => {
                let days = text.split_whitespace().flat_map(str::parse::<u8>);
                object.serialize_value(&days.collect::<Vec<_>>())?;
            }
            Form::DateTime if value.is_none() && !field.nullable => {
                object.serialize_value(&write_date_time(DateTime::ZERO))?;
            }
            _ => object.serialize_value(&value)?,
        }
    }
    object.end()
}
