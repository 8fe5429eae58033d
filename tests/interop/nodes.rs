//! Nodes embedded in a program, against a relay in the same process: what an application sees of them.
//!
//! Method: real stores in temporary folders, real sockets; between node and relay stands a proxy that
//! counts what passes, so that "one exchange" is a count and not a time.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use yilian_core::document::{Author, Name};
use yilian_core::records::{Collection, Edit, RecordId, Shift};
use yilian_node::{LinkState, Node, Profile, Status};
use yilian_server::{Relay, Settings};
use yilian_tests::in_time;

const NETWORK: &str = "jiaozuo";

fn roster(site: &str, month: &str) -> Name {
    format!("roster/{site}/{month}").parse().unwrap()
}

/// One shift, the same on every replica that makes it.
fn shift(document: &Name, name: &str, start: &str) -> (RecordId, Vec<Edit>) {
    let id = RecordId::natural(Collection::Shifts, &[name, start]);
    let set = |field: &str, value: &str| Edit::set(document, Collection::Shifts, id, field, value);
    let end = start.replace("T08", "T14");
    let edits = vec![
        set("site", "keyun"),
        set("name", name),
        set("post", "前台"),
        set("start", start),
        set("end", &end),
        set("state", "planned"),
    ];
    (id, edits)
}

async fn node(folder: &Path, site: Option<&str>, url: &str) -> Node {
    let network = NETWORK.parse().unwrap();
    let profile = match site {
        Some(site) => {
            let key = site.parse().unwrap();
            let author = Author::new(&key, "傅玉兰").unwrap();
            Profile::of_site(network, key).with_author(author)
        }
        None => Profile::of_hub(network),
    };
    Node::create(folder, &profile.with_hub(url)).unwrap();
    Node::open(folder).await.unwrap()
}

async fn in_step(node: &Node) -> Status {
    in_time("the node to be in step with its relay", async {
        let mut last = None;
        loop {
            let status = node.status().await.unwrap();
            if status.in_step {
                return status;
            }
            if last.as_ref() != Some(&status) {
                // Shown if the test fails: how it got stuck.
                eprintln!("{status:?}");
                last = Some(status);
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    })
    .await
}

async fn shifts(node: &Node, document: &Name) -> Vec<(String, String)> {
    let (site, month) = (document.site().unwrap().clone(), document.month().unwrap());
    let shifts = node.roster(&site, month).await.unwrap();
    shifts
        .into_iter()
        .map(|shift: Shift| (shift.name, shift.note))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_two_nodes_wrote_offline_both_have() {
    let folder = TempDir::new().unwrap();
    let relay = Relay::start(Settings::local(folder.path().join("relay")))
        .await
        .unwrap();
    let a = node(&folder.path().join("a"), Some("keyun"), &relay.url()).await;
    let b = node(&folder.path().join("b"), Some("jiefang-1"), &relay.url()).await;
    let document = roster("keyun", "2026-12");
    let (same, edits) = shift(&document, "傅玉兰", "2026-12-01T08:00");
    assert_eq!(a.edit(edits.clone(), "import").await.unwrap(), 1);
    assert_eq!(b.edit(edits, "import").await.unwrap(), 1);
    let (_, more) = shift(&document, "谢秀兰", "2026-12-02T08:00");
    b.edit(more, "add").await.unwrap();
    let note = Edit::set(&document, Collection::Shifts, same, "note", "顶班");
    a.edit(vec![note], "note").await.unwrap();
    let waiting = a.status().await.unwrap();
    assert_eq!(
        (waiting.link.clone(), waiting.changes_waiting() > 0),
        (LinkState::Offline, true)
    );

    let mut changes = a.changes();
    a.go_online();
    in_step(&a).await;
    b.go_online();
    in_step(&b).await;
    let change = in_time("the other's shift to arrive", changes.recv())
        .await
        .unwrap();
    assert_eq!((change.name, change.local), (document.clone(), false));
    let expected =
        [("傅玉兰", "顶班"), ("谢秀兰", "")].map(|(name, note)| (name.to_owned(), note.to_owned()));
    assert_eq!(shifts(&a, &document).await, expected);
    assert_eq!(shifts(&b, &document).await, expected);

    // The hub reads every name, and what it has survives a restart of everything.
    let hub_folder = folder.path().join("hub");
    let hub = node(&hub_folder, None, &relay.url()).await;
    hub.go_online();
    in_step(&hub).await;
    hub.stop().await;
    let hub = Node::open(&hub_folder).await.unwrap();
    assert_eq!(shifts(&hub, &document).await, expected);
    for node in [a, b, hub] {
        node.stop().await;
    }
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_is_undone_across_a_restart() {
    let folder = TempDir::new().unwrap();
    let here = folder.path().join("a");
    let document = roster("keyun", "2026-12");
    let (id, edits) = shift(&document, "傅玉兰", "2026-12-01T08:00");
    let first = node(&here, Some("keyun"), "ws://127.0.0.1:9/sync").await;
    first.edit(edits, "add").await.unwrap();
    let note = |text: &str| vec![Edit::set(&document, Collection::Shifts, id, "note", text)];
    first.edit(note("一"), "note").await.unwrap();
    first.edit(note("二"), "note").await.unwrap();
    first.stop().await;
    let again = Node::open(&here).await.unwrap();
    assert!(again.undo(&document).await.unwrap());
    assert_eq!(shifts(&again, &document).await[0].1, "一");
    assert!(again.undo(&document).await.unwrap());
    assert_eq!(shifts(&again, &document).await[0].1, "");
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_unchanged_documents_cost_one_exchange() {
    const DOCUMENTS: usize = 5_000;
    let folder = TempDir::new().unwrap();
    let relay = Relay::start(Settings::local(folder.path().join("relay")))
        .await
        .unwrap();
    let proxy = Proxy::start(relay.address().to_string()).await;
    let here = folder.path().join("a");
    let a = node(&here, Some("keyun"), &proxy.url).await;
    let mut edits = Vec::new();
    for number in 0..DOCUMENTS {
        let document = roster(&format!("s{number}"), "2026-12");
        edits.extend(shift(&document, "傅玉兰", "2026-12-01T08:00").1);
    }
    a.edit(edits, "import").await.unwrap();
    a.go_online();
    in_step(&a).await;
    a.stop().await;
    let mut passed = vec![proxy.bytes()];
    for _ in 0..2 {
        let a = Node::open(&here).await.unwrap();
        a.go_online();
        let status = in_step(&a).await;
        assert_eq!((status.arriving, status.waiting.len()), (0, 0));
        a.stop().await;
        passed.push(proxy.bytes());
    }
    // The first catalogue after an upload lists what was uploaded, 56 bytes each, and no more passes.
    let listed = passed[1] - passed[0];
    assert!(
        listed < DOCUMENTS * 60,
        "{listed} bytes to list {DOCUMENTS} documents"
    );
    // After that: handshakes of WebSocket and protocol, a subscription, a catalogue without an entry.
    let again = passed[2] - passed[1];
    assert!(again < 2_500, "{again} bytes for nothing new");
    relay.stop().await;
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_lost_something_gets_it_again() {
    let folder = TempDir::new().unwrap();
    let (data, backup, empty) = (
        folder.path().join("relay"),
        folder.path().join("backup"),
        folder.path().join("empty"),
    );
    let relay = Relay::start(Settings::local(&data)).await.unwrap();
    let address = relay.address();
    let a = node(&folder.path().join("a"), Some("keyun"), &relay.url()).await;
    let (first, second) = (roster("keyun", "2026-12"), roster("keyun", "2027-01"));
    a.edit(shift(&first, "傅玉兰", "2026-12-01T08:00").1, "add")
        .await
        .unwrap();
    a.go_online();
    in_step(&a).await;
    relay.stop().await;
    copy(&data, &backup);

    // What follows is not in the backup: a change of one document, and another document.
    let mut settings = Settings::local(&data);
    settings.listen = address;
    let relay = Relay::start(settings).await.unwrap();
    a.edit(shift(&first, "谢秀兰", "2026-12-02T08:00").1, "add")
        .await
        .unwrap();
    a.edit(shift(&second, "孙平", "2027-01-02T08:00").1, "add")
        .await
        .unwrap();
    in_step(&a).await;
    relay.stop().await;

    for lost in [backup, empty] {
        let mut settings = Settings::local(&lost);
        settings.listen = address;
        let relay = Relay::start(settings).await.unwrap();
        let hub = node(&lost.join("hub"), None, &relay.url()).await;
        in_time("the node to notice and to bring it again", async {
            hub.go_online();
            while shifts(&hub, &first).await.len() < 2 || shifts(&hub, &second).await.is_empty() {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        })
        .await;
        in_step(&a).await;
        hub.stop().await;
        relay.stop().await;
    }
    a.stop().await;
}

/// Passes bytes on, and counts them.
struct Proxy {
    url: String,
    bytes: Arc<AtomicUsize>,
}

impl Proxy {
    async fn start(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/sync", listener.local_addr().unwrap());
        let bytes = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&bytes);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect(&target).await.unwrap();
                let (near_read, near_write) = near.into_split();
                let (far_read, far_write) = far.into_split();
                tokio::spawn(pass(near_read, far_write, Arc::clone(&counted)));
                tokio::spawn(pass(far_read, near_write, Arc::clone(&counted)));
            }
        });
        Self { url, bytes }
    }

    fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }
}

async fn pass(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    counted: Arc<AtomicUsize>,
) {
    let mut buffer = vec![0; 16 << 10];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        counted.fetch_add(count, Ordering::Relaxed);
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
    // The other side hears of the end.
    let _ = to.shutdown().await;
}

#[tokio::test]
async fn edits_made_just_before_the_end_are_on_disk() {
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("a");
    let a = node(&place, Some("keyun"), "ws://127.0.0.1:1/sync").await;
    let document = roster("keyun", "2026-12");
    let write = |day: u32| {
        let start = format!("2026-12-{day:02}T08:00");
        shift(&document, &format!("人{day}"), &start).1
    };
    a.edit(write(1), "open").await.unwrap();
    // The second waits for the first's commit, and the end is asked for meanwhile.
    let (second, third, ()) = tokio::join!(
        a.edit(write(2), "second"),
        a.edit(write(3), "third"),
        a.stop()
    );
    assert_eq!((second.unwrap(), third.unwrap()), (1, 1));
    let a = Node::open(&place).await.unwrap();
    assert_eq!(shifts(&a, &document).await.len(), 3);
    a.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_leaves_knows_that_it_is_offline() {
    let folder = TempDir::new().unwrap();
    let relay = Relay::start(Settings::local(folder.path().join("relay")))
        .await
        .unwrap();
    let a = node(&folder.path().join("a"), Some("keyun"), &relay.url()).await;
    let document = roster("keyun", "2026-12");
    a.edit(shift(&document, "傅玉兰", "2026-12-01T08:00").1, "add")
        .await
        .unwrap();
    for _ in 0..2 {
        a.go_online();
        in_step(&a).await;
        a.go_offline();
        let mut link = a.link();
        in_time(
            "the node to leave",
            link.wait_for(|state| *state == LinkState::Offline),
        )
        .await
        .unwrap();
        assert!(!a.status().await.unwrap().in_step);
    }
    a.stop().await;
    relay.stop().await;
}
