//! What is in the tables, and how it gets in and out.

use std::collections::BTreeMap;

use automerge::ChangeHash;
use bytes::Bytes;
use rusqlite::{Connection, Row, Rows, params};
use uuid::Uuid;
use yilian_core::document::DocumentId;
use yilian_core::storage::{Commit, Position, StoredDocument};
use yilian_core::sync::chunk::count_chunks;

use super::error::{Action, StoreError, sqlite};

/// Chunks of one document and one commit share a row up to this size: fewer rows, and still little is lost with one.
const ROW_BYTES_MAX: usize = 64 * 1024;

const UPSERT: &str = "
    INSERT INTO documents (document_id, name, heads, remote_heads, position, changes)
    VALUES (?1, ?2, ?3, ?4, ?5, ?7)
    ON CONFLICT (document_id) DO UPDATE SET
        position = CASE
            WHEN ?6 OR (excluded.name IS NOT NULL AND excluded.name IS NOT name)
            THEN excluded.position ELSE position END,
        name = coalesce(excluded.name, name),
        heads = CASE WHEN ?6 THEN excluded.heads ELSE heads END,
        remote_heads = coalesce(excluded.remote_heads, remote_heads),
        changes = changes + excluded.changes
    RETURNING id, position, changes";

pub(super) fn store_id(connection: &Connection) -> rusqlite::Result<Uuid> {
    connection
        .query_row("SELECT id FROM store", [], |row| row.get(0))
        .map(Uuid::from_bytes)
}

pub(super) fn position(connection: &Connection) -> rusqlite::Result<Position> {
    connection
        .query_row(
            "SELECT coalesce(max(position), 0) FROM documents",
            [],
            |row| row.get::<_, i64>(0),
        )
        .map(|position| Position(position.cast_unsigned()))
}

/// What one commit does to one document, its writes taken together: heads that are replaced within the commit need not
/// be written.
struct Merged<'a> {
    name: Option<&'a str>,
    heads: &'a [ChangeHash],
    moves_heads: bool,
    remote_heads: Option<&'a [ChangeHash]>,
    chunks: Vec<&'a Bytes>,
}

/// Writes a commit. Whether a document moved to `next`.
pub(super) fn write(
    connection: &Connection,
    commit: &Commit,
    next: Position,
) -> rusqlite::Result<bool> {
    let mut documents: BTreeMap<DocumentId, Merged<'_>> = BTreeMap::new();
    for write in &commit.writes {
        let merged = documents.entry(write.id).or_insert(Merged {
            name: None,
            heads: &[],
            moves_heads: false,
            remote_heads: None,
            chunks: Vec::new(),
        });
        merged.name = write.name.as_deref().or(merged.name);
        // A note moves no heads, and may be older than what another write of this group brings.
        let moves = write.moves_heads || !write.changes.is_empty();
        if moves || !merged.moves_heads {
            merged.heads = &write.heads;
        }
        merged.moves_heads |= moves;
        merged.remote_heads = write.remote_heads.as_deref().or(merged.remote_heads);
        merged.chunks.extend(&write.changes);
    }
    let mut moved = false;
    let mut upsert = connection.prepare_cached(UPSERT)?;
    let mut append = connection.prepare_cached(
        "INSERT INTO log (document, first, count, checksum, chunk) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (id, merged) in documents {
        let count: u32 = merged.chunks.iter().map(|chunk| count_chunks(chunk)).sum();
        let (document, position, changes): (i64, i64, u32) = upsert.query_row(
            params![
                id.as_bytes(),
                merged.name,
                to_blob(merged.heads),
                merged.remote_heads.map(to_blob),
                next.0.cast_signed(),
                merged.moves_heads,
                count,
            ],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        moved |= position.cast_unsigned() == next.0;
        let mut first = changes - count;
        let mut append = |chunk: &[u8]| {
            let (at, count) = (first, count_chunks(chunk));
            first += count;
            append.execute(params![document, at, count, checksum(&id, chunk), chunk])
        };
        join(&merged.chunks, &mut append)?;
    }
    let mut set = connection.prepare_cached(
        "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?;
    let mut unset = connection.prepare_cached("DELETE FROM settings WHERE key = ?1")?;
    for (key, value) in &commit.settings {
        match value {
            Some(value) => set.execute(params![key, value])?,
            None => unset.execute([key])?,
        };
    }
    Ok(moved)
}

/// Hands on chunks joined into rows.
pub(super) fn join(
    chunks: &[&Bytes],
    append: &mut impl FnMut(&[u8]) -> rusqlite::Result<usize>,
) -> rusqlite::Result<()> {
    let mut joined: Vec<u8> = Vec::new();
    for (number, chunk) in chunks.iter().enumerate() {
        let next = chunks.get(number + 1).map_or(usize::MAX, |next| next.len());
        let full = (joined.len() + chunk.len()).saturating_add(next) > ROW_BYTES_MAX;
        if full && joined.is_empty() {
            append(chunk)?;
            continue;
        }
        joined.extend_from_slice(chunk);
        if full {
            append(&joined)?;
            joined.clear();
        }
    }
    Ok(())
}

pub(super) fn documents(connection: &Connection) -> Result<Vec<StoredDocument>, StoreError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT id, document_id, name, heads, remote_heads, position FROM documents ORDER BY document_id",
        )
        .map_err(sqlite(Action::Read))?;
    list(statement.query([]).map_err(sqlite(Action::Read))?)
}

fn list(mut rows: Rows<'_>) -> Result<Vec<StoredDocument>, StoreError> {
    let mut documents = Vec::new();
    while let Some(row) = rows.next().map_err(sqlite(Action::Read))? {
        let number = row.get(0).map_err(sqlite(Action::Read))?;
        documents.push(listed(row).ok_or(StoreError::DamagedList { row: number })?);
    }
    Ok(documents)
}

pub(super) fn documents_since(
    connection: &Connection,
    position: Position,
) -> Result<Vec<StoredDocument>, StoreError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT id, document_id, name, heads, remote_heads, position FROM documents WHERE position > ?1 ORDER BY position",
        )
        .map_err(sqlite(Action::Read))?;
    let rows = statement.query([position.0.cast_signed()]);
    list(rows.map_err(sqlite(Action::Read))?)
}

pub(super) fn document(
    connection: &Connection,
    id: &DocumentId,
) -> Result<Option<StoredDocument>, StoreError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT id, document_id, name, heads, remote_heads, position FROM documents WHERE document_id = ?1",
        )
        .map_err(sqlite(Action::Read))?;
    let mut rows = statement
        .query([id.as_bytes()])
        .map_err(sqlite(Action::Read))?;
    let Some(row) = rows.next().map_err(sqlite(Action::Read))? else {
        return Ok(None);
    };
    let number = row.get(0).map_err(sqlite(Action::Read))?;
    let document = listed(row).ok_or(StoreError::DamagedList { row: number })?;
    Ok(Some(document))
}

/// A row of the list, unless a value is not what the table allows, as only damage makes it.
fn listed(row: &Row<'_>) -> Option<StoredDocument> {
    Some(StoredDocument {
        id: DocumentId::from_bytes(row.get(1).ok()?),
        name: row.get(2).ok()?,
        heads: from_blob(row.get_ref(3).ok()?.as_blob().ok()?)?,
        remote_heads: match row.get_ref(4).ok()?.as_blob_or_null().ok()? {
            Some(blob) => from_blob(blob)?,
            None => Vec::new(),
        },
        position: Position(row.get::<_, i64>(5).ok()?.cast_unsigned()),
    })
}

/// Over the document too, so that a row that strayed to another document is noticed.
pub(super) fn checksum(id: &DocumentId, chunk: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(id.as_bytes());
    hasher.update(chunk);
    hasher.finalize()
}

pub(super) fn to_blob(heads: &[ChangeHash]) -> Vec<u8> {
    heads.iter().flat_map(|head| head.0).collect()
}

pub(super) fn from_blob(blob: &[u8]) -> Option<Vec<ChangeHash>> {
    let (heads, rest) = blob.as_chunks::<32>();
    rest.is_empty()
        .then(|| heads.iter().copied().map(ChangeHash).collect())
}
