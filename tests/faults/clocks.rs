//! Clocks that jump by a day while programs run, and everybody coming back at once.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use yilian_core::document::{DocumentId, Name};
use yilian_tests::cli::Station;
use yilian_tests::process::Process;
use yilian_tests::relay::{Relay, Server};
use yilian_tests::{http, in_time};

use crate::author::Author;
use crate::{disk, report, seed};

/// A clock that programs started with it share.
struct Clock {
    library: PathBuf,
    shift: PathBuf,
}

impl Clock {
    fn new(folder: &Path) -> Clock {
        let library = folder.join("clock.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("faults/clock.c");
        // The compiler is there: SQLite is built with it.
        let built = std::process::Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .args([&library, &source])
            .arg("-ldl")
            .status();
        assert!(built.unwrap().success(), "the clock compiles");
        let shift = folder.join("shift");
        std::fs::write(&shift, "0").unwrap();
        Clock { library, shift }
    }

    /// Sets it so many seconds off.
    fn jump(&self, seconds: i64) {
        // In place, since the programs have it open.
        std::fs::write(&self.shift, format!("{seconds:<24}")).unwrap();
    }

    fn environment(&self) -> [(&'static str, String); 2] {
        [
            ("LD_PRELOAD", self.library.display().to_string()),
            ("YILIAN_SHIFT", self.shift.display().to_string()),
        ]
    }
}

/// When a change says that it was made, in seconds since 1970.
fn time_of(change: &[u8]) -> i64 {
    automerge::Change::try_from(change).unwrap().timestamp()
}

fn unix_s() -> i64 {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed();
    since.unwrap().as_secs() as i64
}

/// Waits until a running node has so many changes of a document in its file.
async fn has(data: &Path, id: DocumentId, changes: usize) {
    in_time("the running node to have what was edited", async {
        loop {
            let (stored, _) = disk::read(data);
            if stored.get(&id).is_some_and(|found| found.len() == changes) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clocks_that_jump_by_a_day_stop_nothing() {
    let folder = TempDir::new().unwrap();
    let clock = Clock::new(folder.path());
    let leaked = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let settings = clock
        .environment()
        .map(|(name, value)| (name, leaked(value)));
    let mut relay = Relay::start_with(Server::Yilian, settings.to_vec()).await;
    let mut keyun = Station::site("keyun", &relay.url()).await;
    let mut hub = Station::hub(&relay.url()).await;
    for (name, value) in clock.environment() {
        keyun.set(name, &value);
        hub.set(name, &value);
    }
    let name: Name = "people/keyun".parse().unwrap();
    let id = DocumentId::of(&"jiaozuo".parse().unwrap(), &name);
    let mut watching = Process::start("watching hub", hub.command(&["sync", "--watch"]));
    const DAY: i64 = 86_400;
    let (mut days, mut furthest) = (Vec::new(), 0);
    for (round, days_off) in [0, 1, -1, 0, 30, 0].into_iter().enumerate() {
        clock.jump(days_off * DAY);
        let person = format!("name=第{round}人");
        keyun.ok(&["person", "add", &person, "role=staff"]).await;
        keyun.ok(&["sync", "--once"]).await;
        let (stored, _) = disk::read(keyun.data());
        has(hub.data(), id, stored[&id].len()).await;
        let newest = stored[&id].values().map(|bytes| time_of(bytes)).max();
        furthest = furthest.max(newest.unwrap() - unix_s());
        let ready = http::get(&relay.address(), "/readyz").await;
        assert_eq!((ready.status, &ready.body[..]), (200, "ready\n"));
        days.push(format!("{days_off:+}"));
    }
    assert!(furthest > 29 * DAY, "the programs were told other times");
    assert!(watching.terminate().await, "{}", watching.output());
    let history = keyun.ok(&["person", "list", "--site", "keyun"]).await;
    assert!(history.contains("第5人"), "{history}");
    relay.stop().await;
    report::seen(
        "the wall clock jumps while relay and nodes run",
        &format!(
            "days off: {}; every edit arrives at a hub that was running all along",
            days.join(", ")
        ),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_laptop_that_slept_for_a_month_catches_up_and_is_heard() {
    const MONTH: i64 = 30 * 86_400;
    let folder = TempDir::new().unwrap();
    let clock = Clock::new(folder.path());
    let mut relay = Relay::start(Server::Yilian).await;
    let keyun = Station::site("keyun", &relay.url()).await;
    let mut laptop = Station::hub(&relay.url()).await;
    for (name, value) in clock.environment() {
        laptop.set(name, &value);
    }
    let name: Name = "people/keyun".parse().unwrap();
    let id = DocumentId::of(&"jiaozuo".parse().unwrap(), &name);
    let add = async |station: &Station, who: &str| {
        let person = format!("name={who}");
        let at = ["--site", "keyun", "role=staff", &person];
        station.ok(&[&["person", "add"][..], &at].concat()).await;
        station.ok(&["sync", "--once"]).await;
        disk::read(station.data()).0[&id].len()
    };
    let before = add(&keyun, "睡前").await;
    let mut watching = Process::start("laptop", laptop.command(&["sync", "--watch"]));
    has(laptop.data(), id, before).await;
    watching.freeze(true);
    // A month passes: its clock runs on, the relay is another process, and a site goes on writing.
    clock.jump(MONTH);
    relay.stop().await;
    relay.start_again().await;
    let mut meanwhile = before;
    for number in 0..30 {
        meanwhile = add(&keyun, &format!("睡时{number}")).await;
    }
    watching.freeze(false);
    has(laptop.data(), id, meanwhile).await;
    assert!(watching.terminate().await, "{}", watching.output());
    let after = add(&laptop, "醒后").await;
    keyun.ok(&["sync", "--once"]).await;
    let (stored, problems) = disk::read(keyun.data());
    assert_eq!((stored[&id].len(), problems), (after, Vec::new()));
    let newest = stored[&id].values().map(|bytes| time_of(bytes)).max();
    assert!(
        newest.unwrap() - unix_s() > MONTH - 86_400,
        "it edited a month later"
    );
    relay.stop().await;
    report::seen(
        "a laptop sleeps for a month (SIGSTOP, its clock 30 days on, another relay process)",
        "30 edits made meanwhile arrive when it wakes, by itself; what it edits then arrives at the site",
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_clients_come_back_at_once() {
    const CLIENTS: u16 = 500;
    let mut relay = Relay::start(Server::Yilian).await;
    let everybody = |authors: Vec<Author>, relay: &Relay| {
        let tasks: Vec<_> = authors
            .into_iter()
            .map(|mut author| {
                let url = relay.url();
                tokio::spawn(async move {
                    author.settle(&url).await;
                    author
                })
            })
            .collect();
        async {
            let mut authors = Vec::new();
            for task in tasks {
                authors.push(task.await.unwrap());
            }
            authors
        }
    };
    let mut authors: Vec<Author> = (1..=CLIENTS)
        .map(|number| Author::new(number, seed()))
        .collect();
    authors.iter_mut().for_each(|author| author.write(3, 100));
    let mut authors = everybody(authors, &relay).await;
    relay.kill().await;
    authors.iter_mut().for_each(|author| author.write(2, 100));
    let waiting = tokio::spawn(everybody(authors, &relay));
    let began = Instant::now();
    relay.start_again().await;
    let authors = waiting.await.unwrap();
    let time = began.elapsed();
    relay.stop().await;
    let (stored, problems) = disk::read(relay.data());
    assert_eq!(problems, []);
    for author in &authors {
        assert_eq!(stored[&author.id], author.changes());
    }
    report::seen(
        "500 clients come back at once after the relay was killed",
        &format!(
            "all in step with two edits more each; {:.1} s",
            time.as_secs_f32()
        ),
    );
}
