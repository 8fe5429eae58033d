//! What a school gives out: certificates and posters to print, reports, calendars, rankings and files.

use serde_json::Value;
use yilian_tests::cli::{Station, count, list, text};
use yilian_tests::relay::{Relay, Server};

use super::{SCHOOL, computer, import, import_school, listed, sync};
use crate::{NOWHERE, write};

/// The rows of the one report there is.
fn rows(output: &Value) -> &[Value] {
    let [report] = list(output, "reports") else {
        panic!("not one report: {output}");
    };
    list(report, "rows")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_on_paper_is_checked_at_the_gate() {
    let keyun = computer("keyun", "郭洋", NOWHERE).await;
    let gate = computer("jiefang-1", "李超", NOWHERE).await;
    import(&keyun, "site", "sites.csv").await;
    import(&keyun, "person", "people.csv").await;
    import_school(&keyun).await;
    keyun
        .ok(&["course", "set", "急救员第2期", "valid_months=1200"])
        .await;
    keyun
        .ok(&["course", "certify", "急救员第2期", "孙平"])
        .await;

    // The code that is printed: a picture for paper, and a text that says everything.
    let shown = keyun.json(&["certificate", "proof", "孙平"]).await;
    let code = text(&shown, "text").to_owned();
    assert!(
        code.starts_with("YILIAN-CERT 1 jiaozuo keyun\n急救员证\n孙平\n"),
        "{code}"
    );
    for (file, begins) in [
        ("孙平.svg", &b"<svg"[..]),
        ("孙平.png", b"\x89PNG\r\n\x1a\n"),
    ] {
        let path = keyun.file(file).display().to_string();
        keyun
            .ok(&["certificate", "proof", "孙平", "--out", &path])
            .await;
        assert!(std::fs::read(&path).unwrap().starts_with(begins), "{file}");
    }
    let other = keyun.file("孙平.pdf").display().to_string();
    keyun
        .run(&["certificate", "proof", "孙平", "--out", &other])
        .await
        .expect(2);

    let checked = keyun.json(&["certificate", "check", &code]).await;
    assert_eq!(text(&checked, "checked"), "valid");
    let at_gate = gate.ok(&["certificate", "check", &code]).await;
    assert!(at_gate.contains("不能证明确由其签发"), "{at_gate}");
    let forged = code.replace("孙平", "王芳");
    let refused = gate.run(&["certificate", "check", &forged]).await.expect(1);
    assert!(
        refused.text().contains("最后一行的校验对不上"),
        "{}",
        refused.text()
    );
    keyun
        .ok(&["certificate", "set", "孙平", "revoked_on=2026-01-01"])
        .await;
    let revoked = keyun.run(&["certificate", "check", &code]).await.expect(1);
    assert!(revoked.text().contains("已吊销"), "{}", revoked.text());
    keyun.ok(&["certificate", "remove", "孙平"]).await;
    let gone = keyun.run(&["certificate", "check", &code]).await.expect(1);
    assert!(gone.text().contains("已吊销"), "{}", gone.text());
    // Certified once more, it is there again.
    keyun
        .ok(&["course", "certify", "急救员第2期", "孙平"])
        .await;
    assert_eq!(listed(&keyun, "certificate", "certificates").await.len(), 1);
    let again = keyun.json(&["certificate", "check", &code]).await;
    assert_eq!(text(&again, "checked"), "valid");

    // The posters: one for the site, one for a course.
    let page = "https://example.com/yilian/";
    let site = keyun.json(&["qr", "--page", page]).await;
    assert_eq!(
        text(&site, "text"),
        "https://example.com/yilian/#/site/keyun/ask"
    );
    let courses = listed(&keyun, "course", "courses").await;
    let course = courses
        .iter()
        .find(|one| text(one, "name") == "急救员第3期");
    let course = text(course.unwrap(), "id").to_owned();
    let poster = keyun
        .json(&["qr", "--course", "急救员 第3期", "--page", page])
        .await;
    let address = format!("{page}#/site/keyun/enrol/{course}");
    assert_eq!(text(&poster, "text"), address);
    keyun.run(&["qr", "--page", "example.com"]).await.expect(2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_has_its_reports_calendars_rankings_and_files() {
    let relay = Relay::start(Server::Yilian).await;
    let url = relay.url();
    let keyun = computer("keyun", "郭洋", &url).await;
    import(&keyun, "site", "sites.csv").await;
    import(&keyun, "venue", "venues.csv").await;
    import(&keyun, "person", "people.csv").await;
    import_school(&keyun).await;
    keyun
        .ok(&["course", "certify", "急救员第2期", "--on", "2025-11-20"])
        .await;

    let period = ["--from", "2025-11-01", "--to", "2025-11-30"];
    let report = |by: &'static str| {
        let asked = ["report", "school", "--by", by, "--format", "json"];
        [&asked[..], &period].concat()
    };
    let courses = keyun.json(&report("course")).await;
    let row = &rows(&courses)[0];
    for (column, value) in [
        ("sessions", 2.0),
        ("seats", 12.0),
        ("enrolled", 8.0),
        ("attendance", 81.2),
        ("assessed", 8.0),
        ("passed", 7.0),
        ("pass_rate", 87.5),
        ("certified", 6.0),
    ] {
        assert_eq!(row[column].as_f64(), Some(value), "{column} in {row}");
    }
    let learners = keyun.json(&report("learner")).await;
    assert_eq!(rows(&learners).len(), 8);
    let expiring = keyun
        .json(&[
            "report",
            "school",
            "--by",
            "expiring",
            "--from",
            "2027-11-01",
            "--to",
            "2027-11-30",
            "--format",
            "json",
        ])
        .await;
    assert_eq!(rows(&expiring).len(), 6, "{expiring}");
    let book = keyun.file("夜校.xlsx").display().to_string();
    keyun
        .ok(&[&["report", "school", "--out", &book], &period[..]].concat())
        .await;
    assert!(std::fs::read(&book).unwrap().starts_with(b"PK"));

    let calendar = keyun
        .ok(&["course", "calendar", "--course", "急救员第2期"])
        .await;
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 2);
    for part in [
        "急救员第2期 第一课",
        "DTSTART;TZID=Asia/Shanghai:20251103T190000",
        "培训教室",
    ] {
        assert!(calendar.contains(part), "{part} is missing in {calendar}");
    }

    // A contest at a site, and who goes on to the county's.
    let asked = [
        "contest",
        "ranking",
        "急救技能赛",
        "--site",
        "keyun",
        "--format",
        "json",
    ];
    let ranking = keyun.json(&asked).await;
    let ranks: Vec<(String, Option<u64>)> = rows(&ranking)
        .iter()
        .map(|row| (text(row, "name").to_owned(), row["rank"].as_u64()))
        .collect();
    let row = |name: &str, rank| (name.to_owned(), rank);
    assert_eq!(
        ranks,
        [
            row("孙平", Some(1)),
            row("张杰", Some(2)),
            row("谢秀兰", Some(2)),
            row("傅玉兰", Some(4)),
            row("袁杰", None),
        ]
    );
    let advanced = keyun
        .json(&["contest", "advance", "急救技能赛", "--site", "keyun"])
        .await;
    assert_eq!(list(&advanced, "advanced").len(), 3);
    let hub = Station::hub(&url).await;
    let jiefang = computer("jiefang-1", "罗艳", &url).await;
    sync(&[&keyun, &hub, &jiefang]).await;
    hub.ok(&["contest", "advance", "急救技能赛", "--site", "jiefang-1"])
        .await;
    let finals = hub
        .json(&["contest", "ranking", "全市急救技能赛", "--format", "json"])
        .await;
    assert_eq!(rows(&finals).len(), 4, "{finals}");
    let elsewhere = computer("jiefang-1", "罗艳", &url).await;
    import(&elsewhere, "contest", "contests.csv").await;
    let refused = elsewhere
        .run(&["contest", "advance", "急救技能赛", "--site", "jiefang-1"])
        .await
        .expect(1);
    assert!(
        refused.text().contains("请中心或 keyun 来晋级"),
        "{}",
        refused.text()
    );

    // Every list goes out, and comes back saying nothing new.
    for (noun, _, rows) in SCHOOL {
        for file in ["out.csv", "out.xlsx"] {
            let path = keyun.file(file).display().to_string();
            keyun.ok(&[noun, "export", "--out", &path]).await;
            let plan = keyun.json(&[noun, "import", &path]).await;
            assert_eq!(count(&plan, "added"), 0, "{noun} {file}: {plan}");
            assert!(count(&plan, "unchanged") >= rows, "{noun} {file}: {plan}");
        }
    }
    let wrong = write(
        &keyun,
        "wrong.csv",
        "课次,姓名,出勤\n急救员第2期/第九课,孙平,在\n".as_bytes(),
    );
    let refused = keyun.run(&["attendance", "import", &wrong]).await.expect(1);
    assert!(refused.text().contains("第2行 C列"), "{}", refused.text());
}
