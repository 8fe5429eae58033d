//! The shape of the repository: who may depend on whom, how long a file may be, what must not be
//! committed.
//!
//! Method: `cargo metadata` and `cargo tree` for the crates, `git ls-files` for the files (what is not
//! committed yet is checked too, what is ignored is not). Each test lists everything it finds, so that
//! one run shows all that is to be tidied.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod crates;
mod files;
mod javascript;
mod links;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file that is or would be committed, relative to the root, with `/` between folders.
pub(crate) fn files() -> Vec<String> {
    let output = Command::new("git")
        .current_dir(root())
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .output()
        .expect("git runs");
    assert!(output.status.success(), "this is no git checkout");
    let names = String::from_utf8(output.stdout).expect("file names are UTF-8");
    names
        .split('\0')
        .filter(|name| !name.is_empty() && root().join(name).is_file())
        .map(str::to_owned)
        .collect()
}

/// The text of a file; none where it is not UTF-8.
pub(crate) fn text(file: &str) -> Option<String> {
    String::from_utf8(std::fs::read(root().join(file)).ok()?).ok()
}

/// Fails with everything that was found.
#[track_caller]
pub(crate) fn nothing(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n  {}", found.join("\n  "));
}
