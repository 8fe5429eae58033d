//! What drives an engine: sockets on one side, a store on the other, and nothing shared between.
//!
//! A [`Shard`] is a task that owns one [`Machine`] and lives by a channel of inputs. A session
//! is the task of one connection: it introduces itself, reads messages and hands each to the shard
//! of its document. A node has one shard, a relay one for each core. Bytes to send are made when the
//! socket can take them (`Outbox`), so a slow reader costs a flag, not memory. Whose message is taken next goes by how much of
//! the shard's time each connection has taken (`FairQueue`), and
//! a relay does not read from who has taken more than its share ([`Account`]).

mod account;
mod conversation;
mod expansion;
mod fair;
mod input;
mod machine;
mod outbox;
mod places;
mod session;
mod shard;

pub use account::{Account, Budget};
pub use conversation::{Conversation, Farewell, Heard};
pub use expansion::Expansion;
pub use input::{Event, Frame, Route, Router};
pub use machine::Machine;
pub use outbox::{Gate, Outbox};
pub use places::Places;
pub use session::{Endpoint, OUTGOING_MAX, SessionEnd, SessionSettings, accept, dial};
pub use shard::{Application, Shard, ShardStore};
