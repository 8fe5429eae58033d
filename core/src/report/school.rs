//! The night school: courses and who takes them, how they do, and certificates that expire.

use jiff::civil::{Date, DateTime};

use super::{Cell, Column, ColumnKind, Documents, Period, Report};
use crate::document::{Kind, SiteKey};
use crate::ordered;
use crate::records::{Certificate, Contest, ContestEntry, Person, Value};
use crate::rules::Text;
use crate::school::{
    Class, Credential, Credentials, Enrolled, School, Seat, Source, Verdict, ranking,
};

/// The schools of the documents at hand: of one site only, or all.
fn schools<'d>(documents: &'d Documents<'_>, site: Option<&SiteKey>) -> Vec<School<'d>> {
    let directory = documents.directory();
    let kinds = [Kind::Courses, Kind::School].into_iter();
    let read = kinds.flat_map(|kind| documents.of_kind(kind));
    let of_site = read.filter(|(of, _)| site.is_none() || of.site() == site);
    School::all(of_site, directory.hub())
}

/// The classes that a period is about, by site and by when they begin: those that have a lesson in it, or in which somebody was
/// assessed or certified then.
fn classes<'s, 'd>(schools: &'s [School<'d>], period: Period) -> Vec<(&'d SiteKey, &'s Class<'d>)> {
    let within = |day: Option<Date>| day.is_some_and(|day| period.contains(day));
    let is_about = |class: &Class<'_>| {
        let mut sessions = class.sessions.iter();
        sessions.any(|session| period.contains(session.start.date()))
            || class.enrolled().any(|enrolled| {
                let mut assessed = enrolled.assessments.iter();
                let mut certified = enrolled.certificates.iter();
                assessed.any(|one| within(one.on)) || certified.any(|one| within(one.issued_on))
            })
    };
    let mut classes: Vec<(&SiteKey, &Class<'_>)> = schools
        .iter()
        .flat_map(|school| school.classes().map(|class| (school.site(), class)))
        .filter(|(_, class)| is_about(class))
        .collect();
    ordered::sort_by_key(&mut classes, |(site, class)| {
        (*site, class.begins(), &class.course.name, class.course.id)
    });
    classes
}

/// What is counted of classes.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    sessions: usize,
    seats: Option<usize>,
    seated: usize,
    waiting: usize,
    there: usize,
    held: usize,
    assessed: usize,
    passed: usize,
    certified: usize,
}

impl Tally {
    fn of(class: &Class<'_>, period: Period, now: DateTime) -> Self {
        let mut tally = Self {
            seats: class
                .course
                .capacity
                .and_then(|seats| usize::try_from(seats).ok()),
            seated: class.seated(),
            waiting: class.waiting(),
            ..Self::default()
        };
        let sessions = class.sessions.iter();
        tally.sessions = sessions
            .filter(|session| period.contains(session.start.date()))
            .count();
        for enrolled in class.enrolled().filter(|one| one.seat.stands()) {
            let attended = class.attended(enrolled, now);
            tally.there += attended.there;
            tally.held += attended.held;
            let verdict = class.verdict(enrolled);
            tally.assessed += usize::from(verdict != Verdict::Open);
            tally.passed += usize::from(verdict == Verdict::Passed);
            tally.certified += usize::from(is_certified(enrolled));
        }
        tally
    }

    fn add(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.seats = match (self.seats, other.seats) {
            (Some(one), Some(other)) => Some(one + other),
            (one, other) => one.or(other),
        };
        self.seated += other.seated;
        self.waiting += other.waiting;
        self.there += other.there;
        self.held += other.held;
        self.assessed += other.assessed;
        self.passed += other.passed;
        self.certified += other.certified;
    }

    fn cells(&self) -> [Cell; 9] {
        [
            Cell::count(self.sessions),
            self.seats.map_or(Cell::Empty, Cell::count),
            Cell::count(self.seated),
            Cell::count(self.waiting),
            share(self.there, self.held),
            Cell::count(self.assessed),
            Cell::count(self.passed),
            share(self.passed, self.assessed),
            Cell::count(self.certified),
        ]
    }
}

fn is_certified(enrolled: &Enrolled<'_>) -> bool {
    let mut certificates = enrolled.certificates.iter();
    certificates.any(|one| one.issued_on.is_some() && one.revoked_on.is_none())
}

/// A share in per cent, to a tenth; nothing of nothing.
fn share(part: usize, whole: usize) -> Cell {
    let tenths = (part * 1_000).checked_div(whole);
    let tenths = tenths.and_then(|tenths| i64::try_from(tenths).ok());
    tenths.map_or(Cell::Empty, Cell::Tenths)
}

/// The courses of a period: seats, attendance, passes and certificates. With `site`, those of its school.
///
/// A course counts as a whole: attendance is that of its lessons so far, of those who have a seat, and so are passes and
/// certificates. Only the number of lessons is that of the period.
#[must_use]
pub fn by_course(
    documents: &Documents<'_>,
    period: Period,
    site: Option<&SiteKey>,
    now: DateTime,
) -> Report {
    let schools = schools(documents, site);
    let mut total = Tally::default();
    let row = |(at, class): (&SiteKey, &Class<'_>)| {
        let tally = Tally::of(class, period, now);
        total.add(&tally);
        let mut row = vec![
            documents.site_cell(at),
            Cell::Text(class.course.name.clone()),
            Cell::Text(class.course.certificate.clone()),
        ];
        row.extend(tally.cells());
        row
    };
    let rows = classes(&schools, period).into_iter().map(row).collect();
    let mut totals = vec![
        Cell::Named("total".to_owned(), Text::new("合计", "total")),
        Cell::Empty,
        Cell::Empty,
    ];
    totals.extend(total.cells());
    Report {
        name: "school_by_course",
        title: documents.title(site, "夜校课程统计", "Night school"),
        subtitle: period.text(),
        columns: course_columns(),
        rows,
        totals,
        notes: Vec::new(),
    }
}

fn course_columns() -> Vec<Column> {
    use ColumnKind::{Count, Tenths};
    vec![
        site_column(),
        course_column(),
        certificate_column(),
        Column::new("sessions", "课次", "sessions", Count),
        Column::new("seats", "名额", "seats", Count),
        Column::new("enrolled", "报名", "enrolled", Count),
        Column::new("waiting", "候补", "waiting", Count),
        Column::new("attendance", "出勤率%", "attendance %", Tenths),
        Column::new("assessed", "考核", "assessed", Count),
        Column::new("passed", "合格", "passed", Count),
        Column::new("pass_rate", "合格率%", "pass rate %", Tenths),
        Column::new("certified", "发证", "certified", Count),
    ]
}

/// Everybody who enrolled in the courses of a period, course by course in the order in which they are seated: the class lists.
#[must_use]
pub fn by_learner(
    documents: &Documents<'_>,
    period: Period,
    site: Option<&SiteKey>,
    now: DateTime,
) -> Report {
    let schools = schools(documents, site);
    let mut rows = Vec::new();
    for (at, class) in classes(&schools, period) {
        for enrolled in class.in_turn() {
            rows.push(learner(documents, at, class, enrolled, now));
        }
    }
    let columns = vec![
        site_column(),
        course_column(),
        Column::new("name", "姓名", "name", ColumnKind::Text),
        Column::new("home", "所属站点", "home", ColumnKind::Text),
        Column::new("seat", "名额", "seat", ColumnKind::Text),
        Column::new("turn", "候补次序", "turn", ColumnKind::Count),
        Column::new("attended", "出勤次数", "attended", ColumnKind::Count),
        Column::new("attendance", "出勤率%", "attendance %", ColumnKind::Tenths),
        Column::new("result", "考核", "result", ColumnKind::Text),
        Column::new("number", "证书编号", "certificate number", ColumnKind::Text),
        Column::new("expires_on", "有效期至", "expires on", ColumnKind::Date),
    ];
    Report {
        name: "school_by_learner",
        title: documents.title(site, "夜校学员名册", "Learners"),
        subtitle: period.text(),
        columns,
        rows,
        totals: Vec::new(),
        notes: Vec::new(),
    }
}

fn learner(
    documents: &Documents<'_>,
    at: &SiteKey,
    class: &Class<'_>,
    enrolled: &Enrolled<'_>,
    now: DateTime,
) -> Vec<Cell> {
    let (enrolment, seat) = (enrolled.enrolment, enrolled.seat);
    let (attended, verdict) = (class.attended(enrolled, now), class.verdict(enrolled));
    let certificate: Option<&Certificate> = enrolled.certificates.first().copied();
    let number = certificate.map_or(Cell::Empty, |one| Cell::Text(one.shown_number()));
    let until = certificate.and_then(|one| one.expires_on);
    vec![
        documents.site_cell(at),
        Cell::Text(class.course.name.clone()),
        Cell::Text(enrolment.name.clone()),
        enrolment
            .home
            .as_ref()
            .map_or(Cell::Empty, |home| documents.site_cell(home)),
        Cell::choice(seat.as_str(), seat.label()),
        match seat {
            Seat::Waiting { position } => Cell::count(position),
            Seat::Confirmed | Seat::Granted | Seat::Withdrawn => Cell::Empty,
        },
        Cell::count(attended.there),
        share(attended.there, attended.held),
        Cell::choice(verdict.as_str(), verdict.label()),
        number,
        until.map_or(Cell::Empty, Cell::Date),
    ]
}

/// The certificates that expire in a period, the first to expire first: those that schools issued and those that sites have on
/// file. With `site`, those of people who work there, and those that its school issued. Who has another of the name that is valid for
/// longer is said to have renewed it.
#[must_use]
pub fn expiring(documents: &Documents<'_>, period: Period, site: Option<&SiteKey>) -> Report {
    let kinds = [Kind::People, Kind::School].into_iter();
    let read: Vec<_> = kinds.flat_map(|kind| documents.of_kind(kind)).collect();
    let credentials = Credentials::new(read);
    let mut expiring: Vec<(Date, Vec<Cell>)> = Vec::new();
    for (person, held) in credentials.all() {
        let at = |one: &Credential<'_>| match one.source {
            Source::Certificate(of) => of.home.clone().or_else(|| one.document.site().cloned()),
            Source::Qualification(_) => one.document.site().cloned(),
        };
        let mut sites = held.iter().filter_map(at);
        let known = sites.find_map(|site| documents.person(&site, person));
        for one in held {
            let Some(until) = one.until().filter(|day| period.contains(*day)) else {
                continue;
            };
            let mut others = credentials.of_name(person, one.name());
            let renewed = others.any(|other| other.until().is_none_or(|day| day > until));
            let whose = whose(one, known);
            let is_wanted =
                |site: &SiteKey| whose.1 == Some(site) || one.document.site() == Some(site);
            if site.is_none_or(is_wanted) {
                expiring.push((until, certificate(documents, one, whose, renewed)));
            }
        }
    }
    ordered::sort_by_key(&mut expiring, |(until, row)| (*until, format!("{row:?}")));
    let columns = vec![
        Column::new("name", "姓名", "name", ColumnKind::Text),
        Column::new("home", "所属站点", "home", ColumnKind::Text),
        certificate_column(),
        Column::new("number", "证书编号", "number", ColumnKind::Text),
        Column::new("source", "来源", "source", ColumnKind::Text),
        Column::new("issued_on", "发证日期", "issued on", ColumnKind::Date),
        Column::new("expires_on", "有效期至", "expires on", ColumnKind::Date),
        Column::new("renewed", "已换证", "renewed", ColumnKind::Text),
    ];
    Report {
        name: "school_expiring",
        title: documents.title(site, "到期证书", "Certificates that expire"),
        subtitle: period.text(),
        columns,
        rows: expiring.into_iter().map(|(_, row)| row).collect(),
        totals: Vec::new(),
        notes: Vec::new(),
    }
}

/// Whose a certificate is: their name, and the site where they work.
fn whose<'a>(one: &Credential<'a>, known: Option<&'a Person>) -> (String, Option<&'a SiteKey>) {
    match (one.source, known) {
        (_, Some(person)) => (person.name.clone(), Some(&person.site)),
        (Source::Certificate(of), None) => (of.name.clone(), of.home.as_ref()),
        (Source::Qualification(_), None) => (String::new(), one.document.site()),
    }
}

fn certificate(
    documents: &Documents<'_>,
    one: &Credential<'_>,
    (name, home): (String, Option<&SiteKey>),
    renewed: bool,
) -> Vec<Cell> {
    let (number, source) = match one.source {
        Source::Certificate(of) => (of.shown_number(), ("school", "夜校", "school")),
        Source::Qualification(of) => (of.number.clone(), ("file", "存档", "file")),
    };
    let named =
        |(name, zh, en): (&str, &str, &str)| Cell::Named(name.to_owned(), Text::new(zh, en));
    let day = |day: Option<Date>| day.map_or(Cell::Empty, Cell::Date);
    vec![
        Cell::Text(name),
        home.map_or(Cell::Empty, |home| documents.site_cell(home)),
        Cell::Text(one.name().to_owned()),
        Cell::Text(number),
        named(source),
        day(one.from()),
        day(one.until()),
        match renewed {
            true => named(("yes", "是", "yes")),
            false => Cell::Empty,
        },
    ]
}

/// How a contest stands: ranks with ties, and who goes on.
#[must_use]
pub fn standings(
    documents: &Documents<'_>,
    contest: &Contest,
    entries: &[&ContestEntry],
) -> Report {
    let rows = ranking(contest, entries).into_iter().map(|standing| {
        let entry = standing.entry;
        let score = entry.score.map(|score| Value::Float(score).to_string());
        vec![
            standing.rank.map_or(Cell::Empty, Cell::count),
            Cell::Text(entry.name.clone()),
            entry
                .home
                .as_ref()
                .map_or(Cell::Empty, |home| documents.site_cell(home)),
            score.map_or(Cell::Empty, Cell::Text),
            Cell::choice(entry.state.as_str(), entry.state.label()),
            match standing.advances {
                true => Cell::Named("yes".to_owned(), Text::new("晋级", "goes on")),
                false => Cell::Empty,
            },
        ]
    });
    let tier = contest.tier.label();
    let on = contest.on.map(|on| format!(" {on}")).unwrap_or_default();
    let columns = vec![
        Column::new("rank", "名次", "rank", ColumnKind::Count),
        Column::new("name", "选手", "name", ColumnKind::Text),
        Column::new("home", "代表站点", "stands for", ColumnKind::Text),
        Column::new("score", "成绩", "score", ColumnKind::Text),
        Column::new("state", "状态", "state", ColumnKind::Text),
        Column::new("advances", "晋级", "goes on", ColumnKind::Text),
    ];
    Report {
        name: "contest_ranking",
        title: documents.title(Some(&contest.site), &contest.name, &contest.name),
        subtitle: Text::new(format!("{}{on}", tier.zh), format!("{}{on}", tier.en)),
        columns,
        rows: rows.collect(),
        totals: Vec::new(),
        notes: Vec::new(),
    }
}

fn site_column() -> Column {
    Column::new("site", "站点", "site", ColumnKind::Text)
}

fn course_column() -> Column {
    Column::new("course", "课程", "course", ColumnKind::Text)
}

fn certificate_column() -> Column {
    Column::new("certificate", "证书", "certificate", ColumnKind::Text)
}
