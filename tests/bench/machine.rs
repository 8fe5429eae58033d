//! Where and when it was measured, and which version of everything.

use std::path::Path;

use crate::target::Target;

/// The day.
pub(crate) fn date() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}

/// Cores, and what the processor calls itself.
pub(crate) fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("unknown processor", |line| {
        line.trim_start_matches([' ', '\t', ':'])
    });
    format!(
        "{cores} cores ({model}), {}, shared by server and driver",
        std::env::consts::OS
    )
}

/// What a target is, with its version.
pub(crate) fn about(target: Target) -> String {
    let bench = |name: &str| npm("bench/js", name);
    match target {
        Target::Bare => format!(
            "tokio-tungstenite {} passing on the same frames: no storage, nothing understood",
            of_crate("tokio-tungstenite")
        ),
        Target::Yilian => format!(
            "yilian-relay {}, release build, every change committed at `FULL` first",
            env!("CARGO_PKG_VERSION")
        ),
        Target::Npm => format!(
            "@automerge/automerge-repo-sync-server {} (on automerge-repo {}) with file storage",
            bench("@automerge/automerge-repo-sync-server"),
            bench("@automerge/automerge-repo")
        ),
        Target::Repo => format!(
            "automerge-repo {} with its WebSocket server and file storage",
            npm("interop/js", "@automerge/automerge-repo")
        ),
        Target::Samod => format!("samod {} with its file storage", of_crate("samod")),
        Target::Hocuspocus => format!(
            "@hocuspocus/server {} (Yjs {}), which stores two seconds after it has changed something, and merges \
             what arrived together: smaller frames, readers do not acknowledge",
            bench("@hocuspocus/server"),
            bench("yjs")
        ),
    }
}

/// The version of an installed package.
fn npm(folder: &str, name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let file = folder.join("node_modules").join(name).join("package.json");
    let package = std::fs::read(file).unwrap_or_default();
    let package: serde_json::Value = serde_json::from_slice(&package).unwrap_or_default();
    let version = package.get("version").and_then(serde_json::Value::as_str);
    version.unwrap_or("of unknown version").to_owned()
}

/// The version of a crate, as locked.
fn of_crate(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    let lock = std::fs::read_to_string(file).unwrap_or_default();
    let wanted = format!("name = \"{name}\"");
    let mut lines = lock.lines().skip_while(|line| *line != wanted).skip(1);
    let version = lines
        .next()
        .and_then(|line| line.strip_prefix("version = "));
    version
        .map_or("of unknown version", |version| version.trim_matches('"'))
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_a_crate_is_the_locked_one() {
        let version = of_crate("samod");
        let first = version.chars().next();
        assert!(
            first.is_some_and(|first| first.is_ascii_digit()),
            "{version}"
        );
        assert_eq!(of_crate("no such crate"), "of unknown version");
    }
}
