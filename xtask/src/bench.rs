//! `cargo xtask bench`: one author, many readers, how many changes a second.

use anyhow::Result;

use crate::project::{self, cargo};
use crate::{step, tools};

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Readers of the document.
    #[arg(long, default_value_t = 50)]
    readers: usize,
    /// Changes the author makes.
    #[arg(long, default_value_t = 20_000)]
    changes: usize,
    /// How far the author may be ahead of the slowest reader, in changes.
    #[arg(long, default_value_t = 256)]
    in_flight: usize,
    /// Interleaved rounds; the medians are shown.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    tools::javascript_peers()?;
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
    let driver = project::binary("release", "fan-out")?;
    step::run(
        std::process::Command::new(driver)
            .arg("compare")
            .args(["--readers", &options.readers.to_string()])
            .args(["--changes", &options.changes.to_string()])
            .args(["--in-flight", &options.in_flight.to_string()])
            .args(["--rounds", &options.rounds.to_string()]),
    )
}
