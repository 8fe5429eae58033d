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

mod asked;
mod inbox;
mod matrix;
mod mediation;
mod merging;
mod names;
mod school;
mod single;

use std::collections::BTreeMap;

use super::replica::{Replica, key, now, roster};
use super::*;
use crate::document::{FieldConflict, LateEdit, Name};
use crate::records::{Collection, Edit, Person, Post, RecordId, Site};

/// A replica, and what the rules are told of documents beside what they hold.
#[derive(Clone)]
struct Case {
    replica: Replica,
    conflicts: BTreeMap<Name, Vec<FieldConflict>>,
    late_edits: BTreeMap<Name, Vec<LateEdit>>,
}

/// The id of the shift numbered `n`.
fn id(n: u8) -> RecordId {
    RecordId::new(0, [n; 10])
}

impl Case {
    /// Two sites, their posts and their people.
    fn new() -> Self {
        let mut replica = Self {
            replica: Replica::numbered(1),
            conflicts: BTreeMap::new(),
            late_edits: BTreeMap::new(),
        };
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
        self.replica.set(document, collection, record, fields);
    }

    fn apply(&mut self, edits: &[Edit]) {
        self.replica.apply(edits);
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
        holdings.set_network("jiaozuo".parse().unwrap());
        for (name, document) in &self.replica.documents {
            let conflicts = self.conflicts.get(name).cloned().unwrap_or_default();
            let late_edits = self.late_edits.get(name).cloned().unwrap_or_default();
            holdings.add_view(name.clone(), document.view(), conflicts, late_edits);
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
    let mut replica = Case::new();
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
    let mut replica = Case::new();
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
    let mut replica = Case::new();
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
    bare.replica
        .documents
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
    let mut replica = Case::new();
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
    let mut replica = Case::new();
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
    let mut replica = Case::new();
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
            "Warning 解放区快递驿站的值守 14:00–23:00 在开放时间（07:00-22:00）之外，共9班：12月1日至12月9日",
            "  “值守”不受开放时间限制（所有站点）",
            "Warning 郑洋 12月5日 06:00–08:00 的前台在解放区快递驿站开放时间（07:00-22:00）之外",
            "  “前台”不受开放时间限制（所有站点）",
            "  移除这个班",
        ]
    );
    assert_eq!(
        replica.english()[0],
        "值守 at 解放区快递驿站, 14:00–23:00, is outside the hours (07:00-22:00) on 9 shifts: 1 Dec to 9 Dec"
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
    replica.replica.documents.remove(&Name::Sites);
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
fn what_was_not_compared_is_said() {
    let mut replica = Case::new();
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
    for document in replica.replica.documents.values() {
        holdings.add(document);
    }
    holdings.add_empty(roster("jiefang-1", "2026-11"));
    holdings.add_empty(roster("jiefang-1", "2027-01"));
    assert_eq!(findings(&holdings, None).not_checked.len(), 1);
    holdings.add_nothing_else();
    assert_eq!(findings(&holdings, None).not_checked, []);
}

#[test]
fn ids_do_not_depend_on_order_or_place() {
    let mut one = Case::new();
    one.shift("jiefang-1", 1, "李超", "前台", "03T08:00", "03T14:00")
        .shift("jiefang-1", 2, "李超", "值守", "03T12:00", "03T20:00");
    let mut other = Case::new();
    other
        .shift("jiefang-1", 2, "李超", "前台", "03T08:00", "03T14:00")
        .shift("jiefang-1", 1, "李超", "值守", "03T12:00", "03T20:00");
    let id = one.findings().findings[0].id;
    assert_eq!(id, other.findings().findings[0].id);
    // Written down: a finding that someone has dealt with must not come back under another id.
    assert_eq!(id.to_string(), "317fb532-884a-5699-b827-04212479fbbf");
}

#[test]
fn a_rule_is_written_as_its_name_and_no_two_are_alike() {
    let names: std::collections::BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.as_str()).collect();
    assert_eq!(names.len(), Rule::ALL.len());
    for rule in Rule::ALL {
        assert_eq!(serde_json::to_value(rule).unwrap(), rule.as_str());
    }
}
