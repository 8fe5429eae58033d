use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::cli::args::{Format, OutputArguments};
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::out;

/// Where a table goes, and in which format.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) format: Format,
    file: Option<PathBuf>,
}

impl Target {
    /// The target that was asked for. A file's name says its format where nothing else does.
    pub(crate) fn new(context: &Context, asked: OutputArguments) -> Result<Self, Failure> {
        let named = asked.out.out.as_deref().and_then(format_of);
        let format = match asked.format.or(named) {
            // What a program reads from the pipe is JSON whatever else is said.
            _ if context.json && asked.out.out.is_none() => Format::Json,
            Some(format) => format,
            None if context.json => Format::Json,
            None => Format::Table,
        };
        if format == Format::Xlsx && asked.out.out.is_none() && std::io::stdout().is_terminal() {
            return Err(Failure::usage(
                "工作簿显示不了：用 --out 写到文件，如 --out 排班.xlsx",
                "a workbook cannot be shown: write it to a file with --out, such as --out roster.xlsx",
            ));
        }
        Ok(Self {
            format,
            file: asked.out.out,
        })
    }

    pub(crate) const fn is_file(&self) -> bool {
        self.file.is_some()
    }

    /// Writes text, with a line end.
    pub(crate) fn text(&self, context: &Context, text: &str) -> Result<(), Failure> {
        match self.file {
            Some(_) => self.bytes(context, format!("{text}\n").as_bytes()),
            None => out::line(text),
        }
    }

    /// Writes bytes as they are.
    pub(crate) fn bytes(&self, context: &Context, bytes: &[u8]) -> Result<(), Failure> {
        let Some(file) = &self.file else {
            let mut stdout = std::io::stdout().lock();
            stdout.write_all(bytes)?;
            return Ok(stdout.flush()?);
        };
        let shown = file.display();
        std::fs::write(file, bytes).map_err(|error| {
            let texts = (format!("写不了 {shown}"), format!("cannot write {shown}"));
            Failure::from_error((&texts.0, &texts.1), &error)
        })?;
        match context.json {
            true => out::json(&json!({ "file": file })),
            false => context.say(&format!("已写到 {shown}"), &format!("written to {shown}")),
        }
    }
}

fn format_of(file: &Path) -> Option<Format> {
    let extension = file.extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "csv" => Some(Format::Csv),
        "json" => Some(Format::Json),
        "xlsx" => Some(Format::Xlsx),
        _ => None,
    }
}
