//! Calendars: a file of one's own, and what a phone subscribes to at the relay.

use yilian_node::time::Clock;
use yilian_tests::cli::{Station, text};
use yilian_tests::http::{Response, get, get_with};
use yilian_tests::relay::{Relay, Server};

use crate::{MONTH, NOWHERE, ROWS, id, import_samples, shift_on, shifts};

/// An event as its lines, unfolded, by property.
type Event = Vec<(String, String)>;

/// The events of a calendar's file.
fn events(file: &str) -> Vec<Event> {
    assert!(
        file.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"),
        "{file}"
    );
    assert!(file.ends_with("END:VCALENDAR\r\n"), "{file}");
    assert!(
        file.split("\r\n").all(|line| line.len() <= 75),
        "folded: {file}"
    );
    let unfolded = file.replace("\r\n ", "");
    let mut events = Vec::new();
    let mut event: Option<Event> = None;
    for line in unfolded.split("\r\n") {
        match line {
            "BEGIN:VEVENT" => event = Some(Event::new()),
            "END:VEVENT" => events.extend(event.take()),
            line => {
                let property = line.split_once(':');
                let pair = property.map(|(name, value)| (name.to_owned(), value.to_owned()));
                event
                    .iter_mut()
                    .for_each(|event| event.extend(pair.clone()));
            }
        }
    }
    events
}

fn of<'a>(event: &'a Event, name: &str) -> &'a str {
    let found = event.iter().find(|(known, _)| known == name);
    found.map_or_else(|| panic!("no {name} in {event:?}"), |(_, value)| value)
}

/// The event of a record.
fn event_of<'a>(events: &'a [Event], record: &str) -> &'a Event {
    let uid = format!("{record}@jiaozuo.yilian");
    let found = events.iter().find(|event| of(event, "UID") == uid);
    found.unwrap_or_else(|| panic!("no {uid} in {events:?}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_months_roster_is_a_calendar_of_its_shifts() {
    let keyun = Station::site("keyun", NOWHERE).await;
    import_samples(&keyun, "keyun").await;
    let roster = shifts(&keyun, "keyun").await;
    let night = shift_on(&roster, "2026-12-31", "热线");
    keyun
        .ok(&["roster", "set", id(night), "state=confirmed"])
        .await;
    let gone = shift_on(&roster, "2026-12-02", "前台");
    keyun.ok(&["roster", "remove", id(gone)]).await;

    let file = keyun.ok(&["roster", "calendar", "--month", MONTH]).await;
    for part in ["BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai", "TZOFFSETTO:+0800"] {
        assert!(file.contains(part), "{file}");
    }
    let events = events(&file);
    assert_eq!(events.len(), ROWS);
    for shift in &roster {
        let event = event_of(&events, id(shift));
        for (field, property) in [("start", "DTSTART"), ("end", "DTEND")] {
            let plain = text(shift, field).replace(['-', ':'], "");
            let value = of(event, &format!("{property};TZID=Asia/Shanghai"));
            assert_eq!(value, format!("{plain}00"), "{shift}");
        }
        let summary = format!("{} {}", text(shift, "post"), text(shift, "name"));
        assert_eq!(of(event, "SUMMARY"), summary);
        assert!(of(event, "LOCATION").starts_with("城市客运共享职工之家"));
    }
    let confirmed = event_of(&events, id(night));
    assert_eq!(
        (of(confirmed, "STATUS"), of(confirmed, "SEQUENCE")),
        ("CONFIRMED", "1")
    );
    assert_eq!(of(event_of(&events, id(gone)), "STATUS"), "CANCELLED");
    let planned = event_of(&events, id(shift_on(&roster, "2026-12-03", "前台")));
    assert_eq!(
        (of(planned, "STATUS"), of(planned, "SEQUENCE")),
        ("TENTATIVE", "0")
    );

    // A person's own, in a file; ten of them were counted on the paper.
    let path = keyun.file("fu.ics").display().to_string();
    let person = [
        "roster",
        "calendar",
        "--month",
        MONTH,
        "--person",
        "傅玉兰",
        "--out",
        &path,
    ];
    keyun.ok(&person).await;
    assert_eq!(
        self::events(&std::fs::read_to_string(&path).unwrap()).len(),
        10
    );
    let nobody = ["roster", "calendar", "--month", MONTH, "--person", "欧阳"];
    let refused = keyun.run(&nobody).await.expect(1);
    assert!(refused.stderr.contains("欧阳"), "{refused:?}");
}

/// The calendar that a phone has subscribed to.
async fn feed(relay: &Relay, known: Option<&str>) -> Response {
    let headers: Vec<_> = known
        .map(|tag| ("If-None-Match", tag))
        .into_iter()
        .collect();
    get_with(&relay.address(), "/calendar/roster/keyun.ics", &headers).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_that_subscribed_sees_what_changed_and_asks_cheaply() {
    let relay = Relay::start_with(Server::Yilian, vec![("YILIAN_CALENDAR", "jiaozuo")]).await;
    let keyun = Station::site("keyun", &relay.url()).await;
    // A feed is of the months around today, whenever that is.
    let today = Clock::new(Clock::DEFAULT_ZONE).unwrap().civil().date();
    let month = today.strftime("%Y-%m").to_string();
    let add = async |post: &str, start: &str, end: &str| {
        let line = ["post=", "start=", "end="]
            .into_iter()
            .zip([post, start, end]);
        let fields: Vec<String> = line.map(|(name, value)| format!("{name}{value}")).collect();
        let mut line = vec!["roster", "add", "name=孙平"];
        line.extend(fields.iter().map(String::as_str));
        text(&keyun.json(&line).await, "id").to_owned()
    };
    let day = add("前台", &format!("{today}T08:00"), &format!("{today}T14:00")).await;
    let tomorrow = today.tomorrow().unwrap();
    let night = add(
        "热线",
        &format!("{today}T20:00"),
        &format!("{tomorrow}T08:00"),
    )
    .await;
    assert_eq!(feed(&relay, None).await.status, 404, "nothing has arrived");
    keyun.ok(&["sync", "--once"]).await;

    let first = feed(&relay, None).await;
    assert_eq!(first.status, 200, "{first:?}");
    assert_eq!(
        first.header("content-type"),
        Some("text/calendar; charset=utf-8")
    );
    let listed = events(&first.body);
    assert_eq!(listed.len(), 2);
    assert_eq!(of(event_of(&listed, &day), "SUMMARY"), "前台 孙平");
    assert_eq!(of(event_of(&listed, &night), "STATUS"), "TENTATIVE");

    let tag = first.header("etag").unwrap().to_owned();
    for known in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"other\", {tag}"),
        "*".to_owned(),
    ] {
        let same = feed(&relay, Some(&known)).await;
        assert_eq!((same.status, same.body.as_str()), (304, ""), "{known}");
        assert_eq!(same.header("etag"), Some(tag.as_str()));
    }
    assert_eq!(feed(&relay, None).await.body, first.body, "the same bytes");

    keyun.ok(&["roster", "remove", &night]).await;
    keyun.ok(&["sync", "--once"]).await;
    let second = feed(&relay, Some(&tag)).await;
    assert_eq!(second.status, 200, "something changed");
    assert_ne!(second.header("etag"), Some(tag.as_str()));
    let listed = events(&second.body);
    assert_eq!(of(event_of(&listed, &day), "STATUS"), "TENTATIVE");
    let gone = event_of(&listed, &night);
    assert_eq!(
        (of(gone, "STATUS"), of(gone, "SEQUENCE")),
        ("CANCELLED", "1")
    );

    // The command line writes the same events.
    let own = keyun.ok(&["roster", "calendar", "--month", &month]).await;
    let sorted = |mut events: Vec<Event>| {
        events.sort();
        events
    };
    assert_eq!(sorted(events(&own)), sorted(listed));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calendars_are_served_only_where_asked_for_and_only_of_rosters() {
    let silent = Relay::start(Server::Yilian).await;
    let path = "/calendar/roster/keyun.ics";
    let refused = get(&silent.address(), path).await;
    assert_eq!((refused.status, refused.body.as_str()), (404, ""));

    // What is there is another network's.
    let mut relay = Relay::start_with(Server::Yilian, vec![("YILIAN_CALENDAR", "puyang")]).await;
    let keyun = Station::site("keyun", &relay.url()).await;
    import_samples(&keyun, "keyun").await;
    keyun.ok(&["sync", "--once"]).await;
    for path in [
        path,
        "/calendar/roster/nobody.ics",
        "/calendar/roster/keyun",
        "/calendar/roster/..%2F..%2Fsites.ics",
        "/calendar/roster/%E5%AE%A2.ics",
    ] {
        let refused = get(&relay.address(), path).await;
        assert_eq!(refused.status, 404, "{path}");
        assert!(refused.body.ends_with("in these months\n"), "{refused:?}");
    }
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bookings_are_a_calendar_of_who_has_which_venue() {
    let relay = Relay::start_with(Server::Yilian, vec![("YILIAN_CALENDAR", "jiaozuo")]).await;
    let keyun = Station::site("keyun", &relay.url()).await;
    let today = Clock::new(Clock::DEFAULT_ZONE).unwrap().civil().date();
    let month = today.strftime("%Y-%m").to_string();
    keyun.ok(&["venue", "add", "name=会议室"]).await;
    keyun.ok(&["venue", "add", "name=小间"]).await;
    let book = async |venue: &str, name: &str, start: &str, end: &str| {
        let fields = [
            format!("venue={venue}"),
            format!("name={name}"),
            format!("start={today}T{start}"),
            format!("end={today}T{end}"),
        ];
        let mut line = vec![
            "booking",
            "add",
            "phone=13800001111",
            "note=电话13800001111",
        ];
        line.extend(fields.iter().map(String::as_str));
        text(&keyun.json(&line).await, "id").to_owned()
    };
    let wang = book("会议室", "王芳", "09:00", "11:00").await;
    let li = book("会议室", "李强", "10:00", "12:00").await;
    let chen = book("小间", "陈静", "09:00", "11:00").await;
    keyun.ok(&["booking", "confirm", &chen]).await;
    keyun.ok(&["sync", "--once"]).await;

    let path = "/calendar/bookings/keyun.ics";
    let feed = get(&relay.address(), path).await;
    assert_eq!(feed.status, 200, "{feed:?}");
    assert!(!feed.body.contains("13800001111"), "{}", feed.body);
    let listed = events(&feed.body);
    // Not the one that is bumped.
    assert_eq!(listed.len(), 2);
    let granted = event_of(&listed, &wang);
    assert_eq!(
        (of(granted, "SUMMARY"), of(granted, "STATUS")),
        ("会议室 王芳", "TENTATIVE")
    );
    assert_eq!(of(event_of(&listed, &chen), "STATUS"), "CONFIRMED");
    let tag = feed.header("etag").unwrap();
    let known = [("If-None-Match", tag)];
    let same = get_with(&relay.address(), path, &known).await;
    assert_eq!(same.status, 304);
    let roster = get(&relay.address(), "/calendar/roster/keyun.ics").await;
    assert_eq!(roster.status, 404, "there is none");

    // The command line writes the same events, or those of one venue.
    let calendar = ["booking", "calendar", "--month", &month];
    let own = events(&keyun.ok(&calendar).await);
    assert_eq!(own, listed);
    let small = [&calendar[..], &["--venue", "小间"]].concat();
    assert_eq!(events(&keyun.ok(&small).await).len(), 1);
    let nowhere = [&calendar[..], &["--venue", "没有"]].concat();
    keyun.run(&nowhere).await.expect(1);

    // Who was bumped has the room once the other gives way.
    keyun.ok(&["booking", "cancel", &wang]).await;
    keyun.ok(&["sync", "--once"]).await;
    let listed = events(&get_with(&relay.address(), path, &known).await.body);
    assert_eq!(listed.len(), 2);
    event_of(&listed, &li);
}
