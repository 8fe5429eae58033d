//! The layers: each crate depends only on those above it.

use std::process::Command;

use serde_json::Value;

use crate::{nothing, root};

/// Which of our crates each of our crates may use.
const LAYERS: [(&str, &[&str]); 6] = [
    ("yilian-core", &[]),
    ("yilian-node", &["yilian-core"]),
    ("yilian-server", &["yilian-core", "yilian-node"]),
    ("yilian-wasm", &["yilian-core"]),
    (
        "yilian-tests",
        &["yilian-core", "yilian-node", "yilian-server"],
    ),
    ("xtask", &[]),
];

/// Crates that only some of ours may name, and why.
const RESERVED: [(&str, &[&str], &str); 8] = [
    ("rusqlite", &["yilian-node"], "only node knows SQL"),
    (
        "clap",
        &["yilian-node", "yilian-server", "yilian-tests", "xtask"],
        "programs only",
    ),
    (
        "toml",
        &["yilian-server"],
        "only server knows configuration",
    ),
    ("axum", &["yilian-server"], "only server listens for HTTP"),
    (
        "wasm-bindgen",
        &["yilian-wasm"],
        "only wasm knows JavaScript",
    ),
    ("wasm-bindgen-cli-support", &["xtask"], "a build tool"),
    (
        "anyhow",
        &["yilian-server", "yilian-tests", "xtask"],
        "libraries have errors of their own",
    ),
    (
        "tokio",
        &["yilian-node", "yilian-server", "yilian-tests"],
        "core and wasm have no runtime",
    ),
];

/// What may be nowhere below core: I/O, runtimes, the browser.
const NOT_IN_CORE: [&str; 9] = [
    "async-std",
    "hyper",
    "libsqlite3-sys",
    "mio",
    "rusqlite",
    "socket2",
    "tokio",
    "tungstenite",
    "wasm-bindgen",
];

#[test]
fn each_crate_uses_only_those_above_it() {
    let mut wrong = Vec::new();
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        let allowed = LAYERS.iter().find(|(layer, _)| *layer == name);
        let Some((_, allowed)) = allowed else {
            wrong.push(format!("{name} has no layer: add it to LAYERS"));
            continue;
        };
        for dependency in dependencies(&package) {
            let ours = LAYERS.iter().any(|(layer, _)| *layer == dependency);
            if ours && !allowed.contains(&dependency.as_str()) {
                wrong.push(format!("{name} depends on {dependency}"));
            }
        }
    }
    nothing("dependencies against the layers", &wrong);
}

#[test]
fn what_only_some_may_name_is_named_by_them_alone() {
    let mut wrong = Vec::new();
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        for dependency in dependencies(&package) {
            for (reserved, allowed, why) in RESERVED {
                if dependency == reserved && !allowed.contains(&name) {
                    wrong.push(format!("{name} depends on {reserved}: {why}"));
                }
            }
        }
    }
    nothing("dependencies where they do not belong", &wrong);
}

#[test]
fn core_is_free_of_io_and_runtimes_all_the_way_down() {
    let tree = cargo(&[
        "tree",
        "-p",
        "yilian-core",
        "--edges",
        "normal",
        "--prefix",
        "none",
    ]);
    let below: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(below.contains(&"automerge"), "the tree was read");
    let wrong: Vec<String> = NOT_IN_CORE
        .iter()
        .filter(|name| below.contains(name))
        .map(|name| (*name).to_owned())
        .collect();
    nothing("below core", &wrong);
}

#[test]
fn nothing_brings_a_second_tls() {
    let tree = cargo(&[
        "tree",
        "--workspace",
        "--edges",
        "normal",
        "--prefix",
        "none",
    ]);
    let wrong: Vec<String> = tree
        .lines()
        .filter(|line| line.starts_with("native-tls ") || line.starts_with("openssl-sys "))
        .map(str::to_owned)
        .collect();
    nothing("TLS is rustls", &wrong);
}

#[test]
fn the_bindings_generator_is_the_version_of_the_bindings() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let version = |name: &str| {
        let entry = format!("name = \"{name}\"\nversion = \"");
        let rest = &lock[lock.find(&entry).unwrap() + entry.len()..];
        rest.split('"').next().unwrap().to_owned()
    };
    assert_eq!(version("wasm-bindgen"), version("wasm-bindgen-cli-support"));
}

fn packages() -> Vec<Value> {
    let metadata = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// What the package itself is built from; development dependencies may be anything.
fn dependencies(package: &Value) -> Vec<String> {
    let dependencies = package["dependencies"].as_array().unwrap();
    dependencies
        .iter()
        .filter(|dependency| dependency["kind"] != "dev")
        .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
        .collect()
}

fn cargo(arguments: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root())
        .args(arguments)
        .arg("--locked")
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}
