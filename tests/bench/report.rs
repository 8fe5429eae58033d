//! The table.

use clap::ValueEnum;

use crate::Options;
use crate::scenario::{Better, Row, Scenario};
use crate::suite::{Problem, Result};
use crate::target::Target;

/// Above so many cores the driver's one thread is what limits.
const DRIVER_MAX: f64 = 0.85;

#[expect(clippy::print_stdout, reason = "the report is what the program is for")]
pub(crate) fn print(options: &Options, results: &[Result]) {
    println!("\nmedians of {} rounds\n", options.rounds);
    for target in Target::ALL {
        if results.iter().any(|result| result.target == target) {
            println!("- {}: {}", target.title(), target.about());
        }
    }
    println!(
        "\n† the driver's one thread used more than {:.0} %: the figure may be the driver's\n",
        DRIVER_MAX * 100.0
    );
    print!("{}", table(results));
}

fn table(results: &[Result]) -> String {
    let targets: Vec<Target> = Target::ALL
        .into_iter()
        .filter(|target| results.iter().any(|result| result.target == *target))
        .collect();
    let mut lines = Vec::new();
    let mut header: Vec<String> = vec!["scenario".to_owned()];
    header.extend(targets.iter().map(|target| target.title().to_owned()));
    header.extend(["÷ peer", "÷ Hocuspocus", "÷ bare"].map(str::to_owned));
    lines.push(header);
    for scenario in Scenario::value_variants() {
        if !results.iter().any(|result| result.scenario == *scenario) {
            continue;
        }
        for (number, row) in scenario.rows().iter().enumerate() {
            let mut line = vec![row.title.to_owned()];
            for target in &targets {
                line.push(cell(results, *scenario, *target, number));
            }
            line.extend(ratios(results, *scenario, row, number));
            lines.push(line);
        }
        let mut line = vec!["… cores used, server / driver".to_owned()];
        for target in &targets {
            line.push(cores(results, *scenario, *target));
        }
        line.extend(["", "", ""].map(str::to_owned));
        lines.push(line);
    }
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        text.push_str(&format!("| {} |\n", line.join(" | ")));
        if number == 0 {
            text.push_str(&format!("|---|{}\n", "--:|".repeat(line.len() - 1)));
        }
    }
    text
}

fn of(results: &[Result], scenario: Scenario, target: Target) -> Option<&Result> {
    results
        .iter()
        .find(|result| result.scenario == scenario && result.target == target)
}

fn value(results: &[Result], scenario: Scenario, target: Target, row: usize) -> Option<f64> {
    let samples = &of(results, scenario, target)?.samples;
    let values = samples.iter().map(|sample| sample.values.get(row).copied());
    median(values.flatten().filter(|value| value.is_finite()).collect())
}

fn cell(results: &[Result], scenario: Scenario, target: Target, row: usize) -> String {
    let Some(result) = of(results, scenario, target) else {
        return "–".to_owned();
    };
    match (value(results, scenario, target, row), &result.problem) {
        (Some(value), _) => number(value),
        (None, Some(Problem::TooSlow)) => format!("> {} s", scenario.time_max().as_secs()),
        (None, Some(Problem::Failed(_))) => "failed".to_owned(),
        (None, None) => "–".to_owned(),
    }
}

fn cores(results: &[Result], scenario: Scenario, target: Target) -> String {
    let Some(result) = of(results, scenario, target) else {
        return String::new();
    };
    let used = |which: fn(&crate::meter::Used) -> f64| {
        median(
            result
                .samples
                .iter()
                .map(|sample| which(&sample.used))
                .collect(),
        )
    };
    let (Some(server), Some(driver)) = (
        used(|used| used.server_cores),
        used(|used| used.driver_cores),
    ) else {
        return String::new();
    };
    let mark = if driver > DRIVER_MAX { " †" } else { "" };
    format!("{server:.2} / {driver:.2}{mark}")
}

fn ratios(results: &[Result], scenario: Scenario, row: &Row, number: usize) -> [String; 3] {
    let ours = value(results, scenario, Target::Yilian, number);
    let of = |target| value(results, scenario, target, number);
    let peers = Target::ALL.into_iter().filter(|target| target.is_peer());
    let peers: Vec<f64> = peers.filter_map(of).collect();
    let best = match row.better {
        Better::Higher => peers.into_iter().reduce(f64::max),
        Better::Lower => peers.into_iter().reduce(f64::min),
    };
    [best, of(Target::Hocuspocus), of(Target::Bare)].map(|theirs| match (ours, theirs) {
        (Some(ours), Some(theirs)) => {
            let ratio = match row.better {
                Better::Higher => ours / theirs,
                Better::Lower => theirs / ours,
            };
            format!("{} ×", self::number(ratio))
        }
        _ => "–".to_owned(),
    })
}

fn number(value: f64) -> String {
    if value.abs() >= 100.0 {
        format!("{value:.0}")
    } else if value.abs() >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
