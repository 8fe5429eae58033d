//! What offices live in: sheets to print and to pay by, and calendars.
//!
//! Method: the sample network's rosters go in as files and come out as workbooks, CSV, JSON and calendars. The figures were
//! counted in the sample files by hand; a workbook is read by the reader that imports files, a calendar line by line.

mod calendar;

use yilian_core::import::Table;
use yilian_node::read_table::{Limits, decode_table};
use yilian_tests::cli::{Station, count, list, text};
use yilian_tests::samples;

use crate::{MONTH, NOWHERE, ROWS, id, import_roster, import_samples, shift_on, shifts, write};

/// Reads a sheet of a workbook that a station wrote.
fn sheet(station: &Station, file: &str, sheet: Option<&str>) -> Table {
    let bytes = std::fs::read(station.file(file)).unwrap();
    decode_table(file, &bytes, sheet, &Limits::default()).unwrap()
}

fn december(by: &str) -> Vec<&str> {
    let line = "report roster --from 2026-12-01 --to 2026-12-31 --by";
    line.split(' ').chain([by]).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hours_and_nights_are_those_of_the_paper_roster() {
    let keyun = Station::site("keyun", NOWHERE).await;
    import_samples(&keyun, "keyun").await;
    let first = shift_on(&shifts(&keyun, "keyun").await, "2026-12-01", "前台").clone();
    let shown = keyun.json(&december("person")).await;
    let report = &list(&shown, "reports")[0];
    // Three shifts a day: six hours, six hours, and a night of twelve.
    assert_eq!(report["totals"]["shifts"], 93);
    assert_eq!(report["totals"]["hours"], 744.0);
    assert_eq!(report["totals"]["nights"], 31);
    let row = |name: &str| {
        let rows = list(report, "rows").iter();
        let found = rows.clone().find(|row| text(row, "name") == name);
        found
            .unwrap_or_else(|| panic!("no {name} in {report}"))
            .clone()
    };
    for (name, shifts, hours, nights) in [("傅玉兰", 10, 72.0, 2), ("谢秀兰", 12, 102.0, 5)] {
        let row = row(name);
        assert_eq!(text(&row, "site"), "keyun");
        assert_eq!(row["shifts"], shifts, "{row}");
        assert_eq!(row["hours"], hours, "{row}");
        assert_eq!(row["nights"], nights, "{row}");
        assert_eq!(row["absences"], 0, "{row}");
    }

    // She stays away on the first: a shift of six hours less, and an absence.
    assert_eq!(text(&first, "name"), "傅玉兰");
    keyun
        .ok(&["roster", "set", id(&first), "state=absent"])
        .await;
    let csv = keyun
        .ok(&[&december("person")[..], &["--format", "csv"]].concat())
        .await;
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "站点,姓名,班次,工时,夜班,缺勤,外借班次");
    let line = lines.iter().find(|line| line.contains("傅玉兰")).unwrap();
    assert_eq!(*line, "城市客运共享职工之家,傅玉兰,9,66,2,1,0");

    let table = keyun
        .ok(&["--lang", "en", "report", "roster", "--from", "2026-12-01"])
        .await;
    for part in [
        "Hours worked",
        "2026-12-01 to 2026-12-31",
        "total",
        "Shifts by day",
    ] {
        assert!(table.contains(part), "{table}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shift_of_someone_lent_counts_at_home() {
    let keyun = Station::site("keyun", NOWHERE).await;
    import_samples(&keyun, "keyun").await;
    let more = "日期,姓名,岗位,开始,结束,站点\n2026-12-03,孙平@keyun,机动,09:00,13:30,jiefang-1\n";
    let file = write(&keyun, "lent.csv", more.as_bytes());
    import_roster(&keyun, &file).await;
    let shown = keyun.json(&december("person")).await;
    let rows = list(&list(&shown, "reports")[0], "rows").to_vec();
    let sun = rows.iter().find(|row| text(row, "name") == "孙平").unwrap();
    // Nine at home with sixty-six hours, and this one.
    assert_eq!(
        (&sun["shifts"], &sun["hours"], &sun["lent"]),
        (&10.into(), &70.5.into(), &1.into())
    );
    let one = [
        "report",
        "roster",
        "--from",
        "2026-12-03",
        "--to",
        "2026-12-03",
    ];
    let shown = keyun
        .json(&[&one[..], &["--by", "day", "--site", "jiefang-1"]].concat())
        .await;
    let rows = list(&list(&shown, "reports")[0], "rows").to_vec();
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(text(&rows[0], "lent_by"), "keyun");
    assert_eq!(text(&rows[0], "start"), "2026-12-03T09:00");
    assert_eq!(rows[0]["hours"], 4.5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_is_a_workbook_with_a_sheet_for_each_table() {
    let keyun = Station::site("keyun", NOWHERE).await;
    import_samples(&keyun, "keyun").await;
    let file = keyun.file("december.xlsx").display().to_string();
    let line = [
        "report",
        "roster",
        "--from",
        "2026-12-01",
        "--to",
        "2026-12-31",
        "--out",
        &file,
    ];
    keyun.ok(&line).await;
    let people = sheet(&keyun, "december.xlsx", None);
    assert_eq!(people.rows[0].cells[0], "城市客运共享职工之家　排班统计");
    assert_eq!(people.rows[1].cells[0], "2026-12-01 至 2026-12-31");
    assert_eq!(people.rows[2].cells[..4], ["站点", "姓名", "班次", "工时"]);
    let totals = people.rows.last().unwrap();
    assert_eq!(totals.cells[..5], ["合计", "", "93", "744", "31"]);
    let days = sheet(
        &keyun,
        "december.xlsx",
        Some("城市客运共享职工之家　每日排班"),
    );
    assert_eq!(days.rows.len(), 3 + ROWS + 1);
    assert_eq!(days.rows[3].cells[0], "2026-12-01");
    assert_eq!(
        days.rows[5].cells[3], "2026-12-02 08:00:00",
        "the night's end"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roster_goes_out_as_a_workbook_and_comes_back_unchanged() {
    let keyun = Station::site("keyun", NOWHERE).await;
    import_samples(&keyun, "keyun").await;
    let roster = shifts(&keyun, "keyun").await;
    let first = shift_on(&roster, "2026-12-01", "前台");
    keyun
        .ok(&["roster", "set", id(first), "note==1+1", "state=confirmed"])
        .await;
    // As long as an import takes.
    let night = shift_on(&roster, "2026-12-05", "热线");
    keyun
        .ok(&["roster", "set", id(night), "end=2026-12-06T20:00"])
        .await;
    let before = shifts(&keyun, "keyun").await;
    for name in ["roster.xlsx", "roster.csv"] {
        let file = keyun.file(name).display().to_string();
        let out = ["roster", "show", "--month", MONTH, "--out", &file];
        keyun.ok(&out).await;
        let again = import_roster(&keyun, &file).await;
        assert_eq!(count(&again, "added"), 0, "{again}");
        assert_eq!(count(&again, "updated"), 0, "{again}");
        assert_eq!(count(&again, "unchanged"), ROWS, "{again}");
        assert_eq!(shifts(&keyun, "keyun").await, before);

        // And on another computer, where nothing is but the lists.
        let copy = Station::site("keyun", NOWHERE).await;
        for (noun, sample) in [("site", "sites.csv"), ("person", "people.csv")] {
            let sample = samples::jiaozuo(sample).display().to_string();
            copy.ok(&[noun, "import", &sample]).await;
        }
        import_roster(&copy, &file).await;
        assert_eq!(shifts(&copy, "keyun").await, before, "{name}");
    }
    let csv = std::fs::read(keyun.file("roster.csv")).unwrap();
    assert!(
        csv.starts_with("\u{feff}日期,姓名".as_bytes()),
        "for spreadsheets"
    );
    assert!(String::from_utf8(csv).unwrap().contains(",'=1+1\r\n"));

    let grid = sheet(&keyun, "roster.xlsx", Some("城市客运共享职工之家"));
    assert_eq!(
        grid.rows[0].cells[0],
        "城市客运共享职工之家　2026年12月排班表"
    );
    // The first is a Tuesday.
    assert_eq!(grid.rows[1].cells[..3], ["姓名", "1", "2"]);
    assert_eq!(grid.rows[2].cells[1..3], ["二", "三"]);
    let fu = grid
        .rows
        .iter()
        .find(|row| row.cells[0] == "傅玉兰")
        .unwrap();
    assert_eq!(fu.cells[1], "8–14\n前台");
    assert_eq!(fu.cells[2], "");
    assert_eq!(fu.cells[32..], ["10", "72"]);
    assert!(grid.rows.last().unwrap().cells[0].contains("负责人签字"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_asked_wrongly_is_said_in_a_sentence() {
    let keyun = Station::site("keyun", NOWHERE).await;
    let wrong: [&[&str]; 4] = [
        &["report"],
        &["report", "roster", "--from", "2026-12"],
        &[
            "report",
            "roster",
            "--from",
            "2026-12-31",
            "--to",
            "2026-12-01",
        ],
        &["report", "roster", "--format", "pdf"],
    ];
    for arguments in wrong {
        let outcome = keyun.run(arguments).await.expect(2);
        assert!(!outcome.stderr.trim().is_empty(), "{outcome:?}");
    }
    let nowhere = ["report", "roster", "--out", "/nowhere/at/all.xlsx"];
    let outcome = keyun.run(&nowhere).await.expect(1);
    assert!(
        outcome.stderr.contains("/nowhere/at/all.xlsx"),
        "{outcome:?}"
    );
    // An empty month is no error.
    keyun.ok(&["report", "roster"]).await;
}
