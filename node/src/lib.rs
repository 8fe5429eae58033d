//! x
pub mod identity;
pub mod read_table;
pub mod store;
pub mod time;
pub mod transport;
