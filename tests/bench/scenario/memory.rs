//! What a server has resident: for each connection that only joined; after a restart on a store of many
//! documents; for each of them while somebody who opened it stays connected and does nothing; and once
//! everybody has left.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::task::JoinSet;

use super::Sample;
use crate::bare::To;
use crate::client::Client;
use crate::document;
use crate::server::{Compaction, End, Server};
use crate::story;
use crate::target::Target;

const CONNECTIONS: usize = 1_000;
const CLIENTS: usize = 10;
const CHANGES: usize = 10;
/// For a server's memory to settle.
const SETTLING: Duration = Duration::from_secs(3);

pub(super) async fn run(target: Target) -> Result<Sample> {
    let mut values = vec![connections(target).await?];
    let mut text = None;
    if target.speaks_sync() {
        // Slower servers get fewer, and hold on to what they have: nothing to wait for.
        let (each, idle) = match target {
            // It puts a document to sleep 30 s after its last use.
            Target::Yilian => (1_000, Duration::from_secs(40)),
            _ => (100, Duration::from_secs(10)),
        };
        values.extend(documents(target, each, idle).await?);
        text = Some(format!(
            "{} documents of {CHANGES} changes over {CLIENTS} connections, measured after {} s of idleness",
            CLIENTS * each,
            idle.as_secs()
        ));
    }
    Ok(Sample {
        values,
        used: Default::default(),
        text,
    })
}

async fn connections(target: Target) -> Result<f64> {
    let server = Server::start(target, To::Same).await?;
    // What the first one brings with it is not each one's.
    drop(Client::open(&server, "first").await?);
    tokio::time::sleep(SETTLING).await;
    let before = server.resident_kib()?;
    let mut open = JoinSet::new();
    for number in 0..CONNECTIONS {
        let client = Client::open(&server, &format!("client {number}")).await?;
        open.spawn(client.stay());
    }
    tokio::time::sleep(SETTLING).await;
    ensure!(open.try_join_next().is_none(), "it closed a connection");
    Ok((server.resident_kib()? - before) / CONNECTIONS as f64)
}

/// MiB after the restart, KiB for each document, and percent of the former once all have left.
async fn documents(target: Target, each: usize, idle: Duration) -> Result<[f64; 3]> {
    let mut server = Server::start(target, To::Same).await?;
    drop(clients(&server, each, Work::Make).await?);
    tokio::time::sleep(SETTLING).await;
    server.restart(End::Term, Compaction::Usual).await?;
    drop(Client::open(&server, "first").await?);
    tokio::time::sleep(SETTLING).await;
    let base = server.resident_kib()?;
    let clients = clients(&server, each, Work::Open).await?;
    tokio::time::sleep(idle).await;
    let document = (server.resident_kib()? - base) / (CLIENTS * each) as f64;
    drop(clients);
    tokio::time::sleep(idle).await;
    let left = server.resident_kib()?;
    Ok([base / 1_024.0, document, left / base * 100.0])
}

#[derive(Clone, Copy, Debug)]
enum Work {
    Make,
    Open,
}

/// Clients, still connected, each of which has made or opened so many documents.
async fn clients(server: &Server, each: usize, work: Work) -> Result<JoinSet<Result<()>>> {
    let mut working = JoinSet::new();
    let address = Arc::new(server.address().clone());
    for number in 0..CLIENTS {
        let address = address.clone();
        working.spawn(async move {
            let mut client = Client::open_at(&address, &format!("client {number}")).await?;
            let story = story::line();
            for at in 0..each {
                let document = document::id(number * each + at);
                match work {
                    Work::Make => client.publish(&document, story.first(CHANGES)).await?,
                    Work::Open => drop(client.fetch(&document, story, 0, CHANGES).await?),
                }
            }
            anyhow::Ok(client)
        });
    }
    let mut clients = JoinSet::new();
    while let Some(client) = working.join_next().await {
        clients.spawn(client??.stay());
    }
    Ok(clients)
}
