//! The "1+N" matrix: one hub and the homes, stations and points around it, as one thing to ask.
//!
//! Where is it open now, and what can be had there? Whose is the room at three? Each answer is a pure function of the documents
//! held and of the time handed in, so all replicas that hold the same give the same.
//!
//! - [`Directory`] is an index over `sites`: the tree of sites, their venues, services and hours; [`Timetable`] says when one of
//!   them is open.
//! - [`grants`] says which bookings of a venue stand. Nothing about it is stored: [`Board`] keeps the bookings of many months and
//!   sites by venue, and answers what is free and what else would do.
//! - [`open_near`] finds the sites that are open, the nearest first; [`near_changes`] says when to ask again.

mod alternatives;
mod board;
mod claim;
mod directory;
mod distance;
mod grants;
mod near;
mod nearby;
mod next;
mod slot;
mod taken;
mod timetable;
mod tree;

pub use self::alternatives::Alternative;
pub(crate) use self::alternatives::{Search, Wish, alternatives};
pub use self::board::Board;
pub(crate) use self::claim::Claim;
pub use self::directory::Directory;
pub use self::grants::{Grant, grants, promised};
pub(crate) use self::grants::{Settled, confirmer};
pub use self::near::{Near, Wanted, open_near};
pub(crate) use self::nearby::Nearby;
pub use self::next::near_changes;
pub use self::slot::Slot;
pub(crate) use self::taken::Taken;
pub use self::timetable::{Day, Timetable};

#[cfg(test)]
mod tests;
