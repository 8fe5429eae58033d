//! Who worked when, and how much.

use jiff::civil::{Date, DateTime, Time};

use super::{Cell, Column, ColumnKind, Documents, Period, Report};
use crate::document::{Name, SiteKey};
use crate::import::name_key;
use crate::ordered::{self, BTreeMap, BTreeSet};
use crate::records::{RecordId, Shift, ShiftState};
use crate::rules::Text;

/// When the night ends, which begins at midnight: a shift that is under way meanwhile is a night's.
const NIGHT_ENDS: i8 = 5;

/// So many digits of a telephone number tell namesakes apart.
const DIGITS: usize = 4;

/// What everybody did in a period: shifts, hours, nights, absences, shifts at other sites. With `site`, of its people only.
///
/// A person counts for their own site, also for what they do elsewhere; a shift counts whole on the day it starts. Someone who
/// was swapped out or stayed away did not work. A shift works as many nights as it is under way between midnight and five.
#[must_use]
pub fn by_person(documents: &Documents<'_>, period: Period, site: Option<&SiteKey>) -> Report {
    let (shifts, unreadable) = shifts(documents, period);
    let people = People::of(&shifts);
    let mut sums: BTreeMap<(SiteKey, Who), Sum> = BTreeMap::new();
    for placed in &shifts {
        let home = placed.home();
        if site.is_some_and(|site| site != home) {
            continue;
        }
        let who = people.who(placed);
        let sum = sums.entry((home.clone(), who)).or_default();
        sum.add(placed);
    }
    let mut lines: Vec<Line> = sums
        .into_iter()
        .map(|((home, who), sum)| Line::new(documents, home, &who, sum))
        .collect();
    mark_namesakes(&mut lines);
    ordered::sort_by_key(&mut lines, |line| (line.home.clone(), line.name.clone()));
    let row = |Line {
                   home, name, sum, ..
               }: Line| {
        vec![
            documents.site_cell(&home),
            Cell::Text(name),
            Cell::Count(sum.shifts),
            Cell::Hours(sum.minutes),
            Cell::Count(sum.nights),
            Cell::Count(sum.absences),
            Cell::Count(sum.lent),
        ]
    };
    let mut report = Report {
        name: "roster_by_person",
        title: documents.title(site, "排班统计", "Hours worked"),
        subtitle: period.text(),
        columns: vec![
            Column::new("site", "站点", "site", ColumnKind::Text),
            Column::new("name", "姓名", "name", ColumnKind::Text),
            Column::new("shifts", "班次", "shifts", ColumnKind::Count),
            Column::new("hours", "工时", "hours", ColumnKind::Hours),
            Column::new("nights", "夜班", "nights", ColumnKind::Count),
            Column::new("absences", "缺勤", "absences", ColumnKind::Count),
            Column::new("lent", "外借班次", "lent", ColumnKind::Count),
        ],
        rows: lines.into_iter().map(row).collect(),
        totals: Vec::new(),
        notes: notes(unreadable),
    };
    report.add_totals();
    report
}

/// The shifts of a period, day by day. With `site`, those at that site, whoever works them.
#[must_use]
pub fn by_day(documents: &Documents<'_>, period: Period, site: Option<&SiteKey>) -> Report {
    let (mut shifts, unreadable) = shifts(documents, period);
    shifts.retain(|placed| site.is_none_or(|site| site == placed.site));
    ordered::sort_by_key(&mut shifts, |placed| {
        let shift = placed.shift;
        let (post, name) = (shift.post.clone(), shift.name.clone());
        (
            placed.start.date(),
            placed.site.clone(),
            placed.start,
            post,
            name,
            shift.id,
        )
    });
    let row = |placed: &Placed<'_>| {
        let shift = placed.shift;
        let lender = shift.lent_by.as_ref();
        vec![
            Cell::Date(placed.start.date()),
            documents.site_cell(placed.site),
            Cell::DateTime(placed.start),
            Cell::DateTime(placed.end),
            Cell::Text(shift.post.clone()),
            Cell::Text(shift.name.clone()),
            lender.map_or(Cell::Empty, |lender| documents.site_cell(lender)),
            match placed.is_worked() {
                true => Cell::Hours(placed.minutes()),
                false => Cell::Empty,
            },
            Cell::choice(shift.state.as_str(), shift.state.label()),
            Cell::Text(shift.note.clone()),
        ]
    };
    let mut report = Report {
        name: "roster_by_day",
        title: documents.title(site, "每日排班", "Shifts by day"),
        subtitle: period.text(),
        columns: vec![
            Column::new("date", "日期", "date", ColumnKind::Date),
            Column::new("site", "站点", "site", ColumnKind::Text),
            Column::new("start", "开始", "start", ColumnKind::DateTime),
            Column::new("end", "结束", "end", ColumnKind::DateTime),
            Column::new("post", "岗位", "post", ColumnKind::Text),
            Column::new("name", "姓名", "name", ColumnKind::Text),
            Column::new("lent_by", "借自", "lent by", ColumnKind::Text),
            Column::new("hours", "工时", "hours", ColumnKind::Hours),
            Column::new("state", "状态", "state", ColumnKind::Text),
            Column::new("note", "备注", "note", ColumnKind::Text),
        ],
        rows: shifts.iter().map(row).collect(),
        totals: Vec::new(),
        notes: notes(unreadable),
    };
    report.add_totals();
    report
}

/// A shift whose times can be read, on the roster of a site.
struct Placed<'a> {
    site: &'a SiteKey,
    shift: &'a Shift,
    start: DateTime,
    end: DateTime,
}

impl<'a> Placed<'a> {
    /// Whose the person is.
    fn home(&self) -> &'a SiteKey {
        self.shift.lent_by.as_ref().unwrap_or(self.site)
    }

    fn is_worked(&self) -> bool {
        matches!(
            self.shift.state,
            ShiftState::Planned | ShiftState::Confirmed
        )
    }

    fn minutes(&self) -> i64 {
        self.end.duration_since(self.start).as_mins()
    }

    fn nights(&self) -> u64 {
        let begins_at_night = i64::from(self.start.hour() < NIGHT_ENDS);
        // What ends at midnight is over when the night begins.
        let ends_at_midnight = i64::from(self.end.time() == Time::midnight());
        let midnights = days_between(self.start.date(), self.end.date());
        u64::try_from(begins_at_night + midnights - ends_at_midnight).unwrap_or(0)
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    let midnight = |date: Date| date.to_datetime(Time::midnight());
    midnight(to).duration_since(midnight(from)).as_hours() / 24
}

/// The shifts that start in a period, and how many of its months have times that cannot be read.
fn shifts<'a>(documents: &'a Documents<'_>, period: Period) -> (Vec<Placed<'a>>, u64) {
    let (mut shifts, mut unreadable) = (Vec::new(), 0);
    for (name, site, shift, entry) in documents.shifts() {
        if entry.removed_at().is_some() {
            continue;
        }
        match shift.period() {
            Some((start, end)) if start < end => {
                if period.contains(start.date()) {
                    shifts.push(Placed {
                        site,
                        shift,
                        start,
                        end,
                    });
                }
            }
            _ => unreadable += u64::from(is_of(name, shift, period)),
        }
    }
    (shifts, unreadable)
}

/// Whether a shift without a readable start or end belongs to a period: by its start, else by its roster's month.
fn is_of(name: &Name, shift: &Shift, period: Period) -> bool {
    match shift.start == DateTime::ZERO {
        false => period.contains(shift.start.date()),
        true => name.month().is_some_and(|month| period.touches(month)),
    }
}

/// Who somebody is: a person on the list, or a name that no list is known to have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Person(RecordId),
    Name(String),
}

/// The persons whom shifts name, by their site and name.
struct People {
    ids: BTreeMap<(SiteKey, String), BTreeSet<RecordId>>,
}

impl People {
    fn of(shifts: &[Placed<'_>]) -> Self {
        let mut ids: BTreeMap<(SiteKey, String), BTreeSet<RecordId>> = BTreeMap::new();
        for placed in shifts {
            if let Some(id) = placed.shift.person {
                let key = (placed.home().clone(), name_key(&placed.shift.name));
                ids.entry(key).or_default().insert(id);
            }
        }
        Self { ids }
    }

    /// Whose shift it is. One without a person, imported before the people were, is that of the only person who has the name.
    fn who(&self, placed: &Placed<'_>) -> Who {
        if let Some(id) = placed.shift.person {
            return Who::Person(id);
        }
        let key = (placed.home().clone(), name_key(&placed.shift.name));
        let mut ids = self.ids.get(&key).into_iter().flat_map(BTreeSet::iter);
        match (ids.next(), ids.next()) {
            (Some(id), None) => Who::Person(*id),
            _ => Who::Name(key.1),
        }
    }
}

#[derive(Default)]
struct Sum {
    name: String,
    shifts: u64,
    minutes: i64,
    nights: u64,
    absences: u64,
    lent: u64,
}

impl Sum {
    fn add(&mut self, placed: &Placed<'_>) {
        self.name.clone_from(&placed.shift.name);
        if placed.shift.state == ShiftState::Absent {
            self.absences += 1;
        }
        if !placed.is_worked() {
            return;
        }
        self.shifts += 1;
        self.minutes = self.minutes.saturating_add(placed.minutes());
        self.nights = self.nights.saturating_add(placed.nights());
        self.lent += u64::from(placed.home() != placed.site);
    }
}

/// What a report says of one person.
struct Line {
    home: SiteKey,
    name: String,
    /// The last digits of their telephone number, where it is known.
    digits: String,
    sum: Sum,
}

impl Line {
    /// The name is the one on the list of people, else the one that the last shift has.
    fn new(documents: &Documents<'_>, home: SiteKey, who: &Who, sum: Sum) -> Self {
        let person = match who {
            Who::Person(id) => documents.person(&home, *id),
            Who::Name(_) => None,
        };
        let phone: String = person.map_or_else(String::new, |person| {
            person.phone.chars().filter(char::is_ascii_digit).collect()
        });
        let digits = phone.get(phone.len().saturating_sub(DIGITS)..);
        Self {
            name: person
                .map(|person| person.name.clone())
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| sum.name.clone()),
            digits: digits.unwrap_or_default().to_owned(),
            home,
            sum,
        }
    }
}

/// Adds digits to the names that several people of a site have, as rosters write them: `唐国庆#3670`.
fn mark_namesakes(lines: &mut [Line]) {
    let mut counts: BTreeMap<(SiteKey, String), usize> = BTreeMap::new();
    for line in &*lines {
        let key = (line.home.clone(), name_key(&line.name));
        *counts.entry(key).or_default() += 1;
    }
    for line in lines {
        let key = (line.home.clone(), name_key(&line.name));
        if counts.get(&key).is_some_and(|count| *count > 1) && !line.digits.is_empty() {
            line.name = format!("{}#{}", line.name, line.digits);
        }
    }
}

fn notes(unreadable: u64) -> Vec<Text> {
    let note = || {
        Text::of(
            format_args!("有 {unreadable} 个班次的开始或结束时间看不懂，没有计入"),
            format_args!(
                "{unreadable} shifts with a start or end that makes no sense are not counted"
            ),
        )
    };
    (unreadable > 0).then(note).into_iter().collect()
}
