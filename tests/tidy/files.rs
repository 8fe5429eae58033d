//! What is in the files, and where they are.

use crate::{files, nothing, text};

const LINES_MAX: usize = 500;

/// Tests beside a module are lists of cases, read one at a time.
const TESTS_LINES_MAX: usize = 800;

/// Files that may be longer, and why.
const LONG: [(&str, &str); 0] = [];

/// What may lie at the root of the repository.
const TOP: [&str; 25] = [
    ".cargo",
    ".ci",
    ".dockerignore",
    ".gitattributes",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "clippy.toml",
    "core",
    "deny.toml",
    "dist",
    "node",
    "rustfmt.toml",
    "server",
    "tests",
    "wasm",
    "web-demo",
    "xtask",
];

#[test]
fn no_file_is_too_long_to_read() {
    let mut wrong = Vec::new();
    for file in rust() {
        let lines = text(&file).unwrap_or_default().lines().count();
        let tests = file.ends_with("/tests.rs");
        let max = if tests { TESTS_LINES_MAX } else { LINES_MAX };
        if lines > max && !LONG.iter().any(|(name, _)| *name == file) {
            wrong.push(format!("{file}: {lines} lines"));
        }
    }
    nothing("files too long to read", &wrong);
}

#[test]
fn modules_are_files_with_their_name() {
    let wrong: Vec<String> = rust()
        .into_iter()
        .filter(|file| file.ends_with("/mod.rs"))
        .collect();
    nothing("name.rs beside name/, not name/mod.rs", &wrong);
}

#[test]
fn nothing_unfinished_is_committed() {
    // Put together here, so that this file does not contain what it looks for.
    let words = [
        ["to", "do!("].concat(),
        ["d", "bg!("].concat(),
        ["unimple", "mented!("].concat(),
        ["FIX", "ME"].concat(),
        ["X", "XX"].concat(),
        ["TO", "DO"].concat(),
        ["#[ig", "nore"].concat(),
        ["#[should", "_panic"].concat(),
    ];
    let mut wrong = Vec::new();
    for file in rust() {
        for (number, line) in text(&file).unwrap_or_default().lines().enumerate() {
            for word in &words {
                if line.contains(word.as_str()) {
                    wrong.push(format!("{file}:{}: {word}", number + 1));
                }
            }
        }
    }
    nothing("words that mark unfinished work", &wrong);
}

#[test]
fn no_path_of_one_machine_is_committed() {
    let homes = ["root", "home", "Users", "work"].map(|folder| format!("/{folder}/"));
    let mut wrong = Vec::new();
    for file in files() {
        if file == "tests/tidy/files.rs" || file == "Cargo.lock" {
            continue;
        }
        for (number, line) in text(&file).unwrap_or_default().lines().enumerate() {
            // A path begins at a blank, a quote or an equals sign; the rest is part of a longer word.
            let begins = |at: usize| {
                let before = line[..at].chars().next_back();
                before.is_none_or(|before| before.is_whitespace() || "\"'`=:(".contains(before))
            };
            for home in &homes {
                if line.find(home.as_str()).is_some_and(begins) {
                    wrong.push(format!("{file}:{}: {}", number + 1, line.trim()));
                }
            }
        }
    }
    nothing("absolute paths", &wrong);
}

#[test]
fn test_files_say_what_they_show() {
    let mut wrong = Vec::new();
    for file in rust().into_iter().filter(|file| file.starts_with("tests/")) {
        let text = text(&file).unwrap_or_default();
        if !text.starts_with("//! ") || text.starts_with("//! x\n") {
            wrong.push(file);
        }
    }
    nothing("files under tests/ that do not open with //!", &wrong);
}

#[test]
fn the_root_holds_what_it_should() {
    let mut wrong: Vec<String> = files()
        .iter()
        .filter_map(|file| file.split('/').next())
        .filter(|top| !TOP.contains(top))
        .map(str::to_owned)
        .collect();
    wrong.dedup();
    nothing("at the root", &wrong);
}

fn rust() -> Vec<String> {
    files()
        .into_iter()
        .filter(|file| file.ends_with(".rs"))
        .collect()
}
