//! `cargo xtask test`: everything that must hold, in the order in which failures are cheapest to find.

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use serde_json::Value;

use crate::module::Module;
use crate::project::{self, cargo};
use crate::step::{self, Steps};
use crate::{browser, page, size, tools, wasm};

const WASM: &str = "wasm32-unknown-unknown";
const WINDOWS: &str = "x86_64-pc-windows-gnu";

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Run more seeds, more kills and longer histories: hours rather than minutes.
    #[arg(long)]
    long: bool,
    /// Run only these steps.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Step {
    /// Formatting.
    Fmt,
    /// Lints, on this machine's target and on wasm32.
    Clippy,
    /// Documentation without warnings.
    Docs,
    /// Unit and documentation tests of every crate.
    Unit,
    /// Whole-system tests: interop, command line, tidiness.
    Workspace,
    /// The browser's package, that it imports nothing a browser lacks, and its size.
    Wasm,
    /// That every crate packages.
    Package,
    /// That the node compiles for Windows.
    Windows,
    /// Licences and advisories, where cargo-deny is installed.
    Deny,
}

/// Runs the chosen steps and counts them.
///
/// # Errors
/// When one failed.
pub(crate) fn run(options: &Options) -> Result<()> {
    let mut steps = Steps::default();
    for step in Step::value_variants() {
        if options.only.is_empty() || options.only.contains(step) {
            one(&mut steps, *step, options.long);
        }
    }
    steps.finish()
}

fn one(steps: &mut Steps, step: Step, long: bool) {
    match step {
        Step::Fmt => steps.step("formatting", || {
            step::run(cargo().args(["fmt", "--all", "--check"]))
        }),
        Step::Clippy => {
            steps.step("lints", || clippy(&["--workspace", "--all-targets"]));
            steps.step("lints for wasm32", || {
                tools::target(WASM)?;
                clippy(&["-p", "yilian-core", "-p", "yilian-wasm", "--target", WASM])
            });
        }
        Step::Docs => steps.step("documentation", || {
            step::run(
                cargo()
                    .args(["doc", "--workspace", "--no-deps", "--locked"])
                    .env("RUSTDOCFLAGS", "-D warnings"),
            )
        }),
        Step::Unit => steps.step("unit and documentation tests", || {
            step::run(with_length(cargo(), long).args([
                "test",
                "--workspace",
                "--exclude",
                "yilian-tests",
                "--locked",
            ]))
        }),
        Step::Workspace => workspace(steps, long),
        Step::Wasm => {
            steps.step("core's tests compile for wasm32", || {
                tools::target(WASM)?;
                // With the browser's crate beside it, which settles where random bytes come from.
                let both = ["check", "-p", "yilian-core", "-p", "yilian-wasm", "--tests"];
                step::run(cargo().args(both).args(["--locked", "--target", WASM]))
            });
            steps.step("the browser build", || {
                let module = wasm::package()?;
                let bytes = std::fs::read(&module).context("the module was just built")?;
                let wants = Module::read(&bytes)?.import_modules;
                ensure!(
                    !wants.iter().any(|module| module == "env"),
                    "the module imports from \"env\": something in it expects an operating system"
                );
                Ok(())
            });
            steps.step("the browser build's size", || size::check(&wasm::module()));
        }
        Step::Package => steps.step("packages", package),
        Step::Windows => steps.step("the node for Windows", || {
            tools::mingw()?;
            tools::target(WINDOWS)?;
            let node = ["check", "-p", "yilian-node", "--locked"];
            step::run(cargo().args(node).args(["--target", WINDOWS]))
        }),
        Step::Deny => {
            if tools::is_there("cargo-deny") {
                steps.step("licences and advisories", || {
                    step::run(cargo().args(["deny", "check", "bans", "licenses", "sources"]))
                });
            }
        }
    }
}

fn workspace(steps: &mut Steps, long: bool) {
    steps.step("programs and JavaScript peers", || {
        let programs = ["build", "-p", "yilian-server", "-p", "yilian-node"];
        step::run(cargo().args(programs).args(["--bins", "--locked"]))?;
        tools::javascript_peers()
    });
    steps.step("the npm package and a browser", || {
        wasm::package()?;
        browser::install()
    });
    steps.step("the npm package's reference", wasm::reference);
    steps.step("the page", || page::build().map(drop));
    steps.step("the README's examples", || {
        step::run(cargo().args(["test", "-p", "yilian-tests", "--doc", "--locked"]))
    });
    // One by one, so that the summary says which.
    let mut tests = Vec::new();
    steps.step("what whole-system tests there are", || {
        tests = whole_system_tests()?;
        ensure!(!tests.is_empty(), "yilian-tests has no tests");
        Ok(())
    });
    for test in tests {
        steps.step(&format!("whole system: {test}"), || {
            // Two at once: each runs several processes already.
            step::run(
                with_length(cargo(), long)
                    .args(["test", "-p", "yilian-tests", "--locked", "--test", &test])
                    .args(["--", "--test-threads", "2"]),
            )
        });
    }
    if long {
        steps.step("whole system: a whole county", || {
            // Unoptimised, the county alone would take an hour.
            let programs = [
                "build",
                "--release",
                "-p",
                "yilian-server",
                "-p",
                "yilian-node",
            ];
            step::run(cargo().args(programs).args(["--bins", "--locked"]))?;
            let story = ["test", "--release", "-p", "yilian-tests", "--test", "story"];
            step::run(with_length(cargo(), long).args(story).args([
                "--locked",
                "county::",
                "--",
                "--test-threads",
                "1",
            ]))
        });
    }
    steps.step("the harness and the benchmark's own tests", || {
        step::run(cargo().args(["test", "-p", "yilian-tests", "--locked", "--lib", "--bins"]))
    });
}

/// The test programs of `yilian-tests`, in the order in which it lists them.
fn whole_system_tests() -> Result<Vec<String>> {
    let metadata = project::metadata()?;
    let members = |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned();
    Ok(members(&metadata, "packages")
        .unwrap_or_default()
        .iter()
        .filter(|package| {
            package
                .get("name")
                .is_some_and(|name| name == "yilian-tests")
        })
        .flat_map(|package| members(package, "targets").unwrap_or_default())
        .filter(|target| {
            let kinds = members(target, "kind").unwrap_or_default();
            kinds.iter().any(|kind| kind == "test")
        })
        .filter_map(|target| Some(target.get("name")?.as_str()?.to_owned()))
        .collect())
}

fn clippy(what: &[&str]) -> Result<()> {
    step::run(
        cargo()
            .args(["clippy", "--locked"])
            .args(what)
            .args(["--", "-D", "warnings"]),
    )
}

/// Packages what is published. Only core is built again from its package: building the others would
/// compile SQLite and the whole tree twice more, and what goes wrong with a package (a missing file, a
/// path out of the crate) shows in core as well.
fn package() -> Result<()> {
    let common = ["--locked", "--allow-dirty"];
    step::run(cargo().args(["package", "-p", "yilian-core"]).args(common))?;
    step::run(
        cargo()
            .args(["package", "--no-verify", "--workspace"])
            .args(["--exclude", "yilian-tests", "--exclude", "xtask"])
            .args(common),
    )
}

fn with_length(mut command: std::process::Command, long: bool) -> std::process::Command {
    if long {
        command.env("YILIAN_LONG", "1");
    }
    command
}
