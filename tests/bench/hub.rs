//! What a hub has done since the first release, measured by the same code for every revision: see `hub/main.rs`.

pub(crate) mod clock;
pub(crate) mod measure;
