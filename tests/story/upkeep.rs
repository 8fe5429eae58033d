//! What an administrator needs: history, export, the store's own check.

use std::path::{Path, PathBuf};
use std::time::Duration;

use automerge::{Automerge, ReadDoc};
use yilian_tests::cli::Station;
use yilian_tests::relay::{Relay, Server};
use yilian_tests::samples;

use crate::{MONTH, NOWHERE, ROWS, id, import_samples, shift_on, shifts};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn history_says_who_changed_what_and_when() {
    let keyun = Station::new();
    keyun
        .init(&["--site", "keyun", "--hub", NOWHERE, "--author", "李超"])
        .await;
    import_samples(&keyun, "keyun").await;
    let shift = shift_on(&shifts(&keyun, "keyun").await, "2026-12-03", "前台").clone();
    keyun
        .ok(&["roster", "set", id(&shift), "note=换到二楼"])
        .await;
    let shown = keyun.ok(&["history", id(&shift)]).await;
    for part in ["李超", "keyun", "换到二楼"] {
        assert!(shown.contains(part), "{part} is missing in\n{shown}");
    }
    let json = keyun.json(&["history", id(&shift)]).await.to_string();
    assert!(json.contains("note") && json.contains("time"), "{json}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exported_files_open_with_any_automerge() {
    let keyun = Station::site("keyun", NOWHERE).await;
    import_samples(&keyun, "keyun").await;
    let folder = keyun.file("export");
    keyun.ok(&["export", &folder.display().to_string()]).await;
    let files = automerge_files(&folder);
    assert!(files.len() >= 3, "sites, people and a roster: {files:?}");
    let mut keys = 0;
    for file in &files {
        let document = Automerge::load(&std::fs::read(file).unwrap()).unwrap();
        for collection in document.keys(automerge::ROOT) {
            let (_, map) = document.get(automerge::ROOT, &collection).unwrap().unwrap();
            keys += document.length(&map);
        }
    }
    assert!(keys > 1_000, "{keys} fields in {files:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_finds_a_store_clean_and_a_damaged_one_not() {
    let relay = Relay::start(Server::Yilian).await;
    let keyun = Station::site("keyun", &relay.url()).await;
    import_samples(&keyun, "keyun").await;
    keyun.ok(&["sync", "--once"]).await;
    keyun.run(&["doctor"]).await.expect(0);

    let database = database(keyun.data());
    let mut bytes = std::fs::read(&database).unwrap();
    // The first page is kept: damage in what was written, not a file that is no database.
    let (page, half) = (4096, bytes.len() / 2);
    assert!(
        half > page,
        "{} is only {} bytes",
        database.display(),
        bytes.len()
    );
    for byte in &mut bytes[half..half + page] {
        *byte ^= 0x5a;
    }
    std::fs::write(&database, bytes).unwrap();
    let found = keyun.run(&["doctor"]).await;
    assert_ne!(found.code, 0, "{found:?}");
    assert!(!found.text().contains("panicked"), "{found:?}");
}

fn database(folder: &Path) -> PathBuf {
    let mut largest: Option<(u64, PathBuf)> = None;
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = entry.path();
        let size = entry.metadata().unwrap().len();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let side = name.ends_with("-wal") || name.ends_with("-shm");
        if path.is_file() && !side && largest.as_ref().is_none_or(|(other, _)| size > *other) {
            largest = Some((size, path));
        }
    }
    largest.expect("a store has a database").1
}

fn automerge_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "automerge") {
                files.push(path);
            }
        }
    }
    files
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_is_killed_leaves_all_or_nothing() {
    // From before the store is open to after the last commit, in steps; a kill that comes too late is
    // a run that ended by itself.
    let delays_ms: &[u64] = if std::env::var_os("YILIAN_LONG").is_some() {
        &[
            0, 1, 2, 3, 5, 8, 10, 13, 16, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300,
        ]
    } else {
        &[0, 5, 10, 20, 40, 80]
    };
    let roster = samples::roster("keyun").display().to_string();
    let import = ["roster", "import", &roster, "--month", MONTH];
    for delay_ms in delays_ms {
        let keyun = Station::site("keyun", NOWHERE).await;
        let mut child = keyun.command(&import).spawn().unwrap();
        tokio::time::sleep(Duration::from_millis(*delay_ms)).await;
        child.kill().await.unwrap();

        keyun.run(&["doctor"]).await.expect(0);
        let rows = shifts(&keyun, "keyun").await.len();
        assert!(rows == 0 || rows == ROWS, "{rows} rows after {delay_ms} ms");
        keyun.ok(&import).await;
        assert_eq!(shifts(&keyun, "keyun").await.len(), ROWS);
    }
}
