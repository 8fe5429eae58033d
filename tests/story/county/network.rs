//! The systems on a county's records: sites edit without a network, the hub merges, and reports add up to what was written.
//!
//! Method: relay and hub have everything that the county wrote; two sites' computers are new and get what they subscribe to. What
//! is expected of a report is counted from the generator's documents, field by field.

use std::collections::BTreeMap;

use serde_json::Value;
use yilian_core::document::{DocumentId, LiveDocument, Name};
use yilian_core::records::{Booking, EntryKind, LedgerEntry, Shift};
use yilian_tests::cli::{Station, list, text};
use yilian_tests::county::{Computer, County, Document};
use yilian_tests::relay::Relay;

use super::SEED;
use crate::{MONTH, findings, id, of_rule, shift_on, shifts};

/// A home with three venues, and the site that gets its goods, whatever the county's size.
const HOME: &str = "shanyang-1";
const NEXT: &str = "zhongzhan-2";

const GLOVES: &str = "手套";

/// The county's computers that take part.
struct Network {
    relay: Relay,
    hub: Station,
    home: Station,
    next: Station,
}

/// What the county's documents have, counted record by record.
#[derive(Debug, Default, PartialEq)]
struct Counted {
    /// Shifts of the current month that end after they start.
    shifts: usize,
    /// Bookings of the current month.
    bookings: usize,
    /// Submissions, ever.
    submissions: usize,
    /// Goods, ever: given to sites, given out by them, sent and received.
    goods: [i64; 4],
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_system_runs_on_a_county() {
    let county = County::new(SEED, super::scale());
    let mut network = Network::of(&county).await;
    reports_add_up(&network.hub, &Counted::of(&county)).await;
    rosters_merge(&mut network).await;
    a_venue_is_one_s(&mut network).await;
    goods_go_out_once(&mut network).await;
    a_request_is_seen_to(&network).await;
    assert_eq!(network.hub.json(&["status"]).await["waiting"], 0);
    for station in [&network.hub, &network.home, &network.next] {
        station.ok(&["doctor"]).await;
    }
}

impl Network {
    async fn of(county: &County) -> Network {
        let (hub, relay) = (Station::new(), Relay::fresh());
        county
            .write_stores(
                &[(Computer::Hub, hub.data()), (Computer::Relay, relay.data())],
                |_| {},
            )
            .unwrap();
        let relay = relay.start().await;
        let (home, next) = (Station::new(), Station::new());
        for (station, who) in [
            (&hub, &["--role", "hub"][..]),
            (&home, &["--site", HOME, "--author", "值班室"]),
            (&next, &["--site", NEXT, "--author", "站长"]),
        ] {
            let url = relay.url();
            let network = ["init", "--network", "county", "--hub", &url];
            station.ok(&[&network[..], who].concat()).await;
        }
        let network = Network {
            relay,
            hub,
            home,
            next,
        };
        network.sync().await;
        network
    }

    /// All computers come online in turn, twice: what the last one brings, the first ones get.
    async fn sync(&self) {
        for _ in 0..2 {
            for station in [&self.home, &self.next, &self.hub] {
                station.ok(&["sync", "--once"]).await;
            }
        }
    }
}

impl Counted {
    fn of(county: &County) -> Counted {
        let mut counted = Counted::default();
        for document in county.documents() {
            counted.add(county, &document);
        }
        counted
    }

    fn add(&mut self, county: &County, document: &Document) {
        match &document.name {
            Name::Inbox { .. } => self.submissions += 1,
            Name::Roster { month, .. } if *month == county.last() => {
                let live = live(county, document);
                let shifts = live.view().present::<Shift>();
                let periods = shifts.filter_map(|(shift, _)| shift.period());
                self.shifts += periods.filter(|(start, end)| start < end).count();
            }
            Name::Bookings { month, .. } if *month == county.last() => {
                self.bookings += live(county, document).view().present::<Booking>().count();
            }
            Name::Supplies { .. } => {
                let live = live(county, document);
                for (line, _) in live.view().present::<LedgerEntry>() {
                    let at = match line.kind {
                        EntryKind::Contribution => 0,
                        EntryKind::Gift => 1,
                        EntryKind::Transfer => 2,
                        EntryKind::Receipt => 3,
                        _ => continue,
                    };
                    self.goods[at] += line.count.unwrap();
                }
            }
            _ => {}
        }
    }
}

pub(super) fn live(county: &County, document: &Document) -> LiveDocument {
    let id = DocumentId::of(&county.network(), &document.name);
    let mut live = LiveDocument::new(id, document.name.clone(), [1; 16]);
    let changes = document.changes.iter();
    let changes = changes.map(|bytes| automerge::Change::from_bytes(bytes.clone()).unwrap());
    live.apply(changes.collect()).unwrap();
    live
}

async fn reports_add_up(hub: &Station, counted: &Counted) {
    let month = ["--from", "2026-12-01", "--to", "2026-12-31"];
    let ever = ["--from", "2020-01-01", "--to", "2026-12-31"];
    let report = async |what: &str, days: &[&str]| -> Value {
        hub.json(&[&["report", what], days].concat()).await
    };
    let number = |report: &Value, column: &str| report["totals"][column].as_i64().unwrap();
    let rosters = report("roster", &month).await;
    let [by_person, by_day] = list(&rosters, "reports") else {
        panic!("{rosters}");
    };
    let bookings = report("bookings", &month).await;
    let venues = &list(&bookings, "reports")[0];
    let requests = report("requests", &ever).await;
    let supplies = report("supplies", &ever).await;
    // Pairs and bottles are not added up: each item has its line.
    let of_items = |column: &str| {
        let rows = list(&list(&supplies, "reports")[0], "rows").iter();
        rows.map(|row| row[column].as_i64().unwrap()).sum()
    };
    let shown = Counted {
        shifts: list(by_day, "rows").len(),
        bookings: number(venues, "bookings") as usize,
        submissions: number(&list(&requests, "reports")[0], "count") as usize,
        goods: ["contributed", "given", "sent", "received"].map(of_items),
    };
    assert_eq!(shown, *counted);
    let hours = |report: &Value| report["totals"]["hours"].as_f64().unwrap();
    assert!(hours(by_person) > 1_000.0, "{}", by_person["totals"]);
    assert_eq!(hours(by_person), hours(by_day));
    // One file for the union, of everything.
    let file = hub.file("use.xlsx").display().to_string();
    hub.ok(&[&["report", "supplies", "--out", &file][..], &ever].concat())
        .await;
    assert!(std::fs::metadata(&file).unwrap().len() > 5_000);
}

/// The findings of one rule about one record.
async fn found(station: &Station, rule: &str, record: &str) -> Vec<String> {
    let found = findings(station).await;
    of_rule(&found, rule)
        .iter()
        .filter(|finding| finding.to_string().contains(record))
        .map(|finding| text(finding, "id").to_owned())
        .collect()
}

async fn rosters_merge(network: &mut Network) {
    let (hub, home) = (&network.hub, &network.home);
    network.relay.stop().await;
    // A day on which the generator does nothing odd at this site.
    let shift = shift_on(&shifts(home, HOME).await, "2026-12-24", "值守").clone();
    home.ok(&[
        "roster",
        "set",
        id(&shift),
        "note=改到后门",
        "state=confirmed",
    ])
    .await;
    let post = [
        "name=孙平",
        "post=机动",
        "start=2026-12-24T09:00",
        "end=2026-12-24T11:00",
    ];
    home.ok(&[&["roster", "add"], &post[..]].concat()).await;
    hub.ok(&["roster", "set", id(&shift), "note=带钥匙"]).await;
    network.relay.start_again().await;
    network.sync().await;

    let merged = shifts(hub, HOME).await;
    for station in [&network.home, &network.next] {
        assert_eq!(shifts(station, HOME).await, merged);
    }
    let one = merged.iter().find(|one| id(one) == id(&shift)).unwrap();
    assert_eq!(text(one, "state"), "confirmed");
    shift_on(&merged, "2026-12-24", "机动");
    let at_hub = found(hub, "field-conflict", id(&shift)).await;
    assert_eq!(at_hub.len(), 1);
    assert_eq!(
        found(&network.home, "field-conflict", id(&shift)).await,
        at_hub
    );
    hub.ok(&["findings", "--month", MONTH, "--fix", &at_hub[0]])
        .await;
    network.sync().await;
    assert_eq!(
        found(&network.home, "field-conflict", id(&shift)).await,
        [""; 0]
    );
}

async fn a_venue_is_one_s(network: &mut Network) {
    network.relay.stop().await;
    let book = async |station: &Station, name: &str| -> String {
        // Nobody of the county books at noon.
        let when = ["start=2026-12-22 12:00", "end=2026-12-22 13:00", "people=8"];
        let name = format!("name={name}");
        let what = ["booking", "add", "--site", HOME, "venue=会议室", &name];
        let added = station.json(&[&what[..], &when].concat()).await;
        text(&added, "id").to_owned()
    };
    let booked = [
        book(&network.home, "王芳").await,
        book(&network.next, "李超").await,
    ];
    network.relay.start_again().await;
    network.sync().await;
    let grants = async |station: &Station| -> BTreeMap<String, String> {
        let shown = ["booking", "list", "--site", HOME, "--month", MONTH];
        let shown = station.json(&shown).await;
        let all = list(&shown, "bookings").iter();
        all.map(|one| (text(one, "id").to_owned(), text(one, "grant").to_owned()))
            .collect()
    };
    let at_hub = grants(&network.hub).await;
    for station in [&network.home, &network.next] {
        assert_eq!(grants(station).await, at_hub);
    }
    let bumped = booked.iter().find(|id| at_hub[*id] == "bumped").unwrap();
    let granted = booked.iter().find(|id| at_hub[*id] == "granted").unwrap();
    let shown = network.hub.json(&["booking", "show", bumped]).await;
    assert!(!list(&shown, "alternatives").is_empty(), "{shown}");
    assert_eq!(found(&network.hub, "bumped-booking", bumped).await.len(), 1);

    // The hub's promise stands, everywhere.
    network.hub.ok(&["booking", "confirm", bumped]).await;
    network.sync().await;
    for station in [&network.hub, &network.home, &network.next] {
        let now = grants(station).await;
        assert_eq!((&*now[bumped], &*now[granted]), ("confirmed", "bumped"));
    }
}

async fn goods_go_out_once(network: &mut Network) {
    let (home, next) = (&network.home, &network.next);
    let stock = async |station: &Station, site: &str, key: &str| -> i64 {
        let shown = station.json(&["supply", "list", "--site", site]).await;
        let mut stock = list(&shown, "stock").iter();
        let gloves = stock.find(|stock| text(stock, "name") == GLOVES);
        gloves.map_or(0, |stock| stock[key].as_i64().unwrap())
    };
    let (held, arriving) = (
        stock(home, HOME, "held").await,
        stock(next, NEXT, "arriving").await,
    );
    let from = ["--from", "爱心企业", "--drive", "2026 年冬爱心互献"];
    home.ok(&[&["supply", "contribute", GLOVES, "10"], &from[..]].concat())
        .await;
    network.relay.stop().await;
    let give = |count: &'static str| ["supply", "give", GLOVES, count, "--to", "李师傅"];
    home.ok(&give("3")).await;
    // What the site's other computers hold, this one does not give out; nor does another site.
    home.run(&give("8")).await.expect(1);
    next.run(&give("1")).await.expect(1);
    let sent = home
        .json(&["supply", "send", GLOVES, "4", "--to-site", NEXT])
        .await;
    network.relay.start_again().await;
    network.sync().await;
    for station in [&network.hub, home, next] {
        assert_eq!(stock(station, HOME, "held").await, held + 3);
        assert_eq!(stock(station, NEXT, "arriving").await, arriving + 4);
    }
    // The goods are for the computer that the site has had for years, not for one that came today.
    let line = text(&sent, "line");
    let refused = next.run(&["supply", "receive", line]).await.expect(1);
    assert!(refused.text().contains("值班电脑"), "{}", refused.text());
}

async fn a_request_is_seen_to(network: &Network) {
    let guest = Station::new();
    let url = network.relay.url();
    guest
        .ok(&[
            "init",
            "--network",
            "county",
            "--role",
            "guest",
            "--hub",
            &url,
        ])
        .await;
    let what = ["request", "send", "--site", HOME, "--kind", "request"];
    let who = ["--name", "张三", "--text", "充电口坏了"];
    let sent = guest.json(&[&what[..], &who].concat()).await;
    let code = text(&sent, "code");
    guest.ok(&["sync", "--once"]).await;
    network.sync().await;
    network.home.ok(&["request", "accept", code]).await;
    network.home.ok(&["request", "done", code]).await;
    network.sync().await;
    let shown = guest.json(&["request", "follow", code]).await;
    assert_eq!(text(&shown, "stage"), "done");
    guest.ok(&["request", "confirm", code]).await;
    guest.ok(&["sync", "--once"]).await;
    network.sync().await;
    for station in [&network.hub, &network.home] {
        let shown = station.json(&["request", "show", code]).await;
        assert_eq!(text(&shown, "stage"), "confirmed");
    }
    // Another site knows nothing of it.
    network.next.run(&["request", "show", code]).await.expect(1);
}
