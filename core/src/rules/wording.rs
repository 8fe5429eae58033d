//! Names, dates and times as messages say them.

use jiff::civil::{Date, DateTime};

use super::Text;
use super::context::Context;
use crate::document::{Author, SiteKey};
use crate::import::blanks;
use crate::matrix::Day;
use crate::records::{Collection, Entry, Field, FieldReader, Form, RecordId, Shift, Value};

/// How many things a message lists before it only counts.
pub(super) const LISTED_MAX: usize = 5;

/// The most characters of a record's text that a message repeats.
const SAID_CHARS_MAX: usize = 80;

/// `12月3日` and `3 Dec`; with the year, where it is not `year`.
pub(super) fn day(date: Date, year: i16) -> Text {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let index = usize::from(date.month().unsigned_abs()).saturating_sub(1);
    let month = MONTHS.get(index).copied().unwrap_or_default();
    if date.year() == year {
        Text::of(
            format_args!("{}月{}日", date.month(), date.day()),
            format_args!("{} {month}", date.day()),
        )
    } else {
        Text::of(
            format_args!("{}年{}月{}日", date.year(), date.month(), date.day()),
            format_args!("{} {month} {}", date.day(), date.year()),
        )
    }
}

/// `08:00`.
pub(super) fn clock(at: DateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// `20:00–次日08:00`.
pub(super) fn clocks(start: DateTime, end: DateTime) -> Text {
    let (from, to) = (clock(start), clock(end));
    if end.date() == start.date() {
        return Text::of(format_args!("{from}–{to}"), format_args!("{from}–{to}"));
    }
    if start.date().tomorrow().ok() == Some(end.date()) {
        // The end of the day is said as such.
        if to == "00:00" {
            return Text::of(format_args!("{from}–24:00"), format_args!("{from}–24:00"));
        }
        return Text::of(
            format_args!("{from}–次日{to}"),
            format_args!("{from}–{to} the next day"),
        );
    }
    let until = day(end.date(), start.year());
    Text::of(
        format_args!("{from}–{}{to}", until.zh),
        format_args!("{from}–{to} on {}", until.en),
    )
}

/// `12月3日 08:00–14:00`.
pub(super) fn period(start: DateTime, end: DateTime, year: i16) -> Text {
    let (date, times) = (day(start.date(), year), clocks(start, end));
    Text::of(
        format_args!("{} {}", date.zh, times.zh),
        format_args!("{} {}", date.en, times.en),
    )
}

impl Context<'_> {
    /// A site's name; its key where it is not known.
    pub(super) fn site_name(&self, key: &SiteKey) -> String {
        let site = self.sites.get(key).filter(|site| !site.name.is_empty());
        site.map_or_else(|| key.to_string(), |site| said(&site.name))
    }

    /// What people call a shift: `李超 12月3日 08:00–14:00 前台（解放区快递驿站）`.
    pub(super) fn shift(&self, shift: &Shift, site: &SiteKey) -> Text {
        let at = self.site_name(site);
        let (name, post) = (said(&shift.name), said(&shift.post));
        match shift.period() {
            Some((start, end)) => {
                let when = period(start, end, self.year());
                Text::of(
                    format_args!("{name} {} {post}（{at}）", when.zh),
                    format_args!("{name} {} {post} ({at})", when.en),
                )
            }
            None => Text::of(
                format_args!("{name} {post}（{at}）"),
                format_args!("{name} {post} ({at})"),
            ),
        }
    }

    /// What people call a record of any kind: its kind, its name, when it is and where.
    pub(super) fn record(&self, entry: &Entry, document_site: Option<&SiteKey>) -> Text {
        use crate::records::Record;
        if let (Record::Shift(shift), Some(site)) = (entry.record(), document_site) {
            let text = self.shift(shift, site);
            return Text::of(
                format_args!("班次“{}”", text.zh),
                format_args!("shift {}", text.en),
            );
        }
        let Some(kind) = entry.record().kind() else {
            let id = entry.record().id();
            return Text::of(format_args!("记录 {id}"), format_args!("record {id}"));
        };
        let name = match entry.record() {
            Record::Site(site) => self.site_name(&site.key),
            _ => said(entry.title()),
        };
        let fields = FieldReader::new(entry.fields());
        let lasts = kind.lasts.and_then(|(start, end)| {
            let (start, end) = (fields.time(start)?, fields.time(end)?);
            Some(period(start, end, self.year()))
        });
        let site = fields.site("site").or_else(|| document_site.cloned());
        let at = site.map(|site| self.site_name(&site));
        let (mut zh, mut en) = (name.clone(), name);
        if let Some(lasts) = lasts {
            zh = format!("{zh} {}", lasts.zh);
            en = format!("{en} {}", lasts.en);
        }
        let (mut zh, mut en) = (
            format!("{}“{zh}”", kind.label.zh),
            format!("{} {en}", kind.label.en),
        );
        if let Some(at) = at {
            zh = format!("{zh}（{at}）");
            en = format!("{en} ({at})");
        }
        Text::new(zh, en)
    }

    /// A value as people read it: a state by its label, a person or a venue by their name, a site by its.
    pub(super) fn value(&self, field: Option<&Field>, value: Option<&Value>) -> Text {
        let Some(value) = value else {
            return Text::new("（无法识别）", "(not a value)");
        };
        let Value::Text(text) = value else {
            return same(value.to_string());
        };
        if text.is_empty() {
            return Text::new("（空）", "(empty)");
        }
        let shown = field.and_then(|field| match field.form {
            Form::Choice(choices) => {
                let choice = choices.iter().find(|choice| choice.value == text)?;
                Some(Text::new(choice.label.zh, choice.label.en))
            }
            Form::Record => {
                let name = self.name_of(field.refers_to?, text.parse().ok()?)?;
                Some(same(said(&name)))
            }
            Form::Site => Some(same(self.site_name(&text.parse().ok()?))),
            Form::DateTime => {
                let at = crate::records::parse_date_time(text)?;
                let date = day(at.date(), self.year());
                Some(Text::of(
                    format_args!("{} {}", date.zh, clock(at)),
                    format_args!("{} {}", date.en, clock(at)),
                ))
            }
            Form::Date => Some(day(crate::records::parse_date(text)?, self.year())),
            _ => None,
        });
        shown.unwrap_or_else(|| same(said(text)))
    }

    /// What people call another record, where it is held.
    pub(super) fn name_of(&self, collection: Collection, id: RecordId) -> Option<String> {
        if collection == Collection::Persons {
            return Some(self.people.by_id(id)?.name.clone());
        }
        let documents = self.holdings.documents.iter();
        let entry = documents
            .filter(|(name, _)| name.kind().keeps(collection))
            .find_map(|(_, holding)| holding.view.entry(collection, id))?;
        entry.fields().get("name")?.as_text().map(str::to_owned)
    }

    /// Who wrote something: `王芳（解放区快递驿站）`.
    pub(super) fn author(&self, author: Option<&Author>) -> Text {
        let Some(author) = author else {
            return Text::new("佚名", "someone unnamed");
        };
        match author.site() {
            Some(site) => {
                let at = self.site_name(&site);
                Text::of(
                    format_args!("{}（{at}）", said(author.name())),
                    format_args!("{} ({at})", said(author.name())),
                )
            }
            None => same(said(author.as_str())),
        }
    }

    /// The field of a record's kind, if it has such a one.
    pub(super) fn field_of(&self, entry: &Entry, field: &str) -> Option<&'static Field> {
        entry.record().kind()?.field(field).ok()
    }

    /// A field's name for people.
    pub(super) fn field(&self, entry: Option<&Entry>, field: &str) -> Text {
        match entry.and_then(|entry| self.field_of(entry, field)) {
            Some(field) => Text::new(field.label.zh, field.label.en),
            None => Text::new(field, field),
        }
    }

    /// The year that dates are said without.
    pub(super) fn year(&self) -> i16 {
        self.holdings.now.year()
    }
}

/// What is said of a time at which something is closed, after `在{at}`: what the day's hours are, or why it is closed.
pub(super) fn closed(day: Day<'_>, at: &str) -> Text {
    let (of, it) = match at {
        "" => (String::new(), "it"),
        at => (format!(" of {at}"), at),
    };
    let because = |reason: &str| match reason.trim() {
        "" => (String::new(), String::new()),
        reason => (
            format!("（{}）", said(reason)),
            format!(" ({})", said(reason)),
        ),
    };
    match day {
        Day::Usual(hours) => Text::of(
            format_args!("开放时间（{hours}）之外"),
            format_args!("outside the hours{of} ({hours})"),
        ),
        Day::Exception(exception) => {
            let (zh, en) = because(&exception.reason);
            match &exception.hours {
                Some(hours) => Text::of(
                    format_args!("当日开放时间（{hours}）之外{zh}"),
                    format_args!("outside the hours{of} that day ({hours}){en}"),
                ),
                None => Text::of(
                    format_args!("不开放的日子{zh}"),
                    format_args!("on a day when {it} is closed{en}"),
                ),
            }
        }
        Day::Shut(state) => {
            let label = state.label();
            Text::of(
                format_args!("{}期间", label.zh),
                format_args!("while {it} is {}", label.en),
            )
        }
        Day::Off | Day::Unstated => Text::new("开放时间之外", format!("outside the hours{of}")),
    }
}

fn same(text: String) -> Text {
    Text::new(text.clone(), text)
}

/// A text of a record as a message repeats it: on one line, without control characters, not at length. Records come from anyone,
/// messages go to terminals.
pub(super) fn said(text: &str) -> String {
    // Cleaning goes over what is kept only: a text may be as long as a document.
    let mut start = text.chars();
    let kept: String = start.by_ref().take(SAID_CHARS_MAX).collect();
    let mut said = blanks(&kept);
    if start.next().is_some() {
        said.push('…');
    }
    if said.is_empty() {
        "—".to_owned()
    } else {
        said
    }
}

/// `a、b 等7个` and `a, b and 5 more`.
pub(super) fn list(items: &[Text], unit_zh: &str) -> Text {
    let shown = items.get(..LISTED_MAX.min(items.len())).unwrap_or_default();
    let zh: Vec<&str> = shown.iter().map(|text| text.zh.as_str()).collect();
    let en: Vec<&str> = shown.iter().map(|text| text.en.as_str()).collect();
    let (zh, en) = (zh.join("、"), en.join(", "));
    match items.len() - shown.len() {
        0 => Text::new(zh, en),
        more => Text::of(
            format_args!("{zh} 等{}{unit_zh}", items.len()),
            format_args!("{en} and {more} more"),
        ),
    }
}
