//! Somebody who writes one document, speaks the ordinary protocol and nothing else, and remembers what was acknowledged.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use automerge::sync::{self, SyncDoc as _};
use automerge::transaction::Transactable as _;
use automerge::{ActorId, Automerge, ChangeHash, ROOT, ReadDoc as _};
use futures_util::{SinkExt as _, StreamExt as _};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::net::TcpStream;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use yilian_core::document::DocumentId;
use yilian_tests::cbor::{self, Frame, Value, frame};
use yilian_tests::{in_time, raw};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A document and its writer.
pub(crate) struct Author {
    pub(crate) id: DocumentId,
    pub(crate) document: Automerge,
    /// Heads that the relay has shown, ever.
    pub(crate) acknowledged: BTreeSet<ChangeHash>,
    /// What the relay said of the document last.
    pub(crate) said: Said,
    name: String,
    state: sync::State,
    dice: StdRng,
    count: u64,
}

/// What a relay last said of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Said {
    #[default]
    Nothing,
    Unavailable,
    Heads(Vec<ChangeHash>),
}

impl Author {
    pub(crate) fn new(number: u16, seed: u64) -> Author {
        let mut document = Automerge::new();
        let mut dice = StdRng::seed_from_u64(seed ^ u64::from(number) << 32);
        document.set_actor(ActorId::from(dice.random::<[u8; 16]>()));
        Author {
            id: DocumentId::from_bytes(std::array::from_fn(|at| number.to_be_bytes()[at % 2])),
            document,
            acknowledged: BTreeSet::new(),
            said: Said::Nothing,
            name: format!("author {number} {}", dice.random::<u32>()),
            state: sync::State::new(),
            dice,
            count: 0,
        }
    }

    /// Another writer of the same document, who has nothing of it yet.
    pub(crate) fn beside(other: &Author, seed: u64) -> Author {
        let mut author = Author::new(0, seed);
        author.id = other.id;
        author
    }

    /// Makes changes of about so many bytes each, which do not deflate.
    pub(crate) fn write(&mut self, changes: usize, bytes: usize) {
        for _ in 0..changes {
            self.count += 1;
            let key = format!("{}", self.count % 50);
            let text: Vec<u8> = (0..bytes).map(|_| self.dice.random()).collect();
            self.document
                .transact::<_, _, automerge::AutomergeError>(|transaction| {
                    transaction.put(ROOT, key, text)
                })
                .unwrap();
        }
    }

    pub(crate) fn heads(&self) -> Vec<ChangeHash> {
        sorted(self.document.get_heads())
    }

    /// The bytes of every change, by hash.
    pub(crate) fn changes(&self) -> BTreeMap<ChangeHash, Vec<u8>> {
        let changes = self.document.get_changes(&[]);
        let bytes = |change: &automerge::Change| (change.hash(), change.raw_bytes().to_vec());
        changes.iter().map(bytes).collect()
    }

    /// Somebody who has nothing of a document, and wants to.
    pub(crate) fn reader(of: &Author) -> Author {
        Author::beside(of, u64::MAX)
    }

    /// Whether all that the relay says it has is here.
    pub(crate) fn has_it_all(&self) -> bool {
        matches!(&self.said, Said::Heads(heads) if *heads == self.heads() && !heads.is_empty())
    }

    /// Every change that an acknowledged head stands for, the head included.
    pub(crate) fn acknowledged_changes(&self) -> BTreeMap<ChangeHash, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut open: Vec<ChangeHash> = self.acknowledged.iter().copied().collect();
        while let Some(hash) = open.pop() {
            if found.contains_key(&hash) {
                continue;
            }
            // Heads that another writer made and that have not arrived are that one's to check.
            if let Some(change) = self.document.get_change_by_hash(&hash) {
                open.extend(change.deps());
                found.insert(hash, change.raw_bytes().to_vec());
            }
        }
        found
    }

    /// Whether the relay has said that it holds all that is here, and no more.
    pub(crate) fn is_settled(&self) -> bool {
        self.said == Said::Heads(self.heads())
    }

    /// Writes and syncs until the connection ends.
    pub(crate) async fn write_until_cut(&mut self, url: &str) {
        let Some(mut socket) = self.meet(url).await else {
            return;
        };
        loop {
            let (changes, bytes) = (
                self.dice.random_range(1..8),
                self.dice.random_range(10..900),
            );
            self.write(changes, bytes);
            let pause = Duration::from_millis(self.dice.random_range(0..12));
            let pause = sleep(pause);
            tokio::pin!(pause);
            if !self.send(&mut socket).await {
                return;
            }
            loop {
                tokio::select! {
                    () = &mut pause => break,
                    frame = next(&mut socket) => {
                        let Some(frame) = frame else { return };
                        self.take(&frame);
                        if !self.send(&mut socket).await {
                            return;
                        }
                    }
                }
            }
        }
    }

    /// Syncs until the relay holds all that is here; connects as often as it takes.
    pub(crate) async fn settle(&mut self, url: &str) {
        let what = format!("{} to be in step with the relay", self.name);
        in_time(&what, self.sync_until(url, Author::is_settled)).await;
    }

    /// Syncs until something is so; connects as often as it takes.
    pub(crate) async fn sync_until(&mut self, url: &str, done: impl Fn(&Author) -> bool) {
        loop {
            if self.sync_once(url, &done).await {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Syncs on one connection until something is so, or the connection ends: false.
    pub(crate) async fn sync_once(&mut self, url: &str, done: &impl Fn(&Author) -> bool) -> bool {
        let Some(mut socket) = self.meet(url).await else {
            return false;
        };
        loop {
            if !self.send(&mut socket).await {
                return false;
            }
            if done(self) {
                return true;
            }
            match next(&mut socket).await {
                Some(frame) => self.take(&frame),
                None => return false,
            }
        }
    }

    /// Connects and introduces itself. What is kept of the last connection is what `automerge-repo` keeps: which heads both
    /// had.
    async fn meet(&mut self, url: &str) -> Option<Socket> {
        self.state = sync::State::decode(&self.state.encode()).unwrap();
        self.said = Said::Nothing;
        let (mut socket, _) = tokio_tungstenite::connect_async(url).await.ok()?;
        let join = frame([
            ("type", "join".into()),
            ("senderId", self.name.as_str().into()),
            ("peerMetadata", Value::Map(Frame::new())),
            ("supportedProtocolVersions", Value::List(vec!["1".into()])),
        ]);
        let bytes = cbor::encode(&join);
        socket.send(Message::Binary(bytes.into())).await.ok()?;
        let peer = next(&mut socket).await?;
        assert_eq!(raw::kind(&peer), "peer", "{peer:?}");
        Some(socket)
    }

    /// Sends what there is to say; false if the connection has ended.
    async fn send(&mut self, socket: &mut Socket) -> bool {
        while let Some(message) = self.document.generate_sync_message(&mut self.state) {
            let kind = match self.document.get_heads().is_empty() {
                true => "request",
                false => "sync",
            };
            let id = self.id.to_string();
            let frame = raw::sync_frame(kind, &self.name, "relay", &id, message);
            let bytes = cbor::encode(&frame);
            if socket.send(Message::Binary(bytes.into())).await.is_err() {
                return false;
            }
        }
        true
    }

    fn take(&mut self, frame: &Frame) {
        if raw::text(frame, "documentId") != self.id.to_string() {
            return;
        }
        match raw::kind(frame) {
            "sync" => {
                let message = raw::sync_message(frame);
                self.acknowledged.extend(&message.heads);
                self.said = Said::Heads(sorted(message.heads.clone()));
                self.document
                    .receive_sync_message(&mut self.state, message)
                    .unwrap();
            }
            "doc-unavailable" => self.said = Said::Unavailable,
            _ => {}
        }
    }
}

fn sorted(mut heads: Vec<ChangeHash>) -> Vec<ChangeHash> {
    heads.sort();
    heads
}

/// The next frame; none once the connection has ended.
async fn next(socket: &mut Socket) -> Option<Frame> {
    loop {
        match socket.next().await? {
            Ok(Message::Binary(bytes)) => return Some(cbor::decode(&bytes).unwrap()),
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}
