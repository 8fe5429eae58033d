//! 50 sites were offline; each wrote 200 changes on a document they had in common. They come online at
//! once. Done when every site has what all the others wrote.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::Sample;
use crate::audience::DOCUMENT;
use crate::bare::To;
use crate::client::Client;
use crate::server::Server;
use crate::story::{self, OFFLINE_CHANGES, SITES};
use crate::target::Target;
use crate::wire::chunk::{Checked, Hash};
use crate::wire::envelope::Envelope;
use crate::wire::sync_message::SyncMessage;

pub(super) async fn run(target: Target) -> Result<Sample> {
    let story = story::fan();
    let server = Arc::new(Server::start(target, To::Others).await?);
    if target.speaks_sync() {
        let mut first = Client::open(&server, "first").await?;
        first.publish(DOCUMENT, story.first(1)).await?;
    }
    let connected = Arc::new(Barrier::new(SITES));
    let meter = server.meter()?;
    let mut sites = JoinSet::new();
    for number in 0..SITES {
        let (server, connected) = (server.clone(), connected.clone());
        sites.spawn(async move {
            let mut site = Site {
                client: Client::open(&server, &format!("site {number}")).await?,
                number,
                held: [0; SITES],
            };
            if !target.speaks_sync() {
                // What is passed on to who is not there yet is lost.
                connected.wait().await;
            }
            site.merge().await?;
            anyhow::Ok(site)
        });
    }
    // They stay until the last has all.
    let mut done = Vec::new();
    while let Some(site) = sites.join_next().await {
        done.push(site??);
    }
    let used = meter.stop();
    Ok(Sample {
        values: vec![used.seconds],
        used,
    })
}

/// A site that comes online.
struct Site {
    client: Client,
    number: usize,
    /// How many changes of each site it has.
    held: [usize; SITES],
}

impl Site {
    async fn merge(&mut self) -> Result<()> {
        let story = story::fan();
        let own = story.part(1 + self.number * OFFLINE_CHANGES, OFFLINE_CHANGES);
        self.hold(own.last().context("it wrote something")?.hash)?;
        let names = self.client.names().clone();
        let heads = self.heads()?;
        let upload = names.sync("sync", DOCUMENT, &heads, &heads, own)?;
        let mut uploaded = false;
        if self.client.target.speaks_sync() {
            let common = [story.hash(0)?];
            let hello = names.sync("sync", DOCUMENT, &heads, &common, &[])?;
            self.client.outgoing.send(&hello).await?;
        } else {
            self.client.outgoing.send(&upload).await?;
            uploaded = true;
        }
        while self.held.iter().any(|held| *held < OFFLINE_CHANGES) {
            self.client.incoming.read().await?;
            let mut found = Vec::new();
            let (mut heard, mut brought) = (false, false);
            while let Some(message) = self.client.incoming.message()? {
                let envelope = Envelope::read(message)?;
                if envelope.kind != "sync" {
                    continue;
                }
                heard = true;
                let message = SyncMessage::read(envelope.data)?;
                brought |= message.has_changes();
                message.check(|checked| match checked {
                    Checked::Change(hash) => found.push(hash),
                    Checked::Document => found.extend(message.heads()),
                })?;
            }
            for hash in found {
                self.hold(hash)?;
            }
            let mut answers = Vec::new();
            if heard && !uploaded {
                answers.extend_from_slice(&upload);
                uploaded = true;
            }
            if brought && self.client.target.speaks_sync() {
                let heads = self.heads()?;
                answers.extend(names.sync("sync", DOCUMENT, &heads, &heads, &[])?);
            }
            if !answers.is_empty() {
                self.client.outgoing.send(&answers).await?;
            }
        }
        Ok(())
    }

    /// Notes a change; its site wrote those before it first.
    fn hold(&mut self, hash: Hash) -> Result<()> {
        let place = story::fan().place(&hash).context("a change nobody wrote")?;
        let Some(place) = place.checked_sub(1) else {
            return Ok(()); // What all had in common.
        };
        let held = self.held.get_mut(place / OFFLINE_CHANGES);
        let held = held.context("a site that there is not")?;
        *held = (*held).max(place % OFFLINE_CHANGES + 1);
        Ok(())
    }

    fn heads(&self) -> Result<Vec<Hash>> {
        let mut heads = Vec::new();
        for (site, held) in self.held.iter().enumerate() {
            if *held > 0 {
                heads.push(story::fan().hash(site * OFFLINE_CHANGES + held)?);
            }
        }
        heads.sort_unstable();
        ensure!(!heads.is_empty(), "a site has at least its own");
        Ok(heads)
    }
}
