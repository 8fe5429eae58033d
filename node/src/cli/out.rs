//! The only way to standard output, and for progress to standard error.

use std::io::Write as _;

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use serde_json::Value;

use super::failure::Failure;

/// Prints a line.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(())
}

/// Says how things go, to standard error; whether anybody reads it makes no difference.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Prints a value as JSON, indented.
pub(crate) fn json(value: &Value) -> Result<(), Failure> {
    line(&format!("{value:#}"))
}

/// Prints a value as one line of JSON, at once: for streams.
pub(crate) fn json_line(value: &Value) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{value}")?;
    stdout.flush()?;
    Ok(())
}

/// Prints rows under a header, in columns as wide as what they hold.
pub(crate) fn table(header: &[&str], rows: Vec<Vec<String>>) -> Result<(), Failure> {
    line(&table_text(header, rows))
}

/// Rows under a header, in columns as wide as what they hold.
pub(crate) fn table_text(header: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(header);
    table.add_rows(rows);
    // Every cell has a blank on either side; lines begin with what they hold.
    let lines = table.lines().map(|text| {
        let text = text.strip_prefix(' ').unwrap_or(&text);
        text.trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}
