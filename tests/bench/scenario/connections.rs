//! 1,000 connections are opened, each makes a document of its own, and stays. Done when the server has
//! acknowledged every document.

use std::sync::Arc;

use anyhow::{Result, ensure};
use tokio::task::JoinSet;

use super::Sample;
use crate::bare::To;
use crate::client::Client;
use crate::document;
use crate::meter::Used;
use crate::repeats::Repeats;
use crate::server::Server;
use crate::story;
use crate::target::Target;

const CONNECTIONS: usize = 1_000;
/// How many are being opened at a time: more would measure the listen queue.
pub(super) const OPENING: usize = 64;

pub(super) async fn run(target: Target) -> Result<Sample> {
    let server = Arc::new(Server::start(target, To::Same).await?);
    let mut repeats = Repeats::default();
    let mut kib = None;
    while let Some(time) = repeats.next().await {
        let (used, each) = once(&server, time).await?;
        repeats.add(used);
        // Later ones find memory that the first left behind.
        kib.get_or_insert(each);
    }
    Ok(Sample {
        values: vec![repeats.seconds(), kib.unwrap_or(f64::NAN)],
        used: repeats.used(),
        text: None,
    })
}

async fn once(server: &Arc<Server>, time: usize) -> Result<(Used, f64)> {
    let first = story::line().first(1);
    let before = server.resident_kib()?;
    let meter = server.meter()?;
    let mut opening = JoinSet::new();
    let mut open = JoinSet::new();
    for number in time * CONNECTIONS..(time + 1) * CONNECTIONS {
        if opening.len() >= OPENING {
            open_one(&mut opening, &mut open).await?;
        }
        let server = server.clone();
        opening.spawn(async move {
            let mut client = Client::open(&server, &format!("client {number}")).await?;
            client.publish(&document::id(number), first).await?;
            if !client.target.speaks_sync() {
                // The bare server sends it back.
                while client.incoming.message()?.is_none() {
                    client.incoming.read().await?;
                }
            }
            anyhow::Ok(client)
        });
    }
    while !opening.is_empty() {
        open_one(&mut opening, &mut open).await?;
    }
    let used = meter.stop();
    let each = (server.resident_kib()? - before) / CONNECTIONS as f64;
    ensure!(open.try_join_next().is_none(), "it closed a connection");
    Ok((used, each))
}

async fn open_one(
    opening: &mut JoinSet<Result<Client>>,
    open: &mut JoinSet<Result<()>>,
) -> Result<()> {
    if let Some(client) = opening.join_next().await {
        open.spawn(client??.stay());
    }
    Ok(())
}
