//! The command line does what the project is for: stations import and edit their rosters without a
//! network, come online, and the county hub sees the merged roster and what the merge broke.
//!
//! Method: black box. Every computer is a data directory and `yilian` processes; the relay is a
//! `yilian-relay` process; the rosters are the sample network's, as offices wrote them. What is read
//! back is what a person or a script would read: text, `--json`, exit codes, exported files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod county;
mod goods;
mod import;
mod inbox;
mod mediation;
mod merge;
mod network;
mod nouns;
mod office;
mod output;
mod refused;
mod register;
mod reports;
mod school;
mod sharing;
mod supplies;
mod upkeep;

use serde_json::Value;
use yilian_tests::cli::{Station, list, text};
use yilian_tests::samples;

/// The month the sample rosters are for.
pub(crate) const MONTH: &str = "2026-12";

/// Rows in each sample roster.
pub(crate) const ROWS: usize = 93;

/// A hub address nobody listens on: for stations that stay offline.
pub(crate) const NOWHERE: &str = "ws://127.0.0.1:9/sync";

/// Imports the sites, the people and the roster of `site`.
pub(crate) async fn import_samples(station: &Station, site: &str) {
    let sites = samples::jiaozuo("sites.csv").display().to_string();
    station.ok(&["site", "import", &sites]).await;
    let people = samples::jiaozuo("people.csv").display().to_string();
    station.ok(&["person", "import", &people]).await;
    import_roster(station, &samples::roster(site).display().to_string()).await;
}

/// Imports one file as the station's December roster; answers what `--json` said.
pub(crate) async fn import_roster(station: &Station, file: &str) -> Value {
    station
        .json(&["roster", "import", file, "--month", MONTH])
        .await
}

/// The shifts a station shows for December.
pub(crate) async fn shifts(station: &Station, site: &str) -> Vec<Value> {
    let shown = station
        .json(&["roster", "show", "--month", MONTH, "--site", site])
        .await;
    list(&shown, "shifts").to_vec()
}

/// The findings a station shows for December.
pub(crate) async fn findings(station: &Station) -> Vec<Value> {
    let shown = station.json(&["findings", "--month", MONTH]).await;
    list(&shown, "findings").to_vec()
}

/// The findings of one rule.
pub(crate) fn of_rule<'a>(findings: &'a [Value], rule: &str) -> Vec<&'a Value> {
    findings
        .iter()
        .filter(|finding| text(finding, "rule") == rule)
        .collect()
}

/// The one shift on `post` that starts on `date`.
pub(crate) fn shift_on<'a>(shifts: &'a [Value], date: &str, post: &str) -> &'a Value {
    let found = shifts
        .iter()
        .find(|shift| text(shift, "start").starts_with(date) && text(shift, "post") == post);
    found.unwrap_or_else(|| panic!("no shift on {date} at {post}"))
}

/// The shift's id.
pub(crate) fn id(shift: &Value) -> &str {
    text(shift, "id")
}

/// Writes `content` beside the station's data; answers the path.
pub(crate) fn write(station: &Station, name: &str, content: &[u8]) -> String {
    let path = station.file(name);
    std::fs::write(&path, content).unwrap();
    path.display().to_string()
}
