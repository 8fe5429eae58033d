//! The night school: two sites teach and roster without a network, the hub merges; who is rostered without a certificate is found
//! and enrolled, whoever passes is certified, and what is on paper can be checked at the gate.

use serde_json::Value;
use yilian_tests::cli::{Station, count, list, text};
use yilian_tests::relay::{Relay, Server};
use yilian_tests::samples;

use crate::{MONTH, NOWHERE, findings, import_samples, of_rule, write};

/// The sample files of a school, and the nouns they are imported with.
const SCHOOL: [(&str, &str, usize); 8] = [
    ("course", "courses.csv", 3),
    ("session", "sessions.csv", 5),
    ("enrolment", "enrolments.csv", 8),
    ("attendance", "attendance.csv", 16),
    ("assessment", "assessments.csv", 9),
    ("qualification", "qualifications.csv", 3),
    ("contest", "contests.csv", 3),
    ("contest-entry", "contest-entries.csv", 7),
];

/// A course that nobody has begun, whenever this runs.
const NEXT: &str = "急救员第99期";

async fn import(station: &Station, noun: &str, file: &str) -> Value {
    let file = samples::jiaozuo(file).display().to_string();
    station.json(&[noun, "import", &file]).await
}

async fn import_school(station: &Station) {
    for (noun, file, rows) in SCHOOL {
        let plan = import(station, noun, file).await;
        assert_eq!(count(&plan, "added"), rows, "{noun}: {plan}");
    }
}

async fn sync(stations: &[&Station]) {
    for station in stations {
        station.ok(&["sync", "--once"]).await;
    }
}

/// A computer of a site, with somebody's name on it.
async fn computer(site: &str, author: &str, hub: &str) -> Station {
    let station = Station::new();
    station
        .init(&["--site", site, "--hub", hub, "--author", author])
        .await;
    station
}

/// The rows of the one report there is.
fn rows(output: &Value) -> &[Value] {
    let [report] = list(output, "reports") else {
        panic!("not one report: {output}");
    };
    list(report, "rows")
}

async fn listed(station: &Station, noun: &str, key: &str) -> Vec<Value> {
    let shown = station.json(&[noun, "list"]).await;
    list(&shown, key).to_vec()
}

async fn seat(station: &Station, name: &str) -> String {
    let enrolments = listed(station, "enrolment", "enrolments").await;
    let mut of_name = enrolments.iter().filter(|one| text(one, "name") == name);
    let one = of_name
        .next()
        .unwrap_or_else(|| panic!("{name} is not enrolled"));
    assert!(of_name.next().is_none(), "{name} is enrolled twice");
    text(one, "seat").to_owned()
}

/// Whose shifts are found to be without a certificate, with the texts.
async fn lacking(station: &Station) -> Vec<(String, String)> {
    let found = findings(station).await;
    let of_rule = of_rule(&found, "uncertified-shift").into_iter();
    let mut lacking: Vec<(String, String)> = of_rule
        .map(|one| {
            (
                text(one, "severity").to_owned(),
                text(&one["text"], "zh").to_owned(),
            )
        })
        .collect();
    lacking.sort();
    lacking
}

/// Makes the first repair of the finding whose text says all of this.
async fn repair(station: &Station, says: &[&str]) {
    let found = findings(station).await;
    let is_it = |one: &&Value| {
        says.iter()
            .all(|word| text(&one["text"], "zh").contains(word))
    };
    let one = found.iter().find(is_it);
    let one = one.unwrap_or_else(|| panic!("nothing says {says:?} in {found:#?}"));
    station
        .ok(&["findings", "--month", MONTH, "--fix", text(one, "id")])
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn training_assessment_and_duty_are_one_loop() {
    let mut relay = Relay::start(Server::Yilian).await;
    let url = relay.url();
    relay.stop().await;
    // Two computers of one school, and a station, without a network.
    let (keyun, desk) = (
        computer("keyun", "郭洋", &url).await,
        computer("keyun", "孙平", &url).await,
    );
    let jiefang = computer("jiefang-1", "罗艳", &url).await;
    for (station, site) in [(&keyun, "keyun"), (&jiefang, "jiefang-1")] {
        import_samples(station, site).await;
        import(station, "post", "posts.csv").await;
    }
    import_school(&keyun).await;
    for (noun, file, rows) in SCHOOL.iter().take(3) {
        let plan = import(&desk, noun, file).await;
        assert_eq!(count(&plan, "added"), *rows, "{noun}");
    }

    // Whoever passed and was there is certified; the others hear why not.
    let issued = keyun
        .json(&["course", "certify", "急救员第2期", "--on", "2025-11-20"])
        .await;
    let names = |key: &str| -> Vec<String> {
        let all = list(&issued, key).iter();
        let mut names: Vec<String> = all.map(|one| text(one, "name").to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(
        names("certified"),
        ["傅玉兰", "孙平", "张杰", "李超", "谢秀兰", "马骑手"]
    );
    assert_eq!(names("refused"), ["徐国庆", "罗明"]);
    assert_eq!(
        text(&list(&issued, "certified")[0], "expires_on"),
        "2027-11-20"
    );
    let refused = keyun
        .run(&["course", "certify", "急救员第2期", "罗明"])
        .await
        .expect(1);
    assert!(
        refused
            .text()
            .contains("罗明 2 次课到了 0 次，达不到 50% 的出勤率"),
        "{}",
        refused.text()
    );
    // What its people brought along counts as well; the others are found, and a seat is the way there.
    keyun
        .ok(&[
            "course",
            "add",
            &format!("name={NEXT}"),
            "certificate=急救员证",
            "capacity=2",
        ])
        .await;
    keyun
        .ok(&[
            "session",
            "add",
            &format!("course={NEXT}"),
            "name=第一课",
            "start=2095-03-01 19:00",
            "end=2095-03-01 21:00",
        ])
        .await;
    let without = lacking(&keyun).await;
    assert!(!without.is_empty());
    for (severity, text) in &without {
        assert_eq!(severity, "error", "{text}");
        for certified in ["傅玉兰", "孙平", "张杰", "谢秀兰", "袁丽", "郭洋"] {
            assert!(!text.contains(certified), "{certified}: {text}");
        }
    }
    let xiao = without.iter().any(|(_, text)| {
        text.starts_with("城市客运共享职工之家排了萧平，存档里没有有效的“急救员证”：12月")
    });
    assert!(xiao, "{without:#?}");
    repair(&keyun, &["排了萧平"]).await;
    assert_eq!(seat(&keyun, "萧平").await, "granted");

    // The station has nothing of what the other's school issued.
    let at_station = lacking(&jiefang).await;
    let li = at_station
        .iter()
        .find(|(_, text)| text.contains("排了李超"));
    assert_eq!(li.unwrap().0, "error");

    relay.start_again().await;
    let hub = Station::hub(&url).await;
    sync(&[&keyun, &desk, &jiefang, &hub, &keyun, &desk]).await;
    // What both computers of the school imported is there once.
    for station in [&keyun, &desk, &hub] {
        let enrolled = listed(station, "enrolment", "enrolments").await;
        assert_eq!(enrolled.len(), 9, "{enrolled:#?}");
    }
    let found = findings(&hub).await;
    let conflicts = of_rule(&found, "field-conflict");
    let of_school = conflicts
        .iter()
        .filter(|one| one.to_string().contains("school/"));
    assert_eq!(of_school.count(), 0, "{conflicts:#?}");
    // The hub knows of the certificate, and has the station put it on file.
    let at_hub = lacking(&hub).await;
    let li = at_hub.iter().find(|(_, text)| text.contains("排了李超"));
    let (severity, said) = li.unwrap();
    assert_eq!(severity, "notice");
    assert!(
        said.contains("城市客运共享职工之家发过，没有存档"),
        "{said}"
    );
    repair(&hub, &["排了李超"]).await;
    sync(&[&hub, &jiefang]).await;
    for station in [&hub, &jiefang] {
        let left = lacking(station).await;
        let li = left.iter().any(|(_, text)| text.contains("排了李超"));
        assert!(!li, "{left:#?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wish_for_a_seat_sent_offline_becomes_an_enrolment() {
    let mut relay = Relay::start(Server::Yilian).await;
    let url = relay.url();
    let keyun = computer("keyun", "郭洋", &url).await;
    import(&keyun, "site", "sites.csv").await;
    keyun
        .ok(&["course", "add", &format!("name={NEXT}"), "capacity=1"])
        .await;
    relay.stop().await;
    let guest = Station::new();
    guest.init(&["--role", "guest", "--hub", &url]).await;
    let send = async |name: &str, phone: &str, course: &str| {
        let sent = guest
            .json(&[
                "request",
                "send",
                "--site",
                "keyun",
                "--kind",
                "enrolment",
                "--name",
                name,
                "--phone",
                phone,
                "--course",
                course,
            ])
            .await;
        text(&sent, "code").to_owned()
    };
    let (first, second) = (
        send("马骑手", "138 0000 1111", "急救员 第99期").await,
        send("李骑手", "13900002222", NEXT).await,
    );
    let nowhere = send("王骑手", "13700003333", "没有这门课").await;
    let missing = guest
        .run(&[
            "request",
            "send",
            "--site",
            "keyun",
            "--kind",
            "enrolment",
            "--name",
            "无名",
        ])
        .await
        .expect(1);
    assert!(missing.text().contains("还缺课程"), "{}", missing.text());
    // At the desk he was entered before, by name alone.
    keyun
        .ok(&["enrolment", "add", &format!("course={NEXT}"), "name=马骑手"])
        .await;

    relay.start_again().await;
    sync(&[&guest, &keyun]).await;
    for code in [&first, &second] {
        keyun.ok(&["request", "accept", code]).await;
    }
    let refused = keyun.run(&["request", "accept", &nowhere]).await.expect(1);
    assert!(
        refused.text().contains("这里没有要报的课程"),
        "{}",
        refused.text()
    );
    assert_eq!(seat(&keyun, "马骑手").await, "confirmed");
    assert_eq!(seat(&keyun, "李骑手").await, "waiting");
    let full = keyun
        .run(&["enrolment", "confirm", "李骑手"])
        .await
        .expect(1);
    assert!(
        full.text().contains("名额 1 人已经全部确认"),
        "{}",
        full.text()
    );
    let shown = keyun.ok(&["request", "show", &second]).await;
    assert!(shown.contains("课程") && shown.contains(NEXT), "{shown}");

    // Whoever has the code sees that it was accepted; whoever takes it back makes room.
    sync(&[&keyun]).await;
    let followed = guest.json(&["request", "follow", &first]).await;
    assert_eq!(text(&followed, "stage"), "accepted");
    guest.ok(&["request", "withdraw", &first]).await;
    sync(&[&guest, &keyun]).await;
    repair(&keyun, &["马骑手", "为它做的报名却还在"]).await;
    assert_eq!(seat(&keyun, "马骑手").await, "withdrawn");
    assert_eq!(seat(&keyun, "李骑手").await, "granted");
    keyun.ok(&["enrolment", "confirm", "李骑手"]).await;
    assert_eq!(seat(&keyun, "李骑手").await, "confirmed");
    keyun
        .ok(&["request", "decline", &second, "--note", "课程改期"])
        .await;
    assert_eq!(seat(&keyun, "李骑手").await, "withdrawn");
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
    assert!(gone.text().contains("没有发过这份证书"), "{}", gone.text());
    // Certified once more, it is there again.
    keyun
        .ok(&["course", "certify", "急救员第2期", "孙平"])
        .await;
    assert_eq!(listed(&keyun, "certificate", "certificates").await.len(), 1);

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
