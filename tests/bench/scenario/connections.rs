//! 1,000 connections are opened, each makes a document of its own, and stays. Done when the server has
//! acknowledged every document.

use anyhow::Result;
use tokio::task::JoinSet;

use super::Sample;
use crate::bare::To;
use crate::client::Client;
use crate::document;
use crate::server::Server;
use crate::story;
use crate::target::Target;

const CONNECTIONS: usize = 1_000;
/// How many are being opened at a time: more would measure the listen queue.
pub(super) const OPENING: usize = 64;

pub(super) async fn run(target: Target) -> Result<Sample> {
    let server = Server::start(target, To::Same).await?;
    let first = story::line().first(1);
    let before = server.resident_kib()?;
    let meter = server.meter()?;
    let server = std::sync::Arc::new(server);
    let mut opening = JoinSet::new();
    let mut open = Vec::new();
    for number in 0..CONNECTIONS {
        if opening.len() >= OPENING
            && let Some(client) = opening.join_next().await
        {
            open.push(client??);
        }
        let server = server.clone();
        opening.spawn(async move {
            let mut client = Client::open(&server, &format!("client {number}")).await?;
            client.publish(&document::id(number), first).await?;
            if !target.speaks_sync() {
                // The bare server sends it back.
                while client.incoming.message()?.is_none() {
                    client.incoming.read().await?;
                }
            }
            anyhow::Ok(client)
        });
    }
    while let Some(client) = opening.join_next().await {
        open.push(client??);
    }
    let used = meter.stop();
    let after = server.resident_kib()?;
    Ok(Sample {
        values: vec![used.seconds, (after - before) / open.len() as f64],
        used,
    })
}
