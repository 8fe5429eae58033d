//! This checkout beside another revision: the same scenarios, round after round in turn, and how many times better this one is.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::project::{self, cargo};
use crate::step;

/// The scenario that needs the revision's own driver, since nothing of it goes over a wire.
pub(super) const COUNTY: &str = "county";

/// The programs of a revision.
struct Built {
    driver: PathBuf,
    relay: PathBuf,
}

/// The figures of a revision: for each title its values, and whether more is better.
type Rows = BTreeMap<String, (Vec<f64>, bool)>;

/// Measures both, and answers a table in Markdown.
///
/// # Errors
/// The revision does not build, or this checkout's own measurement fails.
pub(super) fn compare(revision: &str, scenarios: &[String], rounds: usize) -> Result<String> {
    let ours = Built {
        driver: project::binary("release", "yilian-bench")?,
        relay: project::binary("release", "yilian-relay")?,
    };
    let theirs = build(revision)?;
    let folder = project::target()?.join("against");
    let mut text = String::new();
    let mut rows: [Rows; 2] = Default::default();
    for scenario in scenarios {
        if let Some(why) = lacks(&theirs, scenario)? {
            text.push_str(&format!("- {scenario}: {revision} {why}: skipped\n"));
            continue;
        }
        for _ in 0..rounds {
            for (built, rows) in [&ours, &theirs].into_iter().zip(&mut rows) {
                let file = folder.join("figures.json");
                let driver = if scenario == COUNTY {
                    &built.driver
                } else {
                    &ours.driver
                };
                step::run(&mut measure(driver, &built.relay, scenario, &folder, &file))?;
                read(&file, rows)?;
            }
        }
    }
    let [ours, theirs] = rows;
    text.push_str(&format!(
        "\n| figure | {revision} | now | times better |\n|---|--:|--:|--:|\n"
    ));
    for (title, (values, higher)) in &ours {
        let now = median(values);
        let Some((values, _)) = theirs.get(title) else {
            text.push_str(&format!("| {title} | – | {now:.2} | – |\n"));
            continue;
        };
        let then = median(values);
        let ratio = if *higher { now / then } else { then / now };
        text.push_str(&format!(
            "| {title} | {then:.2} | {now:.2} | {ratio:.2} |\n"
        ));
    }
    Ok(text)
}

/// Builds a revision in a worktree of its own.
fn build(revision: &str) -> Result<Built> {
    let folder = project::target()?.join("against");
    let (tree, target) = (folder.join("tree"), folder.join("target"));
    fs::create_dir_all(&folder)?;
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
    ensure!(id.status.success(), "there is no revision {revision}");
    let id = String::from_utf8_lossy(&id.stdout).trim().to_owned();
    if tree.is_dir() {
        step::run(git(&tree).args(["checkout", "--quiet", "--detach", &id]))?;
    } else {
        let mut add = git(&project::root());
        add.args(["worktree", "add", "--detach"])
            .arg(&tree)
            .arg(&id);
        step::run(&mut add)?;
    }
    let build = [
        "build",
        "--release",
        "--locked",
        "-p",
        "yilian-server",
        "-p",
        "yilian-tests",
        "--bins",
    ];
    step::run(
        cargo()
            .args(build)
            .current_dir(&tree)
            .env("CARGO_TARGET_DIR", &target),
    )?;
    let binary = |name: &str| {
        target
            .join("release")
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    };
    Ok(Built {
        driver: binary("yilian-bench"),
        relay: binary("yilian-relay"),
    })
}

/// Why a revision cannot take part.
fn lacks(built: &Built, scenario: &str) -> Result<Option<&'static str>> {
    if scenario != COUNTY {
        return Ok((!built.relay.is_file()).then_some("has no relay"));
    }
    if !built.driver.is_file() {
        return Ok(Some("has no benchmark"));
    }
    let help = Command::new(&built.driver)
        .args([COUNTY, "--help"])
        .output();
    let help = help.context("cannot run the revision's benchmark")?;
    Ok((!help.status.success()).then_some("lacks it"))
}

fn measure(driver: &Path, relay: &Path, scenario: &str, folder: &Path, file: &Path) -> Command {
    let mut command = Command::new(driver);
    if scenario == COUNTY {
        // One store for both: what they are asked is the same to the byte.
        command
            .arg(COUNTY)
            .arg("--store")
            .arg(folder.join("county"));
    } else {
        command.args(["compare", "--targets", "yilian", "--only", scenario]);
    }
    command
        .args(["--rounds", "1", "--json"])
        .arg(file)
        .env("YILIAN_RELAY_BIN", relay);
    command
}

fn read(file: &Path, rows: &mut Rows) -> Result<()> {
    let text = fs::read(file).with_context(|| format!("no figures in {}", file.display()))?;
    let all: Value = serde_json::from_slice(&text)?;
    let all = all
        .get("rows")
        .and_then(Value::as_array)
        .context("figures have rows")?;
    for row in all {
        let title = row
            .get("title")
            .and_then(Value::as_str)
            .context("a row has a title")?;
        let value = row
            .get("value")
            .and_then(Value::as_f64)
            .context("a row has a value")?;
        let higher = row.get("higher").and_then(Value::as_bool).unwrap_or(false);
        rows.entry(title.to_owned())
            .or_insert((Vec::new(), higher))
            .0
            .push(value);
    }
    Ok(())
}

fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let upper = values.get(values.len() / 2).copied().unwrap_or(f64::NAN);
    let lower = values.get(values.len().saturating_sub(1) / 2).copied();
    f64::midpoint(lower.unwrap_or(f64::NAN), upper)
}
