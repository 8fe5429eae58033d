//! 50 sites were offline; each wrote 200 changes on a document they had in common. They come online at
//! once. Done when every site has what all the others wrote.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::Sample;
use crate::bare::To;
use crate::client::Client;
use crate::document;
use crate::meter::Used;
use crate::repeats::Repeats;
use crate::server::Server;
use crate::story::{self, OFFLINE_CHANGES, SITES};
use crate::target::Target;
use crate::wire::chunk::{Checked, Hash};
use crate::wire::envelope::Envelope;
use crate::wire::sync_message::SyncMessage;

pub(super) async fn run(target: Target) -> Result<Sample> {
    let server = Arc::new(Server::start(target, To::Others).await?);
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
    let document = document::id(time);
    if server.address().target.speaks_sync() {
        let mut first = Client::open(server, &format!("first {time}")).await?;
        first.publish(&document, story::fan().first(1)).await?;
    }
    let connected = Arc::new(Barrier::new(SITES));
    let meter = server.meter()?;
    let mut sites = JoinSet::new();
    for number in 0..SITES {
        let (server, connected) = (server.clone(), connected.clone());
        let document = document.clone();
        sites.spawn(async move {
            let mut client = Client::open(&server, &format!("site {number}, {time}")).await?;
            // For all, because what the bare server passes on to who is not there yet is lost.
            client.idle(connected.wait()).await?;
            let mut site = Site {
                client,
                document,
                number,
                held: [0; SITES],
                heard_of: vec![false; SITES * OFFLINE_CHANGES],
            };
            site.merge().await?;
            anyhow::Ok(site.client)
        });
    }
    // They stay until the last has all.
    let mut done = JoinSet::new();
    while let Some(client) = sites.join_next().await {
        done.spawn(client??.stay());
    }
    Ok(meter.stop())
}

/// A site that comes online.
struct Site {
    client: Client,
    document: String,
    number: usize,
    /// How many changes of each site it has, without a gap.
    held: [usize; SITES],
    /// Which changes came, of all sites.
    heard_of: Vec<bool>,
}

impl Site {
    async fn merge(&mut self) -> Result<()> {
        let story = story::fan();
        let own = story.part(1 + self.number * OFFLINE_CHANGES, OFFLINE_CHANGES);
        self.hold_all(&own.last().context("it wrote something")?.hash)?;
        let names = self.client.names().clone();
        let heads = self.heads()?;
        let upload = names.sync("sync", &self.document, &heads, &heads, own)?;
        let mut uploaded = false;
        if self.client.target.speaks_sync() {
            let common = [story.hash(0)?];
            let hello = names.sync("sync", &self.document, &heads, &common, &[])?;
            self.client.outgoing.send(&hello).await?;
        } else {
            self.client.outgoing.send(&upload).await?;
            uploaded = true;
        }
        while self.held.iter().any(|held| *held < OFFLINE_CHANGES) {
            self.client.incoming.read().await?;
            let (heard, brought) = self.take()?;
            let mut answers = Vec::new();
            if heard && !uploaded {
                answers.extend_from_slice(&upload);
                uploaded = true;
            }
            if brought && self.client.target.speaks_sync() {
                let heads = self.heads()?;
                answers.extend(names.sync("sync", &self.document, &heads, &heads, &[])?);
            }
            if !answers.is_empty() {
                self.client.outgoing.send(&answers).await?;
            }
        }
        Ok(())
    }

    /// Takes in what has arrived: whether that was anything, and whether there were changes.
    fn take(&mut self) -> Result<(bool, bool)> {
        let (mut heard, mut brought) = (false, false);
        let (mut changes, mut whole) = (Vec::new(), Vec::new());
        while let Some(message) = self.client.incoming.message()? {
            let envelope = Envelope::read(message)?;
            if envelope.kind != "sync" || envelope.document != self.document {
                continue;
            }
            heard = true;
            let message = SyncMessage::read(envelope.data)?;
            brought |= message.has_changes();
            message.check(|checked| match checked {
                Checked::Change(hash) => changes.push(hash),
                Checked::Document => whole.extend(message.heads()),
            })?;
        }
        for hash in changes {
            self.hold(&hash)?;
        }
        for hash in whole {
            self.hold_all(&hash)?;
        }
        Ok((heard, brought))
    }

    /// Notes a change, and by it those that waited for it.
    fn hold(&mut self, hash: &Hash) -> Result<()> {
        let Some((site, number)) = place(hash)? else {
            return Ok(());
        };
        let heard_of = self.heard_of.chunks_exact_mut(OFFLINE_CHANGES).nth(site);
        let held = self.held.get_mut(site).context("one of the sites")?;
        let heard_of = heard_of.context("one of the sites")?;
        *heard_of.get_mut(number).context("one of its changes")? = true;
        while heard_of.get(*held).copied().unwrap_or_default() {
            *held += 1;
        }
        Ok(())
    }

    /// Notes a change and all that its site wrote before it.
    fn hold_all(&mut self, hash: &Hash) -> Result<()> {
        if let Some((site, number)) = place(hash)? {
            let held = self.held.get_mut(site).context("one of the sites")?;
            *held = (*held).max(number + 1);
        }
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

/// A change's site, and its number there; none for what all had in common.
fn place(hash: &Hash) -> Result<Option<(usize, usize)>> {
    let place = story::fan().place(hash).context("a change nobody wrote")?;
    let own = place.checked_sub(1);
    Ok(own.map(|place| (place / OFFLINE_CHANGES, place % OFFLINE_CHANGES)))
}
