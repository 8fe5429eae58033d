//! Writes `tests/released/<version>`: a small network's stores as the programs beside this one write them,
//! and what they show of them. `cargo xtask keep-release` builds the programs and runs it.
//!
//! The network has what later versions must go on to hold: records of every kind, edits by several
//! authors, a removal, a field that two set at once, a field and a collection that this version does not
//! know, and an edit that has not reached the hub.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "made of the test harness: whoever keeps a release reads why it failed"
)]

use std::path::Path;

use serde_json::{Value, json};
use yilian_tests::cli::{STORE, Station, list, text};
use yilian_tests::relay::{Relay, Server};
use yilian_tests::release::{self, HUB, MONTH, RELAY, SITE};
use yilian_tests::samod_client::{self, SamodClient};
use yilian_tests::samples;

const VERSION: &str = env!("CARGO_PKG_VERSION");

#[tokio::main]
async fn main() {
    let commit = std::env::args().nth(1).expect("the commit, as argument");
    let folder = release::root().join(VERSION);
    assert!(
        !folder.exists(),
        "{} is there: what was released does not change",
        folder.display()
    );
    let mut relay = Relay::start(Server::Yilian).await;
    let site = Station::new();
    let author = ["--site", SITE, "--hub", &relay.url(), "--author", "王芳"];
    site.init(&author).await;
    let hub = Station::hub(&relay.url()).await;
    let edited = play(&site, &hub, &relay).await;
    relay.stop().await;
    write_all(
        &folder,
        &commit,
        &relay,
        [(SITE, &site), (HUB, &hub)],
        &edited,
    )
    .await;
}

/// The network's story; answers the shifts that were edited.
async fn play(site: &Station, hub: &Station, relay: &Relay) -> Vec<String> {
    import(site).await;
    sync(&[site, hub]).await;
    let shown = ["roster", "show", "--month", MONTH];
    let roster = site.json(&shown).await;
    let shifts: Vec<String> = [2, 3, 5, 9].map(|day| front_desk(&roster, day)).to_vec();
    let [confirmed, contested, removed, later] = &shifts[..] else {
        unreachable!("four shifts were asked for")
    };

    set(site, confirmed, "state=confirmed").await;
    set(site, confirmed, "note=已确认").await;
    site.ok(&["roster", "undo", "--month", MONTH]).await;
    let added = ["name=孙平", "post=机动", "start=2026-12-20T09:00"];
    let end = ["end=2026-12-20T11:00", "note=替班"];
    site.ok(&[&["roster", "add"], &added[..], &end].concat())
        .await;

    set(site, contested, "note=改到后门").await;
    set(hub, contested, "note=带钥匙").await;
    site.ok(&["roster", "remove", removed]).await;
    set(hub, removed, "note=照常上班").await;
    sync(&[site, hub, site]).await;

    share(site, hub).await;
    sync(&[site, hub, site]).await;

    from_a_later_version(relay, confirmed).await;
    sync(&[site, hub]).await;

    set(site, later, "note=还没到中心").await;
    shifts
}

/// Rooms, of which two are asked for at once; goods that come and go; and what somebody sent and was told.
async fn share(site: &Station, hub: &Station) {
    for noun in ["venue", "service", "hours-exception", "booking"] {
        let file = beginning(site, &format!("{noun}s.csv"), SHARED);
        site.ok(&[noun, "import", &file]).await;
    }
    site.ok(&["drive", "add", "name=爱心互献", &format!("site={SITE}")])
        .await;
    let five = ["supply", "contribute", "手套", "5", "--unit", "双"];
    let given = ["--from", "总工会", "--drive", "爱心互献"];
    site.ok(&[&five[..], &given].concat()).await;
    site.ok(&["supply", "give", "手套", "2", "--to", "李师傅"])
        .await;
    let asked = [
        "--kind",
        "request",
        "--name",
        "李师傅",
        "--text",
        "空调不凉",
    ];
    let sent = site
        .json(&[&["request", "send"], &asked[..]].concat())
        .await;
    site.ok(&["request", "accept", text(&sent, "code")]).await;
    sync(&[site, hub]).await;

    let bookings = hub.json(&["booking", "list", "--month", MONTH]).await;
    let [first, ..] = &list(&bookings, "bookings")[..] else {
        unreachable!("bookings were imported")
    };
    hub.ok(&["booking", "confirm", text(first, "id")]).await;
    let again = ["venue", "start", "end"].map(|field| format!("{field}={}", text(first, field)));
    let again: Vec<&str> = again.iter().map(String::as_str).collect();
    let venue_site = ["--site", text(first, "site")];
    site.ok(&[&["booking", "add", "name=孙平"], &venue_site[..], &again].concat())
        .await;
}

/// So many lines of each sample file, header included: what is kept stays in the repository for ever.
const SITES: usize = 7;
const PEOPLE: usize = 13;
const SHIFTS: usize = 37;
const SHARED: usize = 5;

async fn import(site: &Station) {
    let sites = beginning(site, "sites.csv", SITES);
    site.ok(&["site", "import", &sites]).await;
    let people = beginning(site, "people.csv", PEOPLE);
    site.ok(&["person", "import", &people]).await;
    let posts = write(site, "posts.csv", "岗位,全天\n热线,是\n前台,否\n");
    site.ok(&["post", "import", &posts]).await;
    let roster = beginning(site, &format!("roster-{SITE}-{MONTH}.csv"), SHIFTS);
    site.ok(&["roster", "import", &roster, "--month", MONTH])
        .await;
}

fn beginning(site: &Station, sample: &str, lines: usize) -> String {
    let text = samples::text(sample);
    let lines: Vec<&str> = text.lines().take(lines).collect();
    write(site, sample, &lines.join("\n"))
}

fn write(site: &Station, name: &str, text: &str) -> String {
    let path = site.file(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

async fn sync(stations: &[&Station]) {
    for station in stations {
        station.ok(&["sync", "--once"]).await;
    }
}

async fn set(station: &Station, shift: &str, field: &str) {
    station.ok(&["roster", "set", shift, field]).await;
}

fn front_desk(roster: &Value, day: u32) -> String {
    let date = format!("{MONTH}-{day:02}");
    let found = list(roster, "shifts")
        .iter()
        .find(|shift| text(shift, "start").starts_with(&date) && text(shift, "post") == "前台");
    text(found.expect("each day has somebody at the desk"), "id").to_owned()
}

/// What a later version may write into a roster: a field and a collection that this one does not know.
async fn from_a_later_version(relay: &Relay, shift: &str) {
    let client = SamodClient::connect("a later version", &relay.url()).await;
    let roster = client.find(&release::roster_id()).await;
    let roster = roster.expect("the relay has the roster");
    let field = format!("{shift}/vehicle");
    samod_client::set(&roster, &["shifts", &field], "豫H-20391");
    samod_client::set(&roster, &["vehicles", "豫H-20391/seats"], "七座");
    client.acked(&roster).await;
    client.close().await;
}

async fn write_all(
    folder: &Path,
    commit: &str,
    relay: &Relay,
    stations: [(&str, &Station); 2],
    edited: &[String],
) {
    let mut shown = Vec::new();
    for (name, station) in stations {
        let mut all = release::shown(station, edited).await;
        all["shared"] = release::shared(station).await;
        shown.push((name, all));
    }
    keep_store(relay.data(), &folder.join(RELAY));
    for (name, station) in stations {
        keep_store(station.data(), &folder.join(name));
    }
    shown.push(("release", json!({"version": VERSION, "commit": commit})));
    for (name, value) in shown {
        let text = serde_json::to_string_pretty(&value).unwrap() + "\n";
        std::fs::write(folder.join(format!("{name}.json")), text).unwrap();
    }
}

fn keep_store(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    std::fs::copy(from.join(STORE), to.join(STORE)).unwrap();
    let log = from.join(format!("{STORE}-wal"));
    let is_closed = std::fs::metadata(log).map_or(true, |log| log.len() == 0);
    assert!(is_closed, "{} was not closed", from.display());
}
