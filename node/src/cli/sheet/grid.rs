use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};
use yilian_core::rules::Language;

use super::text::width;
use super::xlsx::{body_format, clipped, header_format, print_set_up};

/// A sheet for the wall: a row for each person, a column for each day.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Grid {
    /// The name of the sheet.
    pub(crate) name: String,
    pub(crate) title: String,
    /// What stands over the names.
    pub(crate) corner: String,
    pub(crate) days: Vec<GridDay>,
    /// What stands over the totals at the end of each row.
    pub(crate) totals: Vec<String>,
    pub(crate) rows: Vec<GridRow>,
    /// Where people sign.
    pub(crate) signatures: String,
}

/// A day of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GridDay {
    pub(crate) number: String,
    pub(crate) weekday: String,
    pub(crate) weekend: bool,
}

/// A row of a grid.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GridRow {
    pub(crate) name: String,
    /// What stands on each day; lines are kept.
    pub(crate) cells: Vec<String>,
    pub(crate) totals: Vec<f64>,
}

/// The rows above the names: title, days, weekdays.
const HEADER_ROWS: u32 = 3;
/// The height of one line, in points.
const LINE: f64 = 12.0;
const WEEKEND: u32 = 0xED_ED_ED;

pub(super) fn write(
    sheet: &mut Worksheet,
    grid: &Grid,
    language: Language,
) -> Result<(), XlsxError> {
    let days = u16::try_from(grid.days.len()).unwrap_or(u16::MAX);
    let last = days + u16::try_from(grid.totals.len()).unwrap_or(0);
    let title = Format::new()
        .set_bold()
        .set_font_size(16)
        .set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, last, &grid.title, &title)?;
    write_header(sheet, grid, days)?;
    for (row, at) in grid.rows.iter().zip(HEADER_ROWS..) {
        write_row(sheet, grid, row, at, days)?;
    }
    let end = HEADER_ROWS + u32::try_from(grid.rows.len()).unwrap_or(u32::MAX - HEADER_ROWS - 1);
    let plain = Format::new().set_align(FormatAlign::Left);
    sheet.merge_range(end + 1, 0, end + 1, last, &grid.signatures, &plain)?;
    sheet.set_row_height(end + 1, LINE * 2.0)?;
    set_widths(sheet, grid, days)?;
    sheet.set_freeze_panes(HEADER_ROWS, 1)?;
    print_set_up(sheet, (1, HEADER_ROWS - 1), true, language)
}

fn write_header(sheet: &mut Worksheet, grid: &Grid, days: u16) -> Result<(), XlsxError> {
    let header = header_format();
    sheet.merge_range(1, 0, 2, 0, &grid.corner, &header)?;
    for (day, column) in grid.days.iter().zip(1..) {
        let format = shaded(header_format(), day.weekend);
        sheet.write_string_with_format(1, column, &day.number, &format)?;
        sheet.write_string_with_format(2, column, &day.weekday, &format)?;
    }
    for (total, column) in grid.totals.iter().zip(days + 1..) {
        sheet.merge_range(1, column, 2, column, total, &header)?;
    }
    Ok(())
}

fn write_row(
    sheet: &mut Worksheet,
    grid: &Grid,
    row: &GridRow,
    at: u32,
    days: u16,
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(at, 0, clipped(&row.name), &body_format().set_text_wrap())?;
    for ((day, cell), column) in grid.days.iter().zip(&row.cells).zip(1..) {
        let format = body_format()
            .set_text_wrap()
            .set_font_size(9)
            .set_align(FormatAlign::Center);
        sheet.write_string_with_format(at, column, clipped(cell), &shaded(format, day.weekend))?;
    }
    for (total, column) in row.totals.iter().zip(days + 1..) {
        sheet.write_number_with_format(at, column, *total, &body_format())?;
    }
    let lines = row.cells.iter().map(|cell| cell.lines().count()).max();
    sheet.set_row_height(at, LINE * lines.unwrap_or(1).clamp(2, 30) as f64)?;
    Ok(())
}

fn shaded(format: Format, weekend: bool) -> Format {
    match weekend {
        true => format.set_background_color(WEEKEND),
        false => format,
    }
}

fn set_widths(sheet: &mut Worksheet, grid: &Grid, days: u16) -> Result<(), XlsxError> {
    let names = grid.rows.iter().map(|row| width(&row.name));
    sheet.set_column_width(0, names.max().unwrap_or(0).clamp(6, 24) as f64 + 2.0)?;
    let cells = grid.rows.iter().flat_map(|row| &row.cells);
    let lines = cells.flat_map(|cell| cell.lines().map(width));
    let day = lines.max().unwrap_or(0).clamp(3, 12) as f64 + 0.5;
    for column in 1..=days {
        sheet.set_column_width(column, day)?;
    }
    for (total, column) in grid.totals.iter().zip(days + 1..) {
        sheet.set_column_width(column, width(total).max(5) as f64 + 1.0)?;
    }
    Ok(())
}
