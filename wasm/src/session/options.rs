use automerge::ChangeHash;
use yilian_core::document::{Author, DocumentId, Name, Network};
use yilian_core::ordered::{self, BTreeMap};
use yilian_core::storage::{Position, Quarantined, StoredDocument};
use yilian_core::sync::wire::Cursor;

use super::SessionError;
use super::json::{Json, list, maybe, parsed, texts};

/// What a session is told at its start.
#[derive(Clone, Debug)]
pub struct Options {
    /// The network whose documents these are.
    pub network: Network,
    /// The id of this run of this tab.
    pub peer_id: String,
    /// The store's id, which all tabs of a browser have in common.
    pub storage_id: String,
    /// Who edits.
    pub author: Option<Author>,
    /// Whether it is the hub that edits: what its author does is done for the county's centre.
    pub is_hub: bool,
    /// Names that start with one of these are kept in step whether or not they are open.
    pub prefixes: Vec<String>,
    /// What the store holds.
    pub documents: Vec<StoredDocument>,
    /// How far the relay's catalogue was read.
    pub cursor: Option<Cursor>,
    /// Changes that broke a document: they are put aside when it is loaded.
    pub quarantine: Vec<ChangeHash>,
    /// Changes that are aside already, by document.
    pub aside: BTreeMap<DocumentId, Vec<Quarantined>>,
    /// Those of them that nobody wants to hear of any more.
    pub dismissed: Vec<ChangeHash>,
    /// Whether an engine stopped here, and nobody knows of which change.
    pub is_careful: bool,
    /// Minutes that the network's clocks are ahead of UTC.
    pub offset_minutes: i32,
}

impl Options {
    /// Reads options as JavaScript writes them: JSON, names in camel case.
    ///
    /// # Errors
    /// A field is missing or not what it should be.
    pub fn read(json: &str) -> Result<Self, SessionError> {
        let json = Json::read(json)?;
        let documents = list(&json, "documents").iter().map(document);
        let offset = json.get("offsetMinutes").and_then(Json::as_i64);
        Ok(Self {
            network: parsed(&json, "network")?,
            peer_id: parsed(&json, "peerId")?,
            storage_id: parsed(&json, "storageId")?,
            author: maybe(&json, "author")?,
            is_hub: json.get("role").and_then(Json::as_str) == Some("hub"),
            prefixes: prefixes(&json),
            documents: documents.collect::<Result<_, _>>()?,
            cursor: json.get("cursor").and_then(cursor),
            quarantine: hashes(&json, "quarantine"),
            aside: list(&json, "aside").iter().filter_map(aside_of).collect(),
            dismissed: hashes(&json, "dismissed"),
            is_careful: json.get("careful").is_some(),
            offset_minutes: offset
                .and_then(|offset| offset.try_into().ok())
                .unwrap_or(0),
        })
    }
}

/// What was asked for, or what the site keeps. Who stands nowhere keeps the directory and the courses, and what they open.
fn prefixes(json: &Json) -> Vec<String> {
    if json.get("subscribe").is_some() {
        return texts(json, "subscribe");
    }
    // The hub keeps everything.
    if json.get("role").and_then(Json::as_str) == Some("hub") {
        return vec![String::new()];
    }
    match maybe(json, "site") {
        Ok(Some(site)) => Name::prefixes_of(&site),
        _ => Name::prefixes_of_guests(),
    }
}

/// What is aside of a document: `{ document, listed: [{ change, reason }] }`.
fn aside_of(json: &Json) -> Option<(DocumentId, Vec<Quarantined>)> {
    let document = json.get("document")?.as_str()?.parse().ok()?;
    Some((document, all_listed(json)))
}

/// Changes that are aside, as JavaScript writes them: `{ listed: [{ change, reason }] }`.
///
/// # Errors
/// It is no JSON.
pub fn listed(json: &str) -> Result<Vec<Quarantined>, SessionError> {
    Ok(all_listed(&Json::read(json)?))
}

fn all_listed(json: &Json) -> Vec<Quarantined> {
    let one = |json: &Json| {
        Some(Quarantined {
            change: json.get("change")?.as_str()?.parse().ok()?,
            reason: json.get("reason")?.as_str()?.to_owned(),
        })
    };
    list(json, "listed").iter().filter_map(one).collect()
}

fn document(json: &Json) -> Result<StoredDocument, SessionError> {
    Ok(StoredDocument {
        id: parsed(json, "id")?,
        name: maybe(json, "name")?,
        heads: hashes(json, "heads"),
        remote_heads: hashes(json, "remoteHeads"),
        position: Position::START,
    })
}

/// A position is a text: a JavaScript number would round it.
fn cursor(json: &Json) -> Option<Cursor> {
    Some(Cursor {
        store: json.get("store")?.as_str()?.to_owned(),
        position: json.get("position")?.as_str()?.parse().ok()?,
    })
}

fn hashes(json: &Json, name: &str) -> Vec<ChangeHash> {
    let texts = list(json, name).iter().filter_map(Json::as_str);
    let mut hashes: Vec<ChangeHash> = texts.filter_map(|text| text.parse().ok()).collect();
    ordered::sort(&mut hashes);
    hashes
}
