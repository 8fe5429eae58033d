//! `cargo xtask keep-release`: what a version writes and shows, kept for every later version to read.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::project::{self, cargo};
use crate::step;

/// What the programs are made of: the kept stores are those of the commit only if nothing here differs from it.
const SOURCES: [&str; 5] = ["Cargo.toml", "Cargo.lock", "core", "node", "server"];

/// Builds the programs, and lets them write this version's folder in `tests/released`.
///
/// # Errors
/// When the sources differ from the commit that is checked out, or this version was kept already.
pub(crate) fn keep() -> Result<()> {
    let changed = git(&[&["status", "--porcelain", "--"], &SOURCES[..]].concat())?;
    ensure!(
        changed.is_empty(),
        "what is to be kept is not committed:\n{changed}"
    );
    let commit = git(&["rev-parse", "HEAD"])?;
    let packages = ["-p", "yilian-node", "-p", "yilian-server"];
    let tests = ["-p", "yilian-tests", "--bins", "--locked"];
    step::run(cargo().arg("build").args(packages).args(tests))?;
    let keeper = project::binary("debug", "yilian-keep-release")?;
    step::run(Command::new(keeper).arg(commit))
}

fn git(arguments: &[&str]) -> Result<String> {
    let output = Command::new("git")
        .current_dir(project::root())
        .args(arguments)
        .output()
        .context("cannot run git")?;
    ensure!(
        output.status.success(),
        "git {} failed: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).context("git wrote no text")?;
    Ok(text.trim().to_owned())
}
