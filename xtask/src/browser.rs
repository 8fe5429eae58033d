//! The browser that the browser tests drive.

use anyhow::{Context, Result, ensure};

use crate::{project, tools};

/// The packages that drive it, and what ours is measured beside.
///
/// # Errors
/// npm fails.
pub(crate) fn packages() -> Result<()> {
    tools::npm(&project::root().join("tests/browser/js"))
}

/// What the browser tests need: Chromium, and the packages that drive it. `YILIAN_CHROMIUM` names a browser; without
/// it, Debian's is used, and installed by itself as root.
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
    tools::debian("chromium", "chromium").context("YILIAN_CHROMIUM names no browser either")
}
