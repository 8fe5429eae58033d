//! Rosters: showing, editing, printing.

pub(crate) mod calendar;
pub(crate) mod edit;
mod grid;
mod list;
pub(crate) mod show;
