//! The night school: duty without a certificate, seats, attendance, certificates and lessons.

mod duty;
mod public;

use super::super::replica::{key, now};
use super::super::{Holdings, Rule, findings};
use super::Case;
use crate::document::Name;
use crate::inbox::{Code, Party, send, step};
use crate::records::{
    Assessment, Attendance, Certificate, Collection, Course, CourseSession, Edit, Enrolment, Post,
    Qualification, RecordId, RecordKind, Typed, Value, Venue,
};
use crate::records::{Stage, Step, Submission, SubmissionKind};

fn school(site: &str) -> Name {
    Name::School { site: key(site) }
}

fn courses(site: &str) -> Name {
    Name::Courses { site: key(site) }
}

fn first_aid(site: &str) -> RecordId {
    Course::id_of(&key(site), "急救员第3期")
}

impl Case {
    fn put(&mut self, document: &Name, kind: &RecordKind, fields: &[(&str, Value)]) -> RecordId {
        let all = fields
            .iter()
            .map(|(field, value)| ((*field).to_owned(), value.clone()));
        let record = kind.own_id(&all.collect()).unwrap();
        let edits: Vec<Edit> = fields
            .iter()
            .map(|(field, value)| {
                Edit::set(document, kind.collection, record, field, value.clone())
            })
            .collect();
        self.apply(&edits);
        record
    }

    /// A first-aid course of a site, with a lesson on a day of December 2026.
    fn course(&mut self, site: &str, day: &str, more: &[(&str, Value)]) -> &mut Self {
        let own = [
            ("site", site.into()),
            ("name", "急救员第3期".into()),
            ("certificate", "急救员证".into()),
        ];
        let fields: Vec<(&str, Value)> = own.into_iter().chain(more.iter().cloned()).collect();
        self.put(&courses(site), &Course::KIND, &fields);
        self.replica.hold(&school(site));
        self.lesson(site, "第一课", day, "19:00", &[])
    }

    fn lesson(
        &mut self,
        site: &str,
        name: &str,
        day: &str,
        at: &str,
        more: &[(&str, Value)],
    ) -> &mut Self {
        let own = [
            ("course", first_aid(site).to_string().into()),
            ("name", name.into()),
            ("start", format!("2026-12-{day}T{at}").into()),
            ("end", format!("2026-12-{day}T21:00").into()),
        ];
        let fields: Vec<(&str, Value)> = own.into_iter().chain(more.iter().cloned()).collect();
        self.put(&courses(site), &CourseSession::KIND, &fields);
        self
    }

    fn learner(
        &mut self,
        site: &str,
        kind: &RecordKind,
        name: &str,
        more: &[(&str, Value)],
    ) -> RecordId {
        let own = [
            ("course", first_aid(site).to_string().into()),
            ("name", name.into()),
        ];
        let fields: Vec<(&str, Value)> = own.into_iter().chain(more.iter().cloned()).collect();
        self.put(&school(site), kind, &fields)
    }

    /// Has every school say in public what it has on record, by the repairs that are offered for that.
    fn publish(&mut self) {
        let found = self.findings().findings.into_iter();
        let of_rule = found.filter(|one| one.rule == Rule::UnpublishedCertificate);
        for finding in of_rule {
            self.apply(&finding.repairs[0].edits);
        }
    }

    /// The front desk takes a certificate, and Li Chao is on it twice.
    fn demanding() -> Self {
        let mut case = Self::new();
        let fields = [("name", "前台"), ("certificates", "急救员证")];
        let post = Post::id_of("前台");
        case.set(&Name::Sites, Collection::Posts, post, &fields);
        case.shift("jiefang-1", 1, "李超", "前台", "06T08:00", "06T14:00")
            .shift("jiefang-1", 2, "李超", "前台", "07T08:00", "07T14:00")
            .shift("jiefang-1", 3, "李超", "值守", "08T08:00", "08T14:00");
        // That a school is there, and has nothing in it, is known.
        case.course("jiefang-1", "20", &[("capacity", Value::Int(2))]);
        case
    }
}

#[test]
fn certificates_that_expire_soon_are_said_unless_another_is_there() {
    let mut case = Case::new();
    case.course("keyun", "20", &[]);
    for (name, until) in [
        ("甲", "2027-01-04"),
        ("乙", "2027-01-05"),
        ("丙", "2026-12-04"),
    ] {
        case.learner("keyun", &Enrolment::KIND, name, &[]);
        let passed = [("on", "2026-12-02".into()), ("result", "passed".into())];
        case.learner("keyun", &Assessment::KIND, name, &passed);
        let certified = [
            ("certificate", "消防证".into()),
            ("issued_on", "2026-01-05".into()),
            ("expires_on", until.into()),
        ];
        case.learner("keyun", &Certificate::KIND, name, &certified);
    }
    case.publish();
    assert_eq!(
        case.shown(),
        ["Notice 甲（城市客运共享职工之家）的“消防证”2027年1月4日到期"]
    );
}

#[test]
fn too_many_promises_are_settled_by_people() {
    let mut case = Case::new();
    case.course("keyun", "20", &[("capacity", Value::Int(1))]);
    let confirmed = [("confirmed_by", "keyun/孙平".into())];
    case.learner("keyun", &Enrolment::KIND, "甲", &confirmed);
    case.learner("keyun", &Enrolment::KIND, "乙", &[]);
    assert_eq!(case.shown(), [""; 0]);
    case.learner("keyun", &Enrolment::KIND, "丙", &confirmed);
    assert_eq!(
        case.shown(),
        [
            "Error “急救员第3期”（城市客运共享职工之家）名额1人，确认了2人",
            "  名额改为2人",
            "  撤回对 丙 的确认",
        ]
    );
    assert_eq!(
        case.english()[0],
        "急救员第3期 (城市客运共享职工之家) has 1 seats, and 2 are promised"
    );
    let mut case = Case::new();
    case.course("keyun", "20", &[("capacity", Value::Int(1))]);
    let stranger = [("confirmed_by", "jiefang-1/李超".into())];
    case.learner("keyun", &Enrolment::KIND, "丁", &stranger);
    assert_eq!(
        case.shown(),
        [
            "Warning 丁在“急救员第3期”（城市客运共享职工之家）的名额由“jiefang-1/李超”确认，不算数：只有城市客运共享职工之家或中心能确认",
            "  撤回对 丁 的确认",
        ]
    );
}

#[test]
fn one_person_is_enrolled_once() {
    let mut case = Case::new();
    case.course("keyun", "20", &[]);
    case.learner("keyun", &Enrolment::KIND, "王芳", &[]);
    let phone = [("phone", "13800001111".into())];
    case.learner("keyun", &Enrolment::KIND, "王芳", &phone);
    let shown = case.shown();
    assert_eq!(
        shown[0],
        "Warning “急救员第3期”（城市客运共享职工之家）有2条“王芳”的报名，像是同一个人"
    );
    let mut repairs: Vec<&str> = shown.iter().skip(1).map(|repair| repair.trim()).collect();
    repairs.sort_unstable();
    assert_eq!(
        repairs,
        ["退掉没写电话的那条", "退掉电话为 13800001111 的那条"]
    );
}

#[test]
fn who_is_said_to_be_of_a_site_is_looked_for_there() {
    let mut case = Case::new();
    case.course("keyun", "20", &[]);
    case.learner("keyun", &Enrolment::KIND, "路人", &[]);
    case.learner(
        "keyun",
        &Enrolment::KIND,
        "李超",
        &[("home", "jiefang-1".into())],
    );
    assert_eq!(case.shown(), [""; 0]);
    case.learner(
        "keyun",
        &Enrolment::KIND,
        "郑洋",
        &[("home", "keyun".into())],
    );
    assert_eq!(
        case.shown(),
        [
            "Notice 报名的“郑洋”不在城市客运共享职工之家的人员里",
            "  是解放区快递驿站的郑洋",
            "  郑洋不是站点的人员",
        ]
    );
    case.replica
        .documents
        .retain(|name, _| !matches!(name, Name::People { .. }));
    let found = case.findings();
    assert_eq!(found.findings, []);
    let missing = found.not_checked.iter();
    let missing: Vec<Rule> = missing.map(|not_checked| not_checked.rule).collect();
    assert_eq!(missing, [Rule::UnknownLearner]);
}

#[test]
fn who_takes_part_is_enrolled() {
    let mut case = Case::new();
    case.course("keyun", "04", &[]);
    let session = CourseSession::KIND.natural_id(&[&first_aid("keyun").to_string(), "第一课"]);
    let fields = [
        ("session", session.to_string().into()),
        ("name", "路人".into()),
    ];
    case.put(&school("keyun"), &Attendance::KIND, &fields);
    let passed = [("on", "2026-12-04".into()), ("score", Value::Int(80))];
    case.learner("keyun", &Assessment::KIND, "路人", &passed);
    assert_eq!(
        case.shown(),
        [
            "Warning 路人没有报名“急救员第3期”（城市客运共享职工之家），却有1次考勤、1次考核",
            "  给路人补报名",
            "  移除这2条记录",
        ]
    );
    let course = first_aid("keyun");
    case.apply(&[Edit::remove(
        &courses("keyun"),
        Collection::Courses,
        course,
        now(),
    )]);
    assert_eq!(
        case.shown(),
        [
            "Warning 路人有2条考勤或考核，对应的课程或课次已经不在（城市客运共享职工之家）",
            "  移除这2条记录",
        ]
    );
}

#[test]
fn a_certificate_is_earned() {
    let mut case = Case::new();
    case.course("keyun", "04", &[]);
    let certified = [
        ("certificate", "急救员证".into()),
        ("issued_on", "2026-12-04".into()),
    ];
    for name in ["甲", "乙"] {
        case.learner("keyun", &Certificate::KIND, name, &certified);
    }
    case.learner("keyun", &Enrolment::KIND, "甲", &[]);
    let failed = [("on", "2026-12-04".into()), ("score", Value::Int(59))];
    case.learner("keyun", &Assessment::KIND, "甲", &failed);
    case.publish();
    let mut shown = case.shown();
    shown.sort();
    assert_eq!(
        shown,
        [
            "  吊销这份证书",
            "  吊销这份证书",
            "Warning “急救员第3期”（城市客运共享职工之家）给乙发了“急救员证”，乙没有报过名",
            "Warning “急救员第3期”（城市客运共享职工之家）给甲发了“急救员证”，甲考核没有合格",
        ]
    );
}

#[test]
fn lessons_do_not_clash_and_take_place_while_it_is_open() {
    let mut case = Case::new();
    let venue = Venue::id_of(&key("jiefang-1"), "教室");
    let fields = [
        ("site", "jiefang-1"),
        ("name", "教室"),
        ("hours", "08:00-20:30"),
    ];
    case.set(&Name::Sites, Collection::Venues, venue, &fields);
    case.course("jiefang-1", "20", &[("teacher", "郭 洋".into())]);
    case.lesson(
        "jiefang-1",
        "第二课",
        "20",
        "20:00",
        &[("teacher", "郭洋".into())],
    );
    assert_eq!(
        case.shown(),
        [
            "Warning 郭洋同时上两次课：“急救员第3期”（解放区快递驿站）第一课 12月20日 19:00–21:00，“急救员第3期”（解放区快递驿站）第二课 12月20日 20:00–21:00",
        ]
    );
    let teacher = [("teacher", "孙平".into())];
    case.lesson("jiefang-1", "第二课", "20", "20:00", &teacher);
    assert_eq!(case.shown(), [""; 0]);
    let room = [("venue", venue.to_string().into())];
    case.lesson("jiefang-1", "第二课", "20", "20:00", &room);
    assert_eq!(
        case.shown(),
        [
            "Warning “急救员第3期”（解放区快递驿站）第二课 12月20日 20:00–21:00 排在教室开放时间（08:00-20:30）之外",
        ]
    );
    case.lesson("jiefang-1", "第一课", "20", "19:00", &room);
    let of = |rule: Rule| {
        let found = case.findings().findings;
        found.iter().filter(|found| found.rule == rule).count()
    };
    assert_eq!(of(Rule::SessionOutsideHours), 2);
    assert_eq!(of(Rule::SessionClash), 1);
}

/// Somebody wants a seat in the course on first aid.
fn wish(name: &str, phone: &str) -> Submission {
    Submission {
        id: RecordId::new(0, [0; 10]),
        site: key("keyun"),
        kind: SubmissionKind::Enrolment,
        name: name.to_owned(),
        phone: phone.to_owned(),
        text: String::new(),
        venue: None,
        start: None,
        end: None,
        item: None,
        count: None,
        course: Some(first_aid("keyun")),
        proof: String::new(),
        at: now(),
        removed_at: None,
    }
}

/// A step that the site takes.
fn taken(id: u8, stage: Stage) -> Step {
    Step {
        id: RecordId::new(0, [id; 10]),
        about: None,
        after: None,
        stage,
        at: now(),
        by: "孙平".to_owned(),
        note: String::new(),
        made: None,
        removed_at: None,
    }
}

#[test]
fn whoever_takes_a_wish_back_gives_up_their_seat() {
    let mut case = Case::new();
    case.course("keyun", "20", &[]);
    let code = Code::new(key("keyun"), [7; 16]);
    let submission = wish("张三", "13800001111");
    let (inbox, edits) = send(submission.clone(), &code, now()).unwrap();
    case.apply(&edits);
    let take = |case: &mut Case, party, id: u8, stage| {
        let by = "keyun/孙平".parse().unwrap();
        let made = (stage == Stage::Accepted).then(|| {
            let views = [courses, school].map(|of| case.replica.view(&of("keyun")));
            let views = (Some(views[0]), Some(views[1]));
            crate::inbox::enrolment(&key("keyun"), &submission, &by, views, None).unwrap()
        });
        let taken = taken(id, stage);
        let edits = step(&inbox, case.replica.view(&inbox), party, taken, made).unwrap();
        case.apply(&edits);
    };
    take(&mut case, Party::Site, 1, Stage::Accepted);
    let enrolled: Vec<Enrolment> = {
        let view = case.replica.view(&school("keyun"));
        view.all()
            .map(|(one, _): (&Enrolment, _)| one.clone())
            .collect()
    };
    assert_eq!(enrolled.len(), 1);
    assert_eq!(
        (enrolled[0].id, enrolled[0].confirmed_by.as_str()),
        (
            Enrolment::id_of(first_aid("keyun"), "张三", "13800001111"),
            "keyun/孙平"
        )
    );
    assert_eq!(case.shown(), [""; 0]);
    // Whoever was entered at the desk is that one, and a full course is joined at the end of its queue.
    let full = [("capacity", Value::Int(1))];
    let mut desk = Case::new();
    desk.course("keyun", "20", &full);
    let entered = desk.learner("keyun", &Enrolment::KIND, "张 三", &[]);
    let by = "keyun/孙平".parse().unwrap();
    let made = |case: &Case, submission: &Submission| {
        let views = [courses, school].map(|of| case.replica.view(&of("keyun")));
        let views = (Some(views[0]), Some(views[1]));
        crate::inbox::enrolment(&key("keyun"), submission, &by, views, None)
    };
    let taken_up = made(&desk, &submission).unwrap();
    assert_eq!(taken_up.record, entered);
    desk.apply(&taken_up.edits);
    let late = Submission {
        name: "李四".to_owned(),
        ..submission.clone()
    };
    desk.apply(&made(&desk, &late).unwrap().edits);
    let view = desk.replica.view(&school("keyun"));
    let all = view.all().map(|(one, _): (&Enrolment, _)| one);
    let mut all: Vec<(&str, &str, &str)> = all
        .map(|one| {
            (
                one.name.as_str(),
                one.phone.as_str(),
                one.confirmed_by.as_str(),
            )
        })
        .collect();
    all.sort_unstable();
    assert_eq!(
        all,
        [
            ("张 三", "13800001111", "keyun/孙平"),
            ("李四", "13800001111", ""),
        ]
    );
    let elsewhere = Submission {
        course: Some(first_aid("jiefang-1")),
        ..submission.clone()
    };
    assert_eq!(
        made(&desk, &elsewhere),
        Err(crate::inbox::InboxError::NoCourse)
    );
    take(&mut case, Party::Sender, 2, Stage::Withdrawn);
    assert_eq!(
        case.shown(),
        [
            "Warning 张三 的报名（城市客运共享职工之家）已撤回，为它做的报名却还在",
            "  退掉这个报名",
        ]
    );
}
