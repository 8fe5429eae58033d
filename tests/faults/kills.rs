//! `kill -9` at any moment: what was acknowledged is there, byte for byte.

use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::time::sleep;
use yilian_core::storage::Problem;
use yilian_tests::cli::Station;
use yilian_tests::process::Process;
use yilian_tests::relay::{Relay, Server};
use yilian_tests::samples;

use crate::author::Author;
use crate::{EAGER, disk, is_long, report, seed};

fn rounds() -> usize {
    if is_long() { 200 } else { 20 }
}

/// Whether what was acknowledged to an author is in the relay's file, and the file is sound.
fn check(relay: &Relay, authors: &[Author], round: usize) -> usize {
    let (stored, problems) = disk::read(relay.data());
    assert_eq!(problems, Vec::<Problem>::new(), "round {round}");
    let mut count = 0;
    for author in authors {
        for (hash, bytes) in author.acknowledged_changes() {
            let found = stored
                .get(&author.id)
                .and_then(|changes| changes.get(&hash));
            assert_eq!(
                found,
                Some(&bytes),
                "round {round}: {hash} of {}",
                author.id
            );
            count += 1;
        }
    }
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_relay_acknowledged_survives_kills_under_load() {
    let began = Instant::now();
    let seed = seed();
    let mut dice = StdRng::seed_from_u64(seed);
    let mut relay = Relay::start_with(Server::Yilian, EAGER.to_vec()).await;
    let mut authors: Vec<Author> = (1..4).map(|number| Author::new(number, seed)).collect();
    authors.push(Author::beside(&authors[0], seed ^ 7));
    let mut acknowledged = 0;
    for round in 0..rounds() {
        let tasks: Vec<_> = authors
            .drain(..)
            .map(|mut author| {
                let url = relay.url();
                tokio::spawn(async move {
                    author.write_until_cut(&url).await;
                    author
                })
            })
            .collect();
        sleep(Duration::from_millis(dice.random_range(20..500))).await;
        relay.kill().await;
        for task in tasks {
            authors.push(task.await.unwrap());
        }
        acknowledged = check(&relay, &authors, round);
        relay.start_again().await;
    }
    // And it goes on: everything arrives, what was in flight included.
    for _ in 0..2 {
        for author in &mut authors {
            author.settle(&relay.url()).await;
        }
    }
    assert_eq!(authors[0].heads(), authors[3].heads());
    relay.stop().await;
    check(&relay, &authors, rounds());
    assert!(
        acknowledged > 0,
        "no round got as far as an acknowledgement"
    );
    report::seen(
        "kill -9 of the relay under load",
        &format!(
            "{} kills, {acknowledged} acknowledged changes, all there byte for byte; {} s",
            rounds(),
            began.elapsed().as_secs()
        ),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_node_said_is_saved_survives_kills_while_it_syncs() {
    let began = Instant::now();
    let mut dice = StdRng::seed_from_u64(seed() ^ 1);
    let relay = Relay::start(Server::Yilian).await;
    let url = relay.url();
    let keyun = Station::site("keyun", &url).await;
    let hub = Station::hub(&url).await;
    let file = samples::roster("keyun").display().to_string();
    keyun
        .ok(&["roster", "import", &file, "--month", "2026-12"])
        .await;
    let mut notes = Vec::new();
    for round in 0..rounds() / 4 {
        let note = format!("第{round}轮");
        let added = keyun
            .ok(&["person", "add", &format!("name={note}"), "role=staff"])
            .await;
        assert!(!added.is_empty());
        notes.push(note);
        // Both are killed while one uploads and the other downloads.
        let mut watching = [&keyun, &hub]
            .map(|station| Process::start("watching", station.command(&["sync", "--watch"])));
        sleep(Duration::from_millis(dice.random_range(0..700))).await;
        for process in &mut watching {
            process.kill().await;
        }
        for station in [&keyun, &hub] {
            station.ok(&["doctor"]).await;
        }
        let people = keyun.ok(&["person", "list", "--site", "keyun"]).await;
        for note in &notes {
            assert!(people.contains(note), "{note} is not in\n{people}");
        }
    }
    for station in [&keyun, &hub] {
        station.ok(&["sync", "--once"]).await;
    }
    let people = hub.ok(&["person", "list", "--site", "keyun"]).await;
    for note in &notes {
        assert!(people.contains(note), "{note} is not in\n{people}");
    }
    report::seen(
        "kill -9 of two nodes while they sync",
        &format!(
            "{} kills each; stores sound, all saved edits there and at the hub in the end; {} s",
            rounds() / 4,
            began.elapsed().as_secs()
        ),
    );
}
