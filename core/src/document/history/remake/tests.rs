//! Goal: what somebody wrote can be told from bytes alone, and is made again without taking back what is newer. Method: what was
//! edited is compared with what is read, with nothing applied in between.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use automerge::transaction::Transactable as _;
use automerge::{ObjType, ROOT};
use bytes::Bytes;

use super::*;
use crate::document::replica::{create, name, pull, replica, set, shift};
use crate::records::Value;
use crate::storage::{Outline, Quarantined};
use crate::sync::limits::Limits;

/// The graph of a document's changes, with one aside, and so all that builds on it.
fn graph(live: &LiveDocument, aside: ChangeHash) -> ChangeGraph {
    let changes = live.automerge().get_changes(&[]);
    let bytes = changes
        .iter()
        .map(|change| Bytes::copy_from_slice(change.raw_bytes()));
    let outline = Outline::of_chunks(bytes.collect());
    let mut graph = ChangeGraph::load(Limits::default(), &outline).unwrap();
    graph.quarantine(vec![Quarantined::breaking(aside)]);
    graph
}

fn author(number: u8) -> Author {
    format!("keyun/{number}").parse().unwrap()
}

/// What an author wrote in what is aside of a document.
fn read(live: &LiveDocument, aside: ChangeHash, number: u8) -> Vec<Remake> {
    Remake::read(&name(), &graph(live, aside), &author(number), &|_| true)
}

fn edit(live: &mut LiveDocument, edits: &[Edit], message: &str, time: i64) -> ChangeHash {
    let edited = live.edit(edits, message, time).unwrap();
    edited.change.unwrap().hash()
}

#[test]
fn what_edits_wrote_is_read_from_their_changes() {
    let mut live = replica(1);
    let rows = [shift(2, "谢秀兰"), shift(1, "孙平")];
    let imported = edit(&mut live, &create(&rows), "导入", 1_000);
    let record = rows[0].id;
    edit(&mut live, &[set(record, "note", "顶班")], "", 1_500);
    let other = |field, value: Value| Edit::set(&name(), Collection::Shifts, record, field, value);
    let edits = [
        Edit::clear(&name(), Collection::Shifts, record, "note"),
        set(record, "start", "2026-12-01T09:00"),
        other("x-hours", 6.into()),
        other("x-part", 0.5.into()),
        other("x-sure", true.into()),
    ];
    let changed = edit(&mut live, &edits, "改时间", 2_000);

    let remakes = read(&live, imported, 1);
    assert_eq!(remakes.len(), 3);
    let expected = Remake {
        of: changed,
        author: Some(author(1)),
        time: 2_000,
        edits: edits.to_vec(),
        message: "改时间".to_owned(),
    };
    assert_eq!(remakes[2], expected);
    // It is not for somebody else to make again.
    assert_eq!(read(&live, imported, 2), []);
    let described = Remake::describe(&name(), &graph(&live, imported), &|at| *at == changed);
    assert_eq!(described.len(), 1);
    assert_eq!(
        (described[0].time, &described[0].edits[..]),
        (2_000, &[][..])
    );

    let mut copy = replica(2);
    let remade = copy.remade(&graph(&live, imported), &remakes);
    assert_eq!(remade.message, "导入; 改时间");
    assert_eq!(
        remade.of,
        remakes.iter().map(|one| one.of).collect::<Vec<_>>()
    );
    assert_eq!(remade.time, 2_000);
    copy.edit(&remade.edits, &remade.message, remade.time)
        .unwrap();
    assert_eq!(copy.view(), live.view());
}

/// Whoever put another map in the place of the collection's is found out later; what was written in it is not lost.
#[test]
fn what_was_written_in_a_map_that_somebody_swapped_is_read() {
    let mut live = replica(1);
    let mut forger = live.automerge().fork();
    let mut transaction = forger.transaction();
    transaction
        .put_object(ROOT, "shifts", ObjType::Map)
        .unwrap();
    let forged = transaction.commit().0.unwrap();
    live.apply(forger.get_changes(&[])).unwrap();
    let edits = [set(shift(1, "孙平").id, "note", "顶班")];
    edit(&mut live, &edits, "", 1);
    let remakes = read(&live, forged, 1);
    assert_eq!(remakes.last().unwrap().edits, edits);
}

#[test]
fn of_a_field_the_last_is_made_and_nothing_newer_is_taken_back() {
    let mut live = replica(1);
    let record = shift(1, "孙平").id;
    let first = edit(
        &mut live,
        &[set(record, "note", "一"), set(record, "post", "一")],
        "",
        10,
    );
    let second = edit(&mut live, &[set(record, "note", "二")], "", 20);
    let remakes = read(&live, first, 1);

    let graph = graph(&live, first);
    let mut sound = replica(2);
    let written = |live: &mut LiveDocument| {
        let remade = live.remade(&graph, &remakes);
        assert_eq!(remade.of, [first, second]);
        live.edit(&remade.edits, "", remade.time).unwrap();
        let entry = live.view().entry(Collection::Shifts, record).unwrap();
        let field = |name: &str| entry.fields().get(name).unwrap().to_string();
        (field("note"), field("post"))
    };
    let all = ("二".to_owned(), "一".to_owned());
    assert_eq!(written(&mut sound.clone()), all);
    // Somebody has written the fields since the first, and before the second.
    let theirs = [set(record, "note", "别人"), set(record, "post", "别人")];
    edit(&mut sound, &theirs, "", 15);
    let newer = ("二".to_owned(), "别人".to_owned());
    assert_eq!(written(&mut sound), newer);
}

/// Who knew of a value has written on top of it, whatever a clock said of it.
#[test]
fn a_clock_that_is_ahead_takes_nothing_back() {
    let (mut live, mut sound) = (replica(1), replica(2));
    let record = shift(1, "孙平").id;
    edit(&mut sound, &[set(record, "note", "钟快了")], "", i64::MAX);
    pull(&mut live, &sound);
    let ground = edit(&mut live, &[set(record, "post", "一")], "", 10);
    edit(&mut live, &[set(record, "note", "改正")], "", 20);
    let remade = sound.remade(&graph(&live, ground), &read(&live, ground, 1));
    let expected = [set(record, "post", "一"), set(record, "note", "改正")];
    assert_eq!(remade.edits, expected);
}

/// Two authors' edits of one field are aside; whoever writes again first does not thereby come last.
#[test]
fn of_two_authors_the_later_stays() {
    let (mut live, mut other) = (replica(1), replica(2));
    let record = shift(1, "孙平").id;
    let ground = edit(&mut live, &[set(record, "note", "先")], "", 5);
    pull(&mut other, &live);
    edit(&mut other, &[set(record, "note", "后")], "", 8);
    pull(&mut live, &other);
    let graph = graph(&live, ground);
    let mut sound = replica(3);
    for number in [1, 2] {
        let remakes = Remake::read(&name(), &graph, &author(number), &|_| true);
        let remade = sound.remade(&graph, &remakes);
        sound.edit(&remade.edits, "", remade.time).unwrap();
    }
    let entry = sound.view().entry(Collection::Shifts, record).unwrap();
    assert_eq!(entry.fields().get("note").unwrap().to_string(), "后");
}

/// Whoever writes in the author's name on forged ground hides nothing of what the author wrote.
#[test]
fn objects_that_are_no_collection_hide_none() {
    let mut live = replica(1);
    let record = shift(1, "孙平").id;
    let mut forger = live.automerge.clone();
    let mut transaction = forger.transaction();
    for number in 0..50 {
        let map = transaction
            .put_object(ROOT, format!("{number}"), ObjType::Map)
            .unwrap();
        transaction.put(&map, record.key("note"), "x").unwrap();
    }
    let forged = transaction.commit().0.unwrap();
    live.automerge = forger;
    edit(&mut live, &[set(record, "note", "顶班")], "", 1);
    let remakes = read(&live, forged, 1);
    assert_eq!(remakes.len(), 1);
    assert_eq!(remakes[0].edits, [set(record, "note", "顶班")]);
}

/// A million operations that a few bytes claim leave as many edits as there are fields.
#[test]
fn what_is_claimed_by_runs_takes_no_memory() {
    let mut live = replica(1);
    let record = shift(1, "孙平").id;
    let map = live.maps.get(Collection::Shifts).unwrap().clone();
    let mut forger = live.automerge.clone();
    let mut transaction = forger.transaction();
    let long = "n".repeat(1 << 20);
    for _ in 0..2_000 {
        transaction.put(&map, record.key("note"), "x").unwrap();
    }
    for _ in 0..2_000 {
        transaction.put(&map, record.key(&long), "x").unwrap();
    }
    let forged = transaction.commit().0.unwrap();
    live.automerge = forger;
    let remakes = read(&live, forged, 1);
    assert_eq!(remakes[0].edits, [set(record, "note", "x")]);
}
