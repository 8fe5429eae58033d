//! What released versions wrote is read by the programs of today, and they go on together.
//!
//! Method: `tests/released/<version>` has stores that the version's own programs wrote, and what those
//! programs showed of them. Today's programs open copies, must show the same, and go on: they edit, and
//! sync with relays and computers of either version. With `YILIAN_LONG` the released programs
//! themselves are built from the history and take part.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests"
)]

mod kept;
mod mixed;
mod programs;
mod unknown;

use std::path::Path;

use serde_json::Value;
use yilian_tests::cli::{Station, list, text};
use yilian_tests::release::{HUB, MONTH, Release, SITE};
use yilian_tests::samples;

/// A site that no release has a store of.
pub(crate) const NEIGHBOUR: &str = "jiefang-1";

/// Every version that was kept: there is at least the first.
pub(crate) fn releases() -> Vec<Release> {
    let releases = Release::all();
    assert!(!releases.is_empty(), "no release was kept");
    releases
}

/// A computer that goes on with a store of a release.
pub(crate) async fn goes_on(release: &Release, computer: &str, relay: &str) -> Station {
    let station = Station::copy_of(&release.store(computer));
    let role: &[&str] = match computer {
        HUB => &["--role", "hub"],
        site => &["--site", site],
    };
    station.init(&[role, &["--hub", relay]].concat()).await;
    station
}

/// Imports the sample network's sites, its people and the roster of `site`.
pub(crate) async fn import_samples(station: &Station, site: &str) {
    for (what, file) in [("site", "sites.csv"), ("person", "people.csv")] {
        station
            .ok(&[what, "import", &shown(&samples::jiaozuo(file))])
            .await;
    }
    let roster = shown(&samples::roster(site));
    station
        .ok(&["roster", "import", &roster, "--month", MONTH])
        .await;
}

pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Syncs each in turn, each once.
pub(crate) async fn sync(stations: &[&Station]) {
    for station in stations {
        station.ok(&["sync", "--once"]).await;
    }
}

/// The December shifts of [`SITE`] as a station shows them.
pub(crate) async fn shifts(station: &Station) -> Vec<Value> {
    let month = ["roster", "show", "--month", MONTH, "--site", SITE];
    let roster = station.json(&month).await;
    list(&roster, "shifts").to_vec()
}

/// The shift at the front desk on a day of December.
pub(crate) fn front_desk(shifts: &[Value], day: u32) -> String {
    let date = format!("{MONTH}-{day:02}");
    let found = shifts
        .iter()
        .find(|shift| text(shift, "start").starts_with(&date) && text(shift, "post") == "前台");
    text(found.expect("somebody is at the desk"), "id").to_owned()
}

/// The note of a shift, as a station shows it.
pub(crate) async fn note(station: &Station, id: &str) -> String {
    let shifts = shifts(station).await;
    let found = shifts.iter().find(|shift| text(shift, "id") == id);
    text(found.expect("the shift is there"), "note").to_owned()
}

pub(crate) async fn set(station: &Station, shift: &str, field: &str) {
    station.ok(&["roster", "set", shift, field]).await;
}
