//! Names of people and keys of sites that nobody has, or several.

use super::super::Rule;
use super::super::replica::{key, now};
use super::Case;
use crate::document::Name;
use crate::records::{Collection, Edit, Person, Site};

#[test]
fn a_name_that_nobody_has_is_found_once() {
    let mut replica = Case::new();
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
    let mut replica = Case::new();
    replica.shift("jiefang-1", 1, "李超", "前台", "03T08:00", "03T14:00");
    replica.apply(&[Edit::remove(&people, Collection::Persons, li, now())]);
    assert_eq!(replica.shown().len(), 2);
    // Where the people are not held, nobody is unknown.
    replica.replica.documents.remove(&people);
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
    let mut replica = Case::new();
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
    let mut twice = Case::new();
    twice.person("jiefang-1", "李超", "100 9938 5437", "x");
    twice.shift("jiefang-1", 1, "李超", "前台", "03T08:00", "03T14:00");
    assert_eq!(twice.shown(), [""; 0]);
}

#[test]
fn a_key_that_is_no_sites_is_found_once() {
    let mut replica = Case::new();
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
