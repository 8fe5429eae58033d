//! Goal: whatever is edited and merged in whatever order, replicas agree, nothing is lost, and the
//! view that is kept up equals the view read afresh. Method: a few replicas in memory, merged by
//! hand; work is asserted by counting what was read, never by time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjType, ROOT, ReadDoc, ScalarValue};
use jiff::civil::date;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::*;
use crate::document::replica::{create, merge, name, pull, replica, reread, set, shift};
use crate::document::{FieldChange, Kind, RecordChange};
use crate::ordered::BTreeMap;
use crate::records::{RecordId, Shift, ShiftState, Value};

#[test]
fn replicas_begun_offline_lose_nothing() {
    let (mut a, mut b) = (replica(1), replica(2));
    a.edit(&create(&[shift(1, "孙平")]), "", 1).unwrap();
    b.edit(&create(&[shift(2, "徐国庆")]), "", 1).unwrap();
    merge(&mut a, &mut b);
    let names: Vec<_> = a.view().shifts().map(|shift| shift.name.as_str()).collect();
    assert_eq!(names.len(), 2);
    assert!(names.contains(&"孙平") && names.contains(&"徐国庆"));
}

#[test]
fn both_import_the_same_rows_and_edit_different_fields() {
    let rows: Vec<_> = (1..=30).map(|day| shift(day, "孙平")).collect();
    for a_pulls_first in [true, false] {
        let (mut a, mut b) = (replica(1), replica(2));
        for replica in [&mut a, &mut b] {
            replica.edit(&create(&rows), "import", 1).unwrap();
        }
        a.edit(&[set(rows[0].id, "note", "顶班")], "", 2).unwrap();
        b.edit(&[set(rows[0].id, "state", "confirmed")], "", 2)
            .unwrap();
        if a_pulls_first {
            merge(&mut a, &mut b);
        } else {
            merge(&mut b, &mut a);
        }
        assert_eq!(a.view().len(), rows.len());
        let merged: &Shift = a.view().get(rows[0].id).unwrap();
        assert_eq!(
            (merged.note.as_str(), merged.state),
            ("顶班", ShiftState::Confirmed)
        );
        // Both set all fields alike, so nothing is in conflict and nothing is left to import.
        assert_eq!(a.conflicts(), []);
        let again: Vec<_> = create(&rows)
            .into_iter()
            .filter(|edit| edit.place().1 != rows[0].id)
            .collect();
        assert!(a.edit(&again, "import", 3).unwrap().change.is_none());
    }
}

#[test]
fn editing_twice_adds_nothing() {
    let mut a = replica(1);
    let edits = create(&[shift(1, "孙平")]);
    assert!(a.edit(&edits, "", 1).unwrap().change.is_some());
    let heads = a.heads();
    let again = a.edit(&edits, "", 2).unwrap();
    assert!(again.change.is_none() && again.patches.is_empty());
    let clear = Edit::restore(&name(), Collection::Shifts, shift(1, "孙平").id);
    assert!(a.edit(&[clear], "", 3).unwrap().change.is_none());
    assert_eq!(a.heads(), heads);
}

#[test]
fn one_edit_of_a_large_roster_reads_one_record() {
    let rows: Vec<_> = (0..3_000)
        .map(|row| shift(1 + i8::try_from(row % 31).unwrap(), &format!("第{row}位")))
        .collect();
    let (mut a, mut b) = (replica(1), replica(2));
    let edited = a.edit(&create(&rows), "import", 1).unwrap();
    assert_eq!(edited.patches.len(), rows.len());
    assert_eq!(
        a.automerge().get_changes(&[]).len(),
        1 + Kind::Roster.genesis().len()
    );
    assert_eq!(a.records_hydrated(), 3_000);
    pull(&mut b, &a);

    let before = (a.records_hydrated(), b.records_hydrated());
    let edited = a.edit(&[set(rows[7].id, "note", "顶班")], "", 2).unwrap();
    assert_eq!(a.records_hydrated() - before.0, 1);
    let expected = RecordPatch {
        collection: Collection::Shifts,
        record: rows[7].id,
        change: RecordChange::Changed,
        fields: vec![FieldChange {
            field: "note".to_owned(),
            old: None,
            new: Some("顶班".into()),
        }],
    };
    assert_eq!(edited.patches, std::slice::from_ref(&expected));
    assert_eq!(b.apply(vec![edited.change.unwrap()]).unwrap(), [expected]);
    assert_eq!(b.records_hydrated() - before.1, 1);
    assert_eq!(a.view(), b.view());
}

#[test]
fn change_waits_for_what_it_depends_on() {
    let (mut a, mut b) = (replica(1), replica(2));
    let record = shift(1, "孙平").id;
    let first = a
        .edit(&create(&[shift(1, "孙平")]), "", 1)
        .unwrap()
        .change
        .unwrap();
    let second = a
        .edit(&[set(record, "note", "顶班")], "", 2)
        .unwrap()
        .change
        .unwrap();
    assert_eq!(b.apply(vec![second.clone()]).unwrap(), []);
    assert!(b.view().is_empty());
    let patches = b.apply(vec![first.clone()]).unwrap();
    assert_eq!(patches.len(), 1);
    assert_eq!(patches[0].change, RecordChange::Added);
    assert_eq!(a.view(), b.view());
    assert_eq!(b.apply(vec![first.clone(), second.clone()]).unwrap(), []);

    let mut late = LiveDocument::load(a.id(), Some(name()), [3; 16], vec![second]).unwrap();
    assert!(late.view().is_empty());
    late.apply(vec![first]).unwrap();
    assert_eq!(a.view(), late.view());
}

#[test]
fn removal_marks_and_restoring_unmarks() {
    let mut a = replica(1);
    let record = shift(1, "孙平").id;
    a.edit(&create(&[shift(1, "孙平")]), "", 1).unwrap();
    let at = date(2026, 12, 1).at(9, 30, 0, 0);
    let remove = Edit::remove(&name(), Collection::Shifts, record, at);
    let patches = a.edit(&[remove], "", 2).unwrap().patches;
    assert_eq!(patches[0].change, RecordChange::Removed);
    assert_eq!(a.view().get::<Shift>(record).unwrap().removed_at, Some(at));
    assert_eq!(a.view().present::<Shift>().count(), 0);
    let restore = Edit::restore(&name(), Collection::Shifts, record);
    let patches = a.edit(&[restore], "", 3).unwrap().patches;
    assert_eq!(patches[0].change, RecordChange::Restored);
    assert_eq!(a.view().present::<Shift>().count(), 1);
}

#[test]
fn edit_for_elsewhere_is_refused_whole() {
    let mut a = replica(1);
    let record = shift(1, "孙平").id;
    let fine = set(record, "note", "顶班");
    let people: Name = "people/keyun".parse().unwrap();
    let wrong = [
        Edit::set(&people, Collection::Persons, record, "name", "孙平"),
        Edit::set(&name(), Collection::Persons, record, "name", "孙平"),
        set(record, "no/te", "顶班"),
        set(record, "", "顶班"),
    ];
    for wrong in wrong {
        a.edit(&[fine.clone(), wrong], "", 1).unwrap_err();
        assert!(a.view().is_empty());
    }
}

#[test]
fn actor_is_the_one_handed_in() {
    let mut a = replica(1);
    let change = |a: &mut LiveDocument, note: &str| {
        let edit = set(shift(1, "孙平").id, "note", note);
        a.edit(&[edit], "", 1).unwrap().change.unwrap()
    };
    assert_eq!(change(&mut a, "甲").actor_id().to_bytes(), [1; 16]);
    a.set_author(&"keyun/王芳".parse().unwrap(), [9; 16]);
    let of_new_author = change(&mut a, "乙");
    assert_eq!(of_new_author.actor_id().to_bytes(), [9; 16]);
    assert_eq!(
        of_new_author.author().unwrap().as_bytes(),
        "keyun/王芳".as_bytes()
    );
}

#[test]
fn reused_sequence_number_is_an_error_and_changes_nothing() {
    let (mut a, mut twin) = (replica(1), replica(1));
    a.edit(&create(&[shift(1, "孙平")]), "", 1).unwrap();
    let honest = {
        let mut b = replica(2);
        b.edit(&create(&[shift(2, "徐国庆")]), "", 1)
            .unwrap()
            .change
            .unwrap()
    };
    let reused = twin
        .edit(&create(&[shift(3, "傅玉兰")]), "", 1)
        .unwrap()
        .change
        .unwrap();
    let (heads, view) = (a.heads(), a.view().clone());
    assert!(a.apply(vec![honest, reused]).is_err());
    assert_eq!((a.heads(), a.view()), (heads, &view));
    assert_eq!(reread(&a).view(), a.view());
}

/// An unmodified JavaScript peer stores a string as a text object, and may type into it.
#[test]
fn text_objects_are_texts() {
    let mut a = replica(1);
    let record = shift(1, "孙平").id;
    a.edit(&create(&[shift(1, "孙平")]), "", 1).unwrap();
    let mut peer = AutoCommit::load(&a.save()).unwrap();
    let (_, map) = peer.get(ROOT, "shifts").unwrap().unwrap();
    let text = peer
        .put_object(&map, record.key("note"), ObjType::Text)
        .unwrap();
    peer.splice_text(&text, 0, 0, "替班").unwrap();
    let change = peer.get_last_local_change().unwrap();
    a.apply(vec![change]).unwrap();
    assert_eq!(a.view().get::<Shift>(record).unwrap().note, "替班");

    peer.splice_text(&text, 0, 1, "顶").unwrap();
    let change = peer.get_last_local_change().unwrap();
    let patches = a.apply(vec![change]).unwrap();
    assert_eq!(patches[0].fields[0].new, Some("顶班".into()));
    assert_eq!(a.view().get::<Shift>(record).unwrap().note, "顶班");
    assert_eq!(a.view(), reread(&a).view());
    // Nothing to write: it is what the text says.
    assert!(
        a.edit(&[set(record, "note", "顶班")], "", 2)
            .unwrap()
            .change
            .is_none()
    );
    assert_eq!(a.history(Collection::Shifts, record).len(), 2);
}

#[test]
fn what_is_no_value_is_a_problem_and_not_a_loss() {
    let mut a = replica(1);
    let record = shift(1, "孙平").id;
    a.edit(&create(&[shift(1, "孙平")]), "", 1).unwrap();
    let mut peer = AutoCommit::load(&a.save()).unwrap();
    let (_, map) = peer.get(ROOT, "shifts").unwrap().unwrap();
    peer.put(&map, record.key("post"), ScalarValue::Bytes(vec![1]))
        .unwrap();
    peer.put(&map, record.key("start"), "八点").unwrap();
    peer.put(&map, record.key("mood"), "good").unwrap();
    peer.put(&map, "not a record", "?").unwrap();
    peer.put_object(&map, record.key("end"), ObjType::Map)
        .unwrap();
    let change = peer.get_last_local_change().unwrap();
    a.apply(vec![change]).unwrap();
    let entry = a.view().entry(Collection::Shifts, record).unwrap();
    let mut problems: Vec<_> = entry.problems().iter().map(|p| p.field.as_str()).collect();
    problems.sort_unstable();
    assert_eq!(problems, ["end", "post", "start"]);
    assert_eq!(
        entry.extra().collect::<Vec<_>>(),
        [("mood", &Value::from("good"))]
    );
    assert_eq!(a.view().get::<Shift>(record).unwrap().period(), None);
    assert_eq!(a.view().get::<Shift>(record).unwrap().name, "孙平");
    assert_eq!(a.view(), reread(&a).view());
    // It can be set right.
    a.edit(&[set(record, "post", "前台")], "", 2).unwrap();
    assert_eq!(a.view().get::<Shift>(record).unwrap().post, "前台");
}

#[test]
fn collection_put_aside_by_a_peer_comes_back_when_it_is_deleted() {
    let mut a = replica(1);
    a.edit(&create(&[shift(1, "孙平")]), "", 1).unwrap();
    let mut peer = AutoCommit::load(&a.save()).unwrap();
    peer.put(ROOT, "shifts", "gone").unwrap();
    let change = peer.get_last_local_change().unwrap();
    let patches = a.apply(vec![change]).unwrap();
    assert_eq!(patches[0].change, RecordChange::Gone);
    assert!(a.view().is_empty());
    assert!(matches!(
        a.edit(&[set(shift(1, "孙平").id, "note", "")], "", 2),
        Err(EditError::NoCollection(Collection::Shifts))
    ));
    assert_eq!(a.view(), reread(&a).view());
}

#[test]
fn foreign_document_is_kept_without_a_view() {
    let mut peer = AutoCommit::new();
    peer.put(ROOT, "count", 1).unwrap();
    let id = DocumentId::from_bytes([7; 16]);
    let mut foreign = LiveDocument::foreign(id, [1; 16]);
    let change = peer.get_last_local_change().unwrap();
    assert_eq!(foreign.apply(vec![change]).unwrap(), []);
    assert_eq!(foreign.heads(), peer.get_heads());
    assert!(foreign.view().is_empty() && foreign.name().is_none());
}

/// The fields of every record, kept from patches alone.
type Mirror = BTreeMap<RecordId, BTreeMap<String, Value>>;

fn follow(mirror: &mut Mirror, patches: Vec<RecordPatch>) {
    for patch in patches {
        let fields = mirror.entry(patch.record).or_default();
        for change in patch.fields {
            assert_eq!(fields.get(&change.field), change.old.as_ref());
            match change.new {
                Some(value) => fields.insert(change.field, value),
                None => fields.remove(&change.field),
            };
        }
        if patch.change == RecordChange::Gone {
            assert!(mirror.remove(&patch.record).unwrap().is_empty());
        }
    }
}

fn random_edit(rng: &mut StdRng) -> Edit {
    let record = shift(rng.random_range(1..=3), "孙平").id;
    let field = ["note", "state", "post", "removed_at", "mood"][rng.random_range(0..5)];
    if rng.random_range(0..4) == 0 {
        return Edit::clear(&name(), Collection::Shifts, record, field);
    }
    let value = match field {
        "state" => ["planned", "confirmed", "absent"][rng.random_range(0..3)],
        "removed_at" => ["2026-12-01T08:00", "2026-12-02T08:00", ""][rng.random_range(0..3)],
        _ => ["甲", "乙", "丙", ""][rng.random_range(0..4)],
    };
    set(record, field, value)
}

#[test]
fn kept_up_view_is_the_view_read_afresh() {
    for seed in 0..100 {
        let rng = &mut StdRng::seed_from_u64(seed);
        let mut replicas: Vec<_> = (1..=3).map(replica).collect();
        let mut mirrors = vec![Mirror::new(); replicas.len()];
        for step in 0..25 {
            let at = rng.random_range(0..replicas.len());
            let patches = if rng.random_range(0..3) > 0 {
                let edits: Vec<_> = (0..rng.random_range(1..4))
                    .map(|_| random_edit(rng))
                    .collect();
                replicas[at].edit(&edits, "", step).unwrap().patches
            } else {
                // Some of what another has, in any order: some of it waits.
                let from = rng.random_range(0..replicas.len());
                let other = replicas[from].clone();
                let missing = replicas[at]
                    .automerge()
                    .get_changes_added(other.automerge());
                let mut some: Vec<_> = missing
                    .into_iter()
                    .filter(|_| rng.random_range(0..4) > 0)
                    .collect();
                if rng.random_range(0..2) == 0 {
                    some.reverse();
                }
                replicas[at].apply(some).unwrap()
            };
            follow(&mut mirrors[at], patches);
            let (document, afresh) = (&replicas[at], reread(&replicas[at]));
            assert_eq!(document.view(), afresh.view(), "seed {seed} step {step}");
            assert_eq!(
                document.conflicts(),
                afresh.conflicts(),
                "seed {seed} step {step}"
            );
            assert_eq!(
                document.late_edits(),
                afresh.late_edits(),
                "seed {seed} step {step}"
            );
            let shown: Mirror = document
                .view()
                .entries(Collection::Shifts)
                .map(|entry| (entry.record().id(), entry.fields().clone()))
                .collect();
            assert_eq!(mirrors[at], shown, "seed {seed} step {step}");
        }
        let all = replicas.clone();
        for replica in &mut replicas {
            for other in &all {
                pull(replica, other);
            }
        }
        let facts = |document: &LiveDocument| {
            let histories: Vec<_> = (1..=3)
                .map(|day| document.history(Collection::Shifts, shift(day, "孙平").id))
                .collect();
            (
                document.heads(),
                document.conflicts(),
                document.late_edits(),
                histories,
            )
        };
        let first = facts(&replicas[0]);
        for replica in &replicas {
            assert_eq!(replica.view(), replicas[0].view(), "seed {seed}");
            assert_eq!(facts(replica), first, "seed {seed}");
        }
    }
}
