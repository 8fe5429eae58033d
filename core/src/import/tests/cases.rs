//! Registers of disputes: what came of past cases.

use jiff::civil::{DateTime, date};

use super::{counts, full, table, zh};
use crate::document::Name;
use crate::import::{ImportError, Plan, plan_cases};
use crate::mediation::{Proceedings, proceedings, step};
use crate::records::{FieldReader, RecordId, Stage, Step, Typed};
use crate::rules::replica::Replica;

const PAST: &str = "站点,案件编号,方式,来源,争议类型,金额,登记时间,申请人,被申请人,调解员,岗位,结果,办结时间,协议金额,确认时间,结案时间,原因
keyun,K-1,门诊式,来访,欠薪,18600,2026-10-08 09:00,张三、李四,顺达货运,周敏,仲裁员,已司法确认,2026-10-12,15000.5,2026-10-20,2026-10-21,
keyun,K-2,会诊式,法院委派,工伤,96000,2026-10-09 10:00,石磊,宏图仓储,周敏、何平,,调解不成,2026-10-30 16:00,,,2026-11-02,双方各执一词
keyun,K-3,门诊式,来访,欠薪,800,2026-10-10 08:00,王五,某店,,,撤回,,,,2026-10-11,
jiefang-1,J-1,门诊式,热线,其他,,2026-10-10 08:00,,,,,不予受理,2026-10-10,,,,
jiefang-1,J-2,急诊式,热线,欠薪,,2026-12-01 08:00,,,陈静,,,,,,,";

fn now() -> DateTime {
    date(2026, 12, 5).at(9, 30, 0, 0)
}

fn plan(replica: &Replica, text: &str) -> Result<Plan, ImportError> {
    plan_cases(&table(text), None, &replica.held(), now())
}

fn import(replica: &mut Replica, text: &str) -> Plan {
    let plan = plan(replica, text).unwrap();
    replica.apply(&plan.edits);
    plan
}

fn of<'a>(replica: &'a Replica, name: &str) -> Proceedings<'a> {
    proceedings(replica.view(&name.parse::<Name>().unwrap())).unwrap()
}

fn stages(case: &Proceedings<'_>) -> Vec<Stage> {
    assert!(case.steps.iter().all(|placed| placed.fit.counts()));
    case.steps.iter().map(|placed| placed.step.stage).collect()
}

#[test]
fn past_cases_are_entered_with_the_steps_that_they_imply_and_only_once() {
    use Stage as S;
    let mut replica = full();
    assert_eq!(counts(&import(&mut replica, PAST)), [5, 0, 0, 0, 0]);
    let first = of(&replica, "cases/keyun/K-1");
    assert_eq!(
        stages(&first),
        [
            S::Accepted,
            S::Assigned,
            S::Agreed,
            S::Referred,
            S::Ratified,
            S::Closed
        ]
    );
    let names: Vec<&str> = first
        .parties
        .iter()
        .map(|party| party.name.as_str())
        .collect();
    assert_eq!(names, ["张三", "李四", "顺达货运"]);
    assert_eq!(first.mediators[0].post, "仲裁员");
    assert_eq!(first.agreements[0].amount, Some(15_000.5));
    assert!(first.agreements[0].confirm);
    assert_eq!(
        first.outcome(),
        Some((S::Agreed, date(2026, 10, 12).at(0, 0, 0, 0)))
    );
    let second = of(&replica, "cases/keyun/K-2");
    assert_eq!(
        stages(&second),
        [S::Accepted, S::Assigned, S::Assigned, S::Failed, S::Closed]
    );
    assert_eq!(second.steps[3].step.note, "双方各执一词");
    assert_eq!(
        second.outcome(),
        Some((S::Failed, date(2026, 10, 30).at(16, 0, 0, 0)))
    );
    assert_eq!(
        stages(&of(&replica, "cases/keyun/K-3")),
        [S::Accepted, S::Withdrawn]
    );
    let declined = of(&replica, "cases/jiefang-1/J-1");
    assert_eq!(stages(&declined), [S::Declined]);
    assert_eq!(declined.steps[0].step.note, "见登记簿 f.csv");
    // On the day on which it came in, and no earlier.
    assert_eq!(declined.steps[0].step.at, date(2026, 10, 10).at(8, 0, 0, 0));
    assert_eq!(
        stages(&of(&replica, "cases/jiefang-1/J-2")),
        [S::Accepted, S::Assigned]
    );

    let again = import(&mut replica, PAST);
    assert_eq!((again.is_empty(), counts(&again)), (true, [0, 0, 5, 0, 0]));

    // Where it was imported apart, the same was made; what happened since is added.
    let mut other = full();
    import(&mut other, PAST);
    replica.merge(&mut other);
    assert_eq!(
        stages(&of(&replica, "cases/keyun/K-1")),
        stages(&of(&other, "cases/keyun/K-1"))
    );
    let later = PAST.replace(
        "2026-12-01 08:00,,,陈静,,,,,,,",
        "2026-12-01 08:00,甲,乙,陈静,,调解不成,2026-12-03,,,,",
    );
    let plan = import(&mut replica, &later);
    assert_eq!(counts(&plan), [0, 1, 4, 0, 0]);
    let row = &plan.updated[0];
    assert_eq!((row.row.line, row.fields[0].field.as_str()), (6, "stage"));
    assert_eq!(
        stages(&of(&replica, "cases/jiefang-1/J-2")),
        [S::Accepted, S::Assigned, S::Failed]
    );
}

#[test]
fn what_a_register_does_not_say_or_says_wrongly_is_named_where_it_stands() {
    let replica = full();
    let head = PAST.lines().next().unwrap();
    let row = |tail: &str| format!("{head}\nkeyun,K-9,门诊式,来访,欠薪,1,2026-10-08 09:00,{tail}");
    for (tail, expected) in [
        (
            "甲,乙,周敏,,成了,2026-10-09,,,,",
            "f.csv 第2行 L列（结果）：应为已达成协议、",
        ),
        (
            "甲,乙,周敏,,达成协议,,,,,",
            "f.csv 第2行 M列（办结时间）：应为有结果的时间",
        ),
        ("甲,乙,周敏,,,2026-10-09,,,,", "f.csv 第2行 L列（结果）"),
        (
            "甲,乙,,,达成协议,2026-10-09,,,,",
            "f.csv 第2行 J列（调解员）：应为调解员的姓名",
        ),
        (
            "甲,乙,甲,,达成协议,2026-10-09,,,,",
            "f.csv 第2行 J列（调解员）：应为当事人以外的人",
        ),
        (
            "甲,乙,周敏,,达成协议,2026-10-07,,,,",
            "f.csv 第2行 M列（办结时间）：应为不早于 2026-10-08",
        ),
        (
            "甲,乙,周敏,,达成协议,2027-10-09,,,,",
            "f.csv 第2行 M列（办结时间）",
        ),
        (
            "甲,乙,周敏,,达成协议,2026-10-09,很多,,,",
            "f.csv 第2行 N列（协议金额）",
        ),
        (
            "甲,乙,周敏,,达成协议,2026-10-09,,,2026-10-08,",
            "f.csv 第2行 P列（结案时间）",
        ),
    ] {
        let refused = plan(&replica, &row(tail)).unwrap_err();
        let lines = zh(&refused);
        assert!(lines[0].starts_with(expected), "{lines:?}");
    }
    // One wrong row keeps all of them out.
    let refused = plan(&replica, &PAST.replace("调解不成", "不知道")).unwrap_err();
    assert_eq!(refused.errors.len(), 1);
}

#[test]
fn steps_that_people_took_are_compared_and_never_changed() {
    let mut replica = full();
    let head = "站点,案件编号,方式,来源,争议类型,登记时间,调解员,结果,结案时间";
    let case = "keyun,K-8,门诊式,来访,欠薪,2026-10-08 09:00";
    import(&mut replica, &format!("{head}\n{case},,,"));
    let name: Name = "cases/keyun/K-8".parse().unwrap();
    for (n, stage) in [(1, Stage::Accepted), (2, Stage::Withdrawn)] {
        let read = Step::read(
            RecordId::new(0, [n; 10]),
            &FieldReader::new(&Default::default()),
        );
        let taken = Step {
            stage,
            at: date(2026, 10, 9).at(9, 0, 0, 0),
            ..read
        };
        let edits = step(&name, replica.view(&name), taken).unwrap();
        replica.apply(&edits);
    }
    let same = plan(&replica, &format!("{head}\n{case},,撤回,2026-10-12")).unwrap();
    assert_eq!((same.is_empty(), counts(&same)), (true, [0, 0, 1, 0, 0]));
    let refused = plan(
        &replica,
        &format!("{head}\n{case},周敏,调解成功,2026-10-12"),
    );
    let lines = zh(&refused.unwrap_err());
    assert!(
        lines[0].contains("H列（结果）：应为“已撤回”，或留空"),
        "{lines:?}"
    );

    // Nor does another register move a step that one has entered.
    let mut replica = full();
    import(&mut replica, PAST);
    let refused = plan(
        &replica,
        &PAST.replace("2026-10-30 16:00", "2026-10-29 16:00"),
    );
    let lines = zh(&refused.unwrap_err());
    assert!(
        lines[0].contains("L列（结果）：应为“2026-10-30 16:00:00”"),
        "{lines:?}"
    );
}
