//! The npm package in a real browser, against the real relay and the command line.
//!
//! Method: each scenario is a script of `js/scenarios`, which drives Debian's Chromium (or the one that
//! `YILIAN_CHROMIUM` names) and says itself what it shows; it fails as well when a page wrote an error to
//! the console. What is loaded is the package as `cargo xtask wasm` leaves it in `wasm/pkg`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::Command;

use yilian_tests::binaries;

/// Makes a test of every scenario.
macro_rules! scenarios {
    ($($name:ident),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                run(stringify!($name));
            }
        )*
    };
}

scenarios![
    clock, converge, crash, day, devices, foreign, forged, hub, large, mediation, node, orphans,
    readme, refused, report, restart, school, sharing, station, tabs, trap, vite, watched, wish,
    workers,
];

fn run(scenario: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser/js");
    assert!(
        folder.join("node_modules").is_dir(),
        "the browser's driver is not installed: run `npm ci --ignore-scripts` in {}, \
         or `cargo xtask test`",
        folder.display()
    );
    let output = Command::new("node")
        .current_dir(&folder)
        .args(["run.mjs", scenario])
        .env("YILIAN_RELAY_BIN", binaries::relay())
        .env("YILIAN_BIN", binaries::yilian())
        .env("YILIAN_FORGE_BIN", env!("CARGO_BIN_EXE_yilian-forge"))
        .env("YILIAN_PACKAGE", package())
        .env("YILIAN_WEB_DEMO", page())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{scenario}: {}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The package as it is published.
fn package() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wasm/pkg");
    let package = std::fs::canonicalize(&package).unwrap_or(package);
    assert!(
        package.join("dist/index.js").is_file(),
        "@yilian/client is not built: run `cargo xtask wasm`"
    );
    package
}

/// The page as it is served. Where it is not built, the scenarios that are of it say so.
fn page() -> PathBuf {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web-demo/dist");
    std::fs::canonicalize(&page).unwrap_or_default()
}
