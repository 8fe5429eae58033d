//! The Yjs updates that are sent: made ahead of time by Yjs itself.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use tokio::process::Command;
use tokio::sync::OnceCell;

/// More than its server takes in the time of a scenario.
const LENGTH: usize = 40_000;

/// The updates of one author, each of which sets a field as the changes of the other story do.
pub(crate) async fn updates() -> Result<&'static [Vec<u8>]> {
    static UPDATES: OnceCell<Vec<Vec<u8>>> = OnceCell::const_new();
    Ok(UPDATES.get_or_try_init(make).await?)
}

async fn make() -> Result<Vec<Vec<u8>>> {
    let made = Command::new("node")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("bench/js"))
        .args(["yjs-updates.mjs", &LENGTH.to_string()])
        .output()
        .await
        .context("cannot run node")?;
    ensure!(made.status.success(), "node made no updates");
    let mut rest = made.stdout.as_slice();
    let mut updates = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(*length))?;
        let (update, after) = after.split_at_checked(length).context("cut short")?;
        updates.push(update.to_vec());
        rest = after;
    }
    ensure!(updates.len() == LENGTH, "node made too few updates");
    Ok(updates)
}
