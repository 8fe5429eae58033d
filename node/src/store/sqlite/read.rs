//! A document's changes, read whole, in outline, or by number.

use std::ops::Range;

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Row, params};
use yilian_core::document::DocumentId;
use yilian_core::storage::{Outline, Part, Quarantined, Run, Snapshot, SnapshotInfo};
use yilian_core::sync::limits::Limits;
use yilian_core::sync::pack::unpack;

use super::error::{Action, StoreError, sqlite};
use super::rows::{checksum, from_blob};

/// A row of the log, its bytes inflated, unless they are damaged.
pub(super) struct LogRow {
    pub(super) number: i64,
    pub(super) part: Option<Part>,
}

pub(super) fn setting(connection: &Connection, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
    connection
        .prepare_cached("SELECT value FROM settings WHERE key = ?1")
        .and_then(|mut statement| statement.query_row([key], |row| row.get(0)).optional())
        .map_err(sqlite(Action::Read))
}

pub(super) fn quarantined(
    connection: &Connection,
    id: &DocumentId,
) -> Result<Vec<Quarantined>, StoreError> {
    let stored = setting(connection, &Quarantined::key(id))?;
    Ok(stored.map_or_else(Vec::new, |bytes| Quarantined::read(&bytes)))
}

pub(super) fn with_quarantine(connection: &Connection) -> Result<Vec<DocumentId>, StoreError> {
    let prefix = Quarantined::key(&DocumentId::from_bytes([0; 16]));
    let prefix = prefix.split_inclusive(' ').next().unwrap_or_default();
    let keys = || -> rusqlite::Result<Vec<String>> {
        connection
            .prepare("SELECT key FROM settings WHERE key > ?1 AND key < ?1 || char(127)")?
            .query_map([prefix], |row| row.get(0))?
            .collect()
    };
    let keys = keys().map_err(sqlite(Action::Read))?;
    let id = |key: &String| key.strip_prefix(prefix)?.parse().ok();
    Ok(keys.iter().filter_map(id).collect())
}

pub(super) fn load(connection: &Connection, id: &DocumentId) -> Result<Vec<Bytes>, StoreError> {
    let mut chunks = Vec::new();
    for_each_row(connection, id, |row| {
        chunks.push(sound(id, row)?.bytes);
        Ok(())
    })?;
    Ok(chunks)
}

fn sound(id: &DocumentId, row: LogRow) -> Result<Part, StoreError> {
    row.part.ok_or(StoreError::Damaged {
        document: *id,
        row: row.number,
    })
}

/// Reads a document's rows in order.
pub(super) fn for_each_row(
    connection: &Connection,
    id: &DocumentId,
    mut tell: impl FnMut(LogRow) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    const ROWS: &str = "
        SELECT row, first, nodes IS NOT NULL, checksum, chunk FROM log
        WHERE document = (SELECT id FROM documents WHERE document_id = ?1) ORDER BY first, row";
    each(connection, ROWS, params![id.as_bytes()], id, |row| {
        tell(row).map(|()| true)
    })
}

pub(super) fn fetch(
    connection: &Connection,
    id: &DocumentId,
    wanted: &[Range<u32>],
    bytes_max: usize,
) -> Result<Vec<Part>, StoreError> {
    // The row that holds a change begins at it or before it; numbers of a document do not overlap.
    const ROWS: &str = "
        SELECT row, first, nodes IS NOT NULL, checksum, chunk FROM log
        WHERE document = ?1 AND first < ?3 AND first + count > ?2 AND first >= coalesce(
            (SELECT max(first) FROM log WHERE document = ?1 AND first <= ?2), 0)
        ORDER BY first";
    let Some(document) = document(connection, id)? else {
        return Ok(Vec::new());
    };
    let mut parts: Vec<Part> = Vec::new();
    let mut size = 0;
    for range in wanted {
        let numbers = params![document, range.start, range.end];
        each(connection, ROWS, numbers, id, |row| {
            let part = sound(id, row)?;
            // Two ranges may be of one row.
            if parts.last().is_none_or(|last| last.first < part.first) {
                size += part.bytes.len();
                parts.push(part);
            }
            Ok(size < bytes_max)
        })?;
        if size >= bytes_max {
            break;
        }
    }
    Ok(parts)
}

fn document(connection: &Connection, id: &DocumentId) -> Result<Option<i64>, StoreError> {
    connection
        .prepare_cached("SELECT id FROM documents WHERE document_id = ?1")
        .and_then(|mut statement| {
            statement
                .query_row([id.as_bytes()], |row| row.get(0))
                .optional()
        })
        .map_err(sqlite(Action::Read))
}

/// Tells row after row until that returns false.
fn each(
    connection: &Connection,
    query: &str,
    parameters: impl rusqlite::Params,
    id: &DocumentId,
    mut tell: impl FnMut(LogRow) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    let read = sqlite(Action::Read);
    let mut statement = connection.prepare_cached(query).map_err(&read)?;
    let mut rows = statement.query(parameters).map_err(&read)?;
    while let Some(row) = rows.next().map_err(&read)?
        && tell(log_row(row, id).map_err(&read)?)?
    {}
    Ok(())
}

fn log_row(row: &Row<'_>, id: &DocumentId) -> rusqlite::Result<LogRow> {
    Ok(LogRow {
        number: row.get(0)?,
        part: part(row, id),
    })
}

/// What a row holds, unless it is damaged: also where a value is not of the type that its column has.
fn part(row: &Row<'_>, id: &DocumentId) -> Option<Part> {
    let (first, packed) = (row.get(1).ok()?, row.get(2).ok()?);
    let expected: u32 = row.get(3).ok()?;
    let chunk = row.get_ref(4).ok()?.as_blob().ok()?;
    if checksum(id, chunk) != expected {
        return None;
    }
    let bytes = match packed {
        true => unpack(chunk, &Limits::default()).ok()?,
        false => Bytes::copy_from_slice(chunk),
    };
    Some(Part { first, bytes })
}

pub(super) fn outline(connection: &Connection, id: &DocumentId) -> Result<Outline, StoreError> {
    let read = sqlite(Action::Read);
    let Some(document) = document(connection, id)? else {
        return Ok(Outline::default());
    };
    let mut statement = connection
        .prepare_cached(
            "SELECT row, first, nodes_checksum, checksum, nodes, iif(nodes IS NULL, chunk, NULL)
             FROM log WHERE document = ?1 ORDER BY first, row",
        )
        .map_err(&read)?;
    let mut rows = statement.query([document]).map_err(&read)?;
    let mut runs = Vec::new();
    while let Some(row) = rows.next().map_err(&read)? {
        let number = row.get(0).map_err(&read)?;
        runs.push(run(row, id).ok_or(StoreError::Damaged {
            document: *id,
            row: number,
        })?);
    }
    let snapshot = snapshot_info(connection, document).map_err(&read)?;
    Ok(Outline { runs, snapshot })
}

/// A row in outline, unless it is damaged.
fn run(row: &Row<'_>, id: &DocumentId) -> Option<Run> {
    let first = row.get(1).ok()?;
    if let Some(nodes) = row.get_ref(4).ok()?.as_blob_or_null().ok()? {
        let expected: u32 = row.get(2).ok()?;
        let run = || Run::Packed {
            first,
            nodes: Bytes::copy_from_slice(nodes),
        };
        return (checksum(id, nodes) == expected).then(run);
    }
    let expected: u32 = row.get(3).ok()?;
    let chunk = row.get_ref(5).ok()?.as_blob().ok()?;
    let run = || {
        Run::Plain(Part {
            first,
            bytes: Bytes::copy_from_slice(chunk),
        })
    };
    (checksum(id, chunk) == expected).then(run)
}

fn snapshot_info(connection: &Connection, document: i64) -> rusqlite::Result<Option<SnapshotInfo>> {
    let info = |row: &Row<'_>| {
        Ok(SnapshotInfo {
            count: row.get(0)?,
            len: row.get(1)?,
            // Heads that do not read are nobody's: the snapshot is not used then.
            heads: from_blob(row.get_ref(2)?.as_blob()?).unwrap_or_default(),
        })
    };
    connection
        .prepare_cached("SELECT count, length, heads FROM snapshots WHERE document = ?1")?
        .query_row([document], info)
        .optional()
}

/// What is known of a document's snapshot.
pub(super) fn snapshot_of(
    connection: &Connection,
    id: &DocumentId,
) -> Result<Option<SnapshotInfo>, StoreError> {
    match document(connection, id)? {
        Some(document) => snapshot_info(connection, document).map_err(sqlite(Action::Read)),
        None => Ok(None),
    }
}

/// The snapshot; `None` also where it is damaged, since the log holds the same.
pub(super) fn snapshot(
    connection: &Connection,
    id: &DocumentId,
) -> Result<Option<Snapshot>, StoreError> {
    let read = |row: &Row<'_>| {
        let (expected, chunk): (u32, &[u8]) = (row.get(2)?, row.get_ref(3)?.as_blob()?);
        let heads = from_blob(row.get_ref(1)?.as_blob()?);
        let Some(heads) = heads.filter(|_| checksum(id, chunk) == expected) else {
            return Ok(None);
        };
        Ok(Some(Snapshot {
            count: row.get(0)?,
            heads,
            bytes: Bytes::copy_from_slice(chunk),
        }))
    };
    connection
        .prepare_cached(
            "SELECT count, heads, checksum, chunk FROM snapshots
             WHERE document = (SELECT id FROM documents WHERE document_id = ?1)",
        )
        .and_then(|mut statement| statement.query_row([id.as_bytes()], read).optional())
        .map(Option::flatten)
        .map_err(sqlite(Action::Read))
}

/// Documents of which at least `changes_min` changes are not packed.
pub(super) fn unpacked(
    connection: &Connection,
    changes_min: u32,
) -> Result<Vec<DocumentId>, StoreError> {
    let read = || -> rusqlite::Result<Vec<DocumentId>> {
        connection
            .prepare_cached("SELECT document_id FROM documents WHERE changes - packed >= ?1")?
            .query_map([changes_min], |row| Ok(DocumentId::from_bytes(row.get(0)?)))?
            .collect()
    };
    read().map_err(sqlite(Action::Read))
}
