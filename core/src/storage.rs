//! What a store must do, and one that keeps everything in memory.
//!
//! A store keeps documents as an append-only log of Automerge change chunks, and beside each document what is needed
//! without reading its changes: name, heads, the position of its last change, and what the dialled relay has
//! acknowledged. It knows nothing of Automerge: it never looks into a chunk except when asked to to check
//! itself ([`Store::check`]).
//!
//! Three promises carry everything above it:
//! - **Durable**: what [`Store::commit`] has returned a position for survives a crash, and loss of power.
//! - **Atomic**: of a commit that failed, nothing is there afterwards.
//! - **Ordered**: chunks of a document come back in the order they were appended.
//!
//! Storing a change twice is harmless: whoever loads the document notices. A store is therefore free of any index by
//! change hash, which would cost more than the rest of the write.
//!
//! [`conformance`] holds the tests that every adapter runs.

mod arranged;
mod audit;
mod commit;
pub mod conformance;
mod memory;
mod outline;
mod position;
mod problem;
mod quarantine;
mod salvage;
mod store;
mod stored_document;

pub use arranged::Arranged;
pub use audit::audit;
pub use commit::{Commit, DocumentWrite};
pub use memory::{MemoryError, MemoryStore};
pub use outline::{Block, Outline, Packing, Part, Run, Snapshot, SnapshotInfo};
pub use position::Position;
pub use problem::{Fault, Problem};
pub use quarantine::Quarantined;
pub use salvage::Salvage;
pub use store::Store;
pub use stored_document::StoredDocument;
