use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use yilian_core::import::{Row, Table};

use super::{Limits, ReadTableError};

/// Reads one sheet of an `.xlsx` workbook.
pub(super) fn read(
    file: &str,
    bytes: &[u8],
    sheet: Option<&str>,
    limits: &Limits,
) -> Result<Table, ReadTableError> {
    check_unpacked(file, bytes, limits)?;
    // The decoder is not ours, and a panic in it must not take the node down with it.
    catch_unwind(AssertUnwindSafe(|| sheet_rows(file, bytes, sheet, limits)))
        .unwrap_or_else(|_| Err(damaged(file, "the decoder gave up on it")))
}

/// Unpacks every part once, counting only: the decoder unpacks without a bound, and a few kilobytes can hold gigabytes.
fn check_unpacked(file: &str, bytes: &[u8], limits: &Limits) -> Result<(), ReadTableError> {
    let mut archive =
        zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(file, error))?;
    let mut unpacked = 0;
    for index in 0..archive.len() {
        let part = archive
            .by_index(index)
            .map_err(|error| damaged(file, error))?;
        let left = limits.unpacked_bytes - unpacked;
        unpacked += std::io::copy(&mut part.take(left + 1), &mut std::io::sink())
            .map_err(|error| damaged(file, error))?;
        if unpacked > limits.unpacked_bytes {
            return Err(limits.exceeded(file, "unpacked bytes", limits.unpacked_bytes));
        }
    }
    Ok(())
}

fn sheet_rows(
    file: &str,
    bytes: &[u8],
    sheet: Option<&str>,
    limits: &Limits,
) -> Result<Table, ReadTableError> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(file, error))?;
    let sheets = workbook.sheet_names();
    let sheet = match sheet {
        Some(name) if !sheets.iter().any(|there| there == name) => {
            return Err(ReadTableError::NoSuchSheet {
                file: file.to_owned(),
                sheet: name.to_owned(),
                sheets,
            });
        }
        Some(name) => name.to_owned(),
        None => sheets
            .first()
            .cloned()
            .ok_or_else(|| damaged(file, "it has no sheet"))?,
    };

    // Cell by cell: the decoder's own ranges allocate for the far corner of a sheet with one cell there.
    let mut cells: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
    let mut reader = workbook
        .worksheet_cells_reader(&sheet)
        .map_err(|error| damaged(file, error))?;
    while let Some(cell) = reader.next_cell().map_err(|error| damaged(file, error))? {
        let text = cell_text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let (row, column) = cell.get_position();
        limits.check_cell(file, row as usize, column as usize, text.len())?;
        cells.entry(row).or_default().insert(column, text);
    }
    drop(reader);

    // Regions may not overlap, so together they cover no more rows than the sheet has cells; a hostile file's may.
    let mut left: usize = cells.values().map(BTreeMap::len).sum();
    for region in workbook
        .merge_cells_by_sheet_name(&sheet)
        .map_err(|error| damaged(file, error))?
    {
        fill(&mut cells, region.start, region.end, &mut left);
    }

    let rows = cells
        .into_iter()
        .map(|(row, mut columns)| {
            let width = columns.last_key_value().map_or(0, |(column, _)| column + 1);
            let cells = (0..width)
                .map(|column| columns.remove(&column).unwrap_or_default())
                .collect();
            Row {
                line: row as usize + 1,
                cells,
            }
        })
        .collect();
    // The sheet's name is worth saying only where there is a choice.
    let sheet = (sheets.len() > 1).then_some(sheet);
    Ok(Table {
        file: file.to_owned(),
        sheet,
        rows,
    })
}

/// One date over the three shifts of a day is a merged cell: every row that has anything gets its value.
fn fill(
    cells: &mut BTreeMap<u32, BTreeMap<u32, String>>,
    start: (u32, u32),
    end: (u32, u32),
    left: &mut usize,
) {
    // A merge across columns is a title; only what is merged downwards says something about the rows below.
    if start.1 != end.1 || start.0 >= end.0 {
        return;
    }
    let Some(value) = cells
        .get(&start.0)
        .and_then(|row| row.get(&start.1))
        .cloned()
    else {
        return;
    };
    for (_, row) in cells.range_mut(start.0 + 1..=end.0).take(*left) {
        *left -= 1;
        row.entry(start.1).or_insert_with(|| value.clone());
    }
}

fn cell_text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        // A phone number is a float in a workbook; `Display` writes whole ones without a fraction or exponent.
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(moment) => moment_text(moment),
        // Kept, so that a row with one is an error that shows it.
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A date as `2026-12-03`, a time as `08:00`, both as `2026-12-03 08:00:00`.
fn moment_text(moment: &ExcelDateTime) -> String {
    let value = moment.as_f64();
    // Below one day (or exactly one: 24:00) it is a time, which spreadsheets date to their epoch.
    if (0.0..=1.0).contains(&value) {
        let seconds = (value * 86_400.0).round() as u32;
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        return if rest == 0 {
            format!("{hours:02}:{minutes:02}")
        } else {
            format!("{hours:02}:{minutes:02}:{rest:02}")
        };
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

fn damaged(file: &str, reason: impl ToString) -> ReadTableError {
    ReadTableError::Workbook {
        file: file.to_owned(),
        reason: reason.to_string(),
    }
}
