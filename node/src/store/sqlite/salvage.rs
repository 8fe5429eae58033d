//! What is damaged of a document is set aside, and the rest put in order again.
//!
//! Set aside means kept: the bytes of a damaged row stay among the settings, and so do the heads that the document had, by
//! which it is known later whether all of it is there again.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::ChangeHash;
use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Row, params};
use yilian_core::document::DocumentId;
use yilian_core::storage::{Arranged, Position, Salvage};
use yilian_core::sync::change_graph::ChangeGraph;
use yilian_core::sync::chunk::count_chunks;
use yilian_core::sync::engine::expand;
use yilian_core::sync::limits::Limits;
use yilian_core::sync::pack::unpack;

use super::error::{Action, StoreError, sqlite};
use super::read;
use super::rows::{checksum, from_blob, join, to_blob};

/// Settings under this key and a document's id: the heads that it had, and, one level down, damaged rows.
const PREFIX: &str = "damaged/";

/// A document that lacks changes that it once had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// The document.
    pub document: DocumentId,
    /// Its name, where it is known.
    pub name: Option<String>,
    /// Heads that it had and does not have now, sorted.
    pub heads: Vec<ChangeHash>,
}

/// A document's row in the list, as far as it is sound.
struct Listed {
    number: i64,
    name: Option<String>,
    heads: Vec<ChangeHash>,
    changes: u32,
}

/// What the log has of a document.
#[derive(Default)]
struct Found {
    sound: Vec<Bytes>,
    damaged: Vec<(i64, Vec<u8>)>,
    /// Whether what is noted beside packed changes is damaged.
    notes_damaged: bool,
}

/// Whether all rows of a document are as they were written, and all are there.
pub(super) fn is_sound(connection: &Connection, id: &DocumentId) -> Result<bool, StoreError> {
    let read = sqlite(Action::Read);
    let Some(listed) = listed(connection, id).map_err(&read)? else {
        return Ok(true);
    };
    let (mut sound, mut count) = (true, 0);
    each(connection, listed.number, |row| {
        let bytes = changes(row, id);
        sound &= bytes.is_some() && notes_are_sound(row, id);
        count += bytes.map_or(0, |bytes| count_chunks(&bytes));
    })
    .map_err(&read)?;
    Ok(sound && count == listed.changes)
}

/// Documents that were damaged and do not have all again.
pub(super) fn lacking(connection: &Connection) -> Result<Vec<Lacking>, StoreError> {
    let mut lacking = Vec::new();
    for (id, heads) in former(connection).map_err(sqlite(Action::Read))? {
        let outline = read::outline(connection, &id)?;
        let limits = lenient();
        // What does not load lacks everything.
        let graph =
            ChangeGraph::load(limits, &outline).unwrap_or_else(|_| ChangeGraph::new(limits));
        let heads = without(heads, &graph);
        if !heads.is_empty() {
            let listed = listed(connection, &id).map_err(sqlite(Action::Read))?;
            lacking.push(Lacking {
                document: id,
                name: listed.and_then(|listed| listed.name),
                heads,
            });
        }
    }
    Ok(lacking)
}

/// Does it, within a transaction; `None` if nothing is damaged, and it is not to be written `anew` all the same.
pub(super) fn salvage(
    connection: &Connection,
    id: &DocumentId,
    next: Position,
    anew: bool,
) -> Result<Option<Salvage>, StoreError> {
    let failed = sqlite(Action::Salvage);
    let Some(listed) = listed(connection, id).map_err(&failed)? else {
        return Ok(None);
    };
    let mut found = find(connection, listed.number, id).map_err(&failed)?;
    let aside = read::quarantined(connection, id)?;
    let mut arranged = Arranged::of(lenient(), &found.sound, &aside);
    if found.is_sound() && !anew {
        if is_as_listed(&arranged, &listed) {
            return Ok(None);
        }
        // Rows may be there that the index does not lead to.
        connection
            .execute_batch("REINDEX log_document")
            .map_err(&failed)?;
        found = find(connection, listed.number, id).map_err(&failed)?;
        arranged = Arranged::of(lenient(), &found.sound, &aside);
    }
    if !without(listed.heads.clone(), &arranged.graph).is_empty() {
        // The snapshot holds older changes once more.
        found.sound.extend(of_snapshot(connection, id)?);
        arranged = Arranged::of(lenient(), &found.sound, &aside);
    }
    let lost = without(listed.heads.clone(), &arranged.graph);
    let changes = rewrite(connection, id, &listed, &arranged, next).map_err(&failed)?;
    set_aside(connection, id, &found.damaged, &lost).map_err(&failed)?;
    Ok(Some(Salvage {
        name: listed.name,
        heads: arranged.graph.heads().collect(),
        lost,
        changes,
        set_aside: found.damaged.len(),
        position: next,
    }))
}

impl Found {
    fn is_sound(&self) -> bool {
        self.damaged.is_empty() && !self.notes_damaged
    }
}

/// Whether a document is what the list says.
fn is_as_listed(arranged: &Arranged, listed: &Listed) -> bool {
    let heads: BTreeSet<ChangeHash> = listed.heads.iter().copied().collect();
    arranged.graph.heads().collect::<BTreeSet<_>>() == heads
}

/// The heads that a graph does not have, sorted.
fn without(mut heads: Vec<ChangeHash>, graph: &ChangeGraph) -> Vec<ChangeHash> {
    heads.retain(|head| !graph.contains(head));
    heads.sort();
    heads.dedup();
    heads
}

fn listed(connection: &Connection, id: &DocumentId) -> rusqlite::Result<Option<Listed>> {
    let read = |row: &Row<'_>| {
        Ok(Listed {
            number: row.get(0)?,
            name: row.get(1).unwrap_or_default(),
            heads: row
                .get::<_, Vec<u8>>(2)
                .ok()
                .and_then(|blob| from_blob(&blob))
                .unwrap_or_default(),
            changes: row.get(3).unwrap_or_default(),
        })
    };
    connection
        .prepare_cached("SELECT id, name, heads, changes FROM documents WHERE document_id = ?1")?
        .query_row([id.as_bytes()], read)
        .optional()
}

/// Reads a document's rows in order.
fn each(
    connection: &Connection,
    document: i64,
    mut tell: impl FnMut(&Row<'_>),
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "SELECT row, nodes_checksum, checksum, nodes, chunk FROM log WHERE document = ?1 ORDER BY first, row",
    )?;
    let mut rows = statement.query([document])?;
    while let Some(row) = rows.next()? {
        tell(row);
    }
    Ok(())
}

/// The changes of a row, unless it is damaged.
fn changes(row: &Row<'_>, id: &DocumentId) -> Option<Bytes> {
    let expected: u32 = row.get(2).ok()?;
    let chunk = row.get_ref(4).ok()?.as_blob().ok()?;
    if checksum(id, chunk) != expected {
        return None;
    }
    match row.get_ref(3).ok()?.as_blob_or_null().ok()? {
        Some(_) => unpack(chunk, &Limits::default()).ok(),
        None => Some(Bytes::copy_from_slice(chunk)),
    }
}

fn notes_are_sound(row: &Row<'_>, id: &DocumentId) -> bool {
    let sound = || {
        let Some(nodes) = row.get_ref(3).ok()?.as_blob_or_null().ok()? else {
            return Some(true);
        };
        let expected: u32 = row.get(1).ok()?;
        Some(checksum(id, nodes) == expected)
    };
    sound().unwrap_or(false)
}

fn find(connection: &Connection, document: i64, id: &DocumentId) -> rusqlite::Result<Found> {
    let mut found = Found::default();
    each(connection, document, |row| match changes(row, id) {
        Some(bytes) => {
            found.sound.push(bytes);
            found.notes_damaged |= !notes_are_sound(row, id);
        }
        None => {
            let chunk = row.get_ref(4).ok().and_then(|value| value.as_blob().ok());
            let number = row.get(0).unwrap_or_default();
            let bytes = chunk.unwrap_or_default().to_vec();
            found.damaged.push((number, bytes));
        }
    })?;
    Ok(found)
}

/// Bounds for what was let in once: there may be as many changes that wait as there are changes.
fn lenient() -> Limits {
    Limits {
        orphans: u32::MAX as usize,
        orphan_bytes: u32::MAX as usize,
        change_ops: u64::MAX,
        ..Limits::default()
    }
}

fn of_snapshot(connection: &Connection, id: &DocumentId) -> Result<Vec<Bytes>, StoreError> {
    let Some(snapshot) = read::snapshot(connection, id)? else {
        return Ok(Vec::new());
    };
    // Automerge reads it, and may panic on bytes that are as they were written, and yet wrong.
    let expanded = catch_unwind(AssertUnwindSafe(|| expand(&snapshot.bytes)));
    Ok(expanded.ok().flatten().unwrap_or_default())
}

/// Writes a document's log anew; answers how many changes it holds.
fn rewrite(
    connection: &Connection,
    id: &DocumentId,
    listed: &Listed,
    arranged: &Arranged,
    next: Position,
) -> rusqlite::Result<u32> {
    connection.execute("DELETE FROM log WHERE document = ?1", [listed.number])?;
    connection.execute("DELETE FROM snapshots WHERE document = ?1", [listed.number])?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO log (document, first, count, checksum, chunk) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut first = 0;
    let mut append = |chunk: &[u8]| {
        let (at, count) = (first, count_chunks(chunk));
        first += count;
        insert.execute(params![
            listed.number,
            at,
            count,
            checksum(id, chunk),
            chunk
        ])
    };
    let graph = &arranged.graph;
    let placed: Vec<&Bytes> = (0..graph.len()).filter_map(|at| graph.bytes(at)).collect();
    join(&placed, &mut append)?;
    let limits = Limits::default();
    let bytes: usize = arranged.waiting.iter().map(Bytes::len).sum();
    // A graph that is loaded keeps so many waiting, and half of that is left for what peers bring. Of more, nothing is kept:
    // who brings what is lost brings these too.
    if arranged.waiting.len() <= limits.orphans / 2 && bytes <= limits.orphan_bytes / 2 {
        join(&arranged.waiting.iter().collect::<Vec<_>>(), &mut append)?;
    }
    let heads: Vec<ChangeHash> = graph.heads().collect();
    connection.execute(
        "UPDATE documents SET heads = ?2, remote_heads = NULL, position = ?3, changes = ?4, packed = 0 WHERE id = ?1",
        params![listed.number, to_blob(&heads), next.0.cast_signed(), first],
    )?;
    Ok(first)
}

fn set_aside(
    connection: &Connection,
    id: &DocumentId,
    damaged: &[(i64, Vec<u8>)],
    lost: &[ChangeHash],
) -> rusqlite::Result<()> {
    let mut put = connection
        .prepare_cached("INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)")?;
    for (row, bytes) in damaged {
        put.execute(params![format!("{PREFIX}{id}/{row}"), bytes])?;
    }
    if lost.is_empty() {
        return Ok(());
    }
    // What an earlier damage took may be away still.
    let key = format!("{PREFIX}{id}");
    let before: Option<Vec<u8>> = connection
        .query_row("SELECT value FROM settings WHERE key = ?1", [&key], |row| {
            row.get(0)
        })
        .optional()?;
    let mut heads: BTreeSet<ChangeHash> = lost.iter().copied().collect();
    heads.extend(before.and_then(|blob| from_blob(&blob)).unwrap_or_default());
    let heads: Vec<ChangeHash> = heads.into_iter().collect();
    put.execute(params![key, to_blob(&heads)])?;
    Ok(())
}

/// The heads that damaged documents had.
fn former(connection: &Connection) -> rusqlite::Result<Vec<(DocumentId, Vec<ChangeHash>)>> {
    let mut statement = connection
        .prepare("SELECT key, value FROM settings WHERE key > ?1 AND key < ?2 ORDER BY key")?;
    // '0' follows '/'.
    let end = PREFIX.replace('/', "0");
    let mut rows = statement.query([PREFIX, end.as_str()])?;
    let mut former = Vec::new();
    while let Some(row) = rows.next()? {
        let (key, value): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
        // Keys of rows are no ids.
        if let Ok(id) = key.trim_start_matches(PREFIX).parse()
            && let Some(heads) = from_blob(&value)
        {
            former.push((id, heads));
        }
    }
    Ok(former)
}

#[cfg(test)]
mod tests;
