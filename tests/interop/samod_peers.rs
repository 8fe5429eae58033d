//! The Rust client `samod`, beside JavaScript clients. It closes the connection on any message it
//! does not know, so these tests also show that the relay keeps its own messages to itself.

use std::time::Duration;

use futures_util::StreamExt;
use serde_json::json;
use yilian_tests::in_time;
use yilian_tests::js::JsHost;
use yilian_tests::relay::Relay;
use yilian_tests::samod_client::{self, SamodClient};

pub(crate) async fn samod_and_javascript_edit_one_document(relay: Relay) {
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let samod = SamodClient::connect("samod", &relay.url()).await;
    let document = alice.create(json!({"shifts": {}})).await;
    alice.acked(&document).await;
    let handle = samod.find(&document).await.expect("the relay has it");

    for number in 0..20 {
        let key = format!("{number}");
        samod_client::set(&handle, &["shifts", &format!("samod-{key}")], "值守");
        let path = ["shifts", &format!("js-{key}")];
        alice.set(&document, &path, json!("前台")).await;
    }
    alice
        .wait_value(&document, &["shifts", "samod-19"], json!("值守"))
        .await;
    samod_client::wait_value(&handle, &["shifts", "js-19"], &json!("前台")).await;
    let expected = alice.read(&document).await;
    assert_eq!(expected.content["shifts"].as_object().unwrap().len(), 40);
    samod_client::wait_heads(&handle, &expected.heads).await;
    assert_eq!(samod_client::content(&handle), expected.content);
    samod.acked(&handle).await;
    samod.close().await;
}

pub(crate) async fn samod_returns_from_offline(relay: Relay) {
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let mut samod = SamodClient::connect("samod", &relay.url()).await;
    let handle = samod.create("from", "samod").await;
    samod.acked(&handle).await;
    let document = handle.document_id().to_string();
    assert_eq!(alice.find(&document).await.content["from"], "samod");

    samod.offline().await;
    samod_client::set(&handle, &["offline"], "yes");
    let heads = alice.set(&document, &["meanwhile"], json!("yes")).await;
    assert_eq!(alice.acked(&document).await, heads);
    samod.online().await;
    alice
        .wait_value(&document, &["offline"], json!("yes"))
        .await;
    samod_client::wait_value(&handle, &["meanwhile"], &json!("yes")).await;
    let heads = samod_client::heads(&handle);
    alice.wait_heads(&document, &heads).await;
    samod.close().await;
}

pub(crate) async fn samod_is_told_what_is_absent_and_gets_it_later(relay: Relay) {
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    alice.offline().await;
    let document = alice.create(json!({"late": "yes"})).await;
    let samod = SamodClient::connect("samod", &relay.url()).await;
    assert!(samod.find(&document).await.is_none());

    alice.online().await;
    // A search that found nothing goes on in the background; `find` answers once it has.
    let handle = in_time("samod to get the late document", async {
        loop {
            if let Some(handle) = samod.find(&document).await {
                return handle;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    })
    .await;
    samod_client::wait_value(&handle, &["late"], &json!("yes")).await;
    samod.close().await;
}

pub(crate) async fn samod_exchanges_ephemeral_messages(relay: Relay) {
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let samod = SamodClient::connect("samod", &relay.url()).await;
    let document = alice.create(json!({})).await;
    alice.acked(&document).await;
    let handle = samod.find(&document).await.expect("the relay has it");
    let mut received = handle.ephemera().boxed();

    // CBOR for [1, 2].
    handle.broadcast(vec![0x82, 1, 2]);
    assert_eq!(alice.ephemerals(&document, 1).await, [json!([1, 2])]);
    alice.broadcast(&document, json!(3)).await;
    let message = in_time("an ephemeral message", received.next()).await;
    assert_eq!(message, Some(vec![3]), "its own must not come back");
    samod.close().await;
}

pub(crate) async fn samod_uploads_and_fetches_long_histories(relay: Relay) {
    const CHANGES: usize = 10_000;
    let author = SamodClient::connect("author", &relay.url()).await;
    let handle = author.create("name", "long").await;
    author.acked(&handle).await;
    samod_client::edit(&handle, "counter", CHANGES);
    author.acked(&handle).await;

    let reader = SamodClient::connect("reader", &relay.url()).await;
    let found = reader.find(&handle.document_id().to_string()).await;
    let found = found.expect("the relay has it");
    samod_client::wait_heads(&found, &samod_client::heads(&handle)).await;
    assert_eq!(samod_client::content(&found)["counter"], CHANGES - 1);
    author.close().await;
    reader.close().await;
}

pub(crate) async fn samod_fetches_a_thousand_documents(relay: Relay) {
    const DOCUMENTS: usize = 1_000;
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let created = alice.call("createMany", json!({"count": DOCUMENTS})).await;
    let ids = created["documentIds"].clone();
    alice
        .call(
            "ackedMany",
            json!({"documentIds": ids, "timeoutMs": 50_000}),
        )
        .await;

    let samod = SamodClient::connect("samod", &relay.url()).await;
    for (number, id) in ids.as_array().unwrap().iter().enumerate() {
        let id = id.as_str().unwrap();
        let handle = samod.find(id).await.expect("the relay has it");
        let content = samod_client::content(&handle);
        // JavaScript writes its numbers as floats or integers, as it likes.
        assert_eq!(content["number"].as_f64(), Some(number as f64), "{id}");
    }
    samod.close().await;
}
