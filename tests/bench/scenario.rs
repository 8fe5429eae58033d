//! What is measured, one module for each scenario.

use std::time::Duration;

use anyhow::Result;
use clap::ValueEnum;
use tokio::task::JoinSet;

use crate::meter::Used;
use crate::target::Target;

mod attack;
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
    /// One client that is answered, alone and among a hundred attackers.
    Attack,
    /// Memory for idle connections and documents.
    Memory,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) title: &'static str,
    pub(crate) better: Better,
    pub(crate) aims: &'static [Aim],
}

/// Which way a figure is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Better {
    Higher,
    Lower,
}

/// What the project aims for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Aim {
    /// So many times as good as the better of the Automerge peers.
    Peer(f64),
    /// As Hocuspocus.
    Hocuspocus(f64),
    /// As the bare server.
    Bare(f64),
    /// A figure of at most this.
    AtMost(f64),
}

/// What one run gave: a value for each row of its scenario.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) values: Vec<f64>,
    pub(crate) used: Used,
    /// What there is to say beside.
    pub(crate) text: Option<String>,
}

const fn higher(title: &'static str, aims: &'static [Aim]) -> Row {
    Row {
        title,
        better: Better::Higher,
        aims,
    }
}

const fn lower(title: &'static str, aims: &'static [Aim]) -> Row {
    Row {
        title,
        better: Better::Lower,
        aims,
    }
}

const FAN_OUT: &[Row] = &[higher(
    "fan-out 1→50, 256 in flight, changes/s",
    &[Aim::Peer(20.0), Aim::Hocuspocus(2.0), Aim::Bare(0.25)],
)];
const FAN_OUT_NARROW: &[Row] = &[higher("fan-out 1→50, 16 in flight, changes/s", &[])];
const PACED: &[Row] = &[
    lower("10 changes/s to 50, p50 ms", &[Aim::AtMost(2.0)]),
    lower("… p99 ms", &[Aim::AtMost(5.0)]),
];
const DOCUMENTS: &[Row] = &[higher(
    "1,000 documents, 20 connections, changes/s",
    &[Aim::Peer(10.0)],
)];
const MERGE: &[Row] = &[lower(
    "50 sites × 200 offline changes, s",
    &[Aim::Peer(10.0)],
)];
const RECONNECT: &[Row] = &[lower("500 clients 20 changes behind reconnect, s", &[])];
const COLD: &[Row] = &[
    lower(
        "50,000 changes, cold, packed: first byte, ms",
        &[Aim::Peer(10.0)],
    ),
    lower("… fetched, s", &[]),
    lower(
        "50,000 changes, cold, after a crash: first byte, ms",
        &[Aim::Peer(10.0)],
    ),
    lower("… fetched, s", &[]),
];
const CONNECTIONS: &[Row] = &[
    lower(
        "1,000 connections with a document each, s",
        &[Aim::Peer(10.0)],
    ),
    lower("… KiB per connection", &[]),
];
const ATTACK: &[Row] = &[
    lower("one change answered, p50 ms", &[]),
    lower("… p95 ms", &[]),
    lower("… among 100 attackers, p50 ms", &[]),
    lower("… p95 ms", &[]),
    lower("… as many times as long, p50", &[Aim::AtMost(2.0)]),
];
const MEMORY: &[Row] = &[
    lower("KiB per idle connection", &[Aim::AtMost(32.0)]),
    lower("resident after a restart on many documents, MiB", &[]),
    lower(
        "… KiB per idle document, its client connected",
        &[Aim::AtMost(4.0)],
    ),
    lower(
        "… once everybody left, % of after the restart",
        &[Aim::AtMost(120.0)],
    ),
];

impl Scenario {
    /// What it is called where there is little room.
    pub(crate) fn title(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Its lines of the table.
    pub(crate) fn rows(self) -> &'static [Row] {
        match self {
            Scenario::FanOut => FAN_OUT,
            Scenario::FanOutNarrow => FAN_OUT_NARROW,
            Scenario::Paced => PACED,
            Scenario::Documents => DOCUMENTS,
            Scenario::Merge => MERGE,
            Scenario::Reconnect => RECONNECT,
            Scenario::Cold => COLD,
            Scenario::Connections => CONNECTIONS,
            Scenario::Attack => ATTACK,
            Scenario::Memory => MEMORY,
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
            Scenario::Attack => target == Target::Yilian,
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
        Duration::from_secs(match self {
            // Some write a file for every change.
            Scenario::Cold => 60,
            Scenario::Memory => 180,
            _ => 45,
        })
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
            Scenario::Attack => attack::run(target).await,
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
