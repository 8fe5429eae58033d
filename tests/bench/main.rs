//! The relay beside its peers: one driver, the same frames, interleaved rounds.
//!
//! Method: every scenario runs against a fresh server of each kind in turn, round after round, and the
//! median is shown. The clients are light: they speak the protocol, check every change's hash, and hold no
//! document, so that the server is measured and not Automerge in the driver. The driver has one thread, so
//! that it leaves the other cores to the server and its own limit is known: the table shows its CPU
//! beside the server's, and marks what is the driver's figure rather than the server's. A server that does
//! not finish in time is shown as such, and gets no further round.

mod attack;
mod audience;
mod bare;
mod client;
mod county;
mod document;
mod figures;
mod frames;
mod hub;
mod machine;
mod meter;
mod progress;
mod repeats;
mod report;
mod samod_server;
mod scenario;
mod server;
mod socket;
mod story;
mod suite;
mod table;
mod target;
mod wire;
mod yjs_story;

use std::path::PathBuf;

use anyhow::Context;
use clap::{Parser, Subcommand, ValueEnum};

use crate::bare::To;
use crate::scenario::Scenario;
use crate::target::Target;

const ROUNDS: usize = 3;

#[derive(Debug, Parser)]
#[command(about = "Measures the relay beside its peers")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measure, and print a table.
    Compare(Options),
    /// Measure what a hub does with a county's records.
    County(county::Options),
    /// Write a county's store, for people to try.
    MakeCounty {
        /// Where: a directory that has no store yet.
        directory: PathBuf,
        #[command(flatten)]
        which: county::Which,
    },
    /// The attackers, for `compare` to start.
    #[command(hide = true)]
    Attack { url: String, only: Option<usize> },
    /// The bare server, for `compare` to start.
    #[command(hide = true)]
    Bare { to: To },
    /// A server on samod, for `compare` to start.
    #[command(hide = true)]
    Samod { data: PathBuf },
}

#[derive(Clone, Debug, clap::Args)]
struct Options {
    /// Interleaved rounds; medians are shown.
    #[arg(long, default_value_t = ROUNDS)]
    rounds: usize,
    /// Only these scenarios.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Scenario>,
    /// Only these servers.
    #[arg(long, value_enum, value_delimiter = ',')]
    targets: Vec<Target>,
    /// Where to write the report as well, in Markdown.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Where to write the relay's own figures as well, for programs.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Options {
    /// The command that does the same again.
    fn command(&self) -> String {
        let mut command = "cargo xtask bench".to_owned();
        if self.rounds != ROUNDS {
            command += &format!(" --rounds {}", self.rounds);
        }
        command + &listed("--only", &self.only) + &listed("--targets", &self.targets)
    }
}

fn listed(option: &str, values: &[impl ValueEnum]) -> String {
    let values = values.iter().filter_map(|value| value.to_possible_value());
    let values: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
    if values.is_empty() {
        return String::new();
    }
    format!(" {option} {}", values.join(","))
}

#[expect(clippy::print_stdout, reason = "the report is what the program is for")]
fn print(markdown: Option<&PathBuf>, append: bool, report: &str) -> anyhow::Result<()> {
    println!("\n{report}");
    if let Some(file) = markdown {
        let before = match append {
            true => std::fs::read_to_string(file).unwrap_or_default() + "\n",
            false => String::new(),
        };
        std::fs::write(file, before + report)
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let runtime = |mut builder: tokio::runtime::Builder| builder.enable_all().build();
    let many = tokio::runtime::Builder::new_multi_thread;
    let one = tokio::runtime::Builder::new_current_thread;
    match Arguments::parse().command {
        Command::Attack { url, only } => runtime(one())?.block_on(attack::run(url, only)),
        Command::Bare { to } => runtime(many())?.block_on(bare::serve(to)),
        Command::Samod { data } => runtime(many())?.block_on(samod_server::serve(&data)),
        Command::Compare(options) => {
            let results = runtime(one())?.block_on(suite::run(&options));
            if let Some(file) = &options.json {
                report::ours(&results).write(file)?;
            }
            print(
                options.markdown.as_ref(),
                false,
                &report::report(&options, &results),
            )
        }
        Command::County(options) => {
            let table = runtime(many())?.block_on(county::run(&options))?;
            print(options.markdown.as_ref(), options.append, &table)
        }
        Command::MakeCounty { directory, which } => {
            let written = county::write(which, &directory)?;
            eprintln!(
                "{} documents, {} changes: yilian --data {} status",
                written.documents,
                written.changes,
                directory.display()
            );
            Ok(())
        }
    }
}
