//! What the steps need beside cargo, and how to get it.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::project;
use crate::step::run;

/// Adds a compilation target where it is missing.
///
/// # Errors
/// When it is missing and rustup cannot add it.
pub(crate) fn target(name: &str) -> Result<()> {
    let installed = Command::new("rustup")
        .args(["target", "list", "--installed"])
        .output();
    let installed = installed.with_context(|| {
        format!("cannot run rustup: install the target {name} as your system provides it")
    })?;
    let installed = String::from_utf8_lossy(&installed.stdout).into_owned();
    if installed.lines().any(|line| line.trim() == name) {
        return Ok(());
    }
    run(Command::new("rustup").args(["target", "add", name]))
}

/// Installs the packages of a `package-lock.json`, unless exactly these are installed.
///
/// # Errors
/// When Node is missing or too old, or npm fails.
pub(crate) fn npm(folder: &Path) -> Result<()> {
    node()?;
    let lock = std::fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("no package-lock.json in {}", folder.display()))?;
    let stamp = folder.join("node_modules/.installed-lock.json");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    // No package here needs its install script, so none gets to run one.
    run(Command::new("npm").current_dir(folder).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ]))?;
    std::fs::write(&stamp, lock).context("cannot write beside the installed packages")
}

/// Node 20 or later.
fn node() -> Result<()> {
    const NEEDED: u32 = 20;
    let version = Command::new("node").arg("--version").output();
    let version = version.with_context(|| format!("node is missing: install Node {NEEDED}"))?;
    let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
    let major = version.trim_start_matches('v').split('.').next();
    let major: u32 = major.unwrap_or_default().parse().unwrap_or(0);
    ensure!(
        major >= NEEDED,
        "Node {NEEDED} or later is needed, this is {version}"
    );
    Ok(())
}

/// The C compiler for Windows that the bundled SQLite needs.
///
/// # Errors
/// See [`debian`].
pub(crate) fn mingw() -> Result<()> {
    debian("x86_64-w64-mingw32-gcc", "gcc-mingw-w64-x86-64")
}

/// Installs a package of Debian's where its program is missing, if we may: as root.
///
/// # Errors
/// We may not or cannot; the message says what to do.
pub(crate) fn debian(program: &str, package: &str) -> Result<()> {
    if is_there(program) {
        return Ok(());
    }
    if !is_root() || !is_there("apt-get") {
        bail!(
            "{program} is missing: install it (Debian, Ubuntu: `apt-get install {package}`), or leave this \
             step out with --only"
        );
    }
    run(Command::new("apt-get").args(["update", "-qq"]))?;
    let install = ["install", "-y", "-qq", "--no-install-recommends", package];
    run(Command::new("apt-get")
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(install))
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Whether `program` can be started.
pub(crate) fn is_there(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The JavaScript peers of the interop tests and the benchmark.
///
/// # Errors
/// See [`npm`].
pub(crate) fn javascript_peers() -> Result<()> {
    npm(&project::root().join("tests/interop/js"))
}
