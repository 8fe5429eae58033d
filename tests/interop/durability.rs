//! What the relay has acknowledged survives `kill -9`, for clients that only know the ordinary protocol:
//! the relay shows a change among its heads only once it is on disk.

use serde_json::json;
use yilian_tests::js::JsHost;
use yilian_tests::relay::{Relay, Server};
use yilian_tests::samod_client::{self, SamodClient};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_get_sync_info_showed_survives_a_kill() {
    let mut relay = Relay::start(Server::Yilian).await;
    let host = JsHost::start();
    for round in 0..kills() {
        let author = JsHost::start();
        let alice = author.client("alice", &relay.url()).await;
        let document = alice.create(json!({"round": round, "step": 0})).await;
        for step in 1..=5 {
            alice.set(&document, &["step"], json!(step)).await;
        }
        let expected = alice.acked(&document).await;
        relay.kill().await;
        // Killed before the relay returns: only the relay's disk can have it now.
        drop((alice, author));
        relay.start_again().await;

        let bob = host.client(&format!("bob {round}"), &relay.url()).await;
        let found = bob.find(&document).await;
        assert_eq!(found.state, "ready", "round {round}");
        assert_eq!(found.heads, expected, "round {round}");
        assert_eq!(found.content, json!({"round": round, "step": 5}));
        bob.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_samod_saw_acknowledged_survives_a_kill() {
    let mut relay = Relay::start(Server::Yilian).await;
    for round in 0..kills() {
        let author = SamodClient::connect(&format!("author {round}"), &relay.url()).await;
        let handle = author.create("round", &round.to_string()).await;
        samod_client::edit(&handle, "step", 50);
        author.acked(&handle).await;
        let expected = samod_client::heads(&handle);
        relay.kill().await;
        author.close().await;
        relay.start_again().await;

        let reader = SamodClient::connect(&format!("reader {round}"), &relay.url()).await;
        let found = reader.find(&handle.document_id().to_string()).await;
        let found = found.expect("the relay has what it acknowledged");
        samod_client::wait_heads(&found, &expected).await;
        reader.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_under_load_loses_nothing_acknowledged() {
    let mut relay = Relay::start(Server::Yilian).await;
    let author = JsHost::start();
    let alice = author.client("alice", &relay.url()).await;
    let created = alice.call("createMany", json!({"count": 200})).await;
    let ids = created["documentIds"].clone();
    alice.call("ackedMany", json!({"documentIds": ids})).await;
    // Writes are in flight when the relay dies; what was acknowledged before must be there all the same.
    alice.call("createMany", json!({"count": 200})).await;
    relay.kill().await;
    drop((alice, author));
    relay.start_again().await;

    let host = JsHost::start();
    let bob = host.client("bob", &relay.url()).await;
    let found = bob.call("findMany", json!({"documentIds": ids})).await;
    assert_eq!(found["found"], 200);
    assert_eq!(found["wrong"], json!([]));
}

/// How many kills: a handful by default, many with `cargo xtask test --long`.
fn kills() -> usize {
    if std::env::var_os("YILIAN_LONG").is_some() {
        100
    } else {
        5
    }
}
