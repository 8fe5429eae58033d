//! Three kinds of replica on one roster document: a node of ours (through its command line), an
//! `automerge-repo` client and a `samod` client. All edit at once; all end with equal heads and equal
//! content, and the node reads the strangers' edits as what they are, edits of shifts.

use std::path::Path;

use automerge::{AutoSerde, Automerge};
use serde_json::{Value, json};
use yilian_core::document::{DocumentId, Name, Network};
use yilian_tests::cli::Station;
use yilian_tests::js::JsHost;
use yilian_tests::relay::{Relay, Server};
use yilian_tests::samod_client::{self, SamodClient};
use yilian_tests::samples;

const MONTH: &str = "2026-12";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn node_javascript_and_samod_edit_one_roster() {
    let relay = Relay::start(Server::Yilian).await;
    let keyun = Station::site("keyun", &relay.url()).await;
    let roster = samples::roster("keyun").display().to_string();
    keyun
        .ok(&["roster", "import", &roster, "--month", MONTH])
        .await;
    keyun.ok(&["sync", "--once"]).await;

    let network: Network = "jiaozuo".parse().unwrap();
    let name: Name = "roster/keyun/2026-12".parse().unwrap();
    let document = DocumentId::of(&network, &name).to_string();
    let host = JsHost::start();
    let alice = host.client("alice", &relay.url()).await;
    let samod = SamodClient::connect("samod", &relay.url()).await;
    let found = alice.find(&document).await;
    assert_eq!(found.state, "ready");
    let handle = samod.find(&document).await.expect("the relay has it");

    // Each edits another field of the same shift, and the same field of another.
    let shifts = shift_ids(&found.content);
    let (first, second) = (&shifts[0], &shifts[1]);
    alice
        .set(
            &document,
            &["shifts", &format!("{first}/note")],
            json!("js"),
        )
        .await;
    samod_client::set(&handle, &["shifts", &format!("{first}/post")], "samod");
    keyun.ok(&["roster", "set", first, "state=confirmed"]).await;
    alice
        .set(
            &document,
            &["shifts", &format!("{second}/note")],
            json!("js"),
        )
        .await;
    samod_client::set(&handle, &["shifts", &format!("{second}/note")], "samod");
    keyun.ok(&["roster", "set", second, "note=node"]).await;

    // The node takes part whenever it syncs; the others are always there.
    keyun.ok(&["sync", "--once"]).await;
    alice
        .wait_value(
            &document,
            &["shifts", &format!("{first}/state")],
            json!("confirmed"),
        )
        .await;
    let expected = alice.acked(&document).await;
    samod_client::wait_heads(&handle, &expected).await;
    keyun.ok(&["sync", "--once"]).await;

    let exported = export(&keyun, "keyun").await;
    let at_alice = alice.wait_heads(&document, &expected).await;
    assert_eq!(heads(&exported), expected);
    assert_eq!(content(&exported), at_alice.content);
    assert_eq!(samod_client::content(&handle), at_alice.content);

    let shown = keyun.json(&["roster", "show", "--month", MONTH]).await;
    let shown = shown.to_string();
    assert!(shown.contains("samod"), "samod's post is shown: {shown}");
    let findings = keyun
        .json(&["findings", "--month", MONTH])
        .await
        .to_string();
    for author in ["js", "samod", "node"] {
        assert!(
            findings.contains(author),
            "the conflict on the second shift's note shows {author}: {findings}"
        );
    }
    samod.close().await;
}

fn shift_ids(content: &Value) -> Vec<String> {
    let shifts = content["shifts"].as_object().expect("a roster");
    let mut ids: Vec<String> = shifts
        .keys()
        .map(|key| key.split('/').next().unwrap_or_default().to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

/// The roster document as the node exports it.
async fn export(station: &Station, site: &str) -> Automerge {
    let folder = station.file("export");
    station.ok(&["export", &folder.display().to_string()]).await;
    let file = find(&folder, |path| {
        let name = path.display().to_string();
        name.contains(site) && name.contains(MONTH) && name.ends_with(".automerge")
    });
    let file = file.unwrap_or_else(|| panic!("no roster of {site} in {}", folder.display()));
    Automerge::load(&std::fs::read(file).unwrap()).expect("any Automerge opens it")
}

fn find(folder: &Path, wanted: impl Fn(&Path) -> bool + Copy) -> Option<std::path::PathBuf> {
    for entry in std::fs::read_dir(folder).ok()? {
        let path = entry.ok()?.path();
        if path.is_dir() {
            if let Some(found) = find(&path, wanted) {
                return Some(found);
            }
        } else if wanted(&path) {
            return Some(path);
        }
    }
    None
}

fn heads(document: &Automerge) -> Vec<String> {
    let mut heads: Vec<String> = document
        .get_heads()
        .iter()
        .map(ToString::to_string)
        .collect();
    heads.sort();
    heads
}

fn content(document: &Automerge) -> Value {
    serde_json::to_value(AutoSerde::from(document)).unwrap()
}
