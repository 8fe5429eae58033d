//! Creating, finding, editing: the plain life of a document between `automerge-repo` clients.

use serde_json::json;
use yilian_tests::js::{JsHost, heads};
use yilian_tests::relay::Relay;

pub(crate) async fn another_client_finds_what_one_created(relay: Relay) {
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let document = alice.create(json!({"岗位": "前台", "count": 3})).await;
    let expected = alice.acked(&document).await;

    let bob = host.client("bob", &relay.url()).await;
    let found = bob.find(&document).await;
    assert_eq!(found.state, "ready");
    assert_eq!(found.content, json!({"岗位": "前台", "count": 3}));
    assert_eq!(found.heads, expected);

    let edited = bob.set(&document, &["岗位"], json!("值守")).await;
    let seen = alice.wait_heads(&document, &edited).await;
    assert_eq!(seen.content["岗位"], "值守");
}

pub(crate) async fn concurrent_edits_converge(relay: Relay) {
    const CLIENTS: usize = 4;
    const EDITS: usize = 25;
    let host = JsHost::start();
    let alice = host.client("client 0", &relay.url()).await;
    let document = alice.create(json!({"shifts": {}})).await;
    alice.acked(&document).await;
    let mut clients = vec![alice];
    for number in 1..CLIENTS {
        let client = host.client(&format!("client {number}"), &relay.url()).await;
        client.find(&document).await;
        clients.push(client);
    }

    for edit in 0..EDITS {
        for (number, client) in clients.iter().enumerate() {
            let key = format!("{number}-{edit}");
            client.set(&document, &["shifts", &key], json!(edit)).await;
        }
    }
    let last = format!("{}", EDITS - 1);
    for client in &clients {
        for number in 0..CLIENTS {
            let key = format!("{number}-{last}");
            client
                .wait_value(&document, &["shifts", &key], json!(EDITS - 1))
                .await;
        }
    }
    let first = clients[0].read(&document).await;
    let shifts = first.content["shifts"].as_object().unwrap();
    assert_eq!(shifts.len(), CLIENTS * EDITS);
    for client in &clients {
        let snapshot = client.wait_heads(&document, &first.heads).await;
        assert_eq!(snapshot, first);
    }
}

pub(crate) async fn an_absent_document_is_unavailable_at_once(relay: Relay) {
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let answer = alice
        .call("find", json!({"documentId": UNKNOWN_DOCUMENT}))
        .await;
    assert_eq!(answer["state"], "unavailable");
    let took_ms = answer["tookMs"].as_f64().unwrap();
    // The library's own way out is a timeout of a minute.
    assert!(took_ms < 5_000.0, "took {took_ms} ms");
}

pub(crate) async fn an_unavailable_document_arrives_once_somebody_has_it(relay: Relay) {
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    alice.offline().await;
    let document = alice.create(json!({"name": "年终慰问"})).await;

    let bob = host.client("bob", &relay.url()).await;
    assert_eq!(bob.find(&document).await.state, "unavailable");
    alice.online().await;
    bob.wait_value(&document, &["name"], json!("年终慰问"))
        .await;
}

pub(crate) async fn a_thousand_documents_arrive(relay: Relay) {
    const DOCUMENTS: usize = 1_000;
    let (author, reader) = (JsHost::start(), JsHost::start());
    let alice = author.client("alice", &relay.url()).await;
    let created = alice.call("createMany", json!({"count": DOCUMENTS})).await;
    let ids = created["documentIds"].clone();
    alice
        .call(
            "ackedMany",
            json!({"documentIds": ids, "timeoutMs": 50_000}),
        )
        .await;

    let bob = reader.client("bob", &relay.url()).await;
    let found = bob
        .call("findMany", json!({"documentIds": ids, "timeoutMs": 50_000}))
        .await;
    assert_eq!(found["found"], DOCUMENTS);
    assert_eq!(found["wrong"], json!([]));
}

pub(crate) async fn a_history_of_ten_thousand_changes_arrives(relay: Relay) {
    const CHANGES: usize = 10_000;
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let document = alice.create(json!({})).await;
    alice.acked(&document).await;
    let edit = json!({"documentId": document, "count": CHANGES, "key": "counter"});
    let edited = alice.call("edit", edit).await;
    assert!(edited["changes"].as_u64().unwrap() >= CHANGES as u64);
    assert_eq!(alice.acked(&document).await, heads(&edited));

    let bob = host.client("bob", &relay.url()).await;
    let found = bob.find(&document).await;
    assert_eq!(found.heads, heads(&edited));
    assert_eq!(found.content["counter"], CHANGES);
}

pub(crate) async fn sync_info_shows_the_heads_of_the_relay(relay: Relay) {
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let connected = alice.call("connected", json!({})).await;
    let storage = connected["storageId"].as_str().unwrap_or_default();
    assert_eq!(storage.len(), 36, "a storage id is a UUID: {connected}");

    let document = alice.create(json!({"step": 0})).await;
    for step in 1..=5 {
        let heads = alice.set(&document, &["step"], json!(step)).await;
        assert_eq!(alice.acked(&document).await, heads);
    }
}

/// A well-formed id that nobody made.
pub(crate) const UNKNOWN_DOCUMENT: &str = "4NMNnkMhL8jXrdJ9jamS58PAVdXu";
