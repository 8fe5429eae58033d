//! `courses/<site>` and `school/<site>`: what a school offers, and who takes it.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use yilian_core::document::{Author, Name};
use yilian_core::records::{
    Assessment, AssessmentResult, Attendance, Certificate, Collection, Course, CourseSession,
    CourseState, Edit, Enrolment, EnrolmentState, Presence, RecordId, Typed as _,
};
use yilian_core::school::issue;

use super::super::desk::Desk;
use super::super::place::Place;
use super::super::{County, Document, Facts, Mess};
use super::facts::ClassFacts;
use super::{
    AGAIN_DAYS, ASSESSED_DAYS, ATTENDANCE, Class, Learner, Odd, classes, contests, evening, sent,
    session_id, session_name,
};

/// The lesson that the desk and the teacher note apart.
const NOTED_APART: usize = 1;

/// The school of a site: two documents, and those of whoever enrolled by telephone; or none where it teaches nothing.
pub(in super::super) fn documents(county: &County, place: &Place) -> Vec<Document> {
    let classes = classes(county, place);
    if classes.is_empty() {
        return Vec::new();
    }
    let site = place.key.clone();
    let roll = place.roll(county);
    let clerk = place.author(&roll, 0);
    let courses = Name::Courses { site: site.clone() };
    let school = Name::School { site };
    let mut papers = Papers {
        county,
        place,
        public: Desk::begin(county, &courses, &clerk),
        own: Desk::begin(county, &school, &clerk),
        clerk,
        courses,
        school,
    };
    let mut facts = Vec::new();
    for class in &classes {
        papers.class(class);
        facts.push(Facts::Class(ClassFacts::of(class, place, county.now())));
    }
    for contest in contests::held(county, place) {
        papers.contest(&contest);
        facts.push(Facts::Contest(contest.facts(place)));
    }
    let sent = classes
        .iter()
        .flat_map(|class| sent::documents(county, place, class, &papers.clerk));
    let sent: Vec<Document> = sent.collect();
    let (public, mut own) = (papers.public.finish(), papers.own.finish());
    own.facts = facts;
    [public, own].into_iter().chain(sent).collect()
}

struct Papers<'a> {
    county: &'a County,
    place: &'a Place,
    clerk: Author,
    courses: Name,
    school: Name,
    /// What everybody may read, and what names people.
    public: Desk,
    own: Desk,
}

impl Papers<'_> {
    fn has_come(&self, at: DateTime) -> bool {
        at <= self.county.now()
    }

    fn class(&mut self, class: &Class) {
        let announced = class.first().at(9, 0, 0, 0).checked_sub(30.days()).unwrap();
        let mut edits = self.course(class).create(&self.courses);
        for session in self.sessions(class) {
            edits.extend(session.create(&self.courses));
        }
        self.public
            .write(&edits, "", announced.min(self.county.now()));
        self.enrol(class);
        self.confirm(class);
        self.note(class);
        self.assess(class);
        self.certify(class);
    }

    fn course(&self, class: &Class) -> Course {
        let begun = self.has_come(class.first().at(0, 0, 0, 0));
        Course {
            id: class.course,
            site: self.place.key.clone(),
            name: class.name.clone(),
            certificate: class.subject.certificate.to_owned(),
            valid_months: class.subject.valid_months,
            capacity: Some(i64::try_from(class.subject.capacity).unwrap()),
            pass_mark: None,
            attendance: Some(i64::try_from(ATTENDANCE).unwrap()),
            enrol_until: Some(class.first().yesterday().unwrap()),
            teacher: class.teacher.clone(),
            state: if begun {
                CourseState::Closed
            } else {
                CourseState::Open
            },
            note: String::new(),
            removed_at: None,
        }
    }

    fn sessions(&mut self, class: &Class) -> Vec<CourseSession> {
        let session = |name: String, (start, end): (DateTime, DateTime)| CourseSession {
            id: session_id(class.course, &name),
            course: Some(class.course),
            name,
            start,
            end,
            venue: None,
            teacher: String::new(),
            note: String::new(),
            removed_at: None,
        };
        let lessons = class.lessons.iter().enumerate();
        let lessons = lessons.map(|(number, day)| session(session_name(number), evening(*day)));
        let mut sessions: Vec<CourseSession> = lessons.collect();
        if class.odd == Odd::Late {
            let day = class.lessons[0].tomorrow().unwrap();
            let late = (day.at(22, 45, 0, 0), day.at(23, 45, 0, 0));
            sessions.push(session("加课".to_owned(), late));
            self.public.wrong(Mess::LessonLate);
        }
        sessions
    }

    fn enrolment(class: &Class, learner: &Learner) -> Enrolment {
        Enrolment {
            id: learner.id(class),
            course: Some(class.course),
            name: learner.name.clone(),
            phone: learner.phone.clone(),
            home: None,
            person: learner.person,
            state: EnrolmentState::Enrolled,
            confirmed_by: String::new(),
            note: String::new(),
            removed_at: None,
        }
    }

    /// One after the other; who gives up does so before it begins.
    fn enrol(&mut self, class: &Class) {
        for learner in &class.learners {
            let edits = Self::enrolment(class, learner).create(&self.school);
            self.own.write(&edits, "", learner.enrolled);
        }
        let before = class.first().yesterday().unwrap().at(17, 0, 0, 0);
        let withdrawn = class.learners.iter();
        let withdrawn: Vec<Edit> = withdrawn
            .filter(|learner| learner.withdrew)
            .map(|learner| {
                self.set(
                    Collection::Enrolments,
                    learner.id(class),
                    "state",
                    "withdrawn",
                )
            })
            .collect();
        if !withdrawn.is_empty() {
            self.own.write(&withdrawn, "", before);
        }
        if class.twin().is_some() {
            self.own.wrong(Mess::EnrolledTwice);
        }
    }

    /// On the day before it begins, whoever has a seat is promised it.
    fn confirm(&mut self, class: &Class) {
        let at = class.first().yesterday().unwrap().at(18, 0, 0, 0);
        if !self.has_come(at) {
            return;
        }
        let seated = class.learners.iter().filter(|learner| learner.seated);
        let by = self.clerk.to_string();
        let edits: Vec<Edit> = seated
            .map(|learner| {
                self.set(
                    Collection::Enrolments,
                    learner.id(class),
                    "confirmed_by",
                    &by,
                )
            })
            .collect();
        self.own.write(&edits, "", at);
        if class.odd == Odd::OverFull {
            self.own.wrong(Mess::ClassOverFull);
        }
    }

    fn set(&self, collection: Collection, record: RecordId, field: &str, value: &str) -> Edit {
        Edit::set(&self.school, collection, record, field, value)
    }

    /// The teacher notes each lesson at its end.
    fn note(&mut self, class: &Class) {
        let held = class.held(self.county.now());
        for (number, day) in class.lessons.iter().enumerate().take(held) {
            let at = evening(*day).1.min(self.county.now());
            let session = session_id(class.course, &session_name(number));
            let apart = class.odd == Odd::NotedApart && number == NOTED_APART;
            let noted = class.learners.iter().filter(|learner| learner.takes_part());
            // Whom desk and teacher note apart is the first of them.
            let noted = noted.skip(usize::from(apart));
            if apart {
                self.note_apart(class, session, at);
            }
            let mut edits: Vec<Edit> = noted
                .map(|learner| {
                    attendance(
                        session,
                        &learner.name,
                        &learner.phone,
                        learner.there[number],
                    )
                })
                .flat_map(|noted| noted.create(&self.school))
                .collect();
            if class.odd == Odd::Stranger && number == 0 {
                let stranger = attendance(session, "路过旁听", "", Presence::Present);
                edits.extend(stranger.create(&self.school));
                self.own.wrong(Mess::LearnerStrange);
            }
            self.own.write(&edits, "", at);
        }
    }

    /// The first of the class said that they would not come: the desk knows, and the teacher does not.
    fn note_apart(&mut self, class: &Class, session: RecordId, at: DateTime) {
        let Some(learner) = class.learners.iter().find(|learner| learner.takes_part()) else {
            return;
        };
        let noted = |state| attendance(session, &learner.name, &learner.phone, state);
        let teacher = Author::new(&self.place.key, &class.teacher).unwrap();
        let mut branch = self.own.branch(&teacher);
        branch.write(&noted(Presence::Absent).create(&self.school), "", at);
        self.own
            .write(&noted(Presence::Leave).create(&self.school), "", at);
        self.own.merge(branch);
        self.own.wrong(Mess::FieldConflict);
    }

    fn assess(&mut self, class: &Class) {
        for (days, again) in [(ASSESSED_DAYS, false), (AGAIN_DAYS, true)] {
            let score = |learner: &Learner| match again {
                true => learner.again,
                false => learner.score,
            };
            let on = class.days_after(days);
            let at = on.at(20, 0, 0, 0);
            let taking = class.learners.iter().filter(|learner| learner.takes_part());
            let taken = taking.filter_map(|learner| Some((learner, score(learner)?)));
            let edits: Vec<Edit> = taken
                .flat_map(|(learner, score)| {
                    let assessed = assessment(class, learner, on, score);
                    assessed.create(&self.school)
                })
                .collect();
            if self.has_come(at) && !edits.is_empty() {
                self.own.write(&edits, "", at);
            }
        }
    }

    fn certify(&mut self, class: &Class) {
        let now = self.county.now();
        let certified: Vec<&Learner> = class.certified(now).collect();
        if certified.is_empty() {
            return;
        }
        let at = class.certified_on().at(10, 0, 0, 0).min(now);
        let network = self.county.network();
        let edits = certified.iter().flat_map(|learner| {
            let certificate = self.certificate(class, learner);
            // What was sent for a seat is in a document of its own: see `inbox`.
            let views: [(&Name, &yilian_core::records::View); 0] = [];
            issue(
                &network,
                &self.place.key,
                (&certificate, learner.id(class)),
                views,
            )
        });
        let (public, own): (Vec<Edit>, Vec<Edit>) =
            edits.partition(|edit| *edit.document() == self.courses);
        self.public.write(&public, "", at);
        self.own.write(&own, "", at);
        if class.odd == Odd::Unearned {
            self.own.wrong(Mess::CertificateUnearned);
        }
    }

    fn certificate(&self, class: &Class, learner: &Learner) -> Certificate {
        certificate(class, learner, &self.clerk)
    }

    fn contest(&mut self, contest: &contests::Held) {
        let at = contest.at();
        self.own
            .write(&contest.edits(self.place, &self.school), "", at);
    }
}

/// The certificate of somebody who took a class.
pub(super) fn certificate(class: &Class, learner: &Learner, by: &Author) -> Certificate {
    Certificate {
        id: Certificate::id_of(class.course, &learner.name, &learner.phone),
        course: Some(class.course),
        name: learner.name.clone(),
        phone: learner.phone.clone(),
        home: None,
        person: learner.person,
        certificate: class.subject.certificate.to_owned(),
        number: String::new(),
        issued_on: Some(class.certified_on()),
        expires_on: class.expires_on(),
        issued_by: by.to_string(),
        revoked_on: None,
        note: String::new(),
        removed_at: None,
    }
}

fn attendance(session: RecordId, name: &str, phone: &str, state: Presence) -> Attendance {
    Attendance {
        id: Attendance::KIND.natural_id(&[&session.to_string(), name, phone]),
        session: Some(session),
        name: name.to_owned(),
        phone: phone.to_owned(),
        state,
        note: String::new(),
        removed_at: None,
    }
}

fn assessment(class: &Class, learner: &Learner, on: Date, score: i64) -> Assessment {
    let (course, day) = (class.course.to_string(), on.to_string());
    Assessment {
        id: Assessment::KIND.natural_id(&[&course, &learner.name, &learner.phone, &day]),
        course: Some(class.course),
        name: learner.name.clone(),
        phone: learner.phone.clone(),
        on: Some(on),
        score: Some(score as f64),
        result: AssessmentResult::ByScore,
        assessor: class.teacher.clone(),
        note: String::new(),
        removed_at: None,
    }
}
