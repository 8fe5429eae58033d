//! Goal: what a merge decided is said aloud, with who wrote what. Method: two replicas that edit
//! without knowing of each other, and merge.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::document::replica::{create, merge, name, remove, replica, set, shift};
use crate::records::{Collection, Edit};

use super::*;

/// Two replicas that know of one shift.
fn pair() -> (LiveDocument, LiveDocument, RecordId) {
    let (mut a, mut b) = (replica(1), replica(2));
    a.edit(&create(&[shift(1, "孙平")]), "", 1).unwrap();
    merge(&mut a, &mut b);
    (a, b, shift(1, "孙平").id)
}

fn texts(writings: &[Writing]) -> Vec<(&str, i64, &str)> {
    fn text(writing: &Writing) -> (&str, i64, &str) {
        let value = writing.value.as_ref().unwrap().as_text().unwrap();
        (
            value,
            writing.time,
            writing.author.as_ref().unwrap().as_str(),
        )
    }
    writings.iter().map(text).collect()
}

#[test]
fn field_set_twice_at_once_names_both_values_and_writers() {
    let (mut a, mut b, record) = pair();
    a.edit(&[set(record, "note", "甲")], "", 5).unwrap();
    b.edit(&[set(record, "note", "乙")], "", 3).unwrap();
    merge(&mut a, &mut b);
    let conflicts = a.conflicts();
    assert_eq!(conflicts, b.conflicts());
    assert_eq!(conflicts.len(), 1);
    assert_eq!(
        (conflicts[0].record, conflicts[0].field.as_str()),
        (record, "note")
    );
    // Equal counters: the greater actor wins.
    assert_eq!(
        texts(std::slice::from_ref(&conflicts[0].winner)),
        [("乙", 3, "keyun/2")]
    );
    assert_eq!(texts(&conflicts[0].others), [("甲", 5, "keyun/1")]);
}

#[test]
fn setting_what_is_shown_decides() {
    let (mut a, mut b, record) = pair();
    a.edit(&[set(record, "note", "甲")], "", 2).unwrap();
    b.edit(&[set(record, "note", "乙")], "", 2).unwrap();
    merge(&mut a, &mut b);
    let shown = set(record, "note", "乙");
    assert!(!shown.differs_from(a.view()));
    assert!(a.edit(&[shown], "", 3).unwrap().change.is_some());
    merge(&mut a, &mut b);
    assert_eq!((a.conflicts(), b.conflicts()), (vec![], vec![]));
}

#[test]
fn import_of_one_side_does_not_stand_against_an_edit_of_the_other() {
    let (mut a, mut b) = (replica(1), replica(2));
    let row = shift(1, "孙平");
    for replica in [&mut a, &mut b] {
        replica
            .edit(&create(std::slice::from_ref(&row)), "import", 1)
            .unwrap();
    }
    b.edit(&[set(row.id, "state", "swapped")], "", 2).unwrap();
    b.edit(&[set(row.id, "state", "confirmed")], "", 3).unwrap();
    merge(&mut a, &mut b);
    assert_eq!(a.conflicts(), []);
    // But an edit back to the imported value does.
    let (mut a, mut b, record) = pair();
    a.edit(&[set(record, "state", "absent")], "", 2).unwrap();
    a.edit(&[set(record, "state", "planned")], "", 3).unwrap();
    b.edit(&[set(record, "state", "confirmed")], "", 2).unwrap();
    merge(&mut a, &mut b);
    assert_eq!(a.conflicts().len(), 1);
}

#[test]
fn edit_of_a_removed_record_is_told_with_both_sides() {
    let (mut a, mut b, record) = pair();
    a.edit(&[remove(record)], "", 2).unwrap();
    b.edit(
        &[set(record, "note", "顶班"), set(record, "state", "planned")],
        "",
        3,
    )
    .unwrap();
    merge(&mut a, &mut b);
    let late = a.late_edits();
    assert_eq!(late, b.late_edits());
    assert_eq!(late.len(), 1);
    assert_eq!(late[0].record, record);
    assert_eq!(late[0].removal.author.as_ref().unwrap().as_str(), "keyun/1");
    // The state was set to what it was.
    assert_eq!(late[0].edits.len(), 1);
    assert_eq!(late[0].edits[0].0, "note");
    assert_eq!(
        texts(std::slice::from_ref(&late[0].edits[0].1)),
        [("顶班", 3, "keyun/2")]
    );

    let restore = Edit::restore(&name(), Collection::Shifts, record);
    a.edit(&[restore], "", 4).unwrap();
    assert_eq!(a.late_edits(), []);
}

#[test]
fn removal_that_knew_of_the_edits_is_plain() {
    let (mut a, mut b, record) = pair();
    b.edit(&[set(record, "note", "顶班")], "", 2).unwrap();
    merge(&mut a, &mut b);
    a.edit(&[remove(record)], "", 3).unwrap();
    assert_eq!(a.late_edits(), []);
    // A later edit by who knew is told too.
    a.edit(&[set(record, "note", "不")], "", 4).unwrap();
    assert_eq!(a.late_edits().len(), 1);
}
