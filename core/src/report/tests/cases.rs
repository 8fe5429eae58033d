use jiff::civil::DateTime;

use super::super::cases::Cases;
use super::*;
use crate::mediation::{Assignment, assign, proceedings, register, step};
use crate::records::{Agreement, Case, Dispute, Mode, Origin, Stage, Step, Typed as _};

fn at(day: &str) -> DateTime {
    format!("2026-{day}").parse().unwrap()
}

/// A case numbered `n`, registered at a site on a day.
fn case(replica: &mut Replica, n: u8, site: &str, mode: Mode, received: &str) -> Name {
    let case = Case {
        id: id(0),
        site: key(site),
        case: format!("c-{n}"),
        mode,
        origin: match n {
            1 => Origin::Court,
            _ => Origin::Hotline,
        },
        claim: Dispute::Wages,
        amount: Some(1000.5),
        people: Some(3),
        received: at(received),
        reference: String::new(),
        facts: String::new(),
        extended_to: None,
        note: String::new(),
        removed_at: None,
    };
    let (name, edits) = register(case).unwrap();
    replica.apply(&edits);
    name
}

fn go(replica: &mut Replica, name: &Name, n: u8, stage: Stage, day: &str) {
    let step_ = Step {
        id: id(n),
        about: None,
        after: None,
        stage,
        at: at(day),
        by: "周敏".to_owned(),
        note: "说明".to_owned(),
        made: None,
        removed_at: None,
    };
    let edits = step(name, replica.view(name), step_).unwrap();
    replica.apply(&edits);
}

/// Gives a case to somebody and settles it, or not.
fn conclude(replica: &mut Replica, name: &Name, n: u8, stage: Stage, day: &str) {
    let assignment = Assignment {
        name: "周敏".to_owned(),
        post: String::new(),
        of: None,
        person: None,
        at: at(day),
        note: String::new(),
    };
    let case = proceedings(replica.view(name)).unwrap();
    let edits = assign(name, &case, assignment, [id(n), id(n + 1)], "").unwrap();
    replica.apply(&edits);
    if stage == Stage::Agreed {
        let Name::Case { site, case } = name else {
            panic!("{name}");
        };
        let agreement = Agreement {
            id: id(n + 2),
            site: site.clone(),
            case: case.clone(),
            signed: Some(at(day).date()),
            amount: Some(800.0),
            terms: String::new(),
            confirm: false,
            due: None,
            performed: None,
            note: String::new(),
            removed_at: None,
        };
        replica.apply(&agreement.create(name));
    }
    go(replica, name, n + 3, stage, day);
}

/// What happened from September to December.
fn year() -> Replica {
    let mut replica = network();
    let of = &mut replica;
    let one = case(of, 1, "keyun", Mode::Clinic, "09-28T08:00");
    conclude(of, &one, 10, Stage::Agreed, "10-02T08:00");
    go(of, &one, 14, Stage::Referred, "10-08T08:00");
    go(of, &one, 15, Stage::Ratified, "10-20T08:00");
    let two = case(of, 2, "keyun", Mode::Clinic, "10-12T08:00");
    conclude(of, &two, 20, Stage::Failed, "10-13T20:00");
    let three = case(of, 3, "jiefang-1", Mode::Emergency, "12-01T08:00");
    conclude(of, &three, 30, Stage::Agreed, "12-01T23:00");
    case(of, 4, "jiefang-1", Mode::Emergency, "12-03T08:00");
    replica
}

fn period(from: &str, to: &str) -> Period {
    Period::new(at(from).date(), at(to).date()).unwrap()
}

#[test]
fn cases_are_counted_by_month_with_how_long_they_took() {
    let replica = year();
    let all = |period, site: Option<&str>, table: fn(&Cases<'_>) -> Report| {
        with_documents(&replica, |documents| {
            let now = at("12-03T09:00");
            table(&Cases::new(documents, period, site.map(key), now))
        })
    };
    let autumn = period("09-01T00:00", "12-31T00:00");
    let report = all(autumn, None, |cases| cases.by_month());
    let columns: Vec<&str> = report.columns.iter().map(|column| column.name).collect();
    assert_eq!(
        columns.join(" "),
        "month received referred_in people claimed declined concluded agreed failed withdrawn success secured \
         referred ratified confirmation median_days p90_days median_working_days p90_working_days open overdue"
    );
    assert_eq!(
        lines(&report),
        [
            "2026-09 1 1 3 1001 0 0 0 0 0 - 0 0 0 - - - - - 0 1",
            "2026-10 1 0 3 1001 0 2 1 1 0 50.0 800 1 1 100.0 2.5 4.0 2.5 4.0 0 1",
            "2026-12 2 0 6 2001 0 1 1 0 0 100.0 800 0 0 0.0 0.0 0.0 0.0 0.0 1 0",
            "total 4 1 12 4002 0 3 2 1 0 66.7 1600 1 1 50.0 1.0 4.0 1.0 4.0 1 2",
        ]
    );
    assert_eq!(
        report.notes[0].en,
        "no holidays of 2026 are held: working days are those from Monday to Friday"
    );
    let report = all(autumn, None, |cases| cases.by_mode());
    assert_eq!(report.rows.len(), 2);
    assert_eq!(shown(&report.rows[1][0]), "emergency");
    let report = all(autumn, Some("keyun"), |cases| cases.by_site());
    assert_eq!(report.rows.len(), 1);
    assert_eq!(report.title.en, "客运之家: Disputes");
    assert_eq!(
        shown(&all(autumn, None, |cases| cases.by_claim()).rows[0][0]),
        "wages"
    );
}

#[test]
fn the_register_has_each_case_that_came_in_or_ended_in_the_period() {
    let replica = year();
    let report = with_documents(&replica, |documents| {
        let october = period("10-01T00:00", "10-31T00:00");
        Cases::new(documents, october, None, at("12-03T09:00")).register()
    });
    // The first came in before; both wait to be closed.
    assert_eq!(
        lines(&report)[..2],
        [
            "c-1 keyun c-1 clinic court wages 3 1001 28T08:00 周敏 ratified agreed 02T08:00 4 4 closing",
            "c-2 keyun c-2 clinic hotline wages 3 1001 12T08:00 周敏 failed failed 13T20:00 1 1 closing",
        ]
    );
    assert_eq!(report.rows.len(), 2);
    assert!(
        report
            .rows
            .iter()
            .all(|row| row.len() == report.columns.len())
    );
}

#[test]
fn the_joint_meeting_sees_each_quarter_by_site() {
    let replica = year();
    let report = with_documents(&replica, |documents| {
        let year = period("01-01T00:00", "12-31T00:00");
        Cases::new(documents, year, None, at("12-05T09:00")).by_quarter()
    });
    let heads: Vec<String> = report
        .rows
        .iter()
        .map(|row| row[..5].iter().map(shown).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        heads,
        [
            "2026-Q3 keyun 1 1 3",
            "2026-Q4 jiefang-1 2 0 6",
            "2026-Q4 keyun 1 0 3",
        ]
    );
    // Two wait to be closed, and the last was to be taken up within two hours.
    assert_eq!(shown(report.totals.last().unwrap()), "3");
    assert_eq!(report.title.zh, "联席会议 调解工作季度统计");
}
