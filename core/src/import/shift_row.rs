use jiff::civil::DateTime;

use super::cell::{choice, field, named_site, noted, row_site};
use super::clean;
use super::date::parse_date;
use super::header::Cells;
use super::held::Held;
use super::named_person::{form_expected, person_meant};
use super::person_cell::PersonCell;
use super::plan::Plan;
use super::reconcile::RowRecord;
use super::row_error::RowError;
use super::time::{SpanProblem, parse_time, span};
use crate::document::{Month, Name, SiteKey};
use crate::records::{Collection, RecordId, Shift, ShiftState, Typed, Value, write_date_time};
use crate::rules::Text;

/// What a row is known by in words: date and start, post, name.
pub(super) type Content = (DateTime, String, String);

/// A row that can be understood by itself, and with the people held.
pub(super) struct ShiftRow<'a> {
    pub(super) cells: Cells<'a>,
    pub(super) site: SiteKey,
    who: PersonCell,
    lent_by: Option<SiteKey>,
    person: Option<RecordId>,
    post: String,
    start: DateTime,
    end: DateTime,
    note: Option<Value>,
    state: Option<Value>,
}

/// A row, and what it is read with.
pub(super) struct RowReader<'a, 'h> {
    pub(super) month: Month,
    pub(super) given: Option<&'h SiteKey>,
    pub(super) held: &'h Held<'h>,
    pub(super) cells: Cells<'a>,
}

impl<'a> RowReader<'a, '_> {
    /// The row, or every error in it.
    pub(super) fn read(&self, plan: &mut Plan, errors: &mut Vec<RowError>) -> Option<ShiftRow<'a>> {
        let cells = self.cells;
        let kind = &Shift::KIND;
        let site = noted(row_site(&cells, self.given, self.held, plan), errors);
        let period = self.period(errors);
        let post = clean::name(cells.raw("post"));
        let post = noted(field(&cells, kind, "post", &post).map(|_| post), errors);
        let who = noted(self.who(), errors);
        let before = errors.len();
        let note = cells.has("note").then(|| cells.text("note"));
        let note = note.and_then(|note| noted(field(&cells, kind, "note", &note), errors));
        let state = match cells.text("state").as_str() {
            "" => None,
            _ => noted(choice(&cells, "state", ShiftState::CHOICES, STATES), errors),
        };
        let (site, (start, end), post, who) = (site?, period?, post?, who?);
        let lent_by = match &who.lent_by {
            Some(lender) => Some(noted(
                named_site(&cells, "name", lender, self.held, plan),
                errors,
            )?),
            None => None,
        };
        let lent_by = lent_by.filter(|lender| *lender != site);
        let person = noted(self.person(&who, lent_by.as_ref().unwrap_or(&site)), errors)?;
        (errors.len() == before).then_some(ShiftRow {
            cells,
            site,
            who,
            lent_by,
            person,
            post,
            start,
            end,
            note,
            state,
        })
    }

    fn period(&self, errors: &mut Vec<RowError>) -> Option<(DateTime, DateTime)> {
        let cells = &self.cells;
        let date = match parse_date(cells.raw("date"), Some(self.month.year())) {
            Some(date) if self.month.contains(date) => Some(date),
            Some(_) => {
                let month = self.month;
                let expected = Text::of(
                    format_args!("{}年{}月里的日期", month.year(), month.month()),
                    format_args!("a date in {month}"),
                );
                errors.push(*cells.error("date", expected));
                None
            }
            None => {
                let expected = Text::new(
                    "日期，如 2026-12-03、2026/12/3、12月3日",
                    "a date like 2026-12-03, 2026/12/3 or 12月3日",
                );
                errors.push(*cells.error("date", expected));
                None
            }
        };
        let mut time = |field| {
            let time = parse_time(cells.raw(field));
            if time.is_none() {
                let expected = Text::new("时间，如 8:00 或 20:30", "a time like 8:00 or 20:30");
                errors.push(*cells.error(field, expected));
            }
            time
        };
        let (start, end) = (time("start"), time("end"));
        let (date, start, end) = (date?, start?, end?);
        let (field, expected) = match span(date, start, end) {
            Ok(period) => return Some(period),
            Err(SpanProblem::StartsAtMidnight) => (
                "start",
                Text::new(
                    "当天的时间（24:00 是第二天的 00:00）",
                    "a time of that day (24:00 is 00:00 of the next)",
                ),
            ),
            Err(SpanProblem::Empty) => (
                "end",
                Text::new(
                    "与开始不同的时间（整整一天请写“次日”加时间）",
                    "a time other than the start (for a whole day, 次日 and the time)",
                ),
            ),
            Err(SpanProblem::TooLong) => (
                "end",
                Text::new("不超过24小时的班次", "a shift of at most 24 hours"),
            ),
        };
        errors.push(*cells.error(field, expected));
        None
    }

    fn who(&self) -> Result<PersonCell, Box<RowError>> {
        let who = PersonCell::parse(self.cells.raw("name"))
            .ok_or_else(|| self.cells.error("name", form_expected()))?;
        field(&self.cells, &Shift::KIND, "name", &who.name)?;
        Ok(who)
    }

    /// Whom the name means among the people of their site; none where nobody has it, or the people are not held.
    fn person(&self, who: &PersonCell, home: &SiteKey) -> Result<Option<RecordId>, Box<RowError>> {
        person_meant(who, home, self.held).map_err(|expected| self.cells.error("name", expected))
    }
}

const STATES: &[(&str, &str)] = &[
    ("已计划", "planned"),
    ("待确认", "planned"),
    ("确认", "confirmed"),
    ("调班", "swapped"),
    ("换班", "swapped"),
    ("缺席", "absent"),
    ("请假", "absent"),
];

impl ShiftRow<'_> {
    /// From the row alone, so that it is the same on a replica that holds other people or none.
    pub(super) fn id(&self) -> RecordId {
        RecordId::natural(
            Collection::Shifts,
            &[
                self.site.as_str(),
                &write_date_time(self.start),
                &clean::name_key(&self.post),
                &self.who.key(),
                self.lent_by.as_ref().map_or("", SiteKey::as_str),
            ],
        )
    }

    pub(super) fn content(&self) -> Content {
        (
            self.start,
            clean::name_key(&self.post),
            clean::name_key(&self.shown_name()),
        )
    }

    pub(super) fn may_be(&self, shift: &Shift) -> bool {
        match (self.person, shift.person) {
            (Some(row), Some(held)) => row == held,
            _ => true,
        }
    }

    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        self.end == other.end && self.note == other.note && self.state == other.state
    }

    fn shown_name(&self) -> String {
        self.who.shown(self.person.is_some())
    }

    pub(super) fn record(self, document: &Name, record: RecordId) -> RowRecord {
        let name = self.shown_name();
        let mut implies = Vec::new();
        implies.extend(
            self.person
                .map(|person| ("person", person.to_string().into())),
        );
        implies.extend(
            self.lent_by
                .as_ref()
                .map(|site| ("lent_by", site.as_str().into())),
        );
        if self.state.is_none() {
            implies.push(("state", ShiftState::Planned.as_str().into()));
        }
        RowRecord {
            line: self.cells.line(),
            document: document.clone(),
            collection: Collection::Shifts,
            record,
            label: label(self.start, &self.post, &name),
            known_by: vec![
                ("site", self.site.as_str().into()),
                ("name", name.into()),
                ("post", self.post.as_str().into()),
                ("start", write_date_time(self.start).into()),
            ],
            says: vec![
                ("end", Some(write_date_time(self.end).into())),
                ("note", self.note),
                ("state", self.state),
            ],
            implies,
        }
    }
}

pub(super) fn label(start: DateTime, post: &str, name: &str) -> String {
    format!("{} {post} {name}", write_date_time(start).replace('T', " "))
}
