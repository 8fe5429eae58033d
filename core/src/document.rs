//! Documents: how they are named, identified, begun, read and written.
//!
//! A document is one Automerge document, the unit of sync, of permission and of storage. Its
//! [`Name`] says what it holds; its [`DocumentId`] follows from the network and the name, so two
//! sites that begin the same roster offline begin the same document; its genesis change makes the
//! containers, byte for byte the same on every replica.

mod author;
mod conflict;
mod genesis;
mod history;
mod id;
mod kind;
mod live;
mod month;
mod name;
mod network;
mod patch;
#[cfg(test)]
mod replica;
mod site_key;
mod undo;

pub use author::{Author, ParseAuthorError};
pub use conflict::{FieldConflict, LateEdit, Writing};
pub use history::{HistoryEntry, LogEntry, Remade, Remake, Written};
pub use id::{DocumentId, ParseDocumentIdError};
pub use kind::Kind;
pub use live::{ApplyError, EditError, Edited, LiveDocument};
pub use month::{Month, ParseMonthError};
pub use name::{Name, ParseNameError};
pub use network::{Network, ParseNetworkError};
pub use patch::{FieldChange, RecordChange, RecordPatch};
pub use site_key::{ParseSiteKeyError, SiteKey};
pub use undo::Undo;
