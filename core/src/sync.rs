//! The sync engine, without I/O: what to say to whom, and what to store.
//!
//! [`engine::Engine`] is the heart: documents, connections, and one call for each thing that
//! happens. A relay runs one for each of its shards, beside one [`catalogue::Catalogue`]; a node or a
//! page runs a [`replica::Replica`], which has one inside. Both introduce themselves with
//! [`handshake`] and speak [`wire`].
//!
//! Beneath: [`change_graph`] knows a document's changes without their operations, and
//! [`sync_state`] what one peer knows of one document. [`message`], [`bloom`] and [`chunk`] read and
//! write Automerge's formats, [`pack`] makes old changes small; [`limits`] bounds what all of them take.

pub mod bloom;
pub mod catalogue;
pub mod change_graph;
pub mod chunk;
pub mod engine;
pub mod handshake;
pub mod limits;
pub mod message;
pub mod pack;
pub(crate) mod reader;
pub mod replica;
pub mod sync_state;
pub mod wire;

pub use reader::ReadError;
