//! `cargo xtask test`: everything that must hold, in the order in which failures are cheapest to find.

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use serde_json::Value;

use crate::module::Module;
use crate::project::{self, cargo};
use crate::step::{self, Steps};
use crate::{browser, page, size, tools, wasm};

const WASM: &str = "wasm32-unknown-unknown";
/// Whole-system tests have a package of their own.
const TESTS: &str = "yilian-tests";
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
    /// Programs, unit and documentation tests of every crate.
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
        Step::Unit => unit(steps, long),
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

/// `cargo` on what the whole workspace is made of. Of fewer packages, what they depend on would have other features, and would
/// be compiled once more.
fn on_all(command: &str, long: bool) -> std::process::Command {
    let mut cargo = with_length(cargo(), long);
    cargo.args([command, "--workspace", "--locked"]);
    cargo
}

fn unit(steps: &mut Steps, long: bool) {
    steps.step("programs and JavaScript peers", || {
        step::run(on_all("build", long).args(["--bin", "yilian", "--bin", "yilian-relay"]))?;
        tools::javascript_peers()
    });
    steps.step("unit tests", || {
        step::run(on_all("test", long).args(["--lib", "--bins"]))?;
        let tests = integration_tests(|package| package != TESTS)?;
        step::run(on_all("test", long).args(tests.iter().flat_map(|test| ["--test", test])))
    });
    steps.step("examples in documentation and README", || {
        step::run(on_all("test", long).arg("--doc"))
    });
}

fn workspace(steps: &mut Steps, long: bool) {
    steps.step("the npm package and a browser", || {
        wasm::package()?;
        browser::install()
    });
    steps.step("the npm package's reference", wasm::reference);
    steps.step("the page", || page::build().map(drop));
    // One by one, so that the summary says which.
    let mut tests = Vec::new();
    steps.step("what whole-system tests there are", || {
        tests = integration_tests(|package| package == TESTS)?;
        ensure!(!tests.is_empty(), "yilian-tests has no tests");
        Ok(())
    });
    for test in tests {
        steps.step(&format!("whole system: {test}"), || {
            // Two at once: each runs several processes already.
            step::run(on_all("test", long).args(["--test", &test]).args([
                "--",
                "--test-threads",
                "2",
            ]))
        });
    }
    if long {
        steps.step("whole system: a whole county", || {
            // Unoptimised, the county alone would take an hour. With the tests, so that nothing is compiled twice.
            let programs = ["build", "--release", "-p", "yilian-tests"];
            let of = ["-p", "yilian-server", "-p", "yilian-node", "--locked"];
            let named = ["--bin", "yilian-relay", "--bin", "yilian"];
            step::run(cargo().args(programs).args(of).args(named))?;
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
}

/// The test programs of some packages, in the order in which they list them.
fn integration_tests(wanted: impl Fn(&str) -> bool) -> Result<Vec<String>> {
    let metadata = project::metadata()?;
    let members = |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned();
    Ok(members(&metadata, "packages")
        .unwrap_or_default()
        .iter()
        .filter(|package| {
            let name = package.get("name").and_then(Value::as_str);
            name.is_some_and(&wanted)
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
