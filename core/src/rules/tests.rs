//! Goal: each rule finds what it should and nothing else, says it in words a person at a station understands, and offers repairs that
//! repair.
//!
//! Method: documents written as small tables; findings shown as text and compared as a whole; each repair applied and looked at again.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::collections::BTreeMap;

use automerge::ChangeHash;
use jiff::civil::DateTime;

use super::*;
use crate::document::{FieldConflict, LateEdit, Name, SiteKey, Writing};
use crate::records::{Collection, Edit, Entry, Person, Post, RecordId, Site, Value, View};

/// Documents as a replica holds them.
#[derive(Default, Clone)]
struct Replica {
    views: BTreeMap<Name, View>,
    conflicts: BTreeMap<Name, Vec<FieldConflict>>,
    late_edits: BTreeMap<Name, Vec<LateEdit>>,
}

fn key(text: &str) -> SiteKey {
    text.parse().unwrap()
}

fn now() -> DateTime {
    "2026-12-05T09:30".parse().unwrap()
}

fn roster(site: &str, month: &str) -> Name {
    Name::Roster {
        site: key(site),
        month: month.parse().unwrap(),
    }
}

/// The id of the shift numbered `n`.
fn id(n: u8) -> RecordId {
    RecordId::new(0, [n; 10])
}

impl Replica {
    /// Two sites, their posts and their people.
    fn new() -> Self {
        let mut replica = Self::default();
        for (site, name, hours) in [
            ("keyun", "城市客运共享职工之家", "00:00-24:00"),
            ("jiefang-1", "解放区快递驿站", "07:00-22:00"),
        ] {
            let record = Site::id_of(&key(site));
            let fields = [
                ("key", site),
                ("name", name),
                ("level", "station"),
                ("hours", hours),
            ];
            replica.set(&Name::Sites, Collection::Sites, record, &fields);
        }
        for (site, name, phone) in [
            ("keyun", "孙平", "10040886753"),
            ("jiefang-1", "李超", "10099385437"),
            ("jiefang-1", "郑洋", "10029968492"),
        ] {
            replica.person(site, name, phone, "");
        }
        replica
    }

    fn person(&mut self, site: &str, name: &str, phone: &str, distinct: &str) -> RecordId {
        let record = Person::id_of_row(&key(site), name, distinct);
        let document = Name::People { site: key(site) };
        let fields = [
            ("site", site),
            ("name", name),
            ("role", "staff"),
            ("phone", phone),
        ];
        self.set(&document, Collection::Persons, record, &fields);
        record
    }

    fn set(
        &mut self,
        document: &Name,
        collection: Collection,
        record: RecordId,
        fields: &[(&str, &str)],
    ) {
        let edits: Vec<Edit> = fields
            .iter()
            .map(|(field, value)| Edit::set(document, collection, record, field, *value))
            .collect();
        self.apply(&edits);
    }

    fn apply(&mut self, edits: &[Edit]) {
        for edit in edits {
            let (collection, record, field) = edit.place();
            let view = self.views.entry(edit.document().clone()).or_default();
            let mut fields = view
                .entry(collection, record)
                .map(|entry| entry.fields().clone())
                .unwrap_or_default();
            match edit.value() {
                Some(value) => fields.insert(field.to_owned(), value.clone()),
                None => fields.remove(field),
            };
            view.put(
                collection,
                record,
                Some(Entry::new(collection, record, fields)),
            );
        }
    }

    /// Adds the shift numbered `n`; `start` and `end` are in December 2026 unless they name a month.
    fn shift(
        &mut self,
        site: &str,
        n: u8,
        name: &str,
        post: &str,
        start: &str,
        end: &str,
    ) -> &mut Self {
        let full = |at: &str| {
            if at.len() > 8 {
                at.to_owned()
            } else {
                format!("2026-12-{at}")
            }
        };
        let (start, end) = (full(start), full(end));
        let document = roster(site, &start[..7]);
        let fields = [
            ("site", site),
            ("name", name),
            ("post", post),
            ("start", &start),
            ("end", &end),
            ("state", "planned"),
        ];
        self.set(&document, Collection::Shifts, id(n), &fields);
        self
    }

    fn set_shift(&mut self, site: &str, n: u8, field: &str, value: &str) -> &mut Self {
        self.set(
            &roster(site, "2026-12"),
            Collection::Shifts,
            id(n),
            &[(field, value)],
        );
        self
    }

    fn findings(&self) -> Findings {
        let mut holdings = Holdings::new(now());
        for (name, view) in &self.views {
            let conflicts = self.conflicts.get(name).cloned().unwrap_or_default();
            let late_edits = self.late_edits.get(name).cloned().unwrap_or_default();
            holdings.add_view(name.clone(), view, conflicts, late_edits);
        }
        findings(&holdings, None)
    }

    /// Each finding's text in Chinese with the labels of its repairs; every repair that edits does away with it.
    fn shown(&self) -> Vec<String> {
        let found = self.findings();
        let mut out = Vec::new();
        for finding in &found.findings {
            out.push(format!("{:?} {}", finding.severity, finding.text.zh));
            for repair in &finding.repairs {
                out.push(format!("  {}", repair.label.zh));
                let mut repaired = self.clone();
                repaired.apply(&repair.edits);
                repaired.conflicts.clear();
                repaired.late_edits.clear();
                let left = repaired.findings();
                assert!(
                    left.findings.iter().all(|left| left.id != finding.id),
                    "{} does not repair {}",
                    repair.label.zh,
                    finding.text.zh
                );
            }
        }
        out
    }

    fn english(&self) -> Vec<String> {
        let found = self.findings().findings.into_iter();
        found
            .flat_map(|finding| {
                let labels = finding
                    .repairs
                    .into_iter()
                    .map(|repair| format!("  {}", repair.label.en));
                std::iter::once(finding.text.en)
                    .chain(labels)
                    .collect::<Vec<_>>()
            })
            .collect()
    }
}

#[test]
fn a_sound_roster_has_no_findings() {
    let mut replica = Replica::new();
    replica
        .shift("jiefang-1", 1, "李超", "前台", "03T08:00", "03T14:00")
        .shift("jiefang-1", 2, "李超", "值守", "03T14:00", "03T20:00")
        .shift("jiefang-1", 3, "李超", "热线", "03T20:00", "04T08:00")
        .shift("jiefang-1", 4, "李 超", "前台", "04T08:00", "04T14:00")
        .shift("keyun", 5, "孙平", "值守", "03T22:00", "04T06:00");
    assert_eq!(replica.shown(), [""; 0]);
}

#[test]
fn a_person_on_two_shifts_at_once_is_found() {
    let mut replica = Replica::new();
    replica
        .shift("jiefang-1", 1, "李超", "前台", "03T08:00", "03T14:00")
        .shift("jiefang-1", 2, "李超", "值守", "03T12:00", "03T20:00");
    assert_eq!(
        replica.shown(),
        [
            "Error 李超 同一时间有两个班：12月3日 08:00–14:00 前台（解放区快递驿站），与 12月3日 12:00–20:00 值守（解放区快递驿站）",
            "  把 12月3日 08:00–14:00 前台（解放区快递驿站） 改为 08:00–12:00",
            "  移除 12月3日 12:00–20:00 值守（解放区快递驿站）",
            "  移除 12月3日 08:00–14:00 前台（解放区快递驿站）",
            "  12月3日 12:00–20:00 值守（解放区快递驿站） 由别人顶班，标为已调班",
            "  12月3日 08:00–14:00 前台（解放区快递驿站） 由别人顶班，标为已调班",
        ]
    );
    assert_eq!(
        replica.english(),
        [
            "李超 is on two shifts at once: 3 Dec 08:00–14:00 前台 (解放区快递驿站) and 3 Dec 12:00–20:00 值守 (解放区快递驿站)",
            "  make 3 Dec 08:00–14:00 前台 (解放区快递驿站) 08:00–12:00",
            "  remove 3 Dec 12:00–20:00 值守 (解放区快递驿站)",
            "  remove 3 Dec 08:00–14:00 前台 (解放区快递驿站)",
            "  someone else takes 3 Dec 12:00–20:00 值守 (解放区快递驿站): mark it swapped",
            "  someone else takes 3 Dec 08:00–14:00 前台 (解放区快递驿站): mark it swapped",
        ]
    );
    for (field, value) in [
        ("state", "swapped"),
        ("state", "absent"),
        ("removed_at", "2026-12-01T08:00"),
    ] {
        let mut replica = replica.clone();
        replica.set_shift("jiefang-1", 1, field, value);
        assert_eq!(replica.shown(), [""; 0], "{value}");
    }
}

#[test]
fn overlaps_are_found_across_sites_and_months() {
    let mut replica = Replica::new();
    replica
        .shift(
            "keyun",
            1,
            "孙平",
            "热线",
            "2026-11-30T20:00",
            "2026-12-01T08:00",
        )
        .shift("jiefang-1", 2, "孙平", "前台", "01T07:00", "01T14:00")
        .set_shift("jiefang-1", 2, "lent_by", "keyun");
    let shown = replica.shown();
    assert_eq!(
        shown[0],
        "Error 孙平 同一时间有两个班：11月30日 20:00–次日08:00 热线（城市客运共享职工之家），与 12月1日 07:00–14:00 前台（解放区快递驿站）"
    );
    let finding = &replica.findings().findings[0];
    assert!(
        finding.concerns("2026-11".parse().unwrap())
            && finding.concerns("2026-12".parse().unwrap())
    );
    assert!(!finding.concerns("2027-01".parse().unwrap()));

    // Also where the people are not held: the ids that an import gives are those of their names.
    let mut bare = replica.clone();
    bare.views
        .retain(|name, _| !matches!(name, Name::People { .. }));
    assert_eq!(bare.findings().findings[0].id, finding.id);
    let sun = Person::id_of_row(&key("keyun"), "孙平", "").to_string();
    bare.set_shift("jiefang-1", 2, "person", &sun);
    assert_eq!(bare.findings().findings[0].id, finding.id);

    // A namesake of another site is somebody else.
    replica.set_shift("jiefang-1", 2, "lent_by", "");
    assert!(
        replica
            .findings()
            .findings
            .iter()
            .all(|finding| finding.rule != Rule::Overlap)
    );
}

#[test]
fn a_shift_entered_twice_and_a_crowd_are_one_finding_each() {
    let mut replica = Replica::new();
    replica
        .shift("jiefang-1", 1, "李超", "前台", "03T08:00", "03T14:00")
        .shift("jiefang-1", 2, "李超", "前台", "03T08:00", "03T14:00");
    let found = replica.findings();
    assert_eq!(
        found.findings[0].text.zh,
        "李超 的同一个班登记了两次：12月3日 08:00–14:00 前台（解放区快递驿站）"
    );
    for n in 3..200 {
        replica.shift("jiefang-1", n, "李超", "前台", "03T08:00", "03T14:00");
    }
    let found = replica.findings();
    assert_eq!(
        (found.findings.len(), found.findings[0].records.len()),
        (1, 199)
    );
}

#[test]
fn a_shift_that_ends_before_it_starts_is_found() {
    let mut replica = Replica::new();
    replica
        .shift("jiefang-1", 1, "李超", "前台", "03T14:00", "03T08:00")
        .shift("jiefang-1", 2, "郑洋", "前台", "03T14:00", "02T20:00")
        .shift("jiefang-1", 3, "郑洋", "前台", "04T14:00", "04T14:00");
    assert_eq!(
        replica
            .findings()
            .findings
            .iter()
            .map(|f| f.text.zh.as_str())
            .collect::<std::collections::BTreeSet<_>>(),
        [
            "李超 的前台（解放区快递驿站）结束早于开始：12月3日 14:00 开始，12月3日 08:00 结束",
            "郑洋 12月4日 的前台（解放区快递驿站）开始和结束都是 14:00",
            "郑洋 的前台（解放区快递驿站）结束早于开始：12月3日 14:00 开始，12月2日 20:00 结束",
        ]
        .into()
    );
    let labels = |n: u8| {
        let found = replica.findings();
        let finding = found
            .findings
            .into_iter()
            .find(|f| f.records[0].record == id(n))
            .unwrap();
        finding
            .repairs
            .into_iter()
            .map(|r| r.label.zh)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        labels(1),
        [
            "改为 14:00–次日08:00",
            "开始和结束对调：08:00–14:00",
            "移除这个班"
        ]
    );
    assert_eq!(labels(2), ["改为 14:00–20:00", "移除这个班"]);
    assert_eq!(labels(3), ["改为 14:00–次日14:00", "移除这个班"]);
}

#[test]
fn shifts_outside_the_hours_are_found_once_for_a_pattern() {
    let mut replica = Replica::new();
    for n in 1..=9 {
        let (start, end) = (format!("0{n}T14:00"), format!("0{n}T23:00"));
        replica.shift("jiefang-1", n, "李超", "值守", &start, &end);
    }
    replica
        .shift("jiefang-1", 20, "郑洋", "夜间热线", "03T20:00", "04T08:00")
        .shift("jiefang-1", 21, "郑洋", "前台", "05T06:00", "05T08:00")
        .shift("keyun", 22, "孙平", "值守", "03T22:00", "04T06:00");
    assert_eq!(
        replica.shown(),
        [
            "Warning 解放区快递驿站的值守 14:00–23:00 在开放时间（07:00-22:00）之外，共9班：12月1日、12月2日、12月3日、12月4日、12月5日 等9班",
            "  “值守”不受开放时间限制（所有站点）",
            "Warning 郑洋 12月5日 06:00–08:00 的前台在解放区快递驿站开放时间（07:00-22:00）之外",
            "  “前台”不受开放时间限制（所有站点）",
            "  移除这个班",
        ]
    );
    assert_eq!(
        replica.english()[0],
        "值守 at 解放区快递驿站, 14:00–23:00, is outside the hours (07:00-22:00) on 9 shifts: 1 Dec, 2 Dec, 3 Dec, 4 Dec, 5 Dec and 4 more"
    );
    // A record of the post decides, in either direction.
    let mut decided = replica.clone();
    decided.apply(&[
        Edit::set(
            &Name::Sites,
            Collection::Posts,
            Post::id_of("夜间热线"),
            "name",
            "夜间热线",
        ),
        Edit::set(
            &Name::Sites,
            Collection::Posts,
            Post::id_of("夜间热线"),
            "any_hours",
            false,
        ),
    ]);
    assert_eq!(decided.findings().findings.len(), 3);
    // Without the directory nothing is known of hours, and that is said.
    replica.views.remove(&Name::Sites);
    let found = replica.findings();
    assert_eq!(found.findings, []);
    let missing: Vec<&str> = found
        .not_checked
        .iter()
        .map(|n| n.text.zh.as_str())
        .collect();
    assert!(missing.contains(&"没有核对开放时间：本机没有站点名录"));
}

#[test]
fn a_name_that_nobody_has_is_found_once() {
    let mut replica = Replica::new();
    replica
        .shift("jiefang-1", 1, "路人甲", "前台", "03T08:00", "03T14:00")
        .shift("jiefang-1", 2, "路人甲", "值守", "04T14:00", "04T20:00")
        .shift("jiefang-1", 3, "孙平", "前台", "05T08:00", "05T14:00");
    assert_eq!(
        replica.shown(),
        [
            "Warning “路人甲”不在解放区快递驿站的人员里：12月3日 前台、12月4日 值守",
            "  把路人甲加入解放区快递驿站的人员",
            "Warning “孙平”不在解放区快递驿站的人员里：12月5日 前台",
            "  是城市客运共享职工之家借调来的孙平",
            "  把孙平加入解放区快递驿站的人员",
        ]
    );
    // Somebody who was removed comes back.
    let li = Person::id_of_row(&key("jiefang-1"), "李超", "");
    let people = Name::People {
        site: key("jiefang-1"),
    };
    let mut replica = Replica::new();
    replica.shift("jiefang-1", 1, "李超", "前台", "03T08:00", "03T14:00");
    replica.apply(&[Edit::remove(&people, Collection::Persons, li, now())]);
    assert_eq!(replica.shown().len(), 2);
    // Where the people are not held, nobody is unknown.
    replica.views.remove(&people);
    let found = replica.findings();
    assert_eq!(found.findings, []);
    let missing: Vec<&str> = found
        .not_checked
        .iter()
        .map(|n| n.text.zh.as_str())
        .collect();
    assert!(
        missing.contains(&"没有核对姓名：本机没有这些站点的人员：解放区快递驿站"),
        "{missing:?}"
    );
}

#[test]
fn namesakes_are_asked_about() {
    let mut replica = Replica::new();
    let first = replica.person("jiefang-1", "王伟", "13800001111", "13800001111");
    replica.person("jiefang-1", "王伟", "13900002222", "13900002222");
    replica
        .shift("jiefang-1", 1, "王伟", "前台", "03T08:00", "03T14:00")
        .shift("jiefang-1", 2, "王伟", "值守", "03T08:00", "03T14:00");
    let shown = replica.shown();
    assert_eq!(
        shown[0],
        "Warning 解放区快递驿站有2位“王伟”，不知是哪一位：12月3日 前台、12月3日 值守"
    );
    assert_eq!(shown[1], "  是电话 13800001111 的王伟（员工）");
    assert_eq!(shown.len(), 3, "two people may be on two shifts at once");
    replica.set_shift("jiefang-1", 1, "person", &first.to_string());
    replica.set_shift("jiefang-1", 2, "person", &first.to_string());
    assert_eq!(replica.findings().findings[0].rule, Rule::Overlap);
    // One person entered twice is one person.
    let mut twice = Replica::new();
    twice.person("jiefang-1", "李超", "100 9938 5437", "x");
    twice.shift("jiefang-1", 1, "李超", "前台", "03T08:00", "03T14:00");
    assert_eq!(twice.shown(), [""; 0]);
}

#[test]
fn a_key_that_is_no_sites_is_found_once() {
    let mut replica = Replica::new();
    replica
        .shift("macun-9", 1, "甲", "前台", "03T08:00", "03T14:00")
        .shift("macun-9", 2, "乙", "前台", "04T08:00", "04T14:00")
        .shift("jiefang-1", 3, "丙", "前台", "04T08:00", "04T14:00")
        .set_shift("jiefang-1", 3, "lent_by", "macun-9");
    assert_eq!(
        replica.shown(),
        [
            "Warning 站点名录里没有“macun-9”，却用到了它：2026年12月的排班、2026年12月的排班里借调的丙"
        ]
    );
    let site = Site::id_of(&key("jiefang-1"));
    replica.apply(&[Edit::remove(&Name::Sites, Collection::Sites, site, now())]);
    let shown = replica.shown();
    assert!(
        shown.contains(&"  恢复已移除的站点“解放区快递驿站”".to_owned()),
        "{shown:?}"
    );
}

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
    let mut replica = Replica::new();
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
    // What an import of the same file put beside an edit is only worth a notice.
    replica.set_shift(
        "jiefang-1",
        1,
        "imported",
        "end 2026-12-03T14:00\nnote 顶班",
    );
    let mut only = conflict("note", "改了", Some("顶班"));
    only.others.truncate(1);
    replica
        .conflicts
        .insert(document.clone(), vec![only.clone()]);
    assert!(replica.shown()[0].starts_with("Notice "));
    std::mem::swap(&mut only.winner, &mut only.others[0]);
    replica.conflicts.insert(document, vec![only]);
    assert!(
        replica.shown()[0].starts_with("Warning "),
        "the edit is the one that is not shown"
    );
}

#[test]
fn an_edit_of_a_removed_record_is_found() {
    let mut replica = Replica::new();
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
    let mut replica = Replica::new();
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
fn what_was_not_compared_is_said() {
    let mut replica = Replica::new();
    replica.shift("jiefang-1", 1, "李超", "前台", "03T08:00", "03T14:00");
    let found = replica.findings();
    let shown: Vec<String> = found
        .not_checked
        .iter()
        .map(|missing| {
            let names: Vec<String> = missing.documents.iter().map(ToString::to_string).collect();
            format!("{} ({})", missing.text.en, names.join(" "))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "2 rosters of the months before and after not compared: not held here (roster/jiefang-1/2026-11 roster/jiefang-1/2027-01)",
            "1 roster of other sites not compared: not held here (roster/keyun/2026-12)",
        ]
    );
    let mut holdings = Holdings::new(now());
    for (name, view) in &replica.views {
        holdings.add_view(name.clone(), view, Vec::new(), Vec::new());
    }
    holdings.add_empty(roster("jiefang-1", "2026-11"));
    holdings.add_empty(roster("jiefang-1", "2027-01"));
    assert_eq!(findings(&holdings, None).not_checked.len(), 1);
    holdings.add_nothing_else();
    assert_eq!(findings(&holdings, None).not_checked, []);
}

#[test]
fn ids_do_not_depend_on_order_or_place() {
    let mut one = Replica::new();
    one.shift("jiefang-1", 1, "李超", "前台", "03T08:00", "03T14:00")
        .shift("jiefang-1", 2, "李超", "值守", "03T12:00", "03T20:00");
    let mut other = Replica::new();
    other
        .shift("jiefang-1", 2, "李超", "前台", "03T08:00", "03T14:00")
        .shift("jiefang-1", 1, "李超", "值守", "03T12:00", "03T20:00");
    let id = one.findings().findings[0].id;
    assert_eq!(id, other.findings().findings[0].id);
    // Written down: a finding that someone has dealt with must not come back under another id.
    assert_eq!(id.to_string(), "317fb532-884a-5699-b827-04212479fbbf");
}
