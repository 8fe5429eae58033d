use super::clean;
use super::plan::Plan;
use super::row_error::{ErrorColumn, ImportError, RowError};
use super::table::{Row, Table};
use crate::document::SiteKey;
use crate::ordered::BTreeMap;
use crate::rules::Text;

/// How many rows above the header are skipped: offices put a title over a table.
const TITLE_ROWS_MAX: usize = 10;

/// A column that an import knows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column<'a> {
    /// What the code calls it; its first accepted header.
    pub(super) field: &'static str,
    /// The header shown to a Chinese reader, accepted too.
    pub(super) zh: &'static str,
    /// Other accepted headers, in lower case and without blanks.
    pub(super) others: &'a [&'a str],
    pub(super) required: bool,
}

impl Column<'_> {
    fn is(&self, header: &str) -> bool {
        self.field == header || self.zh == header || self.others.contains(&header)
    }
}

/// Which column of a file holds what.
#[derive(Debug)]
pub(super) struct Header<'a> {
    table: &'a Table,
    file: String,
    row: &'a Row,
    /// Field name and column, in the order of the file.
    columns: Vec<(&'static str, usize)>,
    /// Headers nobody knows, with their columns.
    unknown: Vec<ErrorColumn>,
    first_row: usize,
}

impl<'a> Header<'a> {
    /// Begins a plan with the table's header; columns that nobody knows are told.
    pub(super) fn begin(
        table: &'a Table,
        known: &[Column<'_>],
    ) -> Result<(Self, Plan), ImportError> {
        let header = Self::find(table, known).map_err(|errors| ImportError { errors })?;
        let mut plan = Plan::new(&table.file);
        header.warn_of_unknown(&mut plan);
        Ok((header, plan))
    }

    /// What rows are gathered in by site. A file without rows is still about the site it is given for.
    pub(super) fn by_site<T>(&self, given: Option<&SiteKey>) -> BTreeMap<SiteKey, Vec<T>> {
        let given = given.filter(|_| !self.has("site"));
        given
            .map(|key| (key.clone(), Vec::new()))
            .into_iter()
            .collect()
    }

    /// Finds the header row: the first that names two known columns, or the only one of a one-column table.
    fn find(table: &'a Table, known: &[Column<'_>]) -> Result<Self, Vec<RowError>> {
        let file = table.sheet.as_ref().map_or_else(
            || table.file.clone(),
            |sheet| format!("{}[{sheet}]", table.file),
        );
        let matches = |row: &Row| {
            row.cells
                .iter()
                .filter(|cell| known.iter().any(|column| column.is(&clean::word(cell))))
                .count()
        };
        let wanted = expected_headers(known);
        let Some((index, row)) = table
            .rows
            .iter()
            .take(TITLE_ROWS_MAX)
            .enumerate()
            .find(|(_, row)| matches(row) >= 2)
            .or_else(|| only_column(table).filter(|(_, row)| matches(row) == 1))
        else {
            let (line, found) = table
                .rows
                .first()
                .map_or((1, String::new()), |row| (row.line, row.cells.join(" ")));
            return Err(vec![RowError::new(&file, line, None, wanted, &found)]);
        };

        let mut columns: Vec<(&'static str, usize)> = Vec::new();
        let mut unknown = Vec::new();
        let mut errors = Vec::new();
        for (column, cell) in row.cells.iter().enumerate() {
            let title = clean::word(cell);
            let at = ErrorColumn::new(column, &clean::blanks(cell));
            match known.iter().find(|known| known.is(&title)) {
                Some(known) if columns.iter().any(|(field, _)| *field == known.field) => {
                    let expected = Text::of(
                        format_args!("每种列只出现一次（“{}”已有一列）", known.zh),
                        format_args!(
                            "each column once (there is a {} column already)",
                            known.field
                        ),
                    );
                    errors.push(RowError::new(&file, row.line, Some(at), expected, cell));
                }
                Some(known) => columns.push((known.field, column)),
                None if title.is_empty() => {}
                None => unknown.push(at),
            }
        }
        for column in known.iter().filter(|column| column.required) {
            if !columns.iter().any(|(field, _)| *field == column.field) {
                let expected = Text::of(
                    format_args!("一列“{}”", column.zh),
                    format_args!("a column {} ({})", column.field, column.zh),
                );
                let found = clean::blanks(&row.cells.join(" "));
                errors.push(RowError::new(&file, row.line, None, expected, &found));
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            table,
            file,
            row,
            columns,
            unknown,
            first_row: index + 1,
        })
    }

    /// The rows below the header that are not blank in every known column.
    pub(super) fn rows(&self) -> impl Iterator<Item = Cells<'_>> {
        self.table
            .rows
            .iter()
            .skip(self.first_row)
            .filter(|row| {
                self.columns
                    .iter()
                    .any(|(_, column)| !clean::blanks(row.cell(*column)).is_empty())
            })
            .map(|row| Cells { header: self, row })
    }

    /// Tells of the columns that nothing is made of.
    fn warn_of_unknown(&self, plan: &mut Plan) {
        for column in &self.unknown {
            let text = Text::of(
                format_args!("不认识“{}”这一列，已略过", column.header),
                format_args!(
                    "the column {} is not known and was passed over",
                    column.header
                ),
            );
            plan.warn(self.row.line, Some(column.clone()), text);
        }
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.columns.iter().any(|(name, _)| *name == field)
    }
}

/// One row, read by field name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cells<'a> {
    header: &'a Header<'a>,
    row: &'a Row,
}

impl<'a> Cells<'a> {
    pub(super) fn line(&self) -> usize {
        self.row.line
    }

    /// The cell as the file has it; empty where there is no such column.
    pub(super) fn raw(&self, field: &str) -> &'a str {
        self.header
            .columns
            .iter()
            .find(|(name, _)| *name == field)
            .map_or("", |(_, column)| self.row.cell(*column))
    }

    /// The cell without stray blanks.
    pub(super) fn text(&self, field: &str) -> String {
        clean::blanks(self.raw(field))
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.header.has(field)
    }

    /// Where a field's column is, as messages say it.
    pub(super) fn column(&self, field: &str) -> Option<ErrorColumn> {
        let (_, index) = self
            .header
            .columns
            .iter()
            .find(|(name, _)| *name == field)?;
        let title = clean::blanks(self.header.row.cell(*index));
        Some(ErrorColumn::new(*index, &title))
    }

    /// What is wrong with one cell of this row.
    pub(super) fn error(&self, field: &str, expected: Text) -> Box<RowError> {
        let column = self.column(field);
        Box::new(RowError::new(
            &self.header.file,
            self.line(),
            column,
            expected,
            &self.text(field),
        ))
    }
}

/// The first row of a table that has one column only.
fn only_column(table: &Table) -> Option<(usize, &Row)> {
    let is_one = |row: &Row| {
        row.cells
            .iter()
            .filter(|cell| !clean::blanks(cell).is_empty())
            .count()
            == 1
    };
    let first = table.rows.first()?;
    table.rows.iter().all(is_one).then_some((0, first))
}

fn expected_headers(known: &[Column<'_>]) -> Text {
    let required = |pick: fn(&Column<'_>) -> &'static str, between: &str| {
        known
            .iter()
            .filter(|column| column.required)
            .map(pick)
            .collect::<Vec<_>>()
            .join(between)
    };
    Text::of(
        format_args!("含有这些列的表头：{}", required(|column| column.zh, "、")),
        format_args!(
            "a header row with {}",
            required(|column| column.field, ", ")
        ),
    )
}
