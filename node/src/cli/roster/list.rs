use std::collections::BTreeMap;

use jiff::civil::DateTime;
use yilian_core::records::{RecordId, Shift};
use yilian_core::report::{Cell, Column, ColumnKind, Report};
use yilian_core::rules::Text;

/// Shifts as the importer reads them: a header it knows, a row for each, and nothing else. `people` says how each person is
/// written; `with_site` adds a column, for a file of several sites.
pub(super) fn list(
    shifts: &[Shift],
    people: &BTreeMap<RecordId, String>,
    with_site: bool,
) -> Report {
    let mut columns = vec![
        Column::new("date", "日期", "date", ColumnKind::Date),
        Column::new("name", "姓名", "name", ColumnKind::Text),
        Column::new("post", "岗位", "post", ColumnKind::Text),
        Column::new("start", "开始", "start", ColumnKind::Time),
        Column::new("end", "结束", "end", ColumnKind::Time),
        Column::new("state", "状态", "state", ColumnKind::Text),
        Column::new("note", "备注", "note", ColumnKind::Text),
    ];
    if with_site {
        columns.push(Column::new("site", "站点", "site", ColumnKind::Text));
    }
    let row = |shift: &Shift| {
        let [date, start, end] = moments(shift);
        let name = people.get(&shift.id).unwrap_or(&shift.name);
        let mut row = vec![
            date,
            Cell::Text(name.clone()),
            Cell::Text(shift.post.clone()),
            start,
            end,
            Cell::choice(shift.state.as_str(), shift.state.label()),
            Cell::Text(shift.note.clone()),
        ];
        if with_site {
            row.push(Cell::Text(shift.site.to_string()));
        }
        row
    };
    Report {
        name: "roster",
        title: Text::new("", ""),
        subtitle: Text::new("", ""),
        columns,
        rows: shifts.iter().map(row).collect(),
        totals: Vec::new(),
        notes: Vec::new(),
    }
}

/// Day, start and end. The end is said to be the next day only where the importer would not take it so by itself.
fn moments(shift: &Shift) -> [Cell; 3] {
    let unreadable = || Cell::Text("?".to_owned());
    let Some((start, end)) = shift.period() else {
        return [unreadable(), unreadable(), unreadable()];
    };
    let (day, start_cell) = (Cell::Date(start.date()), Cell::Time(start.time()));
    [day, start_cell, end_cell(start, end)]
}

fn end_cell(start: DateTime, end: DateTime) -> Cell {
    if end.date() == start.date() || end.time() < start.time() {
        return Cell::Time(end.time());
    }
    let time = end.strftime("%H:%M");
    let text = Text::new(format!("次日{time}"), format!("next day {time}"));
    Cell::Named(text.en.clone(), text)
}
