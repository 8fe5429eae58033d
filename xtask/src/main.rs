//! The project's own commands. `cargo xtask demo` shows Yilian at work, `cargo xtask test` passes
//! every test; the rest are their parts.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench;
mod browser;
mod county;
mod demo;
mod dist;
mod module;
mod page;
mod project;
mod release;
mod simulate;
mod size;
mod squeeze;
mod step;
mod test;
mod tools;
mod wasm;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "The project's own commands")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play the story on the sample network, and leave the hub running, with the page.
    Demo(demo::Options),
    /// Pass every test: formatting, lints, docs, unit and workspace tests, packages, targets.
    Test(test::Options),
    /// Measure the fan-out path against a bare broadcast and the reference server.
    Bench(bench::Options),
    /// Run the whole simulation for a time, one seed after another.
    Simulate(simulate::Options),
    /// Write the store of a county's hub: 300 sites, two years.
    County(county::Options),
    /// Build the npm package @yilian/client into wasm/pkg.
    Wasm,
    /// Build that package, and the page on it into web-demo/dist.
    Page,
    /// Build the release binaries into dist/out.
    Dist,
    /// Keep what this version writes and shows in tests/released, for every later version to read.
    KeepRelease,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Demo(options) => demo::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Simulate(options) => simulate::run(&options),
        Command::County(options) => county::run(&options),
        Command::Wasm => wasm::run(),
        Command::Page => wasm::package().and_then(|_| page::build()).map(drop),
        Command::Dist => dist::run(),
        Command::KeepRelease => release::keep(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
