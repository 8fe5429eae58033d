//! The report: what was measured, where and when, and the table. The same text in a terminal and in a
//! Markdown file.

use std::fmt::Write;

use clap::ValueEnum;

use crate::Options;
use crate::machine;
use crate::scenario::{Aim, Better, Row, Scenario};
use crate::suite::{Problem, Result};
use crate::table::Table;
use crate::target::Target;

/// Above so many cores the driver's one thread is what limits.
const DRIVER_MAX: f64 = 0.85;

/// The whole report.
pub(crate) fn report(options: &Options, results: &[Result]) -> String {
    let mut text = format!(
        "{}, medians of {} rounds, {}. Again: `{}`.\n\n",
        machine::date(),
        options.rounds,
        machine::machine(),
        options.command(),
    );
    for target in targets(results) {
        let _ = writeln!(text, "- {}: {}", target.title(), machine::about(target));
    }
    text.push_str("\nRatios say how many times better yilian is: ÷ peer against the better of the Automerge peers.");
    text.push_str(" Every author writes for two seconds (or 30,000 changes a connection to many documents), so a slower server got fewer changes; what takes less than");
    text.push_str(" 1.5 s is done up to ten times over. † the driver's one thread was busy: the figure may be its own.\n\n");
    text.push_str(&table(results));
    let notes = notes(results);
    if !notes.is_empty() {
        text.push('\n');
        text.push_str(&notes);
    }
    text
}

fn targets(results: &[Result]) -> Vec<Target> {
    let measured = |target: &Target| results.iter().any(|result| result.target == *target);
    Target::ALL.into_iter().filter(measured).collect()
}

fn table(results: &[Result]) -> String {
    let targets = targets(results);
    let titles = targets.iter().map(|target| target.title().to_owned());
    let mut table = Table::new(
        std::iter::once("scenario".to_owned())
            .chain(titles)
            .chain(["÷ peer", "÷ Hocuspocus", "÷ bare", "aim"].map(str::to_owned)),
    );
    for scenario in Scenario::value_variants() {
        if !results.iter().any(|result| result.scenario == *scenario) {
            continue;
        }
        for (number, row) in scenario.rows().iter().enumerate() {
            let figures = Figures {
                results,
                scenario: *scenario,
                row,
                number,
            };
            let cells = targets.iter().map(|target| figures.cell(*target));
            table.push(
                std::iter::once(row.title.to_owned())
                    .chain(cells)
                    .chain(figures.ratios().map(times))
                    .chain([figures.aims()]),
            );
        }
        let cells = targets
            .iter()
            .map(|target| cores(results, *scenario, *target));
        let cells: Vec<String> = cells.collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        table.push(
            std::iter::once("… cores used, server / driver".to_owned())
                .chain(cells)
                .chain(["", "", "", ""].map(str::to_owned)),
        );
    }
    table.to_string()
}

/// What our relay gave, for programs.
pub(crate) fn ours(results: &[Result]) -> crate::figures::Figures {
    let mut all = crate::figures::Figures::default();
    for result in results
        .iter()
        .filter(|result| result.target == Target::Yilian)
    {
        for sample in &result.samples {
            let rows = result.scenario.rows().iter().zip(&sample.values);
            let mut before = "";
            for (row, value) in rows {
                // A row that goes on from another is told with it.
                let title = match row.title.strip_prefix('…') {
                    Some(rest) => format!("{before} …{rest}"),
                    None => row.title.to_owned(),
                };
                if !row.title.starts_with('…') {
                    before = row.title;
                }
                all.add(crate::figures::Figure {
                    title,
                    value: *value,
                    higher_is_better: row.better == Better::Higher,
                });
            }
        }
    }
    all
}

/// What every server gave for one row.
struct Figures<'a> {
    results: &'a [Result],
    scenario: Scenario,
    row: &'a Row,
    number: usize,
}

impl Figures<'_> {
    fn value(&self, target: Target) -> Option<f64> {
        let samples = &of(self.results, self.scenario, target)?.samples;
        let values = samples.iter();
        let values = values.filter_map(|sample| sample.values.get(self.number).copied());
        median(values.filter(|value| value.is_finite()).collect())
    }

    fn cell(&self, target: Target) -> String {
        let Some(result) = of(self.results, self.scenario, target) else {
            return "–".to_owned();
        };
        match (self.value(target), &result.problem) {
            (Some(value), _) => number(value),
            (None, Some(Problem::TooSlow)) => format!("> {} s", self.scenario.time_max().as_secs()),
            (None, Some(Problem::Failed(_))) => "failed".to_owned(),
            (None, None) => "–".to_owned(),
        }
    }

    /// Against the better peer, Hocuspocus and bare.
    fn ratios(&self) -> [Option<f64>; 3] {
        let ours = self.value(Target::Yilian);
        let peers = Target::ALL.into_iter().filter(|target| target.is_peer());
        let peers = peers.filter_map(|target| self.value(target));
        let best = match self.row.better {
            Better::Higher => peers.reduce(f64::max),
            Better::Lower => peers.reduce(f64::min),
        };
        let others = [
            best,
            self.value(Target::Hocuspocus),
            self.value(Target::Bare),
        ];
        others.map(|theirs| {
            let (ours, theirs) = (ours?, theirs?);
            Some(match self.row.better {
                Better::Higher => ours / theirs,
                Better::Lower => theirs / ours,
            })
        })
    }

    /// What the project aims for, and whether it is reached.
    fn aims(&self) -> String {
        let [peer, hocuspocus, bare] = self.ratios();
        let aims = self.row.aims.iter().map(|aim| {
            let (text, reached) = match *aim {
                Aim::Peer(least) => (format!("≥ {least} × peer"), reaches(peer, least)),
                Aim::Hocuspocus(least) => (
                    format!("≥ {least} × Hocuspocus"),
                    reaches(hocuspocus, least),
                ),
                Aim::Bare(least) => (format!("≥ {least} × bare"), reaches(bare, least)),
                Aim::AtMost(most) => {
                    let ours = self.value(Target::Yilian);
                    (format!("≤ {most}"), ours.map(|ours| ours <= most))
                }
            };
            match reached {
                Some(true) => format!("{text} ✓"),
                Some(false) => format!("{text} ✗"),
                None => text,
            }
        });
        aims.collect::<Vec<_>>().join(", ")
    }
}

fn reaches(ratio: Option<f64>, least: f64) -> Option<bool> {
    ratio.map(|ratio| ratio >= least)
}

fn of(results: &[Result], scenario: Scenario, target: Target) -> Option<&Result> {
    results
        .iter()
        .find(|result| result.scenario == scenario && result.target == target)
}

fn cores(results: &[Result], scenario: Scenario, target: Target) -> String {
    let Some(result) = of(results, scenario, target) else {
        return String::new();
    };
    let used = |which: fn(&crate::meter::Used) -> f64| {
        let samples = result.samples.iter().map(|sample| which(&sample.used));
        median(samples.filter(|cores| cores.is_finite()).collect())
    };
    let (Some(server), Some(driver)) = (
        used(crate::meter::Used::server_cores),
        used(crate::meter::Used::driver_cores),
    ) else {
        return String::new();
    };
    let mark = if driver > DRIVER_MAX { " †" } else { "" };
    format!("{server:.2} / {driver:.2}{mark}")
}

/// What the table has no room for.
fn notes(results: &[Result]) -> String {
    let mut text = String::new();
    for result in results {
        let (scenario, target) = (result.scenario.title(), result.target.title());
        if let Some(note) = result
            .samples
            .last()
            .and_then(|sample| sample.text.as_ref())
        {
            let _ = writeln!(text, "- {scenario}, {target}: {note}");
        }
        match &result.problem {
            Some(Problem::TooSlow) => {
                let most = result.scenario.time_max().as_secs();
                let _ = writeln!(text, "- {scenario}, {target}: took more than {most} s");
            }
            Some(Problem::Failed(why)) => {
                let _ = writeln!(text, "- {scenario}, {target}: failed: {why}");
            }
            None => {}
        }
    }
    text
}

fn times(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "–".to_owned(), |ratio| format!("{} ×", number(ratio)))
}

pub(crate) fn number(value: f64) -> String {
    if value.abs() >= 100.0 {
        format!("{value:.0}")
    } else if value.abs() >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let lower = *values.get(values.len().saturating_sub(1) / 2)?;
    Some(f64::midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::scenario::Sample;

    fn result(target: Target, values: &[f64]) -> Result {
        let sample = |value: &f64| Sample {
            values: vec![*value],
            used: Default::default(),
            text: None,
        };
        Result {
            scenario: Scenario::Merge,
            target,
            samples: values.iter().map(sample).collect(),
            problem: None,
        }
    }

    fn figures(results: &[Result]) -> Figures<'_> {
        Figures {
            results,
            scenario: Scenario::Merge,
            row: Scenario::Merge.rows().first().unwrap(),
            number: 0,
        }
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_two() {
        assert_eq!(median(vec![4.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0]), Some(2.5));
        assert_eq!(median(Vec::new()), None);
    }

    #[test]
    fn ours_is_held_against_the_better_peer() {
        let results = [
            result(Target::Yilian, &[1.0, 0.5, 2.0]),
            result(Target::Npm, &[30.0]),
            result(Target::Repo, &[15.0]),
        ];
        let figures = figures(&results);
        assert_eq!(figures.ratios(), [Some(15.0), None, None]);
        assert_eq!(figures.aims(), "≥ 10 × peer ✓");
    }

    #[test]
    fn an_aim_without_a_peer_is_neither_reached_nor_missed() {
        let results = [result(Target::Yilian, &[1.0])];
        assert_eq!(figures(&results).aims(), "≥ 10 × peer");
    }
}
