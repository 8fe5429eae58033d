//! Bytes no client would send: the relay may close the connection they came on, and nothing else. Each is
//! sent on a connection of its own while two honest clients work; in the end those still do, and the
//! process is the same one.

use std::net::IpAddr;

use automerge::transaction::Transactable as _;
use automerge::{ActorId, AutoCommit, Change, ChangeHash, ROOT};
use futures_util::SinkExt;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use yilian_core::document::DocumentId;
use yilian_tests::ammunition;
use yilian_tests::cbor::{self, Frame, Value, frame};
use yilian_tests::http::get;
use yilian_tests::js::JsHost;
use yilian_tests::raw::{self, RawClient, kind, sync_message, sync_with};
use yilian_tests::relay::{Relay, Server};

use crate::documents::UNKNOWN_DOCUMENT;

/// Changes of one actor, each on top of the one before.
fn chain(actor: u8, count: usize) -> Vec<Change> {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(vec![actor; 16]));
    for number in 0..count {
        doc.put(ROOT, "key", number as i64).unwrap();
        doc.commit();
    }
    doc.get_changes(&[])
}

fn bytes(changes: &[Change]) -> Vec<Vec<u8>> {
    let raw = changes.iter().map(|change| change.raw_bytes().to_vec());
    raw.collect()
}

/// An honest peer uploads a change and is acknowledged.
async fn works(relay: &Relay, actor: u8) {
    let mut honest = RawClient::join(&relay.url(), &format!("honest {actor}")).await;
    let change = chain(actor, 1).remove(0);
    let message = sync_with(vec![change.hash()], bytes(std::slice::from_ref(&change)));
    honest.send_sync("sync", UNKNOWN_DOCUMENT, message).await;
    loop {
        let heads = sync_message(&honest.receive_kind("sync").await).heads;
        if heads.contains(&change.hash()) {
            return;
        }
    }
}

/// How often connections ended for a reason, as the relay's metrics say.
async fn ended(relay: &Relay, reason: &str) -> u64 {
    let line = format!("yilian_relay_connections_ended_total{{reason=\"{reason}\"}}");
    let body = get(&relay.address(), "/metrics").await.body;
    let value = body.lines().find_map(|at| at.strip_prefix(&*line));
    value
        .and_then(|value| value.trim().parse().ok())
        .unwrap_or(0)
}

async fn wait_ended(relay: &Relay, reason: &str) {
    yilian_tests::in_time(reason, async {
        while ended(relay, reason).await == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_orphans_are_dropped_and_their_document_is_served() {
    let relay = Relay::start(Server::Yilian).await;
    let orphans = &chain(1, 10_003)[1..];
    let mut attacker = RawClient::join(&relay.url(), "attacker").await;
    let heads = vec![orphans[orphans.len() - 1].hash()];
    attacker
        .send_sync("sync", UNKNOWN_DOCUMENT, sync_with(heads, bytes(orphans)))
        .await;
    assert!(attacker.closed().await);
    wait_ended(&relay, "too_many_orphans").await;
    works(&relay, 2).await;
}

/// Each answer to what the relay needs needs something else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn needs_without_end_end_where_they_are_not_followed() {
    let relay = Relay::start(Server::Yilian).await;
    let changes = chain(1, 400);
    let mut attacker = RawClient::join(&relay.url(), "attacker").await;
    let last = changes[changes.len() - 1].hash();
    let claims = sync_with(vec![last], vec![]);
    attacker.send_sync("sync", UNKNOWN_DOCUMENT, claims).await;
    // From the last to the first but one, each when it is asked for: the relay asks for no more than one at a time.
    for change in changes[1..].iter().rev() {
        let asked = sync_message(&attacker.receive_kind("sync").await).need;
        assert_eq!(asked, [change.hash()]);
        let answer = sync_with(vec![last], bytes(std::slice::from_ref(change)));
        attacker.send_sync("sync", UNKNOWN_DOCUMENT, answer).await;
    }
    let asked = sync_message(&attacker.receive_kind("sync").await).need;
    assert_eq!(asked, [changes[0].hash()]);
    works(&relay, 2).await;
    // And it is taken for what it is: the last one makes all of it whole.
    let answer = sync_with(vec![last], bytes(&changes[..1]));
    attacker.send_sync("sync", UNKNOWN_DOCUMENT, answer).await;
    yilian_tests::in_time("the whole chain to be acknowledged", async {
        while !sync_message(&attacker.receive_kind("sync").await)
            .heads
            .contains(&last)
        {}
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heads_that_do_not_exist_are_asked_for_once() {
    let relay = Relay::start(Server::Yilian).await;
    let mut attacker = RawClient::join(&relay.url(), "attacker").await;
    let none: Vec<ChangeHash> = (0..1_000_u32)
        .map(|number| {
            let mut hash = [0; 32];
            hash[..4].copy_from_slice(&number.to_be_bytes());
            ChangeHash(hash)
        })
        .collect();
    // The same claim again and again, as a peer whose messages crossed says it.
    for _ in 0..20 {
        let claims = sync_with(none.clone(), vec![]);
        attacker.send_sync("sync", UNKNOWN_DOCUMENT, claims).await;
    }
    while sync_message(&attacker.receive_kind("sync").await)
        .need
        .is_empty()
    {}
    // That something is not there is said first; what was to be said before it is said by the second time.
    let mut asked = 1;
    for number in [201, 202] {
        let other = DocumentId::from_bytes([number; 16]).to_string();
        attacker
            .send_sync("request", &other, sync_with(vec![], vec![]))
            .await;
        loop {
            let frame = attacker.receive().await;
            match (kind(&frame), raw::text(&frame, "documentId") == other) {
                ("doc-unavailable", _) => break,
                (_, true) => {}
                (_, false) => asked += usize::from(!sync_message(&frame).need.is_empty()),
            }
        }
    }
    assert_eq!(asked, 1);
    works(&relay, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deflated_change_that_would_fill_memory_is_not_inflated() {
    let relay = Relay::start(Server::Yilian).await;
    let bomb = ammunition::bomb(1 << 30);
    let mut attacker = RawClient::join(&relay.url(), "attacker").await;
    let message = sync_with(vec![], vec![bomb]);
    attacker.send_sync("sync", UNKNOWN_DOCUMENT, message).await;
    let error = attacker.receive_kind("error").await;
    assert_eq!(
        raw::text(&error, "message"),
        "inflated change is 16777217, above the limit of 16777216"
    );
    assert!(attacker.closed().await);
    wait_ended(&relay, "bad_change").await;
    works(&relay, 2).await;
}

/// Passes on what the client says one byte at a time.
async fn drip(relay: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(&relay).await.unwrap();
            server.set_nodelay(true).unwrap();
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_server, mut to_server) = server.into_split();
            tokio::spawn(async move {
                let mut byte = [0];
                while from_client.read_exact(&mut byte).await.is_ok() {
                    if to_server.write_all(&byte).await.is_err() {
                        break;
                    }
                    tokio::task::yield_now().await;
                }
            });
            tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
        }
    });
    format!("ws://{address}/sync")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sends_byte_by_byte_is_served_and_holds_nobody_up() {
    let relay = Relay::start(Server::Yilian).await;
    let slow = drip(relay.address()).await;
    let mut peer = RawClient::join(&slow, "drop by drop").await;
    let changes = chain(1, 50);
    let last = changes[changes.len() - 1].hash();
    let message = sync_with(vec![last], bytes(&changes));
    peer.send_sync("sync", UNKNOWN_DOCUMENT, message).await;
    works(&relay, 2).await;
    yilian_tests::in_time("all of it to be acknowledged", async {
        while !sync_message(&peer.receive_kind("sync").await)
            .heads
            .contains(&last)
        {}
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_never_reads_holds_nobody_up() {
    const CHANGES: usize = 3_000;
    let relay = Relay::start(Server::Yilian).await;
    let mut doc = AutoCommit::new();
    for number in 0..CHANGES {
        doc.put(ROOT, "text", format!("{number}{}", "长".repeat(500)))
            .unwrap();
        doc.commit();
    }
    let changes = doc.get_changes(&[]);
    // It asks for the document and then reads no more: megabytes wait for it.
    let mut stuck = RawClient::join(&relay.url(), "stuck").await;
    stuck
        .send_sync("sync", UNKNOWN_DOCUMENT, sync_with(vec![], vec![]))
        .await;
    let mut author = RawClient::join(&relay.url(), "author").await;
    for part in changes.chunks(100) {
        let heads = vec![part[part.len() - 1].hash()];
        let bytes = part
            .iter()
            .map(|change| change.raw_bytes().to_vec())
            .collect();
        author
            .send_sync("sync", UNKNOWN_DOCUMENT, sync_with(heads, bytes))
            .await;
        author.receive_kind("sync").await;
    }
    let mut reader = RawClient::join(&relay.url(), "reader").await;
    reader
        .send_sync("request", UNKNOWN_DOCUMENT, sync_with(vec![], vec![]))
        .await;
    let mut received = 0;
    while received < CHANGES {
        let frame = reader.receive().await;
        assert_eq!(kind(&frame), "sync");
        received += raw::sync_message(&frame).changes.iter().len();
    }
}

/// Whoever joins under another's peer id gets nothing of theirs, and takes nothing from them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_anothers_peer_id_takes_nothing_else() {
    let relay = Relay::start(Server::Yilian).await;
    let mut honest = RawClient::join(&relay.url(), "alice").await;
    let changes = chain(1, 2);
    let upload =
        |change: &Change| sync_with(vec![change.hash()], bytes(std::slice::from_ref(change)));
    honest
        .send_sync("sync", UNKNOWN_DOCUMENT, upload(&changes[0]))
        .await;
    honest.receive_kind("sync").await;
    let mut thief = RawClient::join(&relay.url(), "alice").await;
    // It says that it lost everything, and leaves: for its own connection only.
    thief
        .send_sync("sync", UNKNOWN_DOCUMENT, sync_with(vec![], vec![]))
        .await;
    thief.receive_kind("sync").await;
    thief
        .send(&frame([
            ("type", "leave".into()),
            ("senderId", "alice".into()),
        ]))
        .await;
    assert!(thief.closed().await);
    honest
        .send_sync("sync", UNKNOWN_DOCUMENT, upload(&changes[1]))
        .await;
    yilian_tests::in_time("the second change to be acknowledged", async {
        while sync_message(&honest.receive_kind("sync").await).heads != [changes[1].hash()] {}
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn malformed_frames_hurt_only_their_connection() {
    let mut relay = Relay::start(Server::Yilian).await;
    let process = relay.process().id();
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let bob = host.client("bob", &relay.url()).await;
    let document = alice.create(json!({"step": 0})).await;
    alice.acked(&document).await;
    bob.find(&document).await;

    for (step, (what, message)) in hostile(&document).into_iter().enumerate() {
        for joined in [false, true] {
            // Each from an address of its own: who breaks rules often has to wait.
            let from = IpAddr::from([127, 0, 1, step as u8 + 1]);
            let socket = RawClient::socket_from(&relay.url(), from).await;
            let mut socket = socket.expect("the relay accepts");
            if joined {
                let join = frame([
                    ("type", "join".into()),
                    ("senderId", "mallory".into()),
                    ("peerMetadata", Value::Map(Frame::new())),
                    ("supportedProtocolVersions", Value::List(vec!["1".into()])),
                ]);
                let join = Message::Binary(cbor::encode(&join).into());
                socket.send(join).await.expect("an open socket");
            }
            // The relay may have closed already, which is its right.
            let sent = socket.send(message.clone()).await;
            let heads = alice.set(&document, &["step"], json!(step + 1)).await;
            bob.wait_heads(&document, &heads).await;
            drop((what, sent));
        }
    }
    assert_eq!(relay.process().id(), process);
    relay.stop().await;
    let said = relay.process().output();
    assert!(!said.contains("panicked"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frame_before_join_closes_the_connection() {
    let relay = Relay::start(Server::Yilian).await;
    let mut client = RawClient::join(&relay.url(), "honest").await;
    let mut hasty = RawClient::socket(&relay.url()).await;
    let request = sync_frame("request", "hasty", UNKNOWN_DOCUMENT, empty_message());
    let request = Message::Binary(cbor::encode(&request).into());
    hasty.send(request).await.expect("an open socket");
    assert!(is_closed(hasty).await);

    client
        .send_sync("request", UNKNOWN_DOCUMENT, sync_with(vec![], vec![]))
        .await;
    client.receive_kind("doc-unavailable").await;
}

async fn is_closed(
    mut socket: tokio_tungstenite::WebSocketStream<
        tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>,
    >,
) -> bool {
    use futures_util::StreamExt;
    yilian_tests::in_time("the relay to close", async {
        while let Some(Ok(message)) = socket.next().await {
            if message.is_close() {
                break;
            }
        }
        true
    })
    .await
}

fn hostile(document: &str) -> Vec<(&'static str, Message)> {
    let binary = |bytes: Vec<u8>| Message::Binary(bytes.into());
    let sync = |data: Vec<u8>| binary(cbor::encode(&sync_frame("sync", "mallory", document, data)));
    let honest = empty_message();
    let mut frames = vec![
        ("nothing", binary(Vec::new())),
        ("noise", binary(vec![0xff; 64])),
        ("text", Message::Text("{\"type\":\"join\"}".into())),
        ("nesting", binary(vec![0x81; 200_000])),
        ("map nesting", binary([0xa1, 0x61, 0x61].repeat(100_000))),
        (
            "an array that claims 2^60 items",
            binary(vec![0x9b, 0x10, 0, 0, 0, 0, 0, 0, 0]),
        ),
        (
            "a string that claims 2^60 bytes",
            binary(vec![0xa1, 0x7b, 0x10, 0, 0, 0, 0, 0, 0, 0]),
        ),
        (
            "an unfinished indefinite map",
            binary(vec![0xbf, 0x61, 0x61]),
        ),
        ("no type", binary(cbor::encode(&Frame::new()))),
        (
            "an unknown type",
            binary(cbor::encode(&frame([("type", "shutdown".into())]))),
        ),
        (
            "another's name",
            binary(cbor::encode(&sync_frame(
                "sync",
                "alice",
                document,
                honest.clone(),
            ))),
        ),
        (
            "no document",
            binary(cbor::encode(&sync_frame("sync", "mallory", "", honest))),
        ),
        ("an empty sync message", sync(Vec::new())),
        ("a sync message of noise", sync(vec![0x42; 40])),
        ("a million claimed heads", sync(claimed(&[0x42]))),
        ("a million claimed needs", sync(claimed(&[0x42, 0]))),
        ("a million claimed changes", sync(claimed(&[0x42, 0, 0, 0]))),
        // One entry of zero bits: the filter of Automerge divides by that.
        (
            "a filter without bits",
            sync(vec![0x42, 0, 0, 1, 0, 3, 1, 0, 7, 0]),
        ),
        (
            "a filter with too many probes",
            sync(vec![
                0x42, 0, 0, 1, 0, 9, 1, 10, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0,
            ]),
        ),
    ];
    for (what, change) in changes() {
        let message = sync_with(Vec::new(), vec![change]).encode();
        frames.push((what, sync(message)));
    }
    frames
}

/// Things that look like changes.
fn changes() -> Vec<(&'static str, Vec<u8>)> {
    let mut document = automerge::AutoCommit::new();
    automerge::transaction::Transactable::put(&mut document, automerge::ROOT, "a", 1).unwrap();
    document.commit();
    let honest = document.get_changes(&[])[0].raw_bytes().to_vec();
    let mut flipped = honest.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let short = honest[..honest.len() - 1].to_vec();
    let mut claims = honest[..9].to_vec();
    claims.extend([0xff, 0xff, 0xff, 0xff, 0x0f]);
    let mut endless = honest[..9].to_vec();
    endless.extend([0xff; 12]);
    vec![
        ("a change whose length has no end", endless),
        ("a document chunk of noise", chunk(0, &[0x55; 100])),
        ("a bundle of noise", chunk(3, &[0x55; 100])),
        (
            "a chunk of a type that there is not",
            chunk(9, &[0x55; 100]),
        ),
        ("a change with a wrong checksum", flipped),
        ("a change cut short", short),
        ("a change that claims 4 GiB", claims),
        ("a change of noise", vec![0x55; 100]),
    ]
}

/// A chunk with the checksum that its type, length and body have.
fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    let hashed = [&[kind, body.len() as u8][..], body].concat();
    let checksum = &Sha256::digest(&hashed)[..4];
    [&[0x85, 0x6f, 0x4a, 0x83][..], checksum, &hashed].concat()
}

fn claimed(before: &[u8]) -> Vec<u8> {
    // LEB128 for about a million.
    [before, &[0xff, 0xff, 0x3f]].concat()
}

fn empty_message() -> Vec<u8> {
    sync_with(Vec::new(), Vec::new()).encode()
}

fn sync_frame(kind: &str, sender: &str, document: &str, data: Vec<u8>) -> Frame {
    frame([
        ("type", kind.into()),
        ("senderId", sender.into()),
        ("targetId", "relay".into()),
        ("documentId", document.into()),
        ("data", data.into()),
    ])
}
