//! The programs of released versions, built from the history, beside those of today.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use yilian_tests::binaries;
use yilian_tests::cli::Station;
use yilian_tests::relay::Relay;
use yilian_tests::release::{self, HUB, Release, SITE};

use crate::{front_desk, import_samples, note, releases, set, shifts, sync};

/// The two programs of one version.
struct Programs {
    yilian: PathBuf,
    relay: PathBuf,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn released_programs_and_todays_sync_with_each_other() {
    if std::env::var_os("YILIAN_LONG").is_none() {
        eprintln!("released programs are built with YILIAN_LONG only: `cargo xtask test --long`");
        return;
    }
    let today = Programs {
        yilian: binaries::yilian(),
        relay: binaries::relay(),
    };
    for release in releases() {
        let Some(old) = build(&release) else {
            eprintln!(
                "the programs of {} are not tried: the history has no commit {} (a shallow clone?)",
                release.version, release.commit
            );
            continue;
        };
        for (relay, site, hub) in [
            (&old, &old, &today),
            (&old, &today, &old),
            (&today, &old, &today),
            (&today, &today, &old),
        ] {
            converge(&relay.relay, &site.yilian, &hub.yilian).await;
        }
        upgrade(&release, &old, &today).await;
    }
}

/// A site and a hub with different programs edit in turn and at once.
async fn converge(relay: &Path, site_program: &Path, hub_program: &Path) {
    let relay = Relay::start_program(relay).await;
    let site = station(site_program, &["--site", SITE, "--hub", &relay.url()]).await;
    let hub = station(hub_program, &["--role", "hub", "--hub", &relay.url()]).await;
    import_samples(&site, SITE).await;
    sync(&[&site, &hub]).await;
    let roster = shifts(&hub).await;
    let (plain, contested) = (front_desk(&roster, 3), front_desk(&roster, 4));
    set(&hub, &plain, "note=中心写的").await;
    set(&hub, &contested, "note=中心").await;
    set(&site, &contested, "note=站点").await;
    sync(&[&site, &hub, &site]).await;

    assert_eq!(note(&site, &plain).await, "中心写的");
    let records = [plain, contested];
    let shown = [
        (site_program, release::shown(&site, &records).await),
        (hub_program, release::shown(&hub, &records).await),
    ];
    // A later version may show more of the same; which of the two is later is not to matter here.
    let [(_, at_site), (_, at_hub)] = &shown;
    for part in ["sites", "roster", "histories"] {
        let lost = release::lost(&at_site[part], &at_hub[part]);
        let other = release::lost(&at_hub[part], &at_site[part]);
        assert!(
            lost.is_empty() || other.is_empty(),
            "{} and {} differ in {part}:\n  {}",
            site_program.display(),
            hub_program.display(),
            lost.join("\n  ")
        );
    }
}

/// A computer goes on with the programs of today in the middle of its life, beside one that does not.
async fn upgrade(release: &Release, old: &Programs, today: &Programs) {
    let relay = Relay::start_program(&old.relay).await;
    let mut site = Station::copy_of(&release.store(SITE));
    site.set_program(&old.yilian);
    site.init(&["--site", SITE, "--hub", &relay.url()]).await;
    let hub = station(&old.yilian, &["--role", "hub", "--hub", &relay.url()]).await;
    sync(&[&site, &hub]).await;
    site.set_program(&today.yilian);
    let shift = front_desk(&shifts(&site).await, 8);
    set(&site, &shift, "note=升级后写的").await;
    sync(&[&site, &hub]).await;
    assert_eq!(note(&hub, &shift).await, "升级后写的", "at {HUB}");
}

async fn station(program: &Path, arguments: &[&str]) -> Station {
    let mut station = Station::new();
    station.set_program(program);
    station.init(arguments).await;
    station
}

/// Builds a release's programs from its commit, beside the programs under test; none where the history does not go
/// back so far.
fn build(release: &Release) -> Option<Programs> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(&root).args(arguments);
        git
    };
    let commit = format!("{}^{{commit}}", release.commit);
    let is_known = git(&["cat-file", "-e", &commit])
        .stderr(Stdio::null())
        .status();
    if !is_known.is_ok_and(|status| status.success()) {
        return None;
    }
    let beside = binaries::relay();
    let folder = beside.parent().expect("a program lies in a folder");
    let folder = folder.join("released").join(&release.version);
    let source = folder.join("source");
    std::fs::create_dir_all(&source).unwrap();
    let archive = folder.join("source.tar");
    let to = format!("--output={}", archive.display());
    run(&mut git(&["archive", "--format=tar", &to, &release.commit]));
    run(Command::new("tar")
        .arg("-xf")
        .arg(&archive)
        .arg("-C")
        .arg(&source));

    let target = folder.join("target");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(&source)
        .args([
            "build",
            "--locked",
            "-p",
            "yilian-node",
            "-p",
            "yilian-server",
            "--bins",
        ])
        // What a released program does here takes moments; to optimise what it is made of would take many minutes.
        .args(["--config", "profile.dev.package.\"*\".opt-level=0"])
        .env("CARGO_TARGET_DIR", &target);
    for (name, _) in std::env::vars_os() {
        // What cargo tells this test of its own package is not true of the other build.
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name);
        }
    }
    run(&mut cargo);
    let program = |name: &str| {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        target.join("debug").join(file)
    };
    Some(Programs {
        yilian: program("yilian"),
        relay: program("yilian-relay"),
    })
}

fn run(command: &mut Command) {
    let status = command.status();
    let status = status.unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    assert!(status.success(), "{command:?} ended with {status}");
}
