//! Running steps one after another, timed, going on after a failure.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The steps run so far.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    done: Vec<Done>,
}

#[derive(Debug)]
struct Done {
    name: String,
    took: Duration,
    error: Option<String>,
}

impl Steps {
    /// Runs one step; its failure is kept for the summary, so that one run shows all that is wrong.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce() -> Result<()>) {
        eprintln!("\n=== {name}");
        let begun = Instant::now();
        let error = work().err().map(|error| format!("{error:#}"));
        let took = begun.elapsed();
        let verdict = match &error {
            None => "passed".to_owned(),
            Some(error) => format!("FAILED: {error}"),
        };
        eprintln!("=== {name}: {verdict} ({:.1} s)", took.as_secs_f64());
        self.done.push(Done {
            name: name.to_owned(),
            took,
            error,
        });
    }

    /// Prints every step with its time, and one line to count them.
    ///
    /// # Errors
    /// When a step failed, or none was run.
    pub(crate) fn finish(self) -> Result<()> {
        eprintln!();
        for done in &self.done {
            let verdict = if done.error.is_none() { "ok" } else { "FAILED" };
            eprintln!(
                "{verdict:>6} {:>7.1} s  {}",
                done.took.as_secs_f64(),
                done.name
            );
        }
        let failed = self.done.iter().filter(|done| done.error.is_some());
        let failed = failed.count();
        let passed = self.done.len() - failed;
        eprintln!("{passed} passed, {failed} failed");
        if failed > 0 || passed == 0 {
            bail!("not every step passed");
        }
        Ok(())
    }
}

/// Runs a command to its end, its output going where ours goes.
///
/// # Errors
/// When it cannot be started, or fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = line(command);
    eprintln!("$ {line}");
    let status = command
        .status()
        .with_context(|| format!("cannot run `{line}`"))?;
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(())
}

/// The command as one would type it.
pub(crate) fn line(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|part| part.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
