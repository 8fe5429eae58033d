//! Disputes: a site registers and mediates a case without a network, the hub counts it, and nobody else reads it.

use jiff::SignedDuration;
use serde_json::Value;
use yilian_core::civil;
use yilian_node::time::Clock;
use yilian_tests::cli::{Station, count, list, text};
use yilian_tests::process::Process;
use yilian_tests::relay::{Relay, Server};
use yilian_tests::samples;

use crate::{NOWHERE, id, of_rule};

/// A site's computer with the network's sites on it.
async fn site(key: &str, hub: &str) -> Station {
    let station = Station::new();
    let init = ["--site", key, "--hub", hub, "--author", "孙平"];
    station.init(&init).await;
    import(&station, "site", "sites.csv").await;
    station
}

async fn import(station: &Station, noun: &str, file: &str) -> Value {
    let file = samples::jiaozuo(file).display().to_string();
    station.json(&[noun, "import", &file]).await
}

async fn sync(stations: &[&Station]) {
    for station in stations {
        station.ok(&["sync", "--once"]).await;
    }
}

/// Registers a case of 张三 and two others against a company.
async fn register(station: &Station, number: &str, more: &[&str]) {
    let case = format!("case={number}");
    let mut add = vec!["case", "add", &case, "origin=court", "claim=欠薪"];
    add.extend_from_slice(more);
    station.ok(&add).await;
    for (name, side, people) in [("张三", "申请人", "3"), ("顺达货运", "被申请人", "")]
    {
        let (name, side) = (format!("name={name}"), format!("side={side}"));
        let people = format!("people={people}");
        let party = ["party", "add", &case, &name, &side, &people];
        station.ok(&party).await;
    }
}

async fn stage(station: &Station, case: &str) -> String {
    let shown = station.json(&["case", "show", case]).await;
    text(&shown, "stage").to_owned()
}

async fn cases(station: &Station) -> Vec<String> {
    let listed = station.json(&["case", "list"]).await;
    let cases = list(&listed, "cases").iter();
    cases.map(|case| text(case, "case").to_owned()).collect()
}

async fn found(station: &Station, rule: &str) -> Vec<Value> {
    let shown = station.json(&["findings"]).await;
    let found = of_rule(list(&shown, "findings"), rule);
    found.into_iter().cloned().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cases_that_two_sites_mediated_without_a_network_are_counted_at_the_hub() {
    let mut relay = Relay::start(Server::Yilian).await;
    relay.stop().await;
    let keyun = site("keyun", &relay.url()).await;
    let jiefang = site("jiefang-1", &relay.url()).await;
    let of = ["mode=门诊式", "amount=18600", "received=2026-11-30T09:00"];
    register(&keyun, "KY-1", &of).await;
    let steps: [&[&str]; 7] = [
        &["accept", "KY-1", "--at", "2026-11-30T10:00"],
        &[
            "assign",
            "张三",
            "周敏",
            "--post",
            "仲裁员",
            "--at",
            "2026-11-30T11:00",
        ],
        &["begin", "KY-1", "--at", "2026-12-02T09:00"],
        &[
            "agree",
            "KY-1",
            "协议金额=15000",
            "申请司法确认=是",
            "--at",
            "2026-12-03T16:00",
        ],
        &[
            "refer",
            "KY-1",
            "--to",
            "解放区人民法院",
            "--at",
            "2026-12-04T09:00",
        ],
        &["ratify", "KY-1", "--at", "2026-12-10T09:00"],
        &["close", "KY-1", "--at", "2026-12-10T10:00"],
    ];
    for step in steps {
        let mut all = vec!["case"];
        all.extend_from_slice(step);
        keyun.ok(&all).await;
    }
    let sitting = [
        "sitting",
        "add",
        "case=KY-1",
        "start=2026-12-03T09:00",
        "end=2026-12-03T11:30",
        "place=调解室",
    ];
    keyun.ok(&sitting).await;

    let of = ["mode=急诊式", "received=2026-12-01T08:00"];
    register(&jiefang, "JF-1", &of).await;
    // Giving it to somebody takes it up.
    let assign = ["case", "assign", "JF-1", "王强", "--at", "2026-12-01T09:00"];
    jiefang.ok(&assign).await;
    let fail = [
        "case",
        "fail",
        "JF-1",
        "--at",
        "2026-12-02T08:00",
        "--note",
        "分歧太大",
    ];
    jiefang.ok(&fail).await;

    relay.start_again().await;
    let hub = Station::hub(&relay.url()).await;
    import(&hub, "calendar-day", "calendar-days-example.csv").await;
    let guest = Station::new();
    let init = ["--role", "guest", "--hub", &relay.url()];
    guest.init(&init).await;
    sync(&[&keyun, &jiefang, &hub, &keyun, &guest]).await;
    assert_eq!(cases(&hub).await.len(), 2);
    assert_eq!(cases(&keyun).await, ["KY-1"], "a site has its own");
    assert_eq!(cases(&jiefang).await, ["JF-1"]);
    assert_eq!(cases(&guest).await, [""; 0]);

    let shown = hub.json(&["case", "show", "KY-1"]).await;
    assert_eq!(text(&shown, "title"), "张三 与 顺达货运");
    assert_eq!((&shown["people"], &shown["days"]), (&3.into(), &3.into()));
    assert_eq!(text(&shown["mediators"][0], "name"), "周敏");
    assert_eq!(text(&shown["referrals"][0], "to"), "解放区人民法院");
    let told = hub.ok(&["case", "show", "KY-1"]).await;
    for part in [
        "已司法确认",
        "孙平",
        "15000",
        "调解室",
        "3 天（3 个工作日）",
        "已结案",
    ] {
        assert!(told.contains(part), "{part} is missing in {told}");
    }
    let history = hub.ok(&["case", "history", "KY-1"]).await;
    for part in ["已登记", "已受理", "已达成协议", "keyun/孙平"] {
        assert!(history.contains(part), "{part} is missing in {history}");
    }

    let ask = [
        "report",
        "cases",
        "--from",
        "2026-10-01",
        "--to",
        "2026-12-31",
    ];
    let reports = hub.json(&ask).await;
    let of = |name: &str| {
        let mut reports = list(&reports, "reports").iter();
        reports.find(|report| text(report, "name") == name).unwrap()
    };
    let quarter = of("cases_by_quarter");
    assert_eq!(list(of("cases"), "rows").len(), 2);
    assert_eq!(text(quarter, "title"), "联席会议 调解工作季度统计");
    let row = |site: &str| {
        let mut rows = list(quarter, "rows").iter();
        rows.find(|row| text(row, "site") == site).unwrap()
    };
    for (name, value) in [
        ("received", 1.0),
        ("success", 100.0),
        ("confirmation", 100.0),
        ("median_days", 3.0),
        ("median_working_days", 3.0),
        ("secured", 15_000.0),
    ] {
        assert_eq!(row("keyun")[name].as_f64(), Some(value), "{name}");
    }
    assert_eq!(text(row("keyun"), "quarter"), "2026-Q4");
    assert_eq!(row("jiefang-1")["failed"], 1);
    assert_eq!(quarter["totals"]["success"], 50.0);
    let csv = hub
        .ok(&["report", "cases", "--by", "mode", "--format", "csv"])
        .await;
    assert!(csv.starts_with("方式,收案"), "{csv}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_emergency_goes_to_who_is_on_duty_now_unless_it_is_their_own() {
    let keyun = site("keyun", NOWHERE).await;
    let none = keyun.json(&["case", "on-duty"]).await;
    assert_eq!(list(&none, "on_duty").len(), 0);
    let added = keyun
        .json(&["case", "add", "mode=急诊式", "origin=热线", "claim=欠薪"])
        .await;
    let record = id(&added).to_owned();
    let nobody = keyun.run(&["case", "assign", &record]).await.expect(1);
    assert!(nobody.text().contains("没有人"), "{}", nobody.text());
    assert_eq!(
        found(&keyun, "overdue-case").await.len(),
        0,
        "it has just come in"
    );

    let now = Clock::new(Clock::DEFAULT_ZONE).unwrap().civil();
    let time = |hours: i64| {
        let at = civil::add(now, SignedDuration::from_hours(hours)).unwrap();
        at.strftime("%Y-%m-%dT%H:%M").to_string()
    };
    let (start, end) = (format!("start={}", time(-2)), format!("end={}", time(2)));
    for (name, post) in [
        ("name=周敏", "post=仲裁员"),
        ("name=李超", "post=前台"),
        ("name=王强", "post=法官"),
    ] {
        keyun.ok(&["roster", "add", name, post, &start, &end]).await;
    }
    let on_duty = keyun.json(&["case", "on-duty"]).await;
    let names: Vec<&str> = list(&on_duty, "on_duty")
        .iter()
        .map(|on| text(on, "name"))
        .collect();
    assert_eq!(names, ["周敏", "王强"]);
    // Which posts mediate is the network's to say.
    keyun.ok(&["post", "add", "name=法官", "mediates=是"]).await;
    let listed = keyun.json(&["case", "list"]).await;
    let number = text(&list(&listed, "cases")[0], "case").to_owned();
    let party = format!("case={number}");
    let refused = keyun
        .run(&["party", "add", "case=none-such", "name=王强", "side=申请人"])
        .await
        .expect(1);
    assert!(
        refused.text().contains("没有编号为 none-such"),
        "{}",
        refused.text()
    );
    keyun
        .ok(&["party", "add", &party, "name=王强", "side=申请人"])
        .await;
    let nobody = keyun.run(&["case", "assign", &number]).await.expect(1);
    assert!(nobody.text().contains("没有人"), "{}", nobody.text());
    let own = keyun
        .run(&["case", "assign", &number, "王强"])
        .await
        .expect(1);
    assert!(own.text().contains("是本案当事人"), "{}", own.text());
    keyun
        .ok(&["post", "add", "name=仲裁员", "mediates=是"])
        .await;
    let given = keyun.ok(&["case", "assign", &number]).await;
    assert!(given.contains("交给 周敏（仲裁员）"), "{given}");
    assert_eq!(stage(&keyun, &number).await, "assigned");
    let on_duty = keyun.json(&["case", "on-duty"]).await;
    let loads: Vec<(&str, i64)> = list(&on_duty, "on_duty")
        .iter()
        .map(|on| (text(on, "name"), on["cases"].as_i64().unwrap()))
        .collect();
    assert_eq!(loads, [("王强", 0), ("周敏", 1)]);
    // The next one waits for nobody: who is on duty has it with its registration. What can wait, waits.
    let next = ["case", "add", "mode=急诊式", "origin=热线", "claim=工伤"];
    let next = keyun.json(&next).await;
    assert_eq!(text(&next, "mediator"), "王强");
    assert_eq!(stage(&keyun, id(&next)).await, "assigned");
    let clinic = [
        "case",
        "add",
        "mode=门诊式",
        "origin=来访",
        "claim=工伤",
        "case=KY-9",
    ];
    keyun.ok(&clinic).await;
    assert_eq!(stage(&keyun, "KY-9").await, "registered");
    keyun
        .ok(&["party", "add", "case=KY-9", "name=雷明", "side=申请人"])
        .await;
    keyun.ok(&["case", "set", "雷明", "人数=2"]).await;
    let shown = keyun.json(&["case", "show", "雷明"]).await;
    assert_eq!(shown["people"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outcomes_that_two_computers_wrote_apart_are_settled_the_same_everywhere() {
    let mut relay = Relay::start(Server::Yilian).await;
    let front = site("keyun", &relay.url()).await;
    let back = site("keyun", &relay.url()).await;
    let hub = Station::hub(&relay.url()).await;
    register(&front, "KY-2", &["mode=clinic"]).await;
    front.ok(&["case", "assign", "KY-2", "周敏"]).await;
    sync(&[&front, &back, &hub]).await;
    relay.stop().await;
    front
        .ok(&["case", "agree", "KY-2", "terms=三日内付清"])
        .await;
    back.ok(&["case", "fail", "KY-2", "--note", "没有来人"])
        .await;
    let refused = back.run(&["case", "begin", "KY-2"]).await.expect(1);
    assert!(
        refused
            .text()
            .contains("案件现在是“调解不成”，不能改为“调解中”"),
        "{}",
        refused.text()
    );
    relay.start_again().await;
    sync(&[&front, &back, &front, &hub]).await;
    for station in [&front, &back, &hub] {
        assert_eq!(stage(station, "KY-2").await, "agreed");
        let illegal = found(station, "illegal-step").await;
        assert_eq!(illegal.len(), 1);
        assert!(
            text(&illegal[0]["text"], "zh").contains("“调解不成”（孙平）与此不合"),
            "{illegal:?}"
        );
    }
    let illegal = found(&hub, "illegal-step").await;
    hub.ok(&["findings", "--fix", id(&illegal[0])]).await;
    sync(&[&hub, &front, &back]).await;
    for station in [&front, &back, &hub] {
        assert_eq!(found(station, "illegal-step").await.len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_that_is_handed_on_is_read_where_it_was_handed_to_and_nowhere_else() {
    let mut relay = Relay::start(Server::Yilian).await;
    let keyun = site("keyun", &relay.url()).await;
    let jiefang = site("jiefang-1", &relay.url()).await;
    let shanyang = site("shanyang-2", &relay.url()).await;
    register(&keyun, "KY-3", &["mode=会诊式"]).await;
    sync(&[&keyun, &jiefang, &shanyang]).await;
    assert_eq!(cases(&jiefang).await, [""; 0]);
    relay.stop().await;
    let share = [
        "case",
        "share",
        "KY-3",
        "解放区快递驿站",
        "--note",
        "当事人在你处",
    ];
    keyun.ok(&share).await;
    let again = keyun.run(&share).await.expect(1);
    assert!(again.text().contains("已经有这件案件"), "{}", again.text());
    relay.start_again().await;
    sync(&[&keyun, &jiefang, &shanyang]).await;
    assert_eq!(cases(&jiefang).await, ["KY-3"]);
    assert_eq!(cases(&shanyang).await, [""; 0]);
    let referrals = jiefang.json(&["referral", "list"]).await;
    assert_eq!(list(&referrals, "referrals").len(), 1, "{referrals}");

    // What either writes from then on reaches the other.
    let by_them = ["case", "assign", "KY-3", "陈静", "--of", "jiefang-1"];
    jiefang.ok(&by_them).await;
    sync(&[&jiefang, &keyun]).await;
    assert_eq!(stage(&keyun, "KY-3").await, "assigned");
    keyun.ok(&["case", "begin", "KY-3"]).await;
    sync(&[&keyun, &jiefang, &shanyang]).await;
    assert_eq!(stage(&jiefang, "KY-3").await, "mediating");
    assert_eq!(cases(&shanyang).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_that_stays_connected_gets_a_case_when_it_is_handed_to_it() {
    let relay = Relay::start(Server::Yilian).await;
    let keyun = site("keyun", &relay.url()).await;
    let jiefang = site("jiefang-1", &relay.url()).await;
    register(&keyun, "KY-4", &["mode=会诊式"]).await;
    sync(&[&keyun, &jiefang]).await;
    let mut watch = Process::start("watch", jiefang.command(&["sync", "--watch"]));
    watch.line_after("已连上中心").await;
    keyun.ok(&["case", "share", "KY-4", "jiefang-1"]).await;
    sync(&[&keyun]).await;
    watch.line_after("cases/keyun/KY-4：收到").await;
    // A party, who was entered after the case itself.
    watch.line_after("  张三").await;
    assert!(watch.terminate().await);
    assert_eq!(cases(&jiefang).await, ["KY-4"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_register_is_imported_and_exported_and_what_is_late_is_found() {
    let hub = Station::hub(NOWHERE).await;
    import(&hub, "site", "sites.csv").await;
    assert_eq!(count(&import(&hub, "case", "cases.csv").await, "added"), 5);
    assert_eq!(
        count(&import(&hub, "party", "parties.csv").await, "added"),
        10
    );
    let again = import(&hub, "case", "cases.csv").await;
    assert_eq!((count(&again, "added"), count(&again, "unchanged")), (0, 5));

    let csv = hub.ok(&["case", "export"]).await;
    let file = crate::write(&hub, "exported.csv", csv.as_bytes());
    let exported = hub.json(&["case", "import", &file]).await;
    assert_eq!(count(&exported, "unchanged"), 5);
    let bad = "站点,案件编号,方式,来源,争议类型,登记时间\nkeyun,第1号,门诊式,来访,欠薪,2026-12-01 08:00\n";
    let file = crate::write(&hub, "bad.csv", bad.as_bytes());
    let refused = hub.run(&["case", "import", &file]).await.expect(1);
    assert!(
        refused.text().contains("英文字母、数字或连字符"),
        "{}",
        refused.text()
    );

    // Who is on duty then follows from the rota, which says that a judge mediates and who has the night.
    import(&hub, "post", "posts.csv").await;
    let rota = samples::jiaozuo("roster-keyun-specialists-2026-12.csv");
    let rota = rota.display().to_string();
    let rota = [
        "roster", "import", &rota, "--month", "2026-12", "--site", "keyun",
    ];
    assert_eq!(count(&hub.json(&rota).await, "added"), 77);
    for (case, at, to) in [
        ("017", "2026-12-03T10:00", "何平（劳动关系协调员）"),
        ("侯国强", "2026-12-03T03:00", "陈静（心理咨询师）"),
    ] {
        let given = hub.ok(&["case", "assign", case, "--at", at]).await;
        assert!(given.contains(to), "{given}");
    }
    let off = found(&hub, "mediator-off-rota").await;
    assert!(off.is_empty(), "both are on the rota: {off:?}");

    // It came in long ago, and nobody has taken it up.
    let old = ["case=KY-OLD", "received=2020-01-06T09:00", "mode=clinic"];
    let mut add = vec![
        "case",
        "add",
        "--site",
        "keyun",
        "origin=walk-in",
        "claim=injury",
    ];
    add.extend_from_slice(&old);
    hub.ok(&add).await;
    let late = found(&hub, "overdue-case").await;
    let old = late
        .iter()
        .find(|of| text(&of["text"], "zh").contains("KY-OLD"));
    let old = old.unwrap_or_else(|| panic!("{late:?}"));
    assert!(text(&old["text"], "zh").contains("2020年1月9日"), "{old}");
    let listed = hub.json(&["case", "list", "--overdue"]).await;
    let numbers: Vec<&str> = list(&listed, "cases")
        .iter()
        .map(|of| text(of, "case"))
        .collect();
    assert!(numbers.contains(&"KY-OLD"), "{numbers:?}");
    hub.ok(&["findings", "--fix", id(old)]).await;
    assert_eq!(stage(&hub, "KY-OLD").await, "accepted");

    // Days are counted by the calendar that the hub imported.
    let not_checked = |shown: &Value| {
        let all = list(shown, "not_checked").iter();
        all.filter(|of| text(of, "rule") == "overdue-case").count()
    };
    hub.ok(&["case", "remove", "KY-OLD"]).await;
    assert_eq!(not_checked(&hub.json(&["findings"]).await), 1);
    let days = import(&hub, "calendar-day", "calendar-days-example.csv").await;
    assert_eq!(count(&days, "added"), 42);
    assert_eq!(not_checked(&hub.json(&["findings"]).await), 0);
    let listed = hub.json(&["calendar-day", "list"]).await;
    let example = |day: &Value| text(day, "name").contains("示例，非官方");
    assert!(
        list(&listed, "days").iter().all(example),
        "it is no official calendar"
    );
}
