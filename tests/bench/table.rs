//! A table that is Markdown, and can be read as it is.

use std::fmt;

/// Lines of cells; the first is the header.
#[derive(Debug)]
pub(crate) struct Table {
    lines: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(header: impl IntoIterator<Item = String>) -> Table {
        Table {
            lines: vec![header.into_iter().collect()],
        }
    }

    pub(crate) fn push(&mut self, line: impl IntoIterator<Item = String>) {
        self.lines.push(line.into_iter().collect());
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths = Vec::new();
        for line in &self.lines {
            widths.resize(widths.len().max(line.len()), 3);
            for (width, cell) in widths.iter_mut().zip(line) {
                *width = (*width).max(cell.chars().count());
            }
        }
        widths
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        for (number, line) in self.lines.iter().enumerate() {
            for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
                match column {
                    0 => write!(f, "| {cell:<width$} ")?,
                    _ => write!(f, "| {cell:>width$} ")?,
                }
            }
            writeln!(f, "|")?;
            if number == 0 {
                for (column, width) in widths.iter().enumerate() {
                    let dashes = "-".repeat(width + 1);
                    match column {
                        0 => write!(f, "|{dashes}-")?,
                        _ => write!(f, "|{dashes}:")?,
                    }
                }
                writeln!(f, "|")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_below_each_other() {
        let cells = |cells: [&str; 2]| cells.map(str::to_owned);
        let mut table = Table::new(cells(["scenario", "÷ peer"]));
        table.push(cells(["merge", "10 ×"]));
        let expected = "| scenario | ÷ peer |\n|----------|-------:|\n| merge    |   10 × |\n";
        assert_eq!(table.to_string(), expected);
    }
}
