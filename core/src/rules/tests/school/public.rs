//! What everybody can check, what whoever enrolled by code is told, and the venues of lessons.

use super::*;
use crate::records::Issue;
use crate::school::Proof;

/// Somebody passed and was certified; nobody told the public.
fn certified() -> (Case, RecordId) {
    let mut case = Case::new();
    case.course("keyun", "20", &[]);
    case.learner("keyun", &Enrolment::KIND, "甲", &[]);
    let passed = [("on", "2026-12-02".into()), ("result", "passed".into())];
    case.learner("keyun", &Assessment::KIND, "甲", &passed);
    let certificate = [
        ("certificate", "急救员证".into()),
        ("issued_on", "2026-12-02".into()),
    ];
    let id = case.learner("keyun", &Certificate::KIND, "甲", &certificate);
    (case, id)
}

#[test]
fn a_certificate_that_was_imported_or_put_right_is_made_known() {
    let (mut case, certificate) = certified();
    let unsaid = [
        "Warning 城市客运共享职工之家有1份证书和公开的发证登记对不上，在门口核验不准",
        "  更新发证登记",
    ];
    assert_eq!(case.shown(), unsaid);
    case.publish();
    assert_eq!(case.shown(), [""; 0]);
    // Revoked by hand, and valid again; then what it certifies is put right: what was printed before is of nobody any more.
    let revoked = [("revoked_on", "2026-12-04")];
    case.set(
        &school("keyun"),
        Collection::Certificates,
        certificate,
        &revoked,
    );
    assert_eq!(case.shown(), unsaid);
    case.publish();
    let valid = [("revoked_on", "")];
    case.set(
        &school("keyun"),
        Collection::Certificates,
        certificate,
        &valid,
    );
    assert_eq!(case.shown(), unsaid);
    case.publish();
    assert_eq!(case.shown(), [""; 0]);
    let renamed = [("certificate", "急救证")];
    case.set(
        &school("keyun"),
        Collection::Certificates,
        certificate,
        &renamed,
    );
    let unknown = "Notice 城市客运共享职工之家有1份发证登记，本机的存档里没有相应的证书：可能已移除、改过，也可能还没传到";
    let withdraw = "  撤下这些登记（核验时显示已吊销）";
    assert_eq!(case.shown(), [unsaid[0], unsaid[1], unknown, withdraw]);
    case.publish();
    assert_eq!(case.shown(), [""; 0]);
    let public = case.replica.view(&courses("keyun"));
    let states: Vec<_> = public
        .all()
        .map(|(of, _): (&Issue, _)| of.removed_at.is_some())
        .collect();
    assert_eq!(states.len(), 2);
    assert_eq!(states.iter().filter(|removed| **removed).count(), 1);
    // Whoever does not hold the school says nothing.
    case.replica.documents.remove(&school("keyun"));
    assert_eq!(case.shown(), [""; 0]);
}

#[test]
fn whoever_enrolled_by_code_is_sent_the_proof() {
    let (mut case, certificate) = certified();
    case.publish();
    let code = Code::new(key("keyun"), [7; 16]);
    let submission = wish("甲", "");
    let (inbox, edits) = send(submission.clone(), &code, now()).unwrap();
    case.apply(&edits);
    let by = "keyun/孙平".parse().unwrap();
    let views = [courses, school].map(|of| case.replica.view(&of("keyun")));
    let views = (Some(views[0]), Some(views[1]));
    let made = crate::inbox::enrolment(&key("keyun"), &submission, &by, views, None).unwrap();
    for (id, stage, made) in [(1, Stage::Accepted, Some(made)), (2, Stage::Done, None)] {
        let view = case.replica.view(&inbox);
        let edits = step(&inbox, view, Party::Site, taken(id, stage), made).unwrap();
        case.apply(&edits);
    }
    // It is done, and still looked at: the proof may be missing.
    let open = case.replica.documents.get(&inbox).unwrap();
    assert!(!crate::rules::is_settled(open));
    assert_eq!(
        case.shown(),
        [
            "Notice 甲的证书已发，按查询码还看不到核验码",
            "  把核验码放进来件",
        ]
    );
    let found = case.findings().findings;
    case.apply(&found[0].repairs[0].edits);
    assert_eq!(case.shown(), [""; 0]);
    let sent = crate::inbox::progress(case.replica.view(&inbox)).unwrap();
    let proof: Proof = sent.submission.proof.parse().unwrap();
    let held = case.replica.view(&school("keyun"));
    assert_eq!(proof.agrees(held).map(|one| one.id), Some(certificate));
    assert!(crate::rules::is_settled(
        case.replica.documents.get(&inbox).unwrap()
    ));
}

#[test]
fn a_lesson_to_come_has_its_venue() {
    let mut case = Case::new();
    let room = Venue::id_of(&key("jiefang-1"), "会议室");
    let fields = [("site", "jiefang-1"), ("name", "会议室")];
    case.set(&Name::Sites, Collection::Venues, room, &fields);
    let venue = ("venue", Value::from(room.to_string()));
    case.course("keyun", "20", &[]);
    case.lesson(
        "keyun",
        "第一课",
        "20",
        "19:00",
        std::slice::from_ref(&venue),
    );
    // What is over needs no venue any more.
    case.lesson(
        "keyun",
        "第零课",
        "03",
        "19:00",
        std::slice::from_ref(&venue),
    );
    let bookings: Name = "bookings/jiefang-1/2026-12".parse().unwrap();
    let found = case.findings();
    assert_eq!(found.findings, []);
    let unchecked = found.not_checked.iter();
    let unchecked = unchecked.filter(|one| one.rule == Rule::UnbookedSession);
    let unchecked: Vec<_> = unchecked.flat_map(|one| one.documents.clone()).collect();
    assert_eq!(unchecked, std::slice::from_ref(&bookings));

    case.replica.hold(&bookings);
    let unbooked = [
        "Warning “急救员第3期”（城市客运共享职工之家）第一课 12月20日 19:00–21:00 排在会议室，还没有订场地",
        "  预订会议室",
    ];
    assert_eq!(case.shown(), unbooked);
    // One that somebody made at the desk will do, if it is for the course.
    let by_hand = |case: &Case, name: &str, until: &str| {
        let mut case = case.clone();
        let venue = room.to_string();
        let fields = [
            ("site", "jiefang-1"),
            ("venue", &venue),
            ("name", name),
            ("start", "2026-12-20T18:00"),
            ("end", until),
        ];
        case.set(
            &bookings,
            Collection::Bookings,
            super::super::id(1),
            &fields,
        );
        case
    };
    let others = by_hand(&case, "工会", "2026-12-20T22:00");
    assert_eq!(others.findings().findings.len(), 1);
    let course = by_hand(&case, "急救员 第3期", "2026-12-20T22:00");
    assert_eq!(course.shown(), [""; 0]);
    let short = by_hand(&case, "急救员第3期", "2026-12-20T20:00");
    assert_eq!(short.shown(), unbooked);
    // Where its own booking has to make way, that is said, and not this.
    let mut repaired = others.clone();
    repaired.apply(&others.findings().findings[0].repairs[0].edits);
    let bumped: Vec<Rule> = repaired
        .findings()
        .findings
        .iter()
        .map(|one| one.rule)
        .collect();
    assert_eq!(bumped, [Rule::BumpedBooking]);
    let off = [("state", "cancelled")];
    case.set(
        &courses("keyun"),
        Collection::Courses,
        first_aid("keyun"),
        &off,
    );
    assert_eq!(case.shown(), [""; 0]);
}
