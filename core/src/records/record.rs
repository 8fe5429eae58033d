use serde::Serialize;

use super::{
    Collection, Edit, FieldError, FieldReader, Person, Post, RecordId, RecordKind, Shift, Site,
    Value,
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
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(untagged)]
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
    Person,
    Post,
    Shift,
    Site,
}

impl Record {
    /// The table of fields of the records in a collection.
    pub fn kind_of(collection: Collection) -> Option<&'static RecordKind> {
        Self::KINDS
            .iter()
            .find(|kind| kind.collection == collection)
    }
}

/// An enum of the words a choice field may hold, with their labels.
macro_rules! choices {
    ($(#[$doc:meta])* $choice:ident { $($(#[$variant_doc:meta])* $variant:ident = $value:literal, $zh:literal, $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $choice {
            $($(#[$variant_doc])* #[serde(rename = $value)] $variant,)*
        }

        impl $choice {
            /// Each value with its labels.
            pub const CHOICES: &'static [$crate::records::Choice] = &[$(
                $crate::records::Choice {
                    value: $value,
                    label: $crate::records::Label { zh: $zh, en: $en },
                },
            )*];

            /// The value as stored.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $value,)* }
            }

            /// The value as shown.
            pub const fn label(self) -> $crate::records::Label {
                match self { $(Self::$variant => $crate::records::Label { zh: $zh, en: $en },)* }
            }

            /// The value that is stored as `text`.
            pub(crate) fn from_stored(text: &str) -> Option<Self> {
                match text { $($value => Some(Self::$variant),)* _ => None }
            }
        }
    };
}
pub(super) use choices;
