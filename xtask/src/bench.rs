//! `cargo xtask bench`: the relay beside its peers, and the browser's package beside Automerge's, in one run.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Result;

use crate::project::{self, cargo};
use crate::{browser, step, tools, wasm};

mod against;
mod package;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Interleaved rounds; the medians are shown.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Only these scenarios: fan-out, fan-out-narrow, paced, documents, merge, reconnect, cold, connections,
    /// attack, memory; of what a hub does with a county's records: county; and of the browser's package: size, browser.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Only these servers: bare, yilian, npm, repo, samod, hocuspocus.
    #[arg(long, value_delimiter = ',')]
    targets: Vec<String>,
    /// Compare with this revision instead: built in a worktree under `target`, and measured in turn with this one. What it
    /// cannot do is left blank.
    #[arg(long, value_name = "REV")]
    against: Option<String>,
    /// Where the county's store is kept for the next run; made if it is not there.
    #[arg(long, value_name = "DIR")]
    store: Option<PathBuf>,
    /// Where to write the table as well, in Markdown.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

/// What is measured of the relay.
const RELAY: [&str; 10] = [
    "fan-out",
    "fan-out-narrow",
    "paced",
    "documents",
    "merge",
    "reconnect",
    "cold",
    "connections",
    "attack",
    "memory",
];

/// What is measured of the browser's package.
const PACKAGE: [&str; 2] = ["size", "browser"];

pub(crate) fn run(options: &Options) -> Result<()> {
    if let Some(revision) = &options.against {
        return against_revision(options, revision);
    }
    let (package, others): (Vec<String>, Vec<String>) = options
        .only
        .iter()
        .cloned()
        .partition(|scenario| PACKAGE.contains(&scenario.as_str()));
    let (county, relay): (Vec<String>, Vec<String>) = others
        .into_iter()
        .partition(|scenario| scenario == against::COUNTY);
    let all = options.only.is_empty();
    if all || !relay.is_empty() {
        compare_relays(options, &relay)?;
    }
    if all || !county.is_empty() {
        measure_county(options, all || !relay.is_empty())?;
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

fn against_revision(options: &Options, revision: &str) -> Result<()> {
    let mut scenarios = options.only.clone();
    if scenarios.is_empty() {
        scenarios.extend(RELAY.map(str::to_owned));
        scenarios.push(against::COUNTY.to_owned());
    }
    build()?;
    let store = options.store.as_deref();
    let table = against::compare(revision, &scenarios, options.rounds, store)?;
    writeln!(std::io::stdout(), "{table}")?;
    if let Some(file) = &options.markdown {
        std::fs::write(file, table)?;
    }
    Ok(())
}

/// With `append`, the file has the relays' table already.
fn measure_county(options: &Options, append: bool) -> Result<()> {
    build()?;
    let mut driver = std::process::Command::new(project::binary("release", "yilian-bench")?);
    driver
        .arg(against::COUNTY)
        .args(["--rounds", &options.rounds.to_string()]);
    if let Some(store) = &options.store {
        driver.arg("--store").arg(store);
    }
    if let Some(file) = &options.markdown {
        driver.arg("--markdown").arg(file);
        if append {
            driver.arg("--append");
        }
    }
    step::run(&mut driver)
}

fn compare_relays(options: &Options, only: &[String]) -> Result<()> {
    tools::javascript_peers()?;
    tools::npm(&project::root().join("tests/bench/js"))?;
    build()?;
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

fn build() -> Result<()> {
    // An experimental figure from an unoptimised build would be worse than none.
    step::run(cargo().args([
        "build",
        "--release",
        "--locked",
        "-p",
        "yilian-server",
        "-p",
        "yilian-tests",
        "--bin",
        "yilian-relay",
        "--bin",
        "yilian-bench",
    ]))
}
