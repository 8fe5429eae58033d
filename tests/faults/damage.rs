//! A damaged disk: what is damaged is named, the rest is served, and what is lost comes back from whoever has it.

use std::time::Instant;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use yilian_core::document::{DocumentId, Name};
use yilian_core::storage::Problem;
use yilian_tests::cli::{Station, list};
use yilian_tests::http::{self, Response};
use yilian_tests::relay::{Relay, Server};
use yilian_tests::{in_time, samples};

use crate::author::{Author, Said};
use crate::{EAGER, disk, is_long, report, seed};

async fn ready(relay: &Relay) -> Response {
    http::get(&relay.address(), "/readyz").await
}

/// Waits until `/readyz` says this, or no longer does.
async fn says(relay: &Relay, text: &str, wanted: bool) -> Response {
    let what = format!("/readyz to say {text:?}: {wanted}");
    in_time(&what, async {
        loop {
            let response = ready(relay).await;
            if response.body.contains(text) == wanted {
                return response;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    })
    .await
}

/// Writes in several commits, so that there are several rows.
async fn written(author: &mut Author, relay: &Relay) {
    for _ in 0..6 {
        author.write(5, 400);
        author.settle(&relay.url()).await;
    }
}

/// Whether the relay's file holds all that an author wrote, and is sound.
fn holds(relay: &Relay, author: &Author) {
    let (stored, problems) = disk::read(relay.data());
    assert_eq!(problems, Vec::<Problem>::new());
    assert_eq!(stored[&author.id], author.changes());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_row_is_named_the_rest_is_served_and_what_is_lost_is_taken_again() {
    let seed = seed();
    let mut relay = Relay::start(Server::Yilian).await;
    let (mut alice, mut bob) = (Author::new(1, seed), Author::new(2, seed));
    written(&mut alice, &relay).await;
    written(&mut bob, &relay).await;
    relay.stop().await;
    let changes = alice.document.get_changes(&[]);
    disk::damage(&disk::database(relay.data()), changes[12].raw_bytes());
    relay.start_again().await;

    let id = alice.id.to_string();
    let response = says(&relay, &id, true).await;
    assert_eq!(response.status, 200, "{}", response.body);
    assert!(!response.body.contains(&bob.id.to_string()));
    assert!(relay.process().output().contains(&id), "the log names it");
    for author in [&alice, &bob] {
        let mut reader = Author::reader(author);
        reader.sync_until(&relay.url(), Author::has_it_all).await;
        let (here, all) = (reader.changes(), author.changes());
        assert!(
            here.iter()
                .all(|(hash, bytes)| all.get(hash) == Some(bytes))
        );
        let expected = if author.id == alice.id { 10 } else { 30 };
        assert_eq!(here.len(), expected, "changes before the damaged row");
    }

    alice.settle(&relay.url()).await;
    assert_eq!(says(&relay, &id, false).await.body, "ready\n");
    let mut reader = Author::reader(&alice);
    reader.sync_until(&relay.url(), Author::has_it_all).await;
    assert_eq!(reader.heads(), alice.heads());
    relay.stop().await;
    holds(&relay, &alice);
    holds(&relay, &bob);
    relay.start_again().await;
    assert_eq!(ready(&relay).await.body, "ready\n");
    report::seen(
        "a bit of a stored change flips at a relay",
        "named in the log and by /readyz; set aside; the rest and other documents served; taken again from its author, whole after it",
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_behind_damage_in_the_write_ahead_log_are_told_and_taken_again() {
    let mut relay = Relay::start(Server::Yilian).await;
    let mut alice = Author::new(1, seed());
    written(&mut alice, &relay).await;
    relay.kill().await;
    let changes = alice.document.get_changes(&[]);
    disk::damage(&disk::log(relay.data()), changes[7].raw_bytes());
    relay.start_again().await;

    let response = ready(&relay).await;
    let said = "the write-ahead log was damaged";
    assert!(response.body.contains(said), "{}", response.body);
    let output = relay.process().output();
    assert!(
        output.contains("the write-ahead log is damaged"),
        "{output}"
    );
    let mut reader = Author::reader(&alice);
    reader.sync_until(&relay.url(), Author::has_it_all).await;
    assert_eq!(reader.changes().len(), 5, "changes before the damage");
    alice.settle(&relay.url()).await;
    relay.stop().await;
    holds(&relay, &alice);
    report::seen(
        "a bit of the write-ahead log flips after kill -9",
        "commits behind it are lost, which SQLite does not say; the log and /readyz do; taken again from their author",
    );
}

/// A figure of `/metrics`.
async fn metric(relay: &Relay, name: &str) -> f64 {
    let text = http::get(&relay.address(), "/metrics").await.body;
    let line = text.lines().find(|line| line.starts_with(name));
    line.and_then(|line| line.rsplit(' ').next()?.parse().ok())
        .unwrap_or_else(|| panic!("no {name} in:\n{text}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_under_a_running_relay_is_found_when_the_bytes_are_read() {
    let mut relay = Relay::start_with(Server::Yilian, EAGER.to_vec()).await;
    let mut alice = Author::new(1, seed());
    alice.write(3_000, 200);
    alice.settle(&relay.url()).await;
    let figures = [
        "yilian_relay_snapshots_total",
        "yilian_relay_store_looked_through_total",
    ];
    in_time("the document to be packed", async {
        while metric(&relay, figures[0]).await < 1.0 {}
    })
    .await;
    relay.stop().await;
    relay.start_again().await;
    in_time("the relay to have looked through its store", async {
        while metric(&relay, figures[1]).await < 1.0 {}
    })
    .await;
    assert_eq!(ready(&relay).await.body, "ready\n");
    // The relay knows the document from its notes now, and has none of its bytes.
    alice.settle(&relay.url()).await;
    disk::damage_long_rows(&disk::database(relay.data()));

    // Nobody has looked at them yet; whoever asks for them is cut off, and comes again.
    let mut reader = Author::reader(&alice);
    let url = relay.url();
    let done = reader.sync_once(&url, &Author::has_it_all);
    assert!(!in_time("the connection to end", done).await);
    let id = alice.id.to_string();
    assert!(says(&relay, &id, true).await.status == 200);
    alice.settle(&relay.url()).await;
    assert_eq!(says(&relay, &id, false).await.body, "ready\n");
    reader.sync_until(&relay.url(), Author::has_it_all).await;
    assert_eq!(reader.changes(), alice.changes());
    relay.stop().await;
    holds(&relay, &alice);
    report::seen(
        "bits of packed changes flip under a running relay",
        "found when they are read; set aside, their peers begin anew, and bring them again",
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_names_what_is_damaged_and_gets_it_back_from_the_hub() {
    let relay = Relay::start(Server::Yilian).await;
    let keyun = Station::site("keyun", &relay.url()).await;
    let people = samples::jiaozuo("people.csv").display().to_string();
    keyun.ok(&["person", "import", &people]).await;
    let file = samples::roster("keyun").display().to_string();
    keyun
        .ok(&["roster", "import", &file, "--month", "2026-12"])
        .await;
    keyun.ok(&["sync", "--once"]).await;

    let name: Name = "roster/keyun/2026-12".parse().unwrap();
    let id = DocumentId::of(&"jiaozuo".parse().unwrap(), &name);
    let (stored, _) = disk::read(keyun.data());
    let largest = stored[&id].values().max_by_key(|bytes| bytes.len());
    disk::damage(&disk::database(keyun.data()), largest.unwrap());

    let shown = || async {
        let shown = keyun
            .json(&["roster", "show", "--month", "2026-12", "--site", "keyun"])
            .await;
        list(&shown, "shifts").len()
    };
    let doctor = keyun.run(&["doctor"]).await.expect(1);
    assert!(
        doctor.text().contains("roster/keyun/2026-12"),
        "{}",
        doctor.text()
    );
    assert!(!doctor.text().contains("people/keyun"), "{}", doctor.text());
    let people = keyun.json(&["person", "list", "--site", "keyun"]).await;
    assert!(!list(&people, "persons").is_empty());
    assert_eq!(shown().await, 0, "it was one change, and that is damaged");
    let doctor = keyun.run(&["doctor"]).await.expect(1);
    assert!(
        doctor.text().contains("roster/keyun/2026-12"),
        "{}",
        doctor.text()
    );
    keyun.ok(&["sync", "--once"]).await;
    assert_eq!(shown().await, 93);
    keyun.ok(&["doctor"]).await;
    report::seen(
        "a bit of a stored change flips at a node",
        "`yilian doctor` names the document, others are read as before; set aside when it is opened, back after a sync",
    );
}

/// Damages a file somewhere, somehow; says how.
fn harm(file: &std::path::Path, dice: &mut StdRng) -> &'static str {
    const PAGE: usize = 4_096;
    let mut bytes = std::fs::read(file).unwrap();
    let pages = bytes.len() / PAGE;
    let page = dice.random_range(0..pages) * PAGE;
    let how = match dice.random_range(0..4) {
        0 => {
            for _ in 0..dice.random_range(1..8) {
                let at = dice.random_range(0..bytes.len());
                bytes[at] ^= 1 << dice.random_range(0..8);
            }
            "bits flip"
        }
        1 => {
            bytes[page..page + PAGE].fill(0);
            "a page of zeros"
        }
        2 => {
            let half = page + PAGE / 2;
            bytes[half..page + PAGE]
                .iter_mut()
                .for_each(|byte| *byte = dice.random());
            "a torn page"
        }
        _ => {
            bytes.truncate((pages - dice.random_range(1..4)) * PAGE);
            "pages cut off"
        }
    };
    std::fs::write(file, bytes).unwrap();
    how
}

/// What became of a damaged store.
#[derive(Debug, Default)]
struct Tally {
    refused: usize,
    rebuilt: usize,
    whole: usize,
    again: usize,
    named: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_damaged_anywhere_is_refused_or_healed_or_names_what_is_not() {
    let began = Instant::now();
    let rounds = if is_long() { 200 } else { 12 };
    let mut tally = Tally::default();
    for round in 0..rounds {
        let mut dice = StdRng::seed_from_u64(seed() ^ round << 16);
        let mut relay = Relay::start(Server::Yilian).await;
        let mut authors: Vec<Author> = (1..8).map(|number| Author::new(number, round)).collect();
        for author in &mut authors {
            author.write(dice.random_range(1..30), dice.random_range(20..900));
            author.settle(&relay.url()).await;
        }
        relay.stop().await;
        let how = harm(&disk::database(relay.data()), &mut dice);
        let what = format!("round {round}, {how}");
        if let Err(code) = relay.try_again().await {
            let output = relay.process().output();
            assert_eq!(code, Some(1), "{what}: {output}");
            assert!(output.contains("damaged"), "{what}: {output}");
            assert!(!output.contains("panicked"), "{what}: {output}");
            println!("{what}: {output}");
            tally.refused += 1;
            // What it says to do.
            std::fs::rename(disk::database(relay.data()), relay.data().join("kept")).unwrap();
            relay.start_again().await;
        }
        let mut away = Vec::new();
        for author in &mut authors {
            match come_back(author, &relay, &what).await {
                true => tally.whole += 1,
                false => away.push(author),
            }
        }
        if !away.is_empty() {
            // SQLite found the damage while the file was in use.
            relay.stop().await;
            relay.start_again().await;
        }
        for author in away {
            match come_back(author, &relay, &what).await {
                true => tally.again += 1,
                false => tally.named += 1,
            }
        }
        let output = relay.process().output();
        assert!(!output.contains("panicked"), "{what}: {output}");
        let kept = disk::database(relay.data()).with_extension("sqlite.damaged");
        tally.rebuilt += usize::from(kept.exists());
        relay.stop().await;
    }
    report::seen(
        "random damage to the database of a relay (bits, torn, empty and missing pages)",
        &format!(
            "{rounds} stores: {} written anew from what could be read of them, {} refused with a sentence that says what to do; of their documents {} whole after their author came back (of a refused store's to an empty one), {} after one more start, {} named as unreadable; no panic; {} s",
            tally.rebuilt,
            tally.refused,
            tally.whole,
            tally.again,
            tally.named,
            began.elapsed().as_secs()
        ),
    );
}

/// Whether all of a document is at the relay again once its author is back; if not, the relay says so.
async fn come_back(author: &mut Author, relay: &Relay, what: &str) -> bool {
    let id = author.id.to_string();
    in_time(what, async {
        loop {
            let told = |author: &Author| author.is_settled() || author.said == Said::Unavailable;
            let reached = author.sync_once(&relay.url(), &told).await;
            if reached && author.is_settled() {
                let mut reader = Author::reader(author);
                reader.sync_until(&relay.url(), Author::has_it_all).await;
                assert_eq!(reader.changes(), author.changes(), "{what}");
                return true;
            }
            let response = ready(relay).await;
            // Either the document is not to be read, or nothing more can be written to the file.
            let named = response.body.contains(&id);
            let broken = response.status == 503 && response.body.contains("its file is damaged");
            if named || broken {
                return false;
            }
        }
    })
    .await
}
