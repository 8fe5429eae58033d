//! Names, dates and times as messages say them.

use jiff::civil::{Date, DateTime};

use super::Text;
use super::context::Context;
use crate::document::{Author, SiteKey};
use crate::import::blanks;
use crate::records::{Entry, RecordId, Shift, ShiftState, Value};

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
        Text::new(
            format!("{}月{}日", date.month(), date.day()),
            format!("{} {month}", date.day()),
        )
    } else {
        Text::new(
            format!("{}年{}月{}日", date.year(), date.month(), date.day()),
            format!("{} {month} {}", date.day(), date.year()),
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
        return Text::new(format!("{from}–{to}"), format!("{from}–{to}"));
    }
    if start.date().tomorrow().ok() == Some(end.date()) {
        // The end of the day is said as such.
        if to == "00:00" {
            return Text::new(format!("{from}–24:00"), format!("{from}–24:00"));
        }
        return Text::new(
            format!("{from}–次日{to}"),
            format!("{from}–{to} the next day"),
        );
    }
    let until = day(end.date(), start.year());
    Text::new(
        format!("{from}–{}{to}", until.zh),
        format!("{from}–{to} on {}", until.en),
    )
}

/// `12月3日 08:00–14:00`.
pub(super) fn period(start: DateTime, end: DateTime, year: i16) -> Text {
    let (date, times) = (day(start.date(), year), clocks(start, end));
    Text::new(
        format!("{} {}", date.zh, times.zh),
        format!("{} {}", date.en, times.en),
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
                Text::new(
                    format!("{name} {} {post}（{at}）", when.zh),
                    format!("{name} {} {post} ({at})", when.en),
                )
            }
            None => Text::new(
                format!("{name} {post}（{at}）"),
                format!("{name} {post} ({at})"),
            ),
        }
    }

    /// What people call a record of any kind.
    pub(super) fn record(&self, entry: &Entry, document_site: Option<&SiteKey>) -> Text {
        use crate::records::Record;
        match (entry.record(), document_site) {
            (Record::Shift(shift), Some(site)) => {
                let text = self.shift(shift, site);
                Text::new(format!("班次“{}”", text.zh), format!("shift {}", text.en))
            }
            (Record::Person(person), Some(site)) => {
                let (name, at) = (said(&person.name), self.site_name(site));
                Text::new(
                    format!("人员“{name}”（{at}）"),
                    format!("person {name} ({at})"),
                )
            }
            (Record::Site(site), _) => {
                let name = self.site_name(&site.key);
                Text::new(format!("站点“{name}”"), format!("site {name}"))
            }
            (Record::Post(post), _) => Text::new(
                format!("岗位“{}”", said(&post.name)),
                format!("post {}", said(&post.name)),
            ),
            _ => {
                let id = entry.record().id();
                Text::new(format!("记录 {id}"), format!("record {id}"))
            }
        }
    }

    /// A value as people read it: a state by its label, a person by their name, a site by its.
    pub(super) fn value(&self, field: &str, value: Option<&Value>) -> Text {
        let Some(value) = value else {
            return Text::new("（无法识别）", "(not a value)");
        };
        let Value::Text(text) = value else {
            return same(value.to_string());
        };
        if text.is_empty() {
            return Text::new("（空）", "(empty)");
        }
        match field {
            "state" => {
                let choice = ShiftState::CHOICES
                    .iter()
                    .find(|choice| choice.value == text);
                if let Some(choice) = choice {
                    return Text::new(choice.label.zh, choice.label.en);
                }
            }
            "person" => {
                let person = text
                    .parse::<RecordId>()
                    .ok()
                    .and_then(|id| self.people.by_id(id));
                if let Some(person) = person {
                    return same(said(&person.name));
                }
            }
            "site" | "lent_by" | "parent" => {
                if let Ok(key) = text.parse::<SiteKey>() {
                    return same(self.site_name(&key));
                }
            }
            "start" | "end" | "removed_at" => {
                if let Some(at) = crate::records::parse_date_time(text) {
                    let date = day(at.date(), self.year());
                    return Text::new(
                        format!("{} {}", date.zh, clock(at)),
                        format!("{} {}", date.en, clock(at)),
                    );
                }
            }
            _ => {}
        }
        same(said(text))
    }

    /// Who wrote something: `王芳（解放区快递驿站）`.
    pub(super) fn author(&self, author: Option<&Author>) -> Text {
        let Some(author) = author else {
            return Text::new("佚名", "someone unnamed");
        };
        match author.site() {
            Some(site) => {
                let at = self.site_name(&site);
                Text::new(
                    format!("{}（{at}）", said(author.name())),
                    format!("{} ({at})", said(author.name())),
                )
            }
            None => same(said(author.as_str())),
        }
    }

    /// A field's name for people.
    pub(super) fn field(&self, entry: Option<&Entry>, field: &str) -> Text {
        let kind = entry.and_then(|entry| entry.record().kind());
        match kind.and_then(|kind| kind.field(field).ok()) {
            Some(field) => Text::new(field.label.zh, field.label.en),
            None => Text::new(field, field),
        }
    }

    /// The year that dates are said without.
    pub(super) fn year(&self) -> i16 {
        self.holdings.now.year()
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
        more => Text::new(
            format!("{zh} 等{}{unit_zh}", items.len()),
            format!("{en} and {more} more"),
        ),
    }
}
