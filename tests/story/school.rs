//! The night school: two sites teach and roster without a network, the hub merges; who is rostered without a certificate is found
//! and enrolled, whoever passes is certified, and what is on paper can be checked at the gate.

mod office;
mod public;

use serde_json::Value;
use yilian_tests::cli::{Station, count, list, text};
use yilian_tests::relay::{Relay, Server};
use yilian_tests::samples;

use crate::{MONTH, findings, import_samples, of_rule};

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
    let of_school = conflicts.iter().filter(|one| {
        ["courses/", "school/"]
            .iter()
            .any(|of| one.to_string().contains(of))
    });
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

/// Asks for a seat without an account; answers the code.
async fn send(guest: &Station, name: &str, phone: &str, course: &str) -> String {
    let (site, kind) = (["--site", "keyun"], ["--kind", "enrolment"]);
    let who = ["--name", name, "--phone", phone, "--course", course];
    let sent = guest
        .json(&[&["request", "send"][..], &site, &kind, &who].concat())
        .await;
    text(&sent, "code").to_owned()
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
    let send =
        async |name: &str, phone: &str, course: &str| send(&guest, name, phone, course).await;
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
