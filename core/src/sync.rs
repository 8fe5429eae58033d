//! x
pub mod bloom;
pub mod catalogue;
pub mod change_graph;
pub mod chunk;
pub mod engine;
pub mod limits;
pub mod message;
mod reader;
pub mod sync_state;
pub mod wire;
