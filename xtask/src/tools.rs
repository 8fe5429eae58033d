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

/// The C compiler for Windows that the bundled SQLite needs. Installed by itself only where that
/// bothers nobody: as root, in CI.
///
/// # Errors
/// When it is missing and may not or cannot be installed.
pub(crate) fn mingw() -> Result<()> {
    if is_there("x86_64-w64-mingw32-gcc") {
        return Ok(());
    }
    let ci = std::env::var_os("CI").is_some();
    if !ci || !is_there("apt-get") {
        bail!(
            "x86_64-w64-mingw32-gcc is missing: install it (Debian, Ubuntu: \
             `apt-get install gcc-mingw-w64-x86-64`), or leave this step out with --only"
        );
    }
    run(Command::new("apt-get").args(["update", "-qq"]))?;
    run(Command::new("apt-get")
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args([
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            "gcc-mingw-w64-x86-64",
        ]))
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
