//! `@yilian/client` beside `@automerge/automerge`: what each weighs on its way to a browser, and how long each
//! takes there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::project;
use crate::{browser, size, step, wasm};
use anyhow::{Context, Result};

/// What a page may load, beside the modules that each imports by itself.
const ENTRIES: [(&str, &str); 4] = [
    ("the page's half, `index.js`", "index.js"),
    ("the worker's half, `worker.js`", "worker.js"),
    ("`react.js`, besides", "react.js"),
    ("`element.js`, besides", "element.js"),
];

/// The size of every part, as a table in Markdown.
pub(super) fn sizes() -> Result<String> {
    let engine = wasm::module();
    let dist = engine.ancestors().nth(2).context("no wasm/pkg/dist")?;
    let mut table = String::from("| | bytes | gzipped |\n|---|--:|--:|\n");
    push(
        &mut table,
        "the engine, `yilian_bg.wasm`",
        std::slice::from_ref(&engine),
    )?;
    let index = imports(&dist.join("index.js"))?;
    for (what, entry) in ENTRIES {
        let mut files = imports(&dist.join(entry))?;
        if what.ends_with("besides") {
            files.retain(|file| !index.contains(file));
        }
        push(&mut table, what, &files.into_iter().collect::<Vec<_>>())?;
    }
    let automerge = project::root()
        .join("tests/browser/js/node_modules/@automerge/automerge/dist/automerge.wasm");
    push(
        &mut table,
        "`@automerge/automerge` 3.5.0, its wasm alone",
        &[automerge],
    )?;
    Ok(table)
}

fn push(table: &mut String, what: &str, files: &[PathBuf]) -> Result<()> {
    let (mut raw, mut gzipped) = (0, 0);
    for file in files {
        let of_one = size::sizes(file)?;
        raw += of_one.0;
        gzipped += of_one.1;
    }
    table.push_str(&format!("| {what} | {raw} | {gzipped} |\n"));
    Ok(())
}

/// A module and all that it always imports by relative paths, as our own build writes them.
fn imports(entry: &Path) -> Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![entry.to_owned()];
    while let Some(file) = waiting.pop() {
        if !found.insert(file.clone()) {
            continue;
        }
        let text =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let folder = file.parent().context("a module lies in a folder")?;
        let names = text.split("from \"./").skip(1);
        let names = names.filter_map(|rest| Some(rest.split_once('"')?.0));
        waiting.extend(names.map(|name| folder.join(name)));
    }
    Ok(found)
}

/// Opening, loading and merging in Chromium, as a table in Markdown.
pub(super) fn speed(rounds: usize) -> Result<String> {
    browser::install()?;
    step::run(project::cargo().args([
        "build",
        "--release",
        "--locked",
        "-p",
        "yilian-server",
        "--bins",
    ]))?;
    let package = wasm::module();
    let package = package.ancestors().nth(3).context("no wasm/pkg")?;
    let output = Command::new("node")
        .current_dir(project::root().join("tests/browser/js"))
        .arg("measure.mjs")
        .arg(rounds.to_string())
        .env("YILIAN_PACKAGE", package)
        .env(
            "YILIAN_RELAY_BIN",
            project::binary("release", "yilian-relay")?,
        )
        .stderr(std::process::Stdio::inherit())
        .output()
        .context("cannot run node")?;
    anyhow::ensure!(output.status.success(), "the measurement failed");
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
