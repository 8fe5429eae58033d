//! The night school as pages ask for it: what everybody sees, what the desk does, and what a certificate's code says at the gate.

use super::*;

const COURSES: &str = "courses/keyun";
const SCHOOL: &str = "school/keyun";

/// The school's desk, with a course of one lesson that is over and one that is not, for two people.
fn desk() -> (Browser, String, String) {
    let (mut desk, _, room) = network();
    let course = desk.add(
        COURSES,
        "courses",
        json!({
            "site": "keyun", "name": "急救员第3期", "certificate": "急救员证", "valid_months": 24,
            "capacity": 1, "attendance": 100, "enrol_until": "2026-12-05", "teacher": "郭洋",
        }),
    );
    let lesson = |name: &str, start: &str, end: &str| json!({"course": course, "name": name, "start": start, "end": end, "venue": room});
    let first = lesson("第一课", "2026-12-04T19:00", "2026-12-04T21:00");
    let first = desk.add(COURSES, "sessions", first);
    let second = lesson("第二课", "2026-12-11T19:00", "2026-12-11T21:00");
    desk.add(COURSES, "sessions", second);
    (desk, course, first)
}

fn enrol(desk: &mut Browser, course: &str, name: &str) -> Result<String, SessionError> {
    let args = json!({"site": "keyun", "course": course, "name": name, "phone": "138"});
    let enrolled = desk.act("school enrol", args)?;
    Ok(enrolled.records[0].to_string())
}

/// Somebody who was there and passed.
fn passed(desk: &mut Browser, enrolment: &str, session: &str) {
    let of = json!({"site": "keyun", "enrolment": enrolment, "session": session, "fields": {"state": "late"}});
    desk.act("school attend", of).unwrap();
    let of = json!({"site": "keyun", "enrolment": enrolment, "fields": {"score": 59}});
    desk.act("school assess", of).unwrap();
    // It is the same assessment, put right.
    let of = json!({"site": "keyun", "enrolment": enrolment, "fields": {"score": 80, "assessor": "郭洋"}});
    desk.act("school assess", of).unwrap();
}

fn certify(desk: &mut Browser, enrolment: &str) -> Result<Edited, SessionError> {
    let args = json!({"site": "keyun", "enrolment": enrolment});
    desk.act("school certify", args)
}

fn classes(desk: &mut Browser) -> Json {
    desk.ask("classes", json!({"site": "keyun"}))[0].clone()
}

/// What the class list says of an enrolment.
fn member(desk: &mut Browser, enrolment: &str) -> Json {
    let sheet = classes(desk);
    let mut all = sheet["members"].as_array().unwrap().iter();
    let found = all.find(|one| one["enrolment"]["id"] == enrolment);
    found.unwrap().clone()
}

#[test]
fn whoever_holds_only_what_is_offered_sees_courses_and_nobody_who_takes_them() {
    let (mut desk, course, _) = desk();
    enrol(&mut desk, &course, "李超").unwrap();
    let mut guest = Browser::new(7, "");
    desk.stored.remove(SCHOOL);
    guest.told(&desk);
    let reading = guest.reading("courses", &json!({"open_only": true}), NOW_MS);
    let offered = json(&reading);
    assert_eq!(offered[0]["id"], course);
    assert_eq!(offered[0]["is_open"], true);
    assert_eq!(offered[0]["begins"], "2026-12-04T19:00");
    assert_eq!(offered[0]["sessions"][1]["venue_name"], "一号会议室");
    assert_eq!(offered[0]["sessions"][1]["teacher"], "郭洋");
    assert!(!reading.json.contains("李超"));
    assert_eq!(reading.reads, ["sites", COURSES, "courses/"]);
    // The last day on which people can enrol ends at midnight in Shanghai.
    let midnight = reading.until_ms.unwrap();
    assert_eq!(midnight - NOW_MS, (14 * 60 + 30) * 60_000);
    let closed = guest.reading("courses", &json!({"open_only": true}), midnight);
    assert_eq!(json(&closed), json!([]));
    let all = guest.reading("courses", &json!({"from": "2026-12-11"}), midnight);
    assert_eq!(json(&all)[0]["is_open"], false);
    let later = guest.ask("courses", json!({"from": "2026-12-12"}));
    assert_eq!(later, json!([]));
}

#[test]
fn the_desk_seats_notes_and_certifies_and_says_what_is_lacking() {
    let (mut desk, course, lesson) = desk();
    let first = enrol(&mut desk, &course, "李超").unwrap();
    let second = enrol(&mut desk, &course, "郑洋").unwrap();
    let twice = enrol(&mut desk, &course, "李 超").unwrap_err();
    assert_eq!(twice.code(), "SchoolRefused");
    assert!(twice.text().unwrap().zh.contains("报过名"));
    let sheet = classes(&mut desk);
    assert_eq!((&sheet["free"], &sheet["seated"]), (&json!(0), &json!(1)));
    assert_eq!(sheet["members"][0]["seat"], "granted");
    assert_eq!(sheet["members"][1]["seat"], "waiting");
    assert_eq!(sheet["members"][1]["position"], 1);
    assert_eq!(sheet["members"][0]["lacks"]["zh"], "李超 还没有考核");
    // Of two who want one seat, one is promised it.
    let of = |enrolment: &str| json!({"site": "keyun", "enrolment": enrolment});
    desk.act("school confirm", of(&second)).unwrap();
    let full = desk.act("school confirm", of(&first)).unwrap_err();
    assert_eq!(full.code(), "SchoolRefused");
    assert_eq!(classes(&mut desk)["members"][0]["seat"], "confirmed");
    desk.act("school withdraw", of(&second)).unwrap();
    assert_eq!(member(&mut desk, &first)["seat"], "granted");
    assert_eq!(member(&mut desk, &second)["seat"], "withdrawn");

    assert_eq!(
        certify(&mut desk, &first).unwrap_err().code(),
        "SchoolRefused"
    );
    passed(&mut desk, &first, &lesson);
    let member = member(&mut desk, &first);
    assert_eq!(member["attendance"][&lesson], "late");
    assert_eq!((&member["there"], &member["held"]), (&json!(1), &json!(1)));
    assert_eq!(member["assessments"].as_array().unwrap().len(), 1);
    assert_eq!(member["assessments"][0]["passed"], true);
    assert_eq!(
        (&member["verdict"], &member["lacks"]),
        (&json!("passed"), &Json::Null)
    );
    certify(&mut desk, &first).unwrap();
    let sheet = classes(&mut desk);
    let members = sheet["members"].as_array().unwrap().iter();
    let mut certificates = members.flat_map(|one| one["certificates"].as_array().unwrap());
    let certificate = certificates.next().unwrap();
    assert_eq!(certificate["state"], "valid");
    assert_eq!(certificate["expires_on"], "2028-12-05");
    assert!(certificate["proof"].as_str().unwrap().contains("李超"));
}

#[test]
fn a_stranger_promises_no_seat() {
    let (mut desk, course, _) = desk();
    let enrolled = enrol(&mut desk, &course, "李超").unwrap();
    let mut neighbour = Browser::new(8, "jiefang-1/萧平");
    neighbour.hear(&desk);
    let of = json!({"site": "keyun", "enrolment": enrolled});
    let refused = neighbour.act("school confirm", of).unwrap_err();
    assert_eq!(refused.code(), "NotYours");
}

#[test]
fn a_student_sees_courses_and_certificates_of_every_school_that_is_held() {
    let (mut desk, course, lesson) = desk();
    let enrolled = enrol(&mut desk, &course, "李超").unwrap();
    passed(&mut desk, &enrolled, &lesson);
    certify(&mut desk, &enrolled).unwrap();
    desk.add(
        "courses/jiefang-1",
        "courses",
        json!({"site": "jiefang-1", "name": "电工第1期"}),
    );
    desk.add(
        "school/jiefang-1",
        "contests",
        json!({"site": "jiefang-1", "name": "技能"}),
    );
    let by = json!({"site": "keyun", "name": "李超", "phone": "138"});
    let learner = desk.ask("learner", by.clone());
    assert_eq!(learner["courses"].as_array().unwrap().len(), 1);
    assert_eq!(learner["courses"][0]["member"]["verdict"], "passed");
    assert_eq!(learner["certificates"][0]["state"], "valid");
    // A school that they have nothing to do with is not opened again.
    desk.close_all();
    let opened = desk.opened("learner", &by);
    assert!(
        !opened.iter().any(|name| name.contains("jiefang-1")),
        "{opened:?}"
    );
    let nobody = desk.ask("learner", json!({"site": "keyun", "name": "王芳"}));
    assert_eq!(nobody["courses"], json!([]));
}

#[test]
fn whoever_enrolled_by_code_is_sent_the_proof_and_anybody_checks_it_without_the_school() {
    let (mut desk, course, lesson) = desk();
    let mut driver = Browser::new(9, "");
    driver.hear(&desk);
    let wish = json!({"kind": "enrolment", "name": "李超", "phone": "138", "course": course});
    let code = driver.act("submit", json!({"site": "keyun", "fields": wish}));
    let code = code.unwrap().code.unwrap();
    meet(&mut desk, &mut driver);
    let sent = desk.ask("inbox", json!({"site": "keyun"}));
    let accept = json!({"document": sent[0]["document"], "fields": {"stage": "accepted"}});
    desk.act("step", accept).unwrap();
    let member = classes(&mut desk)["members"][0].clone();
    let enrolled = member["enrolment"]["id"].as_str().unwrap().to_owned();
    assert_eq!(member["seat"], "confirmed");
    passed(&mut desk, &enrolled, &lesson);
    certify(&mut desk, &enrolled).unwrap();

    desk.stored.remove(SCHOOL);
    driver.told(&desk);
    let followed = driver.ask("submission", json!({"code": code}));
    let proof = followed["submission"]["proof"].as_str().unwrap().to_owned();
    let check = |browser: &mut Browser, proof: &str| {
        let checked = browser.ask("checkProof", json!({"proof": proof}));
        checked["checked"].as_str().unwrap().to_owned()
    };
    assert_eq!(check(&mut driver, &proof), "valid");
    let at_gate = driver.ask("checkProof", json!({"proof": proof}));
    assert_eq!(at_gate["name"], "李超");
    assert_eq!(check(&mut driver, "李超"), "unreadable");
    // Whoever knows the form can make one up, and nobody issued that.
    let mut forged: yilian_core::school::Proof = proof.parse().unwrap();
    forged.name = "张三".to_owned();
    assert_eq!(check(&mut driver, &forged.to_string()), "unknown");
    let of = desk.ask("classes", json!({"site": "keyun"}));
    let of = of[0]["members"][0]["certificates"][0]["id"].clone();
    desk.act("school revoke", json!({"site": "keyun", "certificate": of}))
        .unwrap();
    assert_eq!(check(&mut desk, &proof), "revoked");
    desk.stored.remove(SCHOOL);
    driver.told(&desk);
    assert_eq!(check(&mut driver, &proof), "revoked");
    // Nobody's name is in what everybody holds.
    let public = driver.session.live(&COURSES.parse().unwrap()).unwrap();
    let issues = public
        .view()
        .entries(yilian_core::records::Collection::Issues);
    let said: Vec<String> = issues
        .map(|entry| format!("{:?}", entry.fields()))
        .collect();
    assert_eq!(said.len(), 1);
    assert!(
        !said[0].contains("李超") && !said[0].contains("138"),
        "{said:?}"
    );
}

#[test]
fn the_best_of_a_contest_are_entered_in_the_next_by_whoever_may() {
    let (mut desk, _, _) = desk();
    let contest = json!({"site": "keyun", "name": "初赛", "advance": 1, "leads_to": "决赛"});
    let contest = desk.add(SCHOOL, "contests", contest);
    for (name, score) in [("甲", 9), ("乙", 9), ("丙", 7)] {
        let entry = json!({"contest": contest, "name": name, "score": score});
        desk.add(SCHOOL, "entries", entry);
    }
    desk.add(SCHOOL, "contests", json!({"site": "keyun", "name": "决赛"}));
    let args = json!({"site": "keyun", "contest": contest});
    let entered = desk.act("school advance", args.clone()).unwrap();
    assert_eq!(entered.records.len(), 2);
    let sheets = desk.ask("contests", json!({"site": "keyun"}));
    let of = |name: &str| {
        let mut all = sheets.as_array().unwrap().iter();
        all.find(|sheet| sheet["name"] == name).unwrap().clone()
    };
    let ranks: Vec<(Json, Json)> = of("初赛")["standings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["rank"].clone(), one["advances"].clone()))
        .collect();
    assert_eq!(ranks[2], (json!(3), json!(false)));
    assert_eq!(
        (&ranks[0], &ranks[1]),
        (&(json!(1), json!(true)), &(json!(1), json!(true)))
    );
    assert_eq!(of("初赛")["next"]["name"], "决赛");
    assert_eq!(of("决赛")["standings"].as_array().unwrap().len(), 2);
    // Made twice, they are there once.
    let again = desk.act("school advance", args.clone()).unwrap();
    assert_eq!(again.records, []);
    let mut neighbour = Browser::new(8, "jiefang-1/萧平");
    neighbour.hear(&desk);
    let refused = neighbour.act("school advance", args).unwrap_err();
    assert_eq!(refused.code(), "NotYours");
}
