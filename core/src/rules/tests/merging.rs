//! Goal: after a merge, replicas say the same, and what they say can be settled by the repairs that they offer.
//!
//! Method: replicas that edit apart and then exchange their changes, in chosen and in random orders.

use proptest::prelude::*;

use super::super::replica::{Replica, key, roster};
use super::super::{Finding, Rule};
use crate::document::Name;
use crate::import::{Row, Table, plan_people, plan_roster};
use crate::records::{Collection, RecordId, Shift};

const PEOPLE: &str = "site,name,phone\njiefang-1,李超,10099385437\njiefang-1,郑洋,10029968492";
const ROSTER: &str = "日期,姓名,岗位,开始,结束,备注
2026-12-01,李超,前台,08:00,14:00,顶班
2026-12-02,郑洋,前台,08:00,14:00,
2026-12-03,李超,值守,14:00,20:00,";

fn table(text: &str) -> Table {
    let row = |(index, line): (usize, &str)| Row {
        line: index + 1,
        cells: line.split(',').map(str::to_owned).collect(),
    };
    Table {
        file: "f.csv".to_owned(),
        sheet: None,
        rows: text.lines().enumerate().map(row).collect(),
    }
}

fn document() -> Name {
    roster("jiefang-1", "2026-12")
}

fn import(replica: &mut Replica) {
    let people = plan_people(&table(PEOPLE), None, &replica.held()).unwrap();
    replica.apply(&people.edits);
    let month = "2026-12".parse().unwrap();
    let shifts = plan_roster(
        &table(ROSTER),
        month,
        Some(&key("jiefang-1")),
        &replica.held(),
    );
    replica.apply(&shifts.unwrap().edits);
}

fn shifts(replica: &Replica) -> Vec<&Shift> {
    let mut shifts: Vec<&Shift> = replica.view(&document()).shifts().collect();
    shifts.sort_by_key(|shift| (shift.start, shift.id));
    shifts
}

fn set(replica: &mut Replica, shift: RecordId, field: &str, value: &str) {
    replica.set(&document(), Collection::Shifts, shift, &[(field, value)]);
}

fn of_rule(replica: &Replica, rule: Rule) -> Vec<Finding> {
    let found = replica.findings(None).findings.into_iter();
    found.filter(|finding| finding.rule == rule).collect()
}

#[test]
fn two_offline_imports_of_one_file_leave_every_edit_and_no_conflict() {
    let (mut one, mut two) = (Replica::numbered(1), Replica::numbered(2));
    for replica in [&mut one, &mut two] {
        import(replica);
    }
    let ids: Vec<RecordId> = shifts(&one).iter().map(|shift| shift.id).collect();
    set(&mut one, ids[0], "note", "换人");
    set(&mut one, ids[0], "note", "再换人");
    set(&mut two, ids[0], "state", "confirmed");
    set(&mut two, ids[1], "end", "2026-12-02T15:00");
    one.merge(&mut two);
    for replica in [&one, &two] {
        let shifts = shifts(replica);
        assert_eq!(shifts.len(), 3);
        assert_eq!(
            (shifts[0].note.as_str(), shifts[0].state.as_str()),
            ("再换人", "confirmed")
        );
        assert_eq!(shifts[1].end.hour(), 15);
        assert_eq!(replica.findings(None).findings, []);
    }
}

#[test]
fn an_edit_that_an_import_hides_is_said_and_comes_back() {
    let (mut one, mut two) = (Replica::numbered(1), Replica::numbered(2));
    import(&mut one);
    let id = shifts(&one)[0].id;
    set(&mut one, id, "note", "换人");
    // A replica that did much before it imported the file writes what wins.
    let busy = RecordId::new(1, [9; 10]);
    for n in 0..60 {
        set(&mut two, busy, "note", &n.to_string());
    }
    import(&mut two);
    one.merge(&mut two);
    assert_eq!(
        shifts(&one)
            .iter()
            .find(|shift| shift.id == id)
            .unwrap()
            .note,
        "顶班"
    );
    let found = of_rule(&one, Rule::FieldConflict);
    assert_eq!(
        found
            .iter()
            .map(|finding| finding.text.zh.as_str())
            .collect::<Vec<_>>(),
        [
            "班次“李超 12月1日 08:00–14:00 前台（jiefang-1）”的“备注”改成了“换人”（author1（keyun）），却被另一处录入的原值“顶班”（author2（keyun））盖住"
        ]
    );
    one.apply(&found[0].repairs[0].edits);
    one.merge(&mut two);
    for replica in [&one, &two] {
        assert_eq!(of_rule(replica, Rule::FieldConflict), []);
        assert_eq!(
            replica.view(&document()).get::<Shift>(id).unwrap().note,
            "换人"
        );
    }
}

#[test]
fn a_conflict_is_settled_by_either_value() {
    for choice in 0..2 {
        let (mut one, mut two) = (Replica::numbered(1), Replica::numbered(2));
        import(&mut one);
        one.merge(&mut two);
        let id = shifts(&one)[0].id;
        set(&mut one, id, "note", "改到后门");
        // Back to what the file says is a choice too.
        set(&mut two, id, "note", "带钥匙");
        set(&mut two, id, "note", "顶班");
        one.merge(&mut two);
        let (at_one, at_two) = (
            of_rule(&one, Rule::FieldConflict),
            of_rule(&two, Rule::FieldConflict),
        );
        assert_eq!(at_one.len(), 1);
        assert_eq!(at_one, at_two);
        for part in ["改到后门", "顶班", "author1", "author2"] {
            assert!(
                at_one[0].text.zh.contains(part) && at_one[0].text.en.contains(part),
                "{part}"
            );
        }
        two.apply(&at_two[0].repairs[choice].edits);
        one.merge(&mut two);
        assert_eq!(of_rule(&one, Rule::FieldConflict), []);
        assert_eq!(of_rule(&two, Rule::FieldConflict), []);
    }
}

#[test]
fn an_edit_of_a_removed_shift_is_settled_either_way() {
    for choice in 0..2 {
        let (mut one, mut two) = (Replica::numbered(1), Replica::numbered(2));
        import(&mut one);
        one.merge(&mut two);
        let id = shifts(&one)[0].id;
        set(&mut one, id, "removed_at", "2026-12-01T07:00");
        set(&mut two, id, "note", "照常上班");
        one.merge(&mut two);
        let found = of_rule(&two, Rule::LateEdit);
        assert_eq!(found, of_rule(&one, Rule::LateEdit));
        assert!(
            found[0]
                .text
                .zh
                .ends_with("已由author1（keyun）移除，author2（keyun）却又改了它：备注＝照常上班")
        );
        two.apply(&found[0].repairs[choice].edits);
        one.merge(&mut two);
        for replica in [&one, &two] {
            assert_eq!(of_rule(replica, Rule::LateEdit), []);
            let removed = replica
                .view(&document())
                .get::<Shift>(id)
                .unwrap()
                .removed_at;
            assert_eq!(removed.is_some(), choice == 1);
        }
    }
}

/// One edit of a random roster: shift, field, value.
fn edit() -> impl Strategy<Value = (u8, &'static str, String)> {
    let field = prop_oneof![
        prop::sample::select(vec!["李超", "郑洋", "路人", ""])
            .prop_map(|name| ("name", name.to_owned())),
        prop::sample::select(vec!["前台", "热线"]).prop_map(|post| ("post", post.to_owned())),
        (1..4_u8, 0..24_u8)
            .prop_map(|(day, hour)| ("start", format!("2026-12-0{day}T{hour:02}:00"))),
        (1..4_u8, 0..24_u8).prop_map(|(day, hour)| ("end", format!("2026-12-0{day}T{hour:02}:00"))),
        prop::sample::select(vec!["planned", "absent", "?"])
            .prop_map(|state| ("state", state.to_owned())),
        Just(("removed_at", "2026-12-01T07:00".to_owned())),
        prop::sample::select(vec!["keyun", "nowhere"])
            .prop_map(|site| ("lent_by", site.to_owned())),
    ];
    (0..6_u8, field).prop_map(|(shift, (field, value))| (shift, field, value))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn replicas_with_the_same_documents_say_the_same(
        edits in prop::collection::vec((0..3_usize, edit()), 1..60),
        order in prop::collection::vec(any::<prop::sample::Index>(), 8),
    ) {
        let mut replicas: Vec<Replica> = (1..4).map(Replica::numbered).collect();
        import(&mut replicas[0]);
        for (at, (shift, field, value)) in edits {
            set(&mut replicas[at], RecordId::new(1, [shift; 10]), field, &value);
        }
        // They gossip in some order, and then everyone hears everything, the last in the reverse of it.
        for index in order {
            let (from, to) = (index.index(3), index.index(7) % 3);
            let changes = replicas[from].changes();
            replicas[to].receive(changes);
        }
        let all: Vec<_> = replicas.iter().map(Replica::changes).collect();
        for changes in all.iter() {
            replicas[0].receive(changes.clone());
            replicas[1].receive(changes.clone());
        }
        for changes in all.iter().rev() {
            let backwards = changes.iter().map(|(name, changes)| {
                (name.clone(), changes.iter().rev().cloned().collect())
            });
            replicas[2].receive(backwards.collect());
        }
        let found = replicas[0].findings(None);
        prop_assert_eq!(&found, &replicas[1].findings(None));
        prop_assert_eq!(&found, &replicas[2].findings(None));
        let mut ids: Vec<_> = found.findings.iter().map(|finding| finding.id).collect();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), found.findings.len(), "ids are unique");
    }
}
