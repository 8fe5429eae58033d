//! Every kind of record has a noun: what is asked of one can be asked of all.

use serde_json::Value;
use yilian_tests::cli::{Station, count, list, text};
use yilian_tests::samples;

use crate::{NOWHERE, write};

async fn keyun() -> Station {
    let keyun = Station::site("keyun", NOWHERE).await;
    for (noun, file) in [("site", "sites.csv"), ("venue", "venues.csv")] {
        let file = samples::jiaozuo(file).display().to_string();
        keyun.ok(&[noun, "import", &file]).await;
    }
    keyun
}

async fn listed(station: &Station, noun: &str, key: &str, more: &[&str]) -> Vec<Value> {
    let mut arguments = vec![noun, "list"];
    arguments.extend_from_slice(more);
    list(&station.json(&arguments).await, key).to_vec()
}

async fn added(station: &Station, noun: &str, fields: &[&str]) -> String {
    let mut arguments = vec![noun, "add"];
    arguments.extend_from_slice(fields);
    text(&station.json(&arguments).await, "id").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_help_lists_every_noun_in_both_languages() {
    let station = Station::new();
    let (zh, en) = (
        station.ok(&["--lang", "zh", "--help"]).await,
        station.ok(&["--lang", "en", "--help"]).await,
    );
    for (noun, label) in [
        ("venue", "场地"),
        ("service", "服务"),
        ("hours-exception", "例外时间"),
        ("drive", "活动"),
        ("booking", "预订"),
        ("item", "物资"),
        ("device", "设备"),
    ] {
        let line = |help: &str| help.lines().any(|line| line.trim().starts_with(noun));
        assert!(line(&zh) && line(&en), "{noun}\n{zh}\n{en}");
        assert!(zh.contains(label) && !en.contains(label), "{noun}");
        station.ok(&[noun, "add", "--help"]).await;
    }
    // The program writes these, not people.
    for noun in ["ledger-entry", "step", "submission", "shift"] {
        station.run(&[noun, "list"]).await.expect(2);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_is_added_found_changed_removed_and_restored() {
    let keyun = keyun().await;
    let id = added(
        &keyun,
        "venue",
        &["名称=小会议室", "capacity=10", "开放时间=8:00至18:00"],
    )
    .await;
    let venues = listed(&keyun, "venue", "venues", &["--site", "keyun"]).await;
    let venue = venues.iter().find(|venue| text(venue, "id") == id).unwrap();
    assert_eq!(
        (text(venue, "hours"), text(venue, "document")),
        ("08:00-18:00", "sites")
    );
    let again = ["venue", "add", "name=小会议室"];
    keyun.run(&again).await.expect(1);

    // By its name, by the end of its id, by the site's name.
    keyun
        .ok(&["venue", "set", "小会议室", "容量=12", "状态=暂停"])
        .await;
    let short = &id[id.len() - 8..];
    let shown = keyun.json(&["venue", "show", short]).await;
    assert_eq!(
        (&shown["capacity"], text(&shown, "state")),
        (&Value::from(12), "paused")
    );
    let table = keyun
        .ok(&["venue", "list", "--site", "城市客运共享职工之家"])
        .await;
    assert!(
        table.contains("小会议室") && table.contains("暂停") && table.contains(short),
        "{table}"
    );
    assert!(!table.contains("骑手之家"), "{table}");

    let present = async || {
        listed(&keyun, "venue", "venues", &["--site", "keyun"])
            .await
            .len()
    };
    let before = present().await;
    keyun.ok(&["venue", "remove", "小会议室"]).await;
    assert_eq!(present().await, before - 1);
    assert_eq!(
        listed(&keyun, "venue", "venues", &["--removed"])
            .await
            .len(),
        1
    );
    keyun.ok(&["venue", "restore", short]).await;
    assert_eq!(present().await, before);
    let history = keyun.ok(&["venue", "history", "小会议室"]).await;
    for said in ["容量: 10 → 12", "add", "restore"] {
        assert!(history.contains(said), "{history}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_wrongly_changes_nothing_and_says_why() {
    let keyun = keyun().await;
    let booking = added(
        &keyun,
        "booking",
        &[
            "venue=多功能厅",
            "start=2026-12-30 9:00",
            "end=2026-12-30 11:00",
            "name=王芳",
        ],
    )
    .await;
    let wrong: [(&[&str], i32, &str); 11] = [
        (&["venue", "add", "capacity=3"], 2, "name="),
        (&["venue", "add", "name=厅", "颜色=红"], 1, "颜色"),
        (&["venue", "add", "name"], 2, "字段=值"),
        (&["venue", "set", "多功能厅", "name=大厅"], 1, "name"),
        (
            &["venue", "set", "多功能厅", "capacity=很多"],
            1,
            "capacity",
        ),
        (&["venue", "show", "没有的厅"], 1, "没有的厅"),
        (&["venue", "list", "--month", "2026-12"], 2, "--month"),
        (&["venue", "list", "--site", "没有的站"], 2, "没有的站"),
        (
            &["booking", "set", &booking, "venue=没有的厅"],
            1,
            "没有的厅",
        ),
        (
            &["booking", "set", &booking, "end=2026-12-30 9:00"],
            1,
            "结束",
        ),
        (&["booking", "set", &booking, "site=jiefang-1"], 1, "keyun"),
    ];
    let before = listed(&keyun, "venue", "venues", &[]).await;
    for (arguments, code, said) in wrong {
        let outcome = keyun.run(arguments).await.expect(code);
        assert!(outcome.stderr.contains(said), "{arguments:?}: {outcome:?}");
    }
    assert_eq!(listed(&keyun, "venue", "venues", &[]).await, before);
    let file = write(
        &keyun,
        "v.csv",
        "名称,容量\n好厅,10\n坏厅,没数\n".as_bytes(),
    );
    let outcome = keyun.run(&["venue", "import", &file]).await.expect(1);
    assert!(outcome.stderr.contains("第3行 B列"), "{outcome:?}");
    assert_eq!(listed(&keyun, "venue", "venues", &[]).await, before);
    let file = write(&keyun, "v.csv", "名称,容量\n好厅,10\n".as_bytes());
    keyun.ok(&["venue", "import", &file, "--dry-run"]).await;
    assert_eq!(listed(&keyun, "venue", "venues", &[]).await, before);
    keyun.ok(&["venue", "import", &file]).await;
    assert_eq!(
        listed(&keyun, "venue", "venues", &[]).await.len(),
        before.len() + 1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_booking_that_moves_to_another_month_is_the_same_booking() {
    let keyun = keyun().await;
    let fields = [
        "venue=调解室",
        "start=2026-12-31 9:00",
        "end=2026-12-31 10:00",
        "name=王芳",
    ];
    let id = added(&keyun, "booking", &fields).await;
    let later = ["start=2027-01-02 9:00", "end=2027-01-02 10:00"];
    keyun
        .ok(&["booking", "set", &id, later[0], later[1], "note=改期"])
        .await;
    let in_month =
        async |month: &str| listed(&keyun, "booking", "bookings", &["--month", month]).await;
    assert!(in_month("2026-12").await.is_empty());
    let moved = in_month("2027-01").await;
    assert_eq!(
        (moved.len(), text(&moved[0], "id"), text(&moved[0], "note")),
        (1, id.as_str(), "改期")
    );
    // What moved away was not removed.
    assert!(
        listed(&keyun, "booking", "bookings", &["--removed"])
            .await
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn goods_of_one_name_are_each_site_s_own() {
    let keyun = keyun().await;
    for site in ["keyun", "jiefang-1"] {
        keyun
            .ok(&["item", "add", "--site", site, "name=手套", "unit=双"])
            .await;
    }
    keyun.ok(&["item", "set", "手套", "low=20"]).await;
    keyun
        .ok(&["item", "set", "手套", "--site", "jiefang-1", "low=5"])
        .await;
    let items = listed(&keyun, "item", "items", &[]).await;
    let mut lows: Vec<(&str, i64)> = items
        .iter()
        .map(|item| (text(item, "document"), item["low"].as_i64().unwrap()))
        .collect();
    lows.sort();
    assert_eq!(lows, [("supplies/jiefang-1", 5), ("supplies/keyun", 20)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sites_people_and_posts_have_the_verbs_that_all_have() {
    let keyun = keyun().await;
    keyun
        .ok(&["site", "set", "keyun", "notice=今日停水", "state=paused"])
        .await;
    let shown = keyun.json(&["site", "show", "keyun"]).await;
    assert_eq!(
        (text(&shown, "notice"), text(&shown, "state")),
        ("今日停水", "paused")
    );
    let id = added(&keyun, "person", &["name=王 芳", "role=负责人"]).await;
    keyun.ok(&["person", "set", &id, "phone=10011112222"]).await;
    let csv = keyun.ok(&["person", "export"]).await;
    assert!(csv.contains("王芳") && csv.contains("10011112222"), "{csv}");
    added(&keyun, "post", &["name=热线", "any_hours=是"]).await;
    for noun in ["site", "person", "post"] {
        let csv = keyun.ok(&[noun, "export"]).await;
        let file = write(&keyun, "exported.csv", csv.as_bytes());
        let again = keyun.json(&[noun, "import", &file]).await;
        let done = [count(&again, "added"), count(&again, "updated")];
        assert_eq!(done, [0, 0], "{noun}: {again}");
    }
    keyun.ok(&["post", "remove", "热线"]).await;
    assert_eq!(listed(&keyun, "post", "posts", &[]).await.len(), 0);
    assert_eq!(
        listed(&keyun, "post", "posts", &["--removed"]).await.len(),
        1
    );
    let csv = keyun.ok(&["site", "list", "--format", "csv"]).await;
    assert_eq!(csv.lines().count(), 1 + 29, "{csv}");
    let refused = keyun.run(&["post", "list", "--site", "keyun"]).await;
    assert!(refused.expect(2).stderr.contains("--site"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_knows_a_site_by_its_key_and_by_its_name() {
    let keyun = keyun().await;
    added(&keyun, "person", &["name=王芳", "role=员工"]).await;
    keyun
        .ok(&["supply", "contribute", "手套", "3", "--from", "甲"])
        .await;
    let asked: [&[&str]; 10] = [
        &["person", "list"],
        &["venue", "list"],
        &["booking", "list"],
        &["booking", "calendar", "--month", "2026-12"],
        &["roster", "show", "--month", "2026-12"],
        &["roster", "calendar", "--month", "2026-12"],
        &["supply", "list"],
        &["supply", "history"],
        &["request", "list"],
        &["report", "supplies"],
    ];
    for command in asked {
        let by = async |site| keyun.ok(&[command, &["--site", site]].concat()).await;
        let (key, name) = (by("keyun").await, by("城市客运共享职工之家").await);
        assert_eq!(key, name, "{command:?}");
        let unheard = keyun.run(&[command, &["--site", "nosuch"]].concat()).await;
        assert!(
            unheard
                .expect(0)
                .stderr
                .contains("站点名录里还没有“nosuch”"),
            "{command:?}"
        );
        let no_site = keyun
            .run(&[command, &["--site", "没有的站"]].concat())
            .await;
        assert!(no_site.expect(2).stderr.contains("没有的站"), "{command:?}");
    }
    let wrong: [(&[&str], i32, &str); 4] = [
        (&["venue", "add", "name="], 1, "不能为空"),
        (&["venue", "add", "颜色=红"], 1, "容量"),
        (
            &[
                "drive",
                "add",
                "name=夏送清凉",
                "from=2026-07-31",
                "until=2026-07-01",
            ],
            1,
            "不能早于",
        ),
        (
            &["supply", "send", "手套", "1", "--to-site", "没有的站"],
            2,
            "没有的站",
        ),
    ];
    for (arguments, code, said) in wrong {
        let outcome = keyun.run(arguments).await.expect(code);
        assert!(outcome.stderr.contains(said), "{arguments:?}: {outcome:?}");
    }
}
