//! Being offline, and what `sync` promises when it ends.

use yilian_tests::cli::Station;
use yilian_tests::process::Process;
use yilian_tests::relay::{Relay, Server};

use crate::{NOWHERE, ROWS, id, import_samples, shift_on, shifts};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sync_once_fails_with_the_reason_where_no_hub_answers() {
    let keyun = Station::site("keyun", NOWHERE).await;
    import_samples(&keyun, "keyun").await;
    let refused = keyun.run(&["sync", "--once"]).await.expect(1);
    assert!(refused.text().contains("127.0.0.1:9"), "{}", refused.text());
    assert_eq!(shifts(&keyun, "keyun").await.len(), ROWS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_sync_once_said_is_saved_survives_a_killed_relay() {
    let mut relay = Relay::start(Server::Yilian).await;
    let keyun = Station::site("keyun", &relay.url()).await;
    import_samples(&keyun, "keyun").await;
    keyun.ok(&["sync", "--once"]).await;
    relay.kill().await;
    drop(keyun);
    relay.start_again().await;

    let hub = Station::hub(&relay.url()).await;
    hub.ok(&["sync", "--once"]).await;
    assert_eq!(shifts(&hub, "keyun").await.len(), ROWS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watching_hub_has_what_a_station_wrote_without_being_asked() {
    let relay = Relay::start(Server::Yilian).await;
    let hub = Station::hub(&relay.url()).await;
    let mut watching = Process::start("watching hub", hub.command(&["sync", "--watch"]));

    let keyun = Station::site("keyun", &relay.url()).await;
    import_samples(&keyun, "keyun").await;
    let shift = shift_on(&shifts(&keyun, "keyun").await, "2026-12-02", "前台").clone();
    keyun
        .ok(&["roster", "set", id(&shift), "note=看得到"])
        .await;
    keyun.ok(&["sync", "--once"]).await;

    // One process has a store at a time, so the hub is read after it has stopped watching.
    let mut waited = 0;
    loop {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        watching.terminate().await;
        let roster = shifts(&hub, "keyun").await;
        let arrived = roster.len() == ROWS
            && roster
                .iter()
                .any(|shift| shift["note"].as_str() == Some("看得到"));
        if arrived {
            return;
        }
        waited += 1;
        assert!(waited < 40, "nothing arrived: {}", watching.output());
        watching = Process::start("watching hub", hub.command(&["sync", "--watch"]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_process_on_one_store_is_refused_by_name() {
    let relay = Relay::start(Server::Yilian).await;
    let keyun = Station::site("keyun", &relay.url()).await;
    let mut watching = Process::start("watching", keyun.command(&["sync", "--watch"]));
    // It says something once it has the store.
    watching.line_after("").await;
    let folder = keyun.data().display().to_string();
    let refused = yilian_tests::in_time("the second process to be refused", async {
        loop {
            let outcome = keyun.run(&["status"]).await;
            if outcome.code != 0 {
                return outcome;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    })
    .await;
    assert!(refused.text().contains(&folder), "{}", refused.text());
    drop(watching);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn status_counts_what_is_not_at_the_hub_yet() {
    let relay = Relay::start(Server::Yilian).await;
    let keyun = Station::site("keyun", &relay.url()).await;
    import_samples(&keyun, "keyun").await;
    let before = keyun.json(&["status"]).await;
    keyun.ok(&["sync", "--once"]).await;
    let after = keyun.json(&["status"]).await;
    let waiting = |status: &serde_json::Value| {
        let waiting = status["waiting"].as_u64();
        waiting.unwrap_or_else(|| panic!("no number of waiting changes in {status}"))
    };
    assert!(waiting(&before) > 0, "{before}");
    assert_eq!(waiting(&after), 0, "{after}");
}
