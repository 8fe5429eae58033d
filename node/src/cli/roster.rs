//! Rosters: showing and editing.

pub(crate) mod edit;
pub(crate) mod show;
