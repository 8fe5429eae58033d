//! The documents point at things that are there.

use crate::{files, nothing, root, text};

#[test]
fn relative_links_lead_somewhere() {
    let mut wrong = Vec::new();
    for file in files().into_iter().filter(|file| file.ends_with(".md")) {
        let folder = root().join(&file);
        let folder = folder.parent().unwrap();
        let text = text(&file).unwrap_or_default();
        for target in targets(&text) {
            let path = target.split('#').next().unwrap_or_default();
            if !path.is_empty() && !path.contains(':') && !folder.join(path).exists() {
                wrong.push(format!("{file}: {target}"));
            }
        }
    }
    nothing("links that lead nowhere", &wrong);
}

#[test]
fn the_front_pages_are_there_and_name_the_two_commands() {
    for page in [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
    ] {
        assert!(root().join(page).is_file(), "{page} is missing");
    }
    let readme = text("README.md").unwrap();
    for command in ["cargo xtask demo", "cargo xtask test"] {
        assert!(
            readme.contains(command),
            "the README does not name {command}"
        );
    }
}

/// What stands in `](…)`, outside code.
fn targets(text: &str) -> Vec<&str> {
    let mut fenced = false;
    let mut targets = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        let mut rest = line;
        while let Some(at) = rest.find("](") {
            rest = &rest[at + 2..];
            if let Some(end) = rest.find(')') {
                targets.push(&rest[..end]);
            }
        }
    }
    targets
}
