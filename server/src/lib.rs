//! The relay: a store that listens.
//!
//! [`Relay`] accepts WebSockets at `/sync` and syncs documents between whoever connects: browsers
//! and native nodes, our own or unmodified automerge-repo clients. Documents are spread over shards,
//! one for each core, each a task with an engine of its own; nothing is locked. It works on graphs of
//! changes alone and never builds an Automerge document to sync or to fan out.

mod calendar;
mod catalogue;
mod condition;
mod doors;
mod http;
mod large;
mod listener;
mod metrics;
mod published;
mod relay;
mod settings;

pub use catalogue::CatalogueTask;
pub use condition::Condition;
pub use published::{Published, PublishedDocument, PublishedStore};
pub use relay::{Relay, StartError};
pub use settings::{Flags, LimitSetting, Settings, SettingsError};
