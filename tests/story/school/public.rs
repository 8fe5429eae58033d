//! What a school shows to everybody: courses to choose from, certificates to check, and lessons that have their venue.

use yilian_core::school::Proof;
use yilian_tests::cli::{Station, list, text};
use yilian_tests::relay::{Relay, Server};

use super::{computer, import, listed, send, sync};
use crate::{findings, of_rule};

/// A course that leads to a certificate, and that whoever passes has taken.
const COURSE: &str = "急救员第99期";

/// The school's computer, with a course and somebody who enrolled by code and passed; and that somebody's telephone.
async fn taught(url: &str) -> (Station, Station, String) {
    let keyun = computer("keyun", "郭洋", url).await;
    import(&keyun, "site", "sites.csv").await;
    import(&keyun, "venue", "venues.csv").await;
    let name = format!("name={COURSE}");
    keyun
        .ok(&[
            "course",
            "add",
            &name,
            "certificate=急救员证",
            "valid_months=24",
        ])
        .await;
    let guest = Station::new();
    guest.init(&["--role", "guest", "--hub", url]).await;
    let code = send(&guest, "马骑手", "138 0000 1111", COURSE).await;
    sync(&[&guest, &keyun]).await;
    keyun.ok(&["request", "accept", &code]).await;
    let of_course = format!("course={COURSE}");
    keyun
        .ok(&[
            "assessment",
            "add",
            &of_course,
            "name=马骑手",
            "on=2026-11-28",
            "score=90",
        ])
        .await;
    keyun.ok(&["course", "certify", COURSE]).await;
    sync(&[&keyun, &guest]).await;
    (keyun, guest, code)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_student_has_the_certificate_by_code_and_anybody_checks_it_offline() {
    let mut relay = Relay::start(Server::Yilian).await;
    let url = relay.url();
    let (keyun, guest, code) = taught(&url).await;
    // A driver's telephone holds the courses, and nothing that says who takes them.
    let shown = listed(&guest, "course", "courses").await;
    assert_eq!(shown.len(), 1);
    assert_eq!(listed(&guest, "enrolment", "enrolments").await.len(), 0);
    let followed = guest.json(&["request", "follow", &code]).await;
    let proof = text(&followed["submission"], "proof").to_owned();
    assert!(
        proof.starts_with("YILIAN-CERT 1 jiaozuo keyun\n急救员证\n马骑手\n"),
        "{proof}"
    );

    // Neither at the gate nor on the telephone is there a network.
    relay.stop().await;
    let checked = guest.json(&["certificate", "check", &proof]).await;
    assert_eq!(text(&checked, "checked"), "valid");
    let mut forged: Proof = proof.parse().unwrap();
    forged.name = "张三".to_owned();
    let refused = guest
        .run(&["certificate", "check", &forged.to_string()])
        .await
        .expect(1);
    assert!(
        refused.text().contains("可能是伪造或改动过的"),
        "{}",
        refused.text()
    );
    // What is printed may be an address, which says the same.
    let printed = keyun
        .json(&[
            "certificate",
            "proof",
            "马骑手",
            "--page",
            "https://hub.example/",
        ])
        .await;
    let address = text(&printed, "text");
    assert!(
        address.starts_with("https://hub.example/#/certificate/"),
        "{address}"
    );
    let checked = guest.json(&["certificate", "check", address]).await;
    assert_eq!(text(&checked, "name"), "马骑手");

    // It is revoked: whoever has not heard of that does not know, and everybody does who has.
    keyun.ok(&["certificate", "revoke", "马骑手"]).await;
    let checked = guest.json(&["certificate", "check", &proof]).await;
    assert_eq!(text(&checked, "checked"), "valid");
    relay.start_again().await;
    sync(&[&keyun, &guest]).await;
    for station in [&keyun, &guest] {
        let revoked = station
            .run(&["certificate", "check", &proof])
            .await
            .expect(1);
        assert!(revoked.text().contains("已吊销"), "{}", revoked.text());
    }
    assert_eq!(
        of_rule(&findings(&keyun).await, "unpublished-certificate").len(),
        0
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_changed_by_hand_is_made_known_by_a_repair() {
    let relay = Relay::start(Server::Yilian).await;
    let (keyun, guest, code) = taught(&relay.url()).await;
    let followed = guest.json(&["request", "follow", &code]).await;
    let proof = text(&followed["submission"], "proof").to_owned();
    keyun
        .ok(&["certificate", "set", "马骑手", "revoked_on=2026-11-29"])
        .await;
    let found = findings(&keyun).await;
    let [unsaid] = &of_rule(&found, "unpublished-certificate")[..] else {
        panic!("not one finding in {found:#?}");
    };
    keyun.ok(&["findings", "--fix", text(unsaid, "id")]).await;
    sync(&[&keyun, &guest]).await;
    let revoked = guest.run(&["certificate", "check", &proof]).await.expect(1);
    assert!(revoked.text().contains("已吊销"), "{}", revoked.text());
}

/// The bookings that hold, of all sites.
async fn booked(station: &Station) -> Vec<String> {
    let shown = station.json(&["booking", "list"]).await;
    let held = list(&shown, "bookings").iter();
    let mut held: Vec<String> = held
        .filter(|one| one["removed_at"].is_null() && text(one, "state") == "booked")
        .map(|one| {
            let by = one["confirmed_by"].as_str().unwrap_or_default();
            format!("{} {} {by}", text(one, "start"), text(one, "purpose"))
        })
        .collect();
    held.sort();
    held
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lessons_have_their_venues_and_keep_them_when_they_move() {
    let relay = Relay::start(Server::Yilian).await;
    let url = relay.url();
    let keyun = computer("keyun", "郭洋", &url).await;
    import(&keyun, "site", "sites.csv").await;
    import(&keyun, "venue", "venues.csv").await;
    keyun
        .ok(&["course", "add", &format!("name={COURSE}")])
        .await;
    let venues = listed(&keyun, "venue", "venues").await;
    let elsewhere = venues
        .iter()
        .find(|one| text(one, "site") == "jiefang-1" && text(one, "name") == "休息厅");
    let elsewhere = text(elsewhere.unwrap(), "id").to_owned();
    let lesson = async |name: &str, start: &str, end: &str, venue: &str| {
        let fields = [
            format!("course={COURSE}"),
            format!("name={name}"),
            format!("start={start}"),
            format!("end={end}"),
            format!("venue={venue}"),
        ];
        let all: Vec<&str> = ["session", "add"]
            .into_iter()
            .chain(fields.iter().map(String::as_str))
            .collect();
        keyun.ok(&all).await;
    };
    lesson("第一课", "2095-03-01 19:00", "2095-03-01 21:00", "培训教室").await;
    lesson("第二课", "2095-03-08 19:00", "2095-03-08 21:00", &elsewhere).await;
    // What is over needs no venue.
    lesson("第零课", "2025-03-08 19:00", "2025-03-08 21:00", "培训教室").await;
    // Of another site's bookings of a month that nobody began, this computer does not say that nothing is booked.
    let unbooked = async |month: &str| {
        let found = keyun.json(&["findings", "--month", month]).await;
        let found = list(&found, "findings").to_vec();
        let of_rule = of_rule(&found, "unbooked-session");
        of_rule.into_iter().cloned().collect::<Vec<_>>()
    };
    assert_eq!(unbooked("2095-03").await.len(), 1);
    keyun.ok(&["course", "book", COURSE]).await;
    // Its own venue it promises itself, and as the county's centre that of another site.
    let first = "2095-03-01T19:00 第一课 keyun/郭洋";
    let second = "2095-03-08T19:00 第二课 keyun/郭洋";
    assert_eq!(booked(&keyun).await, [first, second]);
    assert_eq!(unbooked("2095-03").await.len(), 0);
    keyun.ok(&["course", "book", COURSE]).await;
    assert_eq!(booked(&keyun).await, [first, second]);

    // A lesson moves to another month, another lesson goes.
    keyun
        .ok(&[
            "session",
            "set",
            "第一课",
            "start=2095-04-05 19:00",
            "end=2095-04-05 21:00",
        ])
        .await;
    let found = unbooked("2095-04").await;
    let [one] = &found[..] else {
        panic!("not one finding: {found:#?}");
    };
    assert!(text(&one["text"], "zh").contains("第一课"), "{one}");
    keyun
        .ok(&["findings", "--month", "2095-04", "--fix", text(one, "id")])
        .await;
    assert_eq!(
        booked(&keyun).await,
        [
            "2095-03-08T19:00 第二课 keyun/郭洋",
            "2095-04-05T19:00 第一课 "
        ]
    );
    keyun.ok(&["session", "remove", "第二课"]).await;
    keyun.ok(&["course", "book", COURSE]).await;
    assert_eq!(booked(&keyun).await, ["2095-04-05T19:00 第一课 keyun/郭洋"]);
}
