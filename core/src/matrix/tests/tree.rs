//! What belongs to what, where what is stated may be no tree.

use super::*;

/// The parent of each site, `-` for none, where `stated` says `site:level:parent`.
fn tree(stated: &str) -> (String, Option<String>, usize) {
    let mut county = County {
        replica: Replica::numbered(1),
    };
    for site in stated.split_whitespace() {
        let parts: Vec<&str> = site.split(':').collect();
        let fields = [("level", parts[1].into()), ("parent", parts[2].into())];
        county.site(parts[0], &fields);
    }
    let directory = county.directory();
    let parents = directory.sites().map(|site| {
        let parent = directory
            .parent(&site.key)
            .map_or("-", |parent| parent.as_str());
        format!("{}:{parent}", site.key)
    });
    let parents = parents.collect::<Vec<_>>().join(" ");
    for site in directory.sites() {
        let path = directory.path(&site.key);
        assert_eq!(directory.level(&site.key), Some(path.len() - 1));
        if directory.hub().is_some() {
            assert_eq!(path.last().copied(), directory.hub());
        }
        for child in directory.children(&site.key) {
            assert_eq!(directory.parent(child), Some(&site.key));
        }
    }
    let hub = directory.hub().map(ToString::to_string);
    (parents, hub, directory.cycles().len())
}

#[test]
fn whatever_is_stated_becomes_one_tree() {
    for (stated, parents, hub, cycles) in [
        ("a:home: b:station:a c:point:b", "a:- b:a c:b", Some("a"), 0),
        // Whom nobody owns is looked after by the hub; so is who belongs to a site that there is not.
        (
            "h:home: a:station: b:point:nowhere",
            "a:h b:h h:-",
            Some("h"),
            0,
        ),
        // Of two homes the hub is the one with more below it, then the one with the smaller key.
        ("a:home: b:home: c:point:b", "a:b b:- c:b", Some("b"), 0),
        ("b:home: a:home:", "a:- b:a", Some("a"), 0),
        // A circle is broken at its smallest key.
        (
            "h:home: c:point:b b:point:a a:point:c d:point:c",
            "a:h b:a c:b d:c h:-",
            Some("h"),
            1,
        ),
        ("h:home:h a:point:h", "a:h h:-", Some("h"), 1),
        ("a:home:b b:home:a", "a:- b:a", Some("a"), 1),
        ("a:station: b:point:a", "a:- b:a", None, 0),
    ] {
        assert_eq!(
            tree(stated),
            (parents.to_owned(), hub.map(str::to_owned), cycles),
            "{stated}"
        );
    }
}

#[test]
fn removed_records_are_left_out_and_of_two_with_one_key_its_own_counts() {
    let mut county = County::new();
    let stray = RecordId::new(0, [0; 10]);
    county.put(
        Collection::Sites,
        stray,
        &[("key", "keyun".into()), ("name", "假".into())],
    );
    let venue = Venue::id_of(&key("jiefang-1"), "会议室");
    assert!(county.directory().venue(venue).is_some());
    county.put(
        Collection::Venues,
        venue,
        &[("removed_at", "2026-12-01T08:00".into())],
    );
    let directory = county.directory();
    assert_eq!(directory.site(&key("keyun")).unwrap().name, "keyun");
    assert_eq!(directory.venue(venue), None);
    assert!(directory.venues_of(&key("jiefang-1")).is_empty());
}
