//! A native Yilian node: a replica in a directory, in step with a relay whenever there is one.
//!
//! [`Node`] is what an application embeds. Beneath it, [`store`] keeps documents in SQLite,
//! [`transport`] dials and keeps WebSockets, and [`driver`] runs the engine of `yilian-core`
//! between the two; the relay is built from the same parts. [`verifier`] finds what breaks Automerge. [`read_table`] reads the files that
//! offices have.

pub mod calendar;
pub mod driver;
pub mod errors;
pub mod identity;
mod node;
pub mod qr;
pub mod read_table;
pub mod store;
pub mod time;
pub mod transport;
pub mod verifier;

pub use node::{
    Change, Dialling, DocumentWaiting, Documents, EditFailed, LinkState, Node, NodeError,
    OpenNodeError, Profile, ReadError, Refused, RefusedFailed, Role, Status, SupplyFailed, Tended,
};
