//! 1,000 documents over 20 connections: each connection writes its 50 documents in turn, for two
//! seconds, and reads those of the connection before it. A change counts once its reader has it.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::{Sample, finish};
use crate::bare::To;
use crate::client::{Acknowledgement, Brought, Client};
use crate::document;
use crate::frames::Frames;
use crate::progress::{self, Progress};
use crate::server::Server;
use crate::socket::{Incoming, Outgoing};
use crate::story;
use crate::target::Target;
use crate::wire::envelope::Envelope;
use crate::wire::sync_message::SyncMessage;

const CONNECTIONS: usize = 20;
const DOCUMENTS: usize = 50;
/// Changes of each document: more than any server takes in the time.
const CHANGES_MAX: usize = 600;
/// How far each writer may be ahead of its reader.
const IN_FLIGHT: usize = 64;

pub(super) async fn run(target: Target) -> Result<Sample> {
    let server = Server::start(target, To::Next).await?;
    let (server, sides) = prepare(server).await?;
    let ends: Vec<Arc<Progress>> = sides.iter().map(|side| side.written.clone()).collect();
    let meter = server.meter()?;
    let (mut writing, mut reading) = (JoinSet::new(), JoinSet::new());
    for side in sides {
        writing.spawn(write(side.outgoing, side.frames, side.written));
        reading.spawn(side.reader.read());
    }
    // They stay until the last has all: closing would take back what the server has not read.
    let mut done = Vec::new();
    let text = progress::patiently(async {
        while let Some(reader) = reading.join_next().await {
            done.push(reader??);
        }
        finish(&mut writing).await
    })
    .await?;
    let used = meter.stop();
    let all: usize = ends.iter().map(|written| written.slowest()).sum();
    Ok(Sample {
        values: vec![all as f64 / used.seconds],
        used,
        text,
    })
}

/// One connection, ready.
struct Side {
    outgoing: Outgoing,
    frames: Frames,
    /// How far the reader of what it writes has come.
    written: Arc<Progress>,
    reader: Reader,
}

struct Reader {
    incoming: Incoming,
    outgoing: Outgoing,
    documents: HashMap<String, usize>,
    /// By document: what it has after the first change, and how it says so.
    held: Vec<(usize, Acknowledgement)>,
    answers: bool,
    progress: Arc<Progress>,
}

/// Connects all, makes all documents, and has each opened by its reader.
async fn prepare(server: Server) -> Result<(Arc<Server>, Vec<Side>)> {
    let server = Arc::new(server);
    let progress: Vec<Arc<Progress>> = (0..CONNECTIONS)
        .map(|_| Arc::new(Progress::new(1, IN_FLIGHT)))
        .collect();
    let made = Arc::new(Barrier::new(CONNECTIONS));
    let mut preparing = JoinSet::new();
    for number in 0..CONNECTIONS {
        // One after another: the bare server passes on to who connected next.
        let client = Client::open(&server, &format!("site {number}")).await?;
        let before = (number + CONNECTIONS - 1) % CONNECTIONS;
        let of = |number: usize| progress.get(number).cloned().context("one for each");
        let (written, read) = (of(number)?, of(before)?);
        let made = made.clone();
        preparing.spawn(async move {
            let side = side(client, (number, before), (written, read), &made).await?;
            anyhow::Ok((number, side))
        });
    }
    let mut sides = Vec::new();
    while let Some(side) = preparing.join_next().await {
        sides.push(side??);
    }
    sides.sort_by_key(|(number, _)| *number);
    Ok((server, sides.into_iter().map(|(_, side)| side).collect()))
}

async fn side(
    mut client: Client,
    (number, before): (usize, usize),
    (written, read): (Arc<Progress>, Arc<Progress>),
    made: &Barrier,
) -> Result<Side> {
    let story = story::line();
    if client.target.speaks_sync() {
        for at in 0..DOCUMENTS {
            client.publish(&name(number, at), story.first(1)).await?;
        }
    }
    client.idle(made.wait()).await?;
    let mut held = Vec::new();
    let mut documents = HashMap::new();
    for at in 0..DOCUMENTS {
        let name = name(before, at);
        client.fetch(&name, story, 0, 1).await?;
        held.push((0, client.names().acknowledgement(&name)?));
        documents.insert(name, at);
    }
    let mut frames = Frames::default();
    for change in story.part(1, CHANGES_MAX) {
        for at in 0..DOCUMENTS {
            let change = std::slice::from_ref(change);
            frames.push(&client.names().changes(&name(number, at), change)?);
        }
    }
    // Nobody writes before all have opened what they read.
    client.idle(made.wait()).await?;
    Ok(Side {
        outgoing: client.outgoing.clone(),
        frames,
        written,
        reader: Reader {
            incoming: client.incoming,
            outgoing: client.outgoing,
            documents,
            held,
            answers: client.target.speaks_sync(),
            progress: read,
        },
    })
}

fn name(connection: usize, at: usize) -> String {
    document::id(connection * DOCUMENTS + at)
}

async fn write(outgoing: Outgoing, frames: Frames, progress: Arc<Progress>) -> Result<()> {
    frames.send(&outgoing, &progress).await
}

impl Reader {
    async fn read(mut self) -> Result<Reader> {
        let story = story::line();
        let mut answers = Vec::new();
        let mut read = 0;
        let mut end = usize::MAX;
        while read < end {
            self.incoming.read().await?;
            while let Some(message) = self.incoming.message()? {
                let envelope = Envelope::read(message)?;
                let of = self.documents.get(envelope.document);
                let held = of.and_then(|at| self.held.get_mut(*at));
                let Some((held, acknowledgement)) = held else {
                    continue; // An answer to what it wrote.
                };
                if envelope.kind != "sync" {
                    continue;
                }
                let brought = Brought::by(&SyncMessage::read(envelope.data)?, story)?;
                let until = brought.until.saturating_sub(1);
                if until > *held {
                    read += until - *held;
                    *held = until;
                }
                if self.answers && brought.until > 0 {
                    answers.extend_from_slice(acknowledgement.of(&story.hash(*held)?));
                }
            }
            end = self.progress.read(0, read);
            if !answers.is_empty() {
                self.outgoing.send(&answers).await?;
                answers.clear();
            }
        }
        Ok(self)
    }
}
