//! The JavaScript packages: reproducible, and installable from any registry.

use serde_json::Value;

use crate::{files, nothing, text};

#[test]
fn lock_files_name_no_download_address() {
    let mut wrong = Vec::new();
    let locks = named("package-lock.json");
    for file in &locks {
        let lock: Value = serde_json::from_str(&text(file).unwrap()).unwrap();
        for (package, entry) in lock["packages"].as_object().unwrap() {
            if entry.get("resolved").is_some_and(|resolved| {
                // A package of the same repository is resolved to its folder.
                !entry["link"].as_bool().unwrap_or(false) && resolved.is_string()
            }) {
                wrong.push(format!("{file}: {package}"));
            }
        }
    }
    assert!(!locks.is_empty(), "no lock file is committed");
    nothing(
        "resolved addresses (see .npmrc beside the lock file)",
        &wrong,
    );
}

#[test]
fn every_package_has_a_lock_file_and_the_setting_that_keeps_it_clean() {
    let mut wrong = Vec::new();
    let all = files();
    for file in named("package.json") {
        let folder = file.trim_end_matches("package.json");
        let package: Value = serde_json::from_str(&text(&file).unwrap()).unwrap();
        let depends = ["dependencies", "devDependencies"].iter().any(|kind| {
            package[kind]
                .as_object()
                .is_some_and(|some| !some.is_empty())
        });
        if !depends {
            continue;
        }
        for needed in ["package-lock.json", ".npmrc"] {
            if !all.contains(&format!("{folder}{needed}")) {
                wrong.push(format!("{folder}{needed} is missing"));
            }
        }
        let settings = text(&format!("{folder}.npmrc")).unwrap_or_default();
        if !settings.contains("omit-lockfile-registry-resolved=true") {
            wrong.push(format!("{folder}.npmrc lets addresses into the lock file"));
        }
    }
    nothing("JavaScript packages", &wrong);
}

fn named(name: &str) -> Vec<String> {
    files()
        .into_iter()
        .filter(|file| file.rsplit('/').next() == Some(name))
        .collect()
}
