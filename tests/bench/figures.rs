//! Figures of one program, for people and for whoever compares them with those of another revision.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

use crate::report::{median, number};
use crate::table::Table;

/// A figure.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) title: String,
    pub(crate) value: f64,
    pub(crate) higher_is_better: bool,
}

/// The figures of several rounds.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    rows: Vec<(Figure, Vec<f64>)>,
}

impl Figure {
    /// One that is the better the lower it is.
    pub(crate) fn lower(title: &str, value: f64) -> Figure {
        Figure {
            title: title.to_owned(),
            value,
            higher_is_better: false,
        }
    }
}

impl Figures {
    pub(crate) fn add(&mut self, figure: Figure) {
        let value = figure.value;
        match self
            .rows
            .iter_mut()
            .find(|(row, _)| row.title == figure.title)
        {
            Some((_, values)) => values.push(value),
            None => self.rows.push((figure, vec![value])),
        }
    }

    fn medians(&self) -> impl Iterator<Item = (&Figure, f64)> {
        self.rows
            .iter()
            .filter_map(|(figure, values)| Some((figure, median(values.clone())?)))
    }

    pub(crate) fn table(&self) -> String {
        let mut table = Table::new(["figure", "median", "least", "most"].map(str::to_owned));
        for (figure, values) in &self.rows {
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let middle = median(values.clone()).unwrap_or(f64::NAN);
            let cells = [middle, least, most].map(number);
            table.push(std::iter::once(figure.title.clone()).chain(cells));
        }
        table.to_string()
    }

    /// Writes the medians for programs.
    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        let rows: Vec<_> = self
            .medians()
            .map(|(figure, value)| json!({ "title": figure.title, "value": value, "higher": figure.higher_is_better }))
            .collect();
        let text = serde_json::to_string_pretty(&json!({ "rows": rows }))?;
        std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
    }
}
