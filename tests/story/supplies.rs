//! Pooled giving: stations put goods in without a network, nobody gives the same goods out twice, and the hub sees who gave what.

use serde_json::Value;
use yilian_tests::cli::{Station, list, text};
use yilian_tests::relay::{Relay, Server};

use crate::of_rule;

const GLOVES: &str = "手套";

async fn sync(stations: &[&Station]) {
    for station in stations {
        station.ok(&["sync", "--once"]).await;
    }
}

/// A computer of a site, with somebody's name on it.
async fn computer(site: &str, author: &str, relay: &Relay) -> Station {
    let station = Station::new();
    station
        .init(&["--site", site, "--hub", &relay.url(), "--author", author])
        .await;
    station
}

async fn contribute(station: &Station, item: &str, count: u32) {
    let count = count.to_string();
    station
        .ok(&[
            "supply",
            "contribute",
            item,
            &count,
            "--from",
            "爱心企业",
            "--drive",
            "爱心互献",
        ])
        .await;
}

async fn give(station: &Station, count: u32, code: i32) -> String {
    let count = count.to_string();
    let asked = ["supply", "give", GLOVES, &count, "--to", "李师傅"];
    station.run(&asked).await.expect(code).text()
}

/// A number of an item's stock as a station shows it.
async fn stock(station: &Station, site: &str, item: &str, key: &str) -> i64 {
    let shown = station.json(&["supply", "list", "--site", site]).await;
    let stock = list(&shown, "stock").iter();
    let mut of_item = stock.filter(|stock| text(stock, "name") == item);
    of_item
        .next()
        .map_or(0, |stock| stock[key].as_i64().unwrap())
}

async fn here(station: &Station, site: &str) -> i64 {
    stock(station, site, GLOVES, "here").await
}

async fn rules(station: &Station, rule: &str) -> Vec<Value> {
    let shown = station.json(&["findings"]).await;
    of_rule(list(&shown, "findings"), rule)
        .into_iter()
        .cloned()
        .collect()
}

async fn holder(station: &Station) -> String {
    let shown = station.json(&["supply", "device", "list"]).await;
    text(&shown, "here").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_stations_put_in_without_a_network_and_the_hub_counts_it() {
    let relay = Relay::start(Server::Yilian).await;
    let mut stations = Vec::new();
    for number in 1..=10_u32 {
        let site = format!("zhan-{number}");
        let station = computer(&site, "站长", &relay).await;
        contribute(&station, GLOVES, number).await;
        contribute(&station, "毛巾", 2).await;
        stations.push((site, station));
    }
    for (_, station) in &stations {
        sync(&[station]).await;
    }
    let hub = Station::hub(&relay.url()).await;
    sync(&[&hub]).await;
    let (mut gloves, mut towels) = (0, 0);
    for (site, _) in &stations {
        gloves += stock(&hub, site, GLOVES, "contributed").await;
        towels += stock(&hub, site, "毛巾", "held").await;
    }
    assert_eq!((gloves, towels), (55, 20));
    let first = &stations[0];
    let history = hub.json(&["supply", "history", "--site", &first.0]).await;
    let lines = list(&history, "lines");
    assert_eq!(lines.len(), 2);
    let same =
        |line: &Value| text(line, "party") == "爱心企业" && line["drive"] == lines[0]["drive"];
    assert!(lines.iter().all(same), "{lines:?}");
    assert!(lines[0]["drive"].is_string());
    let found = hub.json(&["findings"]).await;
    assert!(!found.to_string().contains("overdrawn"), "{found}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_offline_computers_never_give_the_same_goods() {
    let mut relay = Relay::start(Server::Yilian).await;
    let front = computer("keyun", "前台", &relay).await;
    let back = computer("keyun", "后台", &relay).await;
    let other = computer("hualian", "华联", &relay).await;
    contribute(&front, GLOVES, 10).await;
    sync(&[&front, &back, &other]).await;
    relay.stop().await;

    // Everybody sees ten, and only the front desk may give them.
    for station in [&back, &other] {
        assert_eq!(stock(station, "keyun", GLOVES, "held").await, 10);
        assert_eq!(here(station, "keyun").await, 0);
    }
    let refused = give(&back, 1, 1).await;
    assert!(refused.contains("前台 10"), "{refused}");
    give(&other, 1, 1).await;
    let said = give(&front, 8, 0).await;
    assert!(said.contains('2'), "{said}");
    let refused = give(&front, 3, 1).await;
    assert!(refused.contains("本机只能发 2"), "{refused}");
    let english = front
        .run(&["--lang", "en", "supply", "give", GLOVES, "3", "--to", "Li"])
        .await
        .expect(1);
    assert!(
        english.text().contains("may give out 2"),
        "{}",
        english.text()
    );

    relay.start_again().await;
    sync(&[&front, &back, &other]).await;
    for station in [&front, &back, &other] {
        assert_eq!(stock(station, "keyun", GLOVES, "held").await, 2);
        assert_eq!(stock(station, "keyun", GLOVES, "given").await, 8);
        assert!(rules(station, "overdrawn").await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_is_given_or_bumped_once_the_devices_meet() {
    let relay = Relay::start(Server::Yilian).await;
    let front = computer("keyun", "前台", &relay).await;
    let back = computer("keyun", "后台", &relay).await;
    contribute(&front, GLOVES, 5).await;
    sync(&[&front, &back]).await;

    let claim =
        |count: &'static str, who: &'static str| ["supply", "claim", GLOVES, count, "--to", who];
    back.ok(&claim("4", "王师傅")).await;
    back.ok(&claim("3", "赵师傅")).await;
    sync(&[&back, &front, &back]).await;
    let shown = back.json(&["supply", "claims"]).await;
    let mut states: Vec<(&str, &str)> = list(&shown, "claims")
        .iter()
        .map(|claim| (text(claim, "party"), text(claim, "state")))
        .collect();
    states.sort_unstable();
    // Which of two claims of one minute comes first is decided the same everywhere.
    let given = states.iter().filter(|(_, state)| *state == "given").count();
    let bumped = states
        .iter()
        .filter(|(_, state)| *state == "bumped")
        .count();
    assert_eq!((given, bumped), (1, 1), "{states:?}");
    let left = stock(&back, "keyun", GLOVES, "held").await;
    assert!(left == 1 || left == 2, "{left}");

    let bumped = list(&shown, "claims")
        .iter()
        .find(|claim| text(claim, "state") == "bumped")
        .unwrap();
    back.ok(&["supply", "withdraw", text(bumped, "id")]).await;
    front
        .run(&["supply", "withdraw", text(bumped, "id")])
        .await
        .expect(1);
    sync(&[&back, &front]).await;
    let shown = front.json(&["supply", "claims"]).await;
    assert!(shown.to_string().contains("withdrawn"), "{shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_is_topped_up_while_it_is_online() {
    let relay = Relay::start(Server::Yilian).await;
    let front = computer("keyun", "前台", &relay).await;
    let back = computer("keyun", "后台", &relay).await;
    contribute(&front, GLOVES, 20).await;
    back.ok(&["supply", "device", "keep", "6"]).await;
    sync(&[&back, &front, &back]).await;
    assert_eq!(here(&back, "keyun").await, 6);
    assert_eq!(here(&front, "keyun").await, 14);
    give(&back, 6, 0).await;
    give(&back, 1, 1).await;
    // It is topped up again, and not twice.
    sync(&[&back, &front, &front, &back]).await;
    assert_eq!(here(&back, "keyun").await, 6);
    assert_eq!(here(&front, "keyun").await, 8);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn goods_are_in_transit_until_they_are_received() {
    let relay = Relay::start(Server::Yilian).await;
    let keyun = computer("keyun", "客运", &relay).await;
    let hualian = computer("hualian", "华联", &relay).await;
    contribute(&keyun, GLOVES, 10).await;
    let send = ["supply", "send", GLOVES, "4", "--to-site", "hualian"];
    let refused = keyun.run(&send).await.expect(1);
    assert!(refused.text().contains("hualian"), "{}", refused.text());
    contribute(&hualian, "毛巾", 1).await;
    sync(&[&hualian, &keyun]).await;
    keyun.ok(&send).await;
    hualian.run(&["supply", "receive"]).await.expect(1);
    sync(&[&keyun, &hualian]).await;

    assert_eq!(stock(&keyun, "keyun", GLOVES, "held").await, 6);
    assert_eq!(stock(&keyun, "keyun", GLOVES, "leaving").await, 4);
    assert_eq!(stock(&hualian, "hualian", GLOVES, "arriving").await, 4);
    give(&hualian, 1, 1).await;
    hualian.ok(&["supply", "receive"]).await;
    hualian.run(&["supply", "receive"]).await.expect(1);
    assert_eq!(here(&hualian, "hualian").await, 4);
    give(&hualian, 4, 0).await;
    sync(&[&hualian, &keyun]).await;
    assert_eq!(stock(&keyun, "keyun", GLOVES, "leaving").await, 0);
    assert_eq!(stock(&keyun, "hualian", GLOVES, "given").await, 4);
    assert!(rules(&keyun, "unmatched-receipt").await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_store_is_a_new_holder_and_the_hub_takes_back_what_was_lost() {
    let relay = Relay::start(Server::Yilian).await;
    let front = computer("keyun", "前台", &relay).await;
    let back = computer("keyun", "后台", &relay).await;
    let hub = Station::hub(&relay.url()).await;
    contribute(&front, GLOVES, 10).await;
    contribute(&back, "毛巾", 1).await;
    sync(&[&front, &back, &hub]).await;
    let lost = holder(&front).await;
    let backup = std::fs::read(front.data().join("store.sqlite")).unwrap();

    // Unseen by anybody; then the backup comes back, which does not know of it.
    give(&front, 4, 0).await;
    let unseen = std::fs::read(front.data().join("store.sqlite")).unwrap();
    let mark = std::fs::read(front.data().join("holder")).unwrap();
    std::fs::write(front.data().join("store.sqlite"), &backup).unwrap();
    assert_eq!(here(&front, "keyun").await, 0);
    let refused = give(&front, 1, 1).await;
    assert!(refused.contains("站内其他设备有 10"), "{refused}");
    contribute(&front, "毛巾", 1).await;
    assert_ne!(holder(&front).await, lost);

    let asked = [
        "supply", "device", "lost", &lost, "--site", "keyun", "--to", "后台",
    ];
    back.run(&asked).await.expect(1);
    hub.ok(&asked).await;
    sync(&[&hub, &back, &front]).await;
    assert_eq!(here(&back, "keyun").await, 10);
    assert!(rules(&hub, "late-spend").await.is_empty());

    // What the lost store had given out turns up after all.
    let found = Station::new();
    std::fs::create_dir_all(found.data()).unwrap();
    std::fs::write(found.data().join("store.sqlite"), &unseen).unwrap();
    std::fs::write(found.data().join("holder"), &mark).unwrap();
    assert_eq!(holder_or_none(&found).await, None, "a copied mark is none");
    sync(&[&found, &hub, &back]).await;
    give(&found, 1, 1).await;
    for station in [&hub, &back] {
        let late = rules(station, "late-spend").await;
        assert_eq!(late.len(), 1, "{late:?}");
        assert!(late[0].to_string().contains('4'), "{late:?}");
        assert_eq!(stock(station, "keyun", GLOVES, "held").await, 6);
    }
    let late = rules(&hub, "late-spend").await;
    hub.ok(&["findings", "--fix", text(&late[0], "id")]).await;
    sync(&[&hub, &back]).await;
    assert_eq!(here(&back, "keyun").await, 6);
    assert!(rules(&back, "late-spend").await.is_empty());
}

async fn holder_or_none(station: &Station) -> Option<String> {
    let shown = station.json(&["supply", "device", "list"]).await;
    shown["here"].as_str().map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stocktaking_corrects_what_is_held_and_needs_a_reason() {
    let relay = Relay::start(Server::Yilian).await;
    let keyun = computer("keyun", "客运", &relay).await;
    contribute(&keyun, GLOVES, 10).await;
    let correct = |count: &'static str| ["supply", "correct", GLOVES, count, "--note", "淋湿了"];
    keyun
        .run(&["supply", "correct", GLOVES, "-3"])
        .await
        .expect(2);
    keyun.ok(&correct("-3")).await;
    assert_eq!(here(&keyun, "keyun").await, 7);
    keyun.run(&correct("-8")).await.expect(1);
    keyun.ok(&correct("2")).await;
    assert_eq!(here(&keyun, "keyun").await, 9);
    let shown = keyun.json(&["supply", "show", GLOVES]).await;
    assert_eq!(shown["stock"]["held"], 9);
    keyun.run(&["supply", "show", "皮鞋"]).await.expect(1);
    for command in [
        &["supply", "list"][..],
        &["supply", "show", GLOVES],
        &["supply", "claims"],
        &["supply", "history"],
        &["supply", "device", "list"],
    ] {
        assert!(!keyun.ok(command).await.trim().is_empty(), "{command:?}");
    }
}
