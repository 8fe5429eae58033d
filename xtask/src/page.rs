//! The page for workers, stations and the hub, as the relay serves it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::{project, step, tools};

/// Tests and builds the page on the package in `wasm/pkg`, which must be built; answers the folder to serve.
///
/// # Errors
/// When npm, a test of it or the build fails.
pub(crate) fn build() -> Result<PathBuf> {
    let folder = project::root().join("web-demo");
    tools::npm(&folder)?;
    for script in ["test", "build"] {
        let arguments = ["run", "--silent", "--if-present", script];
        step::run(Command::new("npm").current_dir(&folder).args(arguments))?;
    }
    let built = folder.join("dist");
    ensure!(
        built.join("index.html").is_file(),
        "the build made no {}",
        built.display()
    );
    Ok(built)
}
