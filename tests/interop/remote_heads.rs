//! `remote-subscription-change` and `remote-heads-changed`: a client asks what another client's storage
//! has, and the relay, which talks to both, tells it.

use serde_json::json;
use yilian_tests::js::JsHost;
use yilian_tests::relay::Relay;

pub(crate) async fn what_another_storage_has_reaches_who_asked(relay: Relay) {
    let folder = tempfile::tempdir().unwrap();
    let host = JsHost::start();
    let bob = host
        .open(
            "bob",
            json!({"url": relay.url(), "gossip": true, "dataDir": folder.path()}),
        )
        .await;
    bob.call("connected", json!({})).await;
    let storage = bob.call("storageId", json!({})).await["storageId"].clone();
    let alice = host
        .open("alice", json!({"url": relay.url(), "gossip": true}))
        .await;
    alice.call("connected", json!({})).await;

    let document = alice.create(json!({"step": 0})).await;
    alice.acked(&document).await;
    alice
        .call("subscribe", json!({"storageIds": [storage]}))
        .await;
    bob.find(&document).await;
    for step in 1..=3 {
        let heads = bob.set(&document, &["step"], json!(step)).await;
        alice
            .call(
                "waitRemoteHeads",
                json!({"documentId": document, "storageId": storage, "heads": heads}),
            )
            .await;
    }
}
