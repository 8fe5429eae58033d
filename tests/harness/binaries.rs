//! Where the programs under test are.

use std::path::{Path, PathBuf};

/// The relay, `yilian-relay`; `YILIAN_RELAY_BIN` names another.
pub fn relay() -> PathBuf {
    locate("yilian-relay", "YILIAN_RELAY_BIN")
}

/// The command line, `yilian`; `YILIAN_BIN` names another.
pub fn yilian() -> PathBuf {
    locate("yilian", "YILIAN_BIN")
}

/// Cargo builds no other package's programs for a test, so they are looked for beside the test
/// program itself: whatever the target directory and profile are, these are the same.
fn locate(name: &str, variable: &str) -> PathBuf {
    if let Some(path) = std::env::var_os(variable) {
        return PathBuf::from(path);
    }
    let test = std::env::current_exe().expect("the test program has a path");
    let beside = test.ancestors().skip(1).take(2);
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    beside
        .map(|folder: &Path| folder.join(&file))
        .find(|path| path.is_file())
        .unwrap_or_else(|| {
            panic!(
                "no {file} beside {}: build it with `cargo build -p yilian-server -p yilian-node`, \
                 or run `cargo xtask test`, or set {variable}",
                test.display()
            )
        })
}

/// The folder of the JavaScript peers, with its packages installed.
pub fn javascript() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop/js");
    assert!(
        folder.join("node_modules").is_dir(),
        "the JavaScript peers are not installed: run `npm ci --ignore-scripts` in {}, \
         or `cargo xtask test`",
        folder.display()
    );
    folder
}
