//! What is measured, one module for each scenario.

use std::time::Duration;

use anyhow::Result;
use clap::ValueEnum;
use tokio::task::JoinSet;

use crate::meter::Used;
use crate::target::Target;

mod cold;
mod connections;
mod documents;
mod fan_out;
mod memory;
mod merge;
mod paced;
mod reconnect;

/// A scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scenario {
    /// One author, 50 readers, at most 256 changes in flight.
    FanOut,
    /// The same, at most 16 in flight.
    FanOutNarrow,
    /// The same at ten changes a second: how long one takes.
    Paced,
    /// 1,000 documents over 20 connections.
    Documents,
    /// 50 sites come online, each with 200 changes.
    Merge,
    /// 500 clients come back, 20 changes behind.
    Reconnect,
    /// A stored document of 50,000 changes is asked for after a restart.
    Cold,
    /// 1,000 connections opened, each with a document of its own.
    Connections,
    /// Memory for idle connections and documents.
    Memory,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) title: &'static str,
    pub(crate) better: Better,
}

/// Which way a figure is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Better {
    Higher,
    Lower,
}

/// What one run gave: a value for each row of its scenario.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) values: Vec<f64>,
    pub(crate) used: Used,
}

const fn higher(title: &'static str) -> Row {
    Row {
        title,
        better: Better::Higher,
    }
}

const fn lower(title: &'static str) -> Row {
    Row {
        title,
        better: Better::Lower,
    }
}

impl Scenario {
    /// Its lines of the table.
    pub(crate) fn rows(self) -> &'static [Row] {
        match self {
            Scenario::FanOut => const { &[higher("fan-out 1→50, 256 in flight, changes/s")] },
            Scenario::FanOutNarrow => const { &[higher("fan-out 1→50, 16 in flight, changes/s")] },
            Scenario::Paced => const { &[lower("10 changes/s to 50, p50 ms"), lower("… p99 ms")] },
            Scenario::Documents => {
                const { &[higher("1,000 documents, 20 connections, changes/s")] }
            }
            Scenario::Merge => const { &[lower("50 sites × 200 offline changes, s")] },
            Scenario::Reconnect => const { &[lower("500 clients 20 changes behind reconnect, s")] },
            Scenario::Cold => {
                const {
                    &[
                        lower("50,000 changes, cold: first byte, ms"),
                        lower("… fetched, s"),
                    ]
                }
            }
            Scenario::Memory => {
                const {
                    &[
                        lower("KiB per idle connection"),
                        lower("KiB per idle document"),
                        lower("memory after everybody left, % of idle"),
                    ]
                }
            }
            Scenario::Connections => {
                const {
                    &[
                        lower("1,000 connections with a document each, s"),
                        lower("… KiB per connection"),
                    ]
                }
            }
        }
    }

    /// Whether a target can take part.
    pub(crate) fn is_for(self, target: Target) -> bool {
        match self {
            Scenario::FanOut | Scenario::FanOutNarrow | Scenario::Paced => true,
            Scenario::Documents | Scenario::Merge | Scenario::Connections | Scenario::Memory => {
                target != Target::Hocuspocus
            }
            Scenario::Reconnect | Scenario::Cold => target.speaks_sync(),
        }
    }

    /// How many rounds it gets at most: memory is no matter of chance, and takes minutes.
    pub(crate) fn rounds_max(self) -> usize {
        if self == Scenario::Memory {
            1
        } else {
            usize::MAX
        }
    }

    /// A run that takes longer, from the server's start to its end, is not waited for.
    pub(crate) fn time_max(self) -> Duration {
        Duration::from_secs(if self == Scenario::Memory { 180 } else { 60 })
    }

    /// One run against a fresh server.
    pub(crate) async fn run(self, target: Target) -> Result<Sample> {
        match self {
            Scenario::FanOut => fan_out::run(target, 256).await,
            Scenario::FanOutNarrow => fan_out::run(target, 16).await,
            Scenario::Paced => paced::run(target).await,
            Scenario::Documents => documents::run(target).await,
            Scenario::Merge => merge::run(target).await,
            Scenario::Reconnect => reconnect::run(target).await,
            Scenario::Cold => cold::run(target).await,
            Scenario::Connections => connections::run(target).await,
            Scenario::Memory => memory::run(target).await,
        }
    }
}

/// Waits until every task has done its work.
async fn finish(tasks: &mut JoinSet<Result<()>>) -> Result<()> {
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    Ok(())
}
