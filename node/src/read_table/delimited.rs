use yilian_core::import::Row;

use super::formula::unguarded;
use super::{Limits, ReadTableError};

/// Splits text into rows, as RFC 4180 has it, but with the delimiter and the line ends the file uses.
///
/// Written out, because each row must carry the line an editor shows for it (a quoted cell may span lines), and a
/// quotation mark that is never closed must be an error where it stands, not a cell that swallows the rest of the file.
pub(super) fn rows(file: &str, text: &str, limits: &Limits) -> Result<Vec<Row>, ReadTableError> {
    let (text, mut line, delimiter) = start(text);
    let mut rows = Vec::new();
    let mut row_line = line;
    let mut cells = Vec::new();
    let mut cell = String::new();
    // The line of the quotation mark that is open.
    let mut quoted: Option<usize> = None;
    let mut chars = text.chars().peekable();
    while let Some(mut c) = chars.next() {
        if c == '\r' {
            chars.next_if_eq(&'\n');
            c = '\n';
        }
        if c == '\n' {
            line += 1;
        }
        if quoted.is_some() {
            match c {
                '"' if chars.next_if_eq(&'"').is_some() => cell.push('"'),
                '"' => quoted = None,
                other => cell.push(other),
            }
        } else if c == '"' && cell.trim().is_empty() {
            cell.clear();
            quoted = Some(line);
        } else if c == delimiter || c == '\n' {
            limits.check_cell(file, rows.len(), cells.len(), cell.len())?;
            cells.push(std::mem::take(&mut cell));
            if c == '\n' {
                finish(&mut rows, row_line, &mut cells);
                row_line = line;
            }
        } else {
            cell.push(c);
        }
        if cell.len() > limits.cell_bytes && quoted.is_none() {
            limits.check_cell(file, rows.len(), cells.len(), cell.len())?;
        }
    }
    if let Some(line) = quoted {
        return Err(ReadTableError::UnclosedQuote {
            file: file.to_owned(),
            line,
        });
    }
    limits.check_cell(file, rows.len(), cells.len(), cell.len())?;
    cells.push(cell);
    finish(&mut rows, row_line, &mut cells);
    Ok(rows)
}

/// Keeps a row unless all of its cells are blank.
fn finish(rows: &mut Vec<Row>, line: usize, cells: &mut Vec<String>) {
    let cells: Vec<String> = std::mem::take(cells).into_iter().map(unguarded).collect();
    if cells.iter().any(|cell| !cell.trim().is_empty()) {
        rows.push(Row { line, cells });
    }
}

/// The text to read, the line it starts on, and its delimiter.
fn start(text: &str) -> (&str, usize, char) {
    // A spreadsheet is told the delimiter by a first line `sep=;`.
    if let Some((first, rest)) = text.split_once('\n')
        && let Some(delimiter) = first.trim_end().trim_matches('"').strip_prefix("sep=")
        && let Some(delimiter) = delimiter.chars().next()
    {
        return (rest, 2, delimiter);
    }
    (text, 1, sniff(text))
}

/// The delimiter the first rows use most; a comma where none is used.
fn sniff(text: &str) -> char {
    let candidates = [',', '\t', ';'];
    let mut counts = [0_usize; 3];
    let mut quoted = false;
    for c in text.chars().take(4096) {
        if c == '"' {
            quoted = !quoted;
        } else if (c == '\n' || c == '\r') && !quoted {
            if counts.iter().any(|count| *count > 0) {
                break;
            }
        } else if !quoted {
            for (candidate, count) in candidates.iter().zip(&mut counts) {
                *count += usize::from(*candidate == c);
            }
        }
    }
    // The last of equals is the maximum, so the comma is counted last.
    candidates
        .into_iter()
        .zip(counts)
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or(',', |(candidate, _)| candidate)
}
