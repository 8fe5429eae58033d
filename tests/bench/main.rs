//! How many changes a second one author can bring to many readers of one document: the fan-out path.
//!
//! Method: the same driver against three relays in interleaved rounds: a bare WebSocket broadcast (what the
//! sockets alone allow here), `yilian-relay`, and `automerge-repo`'s own server (for scale). Author and
//! readers are light: they speak the protocol and check every change's hash, and hold no document, so
//! that the relay is measured and not Automerge in fifty clients. The author stays within a window ahead
//! of the slowest reader; a change counts once every reader has it. The CPU of driver and server is shown
//! beside each figure: where the driver's is near what the machine has, the figure is the driver's.

mod author;
mod bare;
mod change;
mod cpu;
mod reader;
mod report;
mod target;
mod window;

use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};

use crate::cpu::Cpu;
use crate::report::Figure;
use crate::target::{Target, Wire};
use crate::window::Window;

#[derive(Debug, Parser)]
#[command(about = "Measures the fan-out path")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measure, and print a table.
    Compare(Options),
    /// The bare broadcast server, for `compare` to start.
    #[command(hide = true)]
    Bare,
}

#[derive(Clone, Debug, clap::Args)]
struct Options {
    /// Readers of the document.
    #[arg(long, default_value_t = 50)]
    readers: usize,
    /// Changes the author makes; the reference gets a fortieth.
    #[arg(long, default_value_t = 20_000)]
    changes: usize,
    /// How far the author may be ahead of the slowest reader.
    #[arg(long, default_value_t = 256)]
    in_flight: usize,
    /// Interleaved rounds; medians are shown.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Only these.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Target>,
}

/// A run that takes longer than this is stuck.
const RUN_MAX: Duration = Duration::from_secs(120);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Bare => bare::serve().await,
        Command::Compare(options) => compare(&options).await,
    }
}

async fn compare(options: &Options) -> anyhow::Result<()> {
    let targets: Vec<Target> = Target::ALL
        .into_iter()
        .filter(|target| options.only.is_empty() || options.only.contains(target))
        .collect();
    let mut figures = Vec::new();
    for round in 1..=options.rounds {
        for target in &targets {
            eprintln!("round {round} of {}: {}", options.rounds, target.title());
            figures.push((*target, run(*target, options).await?));
        }
    }
    report::print(options, &targets, &figures);
    Ok(())
}

/// One run against a fresh relay.
async fn run(target: Target, options: &Options) -> anyhow::Result<Figure> {
    let changes = match target {
        Target::Reference => (options.changes / 40).max(1),
        Target::Bare | Target::Yilian => options.changes,
    };
    let story = change::story(changes + 1);
    let relay = target.start().await?;
    let window = Arc::new(Window::new(options.readers, options.in_flight));

    let mut author = author::Author::connect(&relay.url, target.wire(), &story).await?;
    author.publish_first().await?;
    let mut readers = Vec::new();
    for number in 0..options.readers {
        let reader =
            reader::Reader::connect(&relay.url, target.wire(), number, &story, window.clone());
        readers.push(reader.await?);
    }
    let mut reading = tokio::task::JoinSet::new();
    for reader in readers {
        reading.spawn(reader.read(changes));
    }

    let (driver, server) = (Cpu::of(std::process::id()), Cpu::of(relay.id));
    let begun = Instant::now();
    let work = async {
        author.write(&window).await?;
        while let Some(reader) = reading.join_next().await {
            reader??;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(RUN_MAX, work).await??;
    let took = begun.elapsed();
    Ok(Figure {
        changes_per_s: changes as f64 / took.as_secs_f64(),
        driver_cpu: driver.since().as_secs_f64() / took.as_secs_f64(),
        server_cpu: server.since().as_secs_f64() / took.as_secs_f64(),
    })
}

/// Whether a relay speaks the protocol or passes on bytes.
const fn speaks_sync(wire: Wire) -> bool {
    matches!(wire, Wire::Sync)
}
