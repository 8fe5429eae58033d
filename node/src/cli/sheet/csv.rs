use csv::{Terminator, WriterBuilder};
use yilian_core::report::{Cell, Report};
use yilian_core::rules::Language;
use yilian_node::read_table::guarded;

use super::text;
use crate::cli::failure::Failure;

/// The header and the rows of a report, and nothing that is not a row: who reads it adds up by themselves.
pub(super) fn write(
    language: Language,
    report: &Report,
    terminator: &str,
) -> Result<String, Failure> {
    let terminator = match terminator {
        "\r\n" => Terminator::CRLF,
        _ => Terminator::Any(b'\n'),
    };
    let mut writer = WriterBuilder::new()
        .terminator(terminator)
        .from_writer(Vec::new());
    let header = report
        .columns
        .iter()
        .map(|column| column.label.in_language(language));
    writer
        .write_record(header)
        .map_err(|error| failed(&error))?;
    for row in &report.rows {
        let cells = row.iter().map(|cell| cell_text(cell, language));
        writer.write_record(cells).map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// What somebody wrote may look like a formula to a spreadsheet; what we count never does.
fn cell_text(cell: &Cell, language: Language) -> String {
    let text = text::of(cell, language);
    match cell {
        Cell::Text(_) | Cell::Named(..) => guarded(&text).into_owned(),
        _ => text,
    }
}

fn failed(error: &(dyn std::error::Error + 'static)) -> Failure {
    Failure::from_error(("写不出 CSV", "cannot write CSV"), error)
}
