//! The write-ahead log before SQLite reads it.
//!
//! SQLite takes a damaged frame for the end of the log, as if power had failed there: what stands behind it is passed over
//! without a word. Commits that do stand behind it tell the two apart, since they were written after.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// The bytes of a log's header.
const HEADER: usize = 32;
/// The bytes before a frame's page.
const FRAME: usize = 24;

/// How many commits stand behind damage in a database's write-ahead log, and so are lost. Before SQLite overwrites it, a log
/// with such commits is copied beside itself.
///
/// # Errors
/// The log cannot be read or copied.
pub(super) fn keep_lost(database: &Path) -> io::Result<usize> {
    let path = beside(database, "-wal");
    let log = match std::fs::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        log => log?,
    };
    let lost = lost_commits(&log);
    if lost > 0 {
        std::fs::copy(&path, beside(database, "-wal.damaged"))?;
    }
    Ok(lost)
}

pub(super) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(ending);
    path.into()
}

/// The pages that a database's write-ahead log has in a later state, as SQLite would read them: up to the last commit before
/// any damage.
///
/// # Errors
/// The log cannot be read.
pub(super) fn committed(database: &Path) -> io::Result<BTreeMap<u32, Vec<u8>>> {
    let log = match std::fs::read(beside(database, "-wal")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        log => log?,
    };
    let (mut committed, mut open) = (BTreeMap::new(), BTreeMap::new());
    each_frame(&log, |frame| {
        if !frame.sound {
            return;
        }
        open.insert(frame.page, frame.bytes);
        if frame.commits {
            committed.append(&mut open);
        }
    });
    let owned = |(page, bytes): (u32, &[u8])| (page, bytes.to_vec());
    Ok(committed.into_iter().map(owned).collect())
}

/// A page in a log.
struct Frame<'a> {
    /// The page's number.
    page: u32,
    bytes: &'a [u8],
    /// Whether a commit ends with it.
    commits: bool,
    /// Whether it is of this log: what is left from before the log was begun anew has other salts.
    ours: bool,
    /// Whether it and all before it are as they were written.
    sound: bool,
    /// Whether something before it is not.
    behind: bool,
}

fn each_frame<'a>(log: &'a [u8], mut tell: impl FnMut(Frame<'a>)) {
    let Some((header, frames)) = log.split_at_checked(HEADER) else {
        return;
    };
    let little = word(header, 0) == Some(0x377f_0682);
    let size = word(header, 8).unwrap_or(0) as usize;
    if !(512..=65_536).contains(&size) {
        return;
    }
    let salts = header.get(16..24);
    let mut sums = add((0, 0), header.get(..24).unwrap_or_default(), little);
    let mut sound = sums == (word(header, 24).unwrap_or(0), word(header, 28).unwrap_or(0));
    for frame in frames.chunks_exact(FRAME + size) {
        let bytes = frame.get(FRAME..).unwrap_or_default();
        let (behind, ours) = (!sound, frame.get(8..16) == salts);
        if sound {
            sums = add(sums, frame.get(..8).unwrap_or_default(), little);
            sums = add(sums, bytes, little);
            let written = (word(frame, 16).unwrap_or(0), word(frame, 20).unwrap_or(0));
            sound = ours && sums == written;
        }
        tell(Frame {
            page: word(frame, 0).unwrap_or(0),
            bytes,
            commits: word(frame, 4) != Some(0),
            ours,
            sound,
            behind,
        });
    }
}

/// Commits behind the first frame that does not fit.
fn lost_commits(log: &[u8]) -> usize {
    let mut lost = 0;
    each_frame(log, |frame| {
        lost += usize::from(frame.behind && frame.ours && frame.commits);
    });
    lost
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

/// SQLite's checksum of a log, carried on over more bytes.
fn add((mut first, mut second): (u32, u32), bytes: &[u8], little: bool) -> (u32, u32) {
    let read = match little {
        true => u32::from_le_bytes,
        false => u32::from_be_bytes,
    };
    let (words, _) = bytes.as_chunks::<4>();
    let (pairs, _) = words.as_chunks::<2>();
    for [one, two] in pairs {
        first = first.wrapping_add(read(*one)).wrapping_add(second);
        second = second.wrapping_add(read(*two)).wrapping_add(first);
    }
    (first, second)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use rusqlite::Connection;
    use tempfile::TempDir;

    use super::*;

    /// The log that ten commits leave, of a page each.
    fn log() -> Vec<u8> {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("a.sqlite");
        let database = Connection::open(&path).unwrap();
        let mode: String = database
            .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
            .unwrap();
        assert_eq!(mode, "wal");
        database
            .execute_batch("CREATE TABLE a (b INTEGER) STRICT")
            .unwrap();
        for number in 0..9 {
            database
                .execute("INSERT INTO a VALUES (?1)", [number])
                .unwrap();
        }
        std::fs::read(beside(&path, "-wal")).unwrap()
    }

    #[test]
    fn a_sound_log_and_one_that_was_cut_lose_nothing_that_could_be_told() {
        let log = log();
        for end in [0, 1, HEADER, HEADER + 1, log.len() / 2, log.len()] {
            assert_eq!(lost_commits(&log[..end]), 0, "{end} bytes");
        }
    }

    #[test]
    fn commits_behind_damage_are_counted() {
        let sound = log();
        let page = word(&sound, 8).unwrap() as usize;
        let frames = (sound.len() - HEADER) / (FRAME + page);
        for frame in 0..frames {
            let mut log = sound.clone();
            log[HEADER + frame * (FRAME + page) + FRAME + 7] ^= 1;
            let behind = (frame + 1..frames)
                .filter(|at| word(&sound, HEADER + at * (FRAME + page) + 4) != Some(0))
                .count();
            assert_eq!(lost_commits(&log), behind, "frame {frame}");
        }
        let mut log = sound;
        log[25] ^= 1;
        assert_eq!(lost_commits(&log), 10);
    }
}
