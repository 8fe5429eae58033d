//! The browser that the browser tests drive.

use std::process::Command;

use anyhow::{Result, bail, ensure};

use crate::step::run;
use crate::{project, tools};

/// The packages that drive it, and what ours is measured beside.
///
/// # Errors
/// npm fails.
pub(crate) fn packages() -> Result<()> {
    tools::npm(&project::root().join("tests/browser/js"))
}

/// What the browser tests need: Chromium, and the packages that drive it. `YILIAN_CHROMIUM` names a browser; without
/// it, Debian's is used, and installed by itself only where that bothers nobody: as root, in CI.
///
/// # Errors
/// When it is missing and may not or cannot be installed.
pub(crate) fn install() -> Result<()> {
    packages()?;
    if let Some(browser) = std::env::var_os("YILIAN_CHROMIUM") {
        let browser = std::path::PathBuf::from(browser);
        ensure!(browser.is_file(), "there is no {}", browser.display());
        return Ok(());
    }
    if tools::is_there("chromium") {
        return Ok(());
    }
    let ci = std::env::var_os("CI").is_some();
    if !ci || !tools::is_there("apt-get") {
        bail!(
            "chromium is missing: install it (Debian: `apt-get install chromium`), set YILIAN_CHROMIUM to \
             a browser of its kind, or leave this step out with --only"
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
            "chromium",
        ]))
}
