//! When something is open.

use super::*;

const SITE: &str = "jiefang-1";

fn with(hours: &str, edit: impl Fn(&mut County)) -> County {
    let mut county = County::new();
    county.site(SITE, &[("hours", hours.into())]);
    edit(&mut county);
    county
}

/// The spans that start on a day: `08:00-20:00`, in times of that day and the next.
fn shown(hours: &Timetable<'_>, day: &str) -> String {
    let spans = hours.spans(at(&format!("{day}T00:00")).date());
    let spans = spans.iter().map(|span| {
        let next = if span.end.date() > span.start.date() {
            "+"
        } else {
            ""
        };
        format!(
            "{}-{next}{}",
            span.start.strftime("%H:%M"),
            span.end.strftime("%H:%M")
        )
    });
    spans.collect::<Vec<_>>().join(" ")
}

#[test]
fn hours_run_past_midnight_and_chain_over_it() {
    let county = with("08:00-12:00 18:00-02:00", |_| {});
    let directory = county.directory();
    let hours = directory.site_hours(&key(SITE));
    assert_eq!(shown(&hours, "03"), "08:00-12:00 18:00-+02:00");
    for (time, until, next) in [
        ("03T07:59", None, Some("03T08:00")),
        ("03T08:00", Some("03T12:00"), None),
        ("03T12:00", None, Some("03T18:00")),
        ("03T23:30", Some("04T02:00"), None),
        ("04T01:59", Some("04T02:00"), None),
        ("04T02:00", None, Some("04T08:00")),
    ] {
        assert_eq!(hours.open_until(at(time)), until.map(at), "{time}");
        assert_eq!(hours.is_open(at(time)), until.is_some(), "{time}");
        if next.is_some() {
            assert_eq!(hours.opens_next(at(time)), next.map(at), "{time}");
        }
    }
    assert!(hours.covers(at("03T18:00"), at("04T02:00")));
    assert!(!hours.covers(at("03T18:00"), at("04T02:01")));
    assert!(!hours.covers(at("03T11:00"), at("03T18:30")));

    let county = with("00:00-24:00", |_| {});
    let directory = county.directory();
    let always = directory.site_hours(&key(SITE));
    assert!(always.covers(at("01T03:00"), at("20T04:00")));
    assert!(always.open_until(at("01T03:00")).unwrap() >= at("15T00:00"));
}

#[test]
fn an_exception_holds_on_its_days_and_the_one_that_starts_last_wins() {
    let county = with("08:00-20:00", |county| {
        county.exception(
            SITE,
            "2026-12-05",
            &[
                ("until", "2026-12-10".into()),
                ("hours", "10:00-12:00".into()),
            ],
        );
        county.exception(SITE, "2026-12-07", &[("reason", "盘点".into())]);
    });
    let directory = county.directory();
    let hours = directory.site_hours(&key(SITE));
    for (day, spans) in [
        ("04", "08:00-20:00"),
        ("05", "10:00-12:00"),
        ("07", ""),
        ("08", "10:00-12:00"),
        ("11", "08:00-20:00"),
    ] {
        assert_eq!(shown(&hours, day), spans, "{day}");
    }
    assert_eq!(hours.opens_next(at("06T12:00")), Some(at("08T10:00")));
    assert!(matches!(hours.on(at("07T00:00").date()), Day::Exception(of) if of.reason == "盘点"));
}

#[test]
fn hours_that_began_the_day_before_an_exception_run_on_into_it() {
    let county = with("18:00-02:00", |county| {
        county.exception(SITE, "2026-12-05", &[]);
    });
    let directory = county.directory();
    let hours = directory.site_hours(&key(SITE));
    assert_eq!(hours.open_until(at("04T23:00")), Some(at("05T02:00")));
    assert!(!hours.is_open(at("05T19:00")) && !hours.is_open(at("06T01:00")));
}

#[test]
fn a_venue_has_its_own_hours_and_its_sites_exceptions() {
    let county = with("08:00-20:00", |county| {
        county.venue(SITE, "会议室", &[("hours", "18:00-23:00".into())]);
        county.exception(SITE, "2026-12-05", &[("hours", "10:00-19:00".into())]);
        county.exception(SITE, "2026-12-06", &[]);
    });
    let directory = county.directory();
    let venue = directory.venues_of(&key(SITE))[0];
    let hours = directory.venue_hours(venue);
    assert_eq!(shown(&hours, "04"), "18:00-23:00");
    assert_eq!(shown(&hours, "05"), "18:00-19:00");
    assert_eq!(shown(&hours, "06"), "");

    for (of_site, of_venue) in [("paused", "open"), ("open", "closed"), ("closed", "paused")] {
        let county = with("08:00-20:00", |county| {
            county.site(SITE, &[("state", of_site.into())]);
            county.venue(SITE, "会议室", &[("state", of_venue.into())]);
        });
        let directory = county.directory();
        let hours = directory.venue_hours(directory.venues_of(&key(SITE))[0]);
        assert!(matches!(hours.on(at("04T00:00").date()), Day::Shut(_)));
        assert_eq!(hours.opens_next(at("04T00:00")), None);
        assert!(!hours.covers(at("04T09:00"), at("04T10:00")));
    }
}

#[test]
fn a_service_is_offered_on_its_days() {
    let county = with("08:00-20:00", |county| {
        county.service(
            SITE,
            "理发",
            &[("days", "3".into()), ("hours", "09:00-11:00".into())],
        );
    });
    let directory = county.directory();
    let hours = directory.service_hours(directory.services_of(&key(SITE))[0]);
    // 2 December 2026 is a Wednesday.
    assert_eq!(shown(&hours, "02"), "09:00-11:00");
    assert_eq!(shown(&hours, "03"), "");
    assert_eq!(hours.opens_next(at("02T10:00")), Some(at("09T09:00")));
}

#[test]
fn where_no_hours_are_stated_nothing_is_known_to_be_open_and_nothing_forbidden() {
    let county = County::bare();
    let directory = county.directory();
    let hours = directory.site_hours(&key("keyun"));
    assert!(!hours.is_open(at("03T10:00")));
    assert!(hours.covers(at("03T02:00"), at("04T10:00")));
    assert!(!hours.covers(at("04T02:00"), at("03T10:00")));
}
