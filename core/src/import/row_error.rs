use core::fmt;

use serde::{Deserialize, Serialize};

use super::clean;
use super::table::column_letters;
use crate::rules::{Language, Text};

/// The most characters of a cell that a message repeats.
const FOUND_CHARS_MAX: usize = 60;

/// Why a row cannot be imported, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RowError {
    /// The file's name, with the sheet where there are several (`roster.xlsx[12月]`).
    pub file: String,
    /// From 1, as an editor or spreadsheet shows it.
    pub line: usize,
    /// The column, where one is to blame.
    pub column: Option<ErrorColumn>,
    /// What should be there.
    pub expected: Text,
    /// What is there, shortened.
    pub found: String,
}

/// The column of a [`RowError`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ErrorColumn {
    /// As a spreadsheet letters it: `A`, `AA`.
    pub letters: String,
    /// The column's header in the file.
    pub header: String,
}

impl ErrorColumn {
    pub(super) fn new(index: usize, header: &str) -> Self {
        Self {
            letters: column_letters(index),
            header: shortened(header),
        }
    }
}

impl RowError {
    pub(super) fn new(
        file: &str,
        line: usize,
        column: Option<ErrorColumn>,
        expected: Text,
        found: &str,
    ) -> Self {
        Self {
            file: file.to_owned(),
            line,
            column,
            expected,
            found: shortened(&clean::blanks(found)),
        }
    }

    /// The whole message in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let (zh_column, en_column) = self
            .column
            .as_ref()
            .map_or_else(Default::default, |column| {
                (
                    format!(" {}列（{}）", column.letters, column.header),
                    format!(", column {} ({})", column.letters, column.header),
                )
            });
        let (zh_found, en_found) = if self.found.is_empty() {
            ("此处为空".to_owned(), "found nothing".to_owned())
        } else {
            (
                format!("此处是“{}”", self.found),
                format!("found \"{}\"", self.found),
            )
        };
        Text::of(
            format_args!(
                "{} 第{}行{zh_column}：应为{}，{zh_found}",
                self.file, self.line, self.expected.zh
            ),
            format_args!(
                "{} line {}{en_column}: expected {}, {en_found}",
                self.file, self.line, self.expected.en
            ),
        )
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().in_language(Language::En))
    }
}

fn shortened(text: &str) -> String {
    let mut chars = text.chars();
    let mut out: String = chars.by_ref().take(FOUND_CHARS_MAX).collect();
    if chars.next().is_some() {
        out.push('…');
    }
    out
}

/// The file cannot be imported, and nothing of it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{} of the file's rows cannot be imported; the first: {}", .errors.len(), .errors.first().map(ToString::to_string).unwrap_or_default())]
pub struct ImportError {
    /// Every bad row, in the order of the file. Show them all: the file is then corrected in one go.
    pub errors: Vec<RowError>,
}

impl ImportError {
    /// By line and column, for errors that were found in another order.
    pub(super) fn in_file_order(mut errors: Vec<RowError>) -> Self {
        // Longer letters are further right: AA stands behind Z.
        let column = |error: &RowError| {
            let column = error.column.as_ref();
            column.map(|column| (column.letters.len(), column.letters.clone()))
        };
        errors.sort_by_key(|error| (error.line, column(error)));
        Self { errors }
    }
}
