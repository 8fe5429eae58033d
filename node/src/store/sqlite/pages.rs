//! The pages of a database's file, read without SQLite: what it finds no way to may still be there.
//!
//! A page of a tree says itself what it is and where its rows begin, whoever points to it. So every page is looked at,
//! and every row that reads is told, without regard to the tree that it once hung on. The format is the one of
//! <https://www.sqlite.org/fileformat2.html>.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use rusqlite::types::Value;

use super::wal;

const MAGIC: &[u8] = b"SQLite format 3\0";
/// What SQLite gives a page unless it is told otherwise, as it never is here.
const PAGE_BYTES: usize = 4_096;
/// The bytes of the file's header, before the tree of the first page.
const HEADER: usize = 100;
const INDEX_INTERIOR: u8 = 2;
const INDEX_LEAF: u8 = 10;
const TABLE_LEAF: u8 = 13;

/// A row as it lies in a page.
#[derive(Debug, PartialEq)]
pub(super) struct Record {
    /// Its number; none where it is a row of an index, or of a table without numbers.
    pub(super) row: Option<i64>,
    pub(super) values: Vec<Value>,
}

/// A database's file, with what is committed in its write-ahead log.
pub(super) struct Pages {
    file: File,
    file_pages: u32,
    /// Pages that the log has in a later state.
    log: BTreeMap<u32, Vec<u8>>,
    /// Pages that hold nothing any more, though what they held may still be there.
    free: BTreeSet<u32>,
    application: Option<u32>,
    version: Option<u32>,
}

impl Pages {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let pages = file.metadata()?.len().div_ceil(PAGE_BYTES as u64);
        let mut pages = Self {
            file,
            file_pages: u32::try_from(pages).unwrap_or(u32::MAX),
            log: wal::committed(path)?,
            free: BTreeSet::new(),
            application: None,
            version: None,
        };
        if let Some(first) = pages.page(1)?.filter(|page| page.starts_with(MAGIC)) {
            pages.application = word(&first, 68);
            pages.version = word(&first, 60);
            pages.find_free(word(&first, 32).unwrap_or(0))?;
        }
        Ok(pages)
    }

    /// Whose file it is, if its beginning can be read.
    pub(super) fn application(&self) -> Option<u32> {
        self.application
    }

    /// The version of its format, if its beginning can be read.
    pub(super) fn version(&self) -> Option<u32> {
        self.version
    }

    /// The numbers of all pages.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> + use<> {
        let last = self.log.last_key_value().map_or(0, |(last, _)| *last);
        1..=self.file_pages.max(last)
    }

    /// The rows of a page that read; none where it is free, or no page of a tree.
    pub(super) fn records(&mut self, number: u32) -> io::Result<Vec<Record>> {
        if self.free.contains(&number) {
            return Ok(Vec::new());
        }
        let Some(page) = self.page(number)? else {
            return Ok(Vec::new());
        };
        let tree = if number == 1 { HEADER } else { 0 };
        let Some((kind, cells)) = cells(&page, tree) else {
            return Ok(Vec::new());
        };
        let mut records = Vec::new();
        for at in cells {
            if let Some(cell) = page.get(at..).and_then(|bytes| Cell::read(kind, bytes))
                && let Some(payload) = self.payload(&cell)?
                && let Some(values) = values(&payload)
            {
                let row = cell.row;
                records.push(Record { row, values });
            }
        }
        Ok(records)
    }

    /// A page; the last one of a file that was cut is filled up with zeros. None where there is no such page.
    fn page(&mut self, number: u32) -> io::Result<Option<Vec<u8>>> {
        if let Some(page) = self.log.get(&number) {
            return Ok(Some(page.clone()));
        }
        if number == 0 || number > self.file_pages {
            return Ok(None);
        }
        let at = u64::from(number - 1) * PAGE_BYTES as u64;
        self.file.seek(SeekFrom::Start(at))?;
        let mut page = Vec::with_capacity(PAGE_BYTES);
        let file = &mut self.file;
        file.take(PAGE_BYTES as u64).read_to_end(&mut page)?;
        page.resize(PAGE_BYTES, 0);
        Ok(Some(page))
    }

    /// Notes the pages that are free, as far as their list reads.
    fn find_free(&mut self, mut trunk: u32) -> io::Result<()> {
        while trunk != 0 && self.free.insert(trunk) {
            let Some(page) = self.page(trunk)? else { break };
            let count = word(&page, 4).unwrap_or(0) as usize;
            let leaves = (0..count.min(PAGE_BYTES / 4)).filter_map(|at| word(&page, 8 + 4 * at));
            self.free.extend(leaves);
            trunk = word(&page, 0).unwrap_or(0);
        }
        Ok(())
    }

    /// All bytes of a row, those on other pages included; none where one of these is not there.
    fn payload(&mut self, cell: &Cell<'_>) -> io::Result<Option<Vec<u8>>> {
        // Nothing is longer than the file: a damaged length, and pages that lead in a circle, cost no more than that.
        if cell.len > self.numbers().count() * PAGE_BYTES {
            return Ok(None);
        }
        let mut payload = cell.local.to_vec();
        let mut next = cell.overflow;
        while payload.len() < cell.len {
            let Some(page) = next.map(|next| self.page(next)).transpose()?.flatten() else {
                return Ok(None);
            };
            let rest = page.get(4..).unwrap_or_default();
            let wanted = rest.len().min(cell.len - payload.len());
            payload.extend_from_slice(rest.get(..wanted).unwrap_or_default());
            next = word(&page, 0);
        }
        Ok(Some(payload))
    }
}

/// What kind of page it is and where its rows begin, if it is one of a tree with rows.
fn cells(page: &[u8], tree: usize) -> Option<(u8, Vec<usize>)> {
    let kind = *page.get(tree)?;
    let header = match kind {
        TABLE_LEAF | INDEX_LEAF => 8,
        INDEX_INTERIOR => 12,
        _ => return None,
    };
    let count = half(page, tree + 3)?;
    let cells = (0..count).filter_map(|at| half(page, tree + header + 2 * at));
    Some((kind, cells.collect()))
}

/// The beginning of a row.
struct Cell<'a> {
    row: Option<i64>,
    len: usize,
    local: &'a [u8],
    /// The page where it goes on.
    overflow: Option<u32>,
}

impl<'a> Cell<'a> {
    /// No value that we store is larger; a damaged length must not be believed.
    const LEN_MAX: u64 = 256 << 20;

    fn read(kind: u8, mut bytes: &'a [u8]) -> Option<Self> {
        if kind == INDEX_INTERIOR {
            bytes = bytes.get(4..)?;
        }
        let len = varint(&mut bytes)?;
        if len > Self::LEN_MAX {
            return None;
        }
        let len = usize::try_from(len).ok()?;
        let row = match kind {
            TABLE_LEAF => Some(varint(&mut bytes)?.cast_signed()),
            _ => None,
        };
        let most = match kind {
            TABLE_LEAF => PAGE_BYTES - 35,
            _ => (PAGE_BYTES - 12) * 64 / 255 - 23,
        };
        let local = local_len(len, most);
        let overflow = match local < len {
            true => Some(word(bytes, local)?),
            false => None,
        };
        Some(Self {
            row,
            len,
            local: bytes.get(..local)?,
            overflow,
        })
    }
}

/// How many of a row's bytes lie in the page itself.
fn local_len(len: usize, most: usize) -> usize {
    if len <= most {
        return len;
    }
    let least = (PAGE_BYTES - 12) * 32 / 255 - 23;
    let even = least + (len - least) % (PAGE_BYTES - 4);
    if even <= most { even } else { least }
}

/// The values of a row.
fn values(payload: &[u8]) -> Option<Vec<Value>> {
    let mut kinds = payload;
    let header = usize::try_from(varint(&mut kinds)?).ok()?;
    let mut body = payload.get(header..)?;
    let mut kinds = payload.get(payload.len() - kinds.len()..header)?;
    let mut values = Vec::new();
    while !kinds.is_empty() {
        values.push(value(varint(&mut kinds)?, &mut body)?);
    }
    Some(values)
}

fn value(kind: u64, body: &mut &[u8]) -> Option<Value> {
    let mut take = |len: u64| {
        let (taken, rest) = body.split_at_checked(usize::try_from(len).ok()?)?;
        *body = rest;
        Some(taken)
    };
    Some(match kind {
        0 => Value::Null,
        1..=4 => Value::Integer(integer(take(kind)?)),
        5 => Value::Integer(integer(take(6)?)),
        6 => Value::Integer(integer(take(8)?)),
        8 => Value::Integer(0),
        9 => Value::Integer(1),
        12.. if kind.is_multiple_of(2) => Value::Blob(take((kind - 12) / 2)?.to_vec()),
        13.. => Value::Text(String::from_utf8(take((kind - 13) / 2)?.to_vec()).ok()?),
        // Nothing of ours is a real number.
        _ => return None,
    })
}

/// A number in two's complement, of at most eight bytes.
fn integer(bytes: &[u8]) -> i64 {
    let sign = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
    let start = if sign { -1_i64 } else { 0 };
    bytes
        .iter()
        .fold(start, |number, byte| number << 8 | i64::from(*byte))
}

/// A number of one to nine bytes, seven bits in each but the ninth.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for place in 0..9 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        if place == 8 {
            return Some(number << 8 | u64::from(*byte));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(number)
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

fn half(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + 2)?;
    Some(u16::from_be_bytes(bytes.try_into().ok()?).into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use rusqlite::{Connection, params};
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn every_row_that_sqlite_wrote_is_read_back() {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("a.sqlite");
        let database = Connection::open(&path).unwrap();
        database
            .execute_batch(
                "PRAGMA journal_mode = WAL;
                 CREATE TABLE a (id INTEGER PRIMARY KEY, text TEXT, blob BLOB NOT NULL, number INTEGER) STRICT;
                 CREATE TABLE b (key TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID;",
            )
            .unwrap();
        let numbers = [0, 1, -1, 127, -129, 40_000, 1 << 30, -(1 << 40), i64::MIN];
        let mut expected = Vec::new();
        for row in 0..300_i64 {
            // Lengths on both sides of what fits a page, and of many pages.
            let bytes = vec![row as u8; (row * row) as usize % 20_000];
            let number = numbers[row as usize % numbers.len()];
            let text = (row % 3 > 0).then(|| format!("驿{row}"));
            database
                .execute(
                    "INSERT INTO a VALUES (?1, ?2, ?3, ?4)",
                    params![row, text, bytes, number],
                )
                .unwrap();
            database
                .execute(
                    "INSERT INTO b VALUES (?1, ?2)",
                    params![format!("k{row}"), bytes],
                )
                .unwrap();
            let text = text.map_or(Value::Null, Value::Text);
            let values = vec![
                Value::Null,
                text,
                Value::Blob(bytes),
                Value::Integer(number),
            ];
            expected.push((row, values));
        }
        database
            .execute_batch("DELETE FROM a WHERE id >= 290")
            .unwrap();
        expected.truncate(290);
        // Part of it is in the log, part of it in the file.
        for _ in 0..2 {
            let mut pages = Pages::open(&path).unwrap();
            let (mut rows, mut settings) = (BTreeMap::new(), BTreeMap::new());
            for number in pages.numbers() {
                for record in pages.records(number).unwrap() {
                    match (record.row, &record.values[..]) {
                        (Some(row), [Value::Null, ..]) => drop(rows.insert(row, record.values)),
                        (None, [Value::Text(key), Value::Blob(value)]) => {
                            settings.insert(key.clone(), value.clone());
                        }
                        _ => {}
                    }
                }
            }
            assert_eq!(rows.into_iter().collect::<Vec<_>>(), expected);
            assert_eq!(settings.len(), 300);
            assert_eq!(settings["k141"], vec![141; 141 * 141]);
            database
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
                .unwrap();
        }
    }
}
