//! Files into rows of text: CSV in the encodings and with the delimiters that offices have, and `.xlsx`.
//!
//! Only decoding happens here; what the cells mean is `yilian_core::import`'s. A file is hostile until read: its size, its
//! unpacked size, its rows and its columns are bounded, and nothing in it makes the process panic or allocate what it claims.

mod decode;
mod delimited;
mod formula;
mod limits;
mod text;
mod workbook;

use std::io::Read;
use std::path::Path;

use yilian_core::import::Table;

pub use self::decode::Encoding;
pub use self::formula::guarded;
pub use self::limits::Limits;

/// Why a file gives no table. Nothing was read into anything.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadTableError {
    /// A quoted cell is opened and never closed. Correct the file.
    #[error("{file} line {line}: a quotation mark opens a cell that is never closed")]
    UnclosedQuote {
        /// The file's name.
        file: String,
        /// Where the quotation mark is, from 1.
        line: usize,
    },
    /// The bytes are no text in a known encoding. Save the file as UTF-8 or GB18030.
    #[error(
        "{file} line {line}: not readable as {encoding}: save the file as UTF-8, GB18030 or .xlsx"
    )]
    Encoding {
        /// The file's name.
        file: String,
        /// The first line that cannot be read, from 1.
        line: usize,
        /// What the file was taken for.
        encoding: Encoding,
    },
    /// Neither text nor a workbook. Check that it is the right file.
    #[error("{file}: neither CSV text nor an .xlsx workbook{}", hint(.old_excel))]
    NotATable {
        /// The file's name.
        file: String,
        /// It is a workbook of Excel 97-2003, to be saved as `.xlsx`.
        old_excel: bool,
    },
    /// The workbook is damaged or encrypted. Open it in a spreadsheet and save it again.
    #[error("{file}: the workbook cannot be read: {reason}")]
    Workbook {
        /// The file's name.
        file: String,
        /// What the decoder says.
        reason: String,
    },
    /// The workbook has no such sheet. Name one of those it has.
    #[error("{file} has no sheet \"{sheet}\": {}", there_are(.sheets))]
    NoSuchSheet {
        /// The file's name.
        file: String,
        /// The sheet asked for.
        sheet: String,
        /// The sheets there are.
        sheets: Vec<String>,
    },
    /// A limit of [`Limits`] is exceeded. Split the file, or raise the limit.
    #[error("{file}: {what} exceed the limit of {limit}")]
    TooLarge {
        /// The file's name.
        file: String,
        /// Which limit, as a plural noun.
        what: &'static str,
        /// Its value.
        limit: u64,
    },
    /// The file system refused.
    #[error("{file} cannot be read")]
    Io {
        /// The file's name.
        file: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

fn there_are(sheets: &[String]) -> String {
    if sheets.is_empty() {
        "it is a text file".to_owned()
    } else {
        format!("it has {}", sheets.join(", "))
    }
}

fn hint(old_excel: &bool) -> &'static str {
    if *old_excel {
        " (it is a workbook of Excel 97-2003: save it as .xlsx)"
    } else {
        ""
    }
}

/// Reads a table with the default [`Limits`]. `sheet` names a workbook's sheet; without it, the first is read.
///
/// # Errors
/// See [`ReadTableError`]; each names the file.
pub fn read_table(path: &Path, sheet: Option<&str>) -> Result<Table, ReadTableError> {
    read_table_within(path, sheet, &Limits::default())
}

/// [`read_table`] with limits of one's own.
///
/// # Errors
/// See [`ReadTableError`]; each names the file.
pub fn read_table_within(
    path: &Path,
    sheet: Option<&str>,
    limits: &Limits,
) -> Result<Table, ReadTableError> {
    let file = file_name(path);
    let failed = |source| ReadTableError::Io {
        file: file_name(path),
        source,
    };
    let mut bytes = Vec::new();
    // One byte more than allowed tells a file at the limit from one above it, without trusting the size it claims.
    std::fs::File::open(path)
        .map_err(failed)?
        .take(limits.file_bytes.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    decode_table(&file, &bytes, sheet, limits)
}

/// Decodes the bytes of a file called `file`.
///
/// # Errors
/// See [`ReadTableError`]; each names the file.
pub fn decode_table(
    file: &str,
    bytes: &[u8],
    sheet: Option<&str>,
    limits: &Limits,
) -> Result<Table, ReadTableError> {
    if bytes.len() as u64 > limits.file_bytes {
        return Err(limits.exceeded(file, "bytes", limits.file_bytes));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return workbook::read(file, bytes, sheet, limits);
    }
    if let Some(sheet) = sheet {
        return Err(ReadTableError::NoSuchSheet {
            file: file.to_owned(),
            sheet: sheet.to_owned(),
            sheets: Vec::new(),
        });
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(ReadTableError::NotATable {
            file: file.to_owned(),
            old_excel: true,
        });
    }
    let text = decode::decode(file, bytes)?;
    let rows = delimited::rows(file, &text, limits)?;
    Ok(Table {
        file: file.to_owned(),
        sheet: None,
        rows,
    })
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests;
