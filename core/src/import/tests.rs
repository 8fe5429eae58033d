//! Goal: what a file says becomes exactly the edits it should, once, and what cannot be understood is named where it stands.
//!
//! Method: tables written as text, imported into documents by making the planned edits.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod cases;
mod goods;
mod lists;
mod names;
mod records;

use proptest::prelude::{ProptestConfig, Strategy, any, prop, proptest};
use proptest::{prop_assert, prop_assert_eq, prop_oneof};

use super::*;
use crate::document::{Month, Name};
use crate::records::{Collection, RecordId, Shift};
use crate::rules::replica::{Replica, key, roster};

const PEOPLE: &str = "站点,姓名,角色,电话
keyun,孙平,职工,10040886753
keyun,唐国庆,志愿者,10028195259
jiefang-1,李超,staff,10099385437
jiefang-1,郑洋,staff,10029968492";

const SITES: &str = "key,name,level,parent,address,hours,amenities,phone,lat,lng
keyun,城市客运共享职工之家,home,,焦作市,07:00-22:00,books wifi,0391-7618662,35.23223,113.31299
jiefang-1,解放区快递驿站,station,keyun,焦作市解放区,07:00-22:00,charging,0391-6241542,35.22379,113.23927";

const ROSTER: &str = "日期,姓名,岗位,开始,结束,备注
2026-12-01,李超,前台,08:00,14:00,
2026-12-01,郑洋,热线,20:00,08:00,夜班补贴
2026-12-02,李超,值守,14:00,20:00,顶班";

fn table(text: &str) -> Table {
    let rows = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
        .map(|(index, line)| Row {
            line: index + 1,
            cells: line.split(',').map(str::to_owned).collect(),
        })
        .collect();
    Table {
        file: "f.csv".to_owned(),
        sheet: None,
        rows,
    }
}

impl Replica {
    fn sites(&mut self, text: &str) -> Plan {
        let plan = plan_sites(&table(text), &self.held()).unwrap();
        self.apply(&plan.edits);
        plan
    }

    fn people(&mut self, text: &str) -> Plan {
        let plan = plan_people(&table(text), None, &self.held()).unwrap();
        self.apply(&plan.edits);
        plan
    }

    fn roster(&mut self, text: &str) -> Plan {
        let site = key("jiefang-1");
        let plan = plan_roster(&table(text), month(), Some(&site), &self.held()).unwrap();
        self.apply(&plan.edits);
        plan
    }

    fn set_shift(&mut self, shift: RecordId, field: &str, value: &str) {
        let roster = roster("jiefang-1", "2026-12");
        self.set(&roster, Collection::Shifts, shift, &[(field, value)]);
    }

    fn shifts(&self) -> Vec<&Shift> {
        let view = self.view(&roster("jiefang-1", "2026-12"));
        let mut shifts: Vec<&Shift> = view.shifts().collect();
        shifts.sort_by_key(|shift| (shift.start, shift.name.clone()));
        shifts
    }
}

fn full() -> Replica {
    let mut replica = Replica::numbered(1);
    replica.sites(SITES);
    replica.people(PEOPLE);
    replica
}

fn people_of(site: &str) -> Name {
    Name::People { site: key(site) }
}

fn month() -> Month {
    "2026-12".parse().unwrap()
}

/// Added, updated, unchanged, removed, gone.
fn counts(plan: &Plan) -> [usize; 5] {
    [
        plan.added.len(),
        plan.updated.len(),
        plan.unchanged.len(),
        plan.removed.len(),
        plan.gone.len(),
    ]
}

fn zh(errors: &ImportError) -> Vec<String> {
    errors.errors.iter().map(|error| error.text().zh).collect()
}

#[test]
fn a_file_imported_twice_adds_nothing() {
    let mut replica = full();
    assert_eq!(counts(&replica.roster(ROSTER)), [3, 0, 0, 0, 0]);
    for (plan, expected) in [
        (replica.clone().roster(ROSTER), [0, 0, 3, 0, 0]),
        (replica.clone().sites(SITES), [0, 0, 2, 0, 0]),
        (replica.clone().people(PEOPLE), [0, 0, 4, 0, 0]),
    ] {
        assert_eq!(
            (plan.is_empty(), counts(&plan)),
            (true, expected),
            "{:?}",
            plan.edits
        );
    }
    let shift = replica.shifts()[1];
    assert_eq!(shift.name, "郑洋");
    assert_eq!(shift.end.to_string(), "2026-12-02T08:00:00");
    let zheng = replica
        .view(&people_of("jiefang-1"))
        .persons()
        .find(|p| p.name == "郑洋")
        .unwrap();
    assert_eq!(shift.person, Some(zheng.id));
    for (name, document) in &replica.documents {
        let view = document.view();
        for collection in [Collection::Sites, Collection::Persons, Collection::Shifts] {
            assert!(
                view.entries(collection)
                    .all(|entry| entry.problems().is_empty()),
                "{name}"
            );
        }
    }
}

#[test]
fn replicas_that_hold_different_things_make_the_same_records() {
    let mut bare = Replica::numbered(1);
    bare.roster(ROSTER);
    let mut knowing = full();
    knowing.roster(ROSTER);
    let ids = |replica: &Replica| {
        replica
            .shifts()
            .iter()
            .map(|shift| shift.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&bare), ids(&knowing));
    // However the file writes it: other encodings of blanks, widths, dates, times and column order.
    let mut other = Replica::numbered(1);
    other.roster(
        "12月班表
岗位,　姓 名,Start,结束时间,date,备注
前　台,李　超,8：00,14:00,12月1日,
热线,郑洋,20点,次日8:00,2026/12/1,夜班补贴
值守 , 李超,１４:00,20:00:00,2026年12月2日,顶班",
    );
    assert_eq!(ids(&bare), ids(&other));
    assert_eq!(bare.shifts(), other.shifts());
    // Later it learns of its people, and the same file names them.
    bare.sites(SITES);
    bare.people(PEOPLE);
    assert_eq!(counts(&bare.roster(ROSTER)), [0, 3, 0, 0, 0]);
    assert_eq!(bare.shifts(), knowing.shifts());
}

#[test]
fn a_corrected_file_updates_what_it_corrects_and_nothing_else() {
    let mut replica = full();
    replica.roster(ROSTER);
    let ids: Vec<RecordId> = replica.shifts().iter().map(|shift| shift.id).collect();
    replica.set_shift(ids[0], "note", "手工备注");
    replica.set_shift(ids[1], "state", "confirmed");
    replica.set_shift(ids[2], "end", "2026-12-02T21:00");
    assert!(
        replica.clone().roster(ROSTER).is_empty(),
        "the same file leaves what people changed"
    );

    let plan = replica.roster(
        "日期,姓名,岗位,开始,结束,备注
2026-12-01,李超,前台,08:00,13:00,
2026-12-01,郑洋,热线,20:00,08:00,
2026-12-03,郑洋,值守,14:00,20:00,",
    );
    assert_eq!(counts(&plan), [1, 2, 0, 0, 1]);
    assert_eq!(plan.gone[0].label, "2026-12-02 14:00 值守 李超");
    let shifts = replica.shifts();
    assert_eq!(
        (shifts[0].end.hour(), shifts[0].note.as_str()),
        (13, "手工备注")
    );
    assert_eq!(
        (shifts[1].state.as_str(), shifts[1].note.as_str()),
        ("confirmed", "")
    );
    assert_eq!(shifts[2].end.hour(), 21, "gone from the file, still there");
    assert_eq!(shifts.len(), 4);
}

#[test]
fn a_shift_typed_by_hand_is_the_same_shift() {
    let mut replica = full();
    let typed = RecordId::new(1_700_000_000_000, [7; 10]);
    let fields = [
        ("site", "jiefang-1"),
        ("name", "李超"),
        ("post", "前台"),
        ("state", "confirmed"),
        ("note", "手工"),
    ];
    for (field, value) in fields
        .into_iter()
        .chain([("start", "2026-12-01T08:00"), ("end", "2026-12-01T14:00")])
    {
        replica.set_shift(typed, field, value);
    }
    assert_eq!(counts(&replica.roster(ROSTER)), [2, 1, 0, 0, 0]);
    let shift = replica.shifts()[0];
    assert_eq!(
        (shift.id, shift.note.as_str(), shift.state.as_str()),
        (typed, "手工", "confirmed")
    );
    assert!(shift.person.is_some());
    assert!(replica.roster(ROSTER).is_empty());
}

#[test]
fn a_removed_record_is_left_removed() {
    let mut replica = full();
    replica.roster(ROSTER);
    let id = replica.shifts()[0].id;
    replica.set_shift(id, "removed_at", "2026-11-30T09:00");
    let plan = replica.roster(ROSTER);
    assert_eq!((plan.is_empty(), counts(&plan)), (true, [0, 0, 2, 1, 0]));
    assert_eq!(
        counts(&replica.roster("日期,姓名,岗位,开始,结束\n12月2日,李超,值守,14:00,20:00")),
        [0, 0, 1, 0, 1]
    );
}

#[test]
fn rows_may_be_of_other_sites() {
    let mut replica = full();
    let plan = replica.roster(
        "站点,日期,姓名,岗位,开始,结束,未知列
,12月1日,李超,前台,8:00,14:00,x
城市客运共享职工之家,12月1日,孙平,前台,8:00,14:00,
macun-1,12月1日,王艳,前台,8:00,14:00,",
    );
    let documents: Vec<String> = plan
        .added
        .iter()
        .map(|row| row.document.to_string())
        .collect();
    assert_eq!(
        documents,
        [
            "roster/jiefang-1/2026-12",
            "roster/keyun/2026-12",
            "roster/macun-1/2026-12"
        ]
    );
    let warnings: Vec<&str> = plan
        .warnings
        .iter()
        .map(|warning| warning.text.zh.as_str())
        .collect();
    assert_eq!(
        warnings,
        ["不认识“未知列”这一列，已略过", "站点名录里还没有“macun-1”"]
    );
}

#[test]
fn every_bad_row_is_named() {
    let replica = full();
    let check = |text: &str, expected: &[&str]| {
        let error = plan_roster(
            &table(text),
            month(),
            Some(&key("jiefang-1")),
            &replica.held(),
        )
        .unwrap_err();
        assert_eq!(zh(&error), expected);
    };
    check(
        "日期,姓名,岗位,开始,结束,状态,站点
2026-11-30,李超,前台,08:00,14:00,,
后天,,,早上,25:00,也许,火星
12月3日,李超,前台,08:00,08:00,,
12月3日,李超,前台,24:00,08:00,,
12月3日,李超,前台,08:00,次日09:00,,
12月4日,李超,前台,08:00,14:00,,
12月4日,李超,前台,08:00,15:00,,",
        &[
            "f.csv 第2行 A列（日期）：应为2026年12月里的日期，此处是“2026-11-30”",
            "f.csv 第3行 A列（日期）：应为日期，如 2026-12-03、2026/12/3、12月3日，此处是“后天”",
            "f.csv 第3行 B列（姓名）：应为姓名，如 李超、李超#1234（电话末几位）、李超（借出站点），此处为空",
            "f.csv 第3行 C列（岗位）：应为有内容的单元格，此处为空",
            "f.csv 第3行 D列（开始）：应为时间，如 8:00 或 20:30，此处是“早上”",
            "f.csv 第3行 E列（结束）：应为时间，如 8:00 或 20:30，此处是“25:00”",
            "f.csv 第3行 F列（状态）：应为计划、已确认、已调班、缺勤之一，此处是“也许”",
            "f.csv 第3行 G列（站点）：应为名录里某个站点的编号或名称，此处是“火星”",
            "f.csv 第4行 E列（结束）：应为与开始不同的时间（整整一天请写“次日”加时间），此处是“08:00”",
            "f.csv 第5行 D列（开始）：应为当天的时间（24:00 是第二天的 00:00），此处是“24:00”",
            "f.csv 第6行 E列（结束）：应为不超过24小时的班次，此处是“次日09:00”",
            "f.csv 第8行 A列（日期）：应为每个班次一行（第7行的日期、岗位、开始和姓名相同，其余不同），此处是“12月4日”",
        ],
    );
    check(
        "日期,姓名,岗位,开始\n12月3日,李超,前台,08:00",
        &["f.csv 第1行：应为一列“结束”，此处是“日期 姓名 岗位 开始”"],
    );
    check(
        "日期,姓名,岗位,开始,结束,date\n",
        &["f.csv 第1行 F列（date）：应为每种列只出现一次（“日期”已有一列），此处是“date”"],
    );
    check(
        "a,b\n1,2",
        &["f.csv 第1行：应为含有这些列的表头：日期、姓名、岗位、开始、结束，此处是“a b”"],
    );
    check(
        "",
        &["f.csv 第1行：应为含有这些列的表头：日期、姓名、岗位、开始、结束，此处为空"],
    );
}

/// Cells that are nearly right, and cells that are anything.
fn cell() -> impl Strategy<Value = String> {
    let near = vec![
        "日期",
        "姓名",
        "岗位",
        "开始",
        "结束",
        "站点",
        "编号",
        "级别",
        "电话",
        "全天",
        "2026-12-03",
        "12月3日",
        "12月",
        "年月日",
        "46359",
        "8:00",
        "8：00",
        "24:00",
        "次日",
        "点半",
        "李超",
        "李超#",
        "李超#1111",
        "#@",
        "（）",
        "孙平@keyun",
        "孙平(keyun",
        "keyun",
        "站",
        "",
    ];
    prop_oneof![
        4 => prop::sample::select(near).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[0-9：:月日年/#@（）()年点 \u{3000}]{0,8}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn no_table_makes_an_import_panic(
        header in prop::sample::select(vec!["日期,姓名,岗位,开始,结束,站点,状态", "站点,姓名,电话,角色", "编号,名称,级别,上级,开放时间,纬度", "岗位,全天", ""]),
        rows in prop::collection::vec(prop::collection::vec(cell(), 0..8), 0..6),
    ) {
        let mut table = table(header);
        let lines = table.rows.len();
        table.rows.extend(rows.into_iter().enumerate().map(|(index, cells)| Row { line: lines + index + 1, cells }));
        let mut replica = full();
        let site = key("jiefang-1");
        for plan in [
            plan_roster(&table, month(), Some(&site), &replica.held()),
            plan_people(&table, None, &replica.held()),
            plan_sites(&table, &replica.held()),
            plan_posts(&table, &replica.held()),
        ] {
            match plan {
                Ok(plan) => {
                    // What can be planned can be written, and then says nothing new.
                    replica.apply(&plan.edits);
                    prop_assert_eq!(plan.added.len() + plan.updated.len() > 0, !plan.edits.is_empty());
                }
                Err(error) => prop_assert!(error.errors.iter().all(|error| !error.text().zh.is_empty())),
            }
        }
        if let Ok(again) = plan_roster(&table, month(), Some(&site), &replica.held()) {
            prop_assert_eq!(again.edits, []);
        }
    }
}
