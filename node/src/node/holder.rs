//! What this store holds rights to goods as, and the mark outside the database by which a copy of it is told.
//!
//! The database and a file beside it, `holder`, name the same device, incarnation and number of writes. The file goes first, and
//! with every write of a ledger line, so a database that was restored, or copied without it, says something else. The file also
//! holds when it was made, as the file system tells: a copy of the whole directory was made later. Where any of this does not match,
//! the store goes on under a new incarnation, which holds nothing.

use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use uuid::Uuid;
use yilian_core::supplies;

use crate::identity::{RandomError, random_bytes, random_uuid};

/// The setting that the database keeps it under.
pub(super) const HOLDER: &str = "holder";
const FILE: &str = "holder";
const FILE_NEW: &str = "holder.new";

/// A device in one incarnation, and how often it wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    device: Uuid,
    incarnation: u32,
    writes: u64,
}

/// The directory's holder, as far as the database knows it.
#[derive(Debug)]
pub(super) struct Keeper {
    directory: PathBuf,
    stored: Option<Holder>,
    /// Whether the file was found to say the same.
    proved: bool,
}

impl Keeper {
    pub(super) fn new(directory: PathBuf, stored: Option<&[u8]>) -> Self {
        Self {
            directory,
            stored: stored.and_then(Holder::read),
            proved: false,
        }
    }

    /// The holder that the database and the file agree on, if they do.
    pub(super) fn proved(&mut self) -> Option<Holder> {
        let stored = self.stored?;
        if !self.proved {
            self.proved = read_mark(&self.directory) == Some(stored);
        }
        self.proved.then_some(stored)
    }

    /// The next incarnation of this device, not yet written anywhere.
    pub(super) fn next_incarnation(&self) -> Result<Holder, RandomError> {
        let device = match self.stored {
            Some(stored) => stored.device,
            None => random_uuid()?,
        };
        Ok(Holder {
            device,
            incarnation: u32::from_be_bytes(random_bytes()?),
            writes: 0,
        })
    }

    /// Writes the file: on disk when this returns. The database has to follow, and [`Keeper::keep`] says that it has.
    pub(super) fn mark(&mut self, holder: Holder) -> std::io::Result<()> {
        // Until the database says the same, neither is to be believed.
        self.proved = false;
        write_mark(&self.directory, holder)
    }

    pub(super) fn keep(&mut self, holder: Holder) {
        self.stored = Some(holder);
        self.proved = true;
    }

    pub(super) fn file(&self) -> PathBuf {
        self.directory.join(FILE)
    }
}

impl Holder {
    /// What it holds rights as.
    pub(super) fn name(&self) -> String {
        supplies::holder(&self.device, self.incarnation)
    }

    /// The same holder, one write later.
    pub(super) const fn after_write(mut self) -> Self {
        self.writes += 1;
        self
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        Self::parse(std::str::from_utf8(bytes).ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let (name, writes) = text.trim().split_once(' ')?;
        let (device, incarnation) = name.split_once('.')?;
        Some(Self {
            device: device.parse().ok()?,
            incarnation: u32::from_str_radix(incarnation, 16).ok()?,
            writes: writes.parse().ok()?,
        })
    }
}

/// As the database and the file hold it.
impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name(), self.writes)
    }
}

/// What the file says; none where there is no such file, or where it is a copy.
fn read_mark(directory: &Path) -> Option<Holder> {
    let path = directory.join(FILE);
    let text = std::fs::read_to_string(&path).ok()?;
    let mut lines = text.lines();
    let holder = Holder::parse(lines.next()?)?;
    let made = lines.next()?;
    let is_original = made.is_empty() || made == made_at(&std::fs::metadata(&path).ok()?);
    is_original.then_some(holder)
}

/// Replaces the file as a whole, or leaves it as it was.
fn write_mark(directory: &Path, holder: Holder) -> std::io::Result<()> {
    let (path, new) = (directory.join(FILE), directory.join(FILE_NEW));
    match std::fs::remove_file(&new) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = std::fs::File::create_new(&new)?;
    let made = made_at(&file.metadata()?);
    write!(file, "{holder}\n{made}\n")?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&new, &path)?;
    sync_directory(directory)
}

/// When a file was made, in nanoseconds since 1970; empty where the file system does not keep that.
fn made_at(metadata: &std::fs::Metadata) -> String {
    let made = metadata.created().ok();
    let since = made.and_then(|made| made.duration_since(UNIX_EPOCH).ok());
    since.map_or_else(String::new, |since| since.as_nanos().to_string())
}

#[cfg(unix)]
fn sync_directory(directory: &Path) -> std::io::Result<()> {
    std::fs::File::open(directory)?.sync_all()
}

/// Elsewhere a directory cannot be synced; a rename that is lost with power leaves a file that the database contradicts.
#[cfg(not(unix))]
fn sync_directory(_directory: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn keeper(directory: &Path, stored: Option<Holder>) -> Keeper {
        let stored = stored.map(|stored| stored.to_string());
        Keeper::new(directory.to_owned(), stored.as_deref().map(str::as_bytes))
    }

    #[test]
    fn a_holder_is_proved_where_database_and_file_agree() {
        let directory = tempfile::tempdir().unwrap();
        let mut first = keeper(directory.path(), None);
        assert_eq!(first.proved(), None);
        let holder = first.next_incarnation().unwrap();
        first.mark(holder).unwrap();
        assert_eq!(first.proved(), None);
        first.keep(holder);
        assert_eq!(first.proved(), Some(holder));
        let later = holder.after_write();
        first.mark(later).unwrap();
        first.keep(later);

        let restarted = keeper(directory.path(), Some(later)).proved();
        assert_eq!(restarted, Some(later));
        let mut restored = keeper(directory.path(), Some(holder));
        assert_eq!(restored.proved(), None, "the database is older");
        let next = restored.next_incarnation().unwrap();
        assert_eq!(next.device, holder.device);
        assert_ne!(next.name(), holder.name());
    }

    #[test]
    fn a_copied_directory_holds_nothing() {
        let (directory, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut first = keeper(directory.path(), None);
        let holder = first.next_incarnation().unwrap();
        first.mark(holder).unwrap();
        if made_at(&std::fs::metadata(first.file()).unwrap()).is_empty() {
            // This file system does not tell a copy.
            return;
        }
        std::fs::copy(first.file(), copy.path().join(FILE)).unwrap();
        assert_eq!(keeper(copy.path(), Some(holder)).proved(), None);
        assert_eq!(
            keeper(directory.path(), Some(holder)).proved(),
            Some(holder)
        );
    }

    #[test]
    fn what_is_no_mark_is_none() {
        for text in ["", "x", "a.b 1", "00000000-0000-0000-0000-000000000000 1"] {
            assert_eq!(Holder::parse(text), None, "{text}");
        }
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(FILE), [0xff, 0xfe]).unwrap();
        assert_eq!(read_mark(directory.path()), None);
    }
}
