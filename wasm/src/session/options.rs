use automerge::ChangeHash;
use serde::Deserialize;
use yilian_core::document::{Author, DocumentId, Network};
use yilian_core::storage::{Position, StoredDocument};
use yilian_core::sync::wire::Cursor;

/// What a session is told at its start.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    /// The network whose documents these are.
    pub network: Network,
    /// The id of this run of this tab.
    pub peer_id: String,
    /// The store's id, which all tabs of a browser have in common.
    pub storage_id: String,
    /// Who edits.
    #[serde(default)]
    pub author: Option<Author>,
    /// Names that start with one of these are kept in step whether or not they are open.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// What the store holds.
    #[serde(default)]
    pub documents: Vec<Stored>,
    /// How far the relay's catalogue was read.
    #[serde(default)]
    pub cursor: Option<StoredCursor>,
    /// Changes that are kept and passed on, but not shown: they broke a document.
    #[serde(default)]
    pub quarantine: Vec<String>,
    /// Minutes that the network's clocks are ahead of UTC.
    #[serde(default)]
    pub offset_minutes: i32,
}

/// What the store says of a document.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stored {
    /// Its id.
    pub id: DocumentId,
    /// Its name, if it has one.
    #[serde(default)]
    pub name: Option<String>,
    /// Its heads, in hexadecimal.
    #[serde(default)]
    pub heads: Vec<String>,
    /// The relay's heads when last seen.
    #[serde(default)]
    pub remote_heads: Vec<String>,
}

/// How far the relay's catalogue was read.
#[derive(Clone, Debug, Deserialize)]
pub struct StoredCursor {
    /// The relay's store.
    pub store: String,
    /// Its position, as text: a JavaScript number would round it.
    pub position: String,
}

impl Stored {
    pub(super) fn into_document(self) -> StoredDocument {
        StoredDocument {
            id: self.id,
            name: self.name,
            heads: hashes(&self.heads),
            remote_heads: hashes(&self.remote_heads),
            position: Position::START,
        }
    }
}

impl StoredCursor {
    pub(super) fn into_cursor(self) -> Option<Cursor> {
        let position = self.position.parse().ok()?;
        Some(Cursor {
            store: self.store,
            position,
        })
    }
}

/// The hashes among texts, sorted.
pub(super) fn hashes(texts: &[String]) -> Vec<ChangeHash> {
    let mut hashes: Vec<ChangeHash> = texts.iter().filter_map(|text| text.parse().ok()).collect();
    hashes.sort_unstable();
    hashes
}
