//! `cargo xtask bench`: the relay beside its peers, and the browser's package beside Automerge's, in one run.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Result;

use crate::project::{self, cargo};
use crate::{browser, step, tools, wasm};

mod package;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Interleaved rounds; the medians are shown.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Only these scenarios: fan-out, fan-out-narrow, paced, documents, merge, reconnect, cold, connections,
    /// memory; and of the browser's package: size, browser.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Only these servers: bare, yilian, npm, repo, samod, hocuspocus.
    #[arg(long, value_delimiter = ',')]
    targets: Vec<String>,
    /// Where to write the table as well, in Markdown.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

/// What is measured of the browser's package.
const PACKAGE: [&str; 2] = ["size", "browser"];

pub(crate) fn run(options: &Options) -> Result<()> {
    let (package, relay): (Vec<String>, Vec<String>) = options
        .only
        .iter()
        .cloned()
        .partition(|scenario| PACKAGE.contains(&scenario.as_str()));
    let all = options.only.is_empty();
    if all || !relay.is_empty() {
        compare_relays(options, &relay)?;
    }
    let wanted = |scenario: &str| all || package.iter().any(|one| one == scenario);
    let mut tables = String::new();
    if wanted("size") || wanted("browser") {
        wasm::package()?;
        browser::packages()?;
    }
    if wanted("size") {
        tables.push_str(&package::sizes()?);
    }
    if wanted("browser") {
        tables.push('\n');
        tables.push_str(&package::speed(options.rounds)?);
    }
    writeln!(std::io::stdout(), "{tables}")?;
    if let Some(file) = options.markdown.as_ref().filter(|_| !tables.is_empty()) {
        let mut all = std::fs::OpenOptions::new();
        let mut all = all.append(true).create(true).open(file)?;
        writeln!(all, "\n{tables}")?;
    }
    Ok(())
}

fn compare_relays(options: &Options, only: &[String]) -> Result<()> {
    tools::javascript_peers()?;
    tools::npm(&project::root().join("tests/bench/js"))?;
    // An experimental figure from an unoptimised build would be worse than none.
    step::run(cargo().args([
        "build",
        "--release",
        "--locked",
        "-p",
        "yilian-server",
        "-p",
        "yilian-tests",
        "--bins",
    ]))?;
    let mut driver = std::process::Command::new(project::binary("release", "yilian-bench")?);
    driver
        .arg("compare")
        .args(["--rounds", &options.rounds.to_string()]);
    for (name, values) in [("--only", only), ("--targets", &options.targets)] {
        if !values.is_empty() {
            driver.args([name, &values.join(",")]);
        }
    }
    if let Some(file) = &options.markdown {
        driver.arg("--markdown").arg(file);
    }
    step::run(&mut driver)
}
