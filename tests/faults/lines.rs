//! Nodes and a relay with a bad line between them: no document is left behind, whatever the line did.

use std::path::Path;
use std::time::{Duration, Instant};

use automerge::transaction::Transactable as _;
use automerge::{ActorId, Automerge, ChangeHash, ROOT, ReadDoc as _};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tempfile::TempDir;
use yilian_core::document::{Author, DocumentId, Name};
use yilian_core::records::{Collection, Edit, RecordId, Shift};
use yilian_core::storage::{Commit, DocumentWrite, Store as _};
use yilian_node::store::SqliteStore;
use yilian_node::{Node, Profile};
use yilian_tests::in_time;
use yilian_tests::relay::{Relay, Server};

use crate::line::{Line, Trouble};
use crate::{disk, is_long, report, seed};

async fn node(folder: &Path, site: &str, url: &str) -> Node {
    let key = site.parse().unwrap();
    let author = Author::new(&key, "傅玉兰").unwrap();
    let profile = Profile::of_site("jiaozuo".parse().unwrap(), key).with_author(author);
    Node::create(folder, &profile.with_hub(url)).unwrap();
    Node::open(folder).await.unwrap()
}

async fn in_step(node: &Node, what: &str) {
    let began = Instant::now();
    let mut last = None;
    // What a line of its own pace allows has no other limit than the test run's.
    loop {
        let status = node.status().await.unwrap();
        if status.in_step {
            return;
        }
        if last.as_ref() != Some(&status) && began.elapsed() > Duration::from_secs(20) {
            // Shown if the test fails: how it got stuck.
            eprintln!("{what}: {status:?}");
            last = Some(status);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn shift(document: &Name, name: &str, start: &str, note: &str) -> Vec<Edit> {
    let id = RecordId::natural(Collection::Shifts, &[name, start]);
    let set = |field: &str, value: &str| Edit::set(document, Collection::Shifts, id, field, value);
    vec![
        set("site", "keyun"),
        set("name", name),
        set("post", "前台"),
        set("start", start),
        set("end", &start.replace("T08", "T14")),
        set("state", "planned"),
        set("note", note),
    ]
}

/// What a node shows of the months that are written.
async fn rosters(node: &Node) -> Vec<Vec<Shift>> {
    let mut rosters = Vec::new();
    for month in 1..=5 {
        let month = format!("2026-{month:02}").parse().unwrap();
        rosters.push(node.roster(&"keyun".parse().unwrap(), month).await.unwrap());
    }
    rosters
}

/// The heads of every roster in a node's store.
fn heads(folder: &Path) -> Vec<(String, Vec<ChangeHash>)> {
    let store = SqliteStore::open(folder).unwrap();
    let documents = store.documents().unwrap().into_iter();
    let named = documents.filter_map(|document| Some((document.name?, document.heads)));
    named
        .filter(|(name, _)| name.starts_with("roster/"))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_converge_whatever_the_line_does() {
    let troubles = [
        ("delays", Trouble::Delay(Duration::from_millis(60))),
        ("cuts", Trouble::Cut),
        ("half-closed connections", Trouble::HalfClose),
        ("stalls", Trouble::Stall(Duration::from_millis(1_500))),
    ];
    for (index, (what, trouble)) in troubles.into_iter().enumerate() {
        let began = Instant::now();
        let folder = TempDir::new().unwrap();
        let mut relay = Relay::start(Server::Yilian).await;
        let mut dice = StdRng::seed_from_u64(seed() ^ index as u64);
        let folders = ["keyun", "jiefang-1"].map(|site| folder.path().join(site));
        let (mut lines, mut nodes) = (Vec::new(), Vec::new());
        for (number, folder) in folders.iter().enumerate() {
            let seed = seed() ^ (number as u64) << 8;
            let line = Line::to(relay.address(), trouble, seed).await;
            let site = ["keyun", "jiefang-1"][number];
            nodes.push(node(folder, site, &line.url).await);
            lines.push(line);
        }
        nodes.iter().for_each(Node::go_online);
        for step in 0..if is_long() { 72 } else { 24 } {
            let month = dice.random_range(1..=5);
            let document = format!("roster/keyun/2026-{month:02}").parse().unwrap();
            let start = format!("2026-{month:02}-{:02}T08:00", dice.random_range(1..=28));
            let note: String = (0..300).map(|_| dice.random_range('a'..='z')).collect();
            let edits = shift(&document, &format!("人{}", step % 7), &start, &note);
            nodes[step % 2].edit(edits, "add").await.unwrap();
            tokio::time::sleep(Duration::from_millis(dice.random_range(0..150))).await;
        }
        lines.iter().for_each(Line::mend);
        let expected = in_time(what, async {
            loop {
                // Each may be in step before it hears of the other's last words.
                for node in &nodes {
                    in_step(node, what).await;
                }
                let [one, other] = [rosters(&nodes[0]).await, rosters(&nodes[1]).await];
                if one == other {
                    return one;
                }
            }
        })
        .await;
        for node in &nodes {
            node.stop().await;
        }
        let happened: usize = lines.iter().map(Line::troubles).sum();
        assert!(happened > 0, "{what}: nothing happened");
        assert!(!expected.concat().is_empty());
        let all = folders.each_ref().map(|folder| heads(folder));
        assert_eq!(all[0], all[1], "{what}");
        relay.stop().await;
        assert_eq!(disk::read(relay.data()).1, []);
        report::seen(
            &format!("a line between nodes and relay with {what}"),
            &format!(
                "{happened} times; both nodes and the relay converge; {} s",
                began.elapsed().as_secs()
            ),
        );
    }
}

/// Whoever is on such a line leaves it by itself: nothing tells that it will never answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_never_answers_is_left_for_another_try() {
    const FOREVER: Duration = Duration::from_secs(86_400);
    let began = Instant::now();
    let folder = TempDir::new().unwrap();
    let mut relay = Relay::start(Server::Yilian).await;
    let (mut lines, mut nodes) = (Vec::new(), Vec::new());
    for (trouble, site) in [
        (Trouble::Mute, "keyun"),
        (Trouble::Stall(FOREVER), "jiefang-1"),
    ] {
        let line = Line::to(relay.address(), trouble, seed()).await;
        nodes.push(node(&folder.path().join(site), site, &line.url).await);
        lines.push(line);
    }
    nodes.iter().for_each(Node::go_online);
    let document = "roster/keyun/2026-01".parse().unwrap();
    let note = "长".repeat(10_000);
    for (number, node) in nodes.iter().enumerate() {
        let edits = shift(&document, &format!("人{number}"), "2026-01-02T08:00", &note);
        node.edit(edits, "add").await.unwrap();
    }
    in_time("both lines to stand", async {
        while lines.iter().any(|line| line.troubles() == 0) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    // What stands goes on standing; another connection would pass.
    lines.iter().for_each(Line::mend);
    let expected = loop {
        for node in &nodes {
            in_step(node, "a line that never answers").await;
        }
        let [one, other] = [rosters(&nodes[0]).await, rosters(&nodes[1]).await];
        if one == other {
            break one;
        }
    };
    assert_eq!(expected.concat().len(), 2);
    for node in &nodes {
        node.stop().await;
    }
    relay.stop().await;
    report::seen(
        "a line that accepts and never answers, and one that stands still forever",
        &format!(
            "left by silence; the next try passes, and both nodes and the relay converge; {} s",
            began.elapsed().as_secs()
        ),
    );
}

/// Writes a roster with many changes into a node's store, as a device that was offline for months would have it.
fn write_history(folder: &Path, name: &Name, changes: usize) {
    let id = DocumentId::of(&"jiaozuo".parse().unwrap(), name);
    let mut document = Automerge::new();
    for change in name.kind().genesis() {
        document.load_incremental(change).unwrap();
    }
    document.set_actor(ActorId::from([7; 16]));
    let (_, shifts) = document.get(ROOT, "shifts").unwrap().unwrap();
    let mut dice = StdRng::seed_from_u64(seed());
    for number in 0..changes {
        let key = format!("record-{}/note", number % 500);
        let note: String = (0..120).map(|_| dice.random_range('a'..='z')).collect();
        document
            .transact::<_, _, automerge::AutomergeError>(|edit| edit.put(&shifts, key, note))
            .unwrap();
    }
    let all = document.get_changes(&[]);
    let bytes = all.iter().map(|change| change.raw_bytes().to_vec().into());
    let write = DocumentWrite {
        name: Some(name.to_string()),
        ..DocumentWrite::changes(id, bytes.collect(), document.get_heads())
    };
    let mut store = SqliteStore::open(folder).unwrap();
    store.commit(&Commit::of(write)).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_upload_over_a_slow_line_that_is_cut_again_and_again_finishes() {
    // In the test run a faster line; a message of ours passes between two cuts in either.
    let (changes, rate, every) = match is_long() {
        true => (50_000, 125_000, Duration::from_secs(10)),
        false => (16_000, 1_000_000, Duration::from_millis(2_500)),
    };
    let folder = TempDir::new().unwrap();
    let mut relay = Relay::start(Server::Yilian).await;
    let line = Line::to(relay.address(), Trouble::Slow(rate, every), seed()).await;
    let here = folder.path().join("keyun");
    let name: Name = "roster/keyun/2026-12".parse().unwrap();
    node(&here, "keyun", &line.url).await.stop().await;
    write_history(&here, &name, changes);
    let began = Instant::now();
    let keyun = Node::open(&here).await.unwrap();
    keyun.go_online();
    in_step(&keyun, "upload").await;
    let (time, cuts) = (began.elapsed(), line.troubles());
    assert!(cuts > 0, "it was never cut");
    keyun.stop().await;
    relay.stop().await;
    let ((here, _), (there, problems)) = (disk::read(&here), disk::read(relay.data()));
    assert_eq!(problems, []);
    let id = DocumentId::of(&"jiaozuo".parse().unwrap(), &name);
    assert!(here[&id] == there[&id], "all changes, byte for byte");
    assert!(here[&id].len() > changes);
    report::seen(
        &format!(
            "an upload of {changes} changes over {} Mbit/s, cut every {} s",
            rate * 8 / 1_000_000,
            every.as_secs_f32()
        ),
        &format!("finished after {cuts} cuts; {} s", time.as_secs()),
    );
}
