use jiff::civil::{Date, DateTime};

use super::learner::{Learner, Roll};
use super::seat::seats;
use super::{SchoolError, Seat};
use crate::document::{Name, SiteKey};
use crate::import::name_key;
use crate::ordered::{self, BTreeMap, BTreeSet};
use crate::records::{
    Assessment, AssessmentResult, Attendance, Certificate, Contest, ContestEntry, Course,
    CourseSession, Enrolment, Entry, Label, RecordId, View,
};

/// What one `courses/<site>` and its `school/<site>` hold, indexed. Removed records are left out.
#[derive(Debug)]
pub struct School<'a> {
    site: &'a SiteKey,
    classes: BTreeMap<RecordId, Class<'a>>,
    contests: BTreeMap<RecordId, (&'a Contest, Vec<&'a ContestEntry>)>,
    strays: Vec<Stray<'a>>,
}

/// A course and what belongs to it.
#[derive(Debug)]
pub struct Class<'a> {
    /// The course.
    pub course: &'a Course,
    /// Its lessons, by start.
    pub sessions: Vec<&'a CourseSession>,
    enrolled: BTreeMap<RecordId, Enrolled<'a>>,
    /// In the order in which they are seated.
    turns: Vec<RecordId>,
    roll: Roll,
    strays: Vec<Stray<'a>>,
    /// The lessons in which somebody's attendance was noted.
    noted: BTreeSet<RecordId>,
}

/// Somebody who enrolled in a course, and what has become of them.
#[derive(Debug)]
pub struct Enrolled<'a> {
    /// The enrolment.
    pub enrolment: &'a Enrolment,
    /// Whether they have a seat.
    pub seat: Seat,
    /// Whether they were there, by lesson.
    pub attendance: BTreeMap<RecordId, &'a Attendance>,
    /// Their assessments, by day.
    pub assessments: Vec<&'a Assessment>,
    /// The certificates that name them and the course: one, unless it was entered twice.
    pub certificates: Vec<&'a Certificate>,
}

/// A record that names nobody who enrolled in its course, or no course that there is.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "each holds the record of its name")]
pub enum Stray<'a> {
    Assessment(&'a Assessment),
    Attendance(&'a Attendance),
    Certificate(&'a Certificate),
}

/// In how many lessons somebody was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attended {
    /// In how many they were, late or not.
    pub there: usize,
    /// How many there were by now in which anybody's attendance was noted: of the others nobody knows.
    pub held: usize,
}

/// What came of the assessments of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// One of them was passed.
    Passed,
    /// None was.
    Failed,
    /// There was none, or none that says what came of it.
    Open,
}

impl Attended {
    /// The share in tenths of a per cent; none where nothing was held.
    #[must_use]
    pub fn permille(self) -> Option<usize> {
        (self.there * 1_000).checked_div(self.held)
    }
}

impl Verdict {
    /// What programs call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Open => "open",
        }
    }

    /// What people call it.
    pub const fn label(self) -> Label {
        let (zh, en) = match self {
            Self::Passed => ("合格", "passed"),
            Self::Failed => ("不合格", "failed"),
            Self::Open => ("未考核", "not assessed"),
        };
        Label { zh, en }
    }
}

impl<'a> School<'a> {
    /// The school of a site, as the views of `courses/<site>` and `school/<site>` show it, as far as they are held.
    ///
    /// Without the first, there are no classes, and who took them is left out; without the second, nobody seems to take them. `hub`
    /// may promise seats as the site itself can: see [`Directory::hub`](crate::matrix::Directory::hub).
    #[must_use]
    pub fn new(
        site: &'a SiteKey,
        courses: Option<&'a View>,
        school: Option<&'a View>,
        hub: Option<&SiteKey>,
    ) -> Self {
        let mut made = Self {
            site,
            classes: BTreeMap::new(),
            contests: BTreeMap::new(),
            strays: Vec::new(),
        };
        let lessons = courses.map(|view| made.add_courses(view));
        if let (Some(view), Some(lessons)) = (school, &lessons) {
            made.seat(view, hub);
            made.note(view, lessons);
        }
        if let Some(view) = school {
            made.add_contests(view);
        }
        for class in made.classes.values_mut() {
            ordered::sort_by_key(&mut class.sessions, |session| (session.start, session.id));
        }
        made
    }

    /// The school of every site of which one of these documents is here.
    #[must_use]
    pub fn all<D>(documents: D, hub: Option<&SiteKey>) -> Vec<Self>
    where
        D: IntoIterator<Item = (&'a Name, &'a View)>,
    {
        let mut views: BTreeMap<&SiteKey, (Option<&View>, Option<&View>)> = BTreeMap::new();
        for (name, view) in documents {
            match name {
                Name::Courses { site } => views.entry(site).or_default().0 = Some(view),
                Name::School { site } => views.entry(site).or_default().1 = Some(view),
                _ => {}
            }
        }
        let schools = views.iter();
        schools
            .map(|(site, (courses, school))| Self::new(site, *courses, *school, hub))
            .collect()
    }

    /// Answers the course of each lesson.
    fn add_courses(&mut self, view: &'a View) -> BTreeMap<RecordId, RecordId> {
        for (course, _) in view.present::<Course>() {
            self.classes.insert(course.id, Class::new(course));
        }
        let mut lessons = BTreeMap::new();
        for (session, _) in view.present::<CourseSession>() {
            if let Some(class) = session.course.and_then(|id| self.classes.get_mut(&id)) {
                class.sessions.push(session);
                lessons.insert(session.id, class.course.id);
            }
        }
        lessons
    }

    fn seat(&mut self, view: &'a View, hub: Option<&SiteKey>) {
        let site = self.site;
        let mut entries: BTreeMap<RecordId, Vec<(&Enrolment, &Entry)>> = BTreeMap::new();
        for (enrolment, entry) in view.present::<Enrolment>() {
            if let Some(course) = enrolment.course {
                entries.entry(course).or_default().push((enrolment, entry));
            }
        }
        for (id, class) in self.classes.iter_mut() {
            class.enrol(site, hub, entries.remove(id).unwrap_or_default());
        }
    }

    fn note(&mut self, view: &'a View, lessons: &BTreeMap<RecordId, RecordId>) {
        for (attendance, _) in view.present::<Attendance>() {
            let course = attendance.session.and_then(|id| lessons.get(&id));
            match course.and_then(|id| self.classes.get_mut(id)) {
                Some(class) => class.note(attendance),
                None => self.strays.push(Stray::Attendance(attendance)),
            }
        }
        for (assessment, _) in view.present::<Assessment>() {
            let course = assessment.course;
            match course.and_then(|id| self.classes.get_mut(&id)) {
                Some(class) => class.assess(assessment),
                None => self.strays.push(Stray::Assessment(assessment)),
            }
        }
        for (certificate, _) in view.present::<Certificate>() {
            let course = certificate.course;
            match course.and_then(|id| self.classes.get_mut(&id)) {
                Some(class) => class.certify(certificate),
                None => self.strays.push(Stray::Certificate(certificate)),
            }
        }
        for class in self.classes.values_mut() {
            for enrolled in class.enrolled.values_mut() {
                ordered::sort_by_key(&mut enrolled.assessments, |assessment| {
                    (assessment.on, assessment.id)
                });
            }
        }
    }

    fn add_contests(&mut self, view: &'a View) {
        for (contest, _) in view.present::<Contest>() {
            self.contests.insert(contest.id, (contest, Vec::new()));
        }
        for (entry, _) in view.present::<ContestEntry>() {
            let contest = entry.contest.and_then(|id| self.contests.get_mut(&id));
            if let Some((_, entries)) = contest {
                entries.push(entry);
            }
        }
    }

    /// Whose it is.
    #[must_use]
    pub const fn site(&self) -> &'a SiteKey {
        self.site
    }

    /// Its classes, in the order of their ids.
    pub fn classes(&self) -> impl Iterator<Item = &Class<'a>> {
        self.classes.values()
    }

    /// The class of a course.
    #[must_use]
    pub fn class(&self, course: RecordId) -> Option<&Class<'a>> {
        self.classes.get(&course)
    }

    /// Its contests with their entries, in the order of their ids.
    pub fn contests(&self) -> impl Iterator<Item = (&'a Contest, &[&'a ContestEntry])> {
        self.contests
            .values()
            .map(|(contest, entries)| (*contest, entries.as_slice()))
    }

    /// What belongs to no course that there is: attendance whose lesson is gone, assessments and certificates whose course is.
    #[must_use]
    pub fn strays(&self) -> &[Stray<'a>] {
        &self.strays
    }
}

impl<'a> Class<'a> {
    fn new(course: &'a Course) -> Self {
        Self {
            course,
            sessions: Vec::new(),
            enrolled: BTreeMap::new(),
            turns: Vec::new(),
            roll: Roll::default(),
            strays: Vec::new(),
            noted: BTreeSet::new(),
        }
    }

    fn enrol(
        &mut self,
        site: &SiteKey,
        hub: Option<&SiteKey>,
        entries: Vec<(&'a Enrolment, &'a Entry)>,
    ) {
        let seats = seats(self.course, site, hub, entries.iter().copied());
        self.turns = seats.iter().map(|(id, _)| *id).collect();
        let seats: BTreeMap<RecordId, Seat> = seats.into_iter().collect();
        for (enrolment, _) in entries {
            let learner = Learner::of(&enrolment.name, &enrolment.phone);
            self.roll.add(learner, enrolment.id);
            let enrolled = Enrolled {
                enrolment,
                seat: seats.get(&enrolment.id).copied().unwrap_or(Seat::Withdrawn),
                attendance: BTreeMap::new(),
                assessments: Vec::new(),
                certificates: Vec::new(),
            };
            self.enrolled.insert(enrolment.id, enrolled);
        }
    }

    fn named(&mut self, name: &str, phone: &str) -> Option<&mut Enrolled<'a>> {
        let enrolment = self.roll.find(&Learner::of(name, phone))?;
        self.enrolled.get_mut(&enrolment)
    }

    fn note(&mut self, attendance: &'a Attendance) {
        let Some(session) = attendance.session else {
            return;
        };
        self.noted.insert(session);
        match self.named(&attendance.name, &attendance.phone) {
            Some(enrolled) => {
                enrolled.attendance.insert(session, attendance);
            }
            None => self.strays.push(Stray::Attendance(attendance)),
        }
    }

    fn assess(&mut self, assessment: &'a Assessment) {
        match self.named(&assessment.name, &assessment.phone) {
            Some(enrolled) => enrolled.assessments.push(assessment),
            None => self.strays.push(Stray::Assessment(assessment)),
        }
    }

    fn certify(&mut self, certificate: &'a Certificate) {
        match self.named(&certificate.name, &certificate.phone) {
            Some(enrolled) => enrolled.certificates.push(certificate),
            None => self.strays.push(Stray::Certificate(certificate)),
        }
    }

    /// Everybody who enrolled, in the order of their ids: those who wait and those who gave up as well.
    pub fn enrolled(&self) -> impl Iterator<Item = &Enrolled<'a>> {
        self.enrolled.values()
    }

    /// Everybody who enrolled, in the order in which they are seated: promised seats first, then whoever enrolled first.
    pub fn in_turn(&self) -> impl DoubleEndedIterator<Item = &Enrolled<'a>> {
        self.turns.iter().filter_map(|id| self.enrolled.get(id))
    }

    /// Who enrolled under that id.
    #[must_use]
    pub fn of(&self, enrolment: RecordId) -> Option<&Enrolled<'a>> {
        self.enrolled.get(&enrolment)
    }

    /// The enrolment of somebody: the one with that telephone number, or the only one of that name where either does not say
    /// one.
    #[must_use]
    pub fn find(&self, name: &str, phone: &str) -> Option<&Enrolled<'a>> {
        let enrolment = self.roll.find(&Learner::of(name, phone))?;
        self.enrolled.get(&enrolment)
    }

    /// Enrolments that seem to be of one person.
    pub(crate) fn twice(&self) -> impl Iterator<Item = Vec<&Enrolled<'a>>> {
        self.roll.twice().map(|ids| {
            let mut twice: Vec<&Enrolled<'_>> =
                ids.iter().filter_map(|id| self.enrolled.get(id)).collect();
            ordered::sort_by_key(&mut twice, |enrolled| enrolled.enrolment.id);
            twice
        })
    }

    /// What names nobody who enrolled.
    #[must_use]
    pub fn strays(&self) -> &[Stray<'a>] {
        &self.strays
    }

    /// How many have a seat.
    #[must_use]
    pub fn seated(&self) -> usize {
        self.enrolled().filter(|one| one.seat.stands()).count()
    }

    /// How many wait for one.
    #[must_use]
    pub fn waiting(&self) -> usize {
        let waits = |one: &&Enrolled<'_>| matches!(one.seat, Seat::Waiting { .. });
        self.enrolled().filter(waits).count()
    }

    /// How many seats are free; none where there is no bound.
    #[must_use]
    pub fn free(&self) -> Option<usize> {
        let capacity = usize::try_from(self.course.capacity?).unwrap_or_default();
        Some(capacity.saturating_sub(self.seated()))
    }

    /// When its first lesson starts, where one is planned.
    #[must_use]
    pub fn begins(&self) -> Option<DateTime> {
        let mut periods = self.sessions.iter().filter_map(|session| session.period());
        periods.next().map(|(start, _)| start)
    }

    /// In how many lessons somebody was.
    #[must_use]
    pub fn attended(&self, enrolled: &Enrolled<'_>, now: DateTime) -> Attended {
        let held = |session: &&&CourseSession| {
            let over = session.period().is_some_and(|(_, end)| end <= now);
            over && self.noted.contains(&session.id)
        };
        let was_there = |session: &&CourseSession| {
            let noted = enrolled.attendance.get(&session.id);
            noted.is_some_and(|noted| noted.state.was_there())
        };
        let held: Vec<&CourseSession> = self.sessions.iter().filter(held).copied().collect();
        Attended {
            there: held.iter().filter(|session| was_there(session)).count(),
            held: held.len(),
        }
    }

    /// What an assessment says; none where it says nothing.
    #[must_use]
    pub fn passes(&self, assessment: &Assessment) -> Option<bool> {
        let mark = self.course.pass_mark.unwrap_or(Course::PASS_MARK);
        match assessment.result {
            AssessmentResult::Passed => Some(true),
            AssessmentResult::Failed => Some(false),
            AssessmentResult::ByScore => assessment.score.map(|score| score >= mark),
        }
    }

    /// What came of the assessments of somebody: whoever passed once has passed.
    #[must_use]
    pub fn verdict(&self, enrolled: &Enrolled<'_>) -> Verdict {
        let said = enrolled.assessments.iter();
        let said = said.filter_map(|assessment| self.passes(assessment));
        said.map(|passed| match passed {
            true => Verdict::Passed,
            false => Verdict::Failed,
        })
        .min()
        .unwrap_or(Verdict::Open)
    }

    /// Whether somebody may be certified.
    ///
    /// # Errors
    /// What is in the way.
    pub fn may_certify(&self, enrolled: &Enrolled<'_>, now: DateTime) -> Result<(), SchoolError> {
        let name = || enrolled.enrolment.name.clone();
        if self.course.certificate.is_empty() {
            let course = self.course.name.clone();
            return Err(SchoolError::NoCertificate { course });
        }
        if !enrolled.seat.stands() {
            return Err(SchoolError::NoSeat { name: name() });
        }
        match self.verdict(enrolled) {
            Verdict::Passed => {}
            Verdict::Failed => return Err(SchoolError::Failed { name: name() }),
            Verdict::Open => return Err(SchoolError::NotAssessed { name: name() }),
        }
        let attended = self.attended(enrolled, now);
        let needed = self.course.attendance.unwrap_or_default();
        let needed = usize::try_from(needed).unwrap_or_default();
        // Where nothing was noted, nothing can be held against anybody.
        if attended.held > 0 && attended.there * 100 < needed * attended.held {
            return Err(SchoolError::Attendance {
                name: name(),
                there: attended.there,
                held: attended.held,
                needed,
            });
        }
        Ok(())
    }

    /// Whether people can enrol on a day.
    #[must_use]
    pub fn is_open(&self, day: Date) -> bool {
        let open = self.course.state == crate::records::CourseState::Open;
        open && self.course.enrol_until.is_none_or(|last| day <= last)
    }

    /// Whether it leads to a certificate.
    #[must_use]
    pub fn leads_to(&self, certificate: &str) -> bool {
        let own = crate::import::word(&self.course.certificate);
        !own.is_empty() && own == crate::import::word(certificate)
    }

    /// Whether it is meant by a name or an id.
    #[must_use]
    pub fn is_called(&self, text: &str) -> bool {
        name_key(&self.course.name) == name_key(text) || self.course.id.to_string() == text
    }
}
