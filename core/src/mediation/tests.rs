//! Goal: a case goes the way that a centre's case goes and no other, is late when the calendar says so, and counts the same everywhere.
//!
//! Method: cases written and merged by replicas without a network; days and figures were worked out by hand.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use jiff::civil::{DateTime, date};

use super::*;
use crate::civil::WorkCalendar;
use crate::document::Name;
use crate::flow::Fit;
use crate::matrix::Directory;
use crate::ordered::BTreeMap;
use crate::records::{
    Agreement, CalendarDay, Case, Collection, DayKind, Dispute, Edit, Mediator, Mode, Origin,
    Party, RecordId, Referral, ReferralKind, Side, Site, Step, Typed,
};
use crate::rules::replica::{Replica, key, roster};

fn at(text: &str) -> DateTime {
    format!("2026-{text}").parse().unwrap()
}

fn id(n: u8) -> RecordId {
    RecordId::new(0, [n; 10])
}

fn name() -> Name {
    "cases/keyun/c-1".parse().unwrap()
}

fn case(mode: Mode, received: &str) -> Case {
    Case {
        id: id(0),
        site: key("keyun"),
        case: "c-1".to_owned(),
        mode,
        origin: Origin::WalkIn,
        claim: Dispute::Wages,
        amount: Some(12_000.5),
        people: None,
        received: at(received),
        reference: String::new(),
        facts: String::new(),
        extended_to: None,
        note: String::new(),
        removed_at: None,
    }
}

fn party(name: &str, side: Side, people: Option<i64>) -> Party {
    Party {
        id: Party::id_of(&key("keyun"), "c-1", name),
        site: key("keyun"),
        case: "c-1".to_owned(),
        name: name.to_owned(),
        side,
        phone: String::new(),
        people,
        agent: String::new(),
        note: String::new(),
        removed_at: None,
    }
}

fn agreement(confirm: bool) -> Agreement {
    Agreement {
        id: id(200),
        site: key("keyun"),
        case: "c-1".to_owned(),
        signed: Some(date(2026, 12, 4)),
        amount: Some(10_000.0),
        terms: "三日内付清".to_owned(),
        confirm,
        due: None,
        performed: None,
        note: String::new(),
        removed_at: None,
    }
}

/// A case of two drivers, registered on Monday, 30 November.
fn registered(mode: Mode) -> Replica {
    let mut replica = Replica::numbered(1);
    replica.apply(&register(case(mode, "11-30T10:00")).unwrap().1);
    replica.apply(&party("张三", Side::Applicant, Some(2)).create(&name()));
    replica.apply(&party("焦作某物流公司", Side::Respondent, None).create(&name()));
    replica
}

fn a_step(n: u8, stage: Stage, when: &str) -> Step {
    Step {
        id: id(n),
        about: None,
        after: None,
        stage,
        at: at(when),
        by: "周敏".to_owned(),
        note: "说明".to_owned(),
        made: None,
        removed_at: None,
    }
}

fn go(replica: &mut Replica, n: u8, stage: Stage, when: &str) {
    let edits = step(&name(), replica.view(&name()), a_step(n, stage, when)).unwrap();
    replica.apply(&edits);
}

fn give(replica: &mut Replica, n: u8, to: &str, when: &str) -> Result<(), MediationError> {
    let assignment = Assignment {
        name: to.to_owned(),
        post: "仲裁员".to_owned(),
        of: None,
        person: None,
        at: at(when),
        note: String::new(),
    };
    let view = replica.view(&name());
    let edits = assign(
        &name(),
        &proceedings(view).unwrap(),
        assignment,
        [id(n), id(n + 1)],
        "孙平",
    )?;
    replica.apply(&edits);
    Ok(())
}

fn of(replica: &Replica) -> Proceedings<'_> {
    proceedings(replica.view(&name())).unwrap()
}

#[test]
fn a_case_goes_from_the_register_to_its_confirmation() {
    let mut replica = registered(Mode::Clinic);
    assert_eq!(of(&replica).stage, Stage::Registered);
    assert_eq!(of(&replica).title().0, "张三 与 焦作某物流公司");
    assert_eq!(of(&replica).people(), 2);
    go(&mut replica, 1, Stage::Accepted, "11-30T11:00");
    give(&mut replica, 2, " 周敏 ", "12-01T09:00").unwrap();
    assert_eq!(of(&replica).mediators[0].name, "周敏");
    go(&mut replica, 4, Stage::Mediating, "12-02T09:00");
    replica.apply(&agreement(true).create(&name()));
    go(&mut replica, 5, Stage::Agreed, "12-04T16:00");
    go(&mut replica, 6, Stage::Referred, "12-07T09:00");
    go(&mut replica, 7, Stage::Unratified, "12-09T09:00");
    // It is heard again, so there is no outcome for now.
    go(&mut replica, 8, Stage::Mediating, "12-10T09:00");
    assert_eq!(of(&replica).outcome(), None);
    go(&mut replica, 9, Stage::Agreed, "12-11T09:00");
    go(&mut replica, 10, Stage::Referred, "12-11T10:00");
    go(&mut replica, 11, Stage::Ratified, "12-15T10:00");
    go(&mut replica, 12, Stage::Closed, "12-16T10:00");
    let case = of(&replica);
    assert!(case.is_over() && case.next().next().is_none());
    assert_eq!(case.outcome(), Some((Stage::Agreed, at("12-11T09:00"))));
    assert!(case.steps.iter().all(|placed| placed.fit == Fit::Moves));
}

#[test]
fn what_does_not_follow_or_is_not_whole_is_refused() {
    let mut replica = registered(Mode::Clinic);
    let refused =
        |replica: &Replica, step_: Step| step(&name(), replica.view(&name()), step_).unwrap_err();
    let blank = |stage| Step {
        note: " ".to_owned(),
        by: String::new(),
        ..a_step(9, stage, "12-01T08:00")
    };
    let early = refused(&replica, a_step(9, Stage::Agreed, "12-01T08:00"));
    assert_eq!(early.text().zh, "案件现在是“已登记”，不能改为“已达成协议”");
    assert_eq!(early.to_string(), "what is registered cannot be agreed");
    assert_eq!(
        refused(&replica, blank(Stage::Declined)).text().zh,
        "还缺说明"
    );
    assert_eq!(
        give(&mut replica, 1, "张三", "12-01T08:00"),
        Err(MediationError::Party("张三".to_owned()))
    );
    go(&mut replica, 1, Stage::Accepted, "12-01T08:00");
    assert_eq!(
        refused(&replica, blank(Stage::Assigned)).text().zh,
        "还缺调解员"
    );
    give(&mut replica, 2, "周敏", "12-01T09:00").unwrap();
    assert_eq!(
        refused(&replica, a_step(9, Stage::Agreed, "12-01T10:00")).to_string(),
        "an agreement on the record is needed"
    );
    let long = Step {
        note: "长".repeat(501),
        ..a_step(9, Stage::Mediating, "12-01T10:00")
    };
    assert!(matches!(
        refused(&replica, long),
        MediationError::TooLong { max: 500, .. }
    ));
    let nowhere = Case {
        case: "第 1 号".to_owned(),
        ..case(Mode::Clinic, "12-01T08:00")
    };
    assert_eq!(
        register(nowhere),
        Err(MediationError::Code("第 1 号".to_owned()))
    );
}

#[test]
fn whoever_was_taken_off_a_case_is_on_it_again_when_it_is_given_to_them() {
    let mut replica = registered(Mode::Consultation);
    give(&mut replica, 1, "周敏", "12-01T09:00").unwrap();
    give(&mut replica, 3, "王强", "12-01T10:00").unwrap();
    let names = |replica: &Replica| -> Vec<String> {
        let case = of(replica);
        case.mediators.iter().map(|of| of.name.clone()).collect()
    };
    assert_eq!(names(&replica), ["周敏", "王强"]);
    let off = Mediator::id_of(&key("keyun"), "c-1", "周敏");
    let now = at("12-01T11:00");
    replica.apply(&[Edit::remove(&name(), Collection::Mediators, off, now)]);
    assert_eq!(names(&replica), ["王强"]);
    give(&mut replica, 5, "周敏", "12-01T12:00").unwrap();
    assert_eq!(names(&replica), ["周敏", "王强"]);
}

/// 1 January 2027 is off, Sunday 6 December 2026 is worked.
fn calendar() -> WorkCalendar {
    let day = |date, kind| CalendarDay {
        id: CalendarDay::id_of(date),
        date: Some(date),
        kind,
        name: String::new(),
        removed_at: None,
    };
    WorkCalendar::new(&[
        day(date(2027, 1, 1), DayKind::Holiday),
        day(date(2026, 12, 6), DayKind::Workday),
    ])
}

fn due(replica: &Replica) -> String {
    match of(replica).deadline(&calendar()) {
        Some(deadline) => format!("{:?} {}", deadline.duty, deadline.due),
        None => "-".to_owned(),
    }
}

#[test]
fn what_is_due_follows_from_the_mode_the_stage_and_the_calendar() {
    let mut replica = registered(Mode::Clinic);
    assert_eq!(due(&replica), "Accept 2026-12-03T23:59:59");
    go(&mut replica, 1, Stage::Accepted, "12-03T11:00");
    assert_eq!(due(&replica), "Assign 2026-12-04T23:59:59");
    give(&mut replica, 2, "周敏", "12-04T09:00").unwrap();
    // Friday the fourth, the Sunday that is worked, then Monday to Wednesday.
    assert_eq!(due(&replica), "Conclude 2026-12-09T23:59:59");
    let extended = [("extended_to", "2026-12-20")];
    let record = Case::id_of(&key("keyun"), "c-1");
    replica.set(&name(), Collection::Case, record, &extended);
    assert_eq!(due(&replica), "Conclude 2026-12-20T23:59:59");
    replica.set(
        &name(),
        Collection::Case,
        record,
        &[("extended_to", "2026-12-05")],
    );
    assert_eq!(due(&replica), "Conclude 2026-12-09T23:59:59");
    replica.apply(&agreement(true).create(&name()));
    go(&mut replica, 5, Stage::Agreed, "12-18T16:00");
    // New Year's Day is no working day.
    assert_eq!(due(&replica), "Refer 2027-01-04T23:59:59");
    go(&mut replica, 6, Stage::Referred, "12-21T09:00");
    assert_eq!(due(&replica), "-");
    replica.set(
        &name(),
        Collection::Agreements,
        id(200),
        &[("due", "2027-02-01")],
    );
    go(&mut replica, 7, Stage::Ratified, "12-22T09:00");
    assert_eq!(due(&replica), "Close 2027-02-15T23:59:59");
    go(&mut replica, 8, Stage::Closed, "12-23T09:00");
    assert_eq!(due(&replica), "-");
}

#[test]
fn an_emergency_is_due_by_the_hour_and_taken_up_with_its_mediator() {
    let mut replica = registered(Mode::Emergency);
    assert_eq!(due(&replica), "Accept 2026-11-30T12:00:00");
    let late = |replica: &Replica, now| of(replica).overdue(&calendar(), at(now)).is_some();
    assert!(!late(&replica, "11-30T12:00") && late(&replica, "11-30T12:01"));
    give(&mut replica, 1, "周敏", "11-30T23:00").unwrap();
    let case = of(&replica);
    let taken: Vec<(Stage, &str)> = case
        .counting()
        .map(|of| (of.stage, of.by.as_str()))
        .collect();
    assert_eq!(
        taken,
        [(Stage::Accepted, "孙平"), (Stage::Assigned, "周敏")]
    );
    assert_eq!(due(&replica), "Conclude 2026-12-02T23:59:59");
}

#[test]
fn what_cannot_be_told_is_never_late() {
    let mut replica = registered(Mode::Clinic);
    let record = Case::id_of(&key("keyun"), "c-1");
    replica.set(&name(), Collection::Case, record, &[("received", "昨天")]);
    assert_eq!(due(&replica), "-");
}

#[test]
fn outcomes_that_were_written_apart_end_the_same_on_every_replica() {
    let mut one = registered(Mode::Clinic);
    give(&mut one, 1, "周敏", "12-01T09:00").unwrap();
    one.apply(&agreement(false).create(&name()));
    let mut other = Replica::numbered(2);
    other.receive(one.changes());
    go(&mut one, 9, Stage::Agreed, "12-02T09:00");
    go(&mut other, 3, Stage::Failed, "12-02T08:00");
    give_apart(&mut other, "王强");
    one.merge(&mut other);
    let seen = |replica: &Replica| -> Vec<(Stage, Fit)> {
        let steps = of(replica).steps;
        steps.iter().map(|of| (of.step.stage, of.fit)).collect()
    };
    assert_eq!(seen(&one), seen(&other));
    assert_eq!(
        seen(&one)[2..],
        [(Stage::Agreed, Fit::Moves), (Stage::Failed, Fit::Illegal)]
    );
    assert_eq!(of(&one), of(&other));
    assert_eq!(of(&one).mediators.len(), 2);
}

/// Adds a mediator without a step, as an import does.
fn give_apart(replica: &mut Replica, name_: &str) {
    let mediator = Mediator {
        id: Mediator::id_of(&key("keyun"), "c-1", name_),
        site: key("keyun"),
        case: "c-1".to_owned(),
        name: name_.to_owned(),
        post: String::new(),
        of: None,
        person: None,
        note: String::new(),
        removed_at: None,
    };
    replica.apply(&mediator.create(&name()));
}

/// Three sites, one below the other, with two on duty at the middle one and one at the top.
fn rota() -> Replica {
    let mut replica = Replica::numbered(3);
    for (site, parent) in [("hub", ""), ("home", "hub"), ("keyun", "home")] {
        let fields = [
            ("key", site),
            ("name", site),
            ("level", "home"),
            ("parent", parent),
        ];
        let record = Site::id_of(&key(site));
        replica.set(&Name::Sites, Collection::Sites, record, &fields);
    }
    for (n, site, who, post, start, end) in [
        (1, "home", "周敏", "仲裁员", "12-01T08:00", "12-01T20:00"),
        (2, "home", "王强", "法官", "12-01T08:00", "12-01T18:00"),
        (3, "home", "李超", "前台", "12-01T08:00", "12-01T20:00"),
        (
            4,
            "hub",
            "赵律师",
            "法律援助律师",
            "12-01T20:00",
            "12-02T08:00",
        ),
        (
            5,
            "keyun",
            "陈静",
            "心理咨询师",
            "12-02T08:00",
            "12-02T12:00",
        ),
    ] {
        let (start, end) = (format!("2026-{start}"), format!("2026-{end}"));
        let fields = [
            ("site", site),
            ("name", who),
            ("post", post),
            ("start", &start),
            ("end", &end),
            ("state", "planned"),
        ];
        replica.set(&roster(site, "2026-12"), Collection::Shifts, id(n), &fields);
    }
    replica
}

fn names_on_duty(replica: &Replica, when: &str, load: &BTreeMap<String, usize>) -> Vec<String> {
    let directory = Directory::new(replica.view(&Name::Sites));
    let rosters = replica.documents.iter();
    let rosters = rosters.map(|(name, document)| (name, document.view()));
    let found = on_duty(rosters, &directory, &key("keyun"), at(when), load);
    found
        .iter()
        .map(|of| format!("{} {}", of.name, of.site))
        .collect()
}

#[test]
fn who_is_on_duty_is_the_nearest_with_the_fewest_cases() {
    let mut replica = rota();
    let none = BTreeMap::new();
    // By name, where nothing else tells them apart; nobody at the front desk mediates.
    assert_eq!(
        names_on_duty(&replica, "12-01T10:00", &none),
        ["周敏 home", "王强 home"]
    );
    let busy = [("周敏".to_owned(), 2)].into_iter().collect();
    assert_eq!(
        names_on_duty(&replica, "12-01T10:00", &busy),
        ["王强 home", "周敏 home"]
    );
    assert_eq!(
        names_on_duty(&replica, "12-02T03:00", &none),
        ["赵律师 hub"]
    );
    assert_eq!(
        names_on_duty(&replica, "12-02T08:00", &none),
        ["陈静 keyun"]
    );
    assert_eq!(names_on_duty(&replica, "12-02T12:00", &none), [""; 0]);
    // Once the network says which posts mediate, names tell nothing any more.
    let post = crate::records::Post::id_of("前台");
    replica.set(&Name::Sites, Collection::Posts, post, &[("name", "前台")]);
    replica.apply(&[Edit::set(
        &Name::Sites,
        Collection::Posts,
        post,
        "mediates",
        true,
    )]);
    assert_eq!(names_on_duty(&replica, "12-01T10:00", &none), ["李超 home"]);
}

#[test]
fn open_cases_weigh_on_those_who_mediate_them() {
    let mut replica = registered(Mode::Clinic);
    give(&mut replica, 1, "周敏", "12-01T09:00").unwrap();
    assert_eq!(load([&of(&replica)]).get("周敏"), Some(&1));
    go(&mut replica, 3, Stage::Failed, "12-02T09:00");
    assert!(load([&of(&replica)]).is_empty());
}

fn referral(to: &str) -> Referral {
    Referral {
        id: id(0),
        site: key("nowhere"),
        case: String::new(),
        kind: ReferralKind::Court,
        to: String::new(),
        to_site: Some(key(to)),
        sent: at("12-02T09:00"),
        reference: String::new(),
        note: "当事人在你处".to_owned(),
        removed_at: None,
    }
}

#[test]
fn a_case_that_is_handed_to_a_site_is_told_to_it_and_to_nobody_else() {
    let mut replica = registered(Mode::Clinic);
    let edits = share(&name(), &of(&replica), referral("jiefang-1")).unwrap();
    replica.apply(&edits);
    let told: Vec<Name> = replica.documents.keys().cloned().collect();
    let [pointer, own] = told.as_slice() else {
        panic!("two documents: {told:?}");
    };
    assert_eq!(*own, name());
    assert!(pointer.to_string().starts_with("cases/jiefang-1/"));
    let view = replica.view(pointer);
    assert_eq!(shared_with(pointer, view), Some(name()));
    assert!(proceedings(view).is_none());
    let note = view.present::<Referral>().next().unwrap().0.note.clone();
    assert_eq!(note, "", "what it is about is told in the case alone");
    assert_eq!(shared_with(&name(), replica.view(&name())), None);

    let again = share(&name(), &of(&replica), referral("jiefang-1"));
    assert_eq!(again, Err(MediationError::Shared(key("jiefang-1"))));
    let own = share(&name(), &of(&replica), referral("keyun"));
    assert_eq!(own, Err(MediationError::Shared(key("keyun"))));
    let nobody = Referral {
        to_site: None,
        ..referral("keyun")
    };
    assert!(share(&name(), &of(&replica), nobody).is_err());
}

#[test]
fn a_forged_pointer_leads_nowhere() {
    let mut replica = registered(Mode::Clinic);
    replica.apply(&share(&name(), &of(&replica), referral("jiefang-1")).unwrap());
    let pointer = replica.documents.keys().next().unwrap().clone();
    let view = replica.view(&pointer);
    let elsewhere: Name = "cases/jiefang-1/c-9".parse().unwrap();
    assert_eq!(shared_with(&elsewhere, view), None);
    assert_eq!(shared_with(&Name::Sites, view), None);
}

#[test]
fn a_case_counts_where_it_came_in_and_where_it_ended() {
    let mut replica = registered(Mode::Clinic);
    let calendar = calendar();
    give(&mut replica, 1, "周敏", "11-30T12:00").unwrap();
    let mut tally = Tally::default();
    tally.receive(&of(&replica).counted(), &calendar, at("12-08T00:00"));
    tally.conclude(&of(&replica).counted(), &calendar);
    // Five working days from Monday on, the Sunday that is worked among them.
    assert_eq!((tally.open, tally.overdue, tally.concluded()), (1, 1, 0));
    assert_eq!((tally.people, tally.claimed), (2, 1_200_050));

    replica.apply(&agreement(true).create(&name()));
    go(&mut replica, 3, Stage::Agreed, "12-07T09:00");
    go(&mut replica, 4, Stage::Referred, "12-08T09:00");
    go(&mut replica, 5, Stage::Ratified, "12-09T09:00");
    let case = of(&replica);
    assert_eq!(
        case.cycle(&calendar),
        Some(Cycle {
            days: 7,
            working_days: 6
        })
    );
    let mut tally = Tally::default();
    tally.conclude(&case.counted(), &calendar);
    assert_eq!(
        (tally.received, tally.agreed, tally.secured),
        (0, 1, 1_000_000)
    );
    assert_eq!((tally.referred, tally.ratified), (1, 1));
    assert_eq!(tally.success_permille(), Some(1000));
    tally.failed = 2;
    assert_eq!(tally.success_permille(), Some(333));
    assert_eq!(Tally::default().confirmation_permille(), None);
}

#[test]
fn codes_name_documents_and_differ_with_the_random_bytes() {
    let day = date(2026, 12, 3);
    let one = code(day, [7; 16]);
    assert!(one.starts_with("20261203-") && one.len() == 19, "{one}");
    assert!(Name::case(key("keyun"), &one).is_some());
    assert_ne!(one, code(day, [8; 16]));
}
