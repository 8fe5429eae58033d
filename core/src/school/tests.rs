//! Goal: whoever holds the same documents gives the same answers about a school, and what two computers enter apart is one thing.
//!
//! Method: records set as people set them, on replicas that merge; answers compared as small tables.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod contests;
mod credentials;
mod public;

use jiff::civil::{DateTime, date};
use proptest::prelude::*;

use super::*;
use crate::document::{Name, SiteKey};
use crate::records::{
    Certificate, Collection, Contest, ContestEntry, Course, CourseSession, Edit, Enrolment,
    RecordId, RecordKind, Typed, Value,
};
use crate::rules::replica::{Replica, key};

pub(super) const NOW: DateTime = date(2026, 12, 10).at(12, 0, 0, 0);

pub(super) fn courses() -> Name {
    Name::Courses { site: key("keyun") }
}

pub(super) fn document() -> Name {
    Name::School { site: key("keyun") }
}

pub(super) fn first_aid() -> RecordId {
    Course::id_of(&key("keyun"), "急救员第3期")
}

/// Sets a record of a kind whose id follows from its fields.
pub(super) fn put(
    replica: &mut Replica,
    document: &Name,
    kind: &RecordKind,
    fields: &[(&str, Value)],
) -> RecordId {
    let all = fields
        .iter()
        .map(|(field, value)| ((*field).to_owned(), value.clone()));
    let record = kind.own_id(&all.collect()).unwrap();
    let edits: Vec<Edit> = fields
        .iter()
        .map(|(field, value)| Edit::set(document, kind.collection, record, field, value.clone()))
        .collect();
    replica.apply(&edits);
    record
}

/// A course of three lessons that leads to a certificate.
fn course(replica: &mut Replica, fields: &[(&str, Value)]) {
    let own = [
        ("site", "keyun".into()),
        ("name", "急救员第3期".into()),
        ("certificate", "急救员证".into()),
    ];
    let own: Vec<(&str, Value)> = own.into_iter().chain(fields.iter().cloned()).collect();
    put(replica, &courses(), &Course::KIND, &own);
    replica.hold(&document());
    for (name, day) in [("第一课", "07"), ("第二课", "08"), ("第三课", "14")] {
        lesson(replica, name, day);
    }
}

fn lesson(replica: &mut Replica, name: &str, day: &str) -> RecordId {
    let fields = [
        ("course", first_aid().to_string().into()),
        ("name", name.into()),
        ("start", format!("2026-12-{day}T19:00").into()),
        ("end", format!("2026-12-{day}T21:00").into()),
    ];
    put(replica, &courses(), &CourseSession::KIND, &fields)
}

fn enrolled(replica: &mut Replica, name: &str, phone: &str, confirmed_by: &str) -> RecordId {
    let fields = [
        ("course", first_aid().to_string().into()),
        ("name", name.into()),
        ("phone", phone.into()),
        ("confirmed_by", confirmed_by.into()),
    ];
    put(replica, &document(), &Enrolment::KIND, &fields)
}

fn attended(replica: &mut Replica, name: &str, lesson: &str, state: &str) {
    let session = CourseSession::KIND.natural_id(&[&first_aid().to_string(), lesson]);
    let fields = [
        ("session", session.to_string().into()),
        ("name", name.into()),
        ("state", state.into()),
    ];
    put(
        replica,
        &document(),
        &crate::records::Attendance::KIND,
        &fields,
    );
}

fn assessed(replica: &mut Replica, name: &str, phone: &str, day: &str, more: &[(&str, Value)]) {
    let own = [
        ("course", first_aid().to_string().into()),
        ("name", name.into()),
        ("phone", phone.into()),
        ("on", format!("2026-12-{day}").into()),
    ];
    let fields: Vec<(&str, Value)> = own.into_iter().chain(more.iter().cloned()).collect();
    put(
        replica,
        &document(),
        &crate::records::Assessment::KIND,
        &fields,
    );
}

fn look<T>(replica: &Replica, look: impl FnOnce(&Class<'_>) -> T) -> T {
    let (site, hub) = (key("keyun"), key("hub"));
    let [courses, school] = [courses(), document()].map(|name| Some(replica.view(&name)));
    let school = School::new(&site, courses, school, Some(&hub));
    look(school.class(first_aid()).unwrap())
}

/// Who has which seat, in turn.
fn seats(replica: &Replica) -> Vec<(String, Seat)> {
    look(replica, |class| {
        let seat = |one: &Enrolled<'_>| (one.enrolment.name.clone(), one.seat);
        class.in_turn().map(seat).collect()
    })
}

#[test]
fn promised_seats_come_first_and_then_whoever_enrolled_first() {
    let mut replica = Replica::numbered(1);
    course(&mut replica, &[("capacity", Value::Int(2))]);
    for name in ["甲", "乙", "丙", "丁"] {
        enrolled(&mut replica, name, "", "");
    }
    let seat = |name: &str, seat| (name.to_owned(), seat);
    let first = seats(&replica);
    assert_eq!(
        first,
        [
            seat("甲", Seat::Granted),
            seat("乙", Seat::Granted),
            seat("丙", Seat::Waiting { position: 1 }),
            seat("丁", Seat::Waiting { position: 2 }),
        ]
    );
    // The hub promises one to somebody who waits, and a stranger's promise does not count.
    let confirm = |replica: &mut Replica, name: &str, by: &str| {
        let enrolment = Enrolment::id_of(first_aid(), name, "");
        let fields = [("confirmed_by", by)];
        replica.set(&document(), Collection::Enrolments, enrolment, &fields);
    };
    confirm(&mut replica, "丁", "hub/主任");
    confirm(&mut replica, "丙", "jiefang-1/李超");
    let second = seats(&replica);
    assert_eq!(
        second,
        [
            seat("丁", Seat::Confirmed),
            seat("甲", Seat::Granted),
            seat("乙", Seat::Waiting { position: 1 }),
            seat("丙", Seat::Waiting { position: 2 }),
        ]
    );
    // Whoever gives up makes room, and every promise stands.
    let enrolment = Enrolment::id_of(first_aid(), "甲", "");
    let fields = [("state", "withdrawn")];
    replica.set(&document(), Collection::Enrolments, enrolment, &fields);
    confirm(&mut replica, "丙", "keyun/孙平");
    confirm(&mut replica, "乙", "keyun/孙平");
    let third = seats(&replica);
    let stand = third.iter().filter(|(_, seat)| *seat == Seat::Confirmed);
    assert_eq!(stand.count(), 3, "{third:?}");
    assert_eq!(look(&replica, |class| class.free()), Some(0));
}

#[test]
fn what_two_computers_enter_apart_is_one_thing() {
    let (mut one, mut other) = (Replica::numbered(1), Replica::numbered(2));
    for (replica, phone) in [(&mut one, "138 0000 1111"), (&mut other, "+86 13800001111")] {
        course(replica, &[("capacity", Value::Int(9))]);
        enrolled(replica, "王芳", phone, "");
        attended(replica, "王芳", "第一课", "present");
        assessed(
            replica,
            "王芳",
            phone,
            "09",
            &[("score", Value::Float(88.0))],
        );
    }
    one.merge(&mut other);
    for replica in [&one, &other] {
        look(replica, |class| {
            assert_eq!(class.enrolled().count(), 1);
            let wang = class.find("王 芳", "13800001111").unwrap();
            assert_eq!((wang.attendance.len(), wang.assessments.len()), (1, 1));
            assert_eq!(class.strays(), []);
        });
    }
    assert_eq!(seats(&one), seats(&other));
}

proptest! {
    #[test]
    fn replicas_seat_alike_whatever_they_wrote_apart(
        acts in prop::collection::vec((0_usize..3, 0_usize..5, any::<bool>()), 1..12),
    ) {
        let mut replicas: Vec<Replica> = (1..=3).map(Replica::numbered).collect();
        course(&mut replicas[0], &[("capacity", Value::Int(2))]);
        for at in 1..3 {
            let changes = replicas[0].changes();
            replicas[at].receive(changes);
        }
        for (at, who, confirms) in acts {
            let name = ["甲", "乙", "丙", "丁", "戊"][who];
            let by = if confirms { "keyun/孙平" } else { "" };
            enrolled(&mut replicas[at], name, "", by);
        }
        let all: Vec<_> = replicas.iter().map(Replica::changes).collect();
        for replica in &mut replicas {
            for changes in &all {
                replica.receive(changes.clone());
            }
        }
        let seated = seats(&replicas[0]);
        prop_assert_eq!(&seated, &seats(&replicas[1]));
        prop_assert_eq!(&seated, &seats(&replicas[2]));
        let granted = seated.iter().filter(|(_, seat)| *seat == Seat::Granted).count();
        let promised = seated.iter().filter(|(_, seat)| *seat == Seat::Confirmed).count();
        prop_assert!(granted <= 2_usize.saturating_sub(promised));
        // Nobody waits while a seat is free.
        let waiting = seated.len() - granted - promised;
        prop_assert!(waiting == 0 || granted + promised >= 2);
    }
}

#[test]
fn names_lead_to_enrolments_as_far_as_they_can() {
    let mut replica = Replica::numbered(1);
    course(&mut replica, &[]);
    let wang = enrolled(&mut replica, "王芳", "13800001111", "");
    let first = enrolled(&mut replica, "李伟", "13900002222", "");
    let second = enrolled(&mut replica, "李伟", "13900003333", "");
    look(&replica, |class| {
        let found = |name, phone| class.find(name, phone).map(|one| one.enrolment.id);
        assert_eq!(found("王芳", ""), Some(wang));
        assert_eq!(found("王 芳", "138-0000-1111"), Some(wang));
        // Another number is another person.
        assert_eq!(found("王芳", "13700000000"), None);
        assert_eq!(found("李伟", ""), None);
        assert_eq!(found("李伟", "13900002222"), Some(first));
        assert_eq!(found("李伟", "13900003333"), Some(second));
        assert_eq!(class.twice().count(), 0);
        assert_eq!(class.free(), None);
        assert_eq!(class.seated(), 3);
    });
    enrolled(&mut replica, "王芳", "", "");
    look(&replica, |class| {
        let twice: Vec<usize> = class.twice().map(|one| one.len()).collect();
        assert_eq!(twice, [2]);
        // Who says no number is the one that says none.
        assert_eq!(
            class.find("王芳", "13800001111").unwrap().enrolment.id,
            wang
        );
    });
}

#[test]
fn attendance_counts_lessons_that_are_over_and_in_which_it_was_noted() {
    let mut replica = Replica::numbered(1);
    course(&mut replica, &[]);
    for name in ["甲", "乙", "丙"] {
        enrolled(&mut replica, name, "", "");
    }
    attended(&mut replica, "甲", "第一课", "present");
    attended(&mut replica, "乙", "第一课", "leave");
    let shares = |replica: &Replica| {
        look(replica, |class| {
            let share = |name| {
                let attended = class.attended(class.find(name, "").unwrap(), NOW);
                (attended.there, attended.held, attended.permille())
            };
            ["甲", "乙", "丙"].map(share)
        })
    };
    assert_eq!(
        shares(&replica),
        [(1, 1, Some(1000)), (0, 1, Some(0)), (0, 1, Some(0))]
    );
    attended(&mut replica, "丙", "第二课", "late");
    // To come, and noted all the same.
    attended(&mut replica, "丙", "第三课", "present");
    assert_eq!(
        shares(&replica),
        [(1, 2, Some(500)), (0, 2, Some(0)), (1, 2, Some(500))]
    );
    // Nobody enrolled under that name.
    attended(&mut replica, "路人", "第二课", "present");
    look(&replica, |class| assert_eq!(class.strays().len(), 1));
}

#[test]
fn whoever_passed_and_was_there_is_certified() {
    let mut replica = Replica::numbered(1);
    let rules = [
        ("attendance", Value::Int(80)),
        ("valid_months", Value::Int(24)),
        ("capacity", Value::Int(3)),
    ];
    course(&mut replica, &rules);
    for name in ["甲", "乙", "丙", "丁"] {
        enrolled(&mut replica, name, "", "");
    }
    attended(&mut replica, "甲", "第一课", "present");
    attended(&mut replica, "乙", "第一课", "absent");
    assessed(&mut replica, "甲", "", "08", &[("score", Value::Int(59))]);
    assessed(&mut replica, "甲", "", "09", &[("score", Value::Int(60))]);
    assessed(
        &mut replica,
        "乙",
        "",
        "09",
        &[("result", "passed".into()), ("score", Value::Int(1))],
    );
    assessed(&mut replica, "丁", "", "09", &[("score", Value::Int(99))]);
    let day = NOW.date();
    look(&replica, |class| {
        let certified = |name| certify(class, class.find(name, "").unwrap(), day, "孙平");
        let of = certified("甲").unwrap();
        assert_eq!(
            (of.issued_on, of.expires_on),
            (Some(day), Some(date(2028, 12, 10)))
        );
        assert_eq!(
            (of.certificate.as_str(), of.number.as_str()),
            ("急救员证", "")
        );
        assert_eq!(of.shown_number(), of.id.to_string()[..8]);
        let refused = ["乙", "丙", "丁"].map(|name| certified(name).unwrap_err().text().zh);
        assert_eq!(
            refused,
            [
                "乙 1 次课到了 0 次，达不到 80% 的出勤率",
                "丙 还没有考核",
                "丁 在这门课没有名额",
            ]
        );
        assert_eq!(
            class.verdict(class.find("甲", "").unwrap()),
            Verdict::Passed
        );
        assert_eq!(class.verdict(class.find("丙", "").unwrap()), Verdict::Open);
    });
    assessed(&mut replica, "丙", "", "09", &[("result", "failed".into())]);
    look(&replica, |class| {
        let refused = certify(class, class.find("丙", "").unwrap(), day, "");
        assert_eq!(refused.unwrap_err().text().en, "丙 has not passed");
    });
}

#[test]
fn the_next_course_has_room_and_has_not_begun() {
    let mut replica = Replica::numbered(1);
    let other = |replica: &mut Replica, name: &str, fields: &[(&str, Value)]| {
        let own = [
            ("site", "keyun".into()),
            ("name", name.into()),
            ("certificate", "急救员证".into()),
        ];
        let fields: Vec<(&str, Value)> = own.into_iter().chain(fields.iter().cloned()).collect();
        put(replica, &courses(), &Course::KIND, &fields)
    };
    // This one has begun.
    course(&mut replica, &[]);
    let next = |replica: &Replica| {
        let site = key("keyun");
        let [courses, school] = [courses(), document()].map(|name| Some(replica.view(&name)));
        let school = School::new(&site, courses, school, None);
        let next = next_course([&school], "急救员证", NOW);
        next.map(|next| next.class.course.name.clone())
    };
    assert_eq!(next(&replica), None);
    let unplanned = other(&mut replica, "急救员第9期", &[("capacity", Value::Int(1))]);
    assert_eq!(next(&replica).as_deref(), Some("急救员第9期"));
    let full = other(&mut replica, "急救员第4期", &[("capacity", Value::Int(1))]);
    other(&mut replica, "急救员第5期", &[("state", "closed".into())]);
    other(
        &mut replica,
        "急救员第6期",
        &[("enrol_until", "2026-12-09".into())],
    );
    other(
        &mut replica,
        "电工第1期",
        &[("certificate", "电工证".into())],
    );
    for (course, day) in [(full, "20"), (unplanned, "30")] {
        let fields = [
            ("course", course.to_string().into()),
            ("name", "第一课".into()),
            ("start", format!("2026-12-{day}T19:00").into()),
            ("end", format!("2026-12-{day}T21:00").into()),
        ];
        put(&mut replica, &courses(), &CourseSession::KIND, &fields);
    }
    assert_eq!(next(&replica).as_deref(), Some("急救员第4期"));
    let fields = [("course", full.to_string().into()), ("name", "甲".into())];
    put(&mut replica, &document(), &Enrolment::KIND, &fields);
    assert_eq!(next(&replica).as_deref(), Some("急救员第9期"));
}

#[test]
fn a_proof_survives_printing_and_no_change() {
    let network = "jiaozuo".parse().unwrap();
    let site: SiteKey = key("keyun");
    let mut replica = Replica::numbered(1);
    let fields = [
        ("course", first_aid().to_string().into()),
        ("name", "王芳".into()),
        ("phone", "13800001111".into()),
        ("certificate", "急救员证".into()),
        ("issued_on", "2026-12-10".into()),
        ("expires_on", "2028-12-10".into()),
    ];
    let id = put(&mut replica, &document(), &Certificate::KIND, &fields);
    let certificate: Certificate = replica.view(&document()).get(id).cloned().unwrap();
    let proof = Proof::of(&network, &site, &certificate).unwrap();
    let text = proof.to_string();
    assert_eq!(
        text.lines().take(3).collect::<Vec<_>>(),
        ["YILIAN-CERT 1 jiaozuo keyun", "急救员证", "王芳"]
    );
    assert!(!text.contains("1380000"), "{text}");
    assert_eq!(text.parse::<Proof>(), Ok(proof.clone()));
    // However it comes off a telephone.
    let sent = text.replace('\n', "\r\n\r\n ").to_uppercase();
    let spaced = text.replace('\n', "\r\n\r\n ");
    assert_eq!(spaced.parse::<Proof>(), Ok(proof.clone()));
    assert!(sent.parse::<Proof>().is_err());
    for (from, to) in [("王芳", "王方"), ("2028", "2038"), ("急救员证", "电工证")] {
        let forged = text.replace(from, to);
        assert_eq!(forged.parse::<Proof>(), Err(ParseProofError::Sum), "{to}");
    }
    assert_eq!("王芳".parse::<Proof>(), Err(ParseProofError::Form));
    assert!(proof.covers(date(2028, 12, 10)) && !proof.covers(date(2028, 12, 11)));
    // Where the school is held, the record decides; and whoever knows the form can make a code that only the record tells from one.
    let view = replica.view(&document());
    assert_eq!(proof.agrees(view).map(|one| one.id), Some(id));
    let forged = Proof {
        name: "张三".to_owned(),
        ..proof
    };
    assert_eq!(forged.to_string().parse::<Proof>(), Ok(forged.clone()));
    assert_eq!(forged.agrees(view), None);
}

#[test]
fn contests_are_told_apart_by_site() {
    let (one, other) = (key("keyun"), key("jiefang-1"));
    assert_ne!(Contest::id_of(&one, "急救"), Contest::id_of(&other, "急救"));
    let contest = Contest::id_of(&one, "急救");
    assert_ne!(
        ContestEntry::id_of(contest, "甲", Some(&one)),
        ContestEntry::id_of(contest, "甲", None)
    );
}
