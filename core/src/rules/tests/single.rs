//! What is wrong with one record: conflicts, late edits, fields that cannot be read.

use automerge::ChangeHash;

use super::super::replica::roster;
use super::{Case, id};
use crate::document::{FieldConflict, LateEdit, Writing};
use crate::records::{Collection, Value};

fn writing(value: Option<&str>, author: Option<&str>) -> Writing {
    Writing {
        value: value.map(Value::from),
        author: author.map(|author| author.parse().unwrap()),
        time: 1_764_000_000,
        change: ChangeHash([0; 32]),
    }
}

#[test]
fn a_conflict_says_both_values_and_both_authors() {
    let mut replica = Case::new();
    replica.shift("jiefang-1", 1, "李超", "前台", "03T08:00", "03T14:00");
    let document = roster("jiefang-1", "2026-12");
    let conflict = |field: &str, winner: &str, other: Option<&str>| FieldConflict {
        collection: Collection::Shifts,
        record: id(1),
        field: field.to_owned(),
        winner: writing(Some(winner), Some("jiefang-1/王芳")),
        others: vec![writing(other, None), writing(Some("c"), Some("someone"))],
    };
    replica.conflicts.insert(
        document.clone(),
        vec![
            conflict("state", "confirmed", Some("absent")),
            conflict("imported", "a", Some("b")),
            conflict("removed_at", "2026-12-01T08:00", Some("2026-12-01T09:00")),
        ],
    );
    assert_eq!(
        replica.shown(),
        [
            "Warning 班次“李超 12月3日 08:00–14:00 前台（解放区快递驿站）”的“状态”被同时改成不同的值：现为“已确认”（王芳（解放区快递驿站）），另有“缺勤”（佚名）、“c”（someone）",
            "  保留“已确认”",
            "  改用“缺勤”",
            "  改用“c”",
        ]
    );
    assert_eq!(
        replica.english()[0],
        "state of shift 李超 3 Dec 08:00–14:00 前台 (解放区快递驿站) was set to different values at once: now \"confirmed\" by 王芳 (解放区快递驿站), else \"absent\" by someone unnamed, \"c\" by someone"
    );
}

#[test]
fn an_edit_of_a_removed_record_is_found() {
    let mut replica = Case::new();
    replica
        .shift("jiefang-1", 1, "李超", "前台", "03T08:00", "03T14:00")
        .set_shift("jiefang-1", 1, "removed_at", "2026-12-01T08:00");
    let late = LateEdit {
        collection: Collection::Shifts,
        record: id(1),
        removal: writing(Some("2026-12-01T08:00"), Some("keyun/孙平")),
        edits: vec![
            ("imported".to_owned(), writing(Some("x"), None)),
            (
                "end".to_owned(),
                writing(Some("2026-12-03T15:00"), Some("jiefang-1/李超")),
            ),
        ],
    };
    replica
        .late_edits
        .insert(roster("jiefang-1", "2026-12"), vec![late]);
    assert_eq!(
        replica.shown(),
        [
            "Warning 班次“李超 12月3日 08:00–14:00 前台（解放区快递驿站）”已由孙平（城市客运共享职工之家）移除，李超（解放区快递驿站）却又改了它：结束＝12月3日 15:00",
            "  恢复这条记录，保留修改",
            "  仍然移除",
        ]
    );
}

#[test]
fn fields_that_cannot_be_read_are_found() {
    let mut replica = Case::new();
    replica
        .shift("jiefang-1", 1, "李超", "前台", "03T08:00", "03T14:00")
        .set_shift("jiefang-1", 1, "start", "早上")
        .set_shift("jiefang-1", 1, "post", "");
    assert_eq!(
        replica.shown(),
        [
            "Error 班次“李超 —（解放区快递驿站）”读不全：缺“岗位”、“开始”是“早上”，应为形如 2026-12-03T08:00 的时间",
            "  移除这条记录",
        ]
    );
}

#[test]
fn messages_repeat_texts_on_one_line_and_not_at_length() {
    let mut replica = Case::new();
    let long = format!("\u{1b}[31m路人\n{}", "甲".repeat(5_000));
    replica.shift("jiefang-1", 1, &long, "\t", "03T08:00", "03T14:00");
    for line in replica.shown() {
        assert!(
            line.chars().count() < 400 && !line.contains(char::is_control),
            "{line}"
        );
    }
}
