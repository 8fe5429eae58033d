//! `cargo xtask bench`: the relay beside its peers, in one run.

use std::path::PathBuf;

use anyhow::Result;

use crate::project::{self, cargo};
use crate::{step, tools};

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Interleaved rounds; the medians are shown.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Only these scenarios: fan-out, fan-out-narrow, paced, documents, merge, reconnect, cold, connections,
    /// memory.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Only these servers: bare, yilian, npm, repo, samod, hocuspocus.
    #[arg(long, value_delimiter = ',')]
    targets: Vec<String>,
    /// Where to write the table as well, in Markdown.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
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
    for (name, values) in [("--only", &options.only), ("--targets", &options.targets)] {
        if !values.is_empty() {
            driver.args([name, &values.join(",")]);
        }
    }
    if let Some(file) = &options.markdown {
        driver.arg("--markdown").arg(file);
    }
    step::run(&mut driver)
}
