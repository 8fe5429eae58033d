//! Bytes no client would send: the relay may close the connection they came on, and nothing else. Each is
//! sent on a connection of its own while two honest clients work; in the end those still do, and the
//! process is the same one.

use futures_util::SinkExt;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use yilian_tests::cbor::{self, Frame, Value, frame};
use yilian_tests::js::JsHost;
use yilian_tests::raw::{RawClient, sync_with};
use yilian_tests::relay::{Relay, Server};

use crate::documents::UNKNOWN_DOCUMENT;

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
            let mut socket = RawClient::socket(&relay.url()).await;
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
    // A deflated chunk that would grow to a gigabyte is a matter for core's own tests.
    vec![
        ("a change with a wrong checksum", flipped),
        ("a change cut short", short),
        ("a change that claims 4 GiB", claims),
        ("a change of noise", vec![0x55; 100]),
    ]
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
