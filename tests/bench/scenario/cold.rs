//! A document of 50,000 changes is stored, the server started again, and a new client asks for it.
//!
//! Our relay is asked in two states: packed, as its compactor leaves a document after a while, and as after a
//! crash right after the last change. The peers get the document at once, so that they store it as a snapshot:
//! one that comes in parts leaves the JavaScript servers with a number of increments that is a matter of
//! chance, and then they take up to ten times as long.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::Sample;
use crate::audience::DOCUMENT;
use crate::bare::To;
use crate::client::{Client, Fetched};
use crate::repeats::Repeats;
use crate::server::{Compaction, End, Server};
use crate::story;
use crate::target::Target;

const CHANGES: usize = 50_000;
/// What one message brings our relay while the document is being stored.
const PART: usize = 1_000;
/// Peers store a while after they have acknowledged.
const STORING: Duration = Duration::from_secs(3);

pub(super) async fn run(target: Target) -> Result<Sample> {
    let mut server = Server::start(target, To::Same).await?;
    if target == Target::Yilian {
        server.restart(End::Term, Compaction::Never).await?;
    }
    let mut author = Client::open(&server, "author").await?;
    let part = if target.is_peer() { CHANGES } else { PART };
    for part in story::line().first(CHANGES).chunks(part) {
        author.publish(DOCUMENT, part).await?;
    }
    if target != Target::Yilian {
        author.idle(tokio::time::sleep(STORING)).await?;
        drop(author);
        let state = fetches(&mut server, End::Term).await?;
        let [first_byte, fetched] = state.values;
        return Ok(Sample {
            values: vec![first_byte, fetched, first_byte, fetched],
            used: state.repeats.used(),
            text: Some(state.text),
        });
    }
    drop(author);
    let crashed = fetches(&mut server, End::Kill).await?;
    server.restart(End::Term, Compaction::AtOnce).await?;
    server.packed(CHANGES).await?;
    let packed = fetches(&mut server, End::Term).await?;
    let values = packed.values.into_iter().chain(crashed.values).collect();
    Ok(Sample {
        values,
        used: packed.repeats.used(),
        text: Some(format!("{}; {}", packed.text, crashed.text)),
    })
}

/// What fetching from a server that has just started took.
struct State {
    /// Milliseconds to the first byte, seconds to the last.
    values: [f64; 2],
    repeats: Repeats,
    /// What was sent.
    text: String,
}

async fn fetches(server: &mut Server, end: End) -> Result<State> {
    let mut repeats = Repeats::default();
    let mut first_bytes = 0.0;
    let mut sent = Fetched::default();
    while repeats.next().await.is_some() {
        server.restart(end, Compaction::Never).await?;
        let mut reader = Client::open(server, "reader").await?;
        let meter = server.meter()?;
        let asked = Instant::now();
        sent = reader.fetch(DOCUMENT, story::line(), 0, CHANGES).await?;
        repeats.add(meter.stop());
        let first_byte = sent.first_byte.context("all of it in a short message")?;
        first_bytes += (first_byte - asked).as_secs_f64() * 1_000.0;
    }
    Ok(State {
        values: [first_bytes / repeats.times() as f64, repeats.seconds()],
        repeats,
        text: sent.to_string(),
    })
}
