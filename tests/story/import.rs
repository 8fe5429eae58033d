//! Files as offices have them.

use encoding_rs::GB18030;
use serde_json::Value;
use yilian_tests::cli::{Station, count, list, text};
use yilian_tests::relay::{Relay, Server};
use yilian_tests::samples;

use crate::{
    MONTH, NOWHERE, ROWS, findings, id, import_roster, import_samples, of_rule, shift_on, shifts,
    write,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn importing_a_file_again_adds_nothing() {
    let keyun = Station::site("keyun", NOWHERE).await;
    let file = samples::roster("keyun").display().to_string();
    let first = import_roster(&keyun, &file).await;
    assert_eq!(count(&first, "added"), ROWS, "{first}");
    let before = shifts(&keyun, "keyun").await;
    let second = import_roster(&keyun, &file).await;
    assert_eq!(count(&second, "added"), 0, "{second}");
    assert_eq!(count(&second, "updated"), 0, "{second}");
    assert_eq!(shifts(&keyun, "keyun").await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_computers_of_one_site_import_offline_without_duplicates() {
    let relay = Relay::start(Server::Yilian).await;
    let desk = Station::site("keyun", &relay.url()).await;
    let laptop = Station::site("keyun", &relay.url()).await;
    for station in [&desk, &laptop] {
        import_samples(station, "keyun").await;
    }
    let shift = shift_on(&shifts(&desk, "keyun").await, "2026-12-07", "前台").clone();
    desk.ok(&["roster", "set", id(&shift), "note=桌面"]).await;
    laptop
        .ok(&["roster", "set", id(&shift), "state=confirmed"])
        .await;
    for station in [&desk, &laptop, &desk] {
        station.ok(&["sync", "--once"]).await;
    }
    for station in [&desk, &laptop] {
        let merged = shifts(station, "keyun").await;
        assert_eq!(merged.len(), ROWS);
        let shift = shift_on(&merged, "2026-12-07", "前台");
        assert_eq!(text(shift, "note"), "桌面");
        assert_eq!(text(shift, "state"), "confirmed");
        let found = findings(station).await;
        assert!(of_rule(&found, "field-conflict").is_empty(), "{found:?}");
        let sites = station.json(&["site", "list"]).await;
        assert_eq!(list(&sites, "sites").len(), 29);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_in_gb18030_gives_the_same_roster() {
    let utf8 = Station::site("keyun", NOWHERE).await;
    import_roster(&utf8, &samples::roster("keyun").display().to_string()).await;

    let gb = Station::site("keyun", NOWHERE).await;
    let text = samples::text("roster-keyun-2026-12.csv");
    let (bytes, _, lossy) = GB18030.encode(&text);
    assert!(!lossy);
    let file = write(&gb, "客运.csv", &bytes);
    import_roster(&gb, &file).await;
    assert_eq!(shifts(&gb, "keyun").await, shifts(&utf8, "keyun").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_corrected_file_updates_its_rows_and_reports_what_is_gone() {
    let keyun = Station::site("keyun", NOWHERE).await;
    let original = samples::text("roster-keyun-2026-12.csv");
    let file = write(&keyun, "roster.csv", original.as_bytes());
    import_roster(&keyun, &file).await;
    let corrected = original
        .replace(
            "2026-12-01,傅玉兰,前台,08:00,14:00,夜班补贴",
            "2026-12-01,傅玉兰,前台,08:00,14:30,改时间",
        )
        .replace("2026-12-31,徐国庆,前台,08:00,14:00,\r\n", "");
    assert_eq!(corrected.lines().count(), original.lines().count() - 1);
    let file = write(&keyun, "corrected.csv", corrected.as_bytes());
    let done = import_roster(&keyun, &file).await;
    assert_eq!(count(&done, "added"), 0, "{done}");
    assert_eq!(count(&done, "updated"), 1, "{done}");
    assert_eq!(count(&done, "gone"), 1, "{done}");

    let after = shifts(&keyun, "keyun").await;
    assert_eq!(after.len(), ROWS, "reported, not removed");
    let shift = shift_on(&after, "2026-12-01", "前台");
    assert_eq!(text(shift, "end"), "2026-12-01T14:30");
    assert_eq!(text(shift, "note"), "改时间");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_row_is_named_and_nothing_is_imported() {
    let keyun = Station::site("keyun", NOWHERE).await;
    let broken = samples::text("roster-keyun-2026-12.csv")
        .replace("2026-12-02,袁杰,值守,14:00,", "2026-12-02,袁杰,值守,25:00,");
    let file = write(&keyun, "broken.csv", broken.as_bytes());
    let refused = keyun
        .run(&["--lang", "en", "roster", "import", &file, "--month", MONTH])
        .await
        .expect(1);
    // The header is line 1; the broken row is the fifth below it, and the start is column D.
    for part in ["broken.csv", "line 6", "column D", "25:00"] {
        assert!(refused.text().contains(part), "{}", refused.text());
    }
    assert_eq!(shifts(&keyun, "keyun").await.len(), 0);
    let chinese = keyun
        .run(&["--lang", "zh", "roster", "import", &file, "--month", MONTH])
        .await
        .expect(1);
    assert!(chinese.text().contains("第6行"), "{}", chinese.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_night_shift_ends_the_next_day_whatever_the_zone_of_the_computer() {
    let mut rosters = Vec::new();
    for zone in ["Asia/Shanghai", "America/New_York", "UTC"] {
        let mut station = Station::new();
        station.set("TZ", zone);
        station.init(&["--site", "keyun", "--hub", NOWHERE]).await;
        import_samples(&station, "keyun").await;
        let roster = shifts(&station, "keyun").await;
        let night = shift_on(&roster, "2026-12-31", "热线");
        assert_eq!(text(night, "start"), "2026-12-31T20:00");
        assert_eq!(text(night, "end"), "2027-01-01T08:00");
        let found: Vec<Value> = findings(&station).await;
        rosters.push((roster, found));
    }
    assert_eq!(rosters[0], rosters[1]);
    assert_eq!(rosters[0], rosters[2]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_nobody_has_is_kept_and_found() {
    let keyun = Station::site("keyun", NOWHERE).await;
    import_samples(&keyun, "keyun").await;
    let more = "日期,姓名,岗位,开始,结束\n12月3日,欧阳不在册,机动,9：00,11：00\n";
    let file = write(&keyun, "more.csv", more.as_bytes());
    import_roster(&keyun, &file).await;
    let roster = shifts(&keyun, "keyun").await;
    let shift = shift_on(&roster, "2026-12-03", "机动");
    assert_eq!(text(shift, "name"), "欧阳不在册");
    assert_eq!(text(shift, "start"), "2026-12-03T09:00");
    let found = findings(&keyun).await;
    let unknown = of_rule(&found, "unknown-person");
    assert_eq!(unknown.len(), 1, "{found:?}");
    assert!(unknown[0].to_string().contains("欧阳不在册"));
}
