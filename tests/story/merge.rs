//! The main story: two stations offline, then online, and the hub.

use serde_json::Value;
use yilian_tests::cli::{Station, text};
use yilian_tests::relay::{Relay, Server};
use yilian_tests::samples;

use crate::{ROWS, findings, id, import_roster, import_samples, of_rule, shift_on, shifts, write};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_hub_merges_what_two_stations_wrote_offline() {
    let mut relay = Relay::start(Server::Yilian).await;
    relay.stop().await;

    // No network: both import and edit.
    let keyun = Station::site("keyun", &relay.url()).await;
    let jiefang = Station::site("jiefang-1", &relay.url()).await;
    import_samples(&keyun, "keyun").await;
    import_samples(&jiefang, "jiefang-1").await;
    let at_keyun = shifts(&keyun, "keyun").await;
    let front = shift_on(&at_keyun, "2026-12-09", "前台");
    keyun
        .ok(&["roster", "set", id(front), "state=confirmed", "note=已确认"])
        .await;
    // 萧平 is on duty at keyun that afternoon; jiefang-1 borrows her for the same hours.
    assert_eq!(
        text(shift_on(&at_keyun, "2026-12-09", "值守"), "name"),
        "萧平"
    );
    let borrowed = samples::text("roster-jiefang-1-2026-12.csv")
        .replace("2026-12-09,林文博,值守", "2026-12-09,萧平@keyun,值守");
    let file = write(&jiefang, "borrowed.csv", borrowed.as_bytes());
    import_roster(&jiefang, &file).await;
    let refused = keyun.run(&["sync", "--once"]).await.expect(1);
    assert!(!refused.text().trim().is_empty(), "the reason is said");

    // Online, in either order, twice.
    relay.start_again().await;
    for station in [&jiefang, &keyun, &jiefang] {
        station.ok(&["sync", "--once"]).await;
    }
    let hub = Station::hub(&relay.url()).await;
    hub.ok(&["sync", "--once"]).await;

    let merged = shifts(&hub, "keyun").await;
    assert_eq!(merged.len(), ROWS);
    let front = shift_on(&merged, "2026-12-09", "前台");
    assert_eq!(text(front, "state"), "confirmed");
    assert_eq!(text(front, "note"), "已确认");
    // The row that named 林文博 is gone from the file: reported at import, never removed.
    assert_eq!(shifts(&hub, "jiefang-1").await.len(), ROWS + 1);

    let found = findings(&hub).await;
    let overlaps = of_rule(&found, "overlap");
    let across: Vec<&&Value> = overlaps
        .iter()
        .filter(|finding| finding.to_string().contains("萧平"))
        .collect();
    assert_eq!(across.len(), 1, "{overlaps:?}");
    assert_eq!(across[0]["records"].as_array().unwrap().len(), 2);
    assert_eq!(
        of_rule(&found, "outside-hours").len(),
        0,
        "both sites are open from 07:00 to 22:00, and the night hotline is no shift outside hours"
    );
    assert_eq!(of_rule(&found, "unknown-person").len(), 0);

    // Equal documents, equal findings: the station that holds both rosters says the same.
    let ids = |found: &[Value]| -> Vec<String> {
        of_rule(found, "overlap")
            .iter()
            .map(|finding| text(finding, "id").to_owned())
            .collect()
    };
    keyun.ok(&["sync", "--once"]).await;
    assert_eq!(ids(&findings(&keyun).await), ids(&found));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_field_set_in_two_places_shows_both_values_until_it_is_settled() {
    let relay = Relay::start(Server::Yilian).await;
    let keyun = Station::new();
    keyun
        .init(&["--site", "keyun", "--hub", &relay.url(), "--author", "王芳"])
        .await;
    import_samples(&keyun, "keyun").await;
    keyun.ok(&["sync", "--once"]).await;
    let hub = Station::hub(&relay.url()).await;
    hub.ok(&["sync", "--once"]).await;

    let shift = shift_on(&shifts(&keyun, "keyun").await, "2026-12-03", "前台").clone();
    keyun
        .ok(&["roster", "set", id(&shift), "note=改到后门"])
        .await;
    hub.ok(&["roster", "set", id(&shift), "note=带钥匙"]).await;
    for station in [&keyun, &hub, &keyun] {
        station.ok(&["sync", "--once"]).await;
    }

    let (at_keyun, at_hub) = (findings(&keyun).await, findings(&hub).await);
    for found in [&at_keyun, &at_hub] {
        let conflicts = of_rule(found, "field-conflict");
        assert_eq!(conflicts.len(), 1, "{conflicts:?}");
        let said = conflicts[0].to_string();
        for part in ["改到后门", "带钥匙", "王芳"] {
            assert!(said.contains(part), "{part} is missing in {said}");
        }
    }
    let note =
        |shifts: Vec<Value>| text(shift_on(&shifts, "2026-12-03", "前台"), "note").to_owned();
    let winner = note(shifts(&keyun, "keyun").await);
    assert_eq!(note(shifts(&hub, "keyun").await), winner);

    let conflict = of_rule(&at_hub, "field-conflict")[0];
    hub.ok(&["findings", "--fix", text(conflict, "id")]).await;
    for station in [&hub, &keyun] {
        station.ok(&["sync", "--once"]).await;
        let left = findings(station).await;
        assert!(of_rule(&left, "field-conflict").is_empty(), "{left:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removed_shift_that_is_edited_elsewhere_is_not_lost_in_silence() {
    let relay = Relay::start(Server::Yilian).await;
    let keyun = Station::site("keyun", &relay.url()).await;
    import_samples(&keyun, "keyun").await;
    keyun.ok(&["sync", "--once"]).await;
    let hub = Station::hub(&relay.url()).await;
    hub.ok(&["sync", "--once"]).await;

    let shift = shift_on(&shifts(&keyun, "keyun").await, "2026-12-05", "值守").clone();
    keyun.ok(&["roster", "remove", id(&shift)]).await;
    assert_eq!(shifts(&keyun, "keyun").await.len(), ROWS - 1);
    hub.ok(&["roster", "set", id(&shift), "note=照常上班"])
        .await;
    for station in [&keyun, &hub, &keyun] {
        station.ok(&["sync", "--once"]).await;
    }
    for station in [&keyun, &hub] {
        let found = findings(station).await;
        assert_eq!(of_rule(&found, "late-edit").len(), 1, "{found:?}");
    }
}
