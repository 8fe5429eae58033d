//! `cargo xtask county`: the store of a county's hub, for people to try.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::project::{self, cargo};
use crate::step;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Where: a directory that has no store yet.
    directory: PathBuf,
    /// What the county follows from.
    #[arg(long)]
    seed: Option<u64>,
    /// How many sites it has, 10 at least; else 300.
    #[arg(long)]
    sites: Option<usize>,
    /// How many months its sites have been writing; else 24.
    #[arg(long)]
    months: Option<usize>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    // Millions of edits: an unoptimised build would take many minutes.
    let build = ["build", "--release", "--locked", "-p", "yilian-tests"];
    step::run(cargo().args(build).args(["--bin", "yilian-bench"]))?;
    let mut make = Command::new(project::binary("release", "yilian-bench")?);
    make.arg("make-county").arg(&options.directory);
    let mut pass = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            make.args([name, &value]);
        }
    };
    pass("--seed", options.seed.map(|seed| seed.to_string()));
    pass("--sites", options.sites.map(|sites| sites.to_string()));
    pass("--months", options.months.map(|months| months.to_string()));
    step::run(&mut make)
}
