//! Sites share rooms: both book one without a network, the hub merges, one has it and the other is told what else there is.

use serde_json::Value;
use yilian_tests::cli::{Station, count, list, text};
use yilian_tests::relay::{Relay, Server};
use yilian_tests::samples;

use crate::{MONTH, NOWHERE, findings, of_rule, write};

/// The sample files of what is shared, and the nouns they are imported with.
const SHARED: [(&str, &str); 5] = [
    ("site", "sites.csv"),
    ("venue", "venues.csv"),
    ("service", "services.csv"),
    ("hours-exception", "hours-exceptions.csv"),
    ("booking", "bookings.csv"),
];

async fn import_shared(station: &Station) {
    for (noun, file) in SHARED {
        let file = samples::jiaozuo(file).display().to_string();
        station.ok(&[noun, "import", &file]).await;
    }
}

async fn sync(stations: &[&Station]) {
    for station in stations {
        station.ok(&["sync", "--once"]).await;
    }
}

/// The bookings of a site's venues in December.
async fn bookings(station: &Station, site: &str) -> Vec<Value> {
    let shown = station
        .json(&["booking", "list", "--site", site, "--month", MONTH])
        .await;
    list(&shown, "bookings").to_vec()
}

async fn book(station: &Station, name: &str, start: &str, end: &str) -> String {
    let added = station
        .json(&[
            "booking",
            "add",
            "--site",
            "城市客运共享职工之家",
            "venue=多功能厅",
            &format!("start={start}"),
            &format!("结束={end}"),
            &format!("预订人={name}"),
            "people=20",
        ])
        .await;
    text(&added, "id").to_owned()
}

fn of<'a>(bookings: &'a [Value], id: &str) -> &'a Value {
    let found = bookings.iter().find(|booking| text(booking, "id") == id);
    found.unwrap_or_else(|| panic!("no booking {id} in {bookings:?}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_bookings_of_one_room_one_is_granted_and_the_hub_s_promise_stands() {
    let mut relay = Relay::start(Server::Yilian).await;
    let hub = Station::hub(&relay.url()).await;
    import_shared(&hub).await;
    let (keyun, jiefang, shanyang) = (
        Station::site("keyun", &relay.url()).await,
        Station::site("jiefang-1", &relay.url()).await,
        Station::site("shanyang-2", &relay.url()).await,
    );
    sync(&[&hub, &keyun, &jiefang, &shanyang]).await;
    assert_eq!(bookings(&keyun, "keyun").await.len(), 6);
    relay.stop().await;

    // No network: three sites want the room at the same time. The third asks first, as the bookings themselves tell.
    let (start, end) = ("2026-12-22 9:00", "2026-12-22 11:00");
    let third = book(&shanyang, "何建国", start, end).await;
    for (station, day) in [(&keyun, 23), (&jiefang, 24)] {
        for hour in [9, 11] {
            let at = |hour| format!("2026-12-{day} {hour}:00");
            book(station, "孙平", &at(hour), &at(hour + 1)).await;
        }
    }
    let ours = book(&keyun, "王芳", start, end).await;
    let theirs = book(&jiefang, "李超", start, "2026-12-22 10:00").await;
    for (station, id) in [(&keyun, &ours), (&jiefang, &theirs)] {
        assert_eq!(
            text(of(&bookings(station, "keyun").await, id), "grant"),
            "granted"
        );
    }

    relay.start_again().await;
    sync(&[&keyun, &jiefang, &hub, &keyun, &jiefang]).await;
    let merged = bookings(&hub, "keyun").await;
    for station in [&keyun, &jiefang] {
        assert_eq!(bookings(station, "keyun").await, merged);
    }
    let mut grants = [&ours, &theirs].map(|id| (text(of(&merged, id), "grant"), id));
    grants.sort();
    let [("bumped", bumped), ("granted", granted)] = grants else {
        panic!("{grants:?}");
    };
    assert_eq!(text(of(&merged, bumped), "bumped_by"), granted.as_str());
    let shown = hub.json(&["booking", "show", bumped]).await;
    let instead = list(&shown, "alternatives");
    assert!(!instead.is_empty(), "{shown}");
    let found = findings(&hub).await;
    let of_bumped = of_rule(&found, "bumped-booking");
    assert!(
        of_bumped
            .iter()
            .any(|finding| finding.to_string().contains(bumped.as_str())),
        "{found:?}"
    );

    // The one that was too late is promised the room: it has it now, everywhere.
    hub.ok(&["booking", "confirm", bumped]).await;
    sync(&[&hub, &keyun, &jiefang]).await;
    for station in [&hub, &keyun, &jiefang] {
        let merged = bookings(station, "keyun").await;
        assert_eq!(text(of(&merged, bumped), "grant"), "confirmed");
        assert_eq!(text(of(&merged, bumped), "confirmed_by"), "keyun/hub");
        assert_eq!(text(of(&merged, granted), "bumped_by"), bumped.as_str());
    }

    // What was asked for before either arrives only now, and unseats nobody.
    sync(&[&shanyang, &hub]).await;
    for station in [&hub, &shanyang] {
        let merged = bookings(station, "keyun").await;
        assert_eq!(text(of(&merged, bumped), "grant"), "confirmed");
        assert_eq!(text(of(&merged, &third), "bumped_by"), bumped.as_str());
    }

    let history = hub.ok(&["booking", "history", bumped]).await;
    assert!(history.contains("keyun/hub"), "{history}");
    // Another time is another promise.
    hub.ok(&["booking", "set", bumped, "start=2026-12-22 8:30"])
        .await;
    let merged = bookings(&hub, "keyun").await;
    assert_eq!(text(of(&merged, bumped), "confirmed_by"), "");
    hub.ok(&["booking", "cancel", bumped]).await;
    let merged = bookings(&hub, "keyun").await;
    assert_eq!(text(of(&merged, bumped), "grant"), "cancelled");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_venue_s_site_and_the_hub_confirm() {
    let jiefang = Station::site("jiefang-1", NOWHERE).await;
    import_shared(&jiefang).await;
    let id = book(&jiefang, "李超", "2026-12-22 9:00", "2026-12-22 11:00").await;
    let refused = jiefang.run(&["booking", "confirm", &id]).await.expect(1);
    assert!(refused.stderr.contains("keyun"), "{refused:?}");
    let by_hand = ["booking", "set", &id, "confirmed_by=keyun/hub"];
    jiefang.run(&by_hand).await.expect(2);
    let own = bookings(&jiefang, "jiefang-1").await;
    jiefang
        .ok(&["booking", "confirm", text(&own[0], "id")])
        .await;
    let own = bookings(&jiefang, "jiefang-1").await;
    assert_eq!(text(&own[0], "grant"), "confirmed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_open_minds_the_exceptions() {
    let hub = Station::hub(NOWHERE).await;
    import_shared(&hub).await;
    let open = async |at: &str, more: &[&str]| -> Vec<String> {
        let mut arguments = vec!["open-now", "--at", at, "--near", "35.232,113.313"];
        arguments.extend_from_slice(more);
        let shown = hub.json(&arguments).await;
        let sites = list(&shown, "sites").iter();
        sites.map(|site| text(site, "key").to_owned()).collect()
    };
    let evening = open("2026-12-31T17:00", &[]).await;
    assert_eq!(
        evening.first().map(String::as_str),
        Some("keyun"),
        "{evening:?}"
    );
    assert!(
        !open("2027-01-01T17:00", &[])
            .await
            .contains(&"keyun".to_owned())
    );
    assert!(
        open("2027-01-01T12:00", &[])
            .await
            .contains(&"keyun".to_owned())
    );
    assert!(
        !open("2026-12-20T12:00", &[])
            .await
            .contains(&"jiefang-1".to_owned())
    );
    // 2026-12-02 is a Wednesday: the lawyer is at keyun.
    assert_eq!(
        open("2026-12-02T15:00", &["--service", "legal-aid"]).await,
        ["keyun"]
    );
    assert_eq!(
        open("2026-12-03T15:00", &["--service", "法律咨询"]).await,
        [""; 0]
    );
    let showers = open(
        "2026-12-02T15:00",
        &["--amenity", "淋浴", "--amenity", "wifi"],
    )
    .await;
    assert!(showers.contains(&"shanyang-3".to_owned()) && !showers.contains(&"keyun".to_owned()));
    let table = hub.ok(&["open-now", "--at", "2026-12-31T17:00"]).await;
    assert!(table.contains("城市客运共享职工之家"), "{table}");
    hub.run(&["open-now", "--near", "north"]).await.expect(2);
    // What nobody has is told from what is closed.
    let line = [
        "open-now",
        "--amenity",
        "sauna",
        "--service",
        "量 血压",
        "--at",
        "2026-12-31 03:00",
    ];
    let none = hub.run(&line).await.expect(0);
    assert!(
        none.stderr.contains("sauna") && !none.stderr.contains("血压"),
        "{none:?}"
    );
    Station::hub(NOWHERE)
        .await
        .run(&["open-now"])
        .await
        .expect(1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_exported_can_be_imported_anywhere() {
    let hub = Station::hub(NOWHERE).await;
    import_shared(&hub).await;
    book(&hub, "王芳", "2027-01-04 9:00", "2027-01-04 11:00").await;
    let copy = Station::hub(NOWHERE).await;
    let sites = samples::jiaozuo("sites.csv").display().to_string();
    copy.ok(&["site", "import", &sites]).await;
    for (noun, file) in &SHARED[1..] {
        for language in ["zh", "en"] {
            let csv = hub.ok(&["--lang", language, noun, "export"]).await;
            let file = write(&hub, file, csv.as_bytes());
            let again = hub.json(&[noun, "import", &file]).await;
            let done = [count(&again, "added"), count(&again, "updated")];
            assert_eq!(done, [0, 0], "{noun}: {again}");
            copy.ok(&[noun, "import", &file]).await;
        }
        let sheet = hub.file("exported.xlsx").display().to_string();
        hub.ok(&[noun, "export", "--out", &sheet]).await;
        let again = hub.json(&[noun, "import", &sheet]).await;
        let done = [count(&again, "added"), count(&again, "updated")];
        assert_eq!(done, [0, 0], "{noun} as a workbook: {again}");
        let list = async |station: &Station| station.json(&[noun, "list"]).await;
        assert_eq!(list(&copy).await, list(&hub).await, "{noun}");
        let json = hub.ok(&[noun, "export", "--format", "json"]).await;
        assert!(serde_json::from_str::<Value>(&json).is_ok(), "{json}");
    }
}
