//! What a server has resident for each connection that only joined, for each document that was touched
//! and is in use no more, and whether it gives memory back once everybody has left.

use std::sync::Arc;
use std::time::Duration;

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
const TOUCHING: usize = 10;
const CHANGES: usize = 5;
/// For a server's memory to settle.
const SETTLING: Duration = Duration::from_secs(3);
/// `yilian-relay` keeps a document for 30 s after its last use.
const IDLE: Duration = Duration::from_secs(35);

pub(super) async fn run(target: Target) -> Result<Sample> {
    let connection = connections(target).await?;
    let (document, returned) = if target.speaks_sync() {
        documents(target).await?
    } else {
        (f64::NAN, f64::NAN)
    };
    Ok(Sample {
        values: vec![connection, document, returned],
        used: Default::default(),
    })
}

async fn connections(target: Target) -> Result<f64> {
    let server = Server::start(target, To::Same).await?;
    // What the first one brings with it is not each one's.
    drop(Client::open(&server, "first").await?);
    tokio::time::sleep(SETTLING).await;
    let before = server.resident_kib()?;
    let mut open = Vec::new();
    for number in 0..CONNECTIONS {
        open.push(Client::open(&server, &format!("client {number}")).await?);
    }
    tokio::time::sleep(SETTLING).await;
    Ok((server.resident_kib()? - before) / open.len() as f64)
}

/// KiB for each document, and percent of the idle memory once all have left.
async fn documents(target: Target) -> Result<(f64, f64)> {
    let each = if target == Target::Yilian { 1_000 } else { 100 };
    let server = Arc::new(Server::start(target, To::Same).await?);
    drop(Client::open(&server, "first").await?);
    tokio::time::sleep(SETTLING).await;
    let before = server.resident_kib()?;
    let mut touching = JoinSet::new();
    for number in 0..TOUCHING {
        let server = server.clone();
        touching.spawn(async move {
            let mut client = Client::open(&server, &format!("client {number}")).await?;
            for at in 0..each {
                let document = document::id(number * each + at);
                client
                    .publish(&document, story::line().first(CHANGES))
                    .await?;
            }
            anyhow::Ok(client)
        });
    }
    let mut clients = Vec::new();
    while let Some(client) = touching.join_next().await {
        clients.push(client??);
    }
    // Only ours lets go of what is not in use.
    let idle = if target == Target::Yilian {
        IDLE
    } else {
        SETTLING
    };
    tokio::time::sleep(idle).await;
    let document = (server.resident_kib()? - before) / (TOUCHING * each) as f64;
    drop(clients);
    if target != Target::Yilian {
        return Ok((document, f64::NAN));
    }
    tokio::time::sleep(idle).await;
    Ok((document, server.resident_kib()? / before * 100.0))
}
