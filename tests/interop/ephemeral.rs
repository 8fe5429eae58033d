//! Ephemeral messages: to everyone else who has the document open, once, and never stored.
//!
//! `automerge-repo` clients send every message they receive back to the relay, still under its
//! author's name; a relay that does not know a message it has seen turns that into a loop.

use std::time::Duration;

use serde_json::json;
use yilian_tests::js::JsHost;
use yilian_tests::raw::{RawClient, kind, sync_with, text};
use yilian_tests::relay::Relay;

/// Long enough for a loop to be seen: one turn of it takes about a millisecond.
const LOOP: Duration = Duration::from_millis(1_500);

pub(crate) async fn a_message_reaches_everyone_else_once(relay: Relay) {
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let bob = host.client("bob", &relay.url()).await;
    let carol = host.client("carol", &relay.url()).await;
    let document = alice.create(json!({})).await;
    alice.acked(&document).await;
    for reader in [&bob, &carol] {
        reader.find(&document).await;
    }

    for number in 0..10 {
        alice.broadcast(&document, json!({"cursor": number})).await;
    }
    let expected: Vec<_> = (0..10).map(|number| json!({"cursor": number})).collect();
    assert_eq!(bob.ephemerals(&document, 10).await, expected);
    assert_eq!(carol.ephemerals(&document, 10).await, expected);

    bob.broadcast(&document, json!("再见")).await;
    assert_eq!(
        alice.ephemerals(&document, 1).await,
        [json!("再见")],
        "its own ten messages must not come back to alice"
    );
}

pub(crate) async fn a_message_does_not_come_back_to_its_author(relay: Relay) {
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let bob = host.client("bob", &relay.url()).await;
    let document = alice.create(json!({})).await;
    alice.acked(&document).await;
    bob.find(&document).await;
    let mut author = RawClient::join(&relay.url(), "author").await;
    let mut reader = RawClient::join(&relay.url(), "reader").await;
    for client in [&mut author, &mut reader] {
        client
            .send_sync("request", &document, sync_with(Vec::new(), Vec::new()))
            .await;
        client.receive_kind("sync").await;
    }

    // CBOR for the number 7.
    author.send_ephemeral(&document, "session", 1, &[7]).await;
    assert_eq!(bob.ephemerals(&document, 1).await, [json!(7)]);
    assert_eq!(alice.ephemerals(&document, 1).await, [json!(7)]);

    let read = reader.receive_for(LOOP).await;
    let messages: Vec<_> = read.iter().filter(|f| kind(f) == "ephemeral").collect();
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!(text(messages[0], "senderId"), "author");
    assert_eq!(text(messages[0], "sessionId"), "session");
    let echoed = author.receive_for(Duration::from_millis(100)).await;
    let echoed: Vec<_> = echoed.iter().filter(|f| kind(f) == "ephemeral").collect();
    assert!(echoed.is_empty(), "{echoed:?}");
}
