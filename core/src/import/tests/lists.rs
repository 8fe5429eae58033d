//! The lists of people, sites and posts.

use super::super::{plan_people, plan_posts, plan_sites};
use super::{SITES, counts, full, table, zh};
use crate::document::Name;
use crate::records::{Edit, RecordId, Site, Typed, Value};
use crate::rules::replica::{Replica, key};

#[test]
fn a_corrected_phone_is_the_same_person() {
    let mut replica = full();
    let people = Name::People { site: key("keyun") };
    let ids = |replica: &Replica| {
        replica
            .view(&people)
            .persons()
            .map(|p| (p.id, p.name.clone(), p.phone.clone()))
            .collect::<Vec<_>>()
    };
    let before = ids(&replica);
    let plan = replica.people("site,name,phone\nkeyun,孙平,19900000000\nkeyun,唐国红,10028195259");
    assert_eq!(counts(&plan), [0, 2, 0, 0, 0]);
    let after = ids(&replica);
    assert_eq!(
        after.iter().map(|p| p.0).collect::<Vec<_>>(),
        before.iter().map(|p| p.0).collect::<Vec<_>>()
    );
    let mut shown: Vec<_> = after.iter().map(|p| format!("{} {}", p.1, p.2)).collect();
    shown.sort();
    assert_eq!(shown, ["唐国红 10028195259", "孙平 19900000000"]);
}

#[test]
fn people_who_cannot_be_told_apart_are_errors() {
    let mut replica = full();
    let check = |replica: &Replica, text: &str, expected: &[&str]| {
        let error = plan_people(&table(text), None, &replica.held()).unwrap_err();
        assert_eq!(zh(&error), expected);
    };
    check(
        &replica,
        "site,name,phone\nkeyun,王伟,13800001111\nkeyun,王伟,\n,李四,1\nkeyun,王五,无",
        &[
            "f.csv 第3行 C列（phone）：应为电话（keyun有几位“王伟”，靠电话区分），此处为空",
            "f.csv 第4行 A列（site）：应为站点的编号或名称（或为整个文件指定站点），此处为空",
            "f.csv 第4行 C列（phone）：应为电话号码，此处是“1”",
            "f.csv 第5行 C列（phone）：应为电话号码，此处是“无”",
        ],
    );
    check(
        &replica,
        "site,name,phone\nkeyun,王伟,13800001111\nkeyun,王伟,",
        &["f.csv 第3行 C列（phone）：应为电话（keyun有几位“王伟”，靠电话区分），此处为空"],
    );
    assert_eq!(
        counts(&replica.people("site,name,phone\nkeyun,王伟,13800001111\nkeyun,王伟,13900002222")),
        [2, 0, 0, 0, 2]
    );
    check(
        &replica,
        "site,name,phone\nkeyun,王伟,13700003333",
        &[
            "f.csv 第2行 C列（phone）：应为能看出是哪一位的姓名和电话：王伟 13800001111、王伟 13900002222，此处是“13700003333”",
        ],
    );
    check(
        &replica,
        "site,name,phone\nkeyun,孙平,10028195259",
        &[
            "f.csv 第2行 C列（phone）：应为能看出是哪一位的姓名和电话：孙平 10040886753、唐国庆 10028195259，此处是“10028195259”",
        ],
    );
}

#[test]
fn a_directory_in_chinese_is_the_same_directory() {
    let mut english = Replica::numbered(1);
    english.sites(SITES);
    let mut chinese = Replica::numbered(1);
    chinese.sites(
        "编号,名称,级别,上级,地址,开放时间,设施,电话,纬度,经度
keyun,城市客运共享职工之家,共享职工之家,,焦作市,7：00～22：00,图书、无线网,0391-7618662,35.23223,113.31299
jiefang-1,解放区快递驿站,驿站,城市客运共享职工之家,焦作市解放区,07:00 - 22:00,充电,0391-6241542,35.22379,113.23927",
    );
    let sites = |replica: &Replica| {
        replica
            .view(&Name::Sites)
            .sites()
            .cloned()
            .collect::<Vec<Site>>()
    };
    assert_eq!(sites(&english), sites(&chinese));

    let error = plan_sites(
        &table("编号,名称,级别,上级,开放时间,纬度\nKe Yun,x,家,,,\na,,大,火星,8点,91\nb,b,站,b2,全天,\nb,b,站,,24小时,"),
        &english.held(),
    )
    .unwrap_err();
    assert_eq!(
        zh(&error),
        [
            "f.csv 第2行 A列（编号）：应为站点编号：1到40个小写字母、数字或连字符，此处是“Ke Yun”",
            "f.csv 第3行 B列（名称）：应为有内容的单元格，此处为空",
            "f.csv 第3行 C列（级别）：应为家、站、点之一，此处是“大”",
            "f.csv 第3行 D列（上级）：应为名录里某个站点的编号或名称，此处是“火星”",
            "f.csv 第3行 E列（开放时间）：应为形如 07:00-22:00 的时段，此处是“8点”",
            "f.csv 第3行 F列（纬度）：应为-90 到 90 的数，此处是“91”",
            "f.csv 第5行 A列（编号）：应为不重复的编号（第4行已有它），此处是“b”",
        ]
    );
}

#[test]
fn posts_say_which_may_run_at_any_hour() {
    let replica = Replica::numbered(1);
    let plan = plan_posts(&table("岗位,全天\n热线,是\n前台,"), &replica.held()).unwrap();
    let flags: Vec<&Value> = plan
        .edits
        .iter()
        .filter(|edit| edit.place().2 == "any_hours")
        .filter_map(Edit::value)
        .collect();
    assert_eq!(flags, [&Value::Bool(true), &Value::Bool(false)]);
    assert_eq!(
        plan.added[0].record,
        RecordId::natural(crate::records::Post::KIND.collection, &["热线"])
    );
}
