//! What the hub will not take: it is listed with the reason, everything else goes on, and it is made again or given up.

use serde_json::Value;
use yilian_tests::cli::{Station, list, text};
use yilian_tests::relay::{Relay, Server};
use yilian_tests::samples;

use crate::{MONTH, ROWS};

async fn shifts(station: &Station) -> usize {
    let shown = station
        .json(&["roster", "show", "--month", MONTH, "--site", "keyun"])
        .await;
    list(&shown, "shifts").len()
}

async fn refused(station: &Station) -> Vec<Value> {
    let listed = station.json(&["refused", "list"]).await;
    list(&listed, "refused").to_vec()
}

#[tokio::test]
async fn what_the_hub_refuses_is_listed_and_made_again_or_given_up() {
    // A whole month in one change is more than this relay takes.
    let strict = vec![("YILIAN_MAX_OPS_PER_CHANGE", "200")];
    let mut relay = Relay::start_with(Server::Yilian, strict).await;
    let keyun = Station::site("keyun", &relay.url()).await;
    let file = samples::roster("keyun").display().to_string();
    let import = ["roster", "import", &file, "--month", MONTH];
    keyun.ok(&import).await;
    assert_eq!(shifts(&keyun).await, ROWS);
    assert_eq!(refused(&keyun).await, Vec::<Value>::new());
    keyun.ok(&["sync", "--once"]).await;

    // It is aside, with the reason, and stays so; what comes after goes on from what the relay took.
    assert_eq!(shifts(&keyun).await, 0);
    let listed = refused(&keyun).await;
    assert_eq!(listed.len(), 1, "{listed:?}");
    let one = &listed[0];
    assert_eq!(text(one, "document"), format!("roster/keyun/{MONTH}"));
    assert!(
        text(one, "reason").contains("above the limit of 200"),
        "{one}"
    );
    assert_eq!(one["retry"], true);
    let shown = keyun.ok(&["refused", "list"]).await;
    assert!(shown.contains("改动") && shown.contains("200"), "{shown}");
    let change = text(one, "change");
    let shift = [
        "name=谢秀兰",
        "post=前台",
        "start=2026-12-05T08:00",
        "end=2026-12-05T14:00",
    ];
    let add = [&["roster", "add", "--site", "keyun"][..], &shift].concat();
    keyun.ok(&add).await;
    keyun.ok(&["sync", "--once"]).await;
    assert_eq!(refused(&keyun).await.len(), 1);

    // Nothing is done to what is not there.
    let wrong = keyun.run(&["refused", "retry", "ffffffffffff"]).await;
    assert_eq!(wrong.code, 2, "{}", wrong.text());

    // Made again while the relay takes no more than before, it is refused again: as another change.
    keyun.ok(&["refused", "retry", &change[..12]]).await;
    assert_eq!(shifts(&keyun).await, ROWS + 1);
    keyun.ok(&["sync", "--once"]).await;
    let again = refused(&keyun).await;
    assert_eq!(again.len(), 1, "{again:?}");
    assert_ne!(text(&again[0], "change"), change);
    assert_eq!(shifts(&keyun).await, 1);

    // A relay that takes it.
    relay.stop().await;
    let wide = Relay::start(Server::Yilian).await;
    keyun
        .ok(&[
            "init",
            "--network",
            "jiaozuo",
            "--site",
            "keyun",
            "--hub",
            &wide.url(),
        ])
        .await;
    let change = text(&again[0], "change");
    keyun.ok(&["refused", "retry", change]).await;
    keyun.ok(&["sync", "--once"]).await;
    assert_eq!(shifts(&keyun).await, ROWS + 1);
    assert_eq!(refused(&keyun).await, Vec::<Value>::new());
    let hub = Station::hub(&wide.url()).await;
    hub.ok(&["sync", "--once"]).await;
    assert_eq!(shifts(&hub).await, ROWS + 1);
    keyun.ok(&["doctor"]).await;
}

#[tokio::test]
async fn what_is_given_up_is_listed_no_more() {
    let strict = vec![("YILIAN_MAX_OPS_PER_CHANGE", "200")];
    let relay = Relay::start_with(Server::Yilian, strict).await;
    let keyun = Station::site("keyun", &relay.url()).await;
    let file = samples::roster("keyun").display().to_string();
    keyun
        .ok(&["roster", "import", &file, "--month", MONTH])
        .await;
    keyun.ok(&["sync", "--once"]).await;
    let listed = refused(&keyun).await;
    let change = text(&listed[0], "change");
    let said = keyun
        .ok(&["refused", "discard", change, "--lang", "en"])
        .await;
    assert!(said.contains("given up"), "{said}");
    assert_eq!(refused(&keyun).await, Vec::<Value>::new());
    assert_eq!(shifts(&keyun).await, 0);
}
