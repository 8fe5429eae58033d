//! The relay beside its peers: one driver, the same frames, interleaved rounds.
//!
//! Method: every scenario runs against a fresh server of each kind in turn, round after round, and the
//! median is shown. The clients are light: they speak the protocol, check every change's hash, and hold no
//! document, so that the server is measured and not Automerge in the driver. The driver has one thread, so
//! that it leaves the other cores to the server and its own limit is known: the table shows its CPU
//! beside the server's, and marks what is the driver's figure rather than the server's. A server that does
//! not finish in time is shown as such, and gets no further round.

mod audience;
mod bare;
mod client;
mod document;
mod frames;
mod meter;
mod progress;
mod report;
mod samod_server;
mod scenario;
mod server;
mod socket;
mod story;
mod suite;
mod target;
mod wire;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::bare::To;
use crate::scenario::Scenario;
use crate::target::Target;

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
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Only these scenarios.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Scenario>,
    /// Only these servers.
    #[arg(long, value_enum, value_delimiter = ',')]
    targets: Vec<Target>,
}

fn main() -> anyhow::Result<()> {
    let runtime = |mut builder: tokio::runtime::Builder| builder.enable_all().build();
    let many = tokio::runtime::Builder::new_multi_thread;
    let one = tokio::runtime::Builder::new_current_thread;
    match Arguments::parse().command {
        Command::Bare { to } => runtime(many())?.block_on(bare::serve(to)),
        Command::Samod { data } => runtime(many())?.block_on(samod_server::serve(&data)),
        Command::Compare(options) => {
            let results = runtime(one())?.block_on(suite::run(&options));
            report::print(&options, &results);
            Ok(())
        }
    }
}
