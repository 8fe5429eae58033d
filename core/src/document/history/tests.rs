//! Goal: who changed what, when and why is always answerable. Method: a few edits by two authors.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::document::RecordChange;
use crate::document::replica::{create, merge, remove, replica, set, shift};

#[test]
fn every_edit_is_told_with_writer_time_and_reason() {
    let (mut a, mut b) = (replica(1), replica(2));
    let (record, other) = (shift(1, "孙平").id, shift(2, "孙平").id);
    a.edit(
        &create(&[shift(1, "孙平"), shift(2, "孙平")]),
        "导入 12 月排班",
        1_000,
    )
    .unwrap();
    merge(&mut a, &mut b);
    a.edit(&[set(record, "note", "顶班")], "孙平生病", 2_000)
        .unwrap();
    b.edit(&[set(record, "state", "confirmed")], "", 1_500)
        .unwrap();
    b.edit(&[set(other, "state", "absent")], "", 1_600).unwrap();
    merge(&mut a, &mut b);
    b.edit(&[remove(record)], "取消", 3_000).unwrap();
    merge(&mut a, &mut b);

    let history = a.history(Collection::Shifts, record);
    assert_eq!(history, b.history(Collection::Shifts, record));
    let lines: Vec<_> = history
        .iter()
        .map(|entry| {
            let fields: Vec<_> = entry
                .patch
                .fields
                .iter()
                .map(|f| f.field.as_str())
                .collect();
            let author = entry.author.as_ref().unwrap().as_str();
            let message = entry.message.as_deref().unwrap_or("");
            (
                entry.time,
                author,
                message,
                entry.patch.change,
                fields.join(" "),
            )
        })
        .collect();
    let line = |time, author, message, change, fields: &str| {
        (time, author, message, change, fields.to_owned())
    };
    use RecordChange::{Added, Changed, Removed};
    let mut between = [
        line(2_000, "keyun/1", "孙平生病", Changed, "note"),
        line(1_500, "keyun/2", "", Changed, "state"),
    ];
    // What happened at once is in the order of the hashes.
    if lines[1] != between[0] {
        between.reverse();
    }
    let all = "end name post site start state";
    assert_eq!(
        lines[0],
        line(1_000, "keyun/1", "导入 12 月排班", Added, all)
    );
    assert_eq!(lines[1..3], between);
    assert_eq!(
        lines[3..],
        [line(3_000, "keyun/2", "取消", Removed, "removed_at")]
    );
}

/// The history passes over changes by their bytes, which holds only as long as keys are literal.
#[test]
fn keys_are_literal_in_the_bytes_of_changes() {
    let mut a = replica(1);
    let rows: Vec<_> = (1..=31).map(|day| shift(day, "孙平")).collect();
    let imported = a.edit(&create(&rows), "", 1).unwrap().change.unwrap();
    let edited = a
        .edit(&[set(rows[4].id, "note", "顶班")], "", 2)
        .unwrap()
        .change
        .unwrap();
    for row in &rows {
        let id = row.id.to_string();
        assert!(contains(imported.raw_bytes(), id.as_bytes()));
        assert_eq!(
            contains(edited.raw_bytes(), id.as_bytes()),
            row.id == rows[4].id
        );
    }
    // Automerge makes the bytes anew when it is asked for a change.
    for change in crate::document::replica::reread(&a)
        .automerge()
        .get_changes(&[])
        .iter()
        .skip(1)
    {
        assert!(contains(
            change.raw_bytes(),
            rows[4].id.to_string().as_bytes()
        ));
    }
}

#[test]
fn the_log_tells_the_newest_changes_first_with_what_they_did() {
    let mut a = replica(1);
    let rows: Vec<_> = (1..=31).map(|day| shift(day, "孙平")).collect();
    a.edit(&create(&rows), "导入", 1_000).unwrap();
    let two = [set(rows[0].id, "note", "顶班"), remove(rows[1].id)];
    a.edit(&two, "孙平生病", 2_000).unwrap();

    let log = a.log(2);
    let told: Vec<_> = log
        .iter()
        .map(|entry| {
            (
                entry.time,
                entry.message.as_deref(),
                entry.records,
                entry.patches.len(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (2_000, Some("孙平生病"), 2, 2),
            (1_000, Some("导入"), 31, LogEntry::PATCHES_MAX)
        ]
    );
    let mut what: Vec<_> = log[0]
        .patches
        .iter()
        .map(|patch| (patch.record, patch.change))
        .collect();
    what.sort_by_key(|(record, _)| *record);
    let mut wanted = vec![
        (rows[0].id, RecordChange::Changed),
        (rows[1].id, RecordChange::Removed),
    ];
    wanted.sort_by_key(|(record, _)| *record);
    assert_eq!(what, wanted);
    assert_eq!(a.log(1), log[..1]);
}
