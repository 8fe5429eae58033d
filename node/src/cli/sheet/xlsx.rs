use jiff::civil::{Date, Time};
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};
use yilian_core::report::{Cell, Column, ColumnKind, Report};
use yilian_core::rules::Language;

use super::grid::{self, Grid};
use super::text::{self, width};
use crate::cli::failure::Failure;

/// A workbook in the making: sheets that print as they are on A4.
pub(crate) struct Workbook {
    book: rust_xlsxwriter::Workbook,
    language: Language,
    names: Vec<String>,
}

/// Excel's own bound for the text of a cell, in characters.
const CELL_CHARS_MAX: usize = 32_767;
/// Excel's own bound for the name of a sheet, in characters.
const NAME_CHARS_MAX: usize = 31;
/// No column is wider, in characters: longer texts wrap.
const WIDTH_MAX: usize = 40;
/// What fits A4 upright, in characters.
const PORTRAIT_WIDTH: usize = 95;
/// The number by which Excel knows A4.
const A4: u8 = 9;

impl Workbook {
    pub(crate) fn new(language: Language) -> Self {
        Self {
            book: rust_xlsxwriter::Workbook::new(),
            language,
            names: Vec::new(),
        }
    }

    /// Adds a sheet with a report. One without a title is nothing but its header and its rows: what is imported again.
    pub(crate) fn add_report(&mut self, report: &Report, name: &str) -> Result<(), Failure> {
        let name = self.free_name(name);
        let language = self.language;
        let sheet = self.book.add_worksheet();
        sheet
            .set_name(&name)
            .and_then(|sheet| write_report(sheet, report, language))
            .map_err(|error| failed(&error))
    }

    /// Adds a sheet with a grid, the one that is shown when the workbook is opened if it is the first of its kind.
    pub(crate) fn add_grid(&mut self, grid: &Grid, first: bool) -> Result<(), Failure> {
        let name = self.free_name(&grid.name);
        let language = self.language;
        let sheet = self.book.add_worksheet();
        sheet
            .set_active(first)
            .set_name(&name)
            .and_then(|sheet| grid::write(sheet, grid, language))
            .map_err(|error| failed(&error))
    }

    /// The bytes of the file.
    pub(crate) fn save(mut self) -> Result<Vec<u8>, Failure> {
        self.book.save_to_buffer().map_err(|error| failed(&error))
    }

    /// A name that Excel takes, and that no other sheet has.
    fn free_name(&mut self, wanted: &str) -> String {
        let forbidden = |c: char| "[]:*?/\\'".contains(c) || c.is_control();
        let clean: String = wanted.chars().filter(|c| !forbidden(*c)).collect();
        let clean = match clean.trim() {
            "" => "1",
            clean => clean,
        };
        let numbered = |number: usize| match number {
            1 => clean.chars().take(NAME_CHARS_MAX).collect(),
            number => {
                let end = format!("-{number}");
                let start = clean.chars().take(NAME_CHARS_MAX - end.len());
                start.chain(end.chars()).collect::<String>()
            }
        };
        let taken = |name: &String| {
            let same = |other: &String| other.to_lowercase() == name.to_lowercase();
            self.names.iter().any(same)
        };
        // One more name than there are sheets: one of them is free.
        let name = (1..=self.names.len() + 1)
            .map(numbered)
            .find(|name| !taken(name))
            .unwrap_or_else(|| numbered(self.names.len() + 1));
        self.names.push(name.clone());
        name
    }
}

fn failed(error: &XlsxError) -> Failure {
    Failure::from_error(("写不出工作簿", "cannot write the workbook"), error)
}

fn write_report(
    sheet: &mut Worksheet,
    report: &Report,
    language: Language,
) -> Result<(), XlsxError> {
    let mut row = 0;
    let heads = [
        (&report.title, Format::new().set_bold().set_font_size(14)),
        (&report.subtitle, Format::new().set_italic()),
    ];
    for (head, format) in heads {
        let head = head.in_language(language);
        if !head.is_empty() {
            sheet.write_string_with_format(row, 0, clipped(head), &format)?;
            row += 1;
        }
    }
    let header = row;
    for (column, at) in report.columns.iter().zip(0..) {
        let label = column.label.in_language(language);
        sheet.write_string_with_format(header, at, label, &header_format())?;
    }
    row += 1;
    for cells in &report.rows {
        write_row(sheet, row, report, cells, language, &body_format())?;
        row += 1;
    }
    if !report.totals.is_empty() {
        let format = body_format().set_bold();
        write_row(sheet, row, report, &report.totals, language, &format)?;
        row += 1;
    }
    for note in &report.notes {
        let format = Format::new().set_italic();
        sheet.write_string_with_format(row, 0, clipped(note.in_language(language)), &format)?;
        row += 1;
    }
    let mut all = 0;
    for (index, column) in report.columns.iter().enumerate() {
        let width = column_width(report, index, column, language);
        all += width;
        sheet.set_column_width(u16::try_from(index).unwrap_or(u16::MAX), width as f64)?;
    }
    sheet.set_freeze_panes(header + 1, 0)?;
    print_set_up(sheet, (header, header), all > PORTRAIT_WIDTH, language)
}

fn write_row(
    sheet: &mut Worksheet,
    row: u32,
    report: &Report,
    cells: &[Cell],
    language: Language,
    format: &Format,
) -> Result<(), XlsxError> {
    for ((column, cell), at) in report.columns.iter().zip(cells).zip(0..) {
        let format = match column.kind {
            ColumnKind::Text => format.clone().set_text_wrap(),
            ColumnKind::Amount | ColumnKind::Count => format.clone().set_num_format("0"),
            // As many digits as it takes: any other format of Excel's leaves a point behind whole hours.
            ColumnKind::Hours | ColumnKind::Tenths => format.clone(),
            ColumnKind::Date => format.clone().set_num_format("yyyy-mm-dd"),
            ColumnKind::Time => format.clone().set_num_format("hh:mm"),
            ColumnKind::DateTime => format.clone().set_num_format("yyyy-mm-dd hh:mm"),
        };
        write_cell(sheet, (row, at), cell, language, &format)?;
    }
    Ok(())
}

/// Writes a cell with its type. A day that Excel's calendar does not have is written as text.
fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    language: Language,
    format: &Format,
) -> Result<(), XlsxError> {
    let moment = match cell {
        Cell::Empty => {
            sheet.write_blank(row, column, format)?;
            return Ok(());
        }
        // As a number it is exact far beyond what anybody counts.
        Cell::Count(count) => {
            sheet.write_number_with_format(row, column, *count as f64, format)?;
            return Ok(());
        }
        Cell::Amount(count) => {
            sheet.write_number_with_format(row, column, *count as f64, format)?;
            return Ok(());
        }
        Cell::Tenths(tenths) => {
            sheet.write_number_with_format(row, column, text::tenths(*tenths), format)?;
            return Ok(());
        }
        Cell::Hours(minutes) => {
            sheet.write_number_with_format(row, column, text::hours(*minutes), format)?;
            return Ok(());
        }
        Cell::Text(_) | Cell::Named(..) => None,
        Cell::Date(date) => day(*date),
        Cell::Time(time) => time_of(ExcelDateTime::default(), *time),
        Cell::DateTime(at) => day(at.date()).and_then(|day| time_of(day, at.time())),
    };
    match moment {
        Some(moment) => sheet.write_datetime_with_format(row, column, &moment, format)?,
        None => {
            let text = text::of(cell, language);
            sheet.write_string_with_format(row, column, clipped(&text), format)?
        }
    };
    Ok(())
}

fn day(date: Date) -> Option<ExcelDateTime> {
    let year = u16::try_from(date.year()).ok()?;
    let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
    ExcelDateTime::from_ymd(year, month, day).ok()
}

fn time_of(day: ExcelDateTime, time: Time) -> Option<ExcelDateTime> {
    let (hour, minute) = (time.hour().unsigned_abs(), time.minute().unsigned_abs());
    day.and_hms(u16::from(hour), minute, f64::from(time.second()))
        .ok()
}

/// As wide as what is in it, with a little air.
fn column_width(report: &Report, index: usize, column: &Column, language: Language) -> usize {
    let cells = report.rows.iter().chain([&report.totals]);
    let cells = cells.filter_map(|row| row.get(index));
    let widths = cells.map(|cell| width(&text::of(cell, language)));
    let label = width(column.label.in_language(language));
    widths.chain([label]).max().unwrap_or(0).clamp(4, WIDTH_MAX) + 2
}

pub(super) fn clipped(text: &str) -> String {
    text.chars().take(CELL_CHARS_MAX).collect()
}

pub(super) fn header_format() -> Format {
    body_format()
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_background_color(0xD9_E2_F3)
}

pub(super) fn body_format() -> Format {
    Format::new()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
}

/// A4, as wide as one page, the header on each, and which page it is.
pub(super) fn print_set_up(
    sheet: &mut Worksheet,
    header: (u32, u32),
    landscape: bool,
    language: Language,
) -> Result<(), XlsxError> {
    sheet.set_paper_size(A4).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    sheet.set_footer(match language {
        Language::Zh => "&C第 &P 页，共 &N 页",
        Language::En => "&CPage &P of &N",
    });
    if landscape {
        sheet.set_landscape();
    }
    sheet.set_repeat_rows(header.0, header.1)?;
    Ok(())
}
