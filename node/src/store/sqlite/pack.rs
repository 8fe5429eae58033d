//! Rows replaced by packed ones.

use rusqlite::{Connection, OptionalExtension, params};
use yilian_core::document::DocumentId;
use yilian_core::storage::{Block, Packing, Snapshot, SnapshotInfo};

use super::rows::{checksum, to_blob};

/// Writes what was packed; false if it does not fit what is there.
pub(super) fn pack(
    connection: &Connection,
    id: &DocumentId,
    packing: &Packing,
) -> rusqlite::Result<bool> {
    let document = connection
        .prepare_cached("SELECT id FROM documents WHERE document_id = ?1")?
        .query_row([id.as_bytes()], |row| row.get(0))
        .optional()?;
    match (document, packing) {
        (None, _) => Ok(false),
        (Some(document), Packing::Blocks(blocks)) => put_blocks(connection, id, document, blocks),
        (Some(document), Packing::Snapshot(snapshot)) => {
            put_snapshot(connection, id, document, snapshot)
        }
    }
}

fn put_blocks(
    connection: &Connection,
    id: &DocumentId,
    document: i64,
    blocks: &[Block],
) -> rusqlite::Result<bool> {
    let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else {
        return Ok(false);
    };
    let (start, end) = (first.first, last.first.saturating_add(last.count));
    let range = params![document, start, end];
    // Rows that are plain, and make up just what the blocks hold.
    let fits: bool = connection
        .prepare_cached(
            "SELECT coalesce(min(first) = ?2 AND sum(count) = ?3 - ?2 AND sum(nodes IS NOT NULL) = 0, 0)
             FROM log WHERE document = ?1 AND first >= ?2 AND first < ?3",
        )?
        .query_row(range, |row| row.get(0))?;
    if !fits {
        return Ok(false);
    }
    connection
        .prepare_cached("DELETE FROM log WHERE document = ?1 AND first >= ?2 AND first < ?3")?
        .execute(range)?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO log (document, first, count, nodes_checksum, checksum, nodes, chunk)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for block in blocks {
        insert.execute(params![
            document,
            block.first,
            block.count,
            checksum(id, &block.nodes),
            checksum(id, &block.packed),
            &block.nodes[..],
            &block.packed[..],
        ])?;
    }
    connection
        .prepare_cached("UPDATE documents SET packed = packed + ?3 - ?2 WHERE id = ?1")?
        .execute(range)?;
    Ok(true)
}

fn put_snapshot(
    connection: &Connection,
    id: &DocumentId,
    document: i64,
    snapshot: &Snapshot,
) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(
            "INSERT INTO snapshots (document, count, length, checksum, heads, chunk)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (document) DO UPDATE SET count = excluded.count, length = excluded.length,
                checksum = excluded.checksum, heads = excluded.heads, chunk = excluded.chunk",
        )?
        .execute(params![
            document,
            snapshot.count,
            SnapshotInfo::of(snapshot).len,
            checksum(id, &snapshot.bytes),
            to_blob(&snapshot.heads),
            &snapshot.bytes[..],
        ])?;
    Ok(true)
}
