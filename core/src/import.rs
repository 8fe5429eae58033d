//! Tables into edits.
mod clean;
mod date;
mod header;
mod row_error;
mod table;
mod time;
pub use self::row_error::{ErrorColumn, ImportError, RowError};
pub use self::table::{Row, Table, column_letters};
