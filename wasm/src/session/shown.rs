use std::collections::BTreeMap;

use automerge::ChangeHash;
use serde::Serialize;
use yilian_core::document::{Author, HistoryEntry, Name, RecordPatch};
use yilian_core::records::{Entry, FieldProblem, Record, Value};
use yilian_core::sync::replica::Progress;

/// Keys that a stored field cannot have in what is shown.
const TAKEN: [&str; 3] = ["id", "collection", "problems"];

/// A record as JavaScript sees it: the typed fields, then what is stored besides them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShownRecord {
    /// The record, typed.
    #[serde(flatten)]
    pub record: Record,
    /// Fields that its kind does not know.
    #[serde(flatten)]
    pub extra: BTreeMap<String, Value>,
    /// What is wrong with its fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<FieldProblem>,
}

impl ShownRecord {
    pub(super) fn of(entry: &Entry) -> Self {
        let extra = entry
            .extra()
            .filter(|(name, _)| !TAKEN.contains(name))
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect();
        Self {
            record: entry.record().clone(),
            extra,
            problems: entry.problems().to_vec(),
        }
    }
}

/// One change of a record's past.
#[derive(Clone, Debug, Serialize)]
pub struct ShownChange {
    /// The change.
    pub hash: String,
    /// When, by its writer's clock: seconds since 1970.
    pub time: i64,
    /// Who.
    pub author: Option<Author>,
    /// Why.
    pub message: Option<String>,
    /// The change that it undid.
    pub undoes: Option<String>,
    /// What it changed in the record.
    pub patch: RecordPatch,
}

impl From<HistoryEntry> for ShownChange {
    fn from(entry: HistoryEntry) -> Self {
        Self {
            hash: entry.hash.to_string(),
            time: entry.time,
            author: entry.author,
            message: entry.message,
            undoes: entry.undoes.map(|hash: ChangeHash| hash.to_string()),
            patch: entry.patch,
        }
    }
}

/// How far this replica and the relay are from each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownProgress {
    /// Whether the relay's catalogue has been read to its end.
    pub catalogue_read: bool,
    /// Documents that the relay has more of than is here.
    pub arriving: usize,
    /// Documents with changes that are not durable at the relay.
    pub waiting: Vec<ShownWaiting>,
    /// Documents of which the relay refused something.
    pub refused: Vec<ShownRefusal>,
    /// Whether all that is here is durable at the relay, and all that is subscribed is here.
    pub in_step: bool,
}

/// A document with changes that are not durable at the relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownWaiting {
    /// Its name; its id where it has none.
    pub name: String,
    /// How many changes; unknown until it is in memory.
    pub changes: Option<usize>,
}

/// A document of which the relay refused something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownRefusal {
    /// Its name; its id where it has none.
    pub name: String,
    /// Why, for a person.
    pub reason: String,
}

impl ShownProgress {
    pub(super) fn new(
        progress: &Progress,
        name: impl Fn(&yilian_core::document::DocumentId) -> Option<Name>,
    ) -> Self {
        let label = |id| name(id).map_or_else(|| id.to_string(), |name| name.to_string());
        Self {
            catalogue_read: progress.catalogue_read,
            arriving: progress.arriving,
            waiting: progress
                .waiting
                .iter()
                .map(|waiting| ShownWaiting {
                    name: label(&waiting.document),
                    changes: waiting.changes,
                })
                .collect(),
            refused: progress
                .refused
                .iter()
                .map(|(document, reason)| ShownRefusal {
                    name: label(document),
                    reason: reason.clone(),
                })
                .collect(),
            in_step: progress.is_in_step(),
        }
    }
}
