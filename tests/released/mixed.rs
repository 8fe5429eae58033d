//! A network in which one computer goes on with a store of a released version and others begin today.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use yilian_tests::cli::{Station, list, text};
use yilian_tests::relay::{Relay, Server};
use yilian_tests::release::{MONTH, SITE};

use crate::{front_desk, goes_on, import_samples, note, releases, set, shifts, sync};

/// What both computers of a site hold.
const SHARED: [&str; 3] = [
    "sites.automerge",
    "people/SITE.automerge",
    "roster/SITE/2026-12.automerge",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_store_and_a_new_one_that_began_apart_converge() {
    for release in releases() {
        let relay = Relay::start(Server::Yilian).await;
        let old = goes_on(&release, SITE, &relay.url()).await;
        // The same site on a computer of today, from the same files, before either has seen the other.
        let new = Station::site(SITE, &relay.url()).await;
        import_samples(&new, SITE).await;
        let shift = front_desk(&shifts(&new).await, 8);
        set(&old, &shift, "note=旧机器写的").await;
        set(&new, &shift, "state=confirmed").await;
        let contested = front_desk(&shifts(&new).await, 7);
        set(&old, &contested, "note=旧").await;
        set(&new, &contested, "note=新").await;
        sync(&[&old, &new, &old]).await;

        assert_eq!(shifts(&old).await, shifts(&new).await);
        let merged = shifts(&new).await;
        let both = merged.iter().find(|one| text(one, "id") == shift).unwrap();
        assert_eq!(text(both, "note"), "旧机器写的");
        assert_eq!(text(both, "state"), "confirmed");
        assert_eq!(
            note(&old, &contested).await,
            note(&new, &contested).await,
            "both show the same winner"
        );
        let (at_old, at_new) = (finding_ids(&old).await, finding_ids(&new).await);
        assert!(!at_old.is_empty(), "two wrote one field");
        assert_eq!(at_old, at_new);
        let (at_old, at_new) = (documents(&old).await, documents(&new).await);
        for name in SHARED.map(|name| name.replace("SITE", SITE)) {
            let (old, new) = (at_old.get(&name), at_new.get(&name));
            assert!(old.is_some() && old == new, "{name} differs");
        }
    }
}

async fn finding_ids(station: &Station) -> BTreeSet<String> {
    let found = station.json(&["findings", "--month", MONTH]).await;
    let found = list(&found, "findings").iter();
    found
        .map(|finding| text(finding, "id").to_owned())
        .collect()
}

/// Every document that a station holds, as any Automerge reads it.
async fn documents(station: &Station) -> BTreeMap<String, Value> {
    let folder = station.file("exported");
    let exported = station
        .json(&["export", &folder.display().to_string()])
        .await;
    let files = list(&exported, "files").iter();
    files
        .map(|file| {
            let file = std::path::Path::new(file.as_str().expect("a path"));
            let bytes = std::fs::read(file).expect("it was exported");
            let document = automerge::Automerge::load(&bytes).expect("an Automerge document");
            let name = file.strip_prefix(&folder).expect("inside").display();
            let content = serde_json::to_value(automerge::AutoSerde::from(&document));
            (name.to_string(), content.expect("a document is JSON"))
        })
        .collect()
}
