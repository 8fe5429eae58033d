//! Tables into edits: what a file says, compared with what is held.
//!
//! An import is planned first, by a pure function of the file's rows and of what is held, and its [`Plan`] is then written as
//! a whole. Either every row is understood or the [`ImportError`] lists each one that is not, and nothing happens.
//!
//! Records made of rows have ids that follow from the rows alone, never from what is held: so two replicas that import one
//! file offline make the same records. Importing again compares three things, field by field: what the last import
//! said, what the file says now, and what is held. What the file did not change stays as people have it.

mod case_row;
mod cases;
mod cell;
mod clean;
mod date;
mod goods;
mod goods_row;
mod header;
mod held;
mod moment;
mod named_person;
mod people;
mod person_cell;
mod plan;
mod posts;
mod reconcile;
mod record_row;
mod records;
mod roster;
mod row_error;
mod shift_row;
mod sites;
mod table;
mod time;
mod value;

pub use self::cases::plan_cases;
pub(crate) use self::clean::{blanks, phone_key, word};
pub use self::clean::{name as clean_name, name_key};
pub use self::goods::{GoodsList, plan_goods};
pub use self::held::Held;
pub use self::named_person::NamedPerson;
pub use self::people::plan_people;
pub use self::plan::{FieldUpdate, GoneRecord, ImportWarning, Plan, PlannedRow, UpdatedRow};
pub use self::posts::plan_posts;
pub use self::reconcile::IMPORTED;
pub use self::records::{imported_fields, plan_records};
pub use self::roster::plan_roster;
pub use self::row_error::{ErrorColumn, ImportError, RowError};
pub use self::sites::plan_sites;
pub use self::table::{Row, Table, column_letters};
pub use self::value::{read_field, read_site, write_field};

#[cfg(test)]
mod tests;
