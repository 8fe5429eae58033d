//! What a later version adds passes through the programs of today unharmed: fields of records and whole
//! collections that they do not know.

use std::path::Path;

use automerge::{Automerge, ROOT, ReadDoc};
use yilian_tests::cli::Station;
use yilian_tests::relay::{Relay, Server};
use yilian_tests::release::{self, MONTH, SITE};
use yilian_tests::samod_client::{self, SamodClient};

use crate::{front_desk, import_samples, releases, set, shifts, sync};

const FIELD: &str = "luggage";
const COLLECTION: &str = "lockers";
const KEY: &str = "7/size";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_fields_and_collections_survive_edits() {
    let relay = Relay::start(Server::Yilian).await;
    let site = Station::site(SITE, &relay.url()).await;
    import_samples(&site, SITE).await;
    sync(&[&site]).await;
    let roster = shifts(&site).await;
    let shift = front_desk(&roster, 3);
    let removed = front_desk(&roster, 4);

    let later = SamodClient::connect("a later version", &relay.url()).await;
    let document = later.find(&release::roster_id()).await.expect("a roster");
    for shift in [&shift, &removed] {
        let field = format!("{shift}/{FIELD}");
        samod_client::set(&document, &["shifts", &field], "两件");
    }
    samod_client::set(&document, &[COLLECTION, KEY], "大");
    later.acked(&document).await;

    // A program of today reads it, edits the same records, undoes an edit, and removes one.
    sync(&[&site]).await;
    assert_eq!(shifts(&site).await.len(), roster.len());
    set(&site, &shift, "note=行李在门口").await;
    set(&site, &shift, "note=行李在门内").await;
    site.ok(&["roster", "undo", "--month", MONTH]).await;
    site.ok(&["roster", "remove", &removed]).await;
    site.run(&["doctor"]).await.expect(0);
    sync(&[&site]).await;
    // Its own copy has it,
    expect_there(&load(&exported(&site).await), &[&shift, &removed]);
    // and so has that of whoever knows it,
    let field = format!("{shift}/note");
    samod_client::wait_value(&document, &["shifts", &field], &"行李在门口".into()).await;
    document.with_document(|document| expect_there(document, &[&shift, &removed]));
    // and a computer that gets it from the relay.
    let hub = Station::hub(&relay.url()).await;
    sync(&[&hub]).await;
    expect_there(&load(&exported(&hub).await), &[&shift, &removed]);
    later.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_kept_store_had_of_a_later_version_is_still_there() {
    for release in releases() {
        let site = Station::copy_of(&release.store(SITE));
        let roster = shifts(&site).await;
        let shift = front_desk(&roster, 2);
        set(&site, &shift, "note=车在后院").await;
        let document = load(&exported(&site).await);
        assert_eq!(
            value(&document, "shifts", &format!("{shift}/vehicle")),
            Some("豫H-20391".to_owned())
        );
        assert_eq!(
            value(&document, "vehicles", "豫H-20391/seats"),
            Some("七座".to_owned())
        );
    }
}

#[track_caller]
fn expect_there(document: &Automerge, shifts: &[&str]) {
    for shift in shifts {
        let field = value(document, "shifts", &format!("{shift}/{FIELD}"));
        assert_eq!(field.as_deref(), Some("两件"), "the field of {shift}");
    }
    let record = value(document, COLLECTION, KEY);
    assert_eq!(record.as_deref(), Some("大"), "the collection");
}

fn value(document: &Automerge, collection: &str, key: &str) -> Option<String> {
    let (_, map) = document.get(ROOT, collection).unwrap()?;
    let (value, _) = document.get(map, key).unwrap()?;
    value.into_string().ok()
}

/// The site's December roster as a station exports it.
async fn exported(station: &Station) -> Vec<u8> {
    let folder = station.file("exported");
    station.ok(&["export", &folder.display().to_string()]).await;
    let file = folder.join(Path::new("roster").join(SITE).join(MONTH));
    std::fs::read(file.with_extension("automerge")).unwrap()
}

fn load(bytes: &[u8]) -> Automerge {
    Automerge::load(bytes).unwrap()
}
