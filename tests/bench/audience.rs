//! One document, its author and those who read it.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use tokio::task::{JoinHandle, JoinSet};

use crate::client::{Acknowledgement, Brought, Client};
use crate::frames::Frames;
use crate::progress::Progress;
use crate::server::Server;
use crate::socket::Outgoing;
use crate::story::{self, Story};
use crate::target::Target;
use crate::wire::envelope::Envelope;
use crate::wire::sync_message::SyncMessage;
use crate::wire::yjs;

/// The document everybody has open.
pub(crate) const DOCUMENT: &str = "4NMNnkMhL8jXrdJ9jamS58PAVdXu";

/// An author whose frames are ready, and who reads the answers, as every client does.
#[derive(Debug)]
pub(crate) struct Author {
    outgoing: Outgoing,
    frames: Frames,
    answers: JoinHandle<Result<()>>,
}

impl Author {
    /// Connects, makes the document with the story's first change, and prepares the `changes` after it.
    pub(crate) async fn connect(server: &Server, changes: usize) -> Result<Author> {
        let mut client = Client::open(server, "author").await?;
        let mut frames = Frames::default();
        if server.address().target == Target::Hocuspocus {
            let mut updates = crate::yjs_story::updates().await?.iter();
            let first = updates.next().context("a story has a beginning")?;
            client.outgoing.send(&yjs::update(DOCUMENT, first)).await?;
            for update in updates.take(changes) {
                frames.push(&yjs::update(DOCUMENT, update));
            }
        } else {
            let story = story::line();
            client.publish(DOCUMENT, story.first(1)).await?;
            for change in story.part(1, changes) {
                let change = std::slice::from_ref(change);
                frames.push(&client.names().changes(DOCUMENT, change)?);
            }
        }
        let mut incoming = client.incoming;
        let answers = tokio::spawn(async move {
            loop {
                incoming.read().await?;
                while incoming.message()?.is_some() {}
            }
        });
        Ok(Author {
            outgoing: client.outgoing,
            frames,
            answers,
        })
    }

    /// Sends everything as the readers' progress allows.
    pub(crate) async fn write(&self, progress: &Progress) -> Result<()> {
        self.frames.send(&self.outgoing, progress).await
    }

    /// Sends the change with this number, from 0.
    pub(crate) async fn write_one(&self, number: usize) -> Result<()> {
        self.outgoing
            .send(self.frames.slice(number, number + 1))
            .await
    }
}

impl Drop for Author {
    fn drop(&mut self) {
        self.answers.abort();
    }
}

/// A reader that has the document's first change.
#[derive(Debug)]
pub(crate) struct Reader {
    client: Client,
    story: &'static Story,
    acknowledgement: Acknowledgement,
    /// Changes it has, after the first.
    read: usize,
}

impl Reader {
    pub(crate) async fn connect(server: &Server, number: usize) -> Result<Reader> {
        let story = story::line();
        let mut client = Client::open(server, &format!("reader {number}")).await?;
        if server.address().target == Target::Hocuspocus {
            client.open_yjs(DOCUMENT).await?;
        } else {
            client.fetch(DOCUMENT, story, 0, 1).await?;
        }
        let acknowledgement = client.names().acknowledgement(DOCUMENT)?;
        Ok(Reader {
            client,
            story,
            acknowledgement,
            read: 0,
        })
    }

    /// Reads until it has as many changes after the first as `progress` answers when it is told how many
    /// there are already.
    pub(crate) async fn read(mut self, progress: impl Fn(usize) -> usize) -> Result<()> {
        let mut answers = Vec::new();
        let mut end = usize::MAX;
        while self.read < end {
            self.client.incoming.read().await?;
            self.take(&mut answers)?;
            end = progress(self.read);
            if !answers.is_empty() {
                // Others may have something to read as well: that comes first, or the last of them would
                // wait for the answers of all before it.
                tokio::task::yield_now().await;
                self.client.outgoing.send(&answers).await?;
                answers.clear();
            }
        }
        ensure!(self.read == end, "more changes than were made");
        Ok(())
    }

    fn take(&mut self, answers: &mut Vec<u8>) -> Result<()> {
        while let Some(message) = self.client.incoming.message()? {
            if self.client.target == Target::Hocuspocus {
                if let Some(update) = yjs::Update::read(message)? {
                    ensure!(update.from <= self.read + 1, "a gap");
                    self.read = self.read.max(update.until.saturating_sub(1));
                }
                continue;
            }
            let envelope = Envelope::read(message)?;
            if envelope.kind != "sync" {
                continue;
            }
            let message = SyncMessage::read(envelope.data)?;
            if !message.has_changes() {
                continue;
            }
            let brought = Brought::by(&message, self.story)?;
            let until = brought.until.saturating_sub(1);
            if until > self.read {
                // A whole document counts as no change, and says by its heads what it holds.
                let whole = brought.changes == 0;
                ensure!(whole || brought.changes >= until - self.read, "a gap");
                self.read = until;
            }
            if self.client.target.speaks_sync() {
                let head = self.story.hash(self.read)?;
                answers.extend_from_slice(self.acknowledgement.of(&head));
            }
        }
        Ok(())
    }
}

/// Connects so many readers and lets them read; tells `progress` number and count, and is told how many
/// there will be.
pub(crate) async fn readers(
    server: &Server,
    count: usize,
    progress: Arc<impl Fn(usize, usize) -> usize + Send + Sync + 'static>,
) -> Result<JoinSet<Result<()>>> {
    let mut reading = JoinSet::new();
    for number in 0..count {
        let reader = Reader::connect(server, number).await?;
        let progress = progress.clone();
        // At once: who does not read answers no ping, and is cut off.
        reading.spawn(reader.read(move |count| progress(number, count)));
    }
    Ok(reading)
}
