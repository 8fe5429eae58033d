//! What released versions left: stores as their programs wrote them, and what those programs showed of
//! them. One folder in `tests/released` for each version, written by `cargo xtask keep-release`.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use yilian_core::document::{DocumentId, Name, Network};

use crate::cli::Station;

/// The network of the sample files.
pub const NETWORK: &str = "jiaozuo";

/// The month of the sample rosters.
pub const MONTH: &str = "2026-12";

/// The relay of a release.
pub const RELAY: &str = "relay";

/// The county hub's computer.
pub const HUB: &str = "hub";

/// A site's computer.
pub const SITE: &str = "keyun";

/// What was kept of one version.
#[derive(Clone, Debug)]
pub struct Release {
    /// The version, such as `0.1.0`.
    pub version: String,
    /// The commit that its programs were built from.
    pub commit: String,
    folder: PathBuf,
}

impl Release {
    /// Every version that was kept, in the order of their names.
    pub fn all() -> Vec<Release> {
        let entries = std::fs::read_dir(root()).expect("the folder of the releases");
        let mut folders: Vec<PathBuf> = entries
            .map(|entry| entry.expect("a readable folder").path())
            .filter(|path| path.is_dir())
            .collect();
        folders.sort();
        folders.into_iter().map(Release::read).collect()
    }

    fn read(folder: PathBuf) -> Release {
        let about = read_json(&folder.join("release.json"));
        let member = |key: &str| about[key].as_str().expect("a text").to_owned();
        Release {
            version: member("version"),
            commit: member("commit"),
            folder,
        }
    }

    /// The folder with the store of [`RELAY`], [`HUB`] or [`SITE`].
    pub fn store(&self, computer: &str) -> PathBuf {
        self.folder.join(computer)
    }

    /// What the version's own `yilian` showed at [`HUB`] or [`SITE`].
    pub fn shown(&self, computer: &str) -> Value {
        read_json(&self.folder.join(format!("{computer}.json")))
    }
}

/// Where the versions are kept.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("released")
}

/// The id of the site's December roster.
pub fn roster_id() -> String {
    let network: Network = NETWORK.parse().expect("a network's name");
    let roster = format!("roster/{SITE}/{MONTH}");
    let name: Name = roster.parse().expect("a document's name");
    DocumentId::of(&network, &name).to_string()
}

/// What `yilian` shows of all it holds, with the histories of these records.
///
/// Of findings, not the sentences, which may be said better, nor the repairs, which contain the time at which they were
/// asked for.
pub async fn shown(station: &Station, records: &[String]) -> Value {
    let mut findings = station.json(&["findings", "--month", MONTH]).await;
    for list in ["findings", "not_checked"] {
        for finding in findings[list].as_array_mut().into_iter().flatten() {
            let finding = finding.as_object_mut().expect("a finding is an object");
            finding.remove("text");
            finding.remove("repairs");
        }
    }
    let mut histories = Map::new();
    for record in records {
        let history = station.json(&["history", record]).await;
        histories.insert(record.clone(), history);
    }
    json!({
        "sites": station.json(&["site", "list"]).await,
        "people": station.json(&["person", "list"]).await,
        "posts": station.json(&["post", "list"]).await,
        "roster": station.json(&["roster", "show", "--month", MONTH]).await,
        "findings": findings,
        "histories": histories,
    })
}

/// What `yilian` shows of what sites share: none of it is known to 0.1.0.
///
/// Of what was sent, not how late it is, which depends on when one asks.
pub async fn shared(station: &Station) -> Value {
    let mut sent = station.json(&["request", "list"]).await;
    for one in sent["submissions"].as_array_mut().into_iter().flatten() {
        let one = one.as_object_mut().expect("a submission is an object");
        one.remove("overdue");
    }
    json!({
        "venues": station.json(&["venue", "list"]).await,
        "services": station.json(&["service", "list"]).await,
        "exceptions": station.json(&["hours-exception", "list"]).await,
        "drives": station.json(&["drive", "list"]).await,
        "bookings": station.json(&["booking", "list", "--month", MONTH]).await,
        "ledger": station.json(&["supply", "history", "--site", SITE]).await,
        "sent": sent,
    })
}

/// What of `kept` is not in `now`, each with where it was. More may be there: members of an object, and
/// elements of a list between those that were.
pub fn lost(kept: &Value, now: &Value) -> Vec<String> {
    let mut lost = Vec::new();
    compare(kept, now, "", &mut lost);
    lost
}

fn compare(kept: &Value, now: &Value, path: &str, lost: &mut Vec<String>) {
    match (kept, now) {
        (Value::Object(kept), Value::Object(now)) => {
            for (key, value) in kept {
                let path = format!("{path}/{key}");
                compare(value, now.get(key).unwrap_or(&Value::Null), &path, lost);
            }
        }
        (Value::Array(kept), Value::Array(now)) => {
            let mut left = now.iter();
            for (place, value) in kept.iter().enumerate() {
                let from_here = left.clone();
                let is_it = |other: &Value| {
                    let mut differs = Vec::new();
                    compare(value, other, "", &mut differs);
                    differs.is_empty()
                };
                if !left.any(is_it) {
                    lost.push(format!("{path}/{place}: {value}"));
                    left = from_here;
                }
            }
        }
        _ if kept == now => {}
        _ => lost.push(format!("{path}: {kept}, now {now}")),
    }
}

fn read_json(file: &Path) -> Value {
    let text = std::fs::read_to_string(file)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()));
    serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{} is no JSON: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kept: Value, now: Value, expected: &[&str]) {
        assert_eq!(lost(&kept, &now), expected);
    }

    #[test]
    fn additions_are_no_loss() {
        check(
            json!({"a": 1, "list": [{"id": 1}, {"id": 2}]}),
            json!({"a": 1, "b": 2, "list": [{"id": 0}, {"id": 1, "more": 3}, {"id": 2}]}),
            &[],
        );
    }

    #[test]
    fn what_is_gone_or_differs_is_named() {
        check(json!({"a": 1}), json!({}), &["/a: 1, now null"]);
        check(
            json!({"a": {"b": 1}}),
            json!({"a": {"b": 2}}),
            &["/a/b: 1, now 2"],
        );
        check(json!({"l": [1, 2, 3]}), json!({"l": [1, 3]}), &["/l/1: 2"]);
        check(json!([1, 2]), json!([2, 1]), &["/1: 2"]);
    }
}
