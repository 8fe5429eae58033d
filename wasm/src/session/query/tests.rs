#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use bytes::Bytes;
use serde_json::{Value as Json, json};
use yilian_core::ordered::BTreeMap;

use super::super::{Options, Order, Session, SessionError, Signal};
use super::*;

mod cases;
mod school;

/// 2026-12-05T01:30:00Z, which is 09:30 in Shanghai.
const NOW_MS: u64 = 1_796_434_200_000;

/// A browser with a store of its own.
struct Browser {
    session: Session,
    stored: BTreeMap<String, Vec<Bytes>>,
    acts: u8,
    number: u8,
}

impl Browser {
    fn new(number: u8, author: &str) -> Self {
        Self::with(number, author, Json::Null)
    }

    /// The county's centre, which keeps everything.
    fn hub(number: u8) -> Self {
        let mut hub = Self::with(number, "县级中心", json!("hub"));
        hub.session.lead();
        hub
    }

    /// The hub's browser once more, on what it has stored.
    fn again(&self) -> Self {
        let documents: Vec<Json> = self
            .session
            .names()
            .iter()
            .filter_map(|name| {
                let id = self.session.id_of(name);
                let (_, heads) = self.session.replica.document(id)?;
                let heads: Vec<String> = heads.iter().map(ToString::to_string).collect();
                Some(json!({"id": id.to_string(), "name": name.to_string(), "heads": heads}))
            })
            .collect();
        let mut again = Self::on(self.number + 1, "县级中心", json!("hub"), json!(documents));
        again.stored = self.stored.clone();
        again.session.lead();
        again
    }

    fn with(number: u8, author: &str, role: Json) -> Self {
        Self::on(number, author, role, json!([]))
    }

    fn on(number: u8, author: &str, role: Json, documents: Json) -> Self {
        let options = json!({
            "documents": documents,
            "network": "jiaozuo",
            "peerId": format!("tab-{number}"),
            "storageId": format!("store-{number}"),
            "author": (!author.is_empty()).then_some(author),
            "role": role,
            "offsetMinutes": 480,
        });
        let mut session = Session::new(Options::read(&options.to_string()).unwrap(), [number; 32]);
        session.set_holder(&format!("browser-{number}.1"));
        Self {
            session,
            stored: BTreeMap::new(),
            acts: 0,
            number,
        }
    }

    fn open(&mut self, name: &str) {
        self.session.open(&name.parse().unwrap());
        self.work();
    }

    fn work(&mut self) {
        while let Some((signal, bytes)) = self.session.poll() {
            match signal {
                Signal::Arrived {
                    document, changes, ..
                } => self.session.build(document, changes),
                Signal::Behind { document } => self.session.apply(document, u32::MAX),
                Signal::Load { document } => {
                    let name = self.session.name_of(document).unwrap().to_string();
                    let changes = self.stored.get(&name).map(|changes| changes.concat());
                    let changes = Bytes::from(changes.unwrap_or_default());
                    self.session.loaded(document, Some((changes, Some(name))));
                }
                Signal::Store { document, name, .. } => {
                    self.stored.entry(name.unwrap()).or_default().push(bytes);
                    self.session.stored(document, true);
                }
                Signal::Changed(_) | Signal::Settled { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }

    fn edit(&mut self, name: &str, orders: Json) -> Result<Edited, SessionError> {
        self.open(name);
        loop {
            let orders = Order::read_all(&orders.to_string())?;
            let edited = self
                .session
                .edit(&name.parse().unwrap(), orders, "", NOW_MS)?;
            self.work();
            if edited.opens.is_empty() {
                return Ok(edited);
            }
            edited
                .opens
                .iter()
                .for_each(|name| self.open(&name.to_string()));
        }
    }

    fn add(&mut self, name: &str, collection: &str, fields: Json) -> String {
        let orders = json!([{"op": "add", "collection": collection, "fields": fields}]);
        self.edit(name, orders).unwrap().records[0].to_string()
    }

    fn act(&mut self, act: &str, args: Json) -> Result<Edited, SessionError> {
        self.acts += 1;
        let random = [self.acts ^ (self.number << 4); 16];
        loop {
            let edited = self.session.act(act, &args.to_string(), random, NOW_MS)?;
            self.work();
            if edited.opens.is_empty() {
                return Ok(edited);
            }
            edited
                .opens
                .iter()
                .for_each(|name| self.open(&name.to_string()));
        }
    }

    fn reading(&mut self, query: &str, args: &Json, now_ms: u64) -> Reading {
        loop {
            let reading = self
                .session
                .query(query, &args.to_string(), now_ms)
                .unwrap();
            let missing = |name: &&Name| !self.session.is_built(name);
            let missing: Vec<Name> = reading.opens.iter().filter(missing).cloned().collect();
            if missing.is_empty() {
                return reading;
            }
            missing.iter().for_each(|name| self.open(&name.to_string()));
        }
    }

    fn ask(&mut self, query: &str, args: Json) -> Json {
        json(&self.reading(query, &args, NOW_MS))
    }

    /// The documents that are opened to answer.
    fn opened(&mut self, query: &str, args: &Json) -> Vec<String> {
        let reading = self.session.query(query, &args.to_string(), NOW_MS);
        let opens = reading.unwrap().opens;
        opens.iter().map(ToString::to_string).collect()
    }

    fn close_all(&mut self) {
        for name in self.session.names() {
            while self.session.is_built(&name) {
                self.session.close(&name);
            }
        }
        self.work();
    }

    /// Gets what another browser has stored, as from another tab: nothing is opened for that.
    fn told(&mut self, other: &Self) {
        for (name, changes) in &other.stored {
            let stored = self.stored.entry(name.clone()).or_default();
            let new: Vec<Bytes> = changes
                .iter()
                .filter(|change| !stored.contains(change))
                .cloned()
                .collect();
            stored.extend(new.iter().cloned());
            let name: Name = name.parse().unwrap();
            for changes in new {
                self.session.announced(&name, changes);
            }
            self.work();
        }
    }

    /// Gets all that another browser has stored.
    fn hear(&mut self, other: &Self) {
        for (name, changes) in &other.stored {
            self.open(name);
            let stored = self.stored.entry(name.clone()).or_default();
            stored.extend(changes.iter().cloned());
            let name: Name = name.parse().unwrap();
            for changes in changes {
                self.session.announced(&name, changes.clone());
            }
            self.work();
        }
    }
}

fn json(reading: &Reading) -> Json {
    serde_json::from_str(&reading.json).unwrap()
}

fn meet(one: &mut Browser, other: &mut Browser) {
    one.hear(other);
    other.hear(one);
}

/// Two browsers that know a hub, and a site below it with a room.
fn network() -> (Browser, Browser, String) {
    let (mut one, mut two) = (
        Browser::new(1, "keyun/傅玉兰"),
        Browser::new(2, "jiefang-1/萧平"),
    );
    let site = |key: &str, level: &str, lat: f64| {
        json!({
            "key": key, "name": key, "level": level, "hours": "08:00-18:00",
            "lat": lat, "lng": 113.2, "amenities": ["water"],
        })
    };
    one.add("sites", "sites", site("keyun", "home", 35.2));
    one.add("sites", "sites", site("jiefang-1", "station", 35.3));
    let venue = one.add(
        "sites",
        "venues",
        json!({"site": "keyun", "name": "一号会议室"}),
    );
    two.hear(&one);
    (one, two, venue)
}

fn wish(venue: &str, name: &str) -> Json {
    json!({
        "venue": venue, "name": name,
        "start": "2026-12-31T14:00", "end": "2026-12-31T16:00",
    })
}

const DECEMBER: &str = "bookings/keyun/2026-12";
const JANUARY: &str = "bookings/keyun/2027-01";

fn december(browser: &mut Browser) -> Vec<Json> {
    let bookings = browser.ask("bookings", json!({"site": "keyun", "months": ["2026-12"]}));
    bookings.as_array().unwrap().clone()
}

#[test]
fn of_two_bookings_made_apart_one_is_bumped_everywhere_until_the_other_is_confirmed() {
    let (mut one, mut two, venue) = network();
    one.act("book", wish(&venue, "傅玉兰")).unwrap();
    two.act("book", wish(&venue, "萧平")).unwrap();
    assert_eq!(december(&mut one)[0]["grant"], "granted");
    meet(&mut one, &mut two);
    let (seen, same) = (december(&mut one), december(&mut two));
    assert_eq!(seen, same);
    assert_eq!(seen.len(), 2);
    let find = |of: &[Json], grant: &str| of.iter().find(|one| one["grant"] == grant).cloned();
    let (granted, bumped) = (
        find(&seen, "granted").unwrap(),
        find(&seen, "bumped").unwrap(),
    );
    assert_eq!(bumped["bumped_by"], granted["id"]);
    assert_eq!(granted["site"], "keyun");

    let confirm = json!({"document": DECEMBER, "booking": bumped["id"]});
    let refused = two.act("confirm", confirm.clone()).unwrap_err();
    assert_eq!(refused.code(), "NotYours");
    one.act("confirm", confirm).unwrap();
    let seen = december(&mut one);
    assert_eq!(find(&seen, "confirmed").unwrap()["id"], bumped["id"]);
    assert_eq!(find(&seen, "bumped").unwrap()["id"], granted["id"]);
    let other = json!({"document": DECEMBER, "booking": granted["id"]});
    let refused = one.act("confirm", other).unwrap_err();
    assert_eq!(refused.code(), "InboxRefused");

    let others = one.ask(
        "alternatives",
        json!({"document": DECEMBER, "booking": granted["id"]}),
    );
    assert_eq!(others[0]["slot"]["start"], "2026-12-31T12:00");
    let free = one.ask("freeSlots", json!({"venue": venue, "day": "2026-12-31"}));
    let times: Vec<_> = free
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| &slot["start"])
        .collect();
    assert_eq!(times, ["2026-12-31T08:00", "2026-12-31T16:00"]);
}

#[test]
fn what_is_confirmed_is_no_more_when_its_time_changes_and_moves_to_its_month() {
    let (mut one, _, venue) = network();
    let id = one.act("book", wish(&venue, "傅玉兰")).unwrap().records[0].to_string();
    one.act("confirm", json!({"document": DECEMBER, "booking": id}))
        .unwrap();
    let set = |fields: Json| json!([{"op": "set", "collection": "bookings", "record": id, "fields": fields}]);
    one.edit(DECEMBER, set(json!({"note": "带投影"}))).unwrap();
    assert_eq!(december(&mut one)[0]["grant"], "confirmed");
    one.edit(
        DECEMBER,
        set(json!({"start": "2027-01-01T14:00", "end": "2027-01-01T16:00"})),
    )
    .unwrap();
    assert!(december(&mut one).is_empty());
    let january = one.ask("bookings", json!({"site": "keyun", "months": ["2027-01"]}));
    assert_eq!(january[0]["id"], json!(id));
    assert_eq!(january[0]["document"], JANUARY);
    assert_eq!(january[0]["grant"], "granted");
    assert_eq!(january[0]["confirmed_by"], "");
    assert_eq!(january[0]["note"], "带投影");
}

#[test]
fn what_a_record_is_known_by_never_changes() {
    let (mut one, _, venue) = network();
    let set = |fields: Json| json!([{"op": "set", "collection": "venues", "record": venue, "fields": fields}]);
    one.edit("sites", set(json!({"name": "一号会议室", "capacity": 20})))
        .unwrap();
    let refused = one
        .edit("sites", set(json!({"name": "二号会议室"})))
        .unwrap_err();
    assert_eq!(refused.code(), "InvalidField");
    let again = one.add(
        "sites",
        "venues",
        json!({"site": "keyun", "name": "一号会议室"}),
    );
    assert_eq!(again, venue);
    let other = json!([{
        "op": "add", "collection": "venues", "record": "01a20d6e-6fca-76fa-a6b6-707d3605898e",
        "fields": {"site": "keyun", "name": "三号会议室"},
    }]);
    assert_eq!(
        one.edit("sites", other).unwrap_err().code(),
        "InvalidArgument"
    );
}

#[test]
fn what_is_open_near_is_asked_again_when_a_site_closes_or_opens() {
    let (mut one, ..) = network();
    let args = json!({"near": [35.3, 113.2], "amenities": ["water"]});
    let reading = one.reading("openNear", &args, NOW_MS);
    let (half_past_eight, nine) = (8 * 3_600_000 + 1_800_000, 9 * 3_600_000);
    // At six in the evening, and then at eight in the morning.
    assert_eq!(reading.until_ms, Some(NOW_MS + half_past_eight));
    let near = json(&reading);
    let keys: Vec<_> = near
        .as_array()
        .unwrap()
        .iter()
        .map(|near| &near["site"]["key"])
        .collect();
    assert_eq!(keys, ["jiefang-1", "keyun"]);
    assert_eq!(near[0]["open_until"], "2026-12-05T18:00");
    let evening = one.reading("openNear", &args, NOW_MS + nine);
    assert_eq!(json(&evening), json!([]));
    assert_eq!(
        evening.until_ms,
        Some(NOW_MS + half_past_eight + 14 * 3_600_000)
    );
    let at = json!({"at": "2026-12-06T08:00", "max": 1});
    let reading = one.reading("openNear", &at, NOW_MS);
    assert_eq!(json(&reading).as_array().unwrap().len(), 1);
    assert_eq!(reading.until_ms, None);
}

#[test]
fn goods_are_given_out_only_by_whoever_holds_them() {
    let (mut one, mut two, _) = network();
    let new = json!({"name": "手套", "unit": "双"});
    one.act(
        "contribute",
        json!({"site": "keyun", "new": new, "count": 5, "party": "总工会"}),
    )
    .unwrap();
    two.hear(&one);
    let goods = two.ask("goods", json!({"site": "keyun"}));
    let item = &goods["items"][0];
    assert_eq!((&item["here"], &item["elsewhere"]), (&json!(0), &json!(5)));
    assert_eq!(item["record"]["name"], "手套");
    let give = json!({"site": "keyun", "item": item["item"], "count": 3});
    let refused = two.act("give", give.clone()).unwrap_err();
    assert_eq!(refused.code(), "GoodsRefused");
    assert!(refused.text().unwrap().zh.contains('5'), "{refused}");
    one.act("give", give.clone()).unwrap();
    // Also once what is here is known without the document being open.
    one.ask("goods", json!({"site": "keyun"}));
    one.close_all();
    assert_eq!(
        one.act("give", give.clone()).unwrap_err().code(),
        "GoodsRefused"
    );
    let last = json!({"site": "keyun", "item": item["item"], "count": 1});
    one.close_all();
    one.act("give", last).unwrap();
    let new = json!({"name": "手套", "unit": "双"});
    one.close_all();
    one.act(
        "contribute",
        json!({"site": "keyun", "new": new, "count": 1}),
    )
    .unwrap();

    // What it lacks, the other is asked for; its clerk answers.
    let claim = json!({"site": "keyun", "item": item["item"], "count": 2, "party": "李师傅"});
    two.act("claim", claim).unwrap();
    one.hear(&two);
    one.act("clerk", json!({"site": "keyun"})).unwrap();
    two.hear(&one);
    let goods = two.ask("goods", json!({"site": "keyun"}));
    assert_eq!(goods["claims"][0]["state"], "given");
    assert_eq!(goods["items"][0]["held"], 0);
    let giving = two.ask("giving", json!({"site": "keyun"}));
    assert_eq!(giving["rows"][0]["given"], 6);
    assert!(
        giving["parties"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["party"] == "李师傅")
    );
}

#[test]
fn a_wish_that_is_sent_becomes_a_booking_and_is_followed_by_its_code() {
    let (mut one, _, venue) = network();
    let mut guest = Browser::new(3, "");
    let refused = guest.act(
        "submit",
        json!({"site": "keyun", "fields": {"kind": "booking", "name": "李师傅"}}),
    );
    assert_eq!(refused.unwrap_err().code(), "InboxRefused");
    let mut fields = wish(&venue, "李师傅");
    fields["kind"] = json!("booking");
    let sent = guest
        .act("submit", json!({"site": "keyun", "fields": fields}))
        .unwrap();
    let code = sent.code.unwrap();
    assert!(code.starts_with("keyun-"), "{code}");
    one.hear(&guest);
    let inbox = one.ask("inbox", json!({"site": "keyun"}));
    assert_eq!(inbox[0]["submission"]["name"], "李师傅");
    assert_eq!(inbox[0]["next"], json!(["accepted", "declined"]));
    let accept = json!({"document": inbox[0]["document"], "fields": {"stage": "accepted"}});
    one.act("step", accept.clone()).unwrap();
    assert_eq!(one.act("step", accept).unwrap_err().code(), "InboxRefused");
    assert_eq!(december(&mut one)[0]["grant"], "confirmed");

    let mut elsewhere = Browser::new(4, "");
    assert_eq!(
        elsewhere.ask("submission", json!({"code": code})),
        Json::Null
    );
    elsewhere.hear(&one);
    let seen = elsewhere.ask("submission", json!({"code": code.to_uppercase()}));
    assert_eq!(
        (&seen["stage"], &seen["grant"]),
        (&json!("accepted"), &json!("confirmed"))
    );
    elsewhere
        .act(
            "step",
            json!({"code": code, "fields": {"stage": "withdrawn"}}),
        )
        .unwrap();
    let typo = json!({"code": format!("{code}x")}).to_string();
    let refused = elsewhere.session.query("submission", &typo, NOW_MS);
    assert_eq!(refused.unwrap_err().code(), "InvalidArgument");
}

/// The centre, and the browsers of two sites, each with a booking, goods, and something that was sent there.
fn county() -> (Browser, Browser, Browser) {
    let (mut one, mut two, venue) = network();
    let hall = two.add(
        "sites",
        "venues",
        json!({"site": "jiefang-1", "name": "活动室"}),
    );
    let new = json!({"name": "手套", "unit": "双"});
    for (browser, site, venue) in [(&mut one, "keyun", &venue), (&mut two, "jiefang-1", &hall)] {
        let mut wish = wish(venue, "傅玉兰");
        wish["borrower"] = json!("keyun");
        browser.act("book", wish).unwrap();
        let goods = json!({"site": site, "new": new, "count": 5, "party": "总工会"});
        browser.act("contribute", goods).unwrap();
        let fields = json!({"kind": "request", "name": "李师傅", "text": "空调不凉"});
        browser
            .act("submit", json!({"site": site, "fields": fields}))
            .unwrap();
    }
    let mut hub = Browser::hub(9);
    hub.told(&one);
    hub.told(&two);
    (hub, one, two)
}

const MONTH: &str = "2026-12";

fn questions() -> [(&'static str, Json); 5] {
    let days = json!({"from": "2026-12-01", "until": "2026-12-31"});
    [
        ("giving", json!({})),
        ("inbox", json!({"site": "keyun"})),
        ("submissions", days),
        ("venues", json!({"month": MONTH})),
        ("openNear", json!({})),
    ]
}

#[test]
fn what_was_read_once_is_opened_again_only_when_it_changed() {
    let (mut hub, mut one, _) = county();
    let first = questions().map(|(query, args)| hub.ask(query, args));
    hub.close_all();
    for (query, args) in questions() {
        let opened = hub.opened(query, &args);
        assert!(
            opened.iter().all(|name| name == "sites"),
            "{query}: {opened:?}"
        );
    }
    let again = questions().map(|(query, args)| hub.ask(query, args));
    assert_eq!(first, again);

    hub.close_all();
    let item = &one.ask("goods", json!({"site": "keyun"}))["items"][0]["item"];
    let give = json!({"site": "keyun", "item": item, "count": 2, "party": "李师傅"});
    one.act("give", give).unwrap();
    hub.session.take_touched();
    hub.told(&one);
    assert_eq!(hub.session.take_touched(), ["supplies/keyun"]);
    assert_eq!(hub.opened("giving", &json!({})), ["supplies/keyun"]);
    let giving = hub.ask("giving", json!({}));
    let given = |giving: &Json| -> Vec<i64> {
        let rows = giving["rows"].as_array().unwrap();
        rows.iter()
            .map(|row| row["given"].as_i64().unwrap())
            .collect()
    };
    assert_eq!((given(&first[0]), given(&giving)), (vec![0, 0], vec![0, 2]));
    assert_eq!(giving["items"][0]["name"], "手套");
}

#[test]
fn what_is_settled_is_not_opened_by_a_later_session_unless_it_changed() {
    let (mut hub, mut one, _) = county();
    let args = json!({"site": "keyun"});
    let days = json!({"from": "2026-12-01", "until": "2026-12-31"});
    let document = hub.ask("inbox", args.clone())[0]["document"].clone();
    assert_eq!(hub.session.take_memories(), []);
    let decline = json!({"document": document, "fields": {"stage": "declined", "note": "没有"}});
    one.act("step", decline).unwrap();
    hub.told(&one);
    let (seen, figures) = (
        hub.ask("inbox", args.clone()),
        hub.ask("submissions", days.clone()),
    );
    assert_eq!(seen[0]["stage"], "declined");
    let memories = hub.session.take_memories();
    assert_eq!(memories.len(), 1);

    let mut later = hub.again();
    let opened = |of: &mut Browser| of.opened("inbox", &json!({"site": "keyun"})).len();
    assert_eq!(opened(&mut later), 1);
    later.session.recall(&memories);
    assert_eq!(opened(&mut later), 0);
    assert_eq!(later.ask("inbox", args.clone()), seen);
    assert_eq!(later.ask("submissions", days), figures);

    // Of another version of the document, or of the engine, nothing is taken.
    let mut other = memories.clone();
    other[0].state = other[0].state.replace(env!("CARGO_PKG_VERSION"), "0.0.1");
    let mut later = hub.again();
    later.session.recall(&other);
    assert_eq!(opened(&mut later), 1);
    let again = json!({"code": seen[0]["code"], "fields": {"stage": "submitted"}});
    one.act("step", again).unwrap();
    hub.told(&one);
    hub.ask("inbox", args.clone());
    let mut later = hub.again();
    later.session.recall(&memories);
    assert_eq!(opened(&mut later), 1);
    assert_eq!(later.ask("inbox", args)[0]["stage"], "submitted");
}

#[test]
fn what_another_tab_may_not_keep_in_step_stays_open() {
    let (hub, ..) = county();
    let mut second = Browser::with(10, "县级中心", json!("hub"));
    second.told(&hub);
    second.ask("giving", json!({}));
    let opened = second.opened("giving", &json!({}));
    assert_eq!(opened, ["supplies/jiefang-1", "supplies/keyun"]);
}

#[test]
fn a_question_names_what_it_depends_on_and_what_comes_is_told() {
    let (mut hub, mut one, _) = county();
    let reading = hub.reading("inbox", &json!({"site": "keyun"}), NOW_MS);
    assert!(
        reading.reads.contains(&"inbox/keyun/".to_owned()),
        "{reading:?}"
    );
    hub.close_all();
    hub.session.take_touched();
    let fields = json!({"kind": "request", "name": "王师傅", "text": "灯坏了"});
    one.act("submit", json!({"site": "keyun", "fields": fields}))
        .unwrap();
    hub.told(&one);
    let touched = hub.session.take_touched();
    assert_eq!(touched.len(), 1);
    assert!(touched[0].starts_with("inbox/keyun/"), "{touched:?}");
    assert!(!hub.session.is_touched());
    let inbox = hub.ask("inbox", json!({"site": "keyun"}));
    assert_eq!(inbox.as_array().unwrap().len(), 2);
}

#[test]
fn an_inbox_is_asked_again_when_its_site_becomes_late() {
    let (mut hub, ..) = county();
    let args = json!({"site": "keyun"});
    let reading = hub.reading("inbox", &args, NOW_MS);
    assert_eq!(json(&reading)[0]["overdue"], Json::Null);
    let late = reading.until_ms.unwrap();
    let just_before = hub.reading("inbox", &args, late - 1_000);
    assert_eq!(json(&just_before)[0]["overdue"], Json::Null);
    let reading = hub.reading("inbox", &args, late);
    assert_eq!(json(&reading)[0]["overdue"], "acceptance");
    let days = json!({"from": "2026-12-01", "until": "2026-12-31"});
    let figures = json(&hub.reading("submissions", &days, late));
    assert_eq!(figures["total"]["overdue"], 2);
    assert_eq!(figures["sites"][1]["site"], "keyun");
    assert_eq!(figures["sites"][1]["stages"], json!({"submitted": 1}));
    let before = json!({"from": "2026-11-01", "until": "2026-11-30"});
    assert_eq!(hub.ask("submissions", before)["total"]["count"], 0);
}

#[test]
fn the_use_of_venues_follows_from_bookings_and_hours() {
    let (mut hub, mut one, _) = county();
    let report = hub.ask("venues", json!({"month": MONTH}));
    let hall = &report["venues"][0];
    assert_eq!(
        (&hall["name"], &hall["granted"]),
        (&json!("活动室"), &json!(1))
    );
    assert_eq!(
        (
            &hall["minutes"],
            &hall["used_minutes"],
            &hall["open_minutes"]
        ),
        (&json!(120), &json!(120), &json!(31 * 600))
    );
    let borrowed =
        json!({"lender": "jiefang-1", "borrower": "keyun", "bookings": 1, "minutes": 120});
    assert_eq!(report["borrowings"], json!([borrowed]));
    assert_eq!(report["unconfirmed"].as_array().unwrap().len(), 2);

    // What is not about hours or venues is not worked out again; what is, is.
    let site = one.ask("openNear", json!({"max": 1}))[0]["site"]["id"].clone();
    let set = |fields: Json| json!([{"op": "set", "collection": "sites", "record": site, "fields": fields}]);
    one.edit("sites", set(json!({"notice": "明天照常"})))
        .unwrap();
    hub.close_all();
    hub.told(&one);
    assert_eq!(hub.opened("venues", &json!({"month": MONTH})), ["sites"]);
    hub.ask("venues", json!({"month": MONTH}));
    one.edit("sites", set(json!({"hours": "08:00-12:00"})))
        .unwrap();
    hub.told(&one);
    let report = hub.ask("venues", json!({"month": MONTH}));
    let open: Vec<_> = report["venues"]
        .as_array()
        .unwrap()
        .iter()
        .map(|venue| venue["open_minutes"].as_i64().unwrap())
        .collect();
    assert!(
        open.contains(&(31 * 240)) && open.contains(&(31 * 600)),
        "{open:?}"
    );
    let only = hub.ask("venues", json!({"month": MONTH, "site": "keyun"}));
    assert_eq!(only["venues"].as_array().unwrap().len(), 1);
}

#[test]
fn the_hub_promises_venues_for_the_centre_and_a_stranger_none() {
    let (mut hub, ..) = county();
    let report = hub.ask("venues", json!({"month": MONTH, "site": "jiefang-1"}));
    let booking = &report["unconfirmed"][0];
    let confirm = json!({"document": booking["document"], "booking": booking["id"]});
    let mut stranger = Browser::with(8, "县级中心", Json::Null);
    stranger.hear(&hub);
    let refused = stranger.act("confirm", confirm.clone()).unwrap_err();
    assert_eq!(refused.code(), "NotYours");
    hub.act("confirm", confirm).unwrap();
    let args = json!({"site": "jiefang-1", "months": [MONTH]});
    let booking = &hub.ask("bookings", args)[0];
    assert_eq!(
        (&booking["grant"], &booking["confirmed_by"]),
        (&json!("confirmed"), &json!("keyun/县级中心"))
    );
    let report = hub.ask("venues", json!({"month": MONTH, "site": "jiefang-1"}));
    assert_eq!(report["unconfirmed"], json!([]));
}

#[test]
fn whoever_declares_a_device_lost_is_no_device_of_the_site_by_that() {
    let (mut hub, mut one, _) = county();
    let mut spare = Browser::new(5, "keyun/张杰");
    spare.hear(&one);
    let new = json!({"name": "手套", "unit": "双"});
    let goods = json!({"site": "keyun", "new": new, "count": 1, "party": "街道办"});
    spare.act("contribute", goods).unwrap();
    hub.told(&spare);
    let lost = json!({"site": "keyun", "device": "browser-1.1"});
    hub.act("lost", lost).unwrap();
    let goods = hub.ask("goods", json!({"site": "keyun"}));
    let mut holders: Vec<_> = goods["devices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|device| device["holder"].as_str().unwrap().to_owned())
        .collect();
    holders.sort();
    assert_eq!(holders, ["browser-1.1", "browser-5.1"]);
    one.hear(&hub);
    spare.hear(&hub);
    let here = |browser: &mut Browser| {
        browser.ask("goods", json!({"site": "keyun"}))["items"][0]["here"].clone()
    };
    assert_eq!((here(&mut one), here(&mut spare)), (json!(0), json!(6)));
}

#[test]
fn a_code_is_read_however_it_is_typed() {
    let (_, mut one, _) = county();
    let fields = json!({"kind": "request", "name": "王师傅", "text": "灯坏了"});
    let sent = one.act("submit", json!({"site": "keyun", "fields": fields}));
    let code = sent.unwrap().code.unwrap();
    let mut read = |text: &str| one.ask("code", json!({"code": text}));
    let right = json!({"code": code, "site": "keyun"});
    assert_eq!(read(&code.to_uppercase().replace('-', " ")), right);
    assert_eq!(read("keyun"), json!({"wrong": "form"}));
    let (first, last) = code.split_at(code.len() - 1);
    let other = if last == "2" { "3" } else { "2" };
    assert_eq!(read(&format!("{first}{other}")), json!({"wrong": "typo"}));
    let zero = json!({"wrong": "character", "character": "0"});
    assert_eq!(read(&format!("{first}0")), zero);
}

#[test]
fn alternatives_are_asked_again_when_one_of_them_begins() {
    let (mut one, _, venue) = network();
    let mut booking = wish(&venue, "傅玉兰");
    booking["start"] = json!("2026-12-05T14:00");
    booking["end"] = json!("2026-12-05T16:00");
    let args = json!({"booking": booking});
    // At half past nine: the room is free, and asked for at two in the afternoon.
    let reading = one.reading("alternatives", &args, NOW_MS);
    let hour = 3_600_000;
    assert_eq!(reading.until_ms, Some(NOW_MS + 4 * hour + hour / 2));
    // After that, each minute is one less to book; and after closing, nothing changes until the morning.
    let reading = one.reading("alternatives", &args, NOW_MS + 6 * hour);
    assert_eq!(reading.until_ms, Some(NOW_MS + 6 * hour + 60_000));
    let reading = one.reading("alternatives", &args, NOW_MS + 9 * hour);
    assert_eq!(reading.until_ms, Some(NOW_MS + 22 * hour + hour / 2));
}
