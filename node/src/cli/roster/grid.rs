use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime, Weekday};
use yilian_core::document::{Month, SiteKey};
use yilian_core::records::{RecordId, Shift, ShiftState};
use yilian_core::rules::Language;

use crate::cli::sheet::{Grid, GridDay, GridRow, hours};

const DAYS: [(Weekday, &str, &str); 7] = [
    (Weekday::Monday, "一", "Mo"),
    (Weekday::Tuesday, "二", "Tu"),
    (Weekday::Wednesday, "三", "We"),
    (Weekday::Thursday, "四", "Th"),
    (Weekday::Friday, "五", "Fr"),
    (Weekday::Saturday, "六", "Sa"),
    (Weekday::Sunday, "日", "Su"),
];

/// The rosters of a month for the wall, one for each site.
pub(super) fn grids(
    language: Language,
    month: Month,
    shifts: &[Shift],
    sites: &BTreeMap<SiteKey, String>,
) -> Vec<Grid> {
    let at: BTreeSet<&SiteKey> = shifts.iter().map(|shift| &shift.site).collect();
    let name = |site: &SiteKey| sites.get(site).cloned().unwrap_or_else(|| site.to_string());
    let grid = |site: &SiteKey| {
        let shifts = shifts.iter().filter(|shift| shift.site == *site);
        Grid {
            name: name(site),
            title: title(language, month, &name(site)),
            corner: pick(language, "姓名", "name").to_owned(),
            days: days(language, month),
            totals: [("班次", "shifts"), ("工时", "hours")]
                .map(|(zh, en)| pick(language, zh, en).to_owned())
                .into(),
            rows: rows(language, month, shifts, &name),
            signatures: signatures(language),
        }
    };
    at.into_iter().map(grid).collect()
}

const fn pick<'a>(language: Language, zh: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

fn title(language: Language, month: Month, site: &str) -> String {
    match language {
        Language::Zh => format!("{site}　{}年{}月排班表", month.year(), month.month()),
        Language::En => format!("{site}: roster of {month}"),
    }
}

fn signatures(language: Language) -> String {
    let blank = "＿＿＿＿＿＿＿＿";
    let words = match language {
        Language::Zh => ["制表：", "审核：", "负责人签字：", "日期："],
        Language::En => ["made by: ", "checked by: ", "signature: ", "date: "],
    };
    words.map(|word| format!("{word}{blank}")).join("　　")
}

fn days(language: Language, month: Month) -> Vec<GridDay> {
    let day = |date: Date| {
        let weekday = date.weekday();
        let word = DAYS.iter().find(|(day, ..)| *day == weekday);
        GridDay {
            number: date.day().to_string(),
            weekday: word
                .map_or("", |(_, zh, en)| pick(language, zh, en))
                .to_owned(),
            weekend: matches!(weekday, Weekday::Saturday | Weekday::Sunday),
        }
    };
    dates(month).map(day).collect()
}

fn dates(month: Month) -> impl Iterator<Item = Date> {
    let first = month.first_day();
    (1..=first.days_in_month()).filter_map(move |day| first.with().day(day).build().ok())
}

/// A row for each person, by name. A person without a record counts by name.
fn rows<'a>(
    language: Language,
    month: Month,
    shifts: impl Iterator<Item = &'a Shift>,
    site: &impl Fn(&SiteKey) -> String,
) -> Vec<GridRow> {
    let mut people: BTreeMap<(String, Option<RecordId>), Vec<&Shift>> = BTreeMap::new();
    for shift in shifts {
        let lent = shift.lent_by.as_ref().map(|lender| match language {
            Language::Zh => format!("（{}）", site(lender)),
            Language::En => format!(" ({})", site(lender)),
        });
        let name = format!("{}{}", shift.name, lent.unwrap_or_default());
        people.entry((name, shift.person)).or_default().push(shift);
    }
    people
        .into_iter()
        .map(|((name, _), shifts)| row(language, month, name, &shifts))
        .collect()
}

fn row(language: Language, month: Month, name: String, shifts: &[&Shift]) -> GridRow {
    let on = |date: Date| {
        let here = shifts.iter().filter_map(|shift| {
            let (start, end) = shift.period()?;
            (start.date() == date).then(|| cell(language, shift, start, end))
        });
        here.collect::<Vec<_>>().join("\n")
    };
    let worked =
        |shift: &&&Shift| matches!(shift.state, ShiftState::Planned | ShiftState::Confirmed);
    let minutes = shifts.iter().filter(worked).filter_map(|shift| {
        let (start, end) = shift.period()?;
        (start < end).then(|| end.duration_since(start).as_mins())
    });
    let (count, minutes) = minutes.fold((0, 0_i64), |(count, sum), minutes| {
        (count + 1, sum.saturating_add(minutes))
    });
    GridRow {
        name,
        cells: dates(month).map(on).collect(),
        totals: vec![f64::from(count), hours(minutes)],
    }
}

/// `8–14`, below it the post, and what kept the person away.
fn cell(language: Language, shift: &Shift, start: DateTime, end: DateTime) -> String {
    let mut text = format!("{}–{}\n{}", clock(start), clock(end), shift.post);
    if matches!(shift.state, ShiftState::Absent | ShiftState::Swapped) {
        let label = shift.state.label();
        text.push('\n');
        text.push_str(pick(language, label.zh, label.en));
    }
    text
}

/// As short as it goes: a month of days has to fit the width of a page.
fn clock(at: DateTime) -> String {
    match at.minute() {
        0 => at.hour().to_string(),
        minute => format!("{}:{minute:02}", at.hour()),
    }
}
