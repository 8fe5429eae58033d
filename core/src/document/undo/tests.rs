//! Goal: undo takes back one's own last change and nothing of anyone else's, whenever it is asked
//! for. Method: edit, undo, compare views; again after a restart.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::document::replica::{create, merge, morning, name, remove, replica, reread, set, shift};
use crate::records::Shift;

fn author(of: u8) -> Author {
    format!("keyun/{of}").parse().unwrap()
}

/// Undoes once; whether there was something to undo.
fn undo(document: &mut LiveDocument, of: u8) -> bool {
    let Some(undo) = document.undo_last(&author(of), morning()) else {
        return false;
    };
    let edited = document.edit(&undo.edits, &undo.message, 9).unwrap();
    assert!(edited.change.is_some());
    true
}

fn note(document: &LiveDocument, record: RecordId) -> String {
    document.view().get::<Shift>(record).unwrap().note.clone()
}

#[test]
fn undo_goes_back_one_change_at_a_time_across_restarts() {
    let mut a = replica(1);
    let record = shift(1, "孙平").id;
    a.edit(&create(&[shift(1, "孙平")]), "", 1).unwrap();
    a.edit(&[set(record, "note", "甲")], "", 2).unwrap();
    a.edit(
        &[set(record, "note", "乙"), set(record, "state", "absent")],
        "",
        3,
    )
    .unwrap();
    a.edit(&[set(record, "note", "丙")], "", 4).unwrap();
    for expected in ["乙", "甲", ""] {
        assert!(undo(&mut a, 1));
        assert_eq!(note(&a, record), expected);
        a = reread(&a);
        a.set_author(
            &author(1),
            [100 + u8::try_from(expected.len()).unwrap(); 16],
        );
    }
    assert_eq!(
        a.view().get::<Shift>(record).unwrap().state.as_str(),
        "planned"
    );
    // The creation comes last: what was typed stays, marked as removed.
    assert!(undo(&mut a, 1));
    assert_eq!(
        a.view().get::<Shift>(record).unwrap().removed_at,
        Some(morning())
    );
    assert!(!undo(&mut a, 1));
}

#[test]
fn edit_after_an_undo_is_the_next_to_be_undone() {
    let mut a = replica(1);
    let record = shift(1, "孙平").id;
    a.edit(&create(&[shift(1, "孙平")]), "", 1).unwrap();
    a.edit(&[set(record, "note", "甲")], "", 2).unwrap();
    a.edit(&[set(record, "note", "乙")], "", 3).unwrap();
    undo(&mut a, 1);
    a.edit(&[set(record, "note", "丁")], "", 4).unwrap();
    undo(&mut a, 1);
    assert_eq!(note(&a, record), "甲");
    undo(&mut a, 1);
    assert_eq!(note(&a, record), "");
}

#[test]
fn what_others_wrote_since_stays() {
    let (mut a, mut b) = (replica(1), replica(2));
    let record = shift(1, "孙平").id;
    a.edit(&create(&[shift(1, "孙平")]), "", 1).unwrap();
    merge(&mut a, &mut b);
    a.edit(
        &[set(record, "note", "甲"), set(record, "state", "absent")],
        "",
        2,
    )
    .unwrap();
    merge(&mut a, &mut b);
    b.edit(&[set(record, "note", "乙")], "", 3).unwrap();
    merge(&mut a, &mut b);
    undo(&mut a, 1);
    assert_eq!(note(&a, record), "乙");
    assert_eq!(
        a.view().get::<Shift>(record).unwrap().state.as_str(),
        "planned"
    );
    // Someone else wrote to the record, so its creation is not undone.
    assert!(!undo(&mut a, 1));
    // Each undoes their own.
    merge(&mut a, &mut b);
    undo(&mut b, 2);
    assert_eq!(note(&b, record), "甲");
}

#[test]
fn removal_and_restoring_are_undone() {
    let mut a = replica(1);
    let record = shift(1, "孙平").id;
    let is_removed = |a: &LiveDocument| a.view().get::<Shift>(record).unwrap().removed_at.is_some();
    a.edit(&create(&[shift(1, "孙平")]), "", 1).unwrap();
    a.edit(&[remove(record)], "", 2).unwrap();
    undo(&mut a, 1);
    assert!(!is_removed(&a));
    a.edit(&[remove(record)], "", 3).unwrap();
    a.edit(&[Edit::restore(&name(), Collection::Shifts, record)], "", 4)
        .unwrap();
    undo(&mut a, 1);
    assert!(is_removed(&a));
    undo(&mut a, 1);
    assert!(!is_removed(&a));
}

#[test]
fn history_says_what_an_undo_undid() {
    let mut a = replica(1);
    let record = shift(1, "孙平").id;
    a.edit(&create(&[shift(1, "孙平")]), "", 1).unwrap();
    let change = a
        .edit(&[set(record, "note", "甲")], "", 2)
        .unwrap()
        .change
        .unwrap();
    undo(&mut a, 1);
    let history = a.history(Collection::Shifts, record);
    assert_eq!(history.last().unwrap().undoes, Some(change.hash()));
    assert_eq!(history[1].undoes, None);
}
