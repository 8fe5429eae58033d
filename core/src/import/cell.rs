//! What several imports read alike: a site, a fixed word, a field by its table.

use super::clean;
use super::header::Cells;
use super::held::Held;
use super::named_person::site_meant;
use super::plan::Plan;
use super::row_error::RowError;
use crate::document::SiteKey;
use crate::records::{Choice, FieldError, RecordKind, Value};
use crate::rules::Text;

/// The site a row belongs to: its cell, or where that is blank, the one given for the whole file.
pub(super) fn row_site(
    cells: &Cells<'_>,
    given: Option<&SiteKey>,
    held: &Held<'_>,
    plan: &mut Plan,
) -> Result<SiteKey, Box<RowError>> {
    if cells.text("site").is_empty() {
        return given.cloned().ok_or_else(|| {
            cells.error(
                "site",
                Text::new(
                    "站点的编号或名称（或为整个文件指定站点）",
                    "a site's key or name (or give one for the whole file)",
                ),
            )
        });
    }
    named_site(cells, "site", &cells.text("site"), held, plan)
}

/// The site that a cell of `field` names by `text`.
pub(super) fn named_site(
    cells: &Cells<'_>,
    field: &str,
    text: &str,
    held: &Held<'_>,
    plan: &mut Plan,
) -> Result<SiteKey, Box<RowError>> {
    let meant = site_meant(text, held).map_err(|expected| cells.error(field, expected))?;
    let key = meant.key;
    if meant.unheard {
        let text = Text::of(
            format_args!("站点名录里还没有“{key}”"),
            format_args!("the directory of sites has no {key} yet"),
        );
        plan.warn(cells.line(), cells.column(field), text);
    }
    Ok(key)
}

/// A fixed word, by its stored form, its labels, or one of the `others` (folded word, stored form).
pub(super) fn choice(
    cells: &Cells<'_>,
    field: &str,
    choices: &'static [Choice],
    others: &[(&str, &'static str)],
) -> Result<Value, Box<RowError>> {
    let word = clean::word(cells.raw(field));
    let stored = choices
        .iter()
        .find(|choice| choice.value == word || choice.label.zh == word || choice.label.en == word)
        .map(|choice| choice.value)
        .or_else(|| {
            let other = others.iter().find(|(other, _)| *other == word);
            other.map(|(_, stored)| *stored)
        });
    stored.map(Value::from).ok_or_else(|| {
        let list = |pick: fn(&Choice) -> &'static str, between: &str| {
            choices.iter().map(pick).collect::<Vec<_>>().join(between)
        };
        let expected = Text::of(
            format_args!("{}之一", list(|choice| choice.label.zh, "、")),
            format_args!("one of {}", list(|choice| choice.value, ", ")),
        );
        cells.error(field, expected)
    })
}

/// The value of a field as its table reads it, from `text`, which is the cell cleaned for this field.
pub(super) fn field(
    cells: &Cells<'_>,
    kind: &RecordKind,
    field: &'static str,
    text: &str,
) -> Result<Value, Box<RowError>> {
    kind.parse(field, text)
        .map(|(_, value)| value)
        .map_err(|error| {
            let expected = match error {
                FieldError::Malformed { expected, .. } => Text::new(expected.zh, expected.en),
                FieldError::Empty { .. } | FieldError::Unknown { .. } => {
                    Text::new("有内容的单元格", "a cell that is not blank")
                }
            };
            cells.error(field, expected)
        })
}

/// [`field`], or none where the file has no such column.
pub(super) fn optional_field(
    cells: &Cells<'_>,
    kind: &RecordKind,
    name: &'static str,
) -> Result<Option<Value>, Box<RowError>> {
    if !cells.has(name) {
        return Ok(None);
    }
    field(cells, kind, name, &cells.text(name)).map(Some)
}

/// Keeps the value, or notes the error: every error of a row is listed, not only its first.
pub(super) fn noted<T>(result: Result<T, Box<RowError>>, errors: &mut Vec<RowError>) -> Option<T> {
    result.map_err(|error| errors.push(*error)).ok()
}
