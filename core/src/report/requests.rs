//! What people without an account sent, and how soon it was seen to.

use jiff::civil::DateTime;

use super::{Cell, Column, ColumnKind, Documents, Period, Report};
use crate::document::{Kind, SiteKey};
use crate::inbox::{FLOW, Progress, Tally, progress};
use crate::ordered::BTreeMap;
use crate::records::SubmissionKind;
use crate::rules::Text;

/// What was sent in a period, by site and kind: how many are at each stage, with how many the site is late at `now`, and in how
/// many days of the calendar they were done. With `site`, what it received.
///
/// Of an even number that were done, the median is half way between the middle two; nine of ten are the smallest number of days
/// within which no fewer were done.
#[must_use]
pub fn by_kind(
    documents: &Documents<'_>,
    period: Period,
    site: Option<&SiteKey>,
    now: DateTime,
) -> Report {
    let mut lost = 0;
    let mut sent: BTreeMap<(SiteKey, SubmissionKind), Vec<Progress<'_>>> = BTreeMap::new();
    for (name, view) in documents.of_kind(Kind::Inbox) {
        let (Some(at), Some(progress)) = (name.site(), progress(view)) else {
            continue;
        };
        let submission = progress.submission;
        let in_scope = site.is_none_or(|site| site == at);
        lost += u64::from(in_scope && submission.at == DateTime::ZERO);
        if in_scope && period.contains(submission.at.date()) {
            let of_kind = sent.entry((at.clone(), submission.kind)).or_default();
            of_kind.push(progress);
        }
    }
    let row = |((site, kind), sent): (&(SiteKey, SubmissionKind), &Vec<Progress<'_>>)| {
        let mut row = vec![
            documents.site_cell(site),
            Cell::choice(kind.as_str(), kind.label()),
        ];
        row.extend(cells(&Tally::of(sent, now)));
        row
    };
    let mut totals = vec![
        Cell::Named("total".to_owned(), Text::new("合计", "total")),
        Cell::Empty,
    ];
    totals.extend(cells(&Tally::of(sent.values().flatten(), now)));
    Report {
        name: "requests_by_kind",
        title: documents.title(site, "来件办理统计", "Submissions"),
        subtitle: subtitle(period),
        columns: columns(),
        rows: sent.iter().map(row).collect(),
        totals,
        notes: notes(lost),
    }
}

fn columns() -> Vec<Column> {
    let mut columns = vec![
        Column::new("site", "站点", "site", ColumnKind::Text),
        Column::new("kind", "类型", "kind", ColumnKind::Text),
        Column::new("count", "来件", "submissions", ColumnKind::Count),
    ];
    columns.extend(FLOW.stages.iter().map(|stage| {
        let label = stage.label();
        Column::new(stage.as_str(), label.zh, label.en, ColumnKind::Count)
    }));
    columns.extend([
        Column::new("overdue", "超期", "overdue", ColumnKind::Count),
        Column::new("ever_done", "办结过", "ever done", ColumnKind::Count),
        Column::new(
            "median_days",
            "办结天数（中位）",
            "days to done (median)",
            ColumnKind::Tenths,
        ),
        Column::new(
            "p90_days",
            "办结天数（九成）",
            "days to done (9 of 10)",
            ColumnKind::Tenths,
        ),
    ]);
    columns
}

/// The cells of a tally, from the count on.
fn cells(tally: &Tally) -> Vec<Cell> {
    let stages = FLOW.stages.iter();
    let stages = stages.map(|stage| tally.stages.get(stage).copied().unwrap_or_default());
    let days = |tenths: Option<i64>| tenths.map_or(Cell::Empty, Cell::Tenths);
    let mut cells = vec![Cell::count(tally.count)];
    cells.extend(stages.map(Cell::count));
    cells.extend([
        Cell::count(tally.overdue),
        Cell::count(tally.done),
        days(tally.median_tenths()),
        days(tally.p90_days.map(|days| days * 10)),
    ]);
    cells
}

fn subtitle(period: Period) -> Text {
    let period = period.text();
    Text::new(
        format!("{} 收到的来件，按自然日计", period.zh),
        format!("sent {}, in days of the calendar", period.en),
    )
}

fn notes(lost: u64) -> Vec<Text> {
    let note = || {
        Text::new(
            format!("有 {lost} 件看不出何时发来，没有计入"),
            format!("{lost} submissions that do not say when they were sent are not counted"),
        )
    };
    (lost > 0).then(note).into_iter().collect()
}
