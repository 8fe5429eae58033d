//! Whom a name in a roster means.

use super::super::plan_roster;
use super::{full, month, people_of, table, zh};
use crate::records::Person;
use crate::rules::replica::key;

#[test]
fn namesakes_ask() {
    let mut replica = full();
    replica.people("site,name,phone\njiefang-1,王伟,13800001111\njiefang-1,王伟,13900002222\n");
    let one = "日期,姓名,岗位,开始,结束\n12月1日,王伟,前台,8:00,14:00";
    let error = plan_roster(
        &table(one),
        month(),
        Some(&key("jiefang-1")),
        &replica.held(),
    )
    .unwrap_err();
    assert_eq!(
        zh(&error),
        ["f.csv 第2行 B列（姓名）：应为哪一位“王伟”：王伟#1111、王伟#2222，此处是“王伟”"]
    );
    assert_eq!(
        error.errors[0].to_string(),
        "f.csv line 2, column B (姓名): expected which 王伟: 王伟#1111 or 王伟#2222, found \"王伟\""
    );
    replica.roster(&one.replace("王伟", "王伟＃2222"));
    let people = replica.view(&people_of("jiefang-1"));
    let shift = replica.shifts()[0];
    assert_eq!(
        people.get::<Person>(shift.person.unwrap()).unwrap().phone,
        "13900002222"
    );
    assert_eq!(shift.name, "王伟");
    for wrong in ["王伟#3333", "赵六#1111"] {
        let text = one.replace("王伟", wrong);
        assert!(
            plan_roster(
                &table(&text),
                month(),
                Some(&key("jiefang-1")),
                &replica.held()
            )
            .is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn lent_staff_are_named_with_their_site() {
    for text in ["孙平@keyun", "孙平（城市客运共享职工之家）", "孙平(KEYUN)"] {
        let mut replica = full();
        replica.roster(&format!(
            "日期,姓名,岗位,开始,结束\n12月1日,{text},前台,8:00,14:00"
        ));
        let shift = replica.shifts()[0];
        let home = replica.view(&people_of("keyun"));
        assert_eq!(
            (shift.name.as_str(), &shift.lent_by),
            ("孙平", &Some(key("keyun")))
        );
        assert_eq!(
            home.get::<Person>(shift.person.unwrap()).unwrap().name,
            "孙平"
        );
    }
    let mut replica = full();
    replica.roster("日期,姓名,岗位,开始,结束\n12月1日,李超@jiefang-1,前台,8:00,14:00\n12月1日,路人甲,前台,8:00,14:00");
    assert_eq!(
        replica.shifts()[0].lent_by,
        None,
        "one's own site lends nobody"
    );
    assert_eq!(
        (
            replica.shifts()[1].name.as_str(),
            replica.shifts()[1].person
        ),
        ("路人甲", None)
    );
}
