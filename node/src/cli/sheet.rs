//! One place for the formats of tables: what a person reads, CSV, a workbook, JSON. The model is the core's `Report`; nothing here
//! knows what a table is about.

mod csv;
mod grid;
mod json;
mod target;
#[cfg(test)]
mod tests;
mod text;
mod xlsx;

use yilian_core::report::Report;

use super::args::Format;
use super::context::Context;
use super::failure::Failure;
use super::out;

pub(crate) use grid::{Grid, GridDay, GridRow};
pub(crate) use json::rows as rows_json;
pub(crate) use target::Target;
pub(crate) use text::hours;
pub(crate) use xlsx::Workbook;

/// Writes reports to where they were asked for: a terminal shows one after the other, a workbook has a sheet for each.
pub(crate) fn write(context: &Context, target: &Target, reports: &[Report]) -> Result<(), Failure> {
    match target.format {
        Format::Table => target.text(context, &table(context, reports)),
        Format::Csv => csv(context, target, reports),
        Format::Json => target.text(context, &format!("{:#}", json::reports(context, reports))),
        Format::Xlsx => {
            let mut workbook = Workbook::new(context.language);
            for report in reports {
                workbook.add_report(report, context.text(&report.title))?;
            }
            target.bytes(context, &workbook.save()?)
        }
    }
}

/// Writes reports as CSV, one under the other with an empty line between. A file is for a spreadsheet, which takes it for
/// UTF-8 by its mark; a pipe is for programs, which do without.
pub(crate) fn csv(context: &Context, target: &Target, reports: &[Report]) -> Result<(), Failure> {
    let terminator = if target.is_file() { "\r\n" } else { "\n" };
    let tables: Result<Vec<String>, Failure> = reports
        .iter()
        .map(|report| csv::write(context.language, report, terminator))
        .collect();
    let text = tables?.join(terminator);
    match target.is_file() {
        true => target.bytes(context, format!("\u{feff}{text}").as_bytes()),
        false => out::line(text.trim_end()),
    }
}

fn table(context: &Context, reports: &[Report]) -> String {
    let tables = reports.iter().map(|report| table_of(context, report));
    tables.collect::<Vec<_>>().join("\n\n")
}

fn table_of(context: &Context, report: &Report) -> String {
    let language = context.language;
    let header: Vec<&str> = report
        .columns
        .iter()
        .map(|column| context.text(&column.label))
        .collect();
    let totals = (!report.totals.is_empty()).then_some(&report.totals);
    let rows = report.rows.iter().chain(totals);
    let rows = rows.map(|row| row.iter().map(|cell| text::of(cell, language)).collect());
    let heads = [&report.title, &report.subtitle].map(|text| context.text(text).to_owned());
    let notes = report
        .notes
        .iter()
        .map(|note| context.text(note).to_owned());
    let parts = heads
        .into_iter()
        .chain([out::table_text(&header, rows.collect())])
        .chain(notes);
    parts
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}
