//! x
pub mod identity;
pub mod store;
pub mod time;
pub mod transport;
