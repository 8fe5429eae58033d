//! What everybody can check: issues, proofs and their links; and the venues of lessons.

use super::*;
use crate::document::Network;
use crate::matrix::Directory;
use crate::records::{Booking, Issue, Site, Submission, SubmissionKind, Venue, View};

fn network() -> Network {
    "jiaozuo".parse().unwrap()
}

/// A school that certified somebody, and the proof.
fn certified() -> (Replica, Certificate, Proof) {
    let mut replica = Replica::numbered(1);
    course(&mut replica, &[("valid_months", Value::Int(24))]);
    let enrolment = enrolled(&mut replica, "王芳", "13800001111", "");
    assessed(
        &mut replica,
        "王芳",
        "13800001111",
        "09",
        &[("result", "passed".into())],
    );
    let certificate = look(&replica, |class| {
        let one = class.of(enrolment).unwrap();
        certify(class, one, date(2026, 12, 10), "郭洋").unwrap()
    });
    let site = key("keyun");
    let edits = {
        let views = replica.documents.iter();
        let views = views.map(|(name, document)| (name, document.view()));
        issue(&network(), &site, (&certificate, enrolment), views)
    };
    replica.apply(&edits);
    let proof = Proof::of(&network(), &site, &certificate).unwrap();
    (replica, certificate, proof)
}

fn day(text: &str) -> jiff::civil::Date {
    text.parse().unwrap()
}

#[test]
fn whoever_holds_what_is_public_checks_a_proof_without_the_school() {
    let (mut replica, certificate, proof) = certified();
    let today = day("2026-12-20");
    let check = |replica: &Replica, proof: &Proof, day: jiff::civil::Date| {
        proof.check(Some(replica.view(&courses())), None, day)
    };
    assert_eq!(check(&replica, &proof, today), Checked::Valid);
    assert_eq!(check(&replica, &proof, day("2028-12-10")), Checked::Valid);
    assert_eq!(check(&replica, &proof, day("2028-12-11")), Checked::Expired);
    assert_eq!(proof.check(None, None, today), Checked::NotHeld);
    assert_eq!(proof.check(None, None, day("2028-12-11")), Checked::Expired);
    for forged in [
        Proof {
            name: "张三".to_owned(),
            ..proof.clone()
        },
        Proof {
            expires_on: None,
            ..proof.clone()
        },
        Proof {
            site: key("jiefang-1"),
            ..proof.clone()
        },
    ] {
        // Its sum is right, and nobody issued it.
        assert_eq!(forged.to_string().parse(), Ok(forged.clone()));
        assert_eq!(check(&replica, &forged, today), Checked::Unknown);
        if forged.site == key("keyun") {
            let both = [courses(), document()].map(|name| Some(replica.view(&name)));
            assert_eq!(forged.check(both[0], both[1], today), Checked::Unknown);
        }
    }
    let site = key("keyun");
    replica.apply(&revoke(&site, &certificate, day("2026-12-20")));
    assert_eq!(check(&replica, &proof, day("2026-12-19")), Checked::Valid);
    assert_eq!(check(&replica, &proof, today), Checked::Revoked);
    // One that is gone at the school was taken back, whatever is still said of it elsewhere.
    let mut gone = certified().0;
    gone.apply(&[Edit::remove(
        &document(),
        Collection::Certificates,
        certificate.id,
        NOW,
    )]);
    let both = [courses(), document()].map(|name| Some(gone.view(&name)));
    assert_eq!(proof.check(both[0], both[1], today), Checked::Revoked);
    let id = Issue::id_of(&proof.seal());
    gone.apply(&[Edit::remove(&courses(), Collection::Issues, id, NOW)]);
    assert_eq!(check(&gone, &proof, today), Checked::Revoked);
}

#[test]
fn what_is_public_names_nobody() {
    let (replica, ..) = certified();
    let all = format!("{:?}", replica.view(&courses()));
    assert!(!all.contains("王芳") && !all.contains("1380000"), "{all}");
}

#[test]
fn certified_again_after_it_was_revoked_it_is_valid_for_all() {
    let (mut replica, certificate, proof) = certified();
    let site = key("keyun");
    let of = [
        (document(), Collection::Certificates, certificate.id),
        (courses(), Collection::Issues, Issue::id_of(&proof.seal())),
    ];
    for (name, collection, id) in &of {
        replica.apply(&[Edit::remove(name, *collection, *id, NOW)]);
    }
    let edits = {
        let views = replica.documents.iter();
        let views = views.map(|(name, document)| (name, document.view()));
        issue(&network(), &site, (&certificate, certificate.id), views)
    };
    replica.apply(&edits);
    let courses = Some(replica.view(&courses()));
    assert_eq!(
        proof.check(courses, None, day("2026-12-20")),
        Checked::Valid
    );
}

#[test]
fn the_proof_is_put_into_what_was_sent_and_nowhere_else() {
    let (_, certificate, proof) = certified();
    let site = key("keyun");
    let mut replica = Replica::numbered(2);
    let send = |replica: &mut Replica, n: u8, kind| {
        let code = crate::inbox::Code::new(site.clone(), [n; 16]);
        let submission = Submission {
            id: RecordId::new(0, [n; 10]),
            site: site.clone(),
            kind,
            name: "王芳".to_owned(),
            phone: "13800001111".to_owned(),
            text: "灯坏了".to_owned(),
            venue: None,
            start: None,
            end: None,
            item: None,
            count: None,
            course: Some(first_aid()),
            proof: String::new(),
            at: NOW,
            removed_at: None,
        };
        let (name, edits) = crate::inbox::send(submission, &code, NOW).unwrap();
        replica.apply(&edits);
        name
    };
    let wish = send(&mut replica, 1, SubmissionKind::Enrolment);
    let other = send(&mut replica, 2, SubmissionKind::Request);
    let enrolment = Enrolment::id_of(first_aid(), "王芳", "13800001111");
    for (n, name) in [(3, &wish), (4, &other)] {
        let step = crate::records::Step {
            id: RecordId::new(0, [n; 10]),
            about: None,
            after: None,
            stage: crate::records::Stage::Accepted,
            at: NOW,
            by: "孙平".to_owned(),
            note: String::new(),
            made: None,
            removed_at: None,
        };
        let made = crate::inbox::Made {
            record: enrolment,
            edits: Vec::new(),
        };
        let view = replica.view(name);
        let party = crate::inbox::Party::Site;
        let edits = crate::inbox::step(name, view, party, step, Some(made)).unwrap();
        replica.apply(&edits);
    }
    let edits = {
        let views = replica.documents.iter();
        let views = views.map(|(name, document)| (name, document.view()));
        issue(&network(), &site, (&certificate, enrolment), views)
    };
    let inbox = |edits: &[Edit]| -> Vec<Edit> {
        let is_inbox = |edit: &&Edit| matches!(edit.document(), Name::Inbox { .. });
        edits.iter().filter(is_inbox).cloned().collect()
    };
    let delivered = inbox(&edits);
    assert_eq!(delivered.len(), 1);
    replica.apply(&delivered);
    let progress = crate::inbox::progress(replica.view(&wish)).unwrap();
    assert_eq!(progress.submission.proof, proof.to_string());
    // Put there twice, it is there.
    let views = replica.documents.iter();
    let views = views.map(|(name, document)| (name, document.view()));
    let again = issue(&network(), &site, (&certificate, enrolment), views);
    assert_eq!(inbox(&again), []);
}

#[test]
fn a_proof_is_read_from_an_address_as_from_its_text() {
    let (.., proof) = certified();
    let link = proof.link();
    let is_plain = |digit: char| digit.is_ascii_alphanumeric() || "-_".contains(digit);
    assert!(link.chars().all(is_plain), "{link}");
    for text in [
        link.clone(),
        format!("https://hub.example/#/certificate/{link}"),
        format!("  {link}\n"),
    ] {
        assert_eq!(text.parse::<Proof>(), Ok(proof.clone()));
    }
    let mut cut = link;
    cut.truncate(60);
    assert!(cut.parse::<Proof>().is_err());
    assert_eq!("孙平".parse::<Proof>(), Err(ParseProofError::Form));
    assert_eq!("".parse::<Proof>(), Err(ParseProofError::Form));
}

/// The hub's room, which a course of another site is taught in.
fn in_a_room(replica: &mut Replica) -> RecordId {
    for site in ["keyun", "hub"] {
        let fields = [("key", site), ("name", site), ("level", "home")];
        replica.set(
            &Name::Sites,
            Collection::Sites,
            Site::id_of(&key(site)),
            &fields,
        );
    }
    let room = Venue::id_of(&key("hub"), "教室");
    let fields = [("site", "hub"), ("name", "教室")];
    replica.set(&Name::Sites, Collection::Venues, room, &fields);
    course(replica, &[("capacity", Value::Int(20))]);
    move_to(replica, "第一课", &[("venue", &room.to_string())]);
    room
}

fn move_to(replica: &mut Replica, lesson: &str, fields: &[(&str, &str)]) {
    let session = CourseSession::KIND.natural_id(&[&first_aid().to_string(), lesson]);
    replica.set(&courses(), Collection::Sessions, session, fields);
}

/// Books what the course's lessons need, and gives up what they do not.
fn book_all(replica: &mut Replica, by: Option<&str>) -> usize {
    let by = by.map(|by| by.parse().unwrap());
    let edits = look(replica, |class| {
        let site = key("keyun");
        let directory = Directory::new(replica.view(&Name::Sites));
        let views = || -> Vec<(&Name, &View)> {
            let all = replica.documents.iter();
            all.map(|(name, document)| (name, document.view()))
                .collect()
        };
        let kept: Vec<Lesson<'_>> = lessons(&site, class, &directory).collect();
        let booked = kept.iter();
        let mut edits: Vec<Edit> = booked
            .flat_map(|lesson| book(lesson, views(), by.as_ref(), NOW))
            .collect();
        edits.extend(unbook(replica.view(&courses()), class, &kept, views()));
        edits
    });
    replica.apply(&edits);
    edits.len()
}

/// The bookings that hold: document, start and who confirmed it.
fn booked(replica: &Replica) -> Vec<String> {
    let documents = replica.documents.iter();
    let bookings = documents.flat_map(|(name, document)| {
        let all: Vec<_> = document.view().present::<Booking>().collect();
        all.into_iter().map(move |(booking, _)| (name, booking))
    });
    bookings
        .map(|(name, of)| {
            let lent = of.borrower.as_ref().map_or("-", SiteKey::as_str);
            let (state, by) = (of.state.as_str(), of.confirmed_by.as_str());
            format!("{name} {} {lent} {state} {by}", of.start)
        })
        .collect()
}

#[test]
fn a_lesson_s_booking_follows_it() {
    let mut replica = Replica::numbered(1);
    in_a_room(&mut replica);
    assert!(book_all(&mut replica, Some("hub/主任")) > 0);
    let first = ["bookings/hub/2026-12 2026-12-07T19:00:00 keyun booked hub/主任"];
    assert_eq!(booked(&replica), first);
    // Made again, nothing is left to do; made at another computer, it is the same booking.
    assert_eq!(book_all(&mut replica, Some("hub/主任")), 0);
    let mut other = replica.clone();
    assert_eq!(book_all(&mut other, None), 0);
    // At another time nobody has promised it, whoever moves it.
    move_to(&mut replica, "第一课", &[("end", "2026-12-07T21:30")]);
    book_all(&mut replica, None);
    let again = ["bookings/hub/2026-12 2026-12-07T19:00:00 keyun booked "];
    assert_eq!(booked(&replica), again);
    // In another month it is in another document.
    let january = [("start", "2027-01-04T19:00"), ("end", "2027-01-04T21:00")];
    move_to(&mut replica, "第一课", &january);
    book_all(&mut replica, Some("hub/主任"));
    let moved = ["bookings/hub/2027-01 2027-01-04T19:00:00 keyun booked hub/主任"];
    assert_eq!(booked(&replica), moved);
    // Without a venue, or in a course that does not take place, it is given up.
    let mut cancelled = replica.clone();
    let off = [("state", "cancelled")];
    cancelled.set(&courses(), Collection::Courses, first_aid(), &off);
    move_to(&mut replica, "第一课", &[("venue", "")]);
    for mut given_up in [replica, cancelled] {
        book_all(&mut given_up, None);
        let left = booked(&given_up);
        assert_eq!(left.len(), 1);
        assert!(left[0].contains(" cancelled "), "{left:?}");
        assert_eq!(book_all(&mut given_up, None), 0);
    }
}

#[test]
fn of_one_list_whoever_stands_first_is_seated_first() {
    let mut replica = Replica::numbered(1);
    course(&mut replica, &[("capacity", Value::Int(2))]);
    // In the order of their ids, some of them would have to change places.
    let names = ["庚", "甲", "辛", "乙", "壬", "丙"];
    let applicant = |name: &str| Applicant {
        name: name.to_owned(),
        ..Applicant::default()
    };
    let edits: Vec<Edit> = names
        .iter()
        .flat_map(|name| {
            enrol(first_aid(), &applicant(name), None)
                .unwrap()
                .create(&document())
        })
        .collect();
    replica.apply(&edits);
    let seated: Vec<String> = seats(&replica).into_iter().map(|(name, _)| name).collect();
    assert_eq!(seated, names);
    let ids = names.map(|name| Enrolment::id_of(first_aid(), name, ""));
    assert!(!ids.is_sorted(), "the test shows nothing");
}
