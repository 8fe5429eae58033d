//! Networks that go and come back, on either side.

use serde_json::json;
use yilian_tests::js::JsHost;
use yilian_tests::relay::Relay;

pub(crate) async fn edits_made_offline_arrive_on_return(relay: Relay) {
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let bob = host.client("bob", &relay.url()).await;
    let document = alice.create(json!({"alice": 0, "bob": 0})).await;
    alice.acked(&document).await;
    bob.find(&document).await;

    for round in 1..=3 {
        alice.offline().await;
        alice.set(&document, &["alice"], json!(round)).await;
        let heads = bob.set(&document, &["bob"], json!(round)).await;
        assert_eq!(bob.acked(&document).await, heads);
        assert_eq!(bob.read(&document).await.content["alice"], round - 1);

        alice.online().await;
        bob.wait_value(&document, &["alice"], json!(round)).await;
        alice.wait_value(&document, &["bob"], json!(round)).await;
    }
    let expected = alice.read(&document).await;
    assert_eq!(bob.wait_heads(&document, &expected.heads).await, expected);
}

pub(crate) async fn clients_go_on_after_the_relay_restarts(mut relay: Relay) {
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let bob = host.client("bob", &relay.url()).await;
    let document = alice.create(json!({"alice": 0, "bob": 0})).await;
    alice.acked(&document).await;
    bob.find(&document).await;

    relay.kill().await;
    alice.set(&document, &["alice"], json!(1)).await;
    bob.set(&document, &["bob"], json!(1)).await;
    relay.start_again().await;

    alice.wait_value(&document, &["bob"], json!(1)).await;
    bob.wait_value(&document, &["alice"], json!(1)).await;
}

pub(crate) async fn a_new_client_finds_documents_after_a_restart(mut relay: Relay) {
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let document = alice.create(json!({"kept": true})).await;
    let expected = alice.acked(&document).await;
    alice.offline().await;
    // The reference saves a moment after it has answered.
    if relay.server() == yilian_tests::relay::Server::Reference {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    relay.stop().await;
    relay.start_again().await;

    let bob = host.client("bob", &relay.url()).await;
    let found = bob.find(&document).await;
    assert_eq!(found.state, "ready");
    assert_eq!(found.heads, expected);
    assert_eq!(found.content, json!({"kept": true}));
}
