//! Lists of goods as offices keep them: what people put in, and what was counted on the shelves, in and out of a spreadsheet.
//!
//! Method: files as an office would write them, read in by the devices of one site, with and without a network.

use serde_json::Value;
use yilian_tests::cli::{Station, count, list, text};
use yilian_tests::relay::{Relay, Server};
use yilian_tests::samples;

use crate::{NOWHERE, of_rule, write};

const GIVEN: &str = "爱心互献捐入登记表,,,,,,\n\
    日期,物资,数量,单位,捐赠单位,活动,备注\n\
    2025-12-01,手套,20,双,爱心企业,爱心互献,\n\
    2025/12/1,毛 巾,10,条,区工会,,冬季\n\
    2025-12-02 15:30,手套,5,双,爱心企业,爱心互献,\n";

async fn import(station: &Station, file: &str, more: &[&str]) -> Value {
    let line = [&["supply", "import", file], more].concat();
    station.json(&line).await
}

/// Added and unchanged.
fn counts(done: &Value) -> [usize; 2] {
    [count(done, "added"), count(done, "unchanged")]
}

/// What a site has of an item, and what a station may give out of it.
async fn stock(station: &Station, item: &str) -> [i64; 2] {
    let shown = station.json(&["supply", "list", "--site", "keyun"]).await;
    let of_item = list(&shown, "stock")
        .iter()
        .find(|stock| text(stock, "name") == item);
    let number = |key: &str| of_item.map_or(0, |stock| stock[key].as_i64().unwrap());
    [number("held"), number("here")]
}

async fn give(station: &Station, count: &str) {
    let line = ["supply", "give", "手套", count, "--to", "李师傅"];
    station.ok(&line).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_of_contributions_is_entered_once_and_comes_out_again() {
    let keyun = Station::site("keyun", NOWHERE).await;
    let file = write(&keyun, "given.csv", GIVEN.as_bytes());
    let tried = import(&keyun, &file, &["--dry-run"]).await;
    assert_eq!(
        (counts(&tried), stock(&keyun, "手套").await),
        ([3, 0], [0, 0])
    );
    let done = import(&keyun, &file, &[]).await;
    assert_eq!(counts(&done), [3, 0]);
    assert!(done["warnings"].to_string().contains("爱心互献"), "{done}");
    assert_eq!(counts(&import(&keyun, &file, &[]).await), [0, 3]);
    assert_eq!(stock(&keyun, "手套").await, [25, 25]);
    assert_eq!(stock(&keyun, "毛巾").await, [10, 10]);
    // What came in by a list is given out like anything else.
    give(&keyun, "24").await;
    assert_eq!(stock(&keyun, "手套").await, [1, 1]);
    let ten = [
        "report",
        "supplies",
        "--from",
        "2025-12-01",
        "--to",
        "2025-12-31",
        "--drive",
        "爱心互献",
    ];
    let report = keyun.json(&ten).await;
    let gloves = &list(&list(&report, "reports")[0], "rows")[0];
    assert_eq!(gloves["contributed"], 25, "{report}");

    for name in ["ledger.csv", "ledger.xlsx"] {
        let out = keyun.file(name).display().to_string();
        keyun.ok(&["supply", "export", "--out", &out]).await;
        let again = import(&keyun, &out, &[]).await;
        assert_eq!(counts(&again), [0, 4], "{name}: {again}");
    }
    let english = keyun
        .ok(&["--lang", "en", "supply", "export", "--format", "csv"])
        .await;
    let english = write(&keyun, "english.csv", english.as_bytes());
    assert_eq!(counts(&import(&keyun, &english, &[]).await), [0, 4]);
    let shown = keyun.json(&["supply", "export"]).await;
    let gift = list(&shown, "lines").last().unwrap();
    assert_eq!(
        (text(gift, "kind"), text(gift, "party")),
        ("gift", "李师傅")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sample_lists_are_what_an_office_may_import() {
    let keyun = Station::site("keyun", NOWHERE).await;
    let file = |name| samples::jiaozuo(name).display().to_string();
    let given = import(&keyun, &file("contributions.csv"), &[]).await;
    assert_eq!((counts(&given), count(&given, "warnings")), ([8, 0], 1));
    assert_eq!(stock(&keyun, "矿泉水").await, [360, 360]);
    let counted = import(&keyun, &file("stocktaking.csv"), &["--stocktaking"]).await;
    assert_eq!((counts(&counted), count(&counted, "warnings")), ([7, 0], 0));
    assert_eq!(stock(&keyun, "劳保手套").await, [118, 118]);
    assert_eq!(stock(&keyun, "雨衣").await, [30, 30]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_wrong_row_keeps_a_whole_list_out_and_is_named() {
    let keyun = Station::site("keyun", NOWHERE).await;
    keyun
        .ok(&["supply", "add", "手套", "8", "--from", "甲", "--unit", "双"])
        .await;
    let bad = "物资,数量,日期,单位,来源\n\
        毛巾,5,2025-12-01,条,乙\n\
        毛巾,很多,2025-12-02,条,乙\n\
        手套,2,2025-12-02,箱,乙\n\
        手套,2,2999-12-02,双,乙\n";
    let file = write(&keyun, "bad.csv", bad.as_bytes());
    for (language, said) in [
        (
            "zh",
            [
                "第3行 B列（数量）",
                "第4行 D列（单位）",
                "第5行 C列（日期）",
                "什么也没有导入",
            ],
        ),
        (
            "en",
            [
                "line 3, column B",
                "line 4, column D",
                "line 5, column C",
                "nothing was imported",
            ],
        ),
    ] {
        let line = ["--lang", language, "supply", "import", &file];
        let refused = keyun.run(&line).await.expect(1);
        for said in said {
            assert!(refused.stderr.contains(said), "{said}: {refused:?}");
        }
    }
    assert_eq!(stock(&keyun, "毛巾").await, [0, 0]);
    // A day for all rows may be said once.
    let file = write(&keyun, "short.csv", "物资,数量\n毛巾,5\n".as_bytes());
    let refused = keyun.run(&["supply", "import", &file]).await.expect(1);
    assert!(refused.stderr.contains("日期"), "{refused:?}");
    let done = import(&keyun, &file, &["--date", "2025-12-03"]).await;
    assert_eq!(counts(&done), [1, 0]);
    let wrong = ["supply", "import", &file, "--date", "3. Dezember"];
    keyun.run(&wrong).await.expect(2);
    let refused = keyun.run(&["supply", "import", "nowhere.csv"]).await;
    assert!(refused.expect(1).stderr.contains("没有这个文件"));
    // The unit of a single entry is minded as well, and so are single lines that nobody may write.
    let boxes = [
        "supply",
        "contribute",
        "手套",
        "2",
        "--from",
        "乙",
        "--unit",
        "箱",
    ];
    let refused = keyun.run(&boxes).await.expect(1);
    assert!(refused.stderr.contains("换算成双"), "{refused:?}");
    for verb in ["set", "remove"] {
        keyun.run(&["supply", verb, "手套"]).await.expect(2);
    }
    let help = keyun.ok(&["supply", "--help"]).await;
    assert!(help.contains("set") && help.contains("correct"), "{help}");
    // A hub that stands at no site holds nothing.
    let hub = Station::hub(NOWHERE).await;
    let refused = hub.run(&["supply", "import", &file]).await.expect(1);
    assert!(refused.stderr.contains("不经手物资"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shelves_are_counted_in_a_spreadsheet_and_what_differs_is_corrected_once() {
    let relay = Relay::start(Server::Yilian).await;
    let front = Station::site("keyun", &relay.url()).await;
    let back = Station::site("keyun", &relay.url()).await;
    let given = write(&front, "given.csv", GIVEN.as_bytes());
    import(&front, &given, &[]).await;
    let counted = "物资,实盘数,盘点日期,备注\n手套,22,2025-12-05,霉了三双\n毛巾,10,2025-12-05,\n口罩,40,2025-12-05,旧存\n";
    let file = write(&front, "counted.csv", counted.as_bytes());
    // Given out after the shelves were counted: no more is missing for that.
    give(&front, "2").await;
    let done = import(&front, &file, &["--stocktaking"]).await;
    assert_eq!(counts(&done), [3, 0]);
    assert_eq!(stock(&front, "手套").await, [20, 20]);
    assert_eq!(stock(&front, "口罩").await, [40, 40]);
    give(&front, "1").await;
    assert_eq!(
        counts(&import(&front, &file, &["--stocktaking"]).await),
        [0, 3]
    );
    assert_eq!(stock(&front, "手套").await, [19, 19]);

    // The other computer counts the same shelves: what the first holds is among them.
    for station in [&front, &back] {
        station.ok(&["sync", "--once"]).await;
    }
    let out = back.file("stock.xlsx").display().to_string();
    back.ok(&["supply", "export", "--stock", "--out", &out])
        .await;
    let same = import(&back, &out, &["--stocktaking"]).await;
    assert_eq!(counts(&same), [3, 0]);
    assert!(same["warnings"].to_string().contains("其中 19"), "{same}");
    assert_eq!(stock(&back, "手套").await, [19, 0]);
    let fewer = write(
        &back,
        "fewer.csv",
        "物资,数量,日期\n手套,18,2026-01-05\n".as_bytes(),
    );
    let refused = back
        .run(&["supply", "import", &fewer, "--stocktaking"])
        .await
        .expect(1);
    assert!(refused.stderr.contains("本机只能减 0"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_list_entered_on_two_computers_apart_is_there_once_and_is_told() {
    let relay = Relay::start(Server::Yilian).await;
    let front = Station::site("keyun", &relay.url()).await;
    let back = Station::site("keyun", &relay.url()).await;
    for station in [&front, &back] {
        let file = write(station, "given.csv", GIVEN.as_bytes());
        assert_eq!(counts(&import(station, &file, &[]).await), [3, 0]);
    }
    for station in [&front, &back, &front] {
        station.ok(&["sync", "--once"]).await;
    }
    let (at_front, at_back) = (stock(&front, "手套").await, stock(&back, "手套").await);
    assert_eq!(
        (at_front[0], at_back[0], at_front[1] + at_back[1]),
        (25, 25, 25)
    );
    let found = front.json(&["findings"]).await;
    let found = of_rule(list(&found, "findings"), "field-conflict");
    assert!(!found.is_empty());
    assert!(
        found.iter().all(|found| text(found, "field") == "holder"),
        "{found:?}"
    );
}
