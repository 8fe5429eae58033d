use jiff::civil::Date;

use super::cell::{noted, row_site};
use super::date::parse_date;
use super::header::Cells;
use super::moment::{parse_end, parse_start};
use super::plan::Plan;
use super::records::Importer;
use super::row_error::RowError;
use super::value::read_field;
use crate::document::{Name, SiteKey};
use crate::ordered::BTreeMap;
use crate::records::{Form, RecordId, Value, write_date_time};
use crate::rules::Text;

/// A row that was understood by itself.
pub(super) struct Row<'a> {
    pub(super) cells: Cells<'a>,
    pub(super) site: Option<SiteKey>,
    pub(super) place: Name,
    pub(super) record: RecordId,
    /// Whether the row itself says which record it is.
    pub(super) has_id: bool,
    /// By field, for the columns that the file has; a blank cell is an empty text.
    pub(super) values: BTreeMap<String, Value>,
}

impl Row<'_> {
    /// A second row of one record: passed over if it says the same.
    pub(super) fn repeats(&self, first: &Row<'_>, plan: &mut Plan, errors: &mut Vec<RowError>) {
        let line = first.cells.line();
        if self.values == first.values {
            let text = Text::of(
                format_args!("与第{line}行相同，已略过"),
                format_args!("the same as line {line}, passed over"),
            );
            plan.warn(self.cells.line(), None, text);
            return;
        }
        let expected = Text::of(
            format_args!("每条记录一行（第{line}行说的是同一条，内容却不同）"),
            format_args!("one row per record (line {line} is about the same one, and differs)"),
        );
        errors.push(*self.cells.error("", expected));
    }
}

impl Importer<'_> {
    /// The row, or every error in it.
    pub(super) fn row<'a>(
        &self,
        cells: Cells<'a>,
        plan: &mut Plan,
        errors: &mut Vec<RowError>,
    ) -> Option<Row<'a>> {
        let before = errors.len();
        let site = self
            .has_site()
            .then(|| row_site(&cells, self.given, self.held, plan));
        let site = site.and_then(|site| noted(site, errors));
        let mut values = BTreeMap::new();
        if let Some(site) = site.as_ref().filter(|_| self.kind.has("site")) {
            values.insert("site".to_owned(), Value::from(site.as_str()));
        }
        self.period(&cells, &mut values, errors);
        for field in self.kind.fields {
            if values.contains_key(field.name)
                || !cells.has(field.name)
                || self.is_period(field.name)
                || self.has_site() && field.name == "site"
                // Whose record it is was not understood: nor is what is looked for there.
                || field.form == Form::Record && errors.len() > before && site.is_none()
            {
                continue;
            }
            match read_field(
                self.kind,
                field,
                cells.raw(field.name),
                site.as_ref(),
                self.held,
            ) {
                Ok((value, warning)) => {
                    if let Some(text) = warning {
                        plan.warn(cells.line(), cells.column(field.name), text);
                    }
                    values.insert(field.name.to_owned(), value);
                }
                Err(expected) => errors.push(*cells.error(field.name, expected)),
            }
        }
        let id = noted(own_id(&cells), errors).flatten();
        if self.kind.lasts.is_none()
            && let Some(end) = self.kind.ends_early(&values)
        {
            let expected = Text::new("不早于开始的日期", "a day that is not before the first");
            errors.push(*cells.error(end, expected));
        }
        if errors.len() > before {
            return None;
        }
        let Some(place) = self.kind.place(site.as_ref(), &values) else {
            let expected = Text::new(
                "写明站点和开始时间的行",
                "a row that says its site and when it starts",
            );
            errors.push(*cells.error("", expected));
            return None;
        };
        Some(Row {
            cells,
            place,
            record: id.unwrap_or_else(|| self.id_of(site.as_ref(), &values)),
            has_id: id.is_some(),
            site,
            values,
        })
    }

    fn is_period(&self, field: &str) -> bool {
        self.kind
            .lasts
            .is_some_and(|(start, end)| field == start || field == end)
    }

    /// From when to when, in whole or with the day in a column of its own.
    fn period(
        &self,
        cells: &Cells<'_>,
        values: &mut BTreeMap<String, Value>,
        errors: &mut Vec<RowError>,
    ) {
        let Some((start_field, end_field)) = self.kind.lasts else {
            return;
        };
        let date: Option<Date> = match cells.text("date") {
            text if text.is_empty() => None,
            text => {
                let date = parse_date(&text, None);
                if date.is_none() {
                    let expected = Text::new(
                        "日期，如 2026-12-03、2026/12/3",
                        "a date like 2026-12-03 or 2026/12/3",
                    );
                    errors.push(*cells.error("date", expected));
                }
                date
            }
        };
        let form = || Text::new("时间，如 2026-12-03 08:00", "a time like 2026-12-03 08:00");
        let start = parse_start(cells.raw(start_field), date);
        if start.is_none() {
            errors.push(*cells.error(start_field, form()));
        }
        let Some(start) = start else { return };
        match parse_end(cells.raw(end_field), start) {
            Some(end) if end > start => {
                let mut put =
                    |field: &str, at| values.insert(field.to_owned(), write_date_time(at).into());
                put(start_field, start);
                put(end_field, end);
            }
            Some(_) => {
                let expected = Text::new("晚于开始的时间", "a time after the start");
                errors.push(*cells.error(end_field, expected));
            }
            None => errors.push(*cells.error(end_field, form())),
        }
    }
}

pub(super) fn own_id(cells: &Cells<'_>) -> Result<Option<RecordId>, Box<RowError>> {
    match cells.text("id") {
        text if text.is_empty() => Ok(None),
        text => text.parse().map(Some).map_err(|_| {
            cells.error(
                "id",
                Text::new("一条记录的编号，或留空", "the id of a record, or nothing"),
            )
        }),
    }
}
