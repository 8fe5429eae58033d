//! Changes that pass every check of the relay and break Automerge: nobody's program stops, the honest go on and end up
//! the same, and what is broken is found, named, and goes to nobody any more.
//!
//! Method: the relay is a process, two nodes edit one roster, and a peer sends what it forged. Nothing is assumed of who
//! finds a change first: a node that applies it, or the relay's verifier.

use std::path::Path;

use automerge::{Automerge, Change, ChangeHash};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;
use tempfile::TempDir;
use yilian_core::document::{Author, DocumentId, Name};
use yilian_core::records::{Collection, Edit, RecordId, Shift};
use yilian_core::storage::{Commit, Outline, Quarantined, Store as _};
use yilian_core::sync::change_graph::ChangeGraph;
use yilian_core::sync::limits::Limits;
use yilian_node::store::SqliteStore;
use yilian_node::verifier::trial;
use yilian_node::{Node, Profile};
use yilian_tests::cbor::Value;
use yilian_tests::cli::{Station, copy_store};
use yilian_tests::forge::{Breaks, damaged, poison, templates};
use yilian_tests::http::get;
use yilian_tests::js::JsHost;
use yilian_tests::raw::{self, RawClient, kind, sync_with};
use yilian_tests::relay::{Relay, Server};
use yilian_tests::{PATIENCE, in_time};

const NETWORK: &str = "jiaozuo";
const ROSTER: &str = "roster/keyun/2026-12";

fn name() -> Name {
    ROSTER.parse().unwrap()
}

fn document() -> String {
    DocumentId::of(&NETWORK.parse().unwrap(), &name()).to_string()
}

async fn relay() -> Relay {
    let eager = vec![
        ("YILIAN_VERIFY_EVERY", "1"),
        ("YILIAN_VERIFY_PERCENT", "100"),
        // Thousands of them are cut off, and come back from one address.
        ("YILIAN_MAX_BREACHES", "1000000"),
    ];
    Relay::start_with(Server::Yilian, eager).await
}

async fn node(folder: &Path, site: &str, relay: &Relay) -> Node {
    let key = site.parse().unwrap();
    let author = Author::new(&key, "傅玉兰").unwrap();
    let profile = Profile::of_site(NETWORK.parse().unwrap(), key).with_author(author);
    Node::create(folder, &profile.with_hub(relay.url())).unwrap();
    let node = Node::open(folder).await.unwrap();
    node.go_online();
    node
}

/// A shift of a person on a day.
fn shift(who: &str, day: usize) -> Vec<Edit> {
    let start = format!("2026-12-{:02}T08:00", day % 28 + 1);
    let id = RecordId::natural(Collection::Shifts, &[who, &start]);
    let name = name();
    let set = |field: &str, value: &str| Edit::set(&name, Collection::Shifts, id, field, value);
    vec![
        set("site", "keyun"),
        set("name", who),
        set("post", "前台"),
        set("start", &start),
        set("end", &start.replace("T08", "T14")),
        set("state", "planned"),
    ]
}

async fn shifts(node: &Node) -> Vec<Shift> {
    let key = "keyun".parse().unwrap();
    node.roster(&key, "2026-12".parse().unwrap()).await.unwrap()
}

/// Waits until all nodes are in step with the relay and show the same shifts, `count` of them by who is given.
async fn agree(nodes: &[&Node], who: &str, count: usize) {
    let mut last = String::new();
    let agreed = async {
        loop {
            let mut seen = Vec::new();
            let mut in_step = true;
            let mut standing = Vec::new();
            for node in nodes {
                seen.push(shifts(node).await);
                let status = node.status().await.unwrap();
                in_step &= status.in_step;
                standing.push(status);
            }
            let theirs = |shifts: &[Shift]| shifts.iter().filter(|shift| shift.name == who).count();
            if in_step
                && seen
                    .iter()
                    .all(|shifts| *shifts == seen[0] && theirs(shifts) == count)
            {
                return;
            }
            last = format!(
                "in step: {in_step}; {:?}; {standing:?}",
                seen.iter().map(|at| theirs(at)).collect::<Vec<_>>()
            );
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    // What is left to verify may take a while on a loaded machine.
    if tokio::time::timeout(PATIENCE * 3, agreed).await.is_err() {
        panic!("the nodes do not agree: {last}");
    }
}

/// What the relay serves of the roster: its heads, and all changes.
async fn fetch(relay: &Relay, peer: &str) -> (Vec<ChangeHash>, Vec<Change>) {
    let mut client = RawClient::join(&relay.url(), peer).await;
    client.fetch(&document()).await
}

/// A number that the relay's metrics say.
async fn metric(relay: &Relay, name: &str) -> u64 {
    let body = get(&relay.address(), "/metrics").await.body;
    let line = body.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|value| value.trim().parse().ok())
        .unwrap_or(0)
}

async fn wait_for_metric(relay: &Relay, name: &str, value: u64) {
    in_time(name, async {
        while metric(relay, name).await < value {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    })
    .await;
}

/// A relay, two nodes that edit one roster, and what it consists of.
struct Scene {
    relay: Relay,
    folder: TempDir,
    nodes: [Node; 2],
    base: Vec<Change>,
}

impl Scene {
    async fn new() -> Scene {
        let relay = relay().await;
        let folder = TempDir::new().unwrap();
        let a = node(&folder.path().join("a"), "keyun", &relay).await;
        let b = node(&folder.path().join("b"), "jiefang-1", &relay).await;
        a.edit(shift("谢秀兰", 0), "add").await.unwrap();
        agree(&[&a, &b], "谢秀兰", 1).await;
        let (_, base) = fetch(&relay, "reader").await;
        Scene {
            relay,
            folder,
            nodes: [a, b],
            base,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_breaks_automerge_is_found_named_and_withheld() {
    yilian_node::verifier::quieten();
    let Scene {
        mut relay,
        folder,
        nodes: [a, b],
        base,
    } = Scene::new().await;
    let panics = poison(&base, Breaks::Applying, 1);
    let mismatches = poison(&base, Breaks::Saving, 2);

    let mut author = RawClient::join_ours(&relay.url(), "author", NETWORK).await;
    for (day, bad) in [&panics, &mismatches].into_iter().enumerate() {
        author.send_change(&document(), bad).await;
        // The honest go on meanwhile.
        a.edit(shift("谢秀兰", 2 * day + 1), "add").await.unwrap();
        b.edit(shift("谢秀兰", 2 * day + 2), "add").await.unwrap();
    }
    wait_for_metric(&relay, "yilian_relay_quarantined_changes_total", 2).await;
    let mut named = 0;
    while named < 2 {
        let refusal = author.receive_kind("yilian-refusal").await;
        assert_eq!(raw::text(&refusal, "message"), "it breaks Automerge");
        let changes = refusal.get("changes").and_then(Value::as_bytes).unwrap();
        for change in changes.chunks(32) {
            assert!(
                [panics.hash().0, mismatches.hash().0]
                    .iter()
                    .any(|bad| bad == change)
            );
            named += 1;
        }
    }
    agree(&[&a, &b], "谢秀兰", 5).await;

    // From now on it goes to nobody, also after a restart.
    for round in 0..2 {
        let (heads, changes) = fetch(&relay, &format!("newcomer {round}")).await;
        let bad = [panics.hash(), mismatches.hash()];
        assert!(changes.iter().all(|change| !bad.contains(&change.hash())));
        let mut document = Automerge::new();
        document.apply_changes(changes).unwrap();
        assert_eq!(
            Automerge::load(&document.save()).unwrap().get_heads(),
            heads
        );
        let said = relay.process().output();
        if round == 0 {
            for change in bad {
                assert!(said.contains(&change.to_string()), "{said}");
            }
            relay.stop().await;
            relay.start_again().await;
        }
        assert!(!said.contains("panicked"), "{said}");
    }
    let c = node(&folder.path().join("c"), "shanyang-2", &relay).await;
    agree(&[&a, &b, &c], "谢秀兰", 5).await;
    for node in [a, b, c] {
        node.stop().await;
    }
    // Whoever has it knows, and what it has is no damage.
    let station = Station::copy_of(&folder.path().join("a"));
    let said = station.run(&["doctor"]).await.expect(0).stdout;
    assert!(said.contains(&panics.hash().to_string()), "{said}");
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_written_on_refused_ground_is_written_again() {
    yilian_node::verifier::quieten();
    let relay = relay().await;
    let folder = TempDir::new().unwrap();
    let a = node(&folder.path().join("a"), "keyun", &relay).await;
    a.edit(shift("谢秀兰", 0), "add").await.unwrap();
    agree(&[&a], "谢秀兰", 1).await;
    let (_, base) = fetch(&relay, "reader").await;
    // It applies, so the node takes it, and what is edited next builds on it.
    let bad = poison(&base, Breaks::Saving, 3);
    let mut author = RawClient::join(&relay.url(), "author").await;
    author.send_change(&document(), &bad).await;
    for day in 1..20 {
        a.edit(shift("谢秀兰", day), "add").await.unwrap();
    }
    wait_for_metric(&relay, "yilian_relay_quarantined_changes_total", 1).await;
    a.edit(shift("谢秀兰", 20), "add").await.unwrap();
    let b = node(&folder.path().join("b"), "jiefang-1", &relay).await;
    agree(&[&a, &b], "谢秀兰", 21).await;
    a.stop().await;
    b.stop().await;
}

/// The node was killed between putting something into quarantine and writing again what stood on it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_node_owed_is_written_after_its_restart() {
    let folder = TempDir::new().unwrap();
    let key = "keyun".parse().unwrap();
    let author = Author::new(&key, "傅玉兰").unwrap();
    let profile = Profile::of_site(NETWORK.parse().unwrap(), key).with_author(author);
    Node::create(folder.path(), &profile).unwrap();
    let a = Node::open(folder.path()).await.unwrap();
    for day in 0..4 {
        a.edit(shift("谢秀兰", day), "add").await.unwrap();
    }
    let last = shifts(&a).await.pop().unwrap();
    for note in ["一", "二"] {
        let edit = Edit::set(&name(), Collection::Shifts, last.id, "note", note);
        a.edit(vec![edit], "note").await.unwrap();
    }
    let expected = shifts(&a).await;
    a.stop().await;

    let id = DocumentId::of(&NETWORK.parse().unwrap(), &name());
    let changes = || {
        let store = SqliteStore::open(folder.path()).unwrap();
        let outline = Outline::of_chunks(store.load(&id).unwrap());
        let graph = ChangeGraph::load(Limits::default(), &outline).unwrap();
        let hashes = (0..graph.len()).map(|index| graph.hash(index).unwrap());
        hashes.collect::<Vec<ChangeHash>>()
    };
    // All but the first edit stands on it.
    let before = changes();
    let aside = Quarantined::write(&[Quarantined::breaking(before[before.len() - 5])]);
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let setting = Commit::of_setting(Quarantined::key(&id), Some(aside));
    store.commit(&setting).unwrap();
    drop(store);

    // Nobody opens the document: it is written all the same, as one change.
    in_time("what is owed to be written", async {
        while changes().len() == before.len() {
            let a = Node::open(folder.path()).await.unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            a.stop().await;
        }
    })
    .await;
    let again = changes();
    assert_eq!(again.len(), before.len() + 1);
    // And once only: whoever changed it since, and be it to nothing, keeps what they wrote.
    let a = Node::open(folder.path()).await.unwrap();
    assert_eq!(shifts(&a).await, expected);
    assert_eq!(a.refused().await.unwrap(), []);
    let edit = Edit::clear(&name(), Collection::Shifts, last.id, "note");
    a.edit(vec![edit], "note").await.unwrap();
    a.stop().await;
    let a = Node::open(folder.path()).await.unwrap();
    assert_eq!(shifts(&a).await.pop().unwrap().note, "");
    a.stop().await;
    assert_eq!(changes().len(), again.len() + 1);
}

/// Sends so many forged changes one by one, and says so after each twentieth of them.
async fn attack(url: &str, base: &[Change], seed: u64, count: usize, mut sent: impl FnMut()) {
    let templates = templates(base);
    let mut rng = StdRng::seed_from_u64(seed);
    let mut attacker = RawClient::join(url, "attacker").await;
    for number in 0..count {
        let template = &templates[rng.random_range(0..templates.len())];
        let (hash, chunk) = damaged(template, &mut rng);
        attacker
            .send_sync("sync", &document(), sync_with(vec![hash], vec![chunk]))
            .await;
        // Whoever sends what is plainly wrong is cut off, and comes back.
        let answer = attacker.next_or_end().await;
        if answer.is_none_or(|frame| kind(&frame) == "error") {
            attacker = RawClient::join(url, &format!("attacker {number}")).await;
        }
        if number % (count / 20) == 0 {
            sent();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forged_changes_by_the_thousand_stop_nobody() {
    yilian_node::verifier::quieten();
    let seed = std::env::var("YILIAN_SEED").map_or(7, |seed| seed.parse().unwrap());
    // One in eight passes, and each that does is one more head of a document, which everybody names to everybody: with
    // thousands of them it is slow for all that have it, as Automerge is. So each relay is sent 3,000.
    match std::env::var_os("YILIAN_LONG") {
        Some(_) => {
            for part in 0..20 {
                forged_changes_stop_nobody(seed + part, 3_000).await;
            }
        }
        None => forged_changes_stop_nobody(seed, 3_000).await,
    }
}

/// Nobody does anything about what their changes are blamed for: it is made again by itself.
async fn forged_changes_stop_nobody(seed: u64, count: usize) {
    let Scene {
        mut relay,
        folder,
        nodes: [a, b],
        base,
    } = Scene::new().await;
    // On threads of its own: what nodes make of thousands of forged changes keeps those here busy for seconds.
    let (sent, mut parts) = tokio::sync::mpsc::unbounded_channel();
    let url = relay.url();
    let attacker = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(attack(&url, &base, seed, count, || sent.send(()).unwrap()));
    });
    let mut made = 1;
    while parts.recv().await.is_some() {
        let node = if made % 2 == 0 { &a } else { &b };
        node.edit(shift("谢秀兰", made), "add").await.unwrap();
        made += 1;
    }
    attacker.join().unwrap();
    let c = node(&folder.path().join("c"), "shanyang-2", &relay).await;
    agree(&[&a, &b, &c], "谢秀兰", made).await;
    for node in [&a, &b] {
        let refused = node.refused().await.unwrap();
        assert!(refused.iter().all(|one| !one.retry), "{refused:?}");
    }
    let found = metric(&relay, "yilian_relay_quarantined_changes_total").await;
    eprintln!("seed {seed}: {count} sent, {found} found by the relay's verifier so far");
    for node in [a, b, c] {
        node.stop().await;
    }
    relay.stop().await;
    let said = relay.process().output();
    assert!(!said.contains("panicked"), "{said}");
}

/// What sound clients make, in every kind of value and object that JavaScript has, breaks nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_honest_clients_make_is_let_through() {
    let relay = relay().await;
    let host = JsHost::start();
    let client = host.client("javascript", &relay.url()).await;
    let content = json!({"text": "驿联", "list": [1, 2.5, [true, null]], "map": {"a": {"b": ""}}});
    let made = client.create(content).await;
    client
        .set(&made, &["map", "a", "b"], json!("长".repeat(2_000)))
        .await;
    client.set(&made, &["list"], json!([])).await;
    client.acked(&made).await;
    wait_for_metric(&relay, "yilian_relay_verified_documents_total", 1).await;
    // Everything up to the last edit was tried once nothing is left to try.
    client.set(&made, &["text"], json!("")).await;
    let tried = metric(&relay, "yilian_relay_verified_documents_total").await;
    client.acked(&made).await;
    wait_for_metric(&relay, "yilian_relay_verified_documents_total", tried + 1).await;
    assert_eq!(
        metric(&relay, "yilian_relay_quarantined_changes_total").await,
        0
    );
    client.close().await;
}

/// Nor does anything in the stores of released versions.
#[test]
fn what_released_versions_wrote_is_let_through() {
    let released = Path::new(env!("CARGO_MANIFEST_DIR")).join("released/0.1.0");
    let mut tried = 0;
    for store in ["hub", "keyun"] {
        let folder = TempDir::new().unwrap();
        copy_store(&released.join(store), folder.path());
        let store = SqliteStore::open(folder.path()).unwrap();
        for document in store.documents().unwrap() {
            let outline = Outline::of_chunks(store.load(&document.id).unwrap());
            let graph = ChangeGraph::load(Limits::default(), &outline).unwrap();
            let bytes = (0..graph.len()).map(|index| graph.bytes(index).unwrap());
            let changes: Vec<Change> = bytes
                .map(|bytes| Change::try_from(&bytes[..]).unwrap())
                .collect();
            let name = document.name.map(|name| name.parse().unwrap());
            let found = trial(document.id, name.as_ref(), &changes, &mut || true);
            assert_eq!(found, Some(vec![]), "{name:?}");
            tried += 1;
        }
    }
    assert!(tried > 2);
}
