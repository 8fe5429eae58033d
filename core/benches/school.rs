//! What two years of night schools cost: 31 homes with 16 courses each, 14 people and 8 lessons in each of them.
//! `cargo bench -p yilian-core --bench school`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a benchmark"
)]

use std::hint::black_box;
use std::sync::OnceLock;

use automerge::Change;
use divan::Bencher;
use jiff::SignedDuration;
use jiff::civil::{DateTime, date};
use yilian_core::document::{DocumentId, LiveDocument, Name, SiteKey};
use yilian_core::records::{
    Assessment, AssessmentResult, Attendance, Certificate, Collection, Course, CourseSession,
    CourseState, Edit, Enrolment, EnrolmentState, Presence, RecordId, Typed as _, View,
};
use yilian_core::rules::{Holdings, findings};
use yilian_core::school::{Credentials, School, document, next_course};

const HOMES: usize = 31;
const COURSES: usize = 16;
const LEARNERS: usize = 14;
const LESSONS: usize = 8;
const CERTIFICATE: &str = "急救员证";

fn main() {
    divan::main();
}

fn now() -> DateTime {
    date(2026, 12, 15).at(9, 30, 0, 0)
}

/// What a home offers, and who takes it.
struct Home {
    site: SiteKey,
    courses: LiveDocument,
    school: LiveDocument,
}

fn homes() -> &'static [Home] {
    static MADE: OnceLock<Vec<Home>> = OnceLock::new();
    MADE.get_or_init(|| (0..HOMES).map(Home::of).collect())
}

fn begin(name: &Name) -> LiveDocument {
    let id = DocumentId::of(&"bench".parse().unwrap(), name);
    LiveDocument::new(id, name.clone(), [1; 16])
}

impl Home {
    fn of(number: usize) -> Self {
        let site: SiteKey = format!("home-{number}").parse().unwrap();
        let mut home = Self {
            courses: begin(&document(&site, Collection::Courses)),
            school: begin(&document(&site, Collection::Enrolments)),
            site,
        };
        for course in 0..COURSES {
            home.teach(course);
        }
        home
    }

    /// A term is a quarter; the last course is still to come.
    fn teach(&mut self, number: usize) {
        let weeks = i64::try_from(COURSES - number).unwrap() * 6 - 10;
        let begins = now()
            .checked_sub(SignedDuration::from_hours(weeks * 7 * 24))
            .unwrap();
        let name = format!("急救员第{number}期");
        let id = Course::id_of(&self.site, &name);
        let course = Course {
            id,
            site: self.site.clone(),
            name,
            certificate: CERTIFICATE.to_owned(),
            valid_months: Some(24),
            capacity: Some(12),
            pass_mark: None,
            attendance: Some(75),
            enrol_until: None,
            teacher: "周老师".to_owned(),
            state: CourseState::Open,
            note: String::new(),
            removed_at: None,
        };
        let public = self.courses.name().unwrap().clone();
        let mut edits = course.create(&public);
        let lessons: Vec<CourseSession> = (0..LESSONS)
            .map(|lesson| session(id, begins, lesson))
            .collect();
        edits.extend(lessons.iter().flat_map(|lesson| lesson.create(&public)));
        self.courses.edit(&edits, "", 0).unwrap();
        let own = self.school.name().unwrap().clone();
        for learner in 0..LEARNERS {
            let edits = enrolment(id, learner).create(&own);
            self.school.edit(&edits, "", 0).unwrap();
        }
        if begins > now() {
            return;
        }
        for lesson in &lessons {
            let noted = (0..12).flat_map(|learner| attendance(lesson.id, learner).create(&own));
            let noted: Vec<Edit> = noted.collect();
            self.school.edit(&noted, "", 0).unwrap();
        }
        let on = begins.date();
        let certified = (0..12).flat_map(|learner| {
            let mut edits = assessment(id, learner, on).create(&own);
            edits.extend(certificate(id, learner, on).create(&own));
            edits
        });
        let certified: Vec<Edit> = certified.collect();
        self.school.edit(&certified, "", 0).unwrap();
    }

    fn school(&self) -> School<'_> {
        let (courses, school) = (self.courses.view(), self.school.view());
        School::new(&self.site, Some(courses), Some(school), None)
    }
}

fn session(course: RecordId, begins: DateTime, lesson: usize) -> CourseSession {
    let name = format!("第{lesson}课");
    let hours = i64::try_from(lesson).unwrap() * 7 * 24;
    let start = begins
        .checked_add(SignedDuration::from_hours(hours))
        .unwrap();
    CourseSession {
        id: CourseSession::KIND.natural_id(&[&course.to_string(), &name]),
        course: Some(course),
        name,
        start,
        end: start.checked_add(SignedDuration::from_hours(2)).unwrap(),
        venue: None,
        teacher: String::new(),
        note: String::new(),
        removed_at: None,
    }
}

fn called(learner: usize) -> (String, String) {
    (format!("学员{learner}"), format!("138{learner:08}"))
}

fn enrolment(course: RecordId, learner: usize) -> Enrolment {
    let (name, phone) = called(learner);
    Enrolment {
        id: Enrolment::id_of(course, &name, &phone),
        course: Some(course),
        name,
        phone,
        home: None,
        person: None,
        state: EnrolmentState::Enrolled,
        confirmed_by: String::new(),
        note: String::new(),
        removed_at: None,
    }
}

fn attendance(session: RecordId, learner: usize) -> Attendance {
    let (name, phone) = called(learner);
    Attendance {
        id: Attendance::KIND.natural_id(&[&session.to_string(), &name, &phone]),
        session: Some(session),
        name,
        phone,
        state: Presence::Present,
        note: String::new(),
        removed_at: None,
    }
}

fn assessment(course: RecordId, learner: usize, on: jiff::civil::Date) -> Assessment {
    let (name, phone) = called(learner);
    let parts = [&course.to_string(), &name, &phone, &on.to_string()];
    Assessment {
        id: Assessment::KIND.natural_id(&parts.map(String::as_str)),
        course: Some(course),
        name,
        phone,
        on: Some(on),
        score: Some(80.0),
        result: AssessmentResult::ByScore,
        assessor: String::new(),
        note: String::new(),
        removed_at: None,
    }
}

fn certificate(course: RecordId, learner: usize, on: jiff::civil::Date) -> Certificate {
    let (name, phone) = called(learner);
    Certificate {
        id: Certificate::id_of(course, &name, &phone),
        course: Some(course),
        name,
        phone,
        home: None,
        person: None,
        certificate: CERTIFICATE.to_owned(),
        number: String::new(),
        issued_on: Some(on),
        expires_on: None,
        issued_by: String::new(),
        revoked_on: None,
        note: String::new(),
        removed_at: None,
    }
}

fn views() -> impl Iterator<Item = (&'static Name, &'static View)> + Clone {
    let documents = homes()
        .iter()
        .flat_map(|home| [&home.courses, &home.school]);
    documents.map(|document| (document.name().unwrap(), document.view()))
}

#[divan::bench]
fn the_classes_of_a_home(bencher: Bencher) {
    let home = &homes()[0];
    bencher.bench_local(|| black_box(home.school().classes().count()));
}

#[divan::bench]
fn a_learner_of_every_home(bencher: Bencher) {
    let schools: Vec<School<'_>> = homes().iter().map(Home::school).collect();
    let (name, phone) = called(5);
    bencher.bench_local(|| {
        let classes = schools.iter().flat_map(School::classes);
        black_box(
            classes
                .filter_map(|class| class.find(&name, &phone))
                .count(),
        )
    });
}

#[divan::bench]
fn the_next_course(bencher: Bencher) {
    let schools: Vec<School<'_>> = homes().iter().map(Home::school).collect();
    bencher.bench_local(|| black_box(next_course(&schools, CERTIFICATE, now()).is_some()));
}

#[divan::bench(sample_count = 20)]
fn everybody_s_certificates(bencher: Bencher) {
    bencher.bench_local(|| black_box(Credentials::new(views()).all().count()));
}

#[divan::bench]
fn a_term_merges(bencher: Bencher) {
    let home = &homes()[0];
    let mut before: Vec<Change> = home.school.automerge().get_changes(&[]);
    let term = before.split_off(before.len() - before.len() / 8);
    let mut hub = begin(home.school.name().unwrap());
    hub.apply(before).unwrap();
    bencher
        .with_inputs(|| (hub.clone(), term.clone()))
        .bench_local_values(|(mut hub, term)| hub.apply(term).map(|patches| patches.len()));
}

#[divan::bench(sample_count = 20)]
fn findings_of_all_schools(bencher: Bencher) {
    let mut holdings = Holdings::new(now());
    for home in homes() {
        holdings.add(&home.courses);
        holdings.add(&home.school);
    }
    bencher.bench_local(|| findings(&holdings, None));
}
