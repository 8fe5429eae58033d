//! Ordered maps and sets, and sorting: the standard library's, except in a browser.
//!
//! Every type that a B-tree holds costs some ten kilobytes of WebAssembly, every type that is sorted five,
//! and the core has dozens. In a
//! browser, where size decides how long people wait, the order of keys is therefore kept by code that
//! knows nothing of their type; it is a little slower.

#[cfg(any(target_arch = "wasm32", test))]
mod map;
#[cfg(any(target_arch = "wasm32", test))]
mod order;
#[cfg(any(target_arch = "wasm32", test))]
mod set;
mod sort;

pub use sort::{sort, sort_by_key};

#[cfg(not(target_arch = "wasm32"))]
pub use std::collections::{BTreeMap, BTreeSet};

#[cfg(target_arch = "wasm32")]
pub use self::{map::BTreeMap, set::BTreeSet};

#[cfg(test)]
mod tests;
