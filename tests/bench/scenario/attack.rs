//! One client brings a change and waits until it is acknowledged, again and again: alone, and then among a hundred attackers
//! that write to the same document. What is asked for is the ratio of the two, of one run.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::Sample;
use crate::attack::Attackers;
use crate::audience::DOCUMENT;
use crate::bare::To;
use crate::client::Client;
use crate::server::Server;
use crate::story::{self, Change};
use crate::target::Target;

/// Changes before anything is timed.
const BEGINNING: usize = 50;
const CHANGES: usize = 300;
/// Between an answer and the next change: a client that edits, not one that floods.
const PAUSE: Duration = Duration::from_millis(5);

pub(super) async fn run(target: Target) -> Result<Sample> {
    let story = story::line();
    let server = Server::start(target, To::Others).await?;
    let mut client = Client::open(&server, "honest").await?;
    answered(&mut client, story.first(BEGINNING)).await?;
    let alone = answered(&mut client, story.part(BEGINNING, CHANGES)).await?;
    let attackers = Attackers::start(server.address(), only()).await?;
    let meter = server.meter()?;
    let among = answered(&mut client, story.part(BEGINNING + CHANGES, CHANGES)).await?;
    let used = meter.stop();
    drop(attackers);
    let figures = [(&alone, 50), (&alone, 95), (&among, 50), (&among, 95)];
    let mut values: Vec<f64> = figures
        .into_iter()
        .map(|(times, part)| at(times, part))
        .collect::<Result<_>>()?;
    values.push(at(&among, 50)? / at(&alone, 50)?);
    Ok(Sample {
        values,
        used,
        text: None,
    })
}

/// How long each of some changes took from being sent to being acknowledged, shortest first.
async fn answered(client: &mut Client, changes: &[Change]) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    for change in changes {
        let began = Instant::now();
        client
            .publish(DOCUMENT, std::slice::from_ref(change))
            .await?;
        times.push(began.elapsed());
        client.idle(tokio::time::sleep(PAUSE)).await?;
    }
    times.sort_unstable();
    Ok(times)
}

fn at(times: &[Duration], hundredths: usize) -> Result<f64> {
    let at = times.get(times.len() * hundredths / 100);
    at.map(|time| time.as_secs_f64() * 1_000.0)
        .context("nothing was answered")
}

/// One kind of attacker alone, by its number: for whoever looks for the one that costs most.
fn only() -> Option<usize> {
    std::env::var("YILIAN_ATTACK").ok()?.parse().ok()
}
