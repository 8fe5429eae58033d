//! What the relay takes from one peer has an end, and reaching it hurts nobody else.
//!
//! Method: a row for every limit. A relay in this process has that limit set low enough to break; an offender breaks it
//! through a real socket, is told which it was where there is something to tell, and is counted by its name; an author and a
//! reader who were there before go on. A limit without a row, or a row without a limit, is a failure.

use std::time::Duration;

use automerge::transaction::Transactable as _;
use automerge::{ActorId, AutoCommit, Change, ChangeHash, ROOT, sync};
use futures_util::{SinkExt as _, StreamExt as _};
use tempfile::TempDir;
use tokio_tungstenite::tungstenite::Message;
use yilian_core::document::DocumentId;
use yilian_core::sync::limits::Limits;
use yilian_server::{Relay, Settings};
use yilian_tests::http::get;
use yilian_tests::raw::{RawClient, sync_message, sync_with, text};

mod own;

/// A limit, how it is set, what breaks it, and what whoever broke it is told.
struct Row {
    limit: &'static str,
    set: u64,
    breaks: Breaks,
    told: &'static str,
}

/// What breaks a limit.
enum Breaks {
    /// One message.
    Sync(fn() -> sync::Message),
    /// The same message about one document after another.
    Documents,
    /// Messages for a document that is yet to be loaded.
    Waiting,
    /// An ephemeral message.
    Talk,
    /// Many of them for somebody who does not read.
    TalkUnread,
    /// Sending somebody so much, one of our own peers or another.
    Reading { ours: bool },
}

use Breaks::{Documents, Reading, Sync, Talk, TalkUnread, Waiting};

/// In the order of the limits.
fn rows() -> Vec<Row> {
    let row = |limit, set, breaks, told| Row {
        limit,
        set,
        breaks,
        told,
    };
    vec![
        row(
            "frame_bytes",
            10_000,
            Sync(|| brings(&[large(20_000)])),
            "1009",
        ),
        row(
            "change_bytes",
            400,
            Sync(|| brings(&[large(500)])),
            "above the limit of 400",
        ),
        row(
            "change_ops",
            10,
            Sync(|| brings(&[wide(11)])),
            "number of operations is 11, above the limit of 10",
        ),
        row(
            "change_preds",
            10,
            Sync(|| brings(&[overwriting(11)])),
            "number of predecessors is 11, above the limit of 10",
        ),
        row(
            "change_deps",
            1,
            Sync(|| brings(&[merging(2)])),
            "number of dependencies is 2, above the limit of 1",
        ),
        row(
            "change_actors",
            1,
            Sync(|| brings(&[merging(2)])),
            "number of actors is 2, above the limit of 1",
        ),
        row(
            "op_ahead",
            10,
            Sync(|| brings(&[wide(20)])),
            "outside 1..=10",
        ),
        row(
            "orphans",
            3,
            Sync(|| brings(&chain(6)[1..])),
            "number of changes that wait for dependencies is 4, above the limit of 3",
        ),
        row(
            "orphan_bytes",
            300,
            Sync(|| brings(&chain(6)[1..])),
            "above the limit of 300",
        ),
        row(
            "hashes",
            2,
            Sync(|| sync_with(hashes(3), vec![])),
            "number of heads is 3, above the limit of 2",
        ),
        row(
            "haves",
            1,
            Sync(|| sync::Message {
                have: vec![sync::Have::default(), sync::Have::default()],
                ..sync_with(vec![], vec![])
            }),
            "number of haves is 2, above the limit of 1",
        ),
        row(
            "bloom_bytes",
            16,
            Sync(|| filters(100)),
            "Bloom filter is 128, above the limit of 16",
        ),
        row(
            "bloom_probes",
            6,
            Sync(|| filters(1)),
            "Bloom filter probes is 7, above the limit of 6",
        ),
        row(
            "documents",
            3,
            Documents,
            "number of documents on this connection is above the limit of 3",
        ),
        row("ephemerals", 2, TalkUnread, ""),
        row("ephemeral_bytes", 10, Talk, ""),
        row("ephemeral_queue_bytes", 100_000, TalkUnread, ""),
        row(
            "loading_messages",
            4,
            Waiting,
            "number of messages that wait for a document is above the limit of 4",
        ),
        row(
            "loading_bytes",
            2_000,
            Waiting,
            "bytes of messages that wait for a document is above the limit of 2000",
        ),
        row("message_bytes", 1_000, Reading { ours: true }, ""),
        row("foreign_message_bytes", 1_000, Reading { ours: false }, ""),
        row("tail_bytes", 100, Reading { ours: false }, ""),
        row("cache_bytes", 1_000, Reading { ours: false }, ""),
    ]
}

fn document(number: u8) -> String {
    DocumentId::from_bytes([number; 16]).to_string()
}

fn doc(actor: u8) -> AutoCommit {
    AutoCommit::new().with_actor(ActorId::from(vec![actor; 16]))
}

fn brings(changes: &[Change]) -> sync::Message {
    let bytes = changes.iter().map(|change| change.raw_bytes().to_vec());
    let heads = changes.last().map(Change::hash).into_iter().collect();
    sync_with(heads, bytes.collect())
}

fn last(doc: &mut AutoCommit) -> Change {
    doc.commit();
    doc.get_last_local_change().unwrap()
}

fn chain(count: usize) -> Vec<Change> {
    let mut doc = doc(7);
    let one = |number| {
        doc.put(ROOT, "key", number as i64).unwrap();
        last(&mut doc)
    };
    (0..count).map(one).collect()
}

/// A change that long.
fn large(bytes: usize) -> Change {
    let mut doc = doc(7);
    // What repeats is deflated; a change that is too large inflated is another matter.
    doc.put(ROOT, "key", "长".repeat(bytes / 3)).unwrap();
    last(&mut doc)
}

/// A change of that many operations.
fn wide(ops: usize) -> Change {
    let mut doc = doc(7);
    for number in 0..ops {
        doc.put(ROOT, format!("key {number}"), 1).unwrap();
    }
    last(&mut doc)
}

/// A change that overwrites so many fields.
fn overwriting(fields: usize) -> Change {
    let mut doc = doc(7);
    for value in 0..2 {
        for number in 0..fields {
            doc.put(ROOT, format!("key {number}"), value).unwrap();
        }
        doc.commit();
    }
    doc.get_last_local_change().unwrap()
}

/// A change on top of those of so many others, which overwrites what each of them wrote.
fn merging(others: u8) -> Change {
    let mut merged = doc(7);
    for other in 0..others {
        let mut doc = doc(10 + other);
        doc.put(ROOT, format!("key {other}"), 1).unwrap();
        doc.commit();
        merged.merge(&mut doc).unwrap();
    }
    for other in 0..others {
        merged.put(ROOT, format!("key {other}"), 2).unwrap();
    }
    last(&mut merged)
}

fn hashes(count: u8) -> Vec<ChangeHash> {
    (0..count).map(|number| ChangeHash([number; 32])).collect()
}

fn filters(count: u8) -> sync::Message {
    sync::Message {
        have: vec![sync::Have {
            last_sync: vec![],
            bloom: sync::BloomFilter::from_hashes(hashes(count).into_iter()),
        }],
        ..sync_with(vec![], vec![])
    }
}

async fn relay(change: impl FnOnce(&mut Settings)) -> (Relay, TempDir) {
    let folder = TempDir::new().unwrap();
    let mut settings = Settings::local(folder.path());
    settings.shards = 1;
    change(&mut settings);
    (Relay::start(settings).await.unwrap(), folder)
}

/// How often a limit was reached, as the metrics say.
async fn hits(relay: &Relay, limit: &str) -> u64 {
    let line = format!("yilian_relay_limit_hits_total{{limit=\"{limit}\"}} ");
    number(relay, &line).await
}

/// What the metrics say in the line that begins like this.
async fn number(relay: &Relay, line: &str) -> u64 {
    let body = get(&relay.address().to_string(), "/metrics").await.body;
    let value = body.lines().find_map(|at| at.strip_prefix(line));
    let value = value.unwrap_or_else(|| panic!("no metric {line}: {body}"));
    value.trim().parse::<f64>().unwrap() as u64
}

async fn counted(relay: &Relay, limit: &str) {
    yilian_tests::in_time(limit, async {
        while hits(relay, limit).await == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

/// An author and a reader of one document.
struct Pair {
    author: RawClient,
    reader: RawClient,
    doc: AutoCommit,
}

impl Pair {
    async fn join(relay: &Relay) -> Pair {
        let author = RawClient::join(&relay.url(), "author").await;
        let mut reader = RawClient::join(&relay.url(), "reader").await;
        let asks = sync_with(vec![], vec![]);
        reader.send_sync("request", &document(200), asks).await;
        let doc = doc(8);
        let mut pair = Pair {
            author,
            reader,
            doc,
        };
        pair.goes_on().await;
        pair
    }

    /// A change is written, acknowledged and read.
    async fn goes_on(&mut self) {
        let length = self.doc.get_changes(&[]).len();
        self.doc.put(ROOT, "key", length as i64).unwrap();
        let change = last(&mut self.doc);
        let hash = change.hash();
        let message = brings(std::slice::from_ref(&change));
        self.author.send_sync("sync", &document(200), message).await;
        for client in [&mut self.author, &mut self.reader] {
            while !sync_message(&client.receive_kind("sync").await)
                .heads
                .contains(&hash)
            {}
        }
        let has_it = sync_with(vec![hash], vec![]);
        self.reader.send_sync("sync", &document(200), has_it).await;
    }
}

/// What a client is told last, and why its socket is closed.
async fn told(client: RawClient) -> String {
    let mut socket = client.into_socket();
    let mut told = String::new();
    yilian_tests::in_time("the end", async {
        while let Some(Ok(message)) = socket.next().await {
            match message {
                Message::Binary(bytes) => {
                    let frame = yilian_tests::cbor::decode(&bytes).unwrap();
                    told += &text(&frame, "message");
                }
                Message::Close(reason) => {
                    told += &reason.map(|reason| reason.to_string()).unwrap_or_default();
                }
                _ => {}
            }
        }
    })
    .await;
    told
}

impl Row {
    /// Breaks the limit; what whoever did is told.
    async fn run(&self, relay: &Relay) -> String {
        let url = relay.url();
        let mut offender = RawClient::join(&url, "offender").await;
        match self.breaks {
            Sync(message) => offender.send_sync("sync", &document(1), message()).await,
            Documents => {
                for number in 0..4 {
                    let asks = sync_with(vec![], vec![]);
                    offender.send_sync("request", &document(number), asks).await;
                }
            }
            Waiting => {
                // Whether a document is loaded already by the time of the next message, nobody knows: until one is not.
                let mut number = 1;
                let mut socket = offender.into_socket();
                while hits(relay, self.limit).await == 0 {
                    let frame = yilian_tests::raw::sync_frame(
                        "sync",
                        "offender",
                        "relay",
                        &document(number),
                        sync_with(hashes(10), vec![]),
                    );
                    let bytes = bytes::Bytes::from(yilian_tests::cbor::encode(&frame));
                    for _ in 0..30 {
                        // It may have been cut off meanwhile.
                        let _ = socket.feed(Message::Binary(bytes.clone())).await;
                    }
                    let _ = socket.flush().await;
                    number = number.wrapping_add(1);
                }
                return last_words(socket).await;
            }
            Talk => {
                let data = [0; 20];
                offender.send_ephemeral(&document(1), "s", 1, &data).await;
                // What somebody said who is gone is not heard.
                counted(relay, self.limit).await;
            }
            TalkUnread => {
                let mut deaf = RawClient::join(&url, "deaf").await;
                for client in [&mut deaf, &mut offender] {
                    let opens = sync_with(vec![], vec![]);
                    client.send_sync("sync", &document(1), opens).await;
                    client.receive_kind("sync").await;
                }
                let mut count = 0;
                while hits(relay, self.limit).await == 0 {
                    for _ in 0..50 {
                        count += 1;
                        let data = vec![0; 60_000];
                        offender
                            .send_ephemeral(&document(1), "s", count, &data)
                            .await;
                    }
                }
            }
            Reading { ours } => {
                let changes = chain(100);
                for change in &changes {
                    let brings = brings(std::slice::from_ref(change));
                    offender.send_sync("sync", &document(1), brings).await;
                    offender.receive_kind("sync").await;
                }
                let mut reader = match ours {
                    true => RawClient::join_ours(&url, "reader", "network").await,
                    false => RawClient::join(&url, "reader").await,
                };
                let asks = sync_with(vec![], vec![]);
                reader.send_sync("request", &document(1), asks).await;
                let mut received = 0;
                while received < changes.len() {
                    let frame = reader.receive_kind("sync").await;
                    received += sync_message(&frame).changes.iter().len();
                }
            }
        }
        match self.told {
            "" => String::new(),
            _ => told(offender).await,
        }
    }
}

async fn last_words(mut socket: yilian_tests::raw::Socket) -> String {
    let mut told = String::new();
    while let Some(Ok(message)) = socket.next().await {
        if let Message::Binary(bytes) = message {
            told += &text(&yilian_tests::cbor::decode(&bytes).unwrap(), "message");
        }
    }
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_limit_of_the_engine_is_named_counted_and_hurts_nobody_else() {
    let rows = rows();
    let limits = Limits::default().by_name().map(|(name, _)| name);
    assert!(rows.iter().map(|row| row.limit).eq(limits), "a row each");
    for row in rows {
        let (relay, _folder) = relay(|settings| {
            if row.limit == "cache_bytes" {
                // What is in memory anyhow is not read.
                settings.limits.tail_bytes = 100;
            }
            for (name, limit) in settings.limits.by_name() {
                assert!(name != row.limit || limit.set(row.set));
            }
        })
        .await;
        let mut pair = Pair::join(&relay).await;
        assert!(row.limit.ends_with("_bytes") || hits(&relay, row.limit).await == 0);
        let told = row.run(&relay).await;
        assert!(told.contains(row.told), "{}: {told:?}", row.limit);
        counted(&relay, row.limit).await;
        pair.goes_on().await;
        relay.stop().await;
    }
}
