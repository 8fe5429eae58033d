//! A light client: it speaks the protocol and checks every change's hash, and holds no document, so
//! that the server is measured and not Automerge in the driver.

use std::fmt;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::audience::DOCUMENT;
use crate::server::{Address, Server};
use crate::socket::{self, Incoming, Outgoing};
use crate::story::{Change, Story};
use crate::target::Target;
use crate::wire::chunk::{Checked, Hash};
use crate::wire::envelope::{self, Envelope};
use crate::wire::sync_message::{self, SyncMessage};
use crate::wire::yjs;

/// A connection past the handshake.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) incoming: Incoming,
    pub(crate) outgoing: Outgoing,
    pub(crate) target: Target,
    names: Names,
}

/// Who speaks to whom.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    us: String,
    server: String,
}

/// An acknowledgement that is made once, and changed where the hashes stand.
#[derive(Clone, Debug)]
pub(crate) struct Acknowledgement(Vec<u8>);

/// How a document came.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fetched {
    /// When the first byte of a message arrived that is too long to be mere talk.
    pub(crate) first_byte: Option<Instant>,
    size_bytes: usize,
    messages: usize,
    changes: usize,
    documents: usize,
}

impl Fetched {
    fn add(&mut self, brought: &Brought, size_bytes: usize) {
        self.size_bytes += size_bytes;
        self.messages += 1;
        self.changes += brought.changes;
        self.documents += brought.documents;
    }
}

impl fmt::Display for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mib = self.size_bytes as f64 / f64::from(1 << 20);
        write!(f, "{mib:.1} MiB in {} messages: ", self.messages)?;
        if self.documents > 0 {
            write!(f, "{} document chunk, ", self.documents)?;
        }
        write!(f, "{} changes", self.changes)
    }
}

/// What one message brought.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Brought {
    /// Changes of it that stand singly.
    pub(crate) changes: usize,
    /// Chunks of it that are whole documents.
    documents: usize,
    /// One more than the greatest place in the story that it leads to.
    pub(crate) until: usize,
}

impl Client {
    /// Connects, and joins where the server understands that.
    pub(crate) async fn open(server: &Server, name: &str) -> Result<Client> {
        Client::open_at(server.address(), name).await
    }

    /// The same, for who cannot hold on to the server.
    pub(crate) async fn open_at(server: &Address, name: &str) -> Result<Client> {
        let (mut incoming, outgoing) = socket::connect(&server.url).await?;
        let mut names = Names {
            us: name.to_owned(),
            ..Names::default()
        };
        if server.target == Target::Hocuspocus {
            outgoing.send(&yjs::authenticate(DOCUMENT)).await?;
            'authenticated: loop {
                while let Some(message) = incoming.message()? {
                    if yjs::is_authenticated(message)? {
                        break 'authenticated;
                    }
                }
                incoming.read().await?;
            }
        }
        if server.target.speaks_sync() {
            outgoing.send(&envelope::join(name)?).await?;
            'joined: loop {
                while let Some(message) = incoming.message()? {
                    let envelope = Envelope::read(message)?;
                    if envelope.kind == "peer" {
                        names.server = envelope.sender.to_owned();
                        break 'joined;
                    }
                }
                incoming.read().await?;
            }
        }
        Ok(Client {
            incoming,
            outgoing,
            target: server.target,
            names,
        })
    }

    /// Opens a Yjs document that has been begun.
    pub(crate) async fn open_yjs(&mut self, document: &str) -> Result<()> {
        self.outgoing.send(&yjs::question(document)).await?;
        loop {
            while let Some(message) = self.incoming.message()? {
                if yjs::Update::read(message)?.is_some_and(|update| update.until > 0) {
                    return Ok(());
                }
            }
            self.incoming.read().await?;
        }
    }

    /// Waits for something; answers the server's pings meanwhile, and disregards what else it says.
    pub(crate) async fn idle<T>(&mut self, until: impl Future<Output = T>) -> Result<T> {
        tokio::pin!(until);
        loop {
            tokio::select! {
                // In this order: what arrives after the wait is over is not to be disregarded.
                biased;
                done = &mut until => return Ok(done),
                read = self.incoming.read() => read?,
            }
            while self.incoming.message()?.is_some() {}
        }
    }

    /// Stays connected for as long as the server does.
    pub(crate) async fn stay(mut self) -> Result<()> {
        self.idle(std::future::pending()).await
    }

    /// Who speaks to whom here.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    /// Sends changes in one message, and waits until the server says that it has them.
    pub(crate) async fn publish(&mut self, document: &str, changes: &[Change]) -> Result<()> {
        let last = changes.last().context("something to publish")?;
        let frame = self.names.changes(document, changes)?;
        self.outgoing.send(&frame).await?;
        if self.target.speaks_sync() {
            self.wait_for_heads(document, &last.hash).await?;
        }
        Ok(())
    }

    /// Waits until the server's heads include `head`.
    pub(crate) async fn wait_for_heads(&mut self, document: &str, head: &Hash) -> Result<()> {
        loop {
            while let Some(message) = self.incoming.message()? {
                let envelope = Envelope::read(message)?;
                if envelope.kind == "sync" && envelope.document == document {
                    let message = SyncMessage::read(envelope.data)?;
                    if message.heads().any(|other| other == head) {
                        return Ok(());
                    }
                }
            }
            self.incoming.read().await?;
        }
    }

    /// Fetches a document of which it has the first `from` changes, until it has `until`.
    pub(crate) async fn fetch(
        &mut self,
        document: &str,
        story: &Story,
        from: usize,
        until: usize,
    ) -> Result<Fetched> {
        const TALK_MAX: usize = 1_024;
        let mut fetched = Fetched::default();
        if !self.target.speaks_sync() {
            return Ok(fetched);
        }
        let kind = if from == 0 { "request" } else { "sync" };
        let question = self.names.heads(kind, document, heads_of(story, from)?)?;
        self.outgoing.send(&question).await?;
        let mut acknowledgement = self.names.acknowledgement(document)?;
        let mut have = from;
        while have < until {
            let mut answers = Vec::new();
            while let Some(message) = self.incoming.message()? {
                let envelope = Envelope::read(message)?;
                if envelope.kind != "sync" || envelope.document != document {
                    continue;
                }
                let message = SyncMessage::read(envelope.data)?;
                let brought = Brought::by(&message, story)?;
                if message.has_changes() {
                    fetched.add(&brought, envelope.data.len());
                }
                if brought.until > have {
                    have = brought.until;
                    answers.extend(acknowledgement.of(&story.hash(have - 1)?));
                } else if !message.is_at(&story.hash(until - 1)?) || have == 0 {
                    // It did not know yet what we want of it: ask once more.
                    answers.extend(self.names.heads("sync", document, heads_of(story, have)?)?);
                }
            }
            if !answers.is_empty() {
                self.outgoing.send(&answers).await?;
            }
            if have < until {
                self.incoming.read().await?;
                let arriving = self.incoming.announced().unwrap_or_default();
                if fetched.first_byte.is_none() && arriving > TALK_MAX {
                    fetched.first_byte = Some(Instant::now());
                }
            }
        }
        Ok(fetched)
    }
}

fn heads_of(story: &Story, have: usize) -> Result<Option<Hash>> {
    have.checked_sub(1).map(|last| story.hash(last)).transpose()
}

impl Names {
    /// A frame that says "I have what this head covers, and I believe you do".
    pub(crate) fn heads(&self, kind: &str, document: &str, head: Option<Hash>) -> Result<Vec<u8>> {
        let heads: Vec<Hash> = head.into_iter().collect();
        self.sync(kind, document, &heads, &heads, &[])
    }

    /// A frame that brings changes, the last of which is the sender's head.
    pub(crate) fn changes(&self, document: &str, changes: &[Change]) -> Result<Vec<u8>> {
        let heads: Vec<Hash> = changes.last().map(|last| last.hash).into_iter().collect();
        self.sync("sync", document, &heads, &heads, changes)
    }

    /// A frame with any heads, sorted, what is `common`, and any changes.
    pub(crate) fn sync(
        &self,
        kind: &str,
        document: &str,
        heads: &[Hash],
        common: &[Hash],
        changes: &[Change],
    ) -> Result<Vec<u8>> {
        let changes = changes.iter().map(|change| change.bytes.as_slice());
        let message = sync_message::message(heads, common, changes);
        envelope::sync(kind, &self.us, &self.server, document, &message)
    }

    /// An acknowledgement to fill in.
    pub(crate) fn acknowledgement(&self, document: &str) -> Result<Acknowledgement> {
        self.heads("sync", document, Some([0; 32]))
            .map(Acknowledgement)
    }
}

impl Acknowledgement {
    /// "I have `head`."
    pub(crate) fn of(&mut self, head: &Hash) -> &[u8] {
        // The message ends: head, no needs, one have of one head, no filter, no changes, flags.
        const COMMON_FROM_END: usize = 32 + 2 + 3;
        const HEAD_FROM_END: usize = COMMON_FROM_END + 32 + 3;
        let length = self.0.len();
        for from_end in [COMMON_FROM_END, HEAD_FROM_END] {
            let start = length.saturating_sub(from_end);
            if let Some(place) = self.0.get_mut(start..start + 32) {
                place.copy_from_slice(head);
            }
        }
        &self.0
    }
}

impl Brought {
    /// Checks a message's changes, and finds how far they lead.
    pub(crate) fn by(message: &SyncMessage<'_>, story: &Story) -> Result<Brought> {
        let mut brought = Brought::default();
        let mut last = None;
        message.check(|checked| match checked {
            Checked::Change(hash) => {
                brought.changes += 1;
                last = Some(hash);
            }
            Checked::Document => brought.documents += 1,
        })?;
        let end = |hash: &Hash| story.place(hash).map(|place| place + 1);
        brought.until = last.as_ref().and_then(end).unwrap_or_default();
        if brought.documents > 0 {
            let heads = message.heads().filter_map(end).max();
            brought.until = brought.until.max(heads.unwrap_or_default());
        }
        Ok(brought)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn an_acknowledgement_is_what_the_long_way_gives() {
        let names = Names {
            us: "reader".to_owned(),
            server: "relay".to_owned(),
        };
        let mut acknowledgement = names.acknowledgement("document").unwrap();
        let long = names.heads("sync", "document", Some([7; 32])).unwrap();
        assert_eq!(acknowledgement.of(&[7; 32]), long);
    }
}
