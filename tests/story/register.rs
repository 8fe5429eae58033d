//! A register of past disputes: what came of them becomes their timelines, once, and goes to another computer as a file.

use serde_json::Value;
use yilian_tests::cli::{Station, count, list, text};
use yilian_tests::samples;

use crate::{NOWHERE, write};

async fn import(station: &Station, noun: &str, file: &str) -> Value {
    let file = samples::jiaozuo(file).display().to_string();
    station.json(&[noun, "import", &file]).await
}

async fn hub() -> Station {
    let hub = Station::hub(NOWHERE).await;
    import(&hub, "site", "sites.csv").await;
    hub
}

/// The figures of a quarter, without those that depend on the day on which this runs.
async fn figures(station: &Station) -> Value {
    let ask = [
        "report",
        "cases",
        "--from",
        "2026-10-01",
        "--to",
        "2026-12-31",
    ];
    let reports = station.json(&ask).await;
    let mut reports = list(&reports, "reports").iter();
    let quarter = reports.find(|report| text(report, "name") == "cases_by_quarter");
    quarter.unwrap()["totals"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn past_cases_are_imported_with_what_came_of_them_and_exported_again() {
    let first = hub().await;
    assert_eq!(
        count(&import(&first, "case", "past-cases.csv").await, "added"),
        5
    );
    let again = import(&first, "case", "past-cases.csv").await;
    assert_eq!((count(&again, "added"), count(&again, "unchanged")), (0, 5));
    let shown = first.json(&["case", "show", "KY-2026-001"]).await;
    assert_eq!(text(&shown, "stage"), "closed");
    assert_eq!((&shown["days"], &shown["people"]), (&4.into(), &2.into()));
    assert_eq!(list(&shown, "steps").len(), 6);
    let quarter = figures(&first).await;
    for (name, value) in [
        ("received", 5.0),
        ("concluded", 4.0),
        ("agreed", 2.0),
        ("success", 66.7),
        ("confirmation", 50.0),
        ("median_days", 4.0),
        ("declined", 1.0),
        ("open", 0.0),
    ] {
        assert_eq!(quarter[name].as_f64(), Some(value), "{name} of {quarter}");
    }

    // Nothing that is over is opened for findings again, and they are the same.
    let found = first.json(&["findings"]).await;
    assert_eq!(first.json(&["findings"]).await, found);

    // As a workbook and as CSV, to a computer that knows nothing of them.
    for file in ["cases.xlsx", "cases.csv"] {
        let second = hub().await;
        let path = first.file(file).display().to_string();
        first.ok(&["case", "export", "--out", &path]).await;
        let there = second.json(&["case", "import", &path]).await;
        assert_eq!(count(&there, "added"), 5, "{file}");
        assert_eq!(figures(&second).await, quarter, "{file}");
        let same = first.json(&["case", "import", &path]).await;
        assert_eq!(count(&same, "unchanged"), 5, "{file}: {same}");
    }

    // All or nothing: what is wrong is named where it stands.
    let bad = "案件编号,方式,来源,争议类型,登记时间,调解员,结果,办结时间\n\
               KY-1,门诊式,来访,欠薪,2026-10-08 09:00,周敏,成功,2026-10-10\n\
               KY-2,门诊式,来访,欠薪,2026-10-08 09:00,周敏,成功,2026-10-01\n";
    let file = write(&first, "bad.csv", bad.as_bytes());
    let refused = first
        .run(&["case", "import", &file, "--site", "keyun"])
        .await
        .expect(1);
    assert!(
        refused.text().contains("第3行 H列（办结时间）"),
        "{}",
        refused.text()
    );
    let listed = first.json(&["case", "list"]).await;
    assert_eq!(list(&listed, "cases").len(), 5);
}
