//! A disk without room: what is committed is served, nothing half-written stays, and all heals once there is room again.
//!
//! Two disks: a small one of its own, where the system lets the test mount it, and everywhere the system's limit on the size of
//! files, which makes every write fail.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use yilian_core::storage::Problem;
use yilian_tests::cli::{Station, list};
use yilian_tests::raw::{RawClient, sync_with};
use yilian_tests::relay::{Relay, Server};
use yilian_tests::{binaries, http, in_time};

use crate::author::Author;
use crate::{disk, report, seed};

/// What takes the room away, and gives it back.
trait Room {
    fn fill(&self);
    fn free(&self);
}

/// A small disk.
struct Disk {
    folder: PathBuf,
}

impl Disk {
    /// Mounts one over a folder; none where that is not permitted.
    fn over(folder: &Path) -> Option<Disk> {
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=2m", "faults"])
            .arg(folder);
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        mounted.then(|| Disk {
            folder: folder.to_owned(),
        })
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }
}

impl Room for Disk {
    fn fill(&self) {
        // As much as there is room for, and the rest byte by byte.
        let mut size = 1 << 20;
        let mut ballast = std::fs::File::create(self.ballast()).unwrap();
        while size > 0 {
            if std::io::Write::write_all(&mut ballast, &vec![1; size]).is_err() {
                size /= 2;
            }
        }
    }

    fn free(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // A process that is being killed may still hold it.
        let _ = Command::new("umount").arg("-l").arg(&self.folder).status();
    }
}

/// The limit on the size of files that a running process may write.
struct Limit {
    process: u32,
}

impl Limit {
    fn set(&self, limit: &str) {
        let process = self.process.to_string();
        let status = Command::new("prlimit")
            .args(["--pid", &process, &format!("--fsize={limit}")])
            .status();
        assert!(status.unwrap().success(), "the limit is taken");
    }
}

impl Room for Limit {
    fn fill(&self) {
        self.set("0:unlimited");
    }

    fn free(&self) {
        self.set("unlimited:unlimited");
    }
}

/// A script that starts a program which survives the signal that comes with the limit, as it does where a disk is full.
fn script(folder: &Path, prefix: &str, program: &Path) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder.join("start");
    let text = format!(
        "#!/bin/sh\ntrap '' XFSZ\nexec {prefix} '{}' \"$@\"\n",
        program.display()
    );
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

async fn ready(relay: &Relay) -> http::Response {
    http::get(&relay.address(), "/readyz").await
}

/// Two clients hear each other, although nothing can be stored.
async fn ephemerals_pass(relay: &Relay, document: &str) {
    let mut speaker = RawClient::join(&relay.url(), "speaker").await;
    let mut listener = RawClient::join(&relay.url(), "listener").await;
    for client in [&mut speaker, &mut listener] {
        let question = sync_with(Vec::new(), Vec::new());
        client.send_sync("request", document, question).await;
        client.receive_kind("sync").await;
    }
    speaker
        .send_ephemeral(document, "session", 1, b"\x41x")
        .await;
    listener.receive_kind("ephemeral").await;
}

/// What holds of a relay whose disk fills up, whatever fills it. `why` is what it says then.
async fn without_room(mut relay: Relay, room: &impl Room, why: &str) {
    let mut alice = Author::new(1, seed());
    alice.write(20, 500);
    alice.settle(&relay.url()).await;
    let committed = alice.changes();

    room.fill();
    alice.write(600, 2_000);
    let lost = alice.sync_once(&relay.url(), &Author::is_settled).await;
    assert!(!lost, "the connection that brought the changes is reset");
    let response = ready(&relay).await;
    assert_eq!(response.status, 503, "{}", response.body);
    assert!(response.body.contains(why), "{}", response.body);
    let mut reader = Author::reader(&alice);
    reader.sync_until(&relay.url(), Author::has_it_all).await;
    assert_eq!(
        reader.changes(),
        committed,
        "what was committed, and nothing else"
    );
    ephemerals_pass(&relay, &alice.id.to_string()).await;
    // A new document has no better luck.
    let mut bob = Author::new(2, seed());
    bob.write(300, 2_000);
    assert!(!bob.sync_once(&relay.url(), &Author::is_settled).await);

    room.free();
    in_time("/readyz to notice that there is room", async {
        while ready(&relay).await.status != 200 {}
    })
    .await;
    for author in [&mut alice, &mut bob] {
        author.settle(&relay.url()).await;
    }
    reader.sync_until(&relay.url(), Author::has_it_all).await;
    assert_eq!(reader.heads(), alice.heads());
    let output = relay.process().output();
    assert!(!output.contains("panicked"), "{output}");
    relay.stop().await;
    let (stored, problems) = disk::read(relay.data());
    assert_eq!(problems, Vec::<Problem>::new());
    for author in [&alice, &bob] {
        assert_eq!(stored[&author.id], author.changes());
    }
}

const SEEN: &str = "committed data and ephemeral messages served; a failed commit drops its changes and resets who brought them; /readyz 503 with the reason, 200 by itself once there is room; then all edits arrive";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_heals_once_its_disk_has_room_again() {
    let mut relay = Relay::start(Server::Yilian).await;
    relay.stop().await;
    let Some(small) = Disk::over(relay.data()) else {
        // The same, with a limit instead, runs everywhere.
        println!("no disk can be mounted here");
        return;
    };
    relay.start_again().await;
    without_room(relay, &small, "the disk is full").await;
    report::seen("the relay's disk is full (2 MiB tmpfs)", SEEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_heals_once_its_disk_takes_writes_again() {
    let folder = TempDir::new().unwrap();
    let program = script(folder.path(), "", &binaries::relay());
    let mut relay = Relay::start_program(&program).await;
    let process = relay.process().id();
    without_room(relay, &Limit { process }, "cannot commit to the store").await;
    report::seen("every write of the relay fails (RLIMIT_FSIZE 0)", SEEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_that_a_node_has_no_room_for_fails_whole() {
    let folder = TempDir::new().unwrap();
    let mut keyun = Station::site("keyun", "ws://127.0.0.1:9/sync").await;
    let table = keyun.file("people.csv");
    let rows: String = (0..3_000)
        .map(|number| format!("keyun,傅{number},staff\n"))
        .collect();
    std::fs::write(&table, format!("site,name,role\n{rows}")).unwrap();
    let table = table.display().to_string();
    let import = ["person", "import", &table];
    // Room for what SQLite needs to open a file, and for small commits.
    let tight = script(folder.path(), "prlimit --fsize=65536", &binaries::yilian());
    keyun.set_program(&tight);
    let refused = keyun.run(&import).await.expect(1);
    assert!(refused.stderr.contains("没有改成"), "{}", refused.stderr);
    assert!(!refused.stderr.contains("panicked"), "{}", refused.stderr);
    keyun.set_program(&binaries::yilian());
    keyun.ok(&["doctor"]).await;
    let people = || async {
        let shown = keyun.json(&["person", "list", "--site", "keyun"]).await;
        list(&shown, "persons").len()
    };
    assert_eq!(people().await, 0, "nothing of it was kept");
    keyun.ok(&import).await;
    assert_eq!(people().await, 3_000);
    report::seen(
        "a node's disk has no room for an edit",
        "the edit fails with a sentence and exit code 1, nothing of it is kept, the store is sound; made again once there is room",
    );
}
