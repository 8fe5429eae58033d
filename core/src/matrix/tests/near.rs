//! What is open nearby.

use super::*;
use crate::ordered::BTreeSet;

fn names(found: &[Near<'_>]) -> Vec<String> {
    found.iter().map(|near| near.site.key.to_string()).collect()
}

fn county() -> County {
    let mut county = County::new();
    county.site(
        "far",
        &[
            ("hours", "00:00-24:00".into()),
            ("amenities", "wifi".into()),
            ("lat", 36.0.into()),
            ("lng", 114.0.into()),
        ],
    );
    county.site("placeless", &[("hours", "00:00-24:00".into())]);
    county.service(
        "zhanqian",
        "法律咨询",
        &[
            ("category", "legal-aid".into()),
            ("hours", "09:00-11:00".into()),
        ],
    );
    county
}

#[test]
fn open_sites_come_by_distance_and_closed_ones_when_asked_for() {
    let county = county();
    let directory = county.directory();
    let here = Some((35.20, 113.26));
    let all = Wanted::default();
    let found = open_near(&directory, at("03T10:00"), here, &all, 10);
    assert_eq!(names(&found), ["zhanqian", "jiefang-1", "far", "placeless"]);
    assert_eq!(found[0].distance_m, Some(0));
    // 0.03 degrees north and 0.01 west of it, on a sphere.
    assert!((3_400..3_600).contains(&found[1].distance_m.unwrap()));
    assert_eq!(found[0].open_until, Some(at("03T20:00")));
    assert_eq!(found[0].services[0].name, "法律咨询");
    assert_eq!(found[1].venues[0].name, "会议室");

    let night = open_near(&directory, at("03T22:00"), here, &all, 10);
    assert_eq!(names(&night), ["far", "placeless"]);
    let too = Wanted {
        closed_too: true,
        ..Wanted::default()
    };
    let night = open_near(&directory, at("03T22:00"), here, &too, 10);
    assert_eq!(
        names(&night),
        ["zhanqian", "jiefang-1", "far", "keyun", "placeless"]
    );
    assert_eq!(
        (night[0].is_open, night[0].opens_next),
        (false, Some(at("04T08:00")))
    );
    // Nowhere to measure from: by key.
    let found = open_near(&directory, at("03T10:00"), None, &all, 2);
    assert_eq!(names(&found), ["far", "jiefang-1"]);
    assert_eq!(
        names(&open_near(
            &directory,
            at("03T10:00"),
            Some((f64::NAN, 500.0)),
            &all,
            2
        )),
        ["far", "jiefang-1"]
    );
}

#[test]
fn only_what_has_all_that_is_wanted_is_found() {
    let county = county();
    let directory = county.directory();
    let found = |time: &str, wanted: &Wanted| {
        names(&open_near(
            &directory,
            at(time),
            Some((35.20, 113.26)),
            wanted,
            10,
        ))
    };
    let words =
        |words: &str| -> BTreeSet<String> { words.split_whitespace().map(str::to_owned).collect() };
    let wifi = Wanted {
        amenities: words("wifi"),
        ..Wanted::default()
    };
    assert_eq!(found("03T10:00", &wifi), ["zhanqian", "jiefang-1", "far"]);
    let both = Wanted {
        amenities: words("wifi rest"),
        ..Wanted::default()
    };
    assert_eq!(found("03T10:00", &both), ["zhanqian", "jiefang-1"]);
    for asked in ["法律 咨询", "legal-aid"] {
        let legal = Wanted {
            service: Some(asked.to_owned()),
            ..Wanted::default()
        };
        assert_eq!(found("03T10:00", &legal), ["zhanqian"]);
        assert_eq!(found("03T11:00", &legal), [""; 0]);
    }
    let room = |people| Wanted {
        capacity: Some(people),
        ..Wanted::default()
    };
    assert_eq!(found("03T10:00", &room(20)), ["jiefang-1"]);
    assert_eq!(found("03T10:00", &room(21)), [""; 0]);
}
