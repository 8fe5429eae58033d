use std::fmt::Display;

use automerge::ChangeHash;
use yilian_core::document::{HistoryEntry, LogEntry, Name};
use yilian_core::records::{Collection, Entry, Record};
use yilian_core::sync::replica::Progress;

use super::Refused;
use super::json::{Object, array, write};

/// Keys that a stored field cannot have in what is shown.
const TAKEN: [&str; 3] = ["id", "collection", "problems"];

/// A record as JavaScript sees it: the typed fields, what is stored besides them, and what is wrong.
pub(super) fn record(entry: &Entry) -> String {
    let mut object = Object::new();
    object = match entry.record() {
        Record::Untyped(record) => object
            .shown("id", &record.id)
            .shown("collection", &record.collection),
        record => object.fields_of(&write(record)),
    };
    for (name, value) in entry.extra().filter(|(name, _)| !TAKEN.contains(name)) {
        object = object.value(name, value);
    }
    if !entry.problems().is_empty() {
        object = object.value("problems", &entry.problems());
    }
    object.end()
}

/// One part of what a document holds.
pub(super) fn part(collection: Collection, entries: &[&Entry]) -> String {
    Object::new()
        .shown("collection", &collection)
        .raw("records", &array(entries.iter().map(|entry| record(entry))))
        .end()
}

/// One change of a record's past; `time` is in seconds since 1970.
pub(super) fn change(entry: &HistoryEntry) -> String {
    head(
        &entry.hash,
        entry.time,
        [
            shown(&entry.author),
            shown(&entry.message),
            shown(&entry.undoes),
        ],
    )
    .value("patch", &entry.patch)
    .end()
}

/// One change of a document; `time` is in seconds since 1970.
pub(super) fn logged(entry: &LogEntry) -> String {
    head(
        &entry.hash,
        entry.time,
        [
            shown(&entry.author),
            shown(&entry.message),
            shown(&entry.undoes),
        ],
    )
    .number("records", u64::try_from(entry.records).unwrap_or(u64::MAX))
    .raw("patches", &array(entry.patches.iter().map(write)))
    .end()
}

/// What both say of a change: also its author, message and what it undoes.
fn head(hash: &ChangeHash, time: i64, said: [Option<&dyn Display>; 3]) -> Object {
    let [author, message, undoes] = said;
    Object::new()
        .shown("hash", hash)
        .raw("time", &time.to_string())
        .maybe("author", author)
        .maybe("message", message)
        .maybe("undoes", undoes)
}

fn shown<T: Display>(value: &Option<T>) -> Option<&dyn Display> {
    value.as_ref().map(|of| of as &dyn Display)
}

/// How far a replica and the relay are from each other.
pub(super) fn progress(
    progress: &Progress,
    aside: &[Refused],
    name: impl Fn(&yilian_core::document::DocumentId) -> Option<Name>,
) -> String {
    let label = |id| name(id).map_or_else(|| id.to_string(), |name| name.to_string());
    let waiting = progress.waiting.iter().map(|waiting| {
        let of = waiting.changes.map(|changes| changes.to_string());
        Object::new()
            .text("name", &label(&waiting.document))
            .raw("changes", of.as_deref().unwrap_or("null"))
            .end()
    });
    let refused = progress.refused.iter().map(|(document, reason)| {
        Object::new()
            .text("name", &label(document))
            .text("reason", reason)
            .raw("change", "null")
            .flag("retry", false)
            .end()
    });
    let aside = aside.iter().map(|one| {
        Object::new()
            .text("name", &label(&one.document))
            .text("reason", &one.reason)
            .shown("change", &one.change)
            .flag("retry", one.retry)
            .end()
    });
    let refused = refused.chain(aside);
    Object::new()
        .flag("catalogueRead", progress.catalogue_read)
        .number("arriving", progress.arriving as u64)
        .raw("waiting", &array(waiting))
        .raw("refused", &array(refused))
        .flag("inStep", progress.is_in_step())
        .end()
}
