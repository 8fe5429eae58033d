//! A disk: bytes that are there for good, and bytes that a loss of power takes.

use std::fmt;

/// What a disk may refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DiskError {
    Full,
    Off,
    /// The row that begins here.
    Damaged(usize),
}

impl std::error::Error for DiskError {}

impl fmt::Display for DiskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("the disk is full"),
            Self::Off => f.write_str("the power is gone"),
            Self::Damaged(at) => write!(f, "the row at {at} is damaged"),
        }
    }
}

/// A file that grows at its end. What is written can be read at once, and is safe once it is synced.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk {
    bytes: Vec<u8>,
    /// So many of them are safe.
    synced: usize,
    /// Nothing more fits.
    pub(super) full: bool,
    /// The power goes with the next sync.
    pub(super) dying: bool,
    /// Says that it has synced, and has not. No disk should: this is for proving that somebody notices.
    pub(super) lies: bool,
}

impl Disk {
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether bytes up to here survive.
    pub(super) fn is_safe(&self, end: usize) -> bool {
        end <= self.synced
    }

    pub(super) fn read(&self, at: usize, len: usize) -> Option<&[u8]> {
        self.bytes.get(at..at.checked_add(len)?)
    }

    /// Writes, and returns once it is safe. If it fails, nothing of it is there.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<usize, DiskError> {
        let at = self.bytes.len();
        if self.full {
            return Err(DiskError::Full);
        }
        self.bytes.extend_from_slice(bytes);
        if self.dying {
            return Err(DiskError::Off);
        }
        if !self.lies {
            self.synced = self.bytes.len();
        }
        Ok(at)
    }

    /// The power was gone: of what was not safe, the first `keep` bytes are there, the last of them perhaps not as written.
    pub(super) fn crash(&mut self, keep: usize, garble: bool) {
        let end = self.bytes.len().min(self.synced.saturating_add(keep));
        let torn = end > self.synced;
        self.bytes.truncate(end);
        if garble
            && torn
            && let Some(last) = self.bytes.last_mut()
        {
            *last ^= 0x55;
        }
        self.synced = self.bytes.len();
        self.dying = false;
    }

    /// What is at the end was never finished.
    pub(super) fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len);
        self.synced = self.synced.min(len);
    }

    /// A bit of what was written turns.
    pub(super) fn rot(&mut self, at: usize) {
        if let Some(byte) = self.bytes.get_mut(at) {
            *byte ^= 0x10;
        }
    }
}
