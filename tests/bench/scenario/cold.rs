//! A document of 50,000 changes is stored, the server started again, and a new client asks for it.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::Sample;
use crate::audience::DOCUMENT;
use crate::bare::To;
use crate::client::Client;
use crate::server::Server;
use crate::story;
use crate::target::Target;

/// What one message brings while the document is being stored.
const PART: usize = 1_000;
/// Peers store a while after they have acknowledged.
const STORING: Duration = Duration::from_secs(3);

pub(super) async fn run(target: Target) -> Result<Sample> {
    let story = story::line();
    let mut server = Server::start(target, To::Same).await?;
    let mut author = Client::open(&server, "author").await?;
    for part in story.first(story::LENGTH).chunks(PART) {
        author.publish(DOCUMENT, part).await?;
    }
    drop(author);
    if target.is_peer() {
        tokio::time::sleep(STORING).await;
    }
    server.restart().await?;
    let mut reader = Client::open(&server, "reader").await?;
    let meter = server.meter()?;
    let asked = Instant::now();
    let first_byte = reader.fetch(DOCUMENT, story, 0, story::LENGTH).await?;
    let used = meter.stop();
    let first_byte = first_byte.context("all of it in a short message")? - asked;
    Ok(Sample {
        values: vec![first_byte.as_secs_f64() * 1_000.0, used.seconds],
        used,
    })
}
