use jiff::civil::DateTime;

use super::super::calendar::session_events;
use super::super::school::{by_course, by_learner, expiring, standings};
use super::*;
use crate::records::{
    Assessment, Attendance, Certificate, Contest, ContestEntry, Course, CourseSession, Enrolment,
    Qualification, RecordKind, Typed, Venue,
};

fn school() -> Name {
    Name::School { site: key("keyun") }
}

fn courses() -> Name {
    Name::Courses { site: key("keyun") }
}

fn course() -> RecordId {
    Course::id_of(&key("keyun"), "急救员第3期")
}

fn now() -> DateTime {
    "2026-12-20T12:00".parse().unwrap()
}

fn known(replica: &mut Replica, document: &Name, kind: &RecordKind, fields: &[(&str, Value)]) {
    let all = fields
        .iter()
        .map(|(field, value)| ((*field).to_owned(), value.clone()));
    let record = kind.own_id(&all.collect()).unwrap();
    put(replica, document, kind.collection, record, fields);
}

fn of_course(replica: &mut Replica, kind: &RecordKind, name: &str, more: &[(&str, Value)]) {
    let own = [
        ("course", course().to_string().into()),
        ("name", name.into()),
    ];
    let fields: Vec<(&str, Value)> = own.into_iter().chain(more.iter().cloned()).collect();
    known(
        replica,
        &crate::school::document(&key("keyun"), kind.collection),
        kind,
        &fields,
    );
}

/// A course of two lessons, three who enrolled for two seats, and one who passed.
fn taught() -> Replica {
    let mut replica = network();
    let of = &mut replica;
    let fields = [
        ("site", "keyun".into()),
        ("name", "急救员第3期".into()),
        ("certificate", "急救员证".into()),
        ("capacity", Value::Int(2)),
        ("teacher", "郭洋".into()),
    ];
    known(of, &courses(), &Course::KIND, &fields);
    let venue = Venue::id_of(&key("keyun"), "教室");
    let fields = [("site", "keyun"), ("name", "教室")];
    of.set(&Name::Sites, Collection::Venues, venue, &fields);
    for (name, day, venue) in [
        ("第一课", "07", venue.to_string()),
        ("第二课", "14", String::new()),
    ] {
        let fields = [
            ("start", format!("2026-12-{day}T19:00").into()),
            ("end", format!("2026-12-{day}T21:00").into()),
            ("venue", venue.into()),
        ];
        of_course(of, &CourseSession::KIND, name, &fields);
    }
    for (name, more) in [
        ("孙平", vec![]),
        ("李超", vec![("home", "jiefang-1".into())]),
    ] {
        of_course(of, &Enrolment::KIND, name, &more);
    }
    of_course(of, &Enrolment::KIND, "路人", &[]);
    for (name, lesson, state) in [
        ("孙平", "第一课", "present"),
        ("孙平", "第二课", "late"),
        ("李超", "第一课", "absent"),
    ] {
        let session = CourseSession::KIND.natural_id(&[&course().to_string(), lesson]);
        let fields = [
            ("session", session.to_string().into()),
            ("name", name.into()),
            ("state", state.into()),
        ];
        known(of, &school(), &Attendance::KIND, &fields);
    }
    for (name, score) in [("孙平", 90), ("李超", 50)] {
        let fields = [("on", "2026-12-15".into()), ("score", Value::Int(score))];
        of_course(of, &Assessment::KIND, name, &fields);
    }
    let fields = [
        ("certificate", "急救员证".into()),
        ("number", "JZ-001".into()),
        ("issued_on", "2026-12-16".into()),
        ("expires_on", "2028-12-16".into()),
    ];
    of_course(of, &Certificate::KIND, "孙平", &fields);
    replica
}

#[test]
fn courses_are_counted_with_seats_attendance_and_passes() {
    let replica = taught();
    let report = with_documents(&replica, |all| by_course(all, december(), None, now()));
    let columns: Vec<&str> = report.columns.iter().map(|column| column.name).collect();
    assert_eq!(
        columns.join(" "),
        "site course certificate sessions seats enrolled waiting attendance assessed passed pass_rate certified"
    );
    assert_eq!(
        lines(&report),
        [
            // Two of four lessons that two learners should have been in; one of two passed.
            "keyun 急救员第3期 急救员证 2 2 2 1 50.0 2 1 50.0 1",
            "total - - 2 2 2 1 50.0 2 1 50.0 1",
        ]
    );
    let early = Period::new(date(2026, 12, 1), date(2026, 12, 7)).unwrap();
    let report = with_documents(&replica, |all| by_course(all, early, None, now()));
    assert_eq!(shown(&report.rows[0][3]), "1");
    let other = Some(key("jiefang-1"));
    let report = with_documents(&replica, |all| {
        by_course(all, december(), other.as_ref(), now())
    });
    assert_eq!(report.rows, Vec::<Vec<Cell>>::new());
    let january = Period::of_month("2027-01".parse().unwrap());
    let report = with_documents(&replica, |all| by_course(all, january, None, now()));
    assert_eq!(report.rows.len(), 0);
}

#[test]
fn a_class_list_says_how_everybody_does() {
    let replica = taught();
    let report = with_documents(&replica, |all| by_learner(all, december(), None, now()));
    assert_eq!(
        lines(&report)[..3],
        [
            "keyun 急救员第3期 孙平 - granted - 2 100.0 passed JZ-001 2028-12-16",
            "keyun 急救员第3期 李超 jiefang-1 granted - 0 0.0 failed - -",
            "keyun 急救员第3期 路人 - waiting 1 0 0.0 open - -",
        ]
    );
}

#[test]
fn certificates_that_expire_are_listed_with_what_sites_have_on_file() {
    let mut replica = taught();
    let people = Name::People { site: key("keyun") };
    let fields = [
        ("person", person("孙平", "10040886753").to_string().into()),
        ("certificate", "电工证".into()),
        ("number", "D-7".into()),
        ("expires_on", "2028-12-01".into()),
    ];
    known(&mut replica, &people, &Qualification::KIND, &fields);
    let report = |replica: &Replica, site: Option<&str>| {
        let period = Period::of_month("2028-12".parse().unwrap());
        let site = site.map(key);
        let report = with_documents(replica, |all| expiring(all, period, site.as_ref()));
        let rows = report.rows.iter();
        rows.map(|row| row.iter().map(shown).collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        report(&replica, None),
        [
            "孙平 keyun 电工证 D-7 file - 2028-12-01 -",
            "孙平 keyun 急救员证 JZ-001 school 2026-12-16 2028-12-16 -",
        ]
    );
    assert_eq!(report(&replica, Some("keyun")).len(), 2);
    assert_eq!(report(&replica, Some("jiefang-1")), [""; 0]);
    let fields = [
        ("person", person("孙平", "10040886753").to_string().into()),
        ("certificate", "电 工证".into()),
        ("issued_on", "2028-11-01".into()),
        ("expires_on", "2032-11-01".into()),
    ];
    known(&mut replica, &people, &Qualification::KIND, &fields);
    assert!(report(&replica, None)[0].ends_with("2028-12-01 yes"));
}

#[test]
fn lessons_are_events_that_say_where_and_by_whom() {
    let mut replica = taught();
    let events = |replica: &Replica| {
        with_documents(replica, |all| {
            session_events(all, &BTreeMap::new(), Some(december()), |_, _| true)
        })
    };
    let january = Period::of_month("2027-01".parse().unwrap());
    for (period, count) in [(None, 2), (Some(january), 0)] {
        let events = with_documents(&replica, |all| {
            session_events(all, &BTreeMap::new(), period, |_, _| true)
        });
        assert_eq!(events.len(), count);
    }
    let shown = events(&replica);
    let places: Vec<(&str, &str)> = shown
        .iter()
        .map(|event| (event.summary.as_str(), event.location.as_str()))
        .collect();
    assert_eq!(
        places,
        [
            ("急救员第3期 第一课", "教室，客运之家，某路1号"),
            ("急救员第3期 第二课", "客运之家，某路1号"),
        ]
    );
    assert_eq!(shown[0].description.zh, "讲师 郭洋");
    assert_eq!(shown[0].status, EventStatus::Confirmed);
    let cancelled = [("state", "cancelled")];
    replica.set(&courses(), Collection::Courses, course(), &cancelled);
    assert_eq!(events(&replica)[0].status, EventStatus::Cancelled);
}

#[test]
fn standings_are_a_table() {
    let mut replica = network();
    let contest = Contest::id_of(&key("keyun"), "急救技能赛");
    let fields = [
        ("site", "keyun".into()),
        ("name", "急救技能赛".into()),
        ("advance", Value::Int(1)),
    ];
    known(&mut replica, &school(), &Contest::KIND, &fields);
    for (name, score) in [("甲", 9.5), ("乙", 9.5), ("丙", 8.0)] {
        let fields = [
            ("contest", contest.to_string().into()),
            ("name", name.into()),
            ("score", Value::Float(score)),
        ];
        known(&mut replica, &school(), &ContestEntry::KIND, &fields);
    }
    let report = with_documents(&replica, |all| {
        let name = school();
        let view = all.view(&name).unwrap();
        let contest: &Contest = view.get(contest).unwrap();
        let entries: Vec<&ContestEntry> = view.all().map(|(entry, _)| entry).collect();
        standings(all, contest, &entries)
    });
    assert_eq!(
        lines(&report)[..3],
        [
            "1 乙 - 9.5 entered yes",
            "1 甲 - 9.5 entered yes",
            "3 丙 - 8 entered -",
        ]
    );
}
