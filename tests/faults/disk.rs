//! What lies on a relay's or a node's disk, and what becomes of it.

use std::collections::BTreeMap;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use automerge::ChangeHash;
use tempfile::TempDir;
use yilian_core::document::DocumentId;
use yilian_core::storage::{Problem, Store as _};
use yilian_core::sync::chunk::read_changes;
use yilian_core::sync::limits::Limits;
use yilian_node::store::SqliteStore;

/// The changes of every document in a store, by hash.
pub(crate) type Changes = BTreeMap<DocumentId, BTreeMap<ChangeHash, Vec<u8>>>;

/// The database in a data directory.
pub(crate) fn database(data: &Path) -> PathBuf {
    data.join("store.sqlite")
}

/// Its write-ahead log.
pub(crate) fn log(data: &Path) -> PathBuf {
    data.join("store.sqlite-wal")
}

/// What a store holds, and what is wrong with it, read from a copy: whoever starts next finds everything as it was left.
pub(crate) fn read(data: &Path) -> (Changes, Vec<Problem>) {
    let copy = TempDir::new().unwrap();
    for file in [database(data), log(data)] {
        if file.exists() {
            std::fs::copy(&file, copy.path().join(file.file_name().unwrap())).unwrap();
        }
    }
    let store = SqliteStore::open(copy.path()).unwrap();
    let read = |chunk: &bytes::Bytes| read_changes(chunk, &Limits::default()).unwrap();
    let mut changes = Changes::new();
    for document in store.documents().unwrap() {
        let found = changes.entry(document.id).or_default();
        for chunk in store.load(&document.id).unwrap() {
            found.extend(
                read(&chunk)
                    .into_iter()
                    .map(|(header, bytes)| (header.hash, bytes.to_vec())),
            );
        }
    }
    (changes, store.check().unwrap())
}

/// Flips a bit of a file within these bytes, of which it holds a part at least in one piece.
pub(crate) fn damage(file: &Path, bytes: &[u8]) {
    const PIECE: usize = 40;
    let mut whole = std::fs::read(file).unwrap();
    // A piece may lie across two pages.
    let at = bytes.chunks_exact(PIECE).skip(1).find_map(|piece| {
        let mut windows = whole.windows(PIECE);
        windows.position(|window| window == piece)
    });
    let at = at.unwrap_or_else(|| panic!("{} does not hold these bytes", file.display()));
    whole[at + PIECE / 2] ^= 0x10;
    std::fs::write(file, whole).unwrap();
}

/// Flips a bit in every page that holds nothing but bytes of long rows, under whoever has the file open.
pub(crate) fn damage_long_rows(file: &Path) {
    const PAGE: usize = 4_096;
    let bytes = std::fs::read(file).unwrap();
    let open = std::fs::File::options().write(true).open(file).unwrap();
    // Such a page begins with the number of the next one; pages of trees begin with their kind.
    let long = |page: &&[u8]| page[0] == 0 && page[PAGE / 2..].iter().any(|byte| *byte != 0);
    for (number, page) in bytes.chunks_exact(PAGE).enumerate() {
        if long(&page) {
            let at = number * PAGE + PAGE / 2;
            open.write_all_at(&[page[PAGE / 2] ^ 0x10], at as u64)
                .unwrap();
        }
    }
}
