//! Cases: late ones, those that nobody or the wrong one mediates, agreements that were forgotten, steps that crossed.

use super::super::replica::key;
use super::{Case, id};
use crate::document::Name;
use crate::mediation::{Assignment, assign, proceedings, register, step};
use crate::records::{
    self, Agreement, CalendarDay, Collection, Dispute, Edit, Mediator, Mode, Origin, Side, Stage,
    Step, Typed as _,
};

pub(super) fn name() -> Name {
    "cases/keyun/c-1".parse().unwrap()
}

/// 张三's case against a company; it is the fifth of December, a Saturday. The year's holidays are held.
pub(super) fn case(mode: Mode, received: &str) -> Case {
    let mut case = Case::new();
    let registered = records::Case {
        id: id(0),
        site: key("keyun"),
        case: "c-1".to_owned(),
        mode,
        origin: Origin::WalkIn,
        claim: Dispute::Wages,
        amount: None,
        people: None,
        received: at(received),
        reference: String::new(),
        facts: String::new(),
        extended_to: None,
        note: String::new(),
        removed_at: None,
    };
    case.apply(&register(registered).unwrap().1);
    for (party, side) in [("张三", Side::Applicant), ("某物流公司", Side::Respondent)] {
        let record = records::Party::id_of(&key("keyun"), "c-1", party);
        let fields = [
            ("site", "keyun"),
            ("case", "c-1"),
            ("name", party),
            ("side", side.as_str()),
        ];
        case.set(&name(), Collection::Parties, record, &fields);
    }
    let day = jiff::civil::date(2026, 10, 1);
    let fields = [("date", "2026-10-01"), ("kind", "holiday")];
    case.set(
        &Name::Sites,
        Collection::Days,
        CalendarDay::id_of(day),
        &fields,
    );
    case
}

fn at(text: &str) -> jiff::civil::DateTime {
    format!("2026-{text}").parse().unwrap()
}

pub(super) fn go(case: &mut Case, n: u8, stage: Stage, when: &str) {
    let step_ = Step {
        id: id(n),
        about: None,
        after: None,
        stage,
        at: at(when),
        by: "孙平".to_owned(),
        note: "说明".to_owned(),
        made: None,
        removed_at: None,
    };
    let edits = step(&name(), case.replica.view(&name()), step_).unwrap();
    case.apply(&edits);
}

pub(super) fn give(case: &mut Case, n: u8, to: &str, when: &str) {
    let assignment = Assignment {
        name: to.to_owned(),
        post: "仲裁员".to_owned(),
        of: Some(key("keyun")),
        person: None,
        at: at(when),
        note: String::new(),
    };
    let of = proceedings(case.replica.view(&name())).unwrap();
    let edits = assign(&name(), &of, assignment, [id(n), id(n + 1)], "孙平").unwrap();
    case.apply(&edits);
}

pub(super) fn agree(case: &mut Case, n: u8, confirm: bool, due: Option<&str>) {
    let agreement = Agreement {
        id: id(n),
        site: key("keyun"),
        case: "c-1".to_owned(),
        signed: Some(at("12-03T00:00").date()),
        amount: None,
        terms: String::new(),
        confirm,
        due: due.map(|due| at(&format!("{due}T00:00")).date()),
        performed: None,
        note: String::new(),
        removed_at: None,
    };
    case.apply(&agreement.create(&name()));
    go(case, n + 1, Stage::Agreed, "12-03T16:00");
}

/// 周敏 and 陈静 mediate, this month and today.
fn on_rota(case: &mut Case) {
    case.person("keyun", "周敏", "10040886111", "");
    case.person("keyun", "陈静", "10040886222", "");
    case.shift("keyun", 101, "周敏", "仲裁员", "01T08:00", "01T18:00");
    case.shift("keyun", 102, "陈静", "心理咨询师", "05T08:00", "05T18:00");
}

#[test]
fn what_a_site_is_late_with_is_found_with_the_step_that_ends_it() {
    let mut late = case(Mode::Clinic, "11-30T10:00");
    on_rota(&mut late);
    assert_eq!(
        late.shown(),
        [
            "Warning 张三 与 某物流公司的欠薪案件（城市客运共享职工之家）应在 12月3日 前受理，已超期 2 天",
            "  受理",
        ]
    );
    assert_eq!(
        late.english()[0],
        "the wage arrears case of 张三 and 某物流公司 (城市客运共享职工之家) was due for acceptance by 3 Dec, 2 days ago"
    );
    go(&mut late, 1, Stage::Accepted, "12-03T10:00");
    assert_eq!(
        late.shown(),
        [
            "Warning 张三 与 某物流公司的欠薪案件（城市客运共享职工之家）应在 12月4日 前指派调解员，已超期 1 天",
            "  指派正在值班的 陈静（心理咨询师）",
        ]
    );
    give(&mut late, 2, "周敏", "12-03T10:00");
    assert_eq!(late.shown(), [""; 0]);

    let mut emergency = case(Mode::Emergency, "12-05T06:00");
    assert_eq!(
        emergency.shown()[0],
        "Warning 张三 与 某物流公司的欠薪案件（城市客运共享职工之家）应在 12月5日 08:00 前受理，已超期不到 2 小时"
    );
    go(&mut emergency, 1, Stage::Accepted, "12-05T07:00");
    assert_eq!(
        emergency.shown().len(),
        1,
        "nobody is on duty to give it to: {:?}",
        emergency.shown()
    );
}

#[test]
fn a_year_without_holidays_is_said() {
    let mut of = case(Mode::Clinic, "12-04T10:00");
    let day = CalendarDay::id_of(jiff::civil::date(2026, 10, 1));
    let now = at("12-05T09:00");
    of.apply(&[Edit::remove(&Name::Sites, Collection::Days, day, now)]);
    let found = of.findings();
    let said: Vec<&str> = found
        .not_checked
        .iter()
        .map(|of| of.text.zh.as_str())
        .collect();
    assert_eq!(
        said,
        ["没有 2026 年的节假日表：案件期限只按周一至周五算，没有核对放假和补班"]
    );
}

#[test]
fn a_case_that_its_mediator_was_taken_off_is_found() {
    let mut of = case(Mode::Clinic, "12-01T10:00");
    on_rota(&mut of);
    give(&mut of, 1, "周敏", "12-01T11:00");
    assert_eq!(of.shown(), [""; 0]);
    let record = Mediator::id_of(&key("keyun"), "c-1", "周敏");
    let now = at("12-05T09:00");
    of.apply(&[Edit::remove(&name(), Collection::Mediators, record, now)]);
    assert_eq!(
        of.shown(),
        [
            "Warning 张三 与 某物流公司的欠薪案件（城市客运共享职工之家）是“已派办”，却没有调解员",
            "  指派正在值班的 陈静（心理咨询师）",
        ]
    );
    let found = of.findings();
    of.apply(&found.findings[0].repairs[0].edits);
    assert_eq!(of.shown(), [""; 0]);
}

#[test]
fn who_is_a_party_or_on_no_such_post_is_found() {
    let mut of = case(Mode::Clinic, "12-04T10:00");
    on_rota(&mut of);
    give(&mut of, 1, "孙平", "12-04T11:00");
    assert_eq!(
        of.shown(),
        [
            "Notice 张三 与 某物流公司的欠薪案件（城市客运共享职工之家）由 孙平 调解，而城市客运共享职工之家 2026年12月前后的排班里没有 孙平 的调解岗位"
        ]
    );
    // Entered as a party after that.
    let record = records::Party::id_of(&key("keyun"), "c-1", "孙平");
    let fields = [
        ("site", "keyun"),
        ("case", "c-1"),
        ("name", "孙 平"),
        ("side", "third"),
    ];
    of.set(&name(), Collection::Parties, record, &fields);
    assert_eq!(
        of.shown()[..2],
        [
            "Error 孙平 是张三 与 某物流公司的欠薪案件（城市客运共享职工之家）的当事人，又是调解员",
            "  不再由 孙平 调解",
        ]
    );
    // Without the roster nothing is known of posts.
    of.replica
        .documents
        .retain(|name, _| !matches!(name, Name::Roster { .. }));
    let found = of.findings();
    assert_eq!(found.findings.len(), 1);
    let missing = found
        .not_checked
        .iter()
        .find(|of| of.rule.as_str() == "mediator-off-rota");
    assert_eq!(
        missing.unwrap().documents[0].to_string(),
        "roster/keyun/2026-12"
    );
}

#[test]
fn an_agreement_that_was_not_handed_in_is_a_thing_to_do_and_then_a_fault() {
    let mut of = case(Mode::Clinic, "12-01T10:00");
    on_rota(&mut of);
    give(&mut of, 1, "周敏", "12-01T11:00");
    agree(&mut of, 3, true, None);
    assert_eq!(
        of.shown(),
        [
            "Notice 张三 与 某物流公司的欠薪案件（城市客运共享职工之家）的协议要申请司法确认，还没有提请",
            "  已提请司法确认",
        ]
    );
    let mut referred = of.clone();
    let found = referred.findings();
    referred.apply(&found.findings[0].repairs[0].edits);
    assert_eq!(referred.shown(), [""; 0]);
    go(&mut of, 5, Stage::Closed, "12-04T10:00");
    assert_eq!(
        of.shown(),
        [
            "Warning 张三 与 某物流公司的欠薪案件（城市客运共享职工之家）结案了，协议要申请的司法确认却没有提请"
        ]
    );
}

#[test]
fn agreements_that_are_gone_or_not_performed_are_found() {
    let mut of = case(Mode::Clinic, "12-01T10:00");
    on_rota(&mut of);
    give(&mut of, 1, "周敏", "12-01T11:00");
    agree(&mut of, 3, false, Some("12-04"));
    assert_eq!(
        of.shown(),
        [
            "Warning 张三 与 某物流公司的欠薪案件（城市客运共享职工之家）的协议应在 12月4日 前履行，还没有履行的记录",
            "  今天已履行",
        ]
    );
    let mut performed = of.clone();
    let found = performed.findings();
    performed.apply(&found.findings[0].repairs[0].edits);
    assert_eq!(performed.shown(), [""; 0]);
    let now = at("12-05T09:00");
    of.apply(&[Edit::remove(&name(), Collection::Agreements, id(3), now)]);
    assert_eq!(
        of.shown(),
        [
            "Warning 张三 与 某物流公司的欠薪案件（城市客运共享职工之家）达成了协议，却没有登记调解协议"
        ]
    );
}

#[test]
fn a_step_that_was_edited_is_found_and_one_that_was_cancelled_is_not() {
    let mut of = case(Mode::Clinic, "12-01T10:00");
    on_rota(&mut of);
    give(&mut of, 1, "周敏", "12-01T11:00");
    of.set(
        &name(),
        Collection::Timeline,
        id(1),
        &[("note", "已核对材料")],
    );
    assert_eq!(
        of.shown(),
        [
            "Warning 张三 与 某物流公司的欠薪案件（城市客运共享职工之家）的“已受理”（孙平）写下以后被改过：以现在的为准，原来的见历史"
        ]
    );
    // Read as a whole it is the same.
    let mut other = of.clone();
    other.replica = super::Replica::numbered(7);
    other.replica.receive(of.replica.changes());
    assert_eq!(other.shown(), of.shown());

    // Whoever takes their edit back leaves it as it was; what was cancelled was not edited.
    go(&mut of, 3, Stage::Mediating, "12-02T09:00");
    let now = at("12-05T09:00");
    of.apply(&[
        Edit::remove(&name(), Collection::Timeline, id(3), now),
        Edit::clear(&name(), Collection::Timeline, id(1), "note"),
    ]);
    assert_eq!(of.shown(), [""; 0]);
}

#[test]
fn steps_with_a_case_that_were_taken_apart_are_found() {
    let mut of = case(Mode::Clinic, "12-01T10:00");
    on_rota(&mut of);
    give(&mut of, 1, "周敏", "12-01T11:00");
    let mut other = of.clone();
    go(&mut of, 9, Stage::Withdrawn, "12-02T10:00");
    go(&mut other, 3, Stage::Failed, "12-02T11:00");
    let written = other
        .replica
        .view(&name())
        .get::<Step>(id(3))
        .unwrap()
        .clone();
    of.apply(&written.create(&name()));
    assert_eq!(
        of.shown(),
        [
            "Warning 张三 与 某物流公司的欠薪案件（城市客运共享职工之家）已是“调解不成”，“已撤回”（孙平）与此不合，没有生效：当时互不知情",
            "  作废“已撤回”（孙平）",
        ]
    );
}
