//! x
pub mod read_table;
