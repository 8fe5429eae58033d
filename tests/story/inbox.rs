//! People without an account: a worker sends a wish without a network, the site accepts it without one, and the worker sees it
//! by its code.

use serde_json::Value;
use yilian_tests::cli::{Station, list, text};
use yilian_tests::relay::{Relay, Server};
use yilian_tests::samples;

use crate::{NOWHERE, of_rule};

/// A computer that stands at no site.
async fn guest(hub: &str) -> Station {
    let station = Station::new();
    station.init(&["--role", "guest", "--hub", hub]).await;
    station
}

async fn wish(worker: &Station) -> String {
    wish_for(worker, "会议室").await
}

async fn wish_for(worker: &Station, venue: &str) -> String {
    let sent = worker
        .json(&[
            "request",
            "send",
            "--site",
            "keyun",
            "--kind",
            "booking",
            "--name",
            "张三",
            "--text",
            "工会小组会",
            "--venue",
            venue,
            "--start",
            "2027-01-20T09:00",
            "--end",
            "2027-01-20 11:00",
            "--count",
            "8",
        ])
        .await;
    text(&sent, "code").to_owned()
}

async fn sync(stations: &[&Station]) {
    for station in stations {
        station.ok(&["sync", "--once"]).await;
    }
}

fn stages(shown: &Value) -> Vec<(String, String)> {
    let pair = |step: &Value| (text(step, "stage").to_owned(), text(step, "fit").to_owned());
    list(shown, "steps").iter().map(pair).collect()
}

fn is(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(stage, fit): &(&str, &str)| ((*stage).to_owned(), (*fit).to_owned());
    pairs.iter().map(owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wish_sent_without_a_network_becomes_a_booking_and_is_followed_by_its_code() {
    let mut relay = Relay::start(Server::Yilian).await;
    relay.stop().await;
    let worker = guest(&relay.url()).await;
    let code = wish(&worker).await;
    assert!(code.starts_with("keyun-"), "{code}");
    let offline = worker
        .run(&["request", "follow", &code, "--timeout", "2"])
        .await
        .expect(0);
    assert!(
        offline.text().contains("没有连上中继"),
        "{}",
        offline.text()
    );
    relay.start_again().await;
    worker.ok(&["sync", "--once"]).await;

    // The site gets what is sent to it, and accepts while it is offline; another site does not get it.
    let keyun = Station::new();
    keyun
        .init(&["--site", "keyun", "--hub", &relay.url(), "--author", "孙平"])
        .await;
    let jiefang = Station::site("jiefang-1", &relay.url()).await;
    let hub = Station::hub(&relay.url()).await;
    sync(&[&keyun, &jiefang, &hub]).await;
    for (station, count) in [(&keyun, 1), (&jiefang, 0), (&hub, 1)] {
        let listed = station.json(&["request", "list"]).await;
        assert_eq!(list(&listed, "submissions").len(), count, "{listed}");
    }
    relay.stop().await;
    keyun
        .ok(&["request", "accept", &code, "--note", "带身份证"])
        .await;
    let again = keyun.run(&["request", "accept", &code]).await.expect(1);
    assert!(again.text().contains("现在是“已受理”"), "{}", again.text());
    // The venue is promised: nobody else gets it then.
    let rival = wish(&keyun).await;
    let taken = keyun.run(&["request", "accept", &rival]).await.expect(1);
    assert!(taken.text().contains("已答应给 张三"), "{}", taken.text());
    keyun
        .ok(&["request", "decline", &rival, "--note", "已满"])
        .await;
    relay.start_again().await;
    keyun.ok(&["sync", "--once"]).await;

    // A computer that has nothing follows by the code alone, however it is written.
    let phone = guest(&relay.url()).await;
    let spoken = code.to_uppercase().replace('-', " ");
    let shown = phone.json(&["request", "follow", &spoken]).await;
    assert_eq!(text(&shown, "stage"), "accepted");
    assert_eq!(stages(&shown), is(&[("accepted", "moves")]));
    assert_eq!(text(&shown["booking"], "state"), "booked");
    assert_eq!(text(&shown["booking"], "confirmed_by"), "keyun/孙平");
    let said = phone.ok(&["request", "follow", &code]).await;
    for part in ["已受理", "孙平", "带身份证", "2027-01-20 09:00", "已预订"] {
        assert!(said.contains(part), "{part} is missing in {said}");
    }
    let listed = phone.json(&["request", "list"]).await;
    assert_eq!(list(&listed, "submissions").len(), 1, "it got nothing else");

    keyun.ok(&["request", "done", &code]).await;
    keyun.ok(&["sync", "--once"]).await;
    worker.ok(&["request", "follow", &code]).await;
    worker.ok(&["request", "confirm", &code]).await;
    sync(&[&worker, &keyun]).await;
    for part in [
        &code[code.len() - 7..],
        code.strip_prefix("keyun-").unwrap(),
    ] {
        let shown = keyun.json(&["request", "show", part]).await;
        assert_eq!(text(&shown, "stage"), "confirmed", "{part}");
    }
    let exported = keyun.ok(&["request", "export", "--format", "csv"]).await;
    let line = exported.lines().find(|line| line.starts_with(&code));
    let line = line.unwrap_or_else(|| panic!("{code} is missing in {exported}"));
    for part in ["预订", "张三", "工会小组会", "2027-01-20 09:00", "已确认"] {
        assert!(line.contains(part), "{part} is missing in {line}");
    }
    let accepted = ["request", "export", "--stage", "已受理", "--format", "csv"];
    assert_eq!(keyun.ok(&accepted).await.lines().count(), 1);
    let history = keyun.ok(&["request", "history", &code]).await;
    for part in ["已提交", "已受理", "已办结", "已确认", "keyun/孙平"] {
        assert!(history.contains(part), "{part} is missing in {history}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_code_says_so() {
    let relay = Relay::start(Server::Yilian).await;
    let worker = guest(&relay.url()).await;
    let code = wish(&worker).await;
    worker.ok(&["sync", "--once"]).await;
    let phone = guest(&relay.url()).await;
    let swap = if code.ends_with('2') { "3" } else { "2" };
    let typo = format!("{}{swap}", &code[..code.len() - 1]);
    let refused = phone.run(&["request", "follow", &typo]).await.expect(2);
    assert!(refused.text().contains("打错"), "{}", refused.text());
    let zero = format!("{}0", &code[..code.len() - 1]);
    let refused = phone.run(&["request", "follow", &zero]).await.expect(2);
    assert!(
        refused.text().contains("没有 0、1、i、l、o"),
        "{}",
        refused.text()
    );
    // A code that nobody has sent anything under: made elsewhere, never synced.
    let unsent = wish(&guest(&relay.url()).await).await;
    let refused = phone.run(&["request", "follow", &unsent]).await.expect(1);
    assert!(
        refused.text().contains("没有查询码为"),
        "{}",
        refused.text()
    );
    let missing = phone
        .run(&[
            "request", "send", "--site", "keyun", "--kind", "claim", "--name", "张三",
        ])
        .await
        .expect(1);
    assert!(missing.text().contains("还缺物资"), "{}", missing.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawal_that_crosses_an_acceptance_ends_the_same_everywhere() {
    let mut relay = Relay::start(Server::Yilian).await;
    let worker = guest(&relay.url()).await;
    let keyun = Station::new();
    keyun
        .init(&["--site", "keyun", "--hub", &relay.url(), "--author", "孙平"])
        .await;
    let code = wish(&worker).await;
    sync(&[&worker, &keyun]).await;
    relay.stop().await;
    worker
        .ok(&["request", "withdraw", &code, "--note", "不用了"])
        .await;
    keyun.ok(&["request", "accept", &code]).await;
    relay.start_again().await;
    sync(&[&keyun, &worker, &keyun]).await;
    let hub = Station::hub(&relay.url()).await;
    hub.ok(&["sync", "--once"]).await;

    for station in [&worker, &keyun, &hub] {
        let shown = station.json(&["request", "follow", &code]).await;
        assert_eq!(text(&shown, "stage"), "withdrawn");
        assert_eq!(
            stages(&shown),
            is(&[("accepted", "moves"), ("withdrawn", "crosses")])
        );
    }
    let found = |shown: &Value| -> Vec<String> {
        let findings = list(shown, "findings");
        ["illegal-step", "moot-booking"]
            .iter()
            .flat_map(|rule| of_rule(findings, rule))
            .map(|finding| text(finding, "id").to_owned())
            .collect()
    };
    let at_keyun = found(&keyun.json(&["findings"]).await);
    assert_eq!(at_keyun.len(), 2);
    assert_eq!(found(&hub.json(&["findings"]).await), at_keyun);
    for id in &at_keyun {
        keyun.ok(&["findings", "--fix", id]).await;
    }
    sync(&[&keyun, &hub]).await;
    for station in [&keyun, &hub] {
        assert_eq!(found(&station.json(&["findings"]).await), [""; 0]);
    }
    let shown = worker.json(&["request", "follow", &code]).await;
    assert_eq!(
        stages(&shown),
        is(&[("accepted", "void"), ("withdrawn", "moves")])
    );
    assert_eq!(text(&shown["booking"], "state"), "cancelled");
}

/// Sends a claim of three pairs of gloves to keyun.
async fn claim(worker: &Station) -> String {
    let sent = worker
        .json(&[
            "request", "send", "--site", "keyun", "--kind", "claim", "--name", "张三", "--item",
            "手套", "--count", "3",
        ])
        .await;
    text(&sent, "code").to_owned()
}

async fn stage(station: &Station, code: &str) -> String {
    let shown = station.json(&["request", "show", code]).await;
    text(&shown, "stage").to_owned()
}

/// What keyun ever gave out, and what this computer may give out, of gloves.
async fn gloves(station: &Station) -> (i64, i64) {
    let shown = station.json(&["supply", "list", "--site", "keyun"]).await;
    let mut stock = list(&shown, "stock").iter();
    let of_gloves = stock.rfind(|stock| text(stock, "name") == "手套");
    let number = |key: &str| of_gloves.map_or(0, |stock| stock[key].as_i64().unwrap());
    (number("given"), number("here"))
}

async fn contribute(station: &Station, count: &str) {
    let from = ["supply", "contribute", "手套", count, "--from", "爱心企业"];
    station.ok(&from).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wish_accepted_where_nobody_is_named_is_confirmed() {
    let site = Station::site("keyun", NOWHERE).await;
    let hub = Station::hub(NOWHERE).await;
    for (station, by) in [(&site, "keyun/keyun"), (&hub, "keyun/hub")] {
        for (noun, file) in [("site", "sites.csv"), ("venue", "venues.csv")] {
            let file = samples::jiaozuo(file).display().to_string();
            station.ok(&[noun, "import", &file]).await;
        }
        let code = wish_for(station, "多功能厅").await;
        station.ok(&["request", "accept", &code]).await;
        let shown = station.json(&["request", "show", &code]).await;
        assert_eq!(text(&shown["booking"], "confirmed_by"), by);
        let listed = station
            .json(&["booking", "list", "--site", "keyun", "--month", "2027-01"])
            .await;
        let grants: Vec<_> = list(&listed, "bookings")
            .iter()
            .map(|booking| text(booking, "grant"))
            .collect();
        assert_eq!(grants, ["confirmed"]);
    }
    let worker = guest(NOWHERE).await;
    let code = wish(&worker).await;
    let refused = worker.run(&["request", "accept", &code]).await.expect(1);
    assert!(refused.text().contains("访客不能"), "{}", refused.text());
    assert_eq!(stage(&worker, &code).await, "submitted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_that_is_done_is_given_once_by_a_computer_that_has_the_goods() {
    let relay = Relay::start(Server::Yilian).await;
    let worker = guest(&relay.url()).await;
    let front = Station::site("keyun", &relay.url()).await;
    let back = Station::site("keyun", &relay.url()).await;
    let hub = Station::hub(&relay.url()).await;
    contribute(&front, "10").await;
    let code = claim(&worker).await;
    sync(&[&worker, &front, &back, &hub]).await;
    let accept = ["request", "accept", &code];
    let done = ["request", "done", &code];
    let early = front.run(&done).await.expect(1);
    assert!(early.text().contains("已提交"), "{}", early.text());
    front.ok(&accept).await;
    sync(&[&front, &back, &hub]).await;

    // Who has none of it says so, and the claim stays as it was.
    let refused = back.run(&done).await.expect(1);
    let said = refused.text();
    assert!(said.contains("站内其他设备有 10"), "{said}");
    let refused = hub.run(&done).await.expect(1);
    assert!(refused.text().contains("不经手物资"), "{}", refused.text());
    for station in [&back, &hub] {
        assert_eq!(stage(station, &code).await, "accepted");
        assert_eq!(gloves(station).await.0, 0);
    }

    // Two that do have it hand it over, not knowing of each other: one gift.
    contribute(&back, "5").await;
    for station in [&front, &back] {
        station.ok(&done).await;
        assert_eq!(stage(station, &code).await, "done");
        assert_eq!(gloves(station).await.0, 3);
    }
    sync(&[&front, &back, &front, &hub, &worker]).await;
    let shown = worker.json(&["request", "follow", &code]).await;
    assert_eq!(
        stages(&shown),
        is(&[
            ("accepted", "moves"),
            ("done", "moves"),
            ("done", "repeats")
        ])
    );
    let (given, at_front) = gloves(&front).await;
    let (_, at_back) = gloves(&back).await;
    assert_eq!((given, at_front + at_back), (3, 12));
    let findings = hub.json(&["findings"]).await;
    let edited = of_rule(list(&findings, "findings"), "edited-ledger-line");
    assert_eq!(edited.len(), 0, "{findings}");
    // Two were really handed over: that two devices wrote the one line is told, and a stocktaking finds what is missing.
    let told = of_rule(list(&findings, "findings"), "field-conflict");
    let holders = told.iter().filter(|found| text(found, "field") == "holder");
    assert_eq!(holders.count(), 1, "{findings}");
    let counted = crate::write(&front, "counted.csv", "物资,数量\n手套,9\n".as_bytes());
    let shelf = front.json(&["supply", "export", "--stock"]).await;
    let today = text(&list(&shelf, "stock")[0], "at")[..10].to_owned();
    front
        .ok(&[
            "supply",
            "import",
            &counted,
            "--stocktaking",
            "--date",
            &today,
        ])
        .await;
    let (_, at_front) = gloves(&front).await;
    assert_eq!(at_front + at_back, 9);

    // Sent again, and done again: it was given, and is not given again, which is said.
    worker.ok(&["request", "reopen", &code]).await;
    sync(&[&worker, &front]).await;
    front.ok(&accept).await;
    let said = front.ok(&done).await;
    assert!(said.contains("这次没有再发"), "{said}");
    assert_eq!(stage(&front, &code).await, "done");
    assert_eq!(gloves(&front).await, (3, at_front));
    front.run(&done).await.expect(1);
    assert_eq!(gloves(&front).await, (3, at_front));
}
