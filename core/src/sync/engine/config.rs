use crate::sync::limits::Limits;
use crate::sync::sync_state::Voice;

/// What an engine is told at its start.
#[derive(Clone, Debug)]
pub struct Config {
    /// Our peer id: one for each process.
    pub peer_id: String,
    /// Our store's id.
    pub storage_id: String,
    /// Our session, for ephemeral messages.
    pub session_id: String,
    /// Relay or replica.
    pub voice: Voice,
    /// Bounds on what peers may do.
    pub limits: Limits,
    /// How long a document that nobody uses stays in memory, in milliseconds.
    pub idle_ms: u64,
}
