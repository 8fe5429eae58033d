//! What a kind of record is written with: one [`record!`], its choices with [`choices!`], and its line in the registry.

/// Defines a kind of record: its struct, its table of fields, and how both are read and stored.
///
/// ```text
/// record! {
///     /// A room that can be booked.
///     Venue: Venues = "场地", "venue";
///     known by [site, name];          // its id follows from these; they never change
///     rows by [venue, start, name];   // else: what makes two rows of a file one record
///     lasts [start, end];             // from when to when it is
///     claims [venue, start, end];     // what a confirmation is about: changing it empties `confirmed_by`
///     written once;                   // by the program itself, and never changed
///     {
///         /// Where it is.
///         site: SiteKey = "站点", "site", required;
///         /// How many people fit in.
///         capacity: Option<i64> = "容量", "capacity" in 1 to 100_000;
///         /// The venue it is in.
///         part_of: Option<RecordId> = "属于", "part of" -> Venues;
///     }
/// }
/// ```
macro_rules! record {
    (
        $(#[$doc:meta])*
        $record:ident: $collection:ident = $zh:literal, $en:literal;
        $(known by [$($known:ident),+];)?
        $(rows by [$($row:ident),+];)?
        $(lasts [$start:ident, $end:ident];)?
        $(claims [$($claim:ident),+];)?
        $(written $once:ident;)?
        {
            $(
                $(#[$field_doc:meta])*
                $field:ident: $type:ty = $field_zh:literal, $field_en:literal
                $(, $required:ident)? $(in $min:literal to $max:literal)? $(-> $to:ident)?;
            )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $record {
            /// Its id.
            pub id: $crate::records::RecordId,
            $($(#[$field_doc])* pub $field: $type,)*
            /// When it was removed, if it was.
            pub removed_at: Option<jiff::civil::DateTime>,
        }

        impl serde::Serialize for $record {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                use $crate::records::Typed;
                $crate::records::record::serialize(&Self::KIND, self.id, &self.fields(), to)
            }
        }

        impl $crate::records::Typed for $record {
            const KIND: $crate::records::RecordKind = $crate::records::RecordKind {
                collection: $crate::records::Collection::$collection,
                label: $crate::records::Label { zh: $zh, en: $en },
                fields: &[$(
                    $crate::records::Field {
                        name: stringify!($field),
                        label: $crate::records::Label { zh: $field_zh, en: $field_en },
                        form: $crate::records::define::form!($type $(, $min, $max)?),
                        required: $crate::records::define::is_given!($($required)?),
                        nullable: <$type as $crate::records::FieldType>::NULLABLE,
                        refers_to: $crate::records::define::refers!($($to)?),
                    },
                )*],
                known_by: &[$($(stringify!($known)),+)?],
                rows_by: &[$($(stringify!($row)),+)?],
                lasts: $crate::records::define::lasts!($($start, $end)?),
                claims: &[$($(stringify!($claim)),+)?],
                once: $crate::records::define::is_given!($($once)?),
            };

            fn read(
                id: $crate::records::RecordId,
                fields: &$crate::records::FieldReader<'_>,
            ) -> Self {
                Self {
                    id,
                    $($field: $crate::records::FieldType::read(fields, stringify!($field)),)*
                    removed_at: fields.removed_at(),
                }
            }

            fn id(&self) -> $crate::records::RecordId {
                self.id
            }

            fn fields(&self) -> Vec<(&'static str, $crate::records::Value)> {
                let mut fields = $crate::records::fields::Fields::default();
                $(fields.put(stringify!($field), $crate::records::FieldType::value(&self.$field));)*
                fields.put(
                    $crate::records::REMOVED_AT.name,
                    $crate::records::FieldType::value(&self.removed_at),
                );
                fields.into_vec()
            }

            fn of(record: &$crate::records::Record) -> Option<&Self> {
                match record {
                    $crate::records::Record::$record(record) => Some(record),
                    _ => None,
                }
            }
        }
    };
}

macro_rules! form {
    ($type:ty) => {
        <$type as $crate::records::FieldType>::FORM
    };
    ($type:ty, $min:literal, $max:literal) => {
        $crate::records::Form::Number {
            min: $min,
            max: $max,
        }
    };
}

macro_rules! is_given {
    () => {
        false
    };
    ($given:ident) => {
        true
    };
}

macro_rules! refers {
    () => {
        None
    };
    ($to:ident) => {
        Some($crate::records::Collection::$to)
    };
}

macro_rules! lasts {
    () => {
        None
    };
    ($start:ident, $end:ident) => {
        Some((stringify!($start), stringify!($end)))
    };
}

/// An enum of the words a choice field may hold, with their labels; what cannot be read is taken for the one after `else`.
macro_rules! choices {
    ($(#[$doc:meta])* $choice:ident else $fallback:ident { $($(#[$variant_doc:meta])* $variant:ident = $value:literal, $zh:literal, $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $choice {
            $($(#[$variant_doc])* $variant,)*
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

            /// The value that is stored as `text`; none where no such value is.
            #[must_use]
            pub fn from_stored(text: &str) -> Option<Self> {
                match text { $($value => Some(Self::$variant),)* _ => None }
            }
        }

        impl $crate::records::FieldType for $choice {
            const FORM: $crate::records::Form = $crate::records::Form::Choice(Self::CHOICES);

            fn read(fields: &$crate::records::FieldReader<'_>, field: &str) -> Self {
                fields.str(field).and_then(Self::from_stored).unwrap_or(Self::$fallback)
            }

            fn value(&self) -> Option<$crate::records::Value> {
                Some(self.as_str().into())
            }
        }

        impl serde::Serialize for $choice {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }
    };
}

pub(super) use {choices, form, is_given, lasts, record, refers};
