//! 500 clients that have all but the last 20 of a document's 1,000 changes come back at once. Done when
//! each has the 20.

use std::sync::Arc;

use anyhow::Result;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::Sample;
use super::connections::OPENING;
use crate::audience::DOCUMENT;
use crate::bare::To;
use crate::client::Client;
use crate::meter::Used;
use crate::repeats::Repeats;
use crate::server::Server;
use crate::story;
use crate::target::Target;

const CLIENTS: usize = 500;
const CHANGES: usize = 1_000;
const BEHIND: usize = 20;

pub(super) async fn run(target: Target) -> Result<Sample> {
    let story = story::line();
    let server = Arc::new(Server::start(target, To::Same).await?);
    let mut author = Client::open(&server, "author").await?;
    author.publish(DOCUMENT, story.first(CHANGES)).await?;
    drop(author);
    let mut repeats = Repeats::default();
    while let Some(time) = repeats.next().await {
        repeats.add(once(&server, time).await?);
    }
    Ok(Sample {
        values: vec![repeats.seconds()],
        used: repeats.used(),
        text: None,
    })
}

async fn once(server: &Arc<Server>, time: usize) -> Result<Used> {
    let story = story::line();
    let meter = server.meter()?;
    let opening = Arc::new(Semaphore::new(OPENING));
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let (server, opening) = (server.clone(), opening.clone());
        clients.spawn(async move {
            let place = opening.acquire().await?;
            let mut client = Client::open(&server, &format!("client {number}, {time}")).await?;
            drop(place);
            client
                .fetch(DOCUMENT, story, CHANGES - BEHIND, CHANGES)
                .await?;
            anyhow::Ok(client)
        });
    }
    // They stay until the last has all.
    let mut done = JoinSet::new();
    while let Some(client) = clients.join_next().await {
        done.spawn(client??.stay());
    }
    Ok(meter.stop())
}
