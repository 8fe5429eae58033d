//! The heart of Yilian: records, rules, documents and the sync engine.
//!
//! Nothing here does I/O, reads a clock, draws randomness, spawns a thread or awaits: time and
//! random bytes are handed in, effects are return values. So the same code runs in a native node,
//! in a relay and, as WebAssembly, in a page.

mod base58check;
pub mod civil;
pub mod document;
pub mod flow;
pub mod import;
pub mod inbox;
pub mod matrix;
pub mod mediation;
pub mod ordered;
pub mod records;
pub mod report;
pub mod rules;
pub mod school;
pub mod storage;
pub mod supplies;
pub mod sync;
