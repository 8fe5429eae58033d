//! What a hub has done since the first release: opens a county's store, and measures what it does with sites, people and
//! rosters.
//!
//! Method: nothing in this folder needs more of the library than 0.1.0 had, nor anything else of this package. So
//! `cargo xtask bench --against REV` copies the folder into that revision and builds it there: both revisions run the same
//! lines on the same store, and what a row compares is the library. A call that a later version changes is to be wrapped here
//! in what both have, or its row goes.

mod clock;
mod measure;

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::json;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [store, file] = arguments.as_slice() else {
        anyhow::bail!("usage: yilian-bench-hub STORE FILE");
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let rows = runtime.block_on(async {
        let (node, mut rows) = measure::open(Path::new(store)).await?;
        rows.extend(measure::rosters(&node).await?);
        node.stop().await;
        anyhow::Ok(rows)
    })?;
    let rows: Vec<_> = rows
        .iter()
        .map(|(title, value)| json!({ "title": title, "value": value, "higher": false }))
        .collect();
    let text = serde_json::to_string_pretty(&json!({ "rows": rows }))?;
    std::fs::write(file, text).with_context(|| format!("cannot write {file}"))
}
