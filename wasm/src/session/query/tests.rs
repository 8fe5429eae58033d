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
        let options = json!({
            "network": "jiaozuo",
            "peerId": format!("tab-{number}"),
            "storageId": format!("store-{number}"),
            "author": (!author.is_empty()).then_some(author),
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

    fn reading(&mut self, query: &str, args: &Json, now_ms: u64) -> (Json, Option<u64>) {
        loop {
            let reading = self
                .session
                .query(query, &args.to_string(), now_ms)
                .unwrap();
            let missing = |name: &&Name| !self.session.is_built(name);
            let missing: Vec<Name> = reading.reads.iter().filter(missing).cloned().collect();
            assert_eq!(reading.json.is_empty(), !missing.is_empty());
            if missing.is_empty() {
                return (
                    serde_json::from_str(&reading.json).unwrap(),
                    reading.until_ms,
                );
            }
            missing.iter().for_each(|name| self.open(&name.to_string()));
        }
    }

    fn ask(&mut self, query: &str, args: Json) -> Json {
        self.reading(query, &args, NOW_MS).0
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
fn what_is_open_near_is_asked_again_when_the_next_minute_begins() {
    let (mut one, ..) = network();
    let args = json!({"near": [35.3, 113.2], "amenities": ["water"]});
    let (near, until) = one.reading("openNear", &args, NOW_MS);
    assert_eq!(until, Some(NOW_MS + 60_000));
    let keys: Vec<_> = near
        .as_array()
        .unwrap()
        .iter()
        .map(|near| &near["site"]["key"])
        .collect();
    assert_eq!(keys, ["jiefang-1", "keyun"]);
    assert_eq!(near[0]["open_until"], "2026-12-05T18:00");
    let evening = NOW_MS + 9 * 3_600_000;
    assert_eq!(one.reading("openNear", &args, evening).0, json!([]));
    let at = json!({"at": "2026-12-06T08:00", "max": 1});
    let (near, until) = one.reading("openNear", &at, NOW_MS);
    assert_eq!((near.as_array().unwrap().len(), until), (1, None));
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
    assert_eq!(
        one.act("give", give.clone()).unwrap_err().code(),
        "GoodsRefused"
    );

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
    assert_eq!(giving["rows"][0]["given"], 5);
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
