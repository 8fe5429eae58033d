//! This checkout beside another revision: the same scenarios, round after round in turn, and how many times better this one is.
//!
//! Relays are measured by this checkout's driver, over the wire. What a hub does with a county's records goes over no wire: the
//! revision's own library is measured, by the code in `tests/bench/hub`, which is copied into the revision and built there. It needs
//! no more of the library than the first release had; what it does not ask is measured of this checkout alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::project::{self, cargo};
use crate::step;

/// The scenario that needs the revision's own library, since nothing of it goes over a wire.
pub(super) const COUNTY: &str = "county";

/// What is copied into a revision, and built there.
const HUB: &str = "yilian-bench-hub";
const HUB_FOLDER: &str = "tests/bench/hub";

/// The programs of a revision.
struct Built {
    /// None where no scenario needs it.
    relay: Option<PathBuf>,
    /// None where no scenario needs it, or the revision's library lacks something that it asks.
    hub: Option<PathBuf>,
}

/// The figures of both revisions: a line for each title, in the order in which they were measured.
#[derive(Default)]
struct Lines {
    lines: Vec<Line>,
}

struct Line {
    title: String,
    higher_is_better: bool,
    /// This checkout's, and the revision's.
    values: [Vec<f64>; 2],
}

/// Measures both, and answers a table in Markdown. `store` is where the county is kept for the next run.
///
/// # Errors
/// The revision does not build, or a measurement fails.
pub(super) fn compare(
    revision: &str,
    scenarios: &[String],
    rounds: usize,
    store: Option<&Path>,
) -> Result<String> {
    let driver = project::binary("release", "yilian-bench")?;
    let relay = project::binary("release", "yilian-relay")?;
    let folder = project::target()?.join("against");
    let theirs = build(revision, scenarios, &folder)?;
    let kept = store.map_or_else(|| folder.join("county"), Path::to_owned);
    let file = folder.join("figures.json");
    let mut lines = Lines::default();
    for scenario in scenarios {
        for _ in 0..rounds {
            if scenario == COUNTY {
                let mut ours = Command::new(&driver);
                ours.arg(COUNTY).arg("--store").arg(&kept);
                step::run(once(&mut ours, &file))?;
                lines.read(0, &file)?;
                if let Some(hub) = &theirs.hub {
                    // One store for both: what they are asked is the same to the byte.
                    step::run(Command::new(hub).arg(&kept).arg(&file))?;
                    lines.read(1, &file)?;
                }
                continue;
            }
            let relays = [Some(&relay), theirs.relay.as_ref()];
            for (whose, relay) in relays.into_iter().flatten().enumerate() {
                let mut compare = Command::new(&driver);
                compare.args(["compare", "--targets", "yilian", "--only", scenario]);
                step::run(once(&mut compare, &file).env("YILIAN_RELAY_BIN", relay))?;
                lines.read(whose, &file)?;
            }
        }
    }
    let mut text = String::new();
    if theirs.hub.is_none() && scenarios.iter().any(|scenario| scenario == COUNTY) {
        text.push_str(&format!(
            "- {COUNTY}: the library of {revision} lacks what {HUB_FOLDER} asks\n\n"
        ));
    }
    Ok(text + &lines.table(revision))
}

fn once<'a>(driver: &'a mut Command, file: &Path) -> &'a mut Command {
    driver.args(["--rounds", "1", "--json"]).arg(file)
}

/// Builds a revision in a worktree of its own.
fn build(revision: &str, scenarios: &[String], folder: &Path) -> Result<Built> {
    let (tree, target) = (folder.join("tree"), folder.join("target"));
    fs::create_dir_all(folder)?;
    check_out(revision, &tree)?;
    let build = |package: &str, program: &str| {
        let mut build = cargo();
        build
            .args(["build", "--release", "--locked"])
            .args(["-p", package, "--bin", program])
            .current_dir(&tree)
            .env("CARGO_TARGET_DIR", &target);
        let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
        step::run(&mut build).map(|()| target.join("release").join(file))
    };
    let is_county = |scenario: &String| scenario == COUNTY;
    let mut built = Built {
        relay: None,
        hub: None,
    };
    if !scenarios.iter().all(is_county) {
        built.relay = Some(build("yilian-server", "yilian-relay")?);
    }
    if scenarios.iter().any(is_county) {
        add_hub(&tree)?;
        built.hub = build("yilian-tests", HUB).ok();
    }
    Ok(built)
}

fn check_out(revision: &str, tree: &Path) -> Result<()> {
    let git = |folder: &Path| {
        let mut git = Command::new("git");
        git.arg("-C").arg(folder);
        git
    };
    let id = git(&project::root())
        .args(["rev-parse", "--verify", "--quiet", "--end-of-options"])
        .arg(format!("{revision}^{{commit}}"))
        .output()
        .context("cannot run git")?;
    ensure!(
        id.status.success(),
        "there is no revision {revision} (a shallow clone?)"
    );
    let id = String::from_utf8_lossy(&id.stdout).trim().to_owned();
    if tree.is_dir() {
        // What the last comparison put there goes.
        let mut other = git(tree);
        other.args(["checkout", "--quiet", "--force", "--detach", &id]);
        return step::run(&mut other);
    }
    // Whoever deletes the target directory leaves git believing in a tree there.
    step::run(git(&project::root()).args(["worktree", "prune"]))?;
    let mut add = git(&project::root());
    add.args(["worktree", "add", "--detach"]).arg(tree).arg(&id);
    step::run(&mut add)
}

/// Puts this checkout's measurement of a hub into a revision, in the place of its own if it has one.
fn add_hub(tree: &Path) -> Result<()> {
    let (from, to) = (project::root().join(HUB_FOLDER), tree.join(HUB_FOLDER));
    fs::create_dir_all(&to)?;
    for file in fs::read_dir(&from)? {
        let file = file?;
        fs::copy(file.path(), to.join(file.file_name()))?;
    }
    let manifest = tree.join("tests/Cargo.toml");
    let mut text = fs::read_to_string(&manifest)
        .with_context(|| format!("cannot read {}", manifest.display()))?;
    if !text.contains(HUB) {
        let path = HUB_FOLDER.trim_start_matches("tests/");
        text.push_str(&format!(
            "\n[[bin]]\nname = \"{HUB}\"\npath = \"{path}/main.rs\"\n"
        ));
        fs::write(&manifest, text)?;
    }
    Ok(())
}

impl Lines {
    /// Takes what one measured.
    fn read(&mut self, whose: usize, file: &Path) -> Result<()> {
        let text = fs::read(file).with_context(|| format!("no figures in {}", file.display()))?;
        let all: Value = serde_json::from_slice(&text)?;
        let rows = all.get("rows").and_then(Value::as_array);
        for row in rows.context("figures have rows")? {
            let title = row.get("title").and_then(Value::as_str);
            let value = row.get("value").and_then(Value::as_f64);
            let line = self.line(
                title.context("a row has a title")?,
                row.get("higher").and_then(Value::as_bool).unwrap_or(false),
            );
            let values = line.values.get_mut(whose).context("there are two")?;
            values.push(value.context("a row has a value")?);
        }
        Ok(())
    }

    fn line(&mut self, title: &str, higher_is_better: bool) -> &mut Line {
        let found = self.lines.iter().position(|line| line.title == title);
        let at = found.unwrap_or(self.lines.len());
        if found.is_none() {
            self.lines.push(Line {
                title: title.to_owned(),
                higher_is_better,
                values: Default::default(),
            });
        }
        #[expect(clippy::indexing_slicing, reason = "found, or just added")]
        &mut self.lines[at]
    }

    fn table(&self, revision: &str) -> String {
        let mut text = format!("| figure | {revision} | now | times better |\n|---|--:|--:|--:|\n");
        for line in &self.lines {
            let [now, then] = line.values.each_ref().map(|values| median(values));
            let ratio = now
                .zip(then)
                .map(|(now, then)| match line.higher_is_better {
                    true => now / then,
                    false => then / now,
                });
            let [then, now, ratio] = [then, now, ratio].map(|value| {
                let value = value.filter(|value| value.is_finite());
                value.map_or_else(String::new, |value| format!("{value:.2}"))
            });
            text.push_str(&format!("| {} | {then} | {now} | {ratio} |\n", line.title));
        }
        text
    }
}

/// None of no values.
fn median(values: &[f64]) -> Option<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let upper = values.get(values.len() / 2)?;
    let lower = values.get(values.len().saturating_sub(1) / 2)?;
    Some(f64::midpoint(*lower, *upper))
}
