//! Rules.
mod text;
pub use self::text::{Language, Text};
