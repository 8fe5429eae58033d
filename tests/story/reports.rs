//! What an office reports to its union: how venues were used, where goods went, how soon people were helped.
//!
//! Method: a network small enough to count by hand, made on the command line, and what each report says of it.

use serde_json::Value;
use yilian_core::import::Table;
use yilian_node::read_table::{Limits, decode_table};
use yilian_tests::cli::{Station, count, list, text};
use yilian_tests::relay::{Relay, Server};

use crate::NOWHERE;

const ALWAYS: [&str; 4] = ["--from", "2024-01-01", "--to", "2033-12-31"];
const DECEMBER: [&str; 4] = ["--from", "2026-12-01", "--to", "2026-12-31"];

/// A report's tables.
async fn report(station: &Station, what: &str, days: &[&str], more: &[&str]) -> Vec<Value> {
    let line = [&["report", what], days, more].concat();
    list(&station.json(&line).await, "reports").to_vec()
}

fn row<'a>(report: &'a Value, cells: &[(&str, &str)]) -> &'a Value {
    let is = |row: &&Value| cells.iter().all(|(name, cell)| row[*name] == **cell);
    let found = list(report, "rows").iter().find(is);
    found.unwrap_or_else(|| panic!("no {cells:?} in {report:#}"))
}

fn numbers(row: &Value, columns: &str) -> Vec<f64> {
    let number = |name| {
        row[name]
            .as_f64()
            .unwrap_or_else(|| panic!("{name} in {row}"))
    };
    columns.split(' ').map(number).collect()
}

fn sheet(station: &Station, file: &str, sheet: Option<&str>) -> Table {
    let bytes = std::fs::read(station.file(file)).unwrap();
    decode_table(file, &bytes, sheet, &Limits::default()).unwrap()
}

async fn book(station: &Station, start: &str, end: &str, more: &[&str]) -> String {
    let (start, end) = (
        format!("start=2026-12-{start}"),
        format!("end=2026-12-{end}"),
    );
    let venue = ["booking", "add", "venue=会议室", "phone=13800001111"];
    let line = [&venue[..], &[&start, &end], more].concat();
    text(&station.json(&line).await, "id").to_owned()
}

/// A room that is open for twelve hours a day, with three bookings in December; the second is late.
async fn booked() -> (Station, [String; 3]) {
    let keyun = Station::site("keyun", NOWHERE).await;
    for site in [
        [
            "key=keyun",
            "name=客运之家",
            "level=home",
            "hours=08:00-20:00",
        ],
        [
            "key=jiefang-1",
            "name=解放驿站",
            "level=station",
            "hours=08:00-20:00",
        ],
    ] {
        keyun.ok(&[&["site", "add"][..], &site].concat()).await;
    }
    keyun.ok(&["venue", "add", "name=会议室"]).await;
    let wang = book(&keyun, "01T09:00", "01T11:00", &["name=王芳", "people=8"]).await;
    let li = book(&keyun, "01T10:00", "01T12:00", &["name=李强", "people=5"]).await;
    let more = ["name=陈静", "people=20", "borrower=jiefang-1", "note==1+1"];
    let chen = book(&keyun, "03T19:00", "03T21:00", &more).await;
    keyun.ok(&["booking", "confirm", &chen]).await;
    (keyun, [wang, li, chen])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_report_is_about_more_than_ten_years() {
    let keyun = Station::site("keyun", NOWHERE).await;
    for what in ["bookings", "requests", "roster", "supplies"] {
        let long = ["report", what, "--from", "2000-01-01", "--to", "2099-12-31"];
        let refused = keyun.run(&long).await.expect(2);
        assert!(refused.stderr.contains("36525"), "{what}: {refused:?}");
        let english = [&["--lang", "en"], &long[..]].concat();
        let refused = keyun.run(&english).await.expect(2);
        assert!(refused.stderr.contains("ten years"), "{what}: {refused:?}");
        report(&keyun, what, &ALWAYS, &[]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_is_used_for_three_of_its_hours() {
    let (keyun, _) = booked().await;
    let shown = report(&keyun, "bookings", &DECEMBER, &[]).await;
    let room = row(&shown[0], &[("venue", "会议室")]);
    let columns = "bookings confirmed granted bumped cancelled hours open use people borrowed";
    // Two hours and two, one of which is after hours: three of 31 times twelve.
    let counted = [3.0, 1.0, 1.0, 1.0, 0.0, 4.0, 372.0, 0.8, 28.0, 1.0];
    assert_eq!(numbers(room, columns), counted);
    assert_eq!(numbers(&shown[0]["totals"], columns), counted);
    let late = row(&shown[1], &[("name", "李强")]);
    assert_eq!(
        (text(late, "grant"), text(late, "bumped_by")),
        ("bumped", "王芳")
    );
    assert!(late["hours"].is_null());

    let csv = [&["report", "bookings"], &DECEMBER[..], &["--format", "csv"]].concat();
    let csv = keyun.ok(&csv).await;
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines,
        [
            "站点,场地,预订,已确认,可用,让位,已取消,预订小时,开放小时,使用率（%）,人数,外站借用",
            "客运之家,会议室,3,1,1,1,0,4,372,0.8,28,1",
        ]
    );
    let file = keyun.file("use.xlsx").display().to_string();
    keyun
        .ok(&[&["report", "bookings"], &DECEMBER[..], &["--out", &file]].concat())
        .await;
    let venues = sheet(&keyun, "use.xlsx", None);
    assert_eq!(
        venues.rows.last().unwrap().cells[7..],
        ["4", "372", "0.8", "28", "1"]
    );
    let days = sheet(&keyun, "use.xlsx", Some("客运之家　每日预订"));
    assert_eq!(days.rows.len(), 3 + 3 + 1);
    // Of another site nothing is known here.
    let other = report(&keyun, "bookings", &DECEMBER, &["--site", "jiefang-1"]).await;
    assert_eq!(list(&other[0], "rows").len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bookings_go_out_as_a_workbook_and_come_back_unchanged() {
    let (keyun, [wang, ..]) = booked().await;
    let copy = Station::site("keyun", NOWHERE).await;
    let bookings = async |station: &Station| station.json(&["booking", "list"]).await;
    for noun in ["site", "venue", "booking"] {
        let name = format!("{noun}.xlsx");
        let file = keyun.file(&name).display().to_string();
        keyun.ok(&[noun, "export", "--out", &file]).await;
        let again = keyun.json(&[noun, "import", &file]).await;
        let changed = [count(&again, "added"), count(&again, "updated")];
        assert_eq!(changed, [0, 0], "{noun}: {again}");
        copy.ok(&[noun, "import", &file]).await;
    }
    let plain = |listed: Value| -> Vec<Value> {
        let mut records = list(&listed, "bookings").to_vec();
        for record in records.iter_mut().filter_map(Value::as_object_mut) {
            // Who has the room depends on who claimed it first, which a file does not say.
            record.remove("grant");
            record.remove("bumped_by");
        }
        records
    };
    assert_eq!(plain(bookings(&copy).await), plain(bookings(&keyun).await));
    assert!(bookings(&copy).await.to_string().contains("=1+1"));

    let table = sheet(&keyun, "booking.xlsx", None);
    let at = |label: &str| {
        let mut header = table.rows[0].cells.iter();
        header.position(|cell| cell == label).unwrap()
    };
    let first = &table.rows[1].cells;
    assert_eq!(first[at("编号")], wang);
    assert_eq!(first[at("开始")], "2026-12-01 09:00:00", "a time, not text");
    assert_eq!(first[at("人数")], "8");

    // What is listed also says who has the room.
    let file = keyun.file("listed.xlsx").display().to_string();
    let line = ["booking", "list", "--format", "xlsx", "--out", &file];
    keyun.ok(&line).await;
    let listed = sheet(&keyun, "listed.xlsx", None);
    let last = |row: usize| listed.rows[row].cells.last().unwrap().clone();
    assert_eq!([last(0), last(1), last(3)], ["结果", "可用", "已确认"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_hub_tells_who_gave_what_went_where_and_what_is_left() {
    let relay = Relay::start(Server::Yilian).await;
    let keyun = Station::site("keyun", &relay.url()).await;
    let jiefang = Station::site("jiefang-1", &relay.url()).await;
    let hub = Station::hub(&relay.url()).await;
    let sync = async |stations: &[&Station]| {
        for station in stations {
            station.ok(&["sync", "--once"]).await;
        }
    };
    let drive = ["--drive", "爱心互献"];
    let towels = ["supply", "contribute", "毛巾", "2", "--from", "张三"];
    jiefang.ok(&towels).await;
    let gloves = [
        "supply",
        "contribute",
        "手套",
        "20",
        "--from",
        "爱心企业",
        "--unit",
        "双",
    ];
    keyun.ok(&[&gloves[..], &drive].concat()).await;
    sync(&[&jiefang, &keyun]).await;
    let give = ["supply", "give", "手套", "3", "--to", "李师傅"];
    keyun.ok(&[&give[..], &drive].concat()).await;
    keyun
        .ok(&["supply", "send", "手套", "4", "--to-site", "jiefang-1"])
        .await;
    sync(&[&keyun, &jiefang]).await;
    jiefang.ok(&["supply", "receive"]).await;
    sync(&[&jiefang, &keyun]).await;
    keyun
        .ok(&["supply", "send", "手套", "1", "--to-site", "jiefang-1"])
        .await;
    sync(&[&keyun, &hub]).await;

    let shown = report(&hub, "supplies", &ALWAYS, &[]).await;
    let columns = "contributed given sent received corrected held arriving leaving";
    let of = |report: &Value, cells: &[(&str, &str)]| numbers(row(report, cells), columns);
    assert_eq!(
        of(&shown[0], &[("item", "手套"), ("unit", "双")]),
        [20.0, 3.0, 5.0, 4.0, 0.0, 16.0, 1.0, 1.0]
    );
    assert_eq!(
        of(&shown[1], &[("item", "手套"), ("site", "keyun")]),
        [20.0, 3.0, 5.0, 0.0, 0.0, 12.0, 0.0, 1.0]
    );
    assert_eq!(
        of(&shown[1], &[("item", "手套"), ("site", "jiefang-1")]),
        [0.0, 0.0, 0.0, 4.0, 0.0, 4.0, 1.0, 0.0]
    );
    // As the ledger has it.
    for row in list(&shown[1], "rows") {
        let stock = hub
            .json(&["supply", "list", "--site", text(row, "site")])
            .await;
        let mut stocks = list(&stock, "stock").iter();
        let stock = stocks.find(|stock| stock["name"] == row["item"]).unwrap();
        assert_eq!(stock["held"], row["held"], "{row}");
    }
    let giver = row(&shown[2], &[("party", "爱心企业")]);
    assert_eq!(giver["contributed"], 20);
    assert_eq!(list(&shown[2], "rows").len(), 2);
    let gifts = list(&shown[3], "rows");
    assert_eq!(gifts.len(), 1);
    assert_eq!(
        (text(&gifts[0], "party"), &gifts[0]["count"]),
        ("李师傅", &3.into())
    );

    let of_drive = report(&hub, "supplies", &ALWAYS, &drive).await;
    assert_eq!(list(&of_drive[0], "rows").len(), 1);
    assert_eq!(of_drive[0]["rows"][0]["sent"], 0);
    let nobody = ["report", "supplies", "--drive", "没有"];
    let refused = hub.run(&nobody).await.expect(1);
    assert!(refused.text().contains("没有"), "{}", refused.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_sent_is_counted_by_how_far_it_came() {
    let keyun = Station::site("keyun", NOWHERE).await;
    let mut codes = Vec::new();
    for text_of in ["饮水机坏了", "灯不亮", "门打不开"] {
        let line = [
            "request", "send", "--site", "keyun", "--kind", "request", "--name", "张三", "--text",
            text_of,
        ];
        codes.push(text(&keyun.json(&line).await, "code").to_owned());
    }
    keyun.ok(&["request", "accept", &codes[0]]).await;
    keyun.ok(&["request", "done", &codes[0]]).await;
    let declined = ["request", "decline", &codes[1], "--note", "不归我们管"];
    keyun.ok(&declined).await;
    let shown = report(&keyun, "requests", &ALWAYS, &[]).await;
    let of_kind = row(&shown[0], &[("site", "keyun"), ("kind", "request")]);
    let columns = "count submitted accepted done declined overdue ever_done";
    assert_eq!(
        numbers(of_kind, columns),
        [3.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0]
    );
    // On the same day, unless the test runs over midnight.
    let days = numbers(of_kind, "median_days p90_days");
    assert!(days == [0.0, 0.0] || days == [1.0, 1.0], "{days:?}");
    let table = keyun.ok(&["--lang", "en", "report", "requests"]).await;
    for part in ["Submissions", "withdrawn", "days to done (median)"] {
        assert!(table.contains(part), "{table}");
    }
    let csv = [&["report", "requests"], &ALWAYS[..], &["--format", "csv"]].concat();
    assert_eq!(keyun.ok(&csv).await.lines().count(), 2);
}
