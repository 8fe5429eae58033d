use serde_json::{Map, Value, json};
use yilian_core::records::write_date_time;
use yilian_core::report::{Cell, ColumnKind, Report};

use super::text;
use crate::cli::context::Context;

/// Reports for programs: rows are objects with the columns' names, sites and states are what records call them, times are as
/// records hold them, hours are numbers.
pub(super) fn reports(context: &Context, reports: &[Report]) -> Value {
    let reports: Vec<Value> = reports.iter().map(|report| of(context, report)).collect();
    json!({ "reports": reports })
}

fn of(context: &Context, report: &Report) -> Value {
    let columns = report.columns.iter().map(|column| {
        json!({
            "name": column.name,
            "label": context.text(&column.label),
            "kind": kind(column.kind),
        })
    });
    let notes = report.notes.iter().map(|note| context.text(note));
    json!({
        "name": report.name,
        "title": context.text(&report.title),
        "subtitle": context.text(&report.subtitle),
        "columns": columns.collect::<Vec<_>>(),
        "rows": rows(report),
        "totals": row(report, &report.totals),
        "notes": notes.collect::<Vec<_>>(),
    })
}

/// The rows alone.
pub(crate) fn rows(report: &Report) -> Vec<Value> {
    report.rows.iter().map(|cells| row(report, cells)).collect()
}

fn row(report: &Report, cells: &[Cell]) -> Value {
    let cells = report.columns.iter().zip(cells);
    let fields = cells.map(|(column, cell)| (column.name.to_owned(), value(cell)));
    Value::Object(fields.collect::<Map<_, _>>())
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) | Cell::Named(text, _) => text.as_str().into(),
        Cell::Count(count) => (*count).into(),
        Cell::Amount(count) => (*count).into(),
        Cell::Tenths(tenths) => text::tenths(*tenths).into(),
        Cell::Hours(minutes) => text::hours(*minutes).into(),
        Cell::Date(date) => date.to_string().into(),
        Cell::Time(time) => time.strftime("%H:%M").to_string().into(),
        Cell::DateTime(at) => write_date_time(*at).into(),
    }
}

const fn kind(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "text",
        ColumnKind::Amount => "amount",
        ColumnKind::Tenths => "tenths",
        ColumnKind::Count => "count",
        ColumnKind::Hours => "hours",
        ColumnKind::Date => "date",
        ColumnKind::Time => "time",
        ColumnKind::DateTime => "datetime",
    }
}
