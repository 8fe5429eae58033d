//! What a script or a person reads: exit codes, JSON, languages, formats.

use serde_json::Value;
use yilian_tests::cli::{Station, list, text};

use crate::{MONTH, NOWHERE, ROWS, id, import_roster, import_samples, shift_on, shifts, write};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn usage_errors_end_with_two() {
    let station = Station::new();
    let wrong: [&[&str]; 6] = [
        &[],
        &["dance"],
        &["roster", "show"],
        &["roster", "show", "--month", "December"],
        &["roster", "show", "--month", "2026-13"],
        &["--lang", "fr", "status"],
    ];
    for arguments in wrong {
        station.run(arguments).await.expect(2);
    }
    station.run(&["--help"]).await.expect(0);
    station.run(&["--version"]).await.expect(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_directory_without_a_store_says_how_to_make_one() {
    let station = Station::new();
    let refused = station.run(&["--lang", "en", "status"]).await.expect(1);
    assert!(refused.text().contains("init"), "{}", refused.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reading_command_prints_json() {
    let keyun = Station::site("keyun", NOWHERE).await;
    import_samples(&keyun, "keyun").await;
    let shift = shifts(&keyun, "keyun").await[0].clone();
    let reading: [&[&str]; 8] = [
        &["site", "list"],
        &["person", "list"],
        &["roster", "show", "--month", MONTH],
        &["findings"],
        &["findings", "--month", MONTH],
        &["history", id(&shift)],
        &["status"],
        &["doctor"],
    ];
    for arguments in reading {
        keyun.json(arguments).await;
    }
    let shown = keyun
        .ok(&["roster", "show", "--month", MONTH, "--format", "json"])
        .await;
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(list(&shown, "shifts").len(), ROWS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_languages_are_spoken() {
    let mut keyun = Station::site("keyun", NOWHERE).await;
    import_samples(&keyun, "keyun").await;
    let chinese = keyun.ok(&["--lang", "zh", "status"]).await;
    let english = keyun.ok(&["--lang", "en", "status"]).await;
    assert_ne!(chinese, english);
    // Without the flag, the computer's own language decides.
    assert_eq!(keyun.ok(&["status"]).await, chinese);
    for variable in ["LANG", "LC_ALL"] {
        keyun.set(variable, "en_US.UTF-8");
    }
    assert_eq!(keyun.ok(&["status"]).await, english);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_table_shows_names_and_the_csv_can_be_imported_again() {
    let keyun = Station::site("keyun", NOWHERE).await;
    import_samples(&keyun, "keyun").await;
    let table = keyun.ok(&["roster", "show", "--month", MONTH]).await;
    for part in ["傅玉兰", "热线", "08:00"] {
        assert!(table.contains(part), "{table}");
    }
    let csv = keyun
        .ok(&["roster", "show", "--month", MONTH, "--format", "csv"])
        .await;
    assert_eq!(csv.lines().count(), ROWS + 1);

    let copy = Station::site("keyun", NOWHERE).await;
    import_samples(&copy, "keyun").await;
    let file = write(&copy, "shown.csv", csv.as_bytes());
    import_roster(&copy, &file).await;
    assert_eq!(shifts(&copy, "keyun").await, shifts(&keyun, "keyun").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_field_or_value_changes_nothing_and_says_why() {
    let keyun = Station::site("keyun", NOWHERE).await;
    import_samples(&keyun, "keyun").await;
    let before = shifts(&keyun, "keyun").await;
    let shift = shift_on(&before, "2026-12-04", "前台");
    for wrong in ["state=perhaps", "colour=red", "start=morning", "note"] {
        let outcome = keyun.run(&["roster", "set", id(shift), wrong]).await;
        assert!([1, 2].contains(&outcome.code), "{wrong}: {outcome:?}");
        assert!(!outcome.stderr.trim().is_empty(), "{wrong}: {outcome:?}");
    }
    // All or nothing.
    let half = ["roster", "set", id(shift), "note=好", "state=perhaps"];
    assert_ne!(keyun.run(&half).await.code, 0);
    assert_eq!(shifts(&keyun, "keyun").await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shift_can_be_added_changed_and_removed_by_hand() {
    let keyun = Station::site("keyun", NOWHERE).await;
    import_samples(&keyun, "keyun").await;
    keyun
        .ok(&[
            "roster",
            "add",
            "name=孙平",
            "post=机动",
            "start=2026-12-20T09:00",
            "end=2026-12-20T11:00",
        ])
        .await;
    let roster = shifts(&keyun, "keyun").await;
    let added = shift_on(&roster, "2026-12-20", "机动");
    assert_eq!(text(added, "name"), "孙平");
    keyun.ok(&["roster", "remove", id(added)]).await;
    assert_eq!(shifts(&keyun, "keyun").await.len(), ROWS);
}
