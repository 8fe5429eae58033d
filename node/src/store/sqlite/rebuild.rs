//! A file that SQLite finds no way through is written anew, from whatever of it can still be read.
//!
//! The damaged file is kept beside the new one. A rebuilt store is another store, as one that was restored from a backup is: it has
//! a new id, and forgets how far it and others were, and what it holds rights to goods as.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, params};
use thiserror::Error;
use tracing::error;
use yilian_core::document::DocumentId;
use yilian_core::storage::Position;

use super::error::{OpenError, StoreError};
use super::format::{self, Format};
use super::pages::{Pages, Record};
use super::rows::checksum;
use super::salvage;
use super::wal::beside;

/// Beside a database: it is to be rebuilt when it is opened next.
const ASKED: &str = ".rebuild";
/// Beside a database: a new one that is complete and not in its place yet.
const DONE: &str = ".rebuilt";
const UNFINISHED: &str = ".rebuilt.unfinished";
/// Beside a database: the one before it, damaged.
const KEPT: &str = ".damaged";
/// The setting that says what became of the store.
const NOTE: &str = "rebuilt";
/// Settings that say how far this store and others were, or who it is: of another store they are not true.
const OF_THE_STORE: [&str; 4] = ["catalogue cursor", "verified position", "holder", NOTE];

/// What became of a store whose file was damaged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// Where the damaged file is kept.
    pub kept: PathBuf,
    /// Documents in the new file.
    pub documents: usize,
    /// Those of them that lack changes, or of which it is not known any more what they had.
    pub incomplete: usize,
    /// Rows of changes whose document is not known any more.
    pub strays: usize,
}

/// Why a damaged file could not be written anew. It is as it was.
#[derive(Debug, Error)]
pub enum RebuildError {
    /// The damaged file cannot be read, or the new one not be put in its place.
    #[error("the files cannot be read or moved")]
    Files(#[from] io::Error),
    /// The new file cannot be written.
    #[error("the new file cannot be written")]
    Write(#[from] rusqlite::Error),
    /// What was read cannot be put in order.
    #[error("what was read cannot be put in order")]
    Order(#[from] StoreError),
    /// The new file cannot be made a store.
    #[error("the new file cannot be made")]
    Make(#[source] Box<OpenError>),
}

impl Rebuilt {
    fn to_text(&self) -> String {
        let (documents, incomplete, strays) = (self.documents, self.incomplete, self.strays);
        format!("{documents} {incomplete} {strays} {}", self.kept.display())
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, ' ');
        let mut number = || parts.next()?.parse().ok();
        let (documents, incomplete, strays) = (number()?, number()?, number()?);
        let kept = parts.next()?.into();
        Some(Self {
            kept,
            documents,
            incomplete,
            strays,
        })
    }
}

/// What became of this store, if it was rebuilt once.
pub(super) fn rebuilt(connection: &Connection) -> Option<Rebuilt> {
    let note = super::read::setting(connection, NOTE).ok()??;
    Rebuilt::read(std::str::from_utf8(&note).ok()?)
}

/// Asks for the database to be rebuilt when it is opened next: SQLite found it damaged while it was in use.
pub(super) fn ask(path: &Path) {
    // If it cannot be noted, it is found out again.
    let _ = std::fs::write(beside(path, ASKED), b"");
}

pub(super) fn is_asked(path: &Path) -> bool {
    beside(path, ASKED).exists()
}

/// Puts a new database in its place that was complete when the process ended.
pub(super) fn finish(path: &Path) -> Result<(), RebuildError> {
    match beside(path, DONE).exists() {
        true => Ok(put_in_place(path, &kept_name(path))?),
        false => Ok(()),
    }
}

/// Writes a damaged database anew. `None` where nothing of ours can be read in it: then it is as it was.
pub(super) fn rebuild(path: &Path, format: &Format) -> Result<Option<Rebuilt>, RebuildError> {
    let mut pages = Pages::open(path)?;
    let is_current = |found| found == format::CURRENT.version && found == format.version;
    if !pages.version().is_none_or(is_current) {
        return Ok(None);
    }
    let unfinished = beside(path, UNFINISHED);
    remove(&unfinished)?;
    let kept = kept_name(path);
    let rebuilt = {
        let mut new = Connection::open(&unfinished)?;
        // Nobody sees it before it is complete and on the disk.
        new.execute_batch("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF")?;
        let made = format.create(&mut new, &unfinished);
        made.map_err(|error| RebuildError::Make(Box::new(error)))?;
        copy(&mut pages, &mut new, &kept)?
    };
    let Some(rebuilt) = rebuilt else {
        remove(&unfinished)?;
        return Ok(None);
    };
    std::fs::File::options()
        .write(true)
        .open(&unfinished)?
        .sync_all()?;
    std::fs::rename(&unfinished, beside(path, DONE))?;
    format::sync_directory(path)?;
    put_in_place(path, &kept)?;
    let Rebuilt {
        documents,
        incomplete,
        strays,
        ..
    } = rebuilt;
    error!(
        file = %path.display(), kept = %kept.display(), documents, incomplete, strays,
        "the store's file was damaged, and is written anew from what could be read; the damaged one is kept, and peers bring what is lost"
    );
    Ok(Some(rebuilt))
}

/// Keeps the damaged database under another name, with its log, and puts the new one in its place. It may be interrupted
/// anywhere, and done again.
fn put_in_place(path: &Path, kept: &Path) -> io::Result<()> {
    if std::fs::hard_link(path, kept).is_err() {
        std::fs::copy(path, kept)?;
    }
    // A log of the old file would be taken for one of the new.
    match std::fs::rename(beside(path, "-wal"), beside(kept, "-wal")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    remove(&beside(path, "-shm"))?;
    remove(&beside(path, ASKED))?;
    std::fs::rename(beside(path, DONE), path)?;
    format::sync_directory(path)
}

/// A name for the damaged file that is not taken.
fn kept_name(path: &Path) -> PathBuf {
    let names = (1..).map(|number| beside(path, &format!("{KEPT}.{number}")));
    let mut names = std::iter::once(beside(path, KEPT)).chain(names);
    // There are more names than files.
    names
        .find(|name| !name.exists())
        .unwrap_or_else(|| beside(path, KEPT))
}

fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A document as the list has it.
struct Listed {
    id: [u8; 16],
    name: Value,
    heads: Vec<u8>,
    position: i64,
    changes: Value,
    packed: Value,
}

/// What the pages said of documents.
#[derive(Default)]
struct Found {
    listed: BTreeMap<i64, Listed>,
    /// Ids by number once more, from the index.
    indexed: BTreeMap<i64, [u8; 16]>,
}

fn copy(
    pages: &mut Pages,
    new: &mut Connection,
    kept: &Path,
) -> Result<Option<Rebuilt>, RebuildError> {
    let transaction = new.transaction()?;
    let mut found = Found::default();
    for number in pages.numbers() {
        for record in pages.records(number)? {
            found.take(&transaction, record)?;
        }
    }
    let known = found.write(&transaction)?;
    let ours = pages.application() == Some(format::APPLICATION_ID.cast_unsigned());
    if !ours && !holds_a_sound_row(&transaction)? {
        return Ok(None);
    }
    let strays = transaction.execute(
        "DELETE FROM log WHERE document NOT IN (SELECT id FROM documents)",
        [],
    )?;
    transaction.execute(
        "DELETE FROM snapshots WHERE document NOT IN (SELECT id FROM documents)",
        [],
    )?;
    let incomplete = put_in_order(&transaction, &known)?;
    let rebuilt = Rebuilt {
        kept: kept.to_owned(),
        documents: known.len(),
        incomplete,
        strays,
    };
    let note = params![NOTE, rebuilt.to_text().into_bytes()];
    transaction.execute(
        "INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)",
        note,
    )?;
    transaction.commit()?;
    Ok(Some(rebuilt))
}

/// Puts each document's changes in order; how many lack some, or may.
fn put_in_order(
    transaction: &Connection,
    known: &BTreeMap<DocumentId, bool>,
) -> Result<usize, RebuildError> {
    let last: i64 = transaction.query_row(
        "SELECT coalesce(max(position), 0) FROM documents",
        [],
        |row| row.get(0),
    )?;
    let next = Position(last.cast_unsigned()).next();
    let mut incomplete = 0;
    for (id, listed) in known {
        let anew = !salvage::is_sound(transaction, id)?;
        let salvaged = salvage::salvage(transaction, id, next, anew)?;
        let lacks = salvaged.is_some_and(|salvage| !salvage.lost.is_empty());
        incomplete += usize::from(lacks || !listed);
    }
    Ok(incomplete)
}

/// Whether any row of changes is as it was written, which no other program's would be.
fn holds_a_sound_row(connection: &Connection) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare(
        "SELECT document_id, checksum, chunk FROM log JOIN documents ON documents.id = log.document",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id = DocumentId::from_bytes(row.get(0)?);
        if checksum(&id, row.get_ref(2)?.as_blob()?) == row.get::<_, i64>(1)? as u32 {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Found {
    /// Takes what looks like a row of one of our tables.
    fn take(&mut self, new: &Connection, record: Record) -> rusqlite::Result<()> {
        let Record { row, values } = record;
        match (row, &values[..]) {
            (
                Some(row),
                [
                    Value::Null,
                    Value::Blob(id),
                    name @ (Value::Null | Value::Text(_)),
                    Value::Blob(heads),
                    Value::Null | Value::Blob(_),
                    Value::Integer(position),
                    counts @ ..,
                ],
            ) if counts.len() <= 2 => {
                let Ok(id) = id[..].try_into() else {
                    return Ok(());
                };
                let count = |at: usize| counts.get(at).cloned().unwrap_or(Value::Integer(0));
                let listed = Listed {
                    id,
                    name: name.clone(),
                    heads: heads.clone(),
                    position: *position,
                    changes: count(0),
                    packed: count(1),
                };
                self.list(row, listed);
            }
            (
                Some(_),
                [
                    Value::Null,
                    Value::Integer(_),
                    Value::Integer(_),
                    Value::Integer(_),
                    Value::Null | Value::Integer(_),
                    Value::Integer(_),
                    Value::Null | Value::Blob(_),
                    Value::Blob(_),
                ],
            ) => {
                // Numbers of rows say nothing, and one that was free may have been given again.
                let values = values.get(1..).unwrap_or_default();
                let mut insert = new.prepare_cached(
                    "INSERT INTO log (document, first, count, nodes_checksum, checksum, nodes, chunk)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?;
                insert.execute(rusqlite::params_from_iter(values))?;
            }
            (
                Some(row),
                [
                    Value::Null,
                    Value::Integer(_),
                    Value::Integer(_),
                    Value::Integer(_),
                    Value::Blob(heads),
                    Value::Blob(_),
                ],
            ) if heads.len() % 32 == 0 => {
                let values = values.get(1..).unwrap_or_default();
                let row = std::iter::once(Value::Integer(row)).chain(values.iter().cloned());
                let mut insert = new.prepare_cached(
                    "INSERT OR IGNORE INTO snapshots (document, count, length, checksum, heads, chunk)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?;
                insert.execute(rusqlite::params_from_iter(row))?;
            }
            (None, [Value::Text(key), Value::Blob(value)])
                if !OF_THE_STORE.contains(&key.as_str()) =>
            {
                let mut insert = new.prepare_cached(
                    "INSERT OR IGNORE INTO settings (key, value) VALUES (?1, ?2)",
                )?;
                insert.execute(params![key, value])?;
            }
            (None, [Value::Blob(id), Value::Integer(row)]) => {
                if let Ok(id) = id[..].try_into() {
                    self.indexed.insert(*row, id);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The latest of what a document's row was counts.
    fn list(&mut self, row: i64, listed: Listed) {
        let earlier = self.listed.get(&row);
        if earlier.is_none_or(|earlier| earlier.position <= listed.position) {
            self.listed.insert(row, listed);
        }
    }

    /// Writes the list of documents; answers them, and of each whether it is known what it had.
    fn write(self, new: &Connection) -> rusqlite::Result<BTreeMap<DocumentId, bool>> {
        let mut known = BTreeMap::new();
        let mut insert = new.prepare(
            "INSERT OR IGNORE INTO documents (id, document_id, name, heads, position, changes, packed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        let indexed = self.indexed;
        for (row, mut listed) in self.listed {
            if let Some(id) = indexed.get(&row)
                && *id != listed.id
                && is_of(new, row, id)?
            {
                listed.id = *id;
            }
            listed.heads.truncate(listed.heads.len() / 32 * 32);
            let count = insert.execute(params![
                row,
                listed.id,
                listed.name,
                listed.heads,
                listed.position,
                listed.changes,
                listed.packed
            ])?;
            if count > 0 {
                known.insert(DocumentId::from_bytes(listed.id), true);
            }
        }
        for (row, id) in indexed {
            let nothing: &[u8] = &[];
            let count = insert.execute(params![row, id, Value::Null, nothing, 0, 0, 0])?;
            if count > 0 {
                known.insert(DocumentId::from_bytes(id), false);
            }
        }
        Ok(known)
    }
}

/// Whether a row of changes shows that this is the id of its document.
fn is_of(connection: &Connection, document: i64, id: &[u8; 16]) -> rusqlite::Result<bool> {
    let mut statement =
        connection.prepare_cached("SELECT checksum, chunk FROM log WHERE document = ?1")?;
    let mut rows = statement.query([document])?;
    let id = DocumentId::from_bytes(*id);
    while let Some(row) = rows.next()? {
        if checksum(&id, row.get_ref(1)?.as_blob()?) == row.get::<_, i64>(0)? as u32 {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests;
