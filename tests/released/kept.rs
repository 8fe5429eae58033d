//! The stores of every released version: opened, read, gone on with.

use serde_json::Value;
use yilian_tests::cli::{STORE, Station};
use yilian_tests::relay::{Relay, Server};
use yilian_tests::release::{self, HUB, RELAY, Release, SITE};

use crate::{NEIGHBOUR, front_desk, goes_on, import_samples, note, releases, set, shifts, sync};

/// The most that all of a version's files may take: they stay in the repository for ever.
const BYTES_MAX: u64 = 400_000;

fn records(kept: &Value) -> Vec<String> {
    let histories = kept["histories"].as_object();
    histories.expect("histories").keys().cloned().collect()
}

/// Fails with what a version showed that a station of today does not.
async fn expect_all(release: &Release, computer: &str, station: &Station) {
    let kept = release.shown(computer);
    let mut now = release::shown(station, &records(&kept)).await;
    if kept["shared"].is_object() {
        now["shared"] = release::shared(station).await;
    }
    let lost = release::lost(&kept, &now);
    let version = &release.version;
    assert!(
        lost.is_empty(),
        "{version} showed at {computer} what is lost:\n  {}",
        lost.join("\n  ")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kept_store_opens_and_shows_what_it_did() {
    for release in releases() {
        for computer in [SITE, HUB] {
            let station = Station::copy_of(&release.store(computer));
            station.run(&["doctor"]).await.expect(0);
            expect_all(&release, computer, &station).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kept_relay_serves_a_newcomer_what_the_hub_had() {
    for release in releases() {
        let relay = Relay::start_copy_of(&release.store(RELAY)).await;
        let newcomer = Station::hub(&relay.url()).await;
        sync(&[&newcomer]).await;
        expect_all(&release, HUB, &newcomer).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kept_network_goes_on_with_a_newcomer() {
    for release in releases() {
        let relay = Relay::start_copy_of(&release.store(RELAY)).await;
        let site = goes_on(&release, SITE, &relay.url()).await;
        let hub = goes_on(&release, HUB, &relay.url()).await;
        let newcomer = Station::site(NEIGHBOUR, &relay.url()).await;
        import_samples(&newcomer, NEIGHBOUR).await;
        let shift = front_desk(&shifts(&hub).await, 12);
        set(&hub, &shift, "note=中心说的").await;
        sync(&[&site, &newcomer, &hub, &site, &newcomer]).await;

        // What the released site had written and not yet sent arrives with the rest.
        let unsent = front_desk(&shifts(&hub).await, 9);
        for station in [&site, &hub, &newcomer] {
            assert_eq!(note(station, &unsent).await, "还没到中心");
            assert_eq!(note(station, &shift).await, "中心说的");
            assert_eq!(shifts(station).await, shifts(&hub).await);
        }
        let there = ["roster", "show", "--month", release::MONTH];
        let there = [&there[..], &["--site", NEIGHBOUR]].concat();
        assert_eq!(hub.json(&there).await, newcomer.json(&there).await);
        assert_eq!(site.json(&["status"]).await["waiting"], 0);
        for station in [&site, &hub] {
            station.run(&["doctor"]).await.expect(0);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kept_store_syncs_with_a_relay_that_has_nothing() {
    for release in releases() {
        let relay = Relay::start(Server::Yilian).await;
        let site = goes_on(&release, SITE, &relay.url()).await;
        let newcomer = Station::hub(&relay.url()).await;
        sync(&[&site, &newcomer]).await;
        assert_eq!(shifts(&newcomer).await, shifts(&site).await);
    }
}

#[test]
fn a_version_takes_little_room() {
    for release in releases() {
        let stores = [RELAY, SITE, HUB].map(|computer| release.store(computer).join(STORE));
        let shown = [SITE, HUB].map(|computer| release.store(computer).with_extension("json"));
        let bytes: u64 = stores
            .iter()
            .chain(&shown)
            .map(|file| std::fs::metadata(file).expect("it was kept").len())
            .sum();
        let version = &release.version;
        assert!(bytes < BYTES_MAX, "{version} takes {bytes} bytes");
    }
}
