//! The night schools of homes: what they teach, term by term, who takes part, and what becomes of them.
//!
//! A class follows from the seed, its site, its term and its subject, so that the documents that have to agree on it work it out anew:
//! `courses/<site>` and `school/<site>` ([`papers`]), the inbox of those who enrolled by telephone, and the rosters, which put who
//! is certified on the posts that take a certificate ([`duty`]).

pub(super) mod contests;
pub(super) mod duty;
pub(super) mod facts;
pub(super) mod papers;
mod sent;

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use yilian_core::document::Month;
use yilian_core::records::{Course, CourseSession, Enrolment, Level, Presence, RecordId};

use super::County;
use super::dice::Dice;
use super::place::{Place, Roll};
use super::rota;
use super::words::{GIVEN, SURNAMES};

/// What is taught.
#[derive(Debug, PartialEq)]
pub(super) struct Subject {
    pub(super) name: &'static str,
    /// The certificate that it leads to; empty for none.
    pub(super) certificate: &'static str,
    /// For how many months that is valid: a first-aider's two years, a fire warden's one.
    pub(super) valid_months: Option<i64>,
    /// As many as there are dummies, extinguishers, benches.
    pub(super) capacity: usize,
}

pub(super) const FIRST_AID: &str = "急救员证";
pub(super) const FIRE: &str = "消防安全员证";

const SUBJECTS: [Subject; 4] = [
    Subject {
        name: "急救员",
        certificate: FIRST_AID,
        valid_months: Some(24),
        capacity: 12,
    },
    Subject {
        name: "消防安全员",
        certificate: FIRE,
        valid_months: Some(12),
        capacity: 12,
    },
    Subject {
        name: "电动车维修",
        certificate: "",
        valid_months: None,
        capacity: 10,
    },
    Subject {
        name: "手机摄影",
        certificate: "",
        valid_months: None,
        capacity: 15,
    },
];

/// The months in which terms begin, and what each is called.
const TERMS: [(i8, &str); 4] = [(2, "春季"), (5, "夏季"), (8, "秋季"), (11, "冬季")];

/// Once a week, in the evening.
const LESSONS: usize = 8;

/// The share of lessons, in per cent, that whoever is certified has to have attended.
const ATTENDANCE: usize = 75;

/// So many days after its last lesson a class is assessed, whoever failed is again, and certificates are given out.
const ASSESSED_DAYS: i64 = 7;
const AGAIN_DAYS: i64 = 17;
const CERTIFIED_DAYS: i64 = 21;

/// The score from which an assessment is passed.
const PASSED: i64 = 60;

/// A term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Term {
    month: Month,
    name: &'static str,
}

/// A class.
#[derive(Debug)]
pub(super) struct Class {
    pub(super) course: RecordId,
    pub(super) name: String,
    pub(super) subject: &'static Subject,
    pub(super) teacher: String,
    /// The evenings, the first first.
    pub(super) lessons: Vec<Date>,
    /// In the order in which they enrol.
    pub(super) learners: Vec<Learner>,
    /// The one odd thing about it, if there is any.
    odd: Odd,
}

/// Somebody who enrols.
#[derive(Clone, Debug)]
pub(super) struct Learner {
    pub(super) name: String,
    pub(super) phone: String,
    /// One of the site's people; else somebody who saw the poster.
    pub(super) person: Option<RecordId>,
    pub(super) enrolled: DateTime,
    /// Whether they gave their seat up before it began.
    pub(super) withdrew: bool,
    /// Whether they have a seat.
    pub(super) seated: bool,
    /// Whether they enrolled by telephone, without an account.
    pub(super) sent: bool,
    /// Whether this is somebody's second enrolment: they are noted and assessed under the first.
    second: bool,
    /// By lesson.
    there: Vec<Presence>,
    /// What they scored; none where they did not come.
    score: Option<i64>,
    again: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Odd {
    Nothing,
    /// More seats are promised than there are.
    OverFull,
    /// Somebody is enrolled with a telephone number and without.
    Twice,
    /// Somebody is there who is not enrolled.
    Stranger,
    /// Somebody who failed is certified.
    Unearned,
    /// The desk and the teacher note one lesson apart.
    NotedApart,
    /// A lesson is added that begins when the site closes.
    Late,
}

/// Of a hundred classes.
const ODD: [(Odd, usize); 7] = [
    (Odd::Nothing, 70),
    (Odd::OverFull, 4),
    (Odd::Twice, 5),
    (Odd::Stranger, 6),
    (Odd::Unearned, 5),
    (Odd::NotedApart, 6),
    (Odd::Late, 4),
];

/// The terms of a county: the schools were there a term before its first month, and enrol for the one after its last.
pub(super) fn terms(county: &County) -> Vec<Term> {
    let mut month = county.first();
    for _ in 0..3 {
        month = month.prev().unwrap();
    }
    let mut last = county.last();
    for _ in 0..3 {
        last = last.next().unwrap();
    }
    let mut terms = Vec::new();
    while month <= last {
        let term = TERMS.iter().find(|(begins, _)| *begins == month.month());
        terms.extend(term.map(|(_, name)| Term { month, name }));
        month = month.next().unwrap();
    }
    terms
}

/// The centre teaches everything; a home one certificate in a term, and one thing more.
fn subjects(place: &Place, term: usize) -> Vec<(usize, &'static Subject)> {
    let all = SUBJECTS.iter().enumerate();
    let turn = place.index + term;
    all.filter(|(number, _)| match place.level {
        _ if place.index == 0 => true,
        Level::Home => *number == turn % 2 || *number == 2 + turn / 2 % 2,
        _ => false,
    })
    .collect()
}

/// The classes of a site, term by term.
pub(super) fn classes(county: &County, place: &Place) -> Vec<Class> {
    let roll = place.roll(county);
    let terms = terms(county).into_iter().enumerate();
    terms
        .flat_map(|(number, term)| {
            let subjects = subjects(place, number).into_iter();
            let class = |(day, subject)| Class::of(county, place, &roll, term, day, subject);
            subjects.map(class).collect::<Vec<_>>()
        })
        .collect()
}

/// Those of a site's people who may learn something: who is neither on duty all day nor odd already.
fn own(place: &Place, roll: &Roll) -> std::ops::Range<usize> {
    // The three volunteers after them change their minds: see `people`.
    roll.pool + 5..roll.members.len() - rota::count(place)
}

impl Class {
    fn of(
        county: &County,
        place: &Place,
        roll: &Roll,
        term: Term,
        day: usize,
        subject: &'static Subject,
    ) -> Class {
        let name = format!("{}{}年{}班", subject.name, term.month.year(), term.name);
        let mut dice = Dice::of(county.seed, &format!("class {} {name}", place.key));
        let lessons = lessons(place, term, day);
        let mut class = Class {
            course: Course::id_of(&place.key, &name),
            name,
            subject,
            teacher: format!("{}老师", dice.pick(&SURNAMES)),
            learners: learners(place, roll, lessons[0], &mut dice),
            lessons,
            odd: dice.weighted(&ODD),
        };
        class.enrol_twice();
        class.until(county.now());
        class.seat();
        class.note_apart();
        if class.odd == Odd::Unearned && class.unearned().is_none() {
            class.odd = Odd::Nothing;
        }
        class
    }

    /// The first who told a number is entered again without it.
    fn enrol_twice(&mut self) {
        let stays = |learner: &&Learner| !learner.withdrew && !learner.phone.is_empty();
        let first = self.learners.iter().find(stays);
        let Some(first) = first.filter(|_| self.odd == Odd::Twice) else {
            return;
        };
        let last = self.learners[self.learners.len() - 1].enrolled;
        let twin = Learner {
            phone: String::new(),
            person: None,
            enrolled: last.checked_add(1.hours()).unwrap(),
            sent: false,
            second: true,
            there: vec![Presence::Absent; LESSONS],
            score: None,
            again: None,
            ..first.clone()
        };
        self.learners.push(twin);
    }

    /// Leaves out what is still to come.
    fn until(&mut self, now: DateTime) {
        self.learners.retain(|learner| learner.enrolled <= now);
        if self.first() > now.date() {
            self.learners
                .iter_mut()
                .for_each(|one| one.withdrew = false);
            self.odd = Odd::Nothing;
        }
    }

    pub(super) fn twin(&self) -> Option<&Learner> {
        self.learners.iter().find(|learner| learner.second)
    }

    /// Neither of what desk and teacher note says that they were there.
    fn note_apart(&mut self) {
        let mut taking = self
            .learners
            .iter_mut()
            .filter(|learner| learner.takes_part());
        if let Some(first) = taking.next().filter(|_| self.odd == Odd::NotedApart) {
            first.there[1] = Presence::Leave;
        }
    }

    /// Whoever enrolled first has a seat; and one more where too many are promised.
    fn seat(&mut self) {
        let more = usize::from(self.odd == Odd::OverFull);
        let seats = self.subject.capacity + more;
        let stay = self.learners.iter_mut().filter(|learner| !learner.withdrew);
        let mut count = 0;
        for learner in stay {
            learner.seated = count < seats;
            count += 1;
        }
        if count < seats && self.odd == Odd::OverFull {
            self.odd = Odd::Nothing;
        }
    }

    pub(super) fn first(&self) -> Date {
        self.lessons[0]
    }

    fn days_after(&self, days: i64) -> Date {
        let last = self.lessons[self.lessons.len() - 1];
        last.checked_add(days.days()).unwrap()
    }

    /// When those who pass are certified.
    pub(super) fn certified_on(&self) -> Date {
        self.days_after(CERTIFIED_DAYS)
    }

    /// The last day of a certificate.
    pub(super) fn expires_on(&self) -> Option<Date> {
        let months = self.subject.valid_months?;
        // The day of a month that has no such day is its last: `checked_add` says so too.
        Some(self.certified_on().checked_add(months.months()).unwrap())
    }

    /// How many lessons there were by now.
    pub(super) fn held(&self, now: DateTime) -> usize {
        let begun = self.lessons.iter().filter(|day| evening(**day).0 <= now);
        begun.count()
    }

    /// Who is certified: whoever passed and was there often enough, and one who was not to be.
    pub(super) fn certified(&self, now: DateTime) -> impl Iterator<Item = &Learner> {
        let given = self.certified_on() <= now.date() && !self.subject.certificate.is_empty();
        let unearned = self.unearned().filter(|_| self.odd == Odd::Unearned);
        let earned = move |(number, learner): &(usize, &Learner)| {
            given && (learner.earns() || Some(*number) == unearned)
        };
        let learners = self.learners.iter().enumerate();
        learners.filter(earned).map(|(_, learner)| learner)
    }

    /// The first who has a seat and failed for good.
    fn unearned(&self) -> Option<usize> {
        let failed =
            |learner: &Learner| learner.seated && learner.score.is_some() && !learner.passes();
        let found = self.learners.iter().position(failed);
        found.filter(|_| !self.subject.certificate.is_empty())
    }
}

impl Learner {
    /// Whether they are noted and assessed.
    pub(super) fn takes_part(&self) -> bool {
        self.seated && !self.second
    }

    pub(super) fn passes(&self) -> bool {
        let scores = [self.score, self.again];
        self.seated && scores.into_iter().flatten().any(|score| score >= PASSED)
    }

    /// In how many of the first lessons they were.
    pub(super) fn was_there(&self, lessons: usize) -> usize {
        let there = self.there.iter().take(lessons);
        there.filter(|presence| presence.was_there()).count()
    }

    fn earns(&self) -> bool {
        self.passes() && self.was_there(LESSONS) * 100 >= ATTENDANCE * LESSONS
    }

    pub(super) fn id(&self, class: &Class) -> RecordId {
        Enrolment::id_of(class.course, &self.name, &self.phone)
    }
}

/// From when to when a lesson is.
fn evening(day: Date) -> (DateTime, DateTime) {
    (day.at(19, 0, 0, 0), day.at(21, 0, 0, 0))
}

fn session_name(lesson: usize) -> String {
    const NUMBERS: [&str; LESSONS] = ["一", "二", "三", "四", "五", "六", "七", "八"];
    format!("第{}课", NUMBERS[lesson])
}

fn session_id(course: RecordId, name: &str) -> RecordId {
    use yilian_core::records::Typed as _;
    CourseSession::KIND.natural_id(&[&course.to_string(), name])
}

/// Each subject has its evening of the week. On a day of stocktaking there is none.
fn lessons(place: &Place, term: Term, day: usize) -> Vec<Date> {
    let first = term.month.first_day();
    let monday = i64::from(7 - first.weekday().to_monday_zero_offset()) % 7;
    let begins = monday + i64::try_from(day).unwrap();
    let weeks = (0..).map(|week: i64| first.checked_add((begins + 7 * week).days()).unwrap());
    let open = weeks.filter(|day| {
        let month = Month::of(*day).unwrap();
        place.closed(month) != Some(*day)
    });
    open.take(LESSONS).collect()
}

/// Six in ten are the site's own people, one in sixteen gives the seat up again; somebody is there nearly always, or half of the time.
fn learners(place: &Place, roll: &Roll, first: Date, dice: &mut Dice) -> Vec<Learner> {
    let mut own: Vec<usize> = own(place, roll).collect();
    dice.shuffle(&mut own);
    own.truncate(usize::try_from(dice.between(5, 10)).unwrap());
    let members = own.into_iter().map(|member| {
        let member = &roll.members[member];
        (member.name.clone(), member.phone.clone(), Some(member.id))
    });
    let mut people: Vec<_> = members.collect();
    let mut others = dice.between(3, 8);
    while others > 0 {
        let name = format!(
            "{}{}{}",
            dice.pick(&SURNAMES),
            dice.pick(&GIVEN),
            dice.pick(&GIVEN)
        );
        if !roll.has(&name) && people.iter().all(|(known, ..)| *known != name) {
            people.push((name, format!("135{:08}", dice.below(100_000_000)), None));
            others -= 1;
        }
    }
    dice.shuffle(&mut people);
    let begun = first.at(9, 0, 0, 0).checked_sub(25.days()).unwrap();
    let learner = |(number, (name, phone, person)): (usize, (String, String, Option<RecordId>))| {
        let wait = i64::try_from(number).unwrap() * 60 * 24 + dice.between(0, 600);
        let lazy = dice.percent(10);
        let score = (!dice.percent(4)).then(|| match dice.percent(14) {
            true => dice.between(30, 59),
            false => dice.between(60, 98),
        });
        let failed = score.is_some_and(|score| score < PASSED);
        Learner {
            name,
            phone,
            enrolled: begun.checked_add(wait.minutes()).unwrap(),
            withdrew: dice.percent(6),
            seated: false,
            sent: person.is_none() && dice.percent(25),
            second: false,
            person,
            there: (0..LESSONS).map(|_| presence(lazy, dice)).collect(),
            score,
            again: (failed && dice.percent(60)).then(|| dice.between(50, 80)),
        }
    };
    people.into_iter().enumerate().map(learner).collect()
}

fn presence(lazy: bool, dice: &mut Dice) -> Presence {
    let there = if lazy { 50 } else { 88 };
    if dice.percent(there) {
        return Presence::Present;
    }
    *dice.pick(&[Presence::Late, Presence::Leave, Presence::Absent])
}
