//! Records: sites, posts, persons and shifts, as typed views of what documents hold.
//!
//! A collection is one flat map, key `<record id>/<field>`, scalar value. Creating a record is
//! nothing but setting its fields, so two replicas that create the same record offline hide
//! nothing of each other; removing one sets its `removed_at`. Reading never fails: a record comes
//! with the [`FieldProblem`]s of what could not be read.

mod collection;
mod edit;
mod entry;
mod field;
mod fields;
mod hours;
mod kind;
mod person;
mod post;
mod reader;
mod record;
mod record_id;
mod shift;
mod site;
mod stored_fields;
mod time;
mod value;
mod view;

pub use collection::{Collection, ParseCollectionError};
pub use edit::Edit;
pub use entry::Entry;
pub use field::{
    Choice, Expected, Field, FieldError, FieldProblem, Form, Label, ProblemKind, REMOVED_AT,
};
pub use hours::{Hours, ParseHoursError};
pub use kind::RecordKind;
pub use person::{Person, Role};
pub use post::Post;
pub use reader::FieldReader;
pub use record::{Record, Typed, Untyped};
pub use record_id::{ParseRecordIdError, RecordId};
pub use shift::{Shift, ShiftState};
pub use site::{Level, Site};
pub(crate) use stored_fields::StoredFields;
pub use time::{parse_date_time, write_date_time};
pub use value::Value;
pub use view::View;

#[cfg(test)]
mod tests;
